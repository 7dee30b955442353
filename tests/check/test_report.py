import functools
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, floating_dtypes, integer_dtypes

import convlib
from convlens import check
from convlens.check.example import Example
from convlens.check.mistakes import LAYER
from convlens.check.report import Report
from convlens.check.source import written_array
from convlens.picture import shapes
from tests.check.judge import each, nothing, task_of, written
from tests.check.table import CHECKS

# What is shown of a notebook that is not trusted, and GitHub trusts none: no SVG, no script.
SAFE = {"div", "p", "b", "code", "pre", "img", "details", "summary"}

plane = functools.partial(check.conv2d, x="HW", w="HW")


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """Keep what would be rendered, which takes long: what the pictures show is said in words."""
    pages = []
    monkeypatch.setattr(shapes, "render", lambda svg, scale: pages.append(svg) or b"png")
    return pages


def parsed(report):
    """Read the HTML strictly, as XML; every picture speaks, and needs no trust to be shown."""
    root = ElementTree.fromstring(report._repr_html_())
    assert root.tag == "div"
    assert {element.tag.lower() for element in root.iter()} <= SAFE
    for image in root.iter("img"):
        assert "xpected" in image.get("alt")
        assert "ours" in image.get("alt")
        assert image.get("src").startswith("data:image/png;base64,")
    return root


def words(root):
    return " ".join(" ".join(root.itertext()).split())


def raises(x, w):
    raise ValueError("a < b & c > d, `quoted`, 'so' and \"so\"")


raises.__name__ = "<script>alert('&')</script>"


def right(x, w):
    return convlib.conv2d(x, w)


class Mute:
    def __repr__(self):
        raise ValueError


ODD = {
    "right": convlib.conv2d,
    "nothing": nothing,
    "no function": 5,
    "no signature": lambda x: x,
    "raised": raises,
    "text": lambda x, w: "<b>&</b>",
    "none": lambda x, w: print(end=""),
    "mute": lambda x, w: Mute(),
    "shape": lambda x, w: x,
    "number": lambda x, w: 5,
    "four axes": lambda x, w: np.ones((1, 1, 3, 4)),
    "empty": lambda x, w: np.zeros((3, 0, 4)),
    "nan": lambda x, w: right(x, w) * np.nan,
    "infinite": lambda x, w: right(x, w) * np.inf,
    "complex": lambda x, w: right(x, w) * 1j,
    "huge": lambda x, w: right(x, w) * 1e300,
    "true": lambda x, w: right(x, w) > 0,
    "large": lambda x, w: np.ones((1000, 1000)),
    "changed": lambda x, w: (right(x, w), x.fill(0))[0],
}
OUTCOMES = ODD | {m.diagnosis: written(m, convlib.conv2d) for m in LAYER}


PLANES, BATCHES = {"x": "HW", "w": "HW"}, {"x": "NCHW", "w": "OCHW"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *((PLANES, name) for name in [*ODD, *(m.diagnosis for m in LAYER[::4])]),
        *((BATCHES, name) for name in ODD),
        *(pytest.param(BATCHES, m.diagnosis, marks=pytest.mark.wide) for m in LAYER),
    ],
)
def test_every_report_can_be_read(given, name):
    report = check.conv2d(OUTCOMES[name], **given)
    assert repr(report) == report.text
    seen = words(parsed(report))
    assert " ".join(report.verdict.split()) in seen
    for sentence in filter(None, [report.diagnosis, report.remedy]):
        assert sentence.replace("`", "") in seen.replace("`", "")


@pytest.mark.parametrize("step", [15, pytest.param(1, marks=pytest.mark.wide)])
@pytest.mark.parametrize("judge", CHECKS.values(), ids=CHECKS)
def test_cards_of_mistakes_need_no_trust_and_are_the_same_when_run_again(judge, step):
    for m in task_of(judge).mistakes[::step]:
        wrong = written(m, task_of(judge).right)
        first, again = judge(wrong), judge(wrong)
        parsed(first)
        assert first._repr_html_() == again._repr_html_()


def test_pixels_are_the_same_when_drawn_again(monkeypatch):
    monkeypatch.undo()
    report = plane(lambda x, w: right(x, w) + 1)
    assert report._repr_html_() == report._repr_html_()


def test_a_hanging_function_has_a_report_too():
    def hanging(x, w):
        while True:
            pass

    report = plane(hanging, seconds=0.05)
    assert "no answer" in parsed(report).find(".//img").get("alt")
    assert "None" not in report.text


