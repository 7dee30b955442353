"""Random calls of the public functions, most of them valid, and of what is not."""

import copy
import datetime
import functools
import pickle
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import convlib
from convlib import prepare
from tests.core.pools import Pool
from tests.fuzz import right
from tests.fuzz.draw import DTYPES, Draw, Given, bits, given


@dataclass
class Call:
    """A function, the arguments as typed, and who says what is right."""

    name: str
    function: Any
    arguments: dict[str, Any]
    right: Any
    memory: list[Given] = field(default_factory=list)
    fixed: frozenset[str] = frozenset()  # arguments that are never another thing


def steps(d, most=3):
    """Draw stride and dilation; half of the time there is none."""
    typed = {}
    for name in ("stride", "dilation"):
        if d.maybe(0.5):
            typed[name] = d.pair(1, most)
    return typed


def padding(d):
    four = [[d.whole(0, 3), d.whole(0, 3)], (d.whole(0, 3), d.whole(0, 3))]
    return d.one(0, d.pair(0, 3), four, tuple(map(tuple, four)), np.array(four),
                 "valid", "same", "same_lower")  # fmt: skip


def typed(call_arguments, d, name, shape, dtype, memory, **how):
    """Draw an array as one of the arguments, and keep an eye on its memory."""
    made = given(d, shape, dtype, **how)
    memory.append(made)
    call_arguments[name] = made.typed


def layer(d, *, small=False):
    """Draw x and w for a convolution, and its steps. A kernel may by chance not fit."""
    found, memory = {}, []
    layout = d.one("NCHW", "NHWC")
    one_image, one_kernel, flat = d.maybe(0.3), d.maybe(0.2), d.maybe(0.25)
    groups = 1 if one_kernel or flat else d.one(1, 1, 2, 3)
    per_group, filters = d.one(1, 2, 3), d.one(1, 2, 3) * groups
    kernel, size = [d.whole(1, 4), d.whole(1, 4)], [d.whole(d.one(1, 5), 14) for _ in range(2)]
    dtypes = d.one(*DTYPES), d.one(*DTYPES)
    dtypes = dtypes if d.maybe(0.5) else (dtypes[0], dtypes[0])
    how = {}
    if not small and d.maybe(0.12):  # where other methods are faster
        kernel, size = d.one(
            ([3, 3], [d.whole(20, 40), d.whole(20, 40)]),
            ([d.whole(5, 25), d.whole(5, 25)], [d.whole(30, 110), d.whole(30, 110)]),
        )
        groups, (per_group, filters) = 1, d.one((1, 1), (1, 2), (32, 32), (40, 33))
        per_group, filters = (per_group, filters) if kernel[0] == 3 else (1, 1)
        dtypes = (d.one("float32", "float64", "uint8", "float16"),) * 2
    batch = d.one(1, 1, 2, 3, 0) if size[0] < 20 else 1
    x, w = [batch, groups * per_group, *size], [filters, per_group, *kernel]
    if layout == "NHWC":
        x, w = [batch, *size, groups * per_group], [*kernel, per_group, filters]
    x = x[1:] if one_image else x
    if one_kernel:
        w = w[:3] if layout == "NHWC" else w[1:]
    if flat:
        x, w = size, kernel
    typed(found, d, "x", x, dtypes[0], memory, **how)
    typed(found, d, "w", w, dtypes[1], memory, **how)
    found |= steps(d)
    if d.maybe(0.6):
        found["padding"] = padding(d)
    if d.maybe(0.3):
        found["padding_mode"] = d.one("reflect", "replicate", "circular")
    if groups > 1:
        found["groups"] = d.one(groups, np.int32(groups))
    if layout != "NCHW":
        found["layout"] = layout
    return found, memory, (1 if flat or one_kernel else filters)


def bias(d, found, memory, count, one, name="bias"):
    if d.maybe(0.6):
        return
    if one and d.maybe(0.5):
        found[name] = d.one(3, -0.5, True, 1j, np.float32(2), 2**40)
        return
    typed(found, d, name, [count], d.one(*DTYPES), memory)


def is_one(found):
    return np.ndim(found["w"]) < 4


