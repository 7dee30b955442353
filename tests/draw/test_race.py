import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from convlens import draw  # noqa: E402
from convlens.palette import SERIES, quantity  # noqa: E402
from tests.draw.looking import assert_legible, texts  # noqa: E402

BYTES = {"take": 54e6, "tensordot": 18e6, "sliding": 18e6, "einsum": 238e3, "taps": 476e3}
SECONDS = {name: n * 1e-10 * np.array([1.0, 1.1, 0.9, 1.4, 1.0]) for name, n in BYTES.items()}


def test_bars_reach_to_the_median_and_say_it():
    fig, (left, right) = draw.figure(columns=2)
    draw.bars(left, BYTES, "B", title="Bytes", subtitle="at the peak")
    draw.bars(right, SECONDS, "s", title="Time", names=False)
    for ax, values, unit in ((left, BYTES, "B"), (right, SECONDS, "s")):
        ends = [p.get_x() + p.get_width() for p in ax.patches]
        medians = [np.median(v) for v in values.values()]
        np.testing.assert_allclose(ends, medians)
        assert {quantity(m, unit) for m in medians} <= {t.get_text() for t in texts(ax)}
        assert ax.get_xscale() == "log"
    assert [t.get_text() for t in left.get_yticklabels()] == list(BYTES)
    assert not any(t.get_text() for t in right.get_yticklabels())
    assert "take 54 MB" in draw.alt(fig)
    assert_legible(fig)


def test_lines_go_through_the_medians_and_are_named_apart():
    fig, (left, right) = draw.figure(columns=2)
    sizes = (16, 64, 256)
    lines = {name: [n / 256, n / 16, n] for name, n in BYTES.items()}
    times = {name: [v / 256, v / 16, v] for name, v in SECONDS.items()}
    draw.series(left, sizes, lines, "B", title="Bytes", x_label="image size")
    draw.series(right, sizes, times, "s", title="Time", x_label="image size")
    for ax, values in ((left, lines), (right, times)):
        drawn = [
            line
            for line in ax.lines
            if len(line.get_xdata()) == 3 and line.get_marker() in "os^DvXP"
        ]
        for line, wanted in zip(drawn, values.values(), strict=True):
            np.testing.assert_allclose(line.get_ydata(), [np.median(v) for v in wanted])
        assert {t.get_text() for t in texts(ax)} >= set(values)
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        assert len({(line.get_marker(), line.get_color()) for line in drawn}) == len(values)
    assert "at 256: take 54 MB" in draw.alt(fig)
    assert_legible(fig)


def test_names_of_equal_lines_do_not_collide():
    fig, ax = draw.figure()
    draw.series(
        ax, (1, 2), {f"method {n}": [5.0, 7.0] for n in range(len(SERIES))}, "s", x_label="n"
    )
    assert_legible(fig)


@pytest.mark.parametrize("values", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"a": []}])
def test_what_has_no_logarithm_is_refused(values):
    _, ax = draw.figure()
    with pytest.raises(ValueError, match="logarithmic"):
        draw.bars(ax, values, "s")


def test_a_line_of_another_length_is_refused():
    _, ax = draw.figure()
    with pytest.raises(ValueError, match="another length"):
        draw.series(ax, (1, 2), {"a": [1.0]}, "s")


def test_more_methods_than_colours_are_refused():
    _, ax = draw.figure()
    many = {str(n): [1.0, 2.0] for n in range(len(SERIES) + 1)}
    with pytest.raises(ValueError, match="colour"):
        draw.series(ax, (1, 2), many, "s")
