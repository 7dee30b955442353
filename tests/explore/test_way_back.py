"""The backward explorer: both ways back of one product, against the library's gradients."""

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")
need_module("matplotlib")

from convlens import explore  # noqa: E402
from convlens.facts.way_back import WayBack  # noqa: E402
from convlens.palette import KERNEL, WINDOW_LINE, label  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.picture.shapes import Rect  # noqa: E402
from convlib import conv2d, conv2d_backward  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.cases import ALL, SECOND, TYPICAL, UNUSUAL, case, swept, weights, whole  # noqa: E402
from tests.explore.steady import Steady  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

MORE = {
    "notebook": case(whole(4, 6), np.array([[1, -1, 2], [0, 3, -2]])),
    "groups, strided": case(whole(2, 4, 7, 9), weights(6, 2, 2, 3), groups=2, stride=(2, 1)),
    "reflect, dilated": case(
        whole(6, 7), weights(2, 3), padding=2, padding_mode="reflect", dilation=(1, 2)
    ),
}
CASES = {name: (x, w, a) for name, (x, w, _, a) in (ALL | MORE).items()}


def gradient(name):
    x, w, arguments = CASES[name]
    y = conv2d(x, w, **arguments)
    return np.random.default_rng(1).integers(-4, 5, y.shape)


def made(name):
    x, w, arguments = CASES[name]
    return explore.way_back(gradient(name), x, w, **arguments)


def products(back, most=12):
    """Some products, from all over."""
    n, o, oh, ow = back.grad.shape
    shape = (n, o, oh, ow, *back.walk.filters.shape[1:])
    every = np.linspace(0, np.prod(shape) - 1, most).astype(int)
    for image, filter_, i, j, c, u, v in zip(*np.unravel_index(every, shape), strict=True):
        place = {"image": int(image), "filter": int(filter_), "channel": int(c)}
        yield back.at(int(i), int(j), tap=(int(u), int(v)), **place)


@pytest.mark.parametrize(("name", "most"), swept(TYPICAL | MORE, UNUSUAL, SECOND))
def test_every_control_moves_the_picture_and_the_picture_is_true(name, most):
    explorer = made(name)
    check = Steady(apart=name in TYPICAL or name in MORE)
    check(explorer)
    sweep(explorer, check, most)
    check.assert_nothing_jumped()


@pytest.mark.parametrize("name", CASES)
def test_bounds_follow_from_validity(name):
    explorer = made(name)
    n, o, oh, ow = explorer.walk.output.shape
    _, channels, kh, kw = explorer.walk.filters.shape
    several = {"image": n, "filter": o, "channel": channels}
    counts = {"row": oh, "column": ow, "u": kh, "v": kw}
    counts |= {key: count for key, count in several.items() if count > 1}
    wanted = {key: (0, count - 1) for key, count in counts.items()}
    controls = {key: c for key, c in explorer.controls.items() if key != "sum"}
    assert {key: (c.min, c.max) for key, c in controls.items()} == wanted


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_the_library(name):
    x, w, arguments = CASES[name]
    grad = gradient(name)
    with np.errstate(invalid="ignore"):
        back = WayBack(grad, x, w, **arguments)
        dx, dw, _ = conv2d_backward(grad, x, w, **arguments)
    g = back.walk.geometry
    if g.layout == "NHWC":
        dx = np.moveaxis(dx, -1, -3)
        dw = dw.transpose(3, 2, 0, 1) if dw.ndim == 4 else np.moveaxis(dw, -1, 0)
    dx, dw = dx.reshape(g.batch, g.channels, *g.input_size), dw.reshape(back.walk.filters.shape)
    inside = tuple(slice(a, a + n) for (a, _), n in zip(g.padding, g.input_size, strict=True))
    rough = {"rtol": 2e-2 if dx.dtype == np.float16 else 1e-5, "atol": 1e-4 * np.abs(w).max()}
    for r in products(back, 4):
        if g.padding_mode == "zeros":
            channel = r.frame.channels[r.channel]
            block = tuple(slice(max(k - 3, 0), k + 4) for k in (r.row, r.column))
            shown = back.input_gradient(r)
            np.testing.assert_allclose(shown[inside], dx[r.frame.image, channel], **rough)
            np.testing.assert_allclose(back.input_gradient(r, block=block), shown[block], **rough)
        wanted = dw[r.frame.filter, r.channel]
        np.testing.assert_allclose(back.kernel_gradient(r), wanted, rtol=2e-2, atol=1e-2)


@pytest.mark.parametrize("name", ["notebook", "groups, strided", "batch", "padded, strided"])
def test_so_far_is_what_a_loop_has_added(name):
    x, w, arguments = CASES[name]
    back = WayBack(gradient(name), x, w, **arguments)
    for r in products(back):
        f = r.frame
        dx, dw = np.zeros(back.walk.geometry.padded_size), np.zeros(f.kernel[r.channel].shape)
        for n, i, j in np.ndindex(len(back.grad), *back.grad.shape[2:]):
            at = back.walk.frame(i, j, image=n, filter=f.filter)
            if (n, i, j) > (f.image, f.row, f.column):
                break
            sent = back.grad[n, f.filter, i, j]
            dw += sent * at.window[r.channel]
            if n == f.image:
                dx[np.ix_(at.rows, at.columns)] += sent * at.kernel[r.channel]
        np.testing.assert_allclose(back.input_gradient(r, so_far=True), dx, atol=1e-9)
        np.testing.assert_allclose(back.kernel_gradient(r, so_far=True), dw, atol=1e-9)


