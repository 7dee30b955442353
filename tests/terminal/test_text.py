"""What a frame looks like as text, read back from the text."""

import gc
import itertools
import re
import weakref

import numpy as np
import pytest

from convlens.palette import label
from convlens.picture.text import short
from convlens.scenes.window import WindowScene
from convlens.terminal import render, text
from convlib import Walk, conv2d, strided
from tests.needs import need_module
from tests.picture import seen
from tests.terminal.walks import ARGUMENTS, floats, numbers, walk

FAMILIES = ("strided", "index_grid")
FRACTIONS = ("float", "float16", "complex")  # of which the picture may show another digit


def columns_of(page, title):
    """The lines of a panel: from its title down to the first line without it."""
    lines = page.split("\n")
    top = next(n for n, line in enumerate(lines) if title in line)
    begin = lines[top].index(title)
    body = lines[top + 2 :]
    return [line[begin:] for line in body[: body.index("")]]


def side_by_side(page):
    """The cells of each panel with their signs, of a page so wide that all stand in one band."""
    lines = page.split("\n")
    top = next(n for n, line in enumerate(lines) if "Kernel w" in line)
    found = list(re.finditer("Input x|Kernel w|Products|Output y", lines[top]))
    ends = [match.start() - 3 for match in found[1:]] + [None]
    for match, end in zip(found, ends, strict=True):
        rows = [line[match.start() : end] for line in lines[top + 2 : lines.index("", top)]]
        if match[0] in ("Input x", "Output y"):
            rows = [re.sub(r"^ *\d+( |$)", "", row) for row in rows]
        yield [cell for row in rows for cell in re.findall(r"[\[<]? *[·−\d]+[\]>]?", row)], rows


@pytest.mark.parametrize("name", [name for name in ARGUMENTS if name not in FRACTIONS])
def test_the_text_says_what_the_picture_of_the_same_frame_shows(name):
    scene = WindowScene(frames := walk(name))
    for frame in frames:
        page, count = list(side_by_side(text(frame, width=999, height=99))), len(frame.channels)
        for c in range(count):
            picture = scene.picture(frame, c)
            (x, _), (w, kernel), (products, _) = page[c:-1:count]
            y, _ = page[-1]
            panels = {"Input x": x, "Kernel w": w, "Products": products, "Output y": y}
            for title, cells in panels.items():
                numbers = [cell.strip(" []<>").lstrip("·") or "0" for cell in cells]
                assert numbers == seen.written(picture, title)
            for what, sign in [("window", "["), ("padding", "·")]:
                marked = seen.covered(picture, what, "Input x", frames.geometry.padded_size)
                assert [sign in cell for cell in x] == marked.ravel().tolist()
            assert all(row[0] == row.rstrip()[-1] == "║" for row in kernel if row.strip())
            assert len(seen.boxes(picture, "kernel", "Kernel w")) == 1
            assert ["<" in cell for cell in y] == [False] * (len(y) - 1) + [True]
            (ring,) = seen.boxes(picture, "ring", "Output y")
            assert ring == pytest.approx(seen.tiles(picture, "Output y")[-1][:4], abs=3)


