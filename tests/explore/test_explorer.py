"""The explorer itself: what it is on a page without a kernel, when it draws, what it refuses."""

import base64
import doctest
import importlib
import io

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from PIL import Image  # noqa: E402

from convlens import explore  # noqa: E402
from convlens.picture import shapes  # noqa: E402
from convlib import conv2d  # noqa: E402
from tests.explore.cases import ALL, KINDS  # noqa: E402


def made(kind, name="4x5"):
    x, w, bias, arguments = ALL[name]
    return getattr(explore, kind)(x, w, bias, **arguments)


def counting(explorer):
    """Note every picture that is drawn, and every message with one."""
    drawn, sent, draw = [], [], explorer._draw
    explorer._draw = lambda values: drawn.append(values) or draw(values)
    explorer.observe(lambda change: sent.append(change["new"]), names="state")
    return drawn, sent


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["4x5", "photograph", "padded, strided"])
def test_bundle_has_text_sliders_and_a_picture(kind, name):
    explorer = made(kind, name)
    bundle, _ = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert bundle["text/plain"] == repr(explorer) == repr(made(kind, name))
    assert bundle["text/plain"].startswith(f"explore.{kind}: ")
    assert "0x" not in bundle["text/plain"]
    png = base64.b64decode(bundle["image/png"])
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.size[0] == 900 * shapes.SCALE
    assert png == made(kind, name).png()
    if name == "4x5":
        assert len(png) < 300_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["4x5", "16x16 floats", "batch, channels last"])
def test_one_picture_for_each_move(kind, name):
    explorer = made(kind, name)
    drawn, sent = counting(explorer)
    for key, control in explorer.controls.items():
        for value in control.options or (control.max, control.min, control.max):
            before = explorer.values(), len(drawn)
            control.value = value
            moved = explorer.values() != before[0]
            assert len(drawn) - before[1] == moved, f"{key} to {value}"
    assert len(sent) == len(drawn)


def test_several_controls_move_with_one_picture():
    explorer = made("window", "7x9")
    drawn, sent = counting(explorer)
    explorer.move(row=2, column=3)
    assert [(d["row"], d["column"]) for d in drawn] == [(2, 3)]
    assert len(sent) == 1
    assert explorer.values() == {"row": 2, "column": 3}


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ({"row": 5}, ValueError, "row=5. Stay from 0 to 4"),
        ({"row": -1}, ValueError, "row=-1. Stay from 0 to 4"),
        ({"row": 1.0}, TypeError, "row=1.0. Give a whole number"),
        ({"row": True}, TypeError, "row=True. Give a whole number"),
        ({"roww": 1}, ValueError, "there is no such control.*This explorer has row, column"),
    ],
)
def test_what_a_control_cannot_be_set_to_is_refused(values, kind, said):
    explorer = made("window", "7x9")
    with pytest.raises(kind, match=said):
        explorer.move(**values)
    assert explorer.values() == {"row": 0, "column": 0}


def test_a_setting_that_cannot_be_drawn_says_so_and_the_next_is_drawn():
    explorer = made("window")
    draw, height = explorer._draw, explorer.picture.height
    explorer._draw = lambda values: [][values["row"]]
    explorer.controls["row"].value = 1
    assert isinstance(explorer.error, IndexError)
    assert "IndexError: list index out of range" in explorer.picture.label
    assert explorer.picture.height == height
    assert explorer.state["code"] == ""
    data, _ = explorer._repr_mimebundle_()
    assert "image/png" in data
    explorer._draw = draw
    explorer.controls["row"].value = 2
    assert explorer.error is None
    assert "y[2, 0]" in explorer.picture.label


def test_photographs_are_sent_once():
    explorer = made("window", "photograph")
    sent = []
    explorer.observe(lambda change: sent.append(change), names="still")
    for row in (100, 200, 300):
        explorer.controls["row"].value = row
    explorer.controls["channel"].value = 2
    assert sent == []
    assert "<image" in explorer.still


def test_with_one_position_there_is_nothing_to_choose():
    explorer = explore.window([[5]], [[2]])
    assert [(key, c.disabled) for key, c in explorer.controls.items()] == [
        ("row", True),
        ("column", True),
    ]
    assert "y[0, 0] is 10" in explorer.picture.label
    assert explorer.png() == explorer.png()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [1, None, (1.0, 0), (0,), "00"])
def test_a_place_that_is_none_is_refused_in_words(kind, at):
    with pytest.raises(TypeError, match=r"at is not a pair of whole numbers\. Given: at="):
        getattr(explore, kind)(*ALL["4x5"][:2], at=at)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_argument_is_refused_with_those_that_there_are(kind):
    with pytest.raises(TypeError, match=r"no such argument.*strides=2.*there are stride, padding"):
        getattr(explore, kind)(*ALL["4x5"][:2], strides=2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("x", "w", "arguments"),
    [
        (np.zeros((2, 3)), np.zeros((3, 3)), {}),
        (np.zeros((4, 5)), np.zeros((2, 2)), {"stride": 0}),
        (np.zeros((4, 5)), np.zeros((2, 2)), {"padding": "full"}),
        (np.array([["a"]]), np.zeros((1, 1)), {}),
        (np.zeros((2, 4, 4)), np.zeros((3, 2, 2)), {}),
    ],
)
def test_errors_of_conv2d_pass_unchanged(kind, x, w, arguments):
    with pytest.raises((ValueError, TypeError)) as wanted:
        conv2d(x, w, **arguments)
    with pytest.raises(type(wanted.value)) as given:
        getattr(explore, kind)(x, w, **arguments)
    assert str(given.value) == str(wanted.value)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_batch_is_refused_in_words(kind):
    with pytest.raises(ValueError, match=r"empty batch.*x\.shape=\(0, 1, 4, 5\).*at least one"):
        getattr(explore, kind)(np.zeros((0, 1, 4, 5)), np.zeros((1, 1, 2, 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_s_arrays_are_left_alone(kind):
    x, w = np.arange(20.0).reshape(4, 5), np.ones((2, 3))
    explorer = getattr(explore, kind)(x, w)
    explorer.controls["row"].value = 1
    np.testing.assert_array_equal(x, np.arange(20.0).reshape(4, 5))
    assert x.flags.writeable


@pytest.mark.parametrize("kind", KINDS)
def test_it_begins_where_it_is_told_to(kind):
    x, w, bias, arguments = ALL["7x9"]
    explorer = getattr(explore, kind)(x, w, bias, at=(2, 4), **arguments)
    assert (explorer.controls["row"].value, explorer.controls["column"].value) == (2, 4)
    assert explorer.values()["row"] == explorer.state["values"]["row"] == 2
    with pytest.raises(IndexError, match="there is no window"):
        getattr(explore, kind)(x, w, bias, at=(5, 0), **arguments)


@pytest.mark.parametrize("name", ["explorer", *KINDS])
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"convlens.explore.{name}")).failed == 0


def test_one_png_is_rendered_to_show_an_explorer_and_none_while_a_slider_moves(monkeypatch):
    rendered = []
    monkeypatch.setattr(shapes, "render", lambda svg, scale: rendered.append(svg) or b"png")
    explorer = explore.window(np.arange(20).reshape(4, 5), [[1, -1]])
    assert rendered == []
    data, metadata = explorer._repr_mimebundle_()
    assert len(rendered) == 1
    assert set(data) - {"application/vnd.jupyter.widget-view+json"} == {"image/png", "text/plain"}
    assert metadata["image/png"]["alt"] == explorer.picture.label
    for control in explorer.controls.values():
        control.value = control.max
    assert len(rendered) == 1
