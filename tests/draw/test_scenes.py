"""Still pictures of a matrix, a receptive field, gradients: what they mark, what they say."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")
need_module("anywidget")

from convlens import draw, explore  # noqa: E402
from convlens.facts.way_back import WayBack  # noqa: E402
from convlens.palette import label  # noqa: E402
from convlib import Geometry, conv2d, conv2d_backward, index_grid  # noqa: E402
from tests.picture.seen import assert_legible, boxes, covered, panels, tiles, written  # noqa: E402

rng = np.random.default_rng(0)
W = np.array([[1, -1, 2], [4, 3, -2]])
LAYERS, SIZE = [(3,), (2, 2), (3, 1, 1)], (9, 12)


def convolution(size=(4, 6), w=W):
    grid = index_grid.grid(Geometry(size, w.shape))
    a = np.zeros((len(grid), size[0] * size[1]), dtype=w.dtype)
    np.put_along_axis(a, grid, w.reshape(1, -1), axis=1)
    return a


@pytest.mark.parametrize("size", [(4, 6), (6, 8)])  # 24 and 48 columns: the most with numbers
def test_numbers_stand_where_a_matrix_is_not_zero(size):
    a = convolution(size)
    m = draw.matrix(a, blocks=(size[1] - 2, size[1]), row=5, title="A", subtitle="windows, pixels")
    p = m.picture()
    assert written(p, "A") == [label(v) for v in a[a != 0]]
    assert_legible(p)
    assert repr(m).startswith(f"A, {a.shape[0]} by {a.shape[1]}, {np.count_nonzero(a)} numbers not")


@pytest.mark.parametrize("axis", [0, 1])
def test_one_row_or_column_is_ringed_and_its_weights_share_plates(axis):
    a = convolution() if axis == 0 else convolution().T
    name = ("row", "column")[axis]
    m = draw.matrix(a, title="A", **{name: 5})
    p, here = m.picture(), panels(m.picture())["A"]
    assert len(boxes(p, "kernel")) == 2  # of two rows of the kernel, three neighbours each
    ((x, y, width, height),) = boxes(p, "ring")
    whole = width >= here.width - 0.1, height >= here.height - 0.1
    assert whole == (axis == 0, axis == 1)
    on = [
        box for box in tiles(p, "A") if x - 1 < box[0] < x + width and y - 1 < box[1] < y + height
    ]
    assert len(on) == 6
    assert f"{name.capitalize()} 5 is ringed: 1 at 7, −1 at 8, 2 at 9, 4 at 13" in repr(m)


def test_a_large_matrix_is_drawn_as_pixels_with_sharp_edges():
    a = convolution((12, 13), np.arange(-4, 5).reshape(3, 3))
    m = draw.matrix(a, blocks=(11, 13), row=30, title="A")
    p = m.picture()
    assert p.images[0].source.startswith("data:image/png")
    assert len(boxes(p, "ring")) == 1
    assert_legible(p)
    assert repr(m).startswith(f"A, 110 by 156, {np.count_nonzero(a)} numbers not zero. Row 30")
    assert draw.matrix(np.ones((4096, 2))).photo is not None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [0, np.nan, np.inf, 1e300, 1 - 2j, True])
def test_any_number_can_be_in_a_matrix(value):
    m = draw.matrix(np.array([[value, 0, 2], [0, 0, 0]]), row=1, title="A")
    assert "all zeros" in repr(m)
    assert_legible(m.picture())
    draw.matrix(np.full((50, 60), value), column=3).picture().png()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"row": 12}, "no such row"),
        ({"column": -1}, "no such column"),
        ({"blocks": (5, 6)}, "fill"),
        ({"row": 1, "column": 1}, "a row and a column"),
        ({"a": np.zeros((4097, 1))}, "more than 4096 cells a side"),
        ({"a": np.zeros((2, 2, 2))}, "not a row or a grid"),
    ],
)
def test_matrices_and_places_that_cannot_be_drawn_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        draw.matrix(**{"a": convolution(), **given})


@pytest.mark.parametrize("cell", [(1, 3), (0, 0)])
def test_a_receptive_field_is_the_picture_of_its_explorer(cell):
    p = draw.receptive_field(LAYERS, SIZE, cell)
    moving = explore.receptive_field(LAYERS, SIZE, at=cell).picture
    assert p.shapes == moving.shapes
    assert f"Receptive-field explorer. {p.label}" == moving.label
    assert len(boxes(p, "field")) == 3  # no plate, and the deep cell has the ring
    assert len(boxes(p, "ring")) == 1
    assert not boxes(p, "window")
    assert_legible(p)


@pytest.mark.parametrize(("size", "cell"), [(SIZE, (3, 0)), (SIZE, (0, -1)), ((2, 2), (0, 0))])
def test_a_receptive_field_that_is_none_is_refused(size, cell):
    with pytest.raises(ValueError, match=r"none of them at|cell|kernel"):
        draw.receptive_field(LAYERS, size, cell)


CASES = {
    "plain": ((4, 6), (2, 3), {}),
    "strided": ((6, 7), (3, 2), {"stride": (2, 1)}),
    "dilated": ((6, 7), (2, 2), {"dilation": (3, 2)}),
    "padded": ((3, 4), (2, 3), {"padding": (1, 2)}),
    "reflected": ((4, 5), (2, 3), {"padding": 1, "padding_mode": "reflect"}),
    "channels": ((2, 4, 5), (3, 2, 2, 3), {}),
    "1x1": ((1, 1), (1, 1), {}),
}


def way_back(name):
    x_shape, w_shape, arguments = CASES[name]
    x, w = rng.integers(1, 10, x_shape), rng.integers(-3, 4, w_shape)
    grad = rng.integers(-3, 4, conv2d(x, w, **arguments).shape)
    return WayBack(grad, x, w, **arguments), conv2d_backward(grad, x, w, **arguments)


@pytest.mark.parametrize("so_far", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_an_input_gradient_shows_what_the_cell_sends_and_the_pixel_that_gets_it(name, so_far):
    back, _ = way_back(name)
    (i, j), (u, v) = (
        [n - 1 for n in s] for s in (back.grad.shape[2:], back.walk.filters.shape[2:])
    )
    r = back.at(i, j, tap=(u, v))
    p = draw.input_gradient(back, r, so_far=so_far)
    dx = back.input_gradient(r, so_far=so_far)
    assert written(p, "g × w") == [label(n) for n in back.sent(r).flat]
    assert written(p, "Input gradient dx") == [label(n) for n in dx.flat]
    window, pixel = np.zeros(dx.shape, int), np.zeros(dx.shape, int)
    window[np.ix_(r.frame.rows, r.frame.columns)] = 1
    pixel[r.row, r.column] = 1
    here = "Input gradient dx", dx.shape
    np.testing.assert_array_equal(covered(p, "window", *here), window)
    np.testing.assert_array_equal(covered(p, "reading", *here), pixel)
    assert not boxes(p, "kernel", "Input gradient dx")
    assert len(boxes(p, "padding")) == np.count_nonzero(back.walk.geometry.is_padding())
    so = "so far" if so_far else "in all"
    assert p.label.endswith(
        f", added to dx[{r.row}, {r.column}]: {so} {label(dx[r.row, r.column])}."
    )
    assert_legible(p)


@pytest.mark.parametrize("name", CASES)
def test_a_kernel_gradient_shows_all_that_the_weight_met(name):
    back, (_, dw, _) = way_back(name)
    u, v = (n - 1 for n in back.walk.geometry.kernel_size)
    r = back.at(0, 0, tap=(u, v))
    p = draw.kernel_gradient(back, r)
    first = dw.reshape(back.walk.filters.shape)[0, 0]
    assert written(p, "x × g") == [label(n) for n in (back.met(r) * back.plane(r)).flat]
    assert written(p, "Kernel gradient dw") == [label(n) for n in first.flat]
    met = np.zeros(back.walk.geometry.padded_size, int)
    met[np.ix_(*back.touched(r))] = 1
    np.testing.assert_array_equal(covered(p, "window", "Input x", met.shape), met)
    tap = np.zeros(first.shape, int)
    tap[u, v] = 1
    np.testing.assert_array_equal(covered(p, "kernel", "Kernel gradient dw", tap.shape), tap)
    assert not boxes(p, "kernel", "Input x")
    assert p.label.endswith(f", added to dw[{u}, {v}]: in all {label(first[u, v])}.")
    assert_legible(p)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, -1e300, 1e300 - 1e300j, True])
def test_gradients_of_any_numbers_are_drawn_without_a_warning(value):
    with np.errstate(all="ignore"):
        back = WayBack(np.full((3, 4), value), np.full((4, 6), value), np.full((2, 3), value))
    for p in (
        draw.input_gradient(back, back.at(1, 2), so_far=True),
        draw.kernel_gradient(back, back.at(1, 2, tap=(1, 1))),
        explore.way_back(back.grad[0, 0], back.walk.padded[0, 0], back.walk.filters[0, 0]).picture,
    ):
        assert not any(np.isnan(edge) for note in p.notes for edge in (note.x, note.width))
        p.png()


def test_of_large_arrays_a_part_is_drawn_that_can_be_read():
    x = rng.integers(0, 9, (40, 50))
    back = WayBack(rng.integers(-3, 4, (38, 48)), x, np.ones((3, 3), int))
    for p in (
        draw.input_gradient(back, back.at(20, 20)),
        draw.kernel_gradient(back, back.at(20, 20, tap=(1, 2))),
    ):
        assert_legible(p)
        assert "" not in written(p, "Output gradient g")
        assert len(p.label) < 1200
