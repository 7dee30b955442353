"""Random calls of what is not a sum: sizes, grids, views, fields, and the stops of a walk."""

import ctypes
import functools
import math
import operator
import pickle

import numpy as np

import convlib
from convlens.facts.traces import Stack
from convlens.facts.way_back import WayBack
from convlib import Geometry, index_grid, strided
from tests.fuzz import right
from tests.fuzz.calls import Call, conv2d, conv2d_backward, padding, steps

MOST = 20_000  # numbers of a grid that is written out


def _numbers(*values):
    return tuple(np.asarray(v) for v in values)


def geometry(d):
    groups = d.one(1, 1, 2)
    found = {
        "input_size": d.pair(3, 9),
        "kernel_size": d.pair(1, 4),
        **steps(d),
        "padding": padding(d),
        "padding_mode": d.one("zeros", "reflect", "replicate", "circular"),
        "batch": d.whole(0, 2),
        "channels": groups * d.whole(1, 2),
        "filters": groups * d.whole(1, 2),
        "groups": groups,
        "layout": d.one("NCHW", "NHWC"),
    }
    return Call("Geometry", _grid_of, found, _right_grid)


def _grid_of(**arguments):
    g = Geometry(**arguments)
    again = pickle.loads(pickle.dumps(g))
    assert again == g
    assert hash(again) == hash(g)
    if max(g.batch, 1) * g.counts.windows > MOST:
        return _numbers(g.extent, g.padded_size, g.output_size)
    grid = index_grid.batch_grid(g)
    parts = index_grid.starts(g)[:, None] + index_grid.offsets(g)
    assert (parts == index_grid.grid(g)).all()
    return _numbers(g.extent, g.padded_size, g.output_size, grid, g.is_padding())


