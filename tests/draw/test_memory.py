"""Still pictures of memory, read from their shapes: what lies where, and where the jumps land."""

import numpy as np
import pytest

from convlens.draw.memory import index_grid, memory
from convlens.draw.tiles import tiles
from convlens.picture.shapes import Path, Rect, Text
from convlens.scenes.index_grid import IndexGridScene
from convlib import Geometry, Walk, strided
from tests.explore import layout

X = np.arange(20, dtype=np.float32).reshape(4, 5) * 3 % 10
FRAME = Walk(X, np.ones((2, 3))).frame(1, 1)


def texts(p):
    return [s for s in p.shapes if isinstance(s, Text) and s.string]


def strip(p):
    """Each address under the strip: the number above it ("" for none), and whether it is heavy."""
    lines = texts(p)
    below = max(
        t.y for t in lines if dict(t.style).get("text_anchor") and t.string.lstrip("−").isdigit()
    )
    found = {}
    for address in (t for t in lines if t.y == below):
        over = [t.string for t in lines if abs(t.x - address.x) < 1 and 0 < below - t.y < 50]
        found[int(address.string.replace("−", "-"))] = over[0] if over else ""
    return found


def notes(p, what):
    return [n for n in p.notes if n.what == what]


def under(p, what):
    """The addresses of the tiles that lie in boxes of a mark."""
    lines = texts(p)
    base = max(t.y for t in lines if t.string.lstrip("−").isdigit())
    return [
        int(t.string.replace("−", "-"))
        for t in lines
        if t.y == base and any(n.x < t.x < n.x + n.width for n in notes(p, what))
    ]


def said(p):
    return {t.string for t in texts(p)}


def assert_legible(p):
    written = layout.ground(p)
    assert layout.outside_the_page(p) == []
    assert layout.colliding_texts(written) == []
    assert layout.too_wide_for_their_tile(written) == []
    assert layout.unreadable(written) == []
    assert p.width <= 900
    assert min(dict(t.style)["font_size"] for t in texts(p)) >= 11
    assert not any(np.isnan(v) for s in p.shapes if isinstance(s, Rect) for v in (s.x, s.y))


@pytest.mark.parametrize("order", ["C", "F"])
def test_elements_stand_in_address_order(order):
    p = memory(np.asarray(X, order=order))
    assert strip(p) == {4 * k: str(int(v)) for k, v in enumerate(X.ravel(order=order))}
    assert ({"row 0", "row 3"} if order == "C" else {"column 0", "column 4"}) <= said(p)
    assert_legible(p)


def test_a_slice_leaves_gaps_and_counts_from_its_first_element():
    p = memory(X[::-1, ::2])
    read = strip(p)
    assert list(read) == list(range(-60, 20, 4))
    assert [k for k, text in enumerate(read.values()) if not text] == [
        k for k in range(20) if k % 5 in (1, 3)
    ]


