"""Bars from zero, dots and lines on logarithmic axes: true, named, one colour a method."""

from itertools import pairwise

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from matplotlib.colors import to_hex  # noqa: E402

from convlens.draw.axes import alt, figure  # noqa: E402
from convlens.draw.charts import bars, chart  # noqa: E402
from convlens.draw.curves import series  # noqa: E402
from convlens.methods import method  # noqa: E402
from convlens.palette import quantity  # noqa: E402
from tests.draw.looking import assert_legible, texts  # noqa: E402

BYTES = {"take": 54e6, "tensordot": 18e6, "sliding": 18e6, "einsum": 238e3, "taps": 476e3}
ROUNDS = np.array([1.0, 1.1, 0.9, 1.4, 1.0])
SECONDS = {"taps": 3e-3 * ROUNDS, "take": 9e-3 * ROUNDS, "mine": 1e-3 * ROUNDS}


def words(ax):
    return [t.get_text().strip() for t in texts(ax)]


def curves(ax):
    return {line.get_marker(): line for line in ax.lines if isinstance(line.get_marker(), tuple)}


def test_bars_begin_at_zero_and_end_at_the_median():
    fig = bars(SECONDS, "s", title="Time", subtitle="5 rounds")
    (ax,) = fig.axes
    assert (ax.get_xscale(), ax.get_xlim()[0]) == ("linear", 0)
    assert [p.get_x() for p in ax.patches] == [0, 0, 0]
    np.testing.assert_allclose([p.get_width() for p in ax.patches], [3e-3, 9e-3, 1e-3])
    assert [to_hex(p.get_facecolor()) for p in ax.patches] == [
        method(name)[0].lower() for name in SECONDS
    ]
    assert {"3 ms", "9 ms", "1 ms", "Time", "5 rounds"} <= set(words(ax))
    assert [t.get_text() for t in ax.get_yticklabels()] == list(SECONDS)
    assert alt(fig) == "Time: taps 3 ms, take 9 ms, mine 1 ms."


def test_quartiles_are_drawn_across_the_ends():
    ax = bars(SECONDS, "s").axes[0]
    spans = {tuple(line[:, 0].round(6)) for line in ax.collections[0].get_segments()}
    assert spans == {(3e-3, 3.3e-3), (9e-3, 9.9e-3), (1e-3, 1.1e-3)}
    (none,) = bars({"taps": 3.0, "take": [2.0]}, "s").axes[0].collections
    assert not np.ptp(none.get_segments(), axis=1).any()


def test_beyond_a_factor_of_fifty_there_are_dots_and_no_bars():
    ax = bars(BYTES, "B").axes[0]
    assert ax.get_xscale() == "log"
    assert not ax.patches
    for place, (name, value) in enumerate(BYTES.items()):
        line = ax.lines[place]
        assert line.get_xydata().tolist() == [[value, place]]
        assert (to_hex(line.get_color()), line.get_marker()) == method(name)
        assert ax.get_xlim()[0] < value < ax.get_xlim()[1]
    assert bars({"a": 1.0, "b": 50.0}, "s").axes[0].patches
    assert not bars({"a": 1.0, "b": 50.1}, "s").axes[0].patches
    assert bars({"a": 0.0, "b": 1e9}, "B").axes[0].patches  # zero has no logarithm


def test_names_are_left_out_beside_a_neighbour_that_says_them():
    fig, (left, right) = figure(columns=2)
    assert bars(BYTES, "B", title="Bytes", ax=left) is None
    assert bars(SECONDS, "s", title="Time", names=False, ax=right) is None
    assert not any(t.get_text() for t in right.get_yticklabels())
    fig.png()
    assert_legible(fig)


LINES = {name: [n / 256, n / 16, n] for name, n in BYTES.items()}


