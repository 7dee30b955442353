"""Arrays as panels: their numbers and colours, what is said about cells, what is refused."""

import warnings

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from convlens import draw, palette  # noqa: E402
from convlens.picture.panel import Panel  # noqa: E402
from convlens.picture.scale import painter  # noqa: E402
from convlens.picture.shapes import Picture  # noqa: E402
from convlib import Geometry, Walk  # noqa: E402
from tests.picture.seen import assert_legible, boxes, covered, panels, tiles, written  # noqa: E402

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "a",
    [
        RNG.integers(0, 10, (4, 5)),
        RNG.integers(-9, 10, (7, 9)),
        np.array([[0, 255, 3], [128, 7, 200]], dtype=np.uint8),
        np.array([[True, False, True]]),
        np.array([[0.25, 1.5], [np.nan, 3.0]], dtype=np.float16),
        np.array([[np.inf, 1.0], [-np.inf, 2.0]]),
        np.array([[1e300, -1e300], [1e-300, 0]]),
        np.array([[1 + 2j, 3 - 1j]]),
        np.array([[2**63 - 1, -(2**63)]]),
        np.zeros((3, 2)),
        RNG.integers(0, 10, (2, 20)),
    ],
)
def test_cells_have_the_numbers_and_the_colours_of_their_array(a):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        p = draw.cells(a).picture()
    assert written(p) == [palette.label(v) for v in a.ravel()]
    values = (np.abs(a) if a.dtype.kind == "c" else a).astype(float)
    finite = values[np.isfinite(values)]
    low, high = finite.min(), finite.max()
    by_sign = bool((values < 0).any())
    most = max(abs(low), abs(high))
    wanted = [
        palette.signed(v, most) if by_sign else palette.gray(v, low, high) for v in values.flat
    ]
    assert [t[4] for t in tiles(p)] == wanted
    assert_legible(p)


@pytest.mark.parametrize("kind", ["values", "signed", "counts", "plain"])
def test_kinds_have_their_own_colours_and_limits_are_shared(kind):
    a = np.arange(6).reshape(2, 3)
    one = tiles(draw.cells(a, kind=kind, limits=(0, 10)).picture())
    other = tiles(draw.cells(a + 3, kind=kind, limits=(0, 10)).picture())
    assert [t[4] for t in one[3:]] == [t[4] for t in other[:3]]
    expected = {
        "values": lambda v: palette.gray(v, 0, 10),
        "signed": lambda v: palette.signed(v, 10),
        "counts": lambda v: palette.cividis(v, 0, 10),
        "plain": lambda v: palette.PALE,
    }[kind]
    assert [t[4] for t in one] == [expected(v) for v in range(6)]


def test_masked_cells_are_empty_and_said_to_be():
    a = np.ma.array([[1, -2], [3, 4]], mask=[[0, 0], [1, 1]])
    shown = draw.cells(a, title="y")
    assert written(shown.picture(), "y") == ["1", "−2"]
    assert repr(shown) == "y, 2 by 2: 1 −2; empty empty."


def test_every_mark_is_on_its_cells_and_no_other():
    shape = (4, 6)
    p = draw.cells(
        np.arange(24).reshape(shape),
        title="x",
        window=([1, 2], [2, 3, 5]),
        field=([0], [0, 1]),
        ring=(0, 3),
        reading=(1, 2),
        starts=[(1, 2), (3, 3)],
        padding=[(3, 0), (3, 1)],
        thrown=[(0, 5)],
        wrong=[(0, 4)],
    ).picture()
    assert np.argwhere(covered(p, "window", "x", shape)).tolist() == [
        [r, c] for r in (1, 2) for c in (2, 3, 5)
    ]
    assert len(boxes(p, "window")) == 2  # neighbours share a plate, taps apart have their own
    for what, cells in {
        "field": [[0, 0], [0, 1]],
        "ring": [[0, 3]],
        "reading": [[1, 2]],
        "padding": [[3, 0], [3, 1]],
        "wrong": [[0, 4]],
    }.items():
        assert np.argwhere(covered(p, what, "x", shape)).tolist() == cells, what
    corners = [t[:2] for t in tiles(p, "x")]
    assert [b[:2] for b in boxes(p, "start")] == [corners[8], corners[21]]
    assert_legible(p)


def test_cells_outside_the_memory_and_inserted_zeros_have_no_number():
    a = np.arange(6).reshape(2, 3)
    p = draw.cells(a, outside=[(0, 0)], inserted=[(1, 2)]).picture()
    assert written(p) == ["1", "2", "3", "4"]
    assert len(boxes(p, "outside")) == len(boxes(p, "inserted")) == 1
    assert "empty 1 2; 3 4 5" in repr(draw.cells(a, outside=[(0, 0)]))