def test_what_is_left_out_so_far_does_not_make_nan_of_infinities():
    x, w, grad = np.ones((4, 6)), np.ones((2, 3)), np.ones((3, 4))
    x[3, 5] = np.inf
    back = WayBack(grad, x, w)
    assert (back.kernel_gradient(back.at(2, 2), so_far=True) == 11).all()
    w[1, 2] = np.inf
    with np.errstate(invalid="ignore"):  # of the whole gradient, where zeros meet the infinity
        back = WayBack(grad, np.ones((4, 6)), w)
    dx = back.input_gradient(back.at(0, 1), so_far=True)
    np.testing.assert_array_equal(dx[1], [1, 2, np.inf, np.inf, 0, 0])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.wide if k % 3 else ())
        for k, name in enumerate(name for name in CASES if "photograph" not in name)
    ],
)
def test_lines_send_the_cell_and_sum_up_the_weight(name):
    x, w, _ = CASES[name]
    grad, explorer = gradient(name), made(name)
    scene = dict(zip(explorer._draw.__code__.co_freevars, explorer._draw.__closure__, strict=True))[
        "scene"
    ].cell_contents
    for k, r in enumerate(products(scene.back, 6)):
        so_far = k % 2 == 1
        lines = plain(scene.source(r, so_far=so_far)).splitlines()
        assert lines[-1].endswith(("of all cells", "up to this cell")[so_far])
        found = {"np": np, "grad": grad, "x": np.asarray(x), "w": np.asarray(w)}
        exec("\n".join(lines[:-1]), found)
        dx, g = found["dx"], scene.back.walk.geometry
        if g.layout == "NHWC" and dx.ndim > 2:
            dx = np.moveaxis(dx, -1, -3)
        dx = dx.reshape(g.batch, g.channels, *g.padded_size)
        window = dx[r.frame.image, r.frame.channels[r.channel]][
            np.ix_(r.frame.rows, r.frame.columns)
        ]
        rough = {"rtol": 1e-3, "atol": 1e-6}
        np.testing.assert_allclose(window, scene.back.sent(r), **rough)
        assert np.count_nonzero(dx) <= r.frame.kernel.size
        with np.errstate(invalid="ignore"):  # of one case, infinities come to NaN
            told = scene.back.kernel_gradient(r, so_far=so_far)[r.u, r.v]
        np.testing.assert_allclose(eval(lines[-1], found), told, rtol=2e-2, atol=1e-2)


def test_the_picture_tells_both_ways_of_one_product():
    x = np.array([[8, 6, 5, 3], [1, 1, 2, 8], [5, 6, 9, 7]])
    explorer = explore.way_back([[1, 2, 3], [4, 5, 6]], x, [[1, -1], [0, 3]], at=(1, 2), tap=(1, 1))
    written = [t.string for t in layout.texts(explorer.picture)]
    assert " is added to dx[2, 3], so far " in written
    assert " is added to dw[1, 1], so far " in written
    dx, dw, _ = conv2d_backward([[1, 2, 3], [4, 5, 6]], x, [[1, -1], [0, 3]])
    assert f"is so far {dx[2, 3]}. The weight's" in explorer.picture.label
    assert explorer.picture.label.endswith(f"and is so far {label(dw[1, 1])}.")
    explorer.controls["row"].value = 0
    assert "so far 0. The" not in explorer.picture.label
    assert plain(explorer.lines).endswith("= 29, up to this cell")
    assert explorer.picture.label.endswith(" so far 29.")
    explorer.controls["sum"].value = "of all cells"
    assert explorer.picture.label.endswith(f"and is in all {label(dw[1, 1])}.")
    assert plain(explorer.lines).endswith(f"= {dw[1, 1]}, of all cells")


def test_orange_is_on_weights_alone_and_the_pixel_has_a_blue_frame():
    """Orange plates: w, its tap, the product's tap, dw's tap; blue frames: the pixel, twice."""
    explorer = explore.way_back(np.ones((3, 4)), whole(4, 6), weights(2, 3), at=(1, 1), tap=(0, 2))
    rects = [(s, dict(s.style)) for s in explorer.picture.shapes if isinstance(s, Rect)]
    frames = [s for s, style in rects if style.get("stroke") == WINDOW_LINE and style["rx"] == 3]
    orange = [s for s, style in rects if style.get("fill") == KERNEL and style["rx"] == 4]
    assert len(orange) == 4
    titles = {t.string: t.x for t in layout.texts(explorer.picture)}
    dx, x = titles["Input gradient dx"], titles["Input x"]
    assert all(s.x + s.width < dx or s.x > titles["x × g"] for s in orange)
    assert [s.x >= dx for s in frames] == [True, False]
    assert frames[1].x - x > 0


def test_what_does_not_fit_is_refused():
    x, w = whole(4, 6), weights(2, 3)
    with pytest.raises(ValueError, match="grad has shape"):
        explore.way_back(np.ones((4, 4)), x, w)
    with pytest.raises(IndexError, match="there is no window"):
        explore.way_back(np.ones((3, 4)), x, w, at=(3, 0))
    with pytest.raises(IndexError, match="there is no weight"):
        explore.way_back(np.ones((3, 4)), x, w, tap=(2, 0))
    with pytest.raises(ValueError, match="an empty batch"):
        explore.way_back(np.ones((0, 2, 3, 4)), np.ones((0, 1, 4, 6)), np.ones((2, 1, 2, 3)))