def test_lines_go_through_the_medians_in_the_colours_of_their_methods():
    times = {name: [v * 1e-10 * ROUNDS for v in line] for name, line in LINES.items()}
    for values, unit in ((LINES, "B"), (times, "s")):
        fig = series((16, 64, 256), values, unit, title="T", x_label="image size")
        (ax,) = fig.axes
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        drawn = curves(ax)
        for name, wanted in values.items():
            colour, marker = method(name)
            np.testing.assert_allclose(drawn[marker].get_ydata(), [np.median(v) for v in wanted])
            assert to_hex(drawn[marker].get_color()) == colour
        end = quantity(float(np.median(values["take"][-1])), unit)
        assert f"T; at 256: take {end}, " in alt(fig)
        fig.png()
        assert_legible(fig)


def test_coinciding_lines_share_a_name_and_both_are_seen():
    fig = series((16, 64, 256), LINES, "B")
    assert "tensordot = sliding" in words(fig.axes[0])
    assert not {"tensordot", "sliding"} & set(words(fig.axes[0]))
    drawn = curves(fig.axes[0])
    dashed = [drawn[method(name)[1]].is_dashed() for name in ("tensordot", "sliding", "take")]
    assert dashed == [False, True, False]
    for far in ([1.0, 1.0, 1.06], [1.06, 1.0, 1.0]):  # near at one end only
        ax = series((1, 2, 3), {"taps": [1.0, 1.0, 1.0], "take": far}, "s").axes[0]
        assert {"taps", "take"} <= set(words(ax))
    ax = series((1, 2, 3), {"taps": [1.0, 1.0, 1.0], "take": [1.03, 1.03, 0.97]}, "s").axes[0]
    assert "taps = take" in words(ax)


@pytest.mark.parametrize("columns", [1, 3])
def test_names_of_near_lines_do_not_collide(columns):
    fig, axes = figure(width=4 * columns, columns=columns)
    for ax in np.ravel(axes):
        series((1, 2), {f"method {n}": [1.0, 2 + n / 10] for n in range(9)}, "s", ax=ax)
    fig.png()
    assert_legible(fig)


@pytest.mark.parametrize("sizes", [(12, 24), (100, 101), range(8, 200, 8)])
def test_numbers_on_the_axes_are_there_and_do_not_touch(sizes):
    fig = series(sizes, {"taps": np.linspace(2e-6, 3e-6, len(sizes))}, "s", x_label="size")
    fig.png()
    (ax,) = fig.axes
    for axis, side in ((ax.xaxis, "x"), (ax.yaxis, "y")):
        low, high = sorted(axis.get_view_interval())
        ticks = [t for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
        assert ticks
        boxes = [t.label1.get_window_extent() for t in ticks]
        ends = sorted((getattr(b, f"{side}0"), getattr(b, f"{side}1")) for b in boxes)
        assert all(a[1] < b[0] + 4 for a, b in pairwise(ends))


@pytest.mark.parametrize("values", [{}, {"a": -1.0}, {"a": float("nan")}, {"a": []}])
def test_what_is_no_measure_is_refused(values):
    with pytest.raises(ValueError, match="Given: "):
        bars(values, "s")
    with pytest.raises(ValueError, match="Given: "):
        series((1,), {name: [v] for name, v in values.items()}, "s")


@pytest.mark.parametrize(
    ("places", "values"),
    [((1, 2), {"a": [1.0]}), ((), {"a": []}), ((0, 1), {"a": [1, 1]}), ((1,), {"a": [0]})],
)
def test_lines_without_sizes_or_logarithms_are_refused(places, values):
    with pytest.raises(ValueError, match="Given: "):
        series(places, values, "s")


def test_a_chart_is_dressed_and_said():
    fig, ax = figure()
    ax.plot([0, 1], [0, 5], color="black")
    chart(ax, title="Peak", subtitle="of all", x_label="n", y_label="MB", ratio=0.5)
    assert ax.axison
    assert alt(fig) == "Chart Peak: MB over n."
    fig.png()
    assert_legible(fig)
    box = ax.get_window_extent()
    assert box.height == pytest.approx(0.5 * box.width, abs=1)