def test_padding_and_what_is_thrown_away_step_back():
    a = np.full((1, 3), 9)
    a[0, 2] = 0
    plain, pad, vain = (
        tiles(draw.cells(a, **said).picture())
        for said in ({}, {"padding": [(0, 2)]}, {"thrown": [(0, 2)]})
    )
    assert pad[:2] == vain[:2] == plain[:2]
    assert pad[2][4] == vain[2][4] == palette.pale(plain[2][4])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_a_padded_image_keeps_its_own_colours(mode):
    x = np.arange(30, 42).reshape(3, 4)
    walk = Walk(x, np.ones((2, 2)), padding=((2, 1), (2, 3)), padding_mode=mode)
    p = draw.padded(walk.frame(1, 2), title="x").picture()
    mask = walk.geometry.is_padding()
    inside = [t[4] for t, m in zip(tiles(p, "x"), mask.ravel(), strict=True) if not m]
    assert inside == [palette.gray(v, 30, 41) for v in x.ravel()]
    assert np.array_equal(covered(p, "padding", "x", mask.shape), mask)
    assert written(p, "x") == [palette.label(v) for v in walk.padded[0, 0].ravel()]
    assert np.argwhere(covered(p, "window", "x", mask.shape)).tolist() == [
        [1, 2], [1, 3], [2, 2], [2, 3],
    ]  # fmt: skip


def test_a_kernel_lies_on_its_plate():
    p = draw.kernel([[1, -1], [2, 0]], title="w").picture()
    ((x, y, width, height),) = boxes(p, "kernel")
    here = panels(p)["w"]
    assert x < here.x
    assert y < here.y
    assert x + width > here.x + here.width
    assert y + height > here.y + here.height


def test_windows_are_counted():
    g = Geometry((5, 7), (2, 3), stride=(2, 1), padding=1)
    counts = np.zeros(g.padded_size, int)
    for i, j in np.ndindex(*g.output_size):
        counts[2 * i : 2 * i + 2, j : j + 3] += 1
    p = draw.windows_on_image(g, title="seen").picture()
    assert written(p, "seen") == [str(n) for n in counts.ravel()]
    with pytest.raises(TypeError, match="not a Walk or a Geometry"):
        draw.windows_on_image((5, 7))


def test_many_cells_are_pixels_with_the_window_framed():
    p = draw.cells(RNG.normal(size=(60, 80)), title="x", window=(range(9), range(5))).picture()
    assert len(p.images) == 1
    assert p.images[0].pixels.shape == (60, 80, 3)
    assert tiles(p, "x") == []
    assert_legible(p)


def test_a_row_is_one_picture_with_one_top_line_and_one_size_of_cell():
    a, b = draw.cells([[1, 2], [3, 4]], title="a", subtitle="2 × 2"), draw.cells([[100]], title="b")
    p = draw.row(a, b, draw.kernel([[1]], title="w"))
    assert len({tiles(p, t)[0][1] for t in "abw"}) == 1
    assert len({tiles(p, t)[0][2:4] for t in "abw"}) == 1
    assert p.label.startswith("a, 2 by 2: 1 2; 3 4. b, 1 in a row: 100.")
    assert_legible(p)
    lines = draw.row(a, b, draw.line([1, 2, 3], [1, 1], 0), columns=2)
    assert isinstance(lines, Picture)
    assert tiles(lines, "b")[0][1] == tiles(lines, "a")[0][1] < boxes(lines, "window")[0][1]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: draw.cells([[1, 2], [3]]), "not rectangular"),
        (lambda: draw.cells("12"), "must hold numbers"),
        (lambda: draw.cells(np.zeros((2, 3, 4))), r"x\[0, 0\]"),
        (lambda: draw.cells([]), "not a row or a grid"),
        (lambda: draw.cells([1], kind="gray"), "kind"),
        (lambda: draw.cells([[1, 2]], ring=(0, 2)), "ring outside the cells"),
        (lambda: draw.cells([[1, 2]], window=([0], [-1])), "window outside the cells"),
        (lambda: draw.cells([[1, 2]], starts=[(1, 0)]), "starts outside the cells"),
        (lambda: draw.cells([[1, 2]], padding=[(0, 5)]), "padding outside the cells"),
        (lambda: draw.cells([[1, 2]], corners=[[1]]), "corners"),
        (lambda: draw.cells([[1, 2]], highlight=(0, 0)), "highlight"),
        (lambda: draw.cells(np.zeros((100, 30)), numbers=True), "Draw a part"),
        (lambda: draw.cells(np.zeros((5, 300)), numbers=True), "Draw a part"),
        (lambda: draw.row(), "needs panels"),
        (lambda: draw.row([1, 2]), "neither a panel nor a picture"),
        (lambda: draw.row(draw.cells([1]), columns=0), "needs panels"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        wrong()


def test_numbers_can_be_asked_for_and_left_out():
    a = np.zeros((3, 30), int)
    assert written(draw.cells(a, numbers=True).picture()) == ["0"] * 90
    assert written(draw.cells(a[:, :5], numbers=False).picture()) == [""] * 15


def test_what_a_masked_cell_holds_is_neither_shown_nor_measured():
    a = np.ma.array([[1, 2], [3, 4]], mask=[[0, 0], [0, 1]])
    other = np.ma.array([[1, 2], [3, -123456]], mask=a.mask)
    assert draw.cells(a).picture().svg() == draw.cells(other).picture().svg()
    assert Panel(values=a).pitch() == Panel(values=other).pitch()
    assert painter(a)(3) == painter(other)(3)


def test_panels_with_long_titles_go_on_in_the_next_line():
    long = "what is said here takes almost half of a page"
    panels = [draw.cells([[1, 2], [3, 4]], title=t, subtitle=long) for t in "abc"]
    p = draw.row(*panels)
    assert p.width <= 900
    assert tiles(p, "a")[0][1] == tiles(p, "b")[0][1] < tiles(p, "c")[0][1]
    assert [written(p, t) for t in "abc"] == [["1", "2", "3", "4"]] * 3