def test_a_frame_in_full():
    page = text(Walk(np.arange(20).reshape(4, 5), [[1, 0, -1], [2, 0, -2]]).frame(1, 2), "strided")
    assert (
        page
        == """\
By byte strides: window 6 of 9
input 4×5, kernel 2×3, output 3×3, stride 1×1

Input x                  Kernel w       Products        Output y
    0   1   2   3   4                                       0   1   2
0   0   1   2   3   4  × ║ 1   0  −1║ =   7    0   −9 Σ 0  −6  −6  −6
1   5   6 [ 7][ 8][ 9]   ║ 2   0  −2║    24    0  −28   1  −6  −6 <−6>
2  10  11 [12][13][14]                                  2
3  15  16  17  18  19

y[1, 2] = 7×1 + 8×0 + 9×−1 + 12×2 + 13×0 + 14×−2 = <−6>

byte strides  i 40, j 8, u 40, v 8
start   i·40 + j·8 = 1·40 + 2·8 = <56> bytes
tap     +0 +8 +16 +40 +48 +56
bytes   56 64  72  96 104 112
value    7  8   9  12  13  14"""
    )


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_frame_marks_its_window(name):
    for frame in (frames := walk(name)):
        marked = re.findall(r"\[\s*([^\]\s,]+)\]", text(frame, height=99).split("\ny")[0])
        seen = frame.window
        hidden = ~frame.inside & (frames.geometry.padding_mode == "zeros")
        outside = np.where(frame.inside, "", "·")
        wanted = [
            "·" if hidden[u, v] else str(outside[u, v]) + short(seen[c, u, v], 11)
            for c, u, v in np.ndindex(seen.shape)
        ]
        if seen.dtype.kind == "f":  # fewer digits where the cell is narrow
            assert len(marked) == len(wanted)
            marked = [float(m.replace("·", "").replace("−", "-")) for m in marked]
            np.testing.assert_allclose(sorted(marked), np.sort(seen.ravel()), rtol=0.06, atol=6e-3)
        else:
            assert sorted(marked) == sorted(wanted)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_sum_line_ends_with_the_result_of_conv2d(name):
    positional, named = ARGUMENTS[name]
    y = conv2d(*positional, **named)
    for frame in walk(name):
        line = next(t for t in text(frame).split("\n") if re.match(r"y\S*", t) and " = " in t)
        index = eval(re.match(r"y(\[[^\]]*\])", line)[1])
        assert line.endswith(f"= <{label(y[tuple(index)])}>")
        assert line.count("(bias)") == (len(positional) == 3)


@pytest.mark.parametrize("name", ["2d", "padding", "dilation", "batch", "bool", "reversed"])
def test_products_add_up_as_written(name):
    for frame in walk(name):
        line = next(t for t in text(frame).split("\n") if t.startswith("y["))
        written = re.search(r"\] = (.*) = <(.*)>", line.replace("−", "-").replace("×", "*"))
        assert eval(written[1]) == int(written[2])


@pytest.mark.parametrize("name", ["2d", "padding", "dilation", "reversed"])
def test_the_output_fills_in_cell_by_cell(name):
    frames = walk(name)
    for frame in frames:
        rows = columns_of(text(frame), "Output y")[: frames.geometry.output_size[0]]
        shown = [n for row in rows for n in re.findall(r"−?\d+", row)[1:]]
        assert shown == [label(v) for v in frame.output_so_far.compressed()]
        assert sum(row.count("<") for row in rows) == 1


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_start_and_offsets_lead_to_the_window(name, family):
    for frame in walk(name):
        page = text(frame, family, width=1000, height=1000).replace("−", "-").split("\n")
        start = int(re.search(r"<(-?\d+)> (elements|bytes)", page[-4])[1])
        offsets, places = ([int(n) for n in line.split()[1:]] for line in page[-3:-1])
        assert places == [start + offset for offset in offsets]
        reached = frame.grid_row if family == "index_grid" else frame.byte_offsets
        assert places == reached.ravel().tolist()
        worked_out = re.findall(r"= (.*) = <", page[-4].replace("·", "*"))
        assert [eval(sum) for sum in worked_out] == [start] * (frame.walk.output.size > 1)


def test_byte_strides_are_those_of_the_view_but_for_axes_without_a_step():
    cases = {"2d": "ijuv", "channels": "ijcuv", "batch": "nijuv", "reversed": "ijuv"}
    for name, letters in cases.items():
        frames = walk(name)
        view = strided.windows(frames.padded, frames.geometry.kernel_size, **frames_steps(frames))
        said = re.search(r"byte strides  (.*)", text(frames.frame(0, 0), "strided"))[1]
        found = dict(part.split() for part in said.replace("−", "-").split(", "))
        axes = zip("nijcuv", view.shape, view.strides, strict=True)
        assert found == {axis: str(step) for axis, length, step in axes if length > 1}
        assert "".join(found) == letters
    (one,) = walk("one cell")
    assert "byte strides  none, for one number\nstart   <0> bytes" in text(one, "strided")


def frames_steps(frames):
    """Stride and dilation of a walk."""
    return {name: getattr(frames.geometry, name) for name in ("stride", "dilation")}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_same_text_from_the_same_arguments(name, family):
    first = [text(frame, family) for frame in walk(name)]
    assert first == [text(frame, family) for frame in walk(name)]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(("width", "height"), [(100, 40), (100, 35), (60, 20), (40, 24), (9, 3)])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_keeps_within_width_and_height_and_never_jumps(name, family, width, height):
    pages = [text(frame, family, width, height).split("\n") for frame in walk(name)]
    assert all(len(line) <= width for page in pages for line in page)
    assert len({len(page) for page in pages}) == 1
    assert len(pages[0]) <= height
    assert len({page.index("") if "" in page else -1 for page in pages}) == 1