def _right_grid(
    input_size, kernel_size, *, stride=1, padding=0, dilation=1, padding_mode="zeros", batch=1,
    channels=1, filters=1, groups=1, layout="NCHW",
):  # fmt: skip
    size, kernel = right.pair(input_size, 1), right.pair(kernel_size, 1)
    n, (c, o, groups) = (
        right.number(batch, 0),
        (right.number(v, 1) for v in (channels, filters, groups)),
    )
    if c % groups or o % groups:
        raise right.Refused("groups")
    if max(n, c, o, *size, *kernel) > MOST:
        raise right.TooLarge
    x, w = np.broadcast_to(False, (n, c, *size)), np.broadcast_to(False, (o, c // groups, *kernel))
    named = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if right.name(layout, ("NCHW", "NHWC")) == "NHWC":
        x, w = np.moveaxis(x, 1, -1), w.transpose(2, 3, 1, 0)
    at = right.layer(x, w, padding_mode=padding_mode, layout=layout, **named)
    padded = tuple(map(len, at.sources))
    extent = [(k - 1) * e + 1 for k, e in zip(kernel, at.dilation, strict=True)]
    told = [extent, padded, at.counts]
    if max(n, 1) * c * np.prod([*kernel, *at.counts]) <= MOST:
        flat = np.arange(n * c * padded[0] * padded[1])
        order = (n, *padded, c) if layout == "NHWC" else (n, c, *padded)
        flat = flat.reshape(order)
        flat = np.moveaxis(flat, -1, 1) if layout == "NHWC" else flat
        taps = [cells for _, _, cells in at.taps(flat)]  # (N, C, OH, OW) each
        grid = np.stack(taps, axis=-1).transpose(0, 2, 3, 1, 4)
        told.append(grid.reshape(n, at.counts[0] * at.counts[1], c * kernel[0] * kernel[1]))
        sides = right.four_sides(padding, size, extent, at.stride)
        axes = zip(sides, size, padded, strict=True)
        inside = [[before <= k < before + s for k in range(p)] for (before, _), s, p in axes]
        told.append(~np.outer(*inside))
    return [right.Answer(v, None, np.asarray(v).dtype) for v in told]


def safe_view(d):
    owner = np.arange(d.whole(1, 60)).astype(d.one("u1", "f4", "i8"))
    x = owner[d.whole(0, 3) :: d.one(1, 2, -1, -2)] if d.maybe(0.6) else owner
    axes = d.whole(1, 4)
    jump = d.one(1, 1, x.itemsize, x.itemsize, x.itemsize, 2**62, 2**61, np.int64(2**62))
    found = {
        "x": x,
        "shape": tuple(d.whole(0, 4) for _ in range(axes)),
        "strides": tuple(wrapped(jump) * d.one(0, 1, 1, 2, -1, 3) for _ in range(axes)),
    }
    if d.maybe(0.3):
        found["shape"] = np.array(found["shape"])
    of = functools.partial(_viewed, owner)
    return Call("strided.safe_view", strided.safe_view, found, of, fixed=frozenset({"x"}))


def wrapped(number):
    """Numbers of NumPy as arrays, whose products wrap without a word."""
    return np.array(number) if isinstance(number, np.integer) else number


def _viewed(owner, x, shape, strides):
    try:
        shape, strides = ([operator.index(v) for v in values] for values in (shape, strides))
    except TypeError as error:
        raise right.Refused("not whole") from error
    if len(shape) != len(strides) or min(shape, default=0) < 0:
        raise right.Refused("axes")
    if max([*shape, *map(abs, strides)], default=0) >= 2**63 or math.prod(shape) > MOST:
        raise right.TooLarge
    places = [0]
    for n, s in zip(shape, strides, strict=True):
        places = [p + k * s for p in places for k in range(n)]
    reach = [k * x.strides[0] for k in (0, len(x) - 1)] if len(x) else [1, 1]
    if places and not min(reach) <= min(places) <= max(places) <= max(reach):
        raise right.Refused("outside")
    here = x.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    raw = owner.tobytes()
    cells = [np.frombuffer(raw[here + p : here + p + x.itemsize], x.dtype)[0] for p in places]
    return [right.Answer(np.array(cells, x.dtype).reshape(shape), None, x.dtype)]


def layers(d):
    """Draw a stack of layers as tuples, some of them cut short."""
    found = []
    for _ in range(d.whole(0, 3)):
        sides = d.one(0, d.pair(0, 2), ((1, 0), (0, 2)))
        entries = d.pair(1, 3), d.pair(1, 2), sides, d.pair(1, 2)
        found.append(entries[: d.whole(1, 4)])
    return found


def cells_seen(d):
    found = {"layers": layers(d), "cell": (d.whole(0, 2), d.whole(0, 2))}
    if d.maybe(0.7):
        found["input_size"] = d.pair(5, 14)
    return Call("cells_seen", _seen, found, _right_seen)


def _seen(layers, cell, input_size=None):
    seen = convlib.cells_seen(layers, cell, input_size)
    field = convlib.receptive_field(layers)
    sizes = [None, None] if input_size is None else right.pair(input_size, 1)
    i, j = right.pair(cell, 0)
    ends = [field.rows(i, sizes[0]), field.columns(j, sizes[1])]
    told = [*(_numbers(*pair) for pair in seen)]
    ways = ()
    if input_size is not None and len(layers):
        ways = (Stack(layers, input_size).trace(cell)[0].ways,)
    return *told[0], *told[-1], *_numbers(*([r.start, r.stop] for r in ends)), *ways


def _right_seen(layers, cell, input_size=None):
    read = []
    if not np.iterable(layers):
        raise right.Refused("no layers")
    for entries in layers:
        if not isinstance(entries, tuple | list) or not 1 <= len(entries) <= 4:
            raise right.Refused("no layer")
        kernel, stride, sides, dilation = [*entries, *[None, 1, 0, 1][len(entries) :]]
        if isinstance(sides, str):
            raise right.Refused("padding")
        kernel, stride, dilation = (right.pair(v, 1) for v in (kernel, stride, dilation))
        read.append((kernel, stride, right.four_sides(sides, None, None, None), dilation))
    place = right.pair(cell, 0)
    sizes = [right.pair(input_size, 1)] if input_size is not None else []
    if max(place) > 1000 or any(max(*k, *s, *e, *map(max, p)) > 1000 for k, s, p, e in read):
        raise right.TooLarge
    for kernel, stride, sides, dilation in read if sizes else []:
        sizes.append(tuple(right.fitting(sizes[-1], sides, kernel, stride, dilation)))
    if sizes and any(p >= n for p, n in zip(place, sizes[-1], strict=True)):
        raise right.Refused("no such cell")
    told, ends, ways = [], [], []
    for axis in (0, 1):
        levels, counts, span = [{place[axis]: 1.0}], None, [place[axis], place[axis]]
        for depth in reversed(range(len(read))):
            kernel, stride, sides, dilation = (part[axis] for part in read[depth])
            below = {}
            for c, ways_to in levels[-1].items():
                for tap in range(kernel):
                    at = c * stride - sides[0] + tap * dilation
                    if not sizes or 0 <= at < sizes[depth][axis]:
                        below[at] = below.get(at, 0) + ways_to
            span = [
                span[0] * stride - sides[0],
                span[1] * stride - sides[0] + (kernel - 1) * dilation,
            ]
            levels.append(below)
        told.append((sorted(levels[-1]), sorted(levels[0])))
        size = sizes[0][axis] if sizes else None
        first, stop = span[0], span[1] + 1
        if size is not None:
            first, stop = (min(max(v, 0), size) for v in (first, stop))
        ends.append([first, stop])
        counts = [levels[-1].get(k, 0.0) for k in range(size or 0)]
        ways.append(counts)
    rows, columns = told
    answers = [rows[0], columns[0], rows[1], columns[1]]
    answers = [right.Answer(np.array(v, np.intp), None, np.dtype(np.intp)) for v in answers]
    answers += [right.Answer(v, None, np.dtype(int)) for v in ends]
    if sizes and read:
        answers.append(right.Answer(np.outer(*ways), None, np.dtype(float)))
    return answers


def walk(d):
    call = conv2d(d)
    return Call(
        "Walk", functools.partial(_walked, d.seed), call.arguments, right.conv2d, call.memory
    )


def _walked(seed, **arguments):
    """Stop at a few places: what is told there must be what conv2d made there."""
    made = convlib.Walk(**{k: v for k, v in arguments.items()})
    g, rng = made.geometry, np.random.default_rng(seed)
    order = (0, 2, 3, 1) if g.layout == "NHWC" else (0, 1, 2, 3)
    flat = made.padded.transpose(order).ravel()
    for _ in range(3 if len(made) else 0):
        n, o, i, j = (int(rng.integers(0, size)) for size in made.output.shape)
        f = made.frame(i, j, image=n, filter=o)
        _same(flat[f.grid_row], f.window.ravel())
        _same(f.sum, made.output[n, o, i, j])
        _same(f.window.astype(f.kernel.dtype) * f.kernel, f.products)
        here = made.padded.__array_interface__["data"][0]
        _same(_read(made.padded, here, f.byte_offsets), f.window)
        assert f.output_so_far.count() == f.number + 1
    y = made.output.transpose(0, 2, 3, 1) if g.layout == "NHWC" else made.output
    y = y if made.w_ndim == 4 else made.output[:, 0]
    return np.ascontiguousarray(y if made.x_ndim == 4 else y[0])


def _read(x, here, places):
    """Read memory at these bytes from the first element."""
    low, high = np.lib.array_utils.byte_bounds(x)
    raw = ctypes.string_at(low, high - low)
    cells = [raw[here - low + p :][: x.itemsize] for p in places.ravel().tolist()]
    return np.frombuffer(b"".join(cells), x.dtype).reshape(places.shape)


def _same(a, b):
    with np.errstate(all="ignore"):
        a, b = np.asarray(a), np.asarray(b)
        assert ((a == b) | ((a != a) & (b != b))).all(), f"{a} is not {b}"


def way_back(d):
    call = conv2d_backward(d)
    call.arguments.pop("method", None)
    of = functools.partial(_went_back, d.seed)
    return Call("WayBack", of, call.arguments, right.conv2d_backward, call.memory)


def _went_back(seed, grad, x, w, **arguments):
    """Look at one product: what it adds is grad * w and grad * x."""
    made, rng = WayBack(grad, x, w, **arguments), np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        if len(made.walk):
            n, o, i, j = (int(rng.integers(0, size)) for size in made.walk.output.shape)
            c, u, v = (int(rng.integers(0, size)) for size in made.walk.filters.shape[1:])
            r = made.at(i, j, tap=(u, v), image=n, filter=o, channel=c)
            # Of complex numbers, one product may be rounded otherwise than many.
            np.testing.assert_allclose(r.to_pixel, made.sent(r)[u, v], rtol=1e-2)
            _same(made.met(r)[i, j], r.pixel)
            dx = made.input_gradient(r, so_far=True)
            assert dx.shape == made.walk.geometry.padded_size
            assert made.kernel_gradient(r, so_far=True).shape == made.walk.filters.shape[2:]
    return convlib.conv2d_backward(grad, x, w, **arguments)


def tiles(d):
    call = conv2d(d)
    call.arguments.pop("threads", None)
    cut = d.whole(1, 6)
    function = functools.partial(_tiled, [d.whole(1, 7) for _ in range(4)], cut)
    return Call("tiles.conv2d", function, call.arguments, right.conv2d, call.memory)


def _tiled(chunks, cut, x, w, bias=None, **arguments):
    import dask
    import dask.array as da

    from convlib import tiles

    try:
        x = np.asarray(x)
    except ValueError:  # rows of several lengths
        return tiles.conv2d(x, w, bias, tile=cut, **arguments)
    few = [max(c, n // 4, 1) for c, n in zip(chunks, x.shape, strict=False)]
    lazy = da.from_array(x, chunks=tuple(few)) if few else x
    y = tiles.conv2d(lazy, w, bias, tile=max([cut, *(n // 4 for n in x.shape)]), **arguments)
    with dask.config.set(scheduler="synchronous"):
        made = y.compute()
    assert (y.shape, y.dtype) == (made.shape, made.dtype)
    return np.ascontiguousarray(made)


DRAWN = (geometry, safe_view, cells_seen, walk, way_back, tiles)