def conv2d(d):
    found, memory, filters = layer(d)
    bias(d, found, memory, filters, is_one(found))
    if d.maybe(0.7):
        found["method"] = d.one(*right.METHODS)
        if found["method"] == "loops" and np.size(found["x"]) > 300:
            found["method"] = "taps"
    if d.maybe(0.3):
        found["threads"] = d.one(1, 2, 3)
    function = convlib.conv2d
    if d.maybe(0.3):
        function = twice_prepared
    return Call("conv2d", function, found, right.conv2d, memory)


def twice_prepared(x, w, bias=None, **arguments):
    """Convolve with a prepared kernel, again with what it has kept, and with a copy of it."""
    kernel = prepare(w, layout=arguments.get("layout", "NCHW"))
    first, *others = (
        convlib.conv2d(x, k, bias, **arguments)
        for k in (kernel, kernel, copy.deepcopy(kernel), pickle.loads(pickle.dumps(kernel)))
    )
    assert {bits(y) for y in others} == {bits(first)}, "what is kept has changed the answer"
    return first


def backward_prepared(grad, x, w, **arguments):
    """Go back by a prepared kernel, and again."""
    kernel = prepare(w, layout=arguments.get("layout", "NCHW"))
    first, again = (convlib.conv2d_backward(grad, x, kernel, **arguments) for _ in range(2))
    for a, b in zip(first, again, strict=True):
        assert bits(a) == bits(b), "what is kept has changed the answer"
    return first


def explain(d):
    call = conv2d(d)
    return Call("explain", convlib.explain, call.arguments, right.conv2d, call.memory)


def conv2d_backward(d):
    found, memory, _ = layer(d, small=d.maybe(0.8))
    if d.maybe(0.7):
        found["method"] = d.one("loops", "index_grid", "strided", "auto")
        if np.size(found["x"]) > 300:
            found["method"] = "auto"
    try:
        at = right.layer(*(right.array(found[n]) for n in "xw"), **_steps_of(found))
        shape = at.typed(
            np.broadcast_to(False, (len(at.images), len(at.filters), *at.counts))
        ).shape
    except right.Refused:
        shape = (2, 3)
    grad = {}
    typed(grad, d, "grad", shape, d.one(*DTYPES), memory)
    call = Call("conv2d_backward", convlib.conv2d_backward, grad | found, right.conv2d_backward)
    call.memory = memory
    if d.maybe(0.3):
        call.function = backward_prepared
    return call


def _steps_of(found):
    return {n: v for n, v in found.items() if n not in ("x", "w", "bias", "method", "threads")}


def conv_transpose2d(d):
    found, memory = {}, []
    layout, flat = d.one("NCHW", "NHWC"), d.maybe(0.2)
    groups = 1 if flat else d.one(1, 1, 2, 3)
    channels, of_group = (1, 1) if flat else (groups * d.whole(1, 2), d.whole(1, 2))
    kernel, size = [d.whole(1, 4), d.whole(1, 4)], [d.whole(1, 6), d.whole(1, 6)]
    x, w = [d.one(1, 2, 0), channels, *size], [channels, of_group, *kernel]
    if layout == "NHWC":
        x, w = [x[0], *size, channels], [*kernel, of_group, channels]
    x, w = (size, kernel) if flat else (x[d.one(0, 1) :], w)
    dtype = d.one(*DTYPES)
    typed(found, d, "x", x, dtype, memory)
    typed(found, d, "w", w, d.one(dtype, dtype, *DTYPES), memory)
    found |= steps(d) | ({"layout": layout} if layout != "NCHW" else {})
    if d.maybe(0.5):
        found["padding"] = d.pair(0, 2)
    if d.maybe(0.3):
        found["output_padding"] = d.pair(0, 2)
    if groups > 1:
        found["groups"] = groups
    bias(d, found, memory, groups * of_group, flat)
    function = convlib.conv_transpose2d
    return Call("conv_transpose2d", function, found, right.conv_transpose2d, memory)


def unfold(d):
    found, memory = {}, []
    shape = [d.one(1, 2, 0), d.whole(1, 3), d.whole(1, 9), d.whole(1, 9)][d.one(0, 1) :]
    typed(found, d, "x", shape, d.one(*DTYPES), memory)
    found |= {"kernel_size": d.pair(1, 4), **steps(d)}
    if d.maybe(0.5):
        found["padding"] = padding(d)
    return Call("unfold", convlib.unfold, found, right.unfold, memory)