#: Numbers of which a part would be noticed, for hardly any other begins or ends as they do.
BIG = {
    "big": Walk(numbers((3, 5)) * 7919 + 10, numbers((2, 2), 1) * 613 + 11, padding=1),
    "tiny": Walk(floats((4, 5)) * 1e-300, floats((2, 3), 1) * -1e-9, 0.5),
    "long": Walk(numbers((2, 2, 40, 300), low=0), numbers((3, 2, 3, 3), 1), stride=(5, 67)),
}


def written(page):
    assert not re.search(r"\d…", page), page
    return set(re.findall(r"−?\d+(?:\.\d+)?(?:e−?\d+)?", page))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("name", "step"),
    [(name, 25) for name in BIG]
    + [pytest.param(name, 2, marks=pytest.mark.wide) for name in [*ARGUMENTS, *BIG]],
)
def test_no_number_is_cut_whatever_the_width(name, step, family):
    """Each number of a narrow page stands on the page that has room for everything, too."""
    frames = list(BIG[name] if name in BIG else walk(name))
    for frame in frames[-1], frames[len(frames) // 2]:
        whole = written(text(frame, family, 10**4, 10**4))
        whole |= {str(n) for n in range(frame.window.size + 1)}  # how many are left out
        for width, height in itertools.product(range(20, 121, step), (20, 40)):
            page = text(frame, family, width, height)
            assert written(page) <= whole, page


@pytest.mark.parametrize("width", [100, 60])
def test_large_arrays_show_the_neighbourhood_of_the_window(width):
    frames = Walk(numbers((3, 300, 500), low=0), numbers((1, 3, 3, 3)), stride=7)
    for i, j in [(0, 0), (20, 30), (42, 71)]:
        page = text(frames.frame(i, j), "strided", width, 30)
        assert page.count("[") >= 9
        assert "⋮" in page
        assert "…" in page
        for place in (7 * i, 7 * i + 2):
            assert re.search(rf"^ *{place} .*\[", page, re.MULTILINE)
        heads = page[page.index("Input x") : page.index("[")]
        assert {str(7 * j), str(7 * j + 2)} <= set(re.findall(r"\d+", heads))


def test_many_channels_say_how_many_are_shown():
    page = text(Walk(floats((64, 9, 9)), floats((2, 64, 3, 3))).frame(0, 0))
    assert re.search(r"\d of 64 channels", page)
    assert re.search(r"… \d+ more = <", page)


def test_huge_and_special_numbers_keep_their_columns():
    x = np.array([[np.nan, np.inf, -np.inf, 1e300], [-1e-300, 123456.0, 0.0, -0.5]])
    with np.errstate(all="ignore"):
        frames = Walk(x, [[1.0, 2.0]])
        pages = [text(frame).split("\n") for frame in frames]
    assert len({page[5].index("║") for page in pages}) == 1
    assert "nan" in pages[0][5]
    assert "∞" in pages[0][5]


def test_what_is_kept_for_a_walk_goes_with_it():
    frames = walk("padding")
    text(frames.frame(0, 0))
    gone = weakref.ref(frames)
    del frames
    gc.collect()
    assert gone() is None


def test_unknown_family_is_refused():
    with pytest.raises(ValueError, match=r"family is not known.*'magic'.*'strided'"):
        text(walk("2d").frame(0, 0), "magic")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_rich_says_the_same_as_the_text(name, family):
    need_module("rich")
    for frame in walk(name):
        plain = [line.plain.rstrip() for line in render(frame, family, 80, 30).renderables]
        assert "\n".join(plain) == text(frame, family, 80, 30)


def test_colours_follow_the_marks():
    need_module("rich")
    for line in render(walk("padding").frame(0, 0)).renderables:
        for part in line.spans:
            inside = line.plain[part.start : part.end]
            if inside.startswith("["):
                assert part.style == "bold #000000 on #56B4E9"
            if inside.startswith("║"):
                assert part.style == "#000000 on #E69F00"
            if inside.strip() == "·":
                assert part.style == "dim"
            if "<" in inside:
                assert part.style == "bold reverse"