@pytest.mark.parametrize("unit", ["bytes", "elements"])
def test_plates_and_jumps_are_the_frames(unit):
    p = memory(FRAME.walk.padded, frame=FRAME, unit=unit)
    per = 4 if unit == "elements" else 1
    assert under(p, "window") == (FRAME.byte_offsets.ravel() // per).tolist()
    assert {f"{n} +{step // per}" for n, step in zip("ijuv", (20, 4, 20, 4), strict=True)} <= said(
        p
    )
    assert_legible(p)


def test_jumps_can_be_chosen_and_the_first_window_jumps_onward():
    assert not any(t.startswith(("i ", "j ")) for t in said(memory(X, frame=FRAME, jumps="uv")))
    assert not any(t.endswith("+4") for t in said(memory(X, frame=FRAME, jumps="")))
    frame = FRAME.walk.frame(0, 0)
    assert {"i +20", "j +4", "u +20", "v +4"} <= said(memory(X, frame=frame))


def test_what_lies_beyond_is_hatched_and_never_read():
    buffer = np.full(60, 77777.0, np.float32)
    buffer[20:40] = X.ravel()
    how = {"view_shape": (4, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (3, 1)}
    p = memory(buffer[20:40].reshape(4, 5), **how)
    assert under(p, "outside") == [80, 84, 88, 92, 96]  # to the end of the view
    assert under(p, "window") == [64, 68, 72]
    assert not any("7777" in text for text in said(p))
    assert "outside: never read" in said(p)
    heavy = {t.string for t in texts(p) if dict(t.style).get("font_weight")}
    assert {"84", "88", "92"} <= heavy
    assert_legible(p)


def test_a_view_by_hand_equals_the_frame():
    by_hand = memory(X, view_shape=(3, 3, 2, 3), byte_strides=(20, 4, 20, 4))
    assert by_hand.svg() == memory(FRAME.walk.padded, frame=FRAME).svg().replace(
        "(1, 1, 4, 5)", "(4, 5)"
    )


SMALL = np.arange(48, dtype=np.int16).reshape(3, 4, 4)
LAST = np.ascontiguousarray(SMALL.transpose(1, 2, 0)).transpose(2, 0, 1)
BATCH = np.arange(120).reshape(2, 3, 5, 4)
BIG = np.arange(3 * 70 * 90).reshape(3, 70, 90)
VIEWED = {
    "channels": (SMALL, (3, 2, 2), {}),
    "channels last": (LAST, (3, 2, 2), {}),
    "batch": (BATCH, (1, 3, 2, 2), {}),
    "strided, dilated": (X, (2, 2), {"stride": (2, 1), "dilation": (1, 2)}),
    "large": (BIG, (3, 3, 3), {}),
    "reversed": (X[::-1, ::-1], (2, 2), {}),
    "broadcast": (np.broadcast_to(np.arange(4.0), (4, 4)), (2, 2), {}),
}


@pytest.mark.parametrize("name", VIEWED)
@pytest.mark.parametrize("unit", ["bytes", "elements"])
def test_chips_and_arcs_touch_nothing(name, unit):
    x, kernel, steps = VIEWED[name]
    walk = Walk(x, np.ones(kernel), **steps)
    for place in ((0, 0), (walk.output.shape[2] - 1, walk.output.shape[3] - 1)):
        p = memory(x, frame=walk.frame(*place), unit=unit)
        assert_legible(p)
        chips = [t for t in texts(p) if t.string[:2] in ("i ", "j ", "c ", "u ", "v ")]
        for chip in chips:
            for arc in (s for s in p.shapes if isinstance(s, Path) and s.steps[1][0] == "C"):
                assert not any(
                    abs(x - chip.x) < 8 and abs(y - chip.y + 4) < 5 for x, y in along(arc)
                )


def along(arc):
    (_, x0, y0), (_, x1, y1, x2, y2, x3, y3) = arc.steps
    for t in np.linspace(0, 1, 40):
        w = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        yield np.dot(w, (x0, x1, x2, x3)), np.dot(w, (y0, y1, y2, y3))


@pytest.mark.parametrize(
    "x",
    [
        [1, np.nan],
        [np.inf, -np.inf, 1e300],
        np.full(3, np.nan),
        [1 + 2j, np.nan],
        [[True, False]],
        [-300, 70000],
        np.float32(3),
    ],
)
def test_every_sort_of_number(x):
    p = memory(x)
    assert_legible(p)
    assert len(strip(p)) == np.size(x)


SLICES = {
    "rows": (X[1:], 20, {"row +20", "column +4"}),
    "every other column": (X[:, ::2], 0, {"row +20", "column +8"}),
    "reversed columns": (X[1:, ::-1], 36, {"row +20", "column −4"}),
    "upside down": (X[::-1], 60, {"row −20", "column +4"}),
    "transposed": (X.T, 0, {"row +4", "column +20"}),
    "one column": (X[:, 2], 8, {"next +20"}),
}


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_is_counted_from_its_own_base(name):
    x, base, jumps = SLICES[name]
    p = memory(x, within=X)
    assert strip(p) == {4 * k - base: f"{v:g}" for k, v in enumerate(X.ravel())}
    assert {
        t for t in said(p) if t.startswith(("row +", "row −", "column +", "column −", "next +"))
    } == jumps
    assert under(p, "reading") == [0]
    assert strip(p)[0] == f"{x.flat[0]:g}"
    assert f"number {base // 4} in memory" in p.label
    assert_legible(p)


@pytest.mark.parametrize("x", [X[1:].copy(), X.view(np.int32)[1:], np.zeros((2, 2))])
def test_what_does_not_lie_within_is_refused(x):
    with pytest.raises(ValueError, match="does not lie in the memory"):
        memory(x, within=X)


@pytest.mark.parametrize(
    "wrong",
    [
        {"view_shape": (2, 2), "byte_strides": (4,)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 3, 20, 4)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (1,)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (3, 0)},
        {"unit": "bits"},
        {"frame": Walk(X, np.ones((2, 2)), padding=1).frame(0, 0)},
        {"frame": FRAME, "jumps": "c?"},
    ],
)
def test_wrong_views_are_refused(wrong):
    with pytest.raises(ValueError, match="Given: "):
        memory(X, **wrong)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="no elements"):
        memory(np.zeros((0, 3)))