def fold(d):
    call = unfold(d)
    found, memory = call.arguments, []
    found["output_size"] = tuple(np.shape(found["x"])[-2:])
    try:
        shape = right.unfold(**{n: v for n, v in found.items() if n != "output_size"})[
            0
        ].values.shape
    except right.Refused:
        shape = (4, 3)
    del found["x"]
    cols = {}
    typed(cols, d, "cols", shape, d.one(*DTYPES), memory)
    order = {n: found.pop(n) for n in ("output_size", "kernel_size")}
    return Call("fold", convlib.fold, cols | order | found, right.fold, memory)


# -- windows --


def windows(d):
    found, memory = {}, []
    axes, layout = d.one(2, 3, 4), d.one("NCHW", "NHWC")
    shape = [d.one(1, 2, 0), d.whole(1, 3), d.whole(1, 8), d.whole(1, 8)][4 - axes :]
    typed(found, d, "x", shape, d.one(*DTYPES), memory)
    found |= {"kernel_size": d.pair(1, 4), **steps(d)}
    if layout != "NCHW":
        found["layout"] = layout
    family = d.one(convlib.index_grid, convlib.strided)
    name = f"{family.__name__.split('.')[-1]}.windows"
    return Call(name, family.windows, found, _windows, memory)


def _windows(x, kernel_size, *, stride=1, dilation=1, layout="NCHW"):
    layout = right.name(layout, ("NCHW", "NHWC"))
    try:
        a = np.array(x)
    except ValueError as error:
        raise right.Refused("ragged") from error
    if isinstance(x, np.ma.MaskedArray) or a.ndim not in (2, 3, 4) or 0 in a.shape[a.ndim == 4 :]:
        raise right.Refused("axes")
    images, _ = right.canonical(a, np.zeros((1, 1)), layout)
    images = np.moveaxis(images, -1, 1) if layout == "NHWC" and a.ndim > 2 else images
    at = right._columns(images, kernel_size, dilation, 0, stride)
    columns = [cells for _, _, cells in at.taps(images)]
    shape = (*at.filters.shape[2:], *columns[0].shape)
    y = np.stack(columns).reshape(shape).transpose(2, 4, 5, 3, 0, 1)
    y = y if a.ndim == 4 else y[0] if a.ndim == 3 else y[0, :, :, 0]
    return [right.Answer(y, None, a.dtype)]


# -- pooling --


REDUCTIONS = np.min, np.max, np.median, np.sum


