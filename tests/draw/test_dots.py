"""Dots of one measure against another: where they stand, what they are called, which axes."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from matplotlib.colors import to_hex  # noqa: E402

from convlens.draw.axes import alt, figure  # noqa: E402
from convlens.draw.dots import scatter  # noqa: E402
from convlens.methods import method  # noqa: E402
from tests.draw.looking import assert_legible, texts  # noqa: E402

BYTES = {"take": 54e6, "tensordot": 18e6, "einsum": 238e3, "mine": 476e3}
SECONDS = {"take": [9e-3, 11e-3, 10e-3], "tensordot": 6e-3, "einsum": 5.7e-3, "mine": 1.5e-3}


def dots(ax):
    return {line.get_marker(): line for line in ax.lines if isinstance(line.get_marker(), tuple)}


def test_dots_stand_at_the_medians_in_the_methods_own_look():
    fig = scatter(BYTES, SECONDS, title="Seconds against bytes")
    (ax,) = fig.axes
    found = dots(ax)
    for name, nbytes in BYTES.items():
        colour, marker = method(name)
        line = found[marker]
        assert line.get_xydata().tolist() == [[nbytes, np.median(SECONDS[name])]]
        assert to_hex(line.get_color()) == colour.lower()
    assert set(BYTES) <= {t.get_text() for t in texts(ax)}
    assert alt(fig).startswith("Seconds against bytes: take 54 MB and 10 ms, tensordot 18 MB")


def test_an_axis_begins_at_zero_or_is_logarithmic():
    ax = scatter(BYTES, SECONDS).axes[0]
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylim()[0]) == ("log", "linear", 0)
    ax = scatter({"a": 1.0, "b": 50.0}, {"a": 1.0, "b": 51.0}).axes[0]
    assert (ax.get_xscale(), ax.get_xlim()[0], ax.get_yscale()) == ("linear", 0, "log")


def test_a_line_spans_the_quartiles():
    ax = scatter(BYTES, SECONDS).axes[0]
    spans = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) == 2]
    assert any(np.allclose(span, [9.5e-3, 10.5e-3]) for span in spans)


def test_names_stay_on_the_axes_and_apart():
    fig, ax = figure(width=6)
    assert scatter(BYTES, SECONDS, ax=ax) is None
    fig.png()
    assert_legible(fig)
    box = ax.get_window_extent()
    for note in (t for t in texts(ax) if t.get_text() in BYTES):
        there = note.get_window_extent()
        assert box.x0 <= there.x0
        assert there.x1 <= box.x1


def test_a_name_makes_room_for_a_dot_at_its_right():
    ax = scatter({"a": 1.0, "b": 1.3, "c": 9.0}, {"a": 5.0, "b": 5.1, "c": 9.0}).axes[0]
    ax.figure.png()
    named = {t.get_text(): t.get_window_extent() for t in texts(ax)}
    dot = ax.transData.transform((1.3, 5.1))
    assert named["a"].y1 < dot[1]
    assert named["b"].x0 > dot[0]


@pytest.mark.parametrize("up", [{"take": 1.0}, {}, dict(reversed(SECONDS.items()))])
def test_the_same_methods_are_asked_for(up):
    with pytest.raises(ValueError, match="the two do not have the same methods"):
        scatter(BYTES, up)


def test_what_is_no_measure_is_refused():
    with pytest.raises(ValueError, match="no axis for these"):
        scatter({"take": -1.0}, {"take": 1.0})
    with pytest.raises(ValueError, match="no axis for these"):
        scatter({}, {})