def test_one_picture_is_rendered_with_a_report(drawn):
    report = plane(lambda x, w: right(x, w) + 1)
    assert drawn == []
    report._repr_html_()
    assert len(drawn) == 1
    ElementTree.fromstring(drawn[0])


def test_names_and_messages_are_escaped():
    report = plane(raises)
    html = report._repr_html_()
    assert "<script" not in html
    assert "</script" not in html
    assert "a < b & c > d" in words(parsed(report))
    assert "script>alert('&')</script" in words(parsed(report))


def test_the_picture_says_what_differs():
    label = parsed(plane(lambda x, w: right(x, w) + 1)).find(".//img").get("alt")
    assert label.startswith("Expected: shape (1, 2), −28 −24. ")
    assert "Yours: shape (1, 2), −27 −23. " in label
    other = parsed(plane(lambda x, w: right(x, w)[1:])).find(".//img")
    assert "none can be drawn: the shapes differ" in other.get("alt")


def pasted(report, function):
    """Run the call of a report as a reader does, below the function; return it with its arrays."""
    space = {"np": np, report.name: function, "your_function": function}
    arrays, _, call = report.example.call(report.name).rpartition("\n")
    exec(arrays, space)
    return eval(call, space), {n: v for n, v in space.items() if isinstance(v, np.ndarray)}


@pytest.mark.parametrize("m", each(LAYER, step=4))
def test_the_call_gives_both_answers_again(m):
    if "byte strides" in m.diagnosis:
        return  # it reads beside the array
    for x, w in [("HW", "HW"), ("NCHW", "OCHW")]:
        wrong = written(m, convlib.conv2d)
        report = check.conv2d(wrong, x=x, w=w)
        if report.ok:
            continue
        expected, given = pasted(report, convlib.conv2d)
        np.testing.assert_array_equal(expected, report.example.expected)
        for name, array in given.items():
            assert array.dtype == report.example.arguments[name].dtype
            shown = report.example.arguments[name]
            steps = [
                [s for s, n in zip(a.strides, a.shape, strict=True) if n > 1]
                for a in (array, shown)
            ]
            assert steps[0] == steps[1]
        if report.wrong.startswith("it raised"):
            with pytest.raises(ValueError, match="broadcast"):
                pasted(report, wrong)
        else:
            np.testing.assert_array_equal(pasted(report, wrong)[0], report.example.got)


class Layer:
    def __call__(self, x, w):
        return x

    forward = __call__


def test_the_call_of_something_without_a_name_is_to_your_function():
    for function in (
        lambda x, w: x,
        functools.partial(Layer.forward, None),
        Layer(),
        Layer().forward,
    ):
        report = plane(function)
        assert report.name.startswith("your ")
        assert report.example.call(report.name).endswith("\nyour_function(x, w)")


def test_the_call_is_in_the_text_too():
    report = plane(lambda x, w: x)
    call = report.example.call(report.name)
    assert all(line.strip() in report.text for line in call.splitlines())


values = arrays(
    st.one_of(integer_dtypes(endianness="="), floating_dtypes(endianness="=", sizes=(32, 64))),
    array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


@given(values, st.sampled_from(["", "F", "flip", "transpose", "repeat"]), st.data())
def test_an_array_is_written_so_that_it_can_be_read(array, how, data):
    if array.ndim and how == "flip":
        axes = data.draw(st.sets(st.integers(0, array.ndim - 1)))
        array = np.flip(array, tuple(axes))
    elif how == "F":
        array = np.asfortranarray(array)
    elif how == "transpose":
        array = array.transpose(data.draw(st.permutations(range(array.ndim))))
    elif array.ndim and how == "repeat":
        array = np.repeat(array, 3, axis=-1)[..., ::3]
    read = eval(written_array(array), {"np": np})
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)
    if array.size and min(array.shape, default=2) > 1:
        assert read.strides == array.strides


anything = st.one_of(values, st.none(), st.text(), st.tuples(values, values), st.lists(values))


@settings(max_examples=200)
@given(values, anything, st.sampled_from([(), ("y", "x")]))
def test_any_two_answers_can_be_reported(expected, got, parts):
    expected = (expected, expected) if parts else expected
    example = Example({"x": np.arange(3)}, expected, got, parts, ("x",))
    report = Report("f", "not yet", wrong="it is wrong", example=example)
    assert report.text
    parsed(report)
