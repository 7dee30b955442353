"""The explorer itself: what it is on a page without a kernel, when it draws, what it refuses."""

import base64
import doctest
import importlib
import io

import numpy as np
import pytest

from tests.needs import need_module

need_module("ipywidgets")
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
    explorer._moving.observe(lambda change: sent.append(change["new"]), names="value")
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
        for value in getattr(control, "options", None) or (control.max, control.min, control.max):
            before = explorer.values(), len(drawn)
            control.value = value
            moved = explorer.values() != before[0]
            assert len(drawn) - before[1] == moved, f"{key} to {value}"
    assert len(sent) == len(drawn)


def test_player_and_sliders_follow_each_other():
    explorer = made("window", "7x9")  # 5 by 8 positions
    play, row, column = (explorer.controls[key] for key in ("play", "row", "column"))
    drawn, _ = counting(explorer)
    told = []
    play.observe(lambda change: told.append(change["new"]), names="value")
    play.value = 21
    assert (row.value, column.value) == (2, 5)
    row.value = 4
    assert play.value == 37
    column.value = 7
    assert play.value == 39 == play.max
    play.value = 0
    assert (row.value, column.value) == (0, 0)
    assert len(drawn) == 4
    assert told == [21, 37, 39, 0]


def test_player_of_one_row_and_of_one_column():
    for x, w, key in (([[1, 2, 3]], [[1]], "column"), ([[1], [2], [3]], [[1]], "row")):
        explorer = explore.window(x, w)
        assert list(explorer.controls) == ["play", key]
        explorer.controls["play"].value = 2
        assert explorer.controls[key].value == 2
        explorer.controls[key].value = 1
        assert explorer.controls["play"].value == 1


def test_a_long_walk_is_played_in_steps():
    explorer = made("window", "photograph")
    play = explorer.controls["play"]
    assert (play.max + 1) / play.step <= 400


def test_held_draws_once():
    explorer = made("window", "7x9")
    drawn, _ = counting(explorer)
    with explorer.held():
        explorer.controls["row"].value = 2
        with explorer.held():
            explorer.controls["column"].value = 3
        assert drawn == []
    assert [(d["row"], d["column"]) for d in drawn] == [(2, 3)]
    assert explorer.controls["play"].value == 19
    assert explorer.values() == {"row": 2, "column": 3}


def test_after_a_failure_the_next_move_draws_again():
    explorer = made("window")
    draw = explorer._draw
    explorer._draw = lambda values: 1 / 0
    with pytest.raises(ZeroDivisionError):
        explorer.controls["row"].value = 1
    explorer._draw = draw
    explorer.controls["row"].value = 2
    assert "y[2, 0]" in explorer.picture.label


def test_photographs_are_sent_once():
    explorer = made("window", "photograph")
    sent = []
    explorer._still.observe(lambda change: sent.append(change), names="value")
    for row in (100, 200, 300):
        explorer.controls["row"].value = row
    explorer.controls["channel"].value = 2
    assert sent == []
    assert "<image" in explorer._still.value


def test_one_position_needs_no_controls():
    explorer = explore.window([[5]], [[2]])
    assert explorer.controls == {}
    assert "y[0, 0] is 10" in explorer.picture.label
    assert explorer.png() == explorer.png()


@pytest.mark.parametrize("kind", KINDS)
def test_sliders_are_named_for_readers_who_hear_them(kind):
    for key, control in made(kind, "padded, strided").controls.items():
        assert key == "play" or control.description


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
    if kind == "window":
        assert explorer.controls["play"].value == 20
        assert "y[2, 4]" in explorer.picture.label
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