# -- the index grid, and windows side by side ------------------------------------------------------


def test_the_index_grid_is_the_state_of_the_explorer():
    walk = FRAME.walk
    for number in (0, 4, 8):
        state = IndexGridScene(walk).picture(walk.frame(*divmod(number, 3)))
        assert index_grid(walk, highlight=number).svg() == state.svg()


@pytest.mark.parametrize(
    "g",
    [
        Geometry((4, 5), (2, 3)),
        Geometry((5, 6), 2, channels=3, filters=2, padding=1, layout="NHWC"),
        Geometry((5, 6), 2, channels=4, filters=4, groups=2, stride=2, batch=2),
        Geometry((5, 6), 2, batch=0, dilation=2),
    ],
)
def test_a_geometry_is_drawn_over_an_image_that_counts(g):
    p = index_grid(g, highlight=1)
    assert_legible(p)
    if not g.pads:
        indices, values = p.label.split("gives [")[1].split("]")[0], p.label.split("fetches [")[1]
        assert indices.replace(" ", ", ") == values.split("]")[0]


def test_the_same_cell_looks_the_same_in_image_grid_and_memory():
    p = index_grid(FRAME.walk, highlight=4)
    for index in FRAME.grid_row:
        same = [t for t in texts(p) if t.string == str(index)]
        heavy = [t for t in same if dict(t.style).get("font_weight")]
        assert len(heavy) >= 3, index  # in the corner of its cell, in the grid, in memory
    assert len(notes(p, "start")) == 2
    assert len(notes(p, "ring")) == 1


def test_no_such_window_and_nothing_of_the_sort():
    g = Geometry((4, 5), (2, 3))
    with pytest.raises(ValueError, match=r"no such window.*Use 0 to 8"):
        index_grid(g, highlight=9)
    with pytest.raises(ValueError, match="highlight"):
        index_grid(g, highlight=-1)
    with pytest.raises(TypeError, match="Walk or a Geometry"):
        index_grid(3)


def test_tiles_are_the_windows_in_one_scale():
    windows = strided.windows(X, (2, 3))
    p = tiles(windows, highlight=(1, 2), title="Windows", subtitle="(3, 3, 2, 3)")
    numbers = [t.string for t in texts(p) if dict(t.style)["fill"] != layout.INK]
    assert numbers == [str(int(v)) for v in windows.ravel()]
    fills = {}
    for text, _, _, fill in layout.ground(p):
        if fill:
            assert fills.setdefault(text.string, fill) == fill
    (plate,), (ring,) = notes(p, "window"), notes(p, "ring")
    assert plate.x < ring.x < ring.x + ring.width < plate.x + plate.width
    assert_legible(p)


@pytest.mark.parametrize("shape", [(30, 31, 2, 2), (2, 2, 60, 60), (1, 200, 1, 1), (21, 20, 3, 3)])
def test_more_windows_than_can_be_read_are_refused_with_a_part_that_fits(shape):
    windows = np.arange(np.prod(shape)).reshape(shape) % 10
    with pytest.raises(ValueError, match=r"Draw a part: windows\[") as refused:
        tiles(windows)
    part = str(refused.value).split("part: ")[1].rstrip(".")
    p = tiles(eval(part))
    assert_legible(p)
    assert p.height <= 900


def test_tiles_of_something_else_are_refused():
    with pytest.raises(ValueError, match="OH, OW, KH, KW"):
        tiles(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="kind"):
        tiles(np.zeros((2, 2, 2, 2)), kind="gray")