def pooling(d):
    found, memory = {}, []
    axes, layout = d.one(2, 3, 4), d.one("NCHW", "NHWC")
    kernel = d.pair(1, 4)
    shape = [d.one(1, 2, 0), d.whole(1, 3), d.whole(1, 8), d.whole(1, 8)]
    if layout == "NHWC":
        shape = [shape[0], *shape[2:], shape[1]]
    shape = shape[4 - axes :] if axes > 2 else shape[2:] if layout == "NCHW" else shape[1:3]
    typed(found, d, "x", shape, d.one(*DTYPES), memory)
    found["kernel_size"] = kernel
    kind = d.one("max_pool2d", "avg_pool2d", "pool2d")
    backward = kind != "pool2d" and d.maybe(0.4)
    if kind == "pool2d":
        found["reduce"] = d.one(*REDUCTIONS)
    if d.maybe(0.5):
        found["stride"] = d.one(None, d.pair(1, 4))
    if d.maybe(0.4):
        found["padding"] = d.pair(0, min(right.pair(kernel, 1)) // 2)
    if kind != "avg_pool2d" and d.maybe(0.4):
        found["dilation"] = d.pair(1, 3)
    if d.maybe(0.4):
        found["ceil_mode"] = d.one(True, np.True_)
    if kind == "avg_pool2d" and d.maybe(0.4):
        found["count_include_pad"] = False
    if layout != "NCHW":
        found["layout"] = layout
    if backward:
        kind += "_backward"
        try:
            shape = _pooling(kind.removesuffix("_backward"), **found)[0].values.shape
        except right.Refused:
            shape = (2, 2)
        grad = {}
        typed(grad, d, "grad", shape, d.one(*DTYPES), memory)
        found = grad | found
    call = Call(kind, getattr(convlib, kind), found, functools.partial(_pooling, kind), memory)
    call.fixed = frozenset({"reduce"})  # what it raises is its own
    return call


def _pooling(
    kind, x, kernel_size, reduce=None, *, grad=None, stride=None, padding=0, dilation=1,
    ceil_mode=False, count_include_pad=True, layout="NCHW",
):  # fmt: skip
    a, layout = right.array(x), right.name(layout, ("NCHW", "NHWC"))
    if a.ndim not in (2, 3, 4) or 0 in a.shape[a.ndim == 4 :]:
        raise right.Refused("axes")
    kernel, ceil_mode = right.pair(kernel_size, 1), right.flag(ceil_mode)
    count = right.flag(count_include_pad)
    stride = kernel if stride is None else right.pair(stride, 1)
    sides, dilation = right.pair(padding, 0), right.pair(dilation, 1)
    if any(2 * p > k for p, k in zip(sides, kernel, strict=True)):
        raise right.Refused("padding")
    if kind.startswith("max") and a.dtype.kind == "c":
        raise right.Refused("complex")
    if reduce is not None and not any(reduce is one for one in REDUCTIONS):
        raise right.Refused("reduce")
    images, _ = right.canonical(a, np.zeros((1, 1)), layout)
    images = np.moveaxis(images, -1, 1) if layout == "NHWC" and a.ndim > 2 else images
    named = {"stride": stride, "padding": sides, "dilation": dilation, "ceil_mode": ceil_mode}
    if max(*kernel, *dilation, *stride) > 1000:
        if any((k - 1) * e + 1 > n + 2 * p + ceil_mode * (s - 1) for k, e, n, p, s in zip(
            kernel, dilation, images.shape[2:], sides, stride, strict=True)):  # fmt: skip
            raise right.Refused("the kernel does not fit")
        raise right.TooLarge
    pool = Pool(images, kernel, named)
    if 0 in pool.output_shape[2:]:
        raise right.Refused("the kernel does not fit")

    def typed(y):
        y = y if a.ndim > 2 else y[:, 0]
        y = np.moveaxis(y, 1, -1) if layout == "NHWC" and a.ndim > 2 else y
        return y if a.ndim == 4 else y[0]

    if grad is not None:
        g = right.array(grad)
        if g.shape != typed(np.empty(pool.output_shape)).shape:
            raise right.Refused("grad")
        flow, _ = right.canonical(g, np.zeros((1, 1)), layout)
        flow = np.moveaxis(flow, -1, 1) if layout == "NHWC" and g.ndim > 2 else flow
        return [_handed_back(pool, kind, flow, g.dtype, count, typed)]
    if kind == "pool2d" and pool.has_empty_window:
        raise right.Refused("a window without a cell")
    return [_reduced(pool, kind, reduce, a.dtype, count, typed)]


def _lowest(dtype):
    return (
        {"b": False, "f": -np.inf}.get(dtype.kind, 0) if dtype.kind in "bf" else np.iinfo(dtype).min
    )


def _reduced(pool, kind, reduce, dtype, count, typed):
    if kind == "max_pool2d":
        y = pool.reduced(lambda cells: np.max(cells) if cells else _lowest(dtype), dtype)
        return right.Answer(typed(y), None, dtype)
    if kind == "pool2d":
        of = np.asarray(reduce(np.zeros((1, 1), dtype), axis=(-2, -1))).dtype
        y = pool.reduced(lambda cells: reduce(np.array([cells], dtype), axis=(-2, -1)), of)
        size = Pool(abs(pool.x), pool.kernel_size, pool.arguments).reduced(sum, np.longdouble)
        return right.Answer(typed(y), typed(size), of, 20)
    of, made = np.dtype(float) if dtype.kind in "biu" else dtype, []
    wide = Pool(*right.wide(of, pool.x), pool.kernel_size, pool.arguments)
    for p in (wide, Pool(abs(wide.x), pool.kernel_size, pool.arguments)):
        y = p.reduced(sum, np.clongdouble if dtype.kind == "c" else np.longdouble)
        for i, j in np.ndindex(y.shape[2:]):
            y[:, :, i, j] /= np.longdouble(pool.divisor(i, j, count) or np.nan)
        made.append(typed(y))
    return right.Answer(*made, of, 20)


def _handed_back(pool, kind, flow, dtype, count, typed):
    of = right.result(np.empty(0, dtype)) if kind.startswith("max") else dtype
    of = np.dtype(float) if not kind.startswith("max") and dtype.kind in "biu" else of
    made, (flow,) = [], right.wide(of, flow)
    for g in (flow, abs(flow)):
        if kind.startswith("max"):
            dx = pool.max_backward(g)
        else:
            dx = np.zeros(pool.x.shape, np.result_type(g.dtype, np.longdouble))
            for place, cells in pool.windows():
                for cell in cells:
                    dx[cell] += g[place] / np.longdouble(pool.divisor(*place[2:], count))
        made.append(typed(dx))
    return right.Answer(*made, of, 20)


# -- what is no argument --

STRANGE = (
    None, True, np.True_, 0, -1, -3, 1.0, 1.5, np.float64(2), float("nan"), float("inf"), 2**31 - 1,
    2**31, 10**30, -(2**70), "1", "same", "", b"12", (), (1,), [1], (1, 2, 3), (1, 0), (1, -1),
    (1, None), (2, 1.0), ((1, 2), (3, 4)), ((1, 2), 3), ((1, 2), (3,)), [[1, [2]], [3, 4]],
    ((True, 1), (0, 0)), {}, {1: 2, 3: 4}, {1, 2}, np.array(2), np.array([1.0, 2.0]),
    np.array([[1, 2], [0, 1]]), np.uint64(2**64 - 1), np.datetime64("2020-01-01"), 1j, object, len,
    range(2), range(1, 3), "zeros", "NHWC", "auto", np.int8(1), "SAME", np.str_("same"), Ellipsis,
    slice(1), datetime.date(2020, 1, 1), np.array([True, True]), (np.int16(1), np.uint8(2)), 2, 3,
)  # fmt: skip


def strange_arrays(d):
    """What stands where an array should."""
    a = np.arange(12.0).reshape(3, 4)
    return d.one(
        None, 3, 2.5, "ab", b"ab", [], [[]], [[1, 2], [3]], [["a"]], a.astype(object), a > 5,
        np.ma.masked_array(a, a > 5), a.astype("M8[s]"), a.astype("m8[s]"), np.zeros((0, 4)),
        np.zeros((2, 0, 3)), np.array(5), np.zeros((1, 1, 1, 1, 1)), {}, {1, 2}, len,
        np.zeros((3, 4), [("a", "f4")]), iter([1, 2]), object(), a[0], a[None], a[None, None], a,
        [[2**70, 1]], [[2**63, 1]], [[True, 2]], np.zeros((2, 3, 4)), a[None] > 3, a[0, 0],
        a.tobytes(), memoryview(a), a.astype("S4"), range(3),
        np.float32(1), [[1j, 2]], [[10**400]], [[float("nan"), 1]], np.ones((1, 1, 3, 3), int),
    )  # fmt: skip


ARRAYS = {"x", "w", "bias", "grad", "cols"}


def spoil(d, call):
    """Put something else in the place of one or two of the arguments."""
    for _ in range(d.one(1, 1, 1, 2)):
        names = [*call.arguments.keys() - call.fixed]
        names.sort()
        if call.name in ("conv2d", "explain", "conv2d_backward", "Walk", "tiles.conv2d"):
            names += [*_OPTIONAL, "method"]
        name = d.one(*names)
        value = strange_arrays(d) if name in ARRAYS else d.one(*STRANGE)
        call.arguments[name] = value
    if call.name in ("conv2d", "conv2d_backward"):
        call.function = getattr(convlib, call.name)
    return call


_OPTIONAL = ("stride", "padding", "dilation", "groups", "padding_mode", "layout")

DRAWN = (
    conv2d, conv2d, conv2d, explain, conv2d_backward, conv_transpose2d, unfold, fold, windows,
    pooling, pooling,
)  # fmt: skip


def call(seed, drawn=DRAWN):
    """Draw the call of this seed; every fifth has a wrong argument."""
    d = Draw(seed)
    made = d.one(*drawn)(d)
    return spoil(d, made) if d.maybe(0.2) else made
