"""What is right: every function again, by plain loops over taps, in numbers wide enough for any.

Integers are Python's, which never wrap; others are long doubles. Each answer comes with its size,
the same sum of magnitudes, by which it may be off. Nothing of convlib is used. What has no answer
is `Refused`.
"""

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST = 2_000_000  # cells of an array that is worked out


class Refused(Exception):
    """There is no right answer to this."""


class TooLarge(Exception):
    """There may be one, but it takes too long to work it out."""


@dataclass
class Answer:
    """Numbers (objects or long doubles), the sizes of their sums, their dtype; products in each."""

    values: Any
    sizes: Any
    dtype: Any
    products: int = 1

    def __post_init__(self):
        self.values = np.asarray(self.values)
        self.sizes = None if self.sizes is None else np.asarray(self.sizes)


# -- arguments --


def array(value):
    """Read an array of numbers, as a copy in the machine's own byte order."""
    if isinstance(value, np.ma.MaskedArray):
        raise Refused("masked")
    try:
        a = np.array(value)
    except ValueError as error:
        raise Refused("ragged") from error
    if a.dtype.kind not in "biufc":
        raise Refused(f"{a.dtype} holds no numbers")
    return a.astype(a.dtype.newbyteorder("="))


def wide(dtype, *arrays):
    """Widen numbers for a result of this dtype, so that nothing is lost."""
    if dtype.kind in "biu":
        return [a.astype(object) * 1 for a in arrays]  # True * 1 is 1
    return [a.astype(np.clongdouble if a.dtype.kind == "c" else np.longdouble) for a in arrays]


def number(value, least):
    if isinstance(value, bool | np.bool):
        raise Refused("True is no number")
    try:
        value = operator.index(value)
    except TypeError as error:
        raise Refused(f"{value!r} is not whole") from error
    if not least <= value < 2**31:
        raise Refused(f"{value} is out of range")
    return value


def pair(value, least):
    if isinstance(value, str | bytes | dict | set):
        raise Refused("no pair")
    try:
        two = list(value)
    except TypeError:
        two = [value, value]
    if len(two) != 2:
        raise Refused("not two")
    return tuple(number(v, least) for v in two)


def name(value, choices):
    if not isinstance(value, str) or value not in choices:
        raise Refused(f"{value!r} is not among them")
    return value


def flag(value):
    if not isinstance(value, bool | np.bool):
        raise Refused("neither True nor False")
    return bool(value)


def four_sides(padding, size, extent, stride):
    """Read padding of any spelling; SAME by the rule of TensorFlow."""
    if isinstance(padding, str):
        if name(padding, ("valid", "same", "same_lower")) == "valid":
            return (0, 0), (0, 0)
        sides = []
        for n, e, s in zip(size, extent, stride, strict=True):
            total = max(e - (s if n % s == 0 else n % s), 0)
            less, more = total // 2, total - total // 2
            sides.append((less, more) if padding == "same" else (more, less))
        return tuple(sides)
    try:
        entries = list(padding)
    except TypeError:
        entries = [padding, padding]
    nested = [np.iterable(entry) for entry in entries]
    if len(entries) != 2 or any(nested) != all(nested):
        raise Refused("padding of another form")
    if isinstance(padding, bytes | dict | set):
        raise Refused("no padding")
    return tuple(pair(entry, 0) for entry in entries)


def result(*operands):
    """The dtype of a result: int64 of what is whole, else as NumPy has it."""
    kinds = [np.result_type(o).kind for o in operands]
    return np.dtype(np.int64) if set(kinds) <= set("biu") else np.result_type(*operands)


# -- images and windows --


def fitting(size, sides, kernel, stride, dilation):
    """How many windows fit, by row and by column."""
    extents = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    padded = [n + sum(s) for n, s in zip(size, sides, strict=True)]
    if any(e > p for e, p in zip(extents, padded, strict=True)):
        raise Refused("the kernel does not fit")
    counts = [(p - e) // s + 1 for p, e, s in zip(padded, extents, stride, strict=True)]
    if np.prod([float(p) for p in padded]) > MOST:
        raise TooLarge
    return counts


def source(size, before, after, mode):
    """Which cell each padded place shows; -1 for none."""
    places = range(-before, size + after)
    if mode == "replicate":
        return [min(max(p, 0), size - 1) for p in places]
    if mode == "circular":
        if max(before, after) > size:
            raise Refused("too wide")
        return [p % size for p in places]
    if mode == "reflect":
        if max(before, after) > size - 1:
            raise Refused("too wide")
        return [size - 1 - abs(size - 1 - abs(p)) for p in places]
    return [p if 0 <= p < size else -1 for p in places]


def pad(x, sources):
    """Pad a batch (N, C, H, W)."""
    for axis, cells in zip((2, 3), sources, strict=True):
        x = np.moveaxis(x, axis, 0)
        x = np.stack([x[c] if c >= 0 else x[0] * 0 if x.dtype == object else np.zeros_like(x[0])
                      for c in cells])  # fmt: skip
        x = np.moveaxis(x, 0, axis)
    return x


def unpad(x, sources, size):
    """Give padded cells back to those that they show."""
    for axis, cells, n in zip((2, 3), sources, size, strict=True):
        x = np.moveaxis(x, axis, 0)
        y = np.zeros((n, *x.shape[1:]), x.dtype)
        for line, c in zip(x, cells, strict=True):
            if c >= 0:
                y[c] += line
        x = np.moveaxis(y, 0, axis)
    return x


def zeros(shape, *operands):
    return np.zeros(shape, np.result_type(*operands))


@dataclass
class Layer:
    """A convolution in canonical axes: images (N, C, H, W), filters (O, C/groups, KH, KW)."""

    images: Any
    filters: Any
    stride: tuple
    dilation: tuple
    sources: tuple
    counts: tuple
    groups: int
    layout: str
    ndims: tuple

    def taps(self, padded):
        """Yield tap by tap the cells that it visits, (N, C, OH, OW), as a view."""
        (oh, ow), (sh, sw), (dh, dw) = self.counts, self.stride, self.dilation
        for u, v in np.ndindex(*self.filters.shape[2:]):
            rows = slice(u * dh, u * dh + (oh - 1) * sh + 1, sh)
            yield u, v, padded[:, :, rows, slice(v * dw, v * dw + (ow - 1) * sw + 1, sw)]

    def slices(self):
        c, o = self.filters.shape[1], len(self.filters) // self.groups
        for g in range(self.groups):
            yield slice(g * c, (g + 1) * c), slice(g * o, (g + 1) * o)

    def forward(self, x, w):
        padded = pad(x, self.sources)
        y = zeros((len(x), len(w), *self.counts), padded, w)
        for u, v, cells in self.taps(padded):
            for c, o in self.slices():
                products = w[o, :, u, v][None, :, :, None, None] * cells[:, None, c]
                y[:, o] += products.sum(axis=2)
        return y

    def to_input(self, grad, w):
        size = tuple(map(len, self.sources))
        dx = zeros((len(grad), self.images.shape[1], *size), grad, w)
        for u, v, cells in self.taps(dx):
            for c, o in self.slices():
                cells[:, c] += (w[o, :, u, v][None, :, :, None, None] * grad[:, o, None]).sum(1)
        return unpad(dx, self.sources, self.images.shape[2:])

    def to_kernel(self, grad, x):
        dw = zeros(self.filters.shape, grad, x)
        for u, v, cells in self.taps(pad(x, self.sources)):
            for c, o in self.slices():
                dw[o, :, u, v] = (grad[:, o, None] * cells[:, None, c]).sum(axis=(0, 3, 4))
        return dw

    def typed(self, y):
        """Give (N, O, rows, columns) the axes that the arguments had."""
        y = y.transpose(0, 2, 3, 1) if self.layout == "NHWC" and self.ndims[1] == 4 else y
        y = y if self.ndims[1] == 4 else y[:, 0]
        return y if self.ndims[0] == 4 else y[0]

    def typed_x(self, x):
        x = x[:, 0] if self.ndims[0] == 2 else x
        x = np.moveaxis(x, 1, -1) if self.layout == "NHWC" and self.ndims[0] > 2 else x
        return x if self.ndims[0] == 4 else x[0]

    def typed_w(self, w):
        w = w.transpose(2, 3, 1, 0) if self.layout == "NHWC" and self.ndims[1] > 2 else w
        if self.ndims[1] == 4:
            return w
        return w[0, 0] if self.ndims[1] == 2 else w[..., 0] if self.layout == "NHWC" else w[0]


def canonical(x, w, layout):
    """Give an image and filters the axes (N, C, H, W) and (O, C, KH, KW)."""
    x = x[None, None] if x.ndim == 2 else x if x.ndim == 4 else x[None]
    if layout == "NHWC" and w.ndim > 2:
        w = w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.transpose(2, 0, 1)
    return x, w[(None,) * (4 - w.ndim)]


def layer(x, w, *, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros", layout="NCHW"):
    """Read the arguments of conv2d."""
    layout = name(layout, ("NCHW", "NHWC"))
    mode = name(padding_mode, ("zeros", "reflect", "replicate", "circular"))
    if (x.ndim, w.ndim) not in [(4, 4), (3, 4), (4, 3), (3, 3), (2, 2)]:
        raise Refused("axes")
    if 0 in w.shape or 0 in x.shape[x.ndim == 4 :]:
        raise Refused("empty")
    images, filters = canonical(x, w, layout)
    if layout == "NHWC" and x.ndim > 2:
        images = np.moveaxis(images, -1, 1)
    groups, stride, dilation = number(groups, 1), pair(stride, 1), pair(dilation, 1)
    wrong = filters.shape[1] * groups != images.shape[1] or len(filters) % groups
    if wrong or (w.ndim < 4 and groups > 1):
        raise Refused("groups")
    kernel, size = filters.shape[2:], images.shape[2:]
    extent = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    sides = four_sides(padding, size, extent, stride)
    counts = fitting(size, sides, kernel, stride, dilation)
    sources = tuple(source(n, *s, mode) for n, s in zip(size, sides, strict=True))
    return Layer(
        images, filters, stride, dilation, sources, counts, groups, layout, (x.ndim, w.ndim)
    )


WEAK = (bool, int, float, complex)


def biased(bias, count, one):
    """Read a bias of so many numbers, or of one, and the operand that its dtype follows from."""
    if bias is None:
        return None, ()
    b = array(bias)
    if b.shape not in ([(), (1,)] if one else [(count,)]):
        raise Refused("bias")
    return b.reshape(-1), (b.item() if type(bias) in WEAK else b,)


def conv2d(x, w, bias=None, method="auto", threads=1, **steps):
    """The right answer of conv2d."""
    x, w = array(x), array(w)
    name(method, METHODS)
    number(threads, 1)
    at = layer(x, w, **steps)
    b, more = biased(bias, len(at.filters), w.ndim < 4)
    dtype = result(x, w, *more)
    images, filters = wide(dtype, at.images, at.filters)
    y, size = at.forward(images, filters), at.forward(abs(images), abs(filters))
    if b is not None:
        (b,) = wide(dtype, b[:, None, None])
        y, size = y + b, size + abs(b)
    return [Answer(at.typed(y), at.typed(size), dtype, filters[0].size + 1)]


METHODS = (
    "auto", "loops", "index_grid", "strided",
    "taps", "banded", "im2col", "winograd", "fft", "matrix",
)  # fmt: skip


def conv2d_backward(grad, x, w, method="auto", **steps):
    """The right gradients."""
    name(method, METHODS[:4])
    grad, x, w = array(grad), array(x), array(w)
    at = layer(x, w, **steps)
    shape = (len(at.images), len(at.filters), *at.counts)
    if grad.shape != at.typed(np.broadcast_to(False, shape)).shape:
        raise Refused("grad")
    flow = grad if at.ndims[0] == 4 else grad[None]
    if at.ndims[1] < 4:
        flow = flow[:, None]
    elif at.layout == "NHWC":
        flow = np.moveaxis(flow, -1, 1)
    dtype = result(grad, x, w)
    flow, images, filters = wide(dtype, flow, at.images.conj(), at.filters.conj())
    answers = []
    for g, a, b in ((flow, images, filters), (abs(flow), abs(images), abs(filters))):
        db = g.sum(axis=(0, 2, 3))
        back = at.typed_x(at.to_input(g, b)), at.typed_w(at.to_kernel(g, a))
        answers.append((*back, db if at.ndims[1] == 4 else db[0]))
    products = flow.size * filters[0, 0].size + 1
    return [Answer(v, s, dtype, products) for v, s in zip(*answers, strict=True)]


def conv_transpose2d(
    x, w, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1, layout="NCHW"
):
    """The right answer of conv_transpose2d."""
    x, w, layout = array(x), array(w), name(layout, ("NCHW", "NHWC"))
    if (x.ndim, w.ndim) not in [(4, 4), (3, 4), (2, 2)]:
        raise Refused("axes")
    if 0 in w.shape or 0 in x.shape[x.ndim == 4 :]:
        raise Refused("empty")
    flow, filters = canonical(x, w, layout)
    if layout == "NHWC" and x.ndim > 2:
        flow = np.moveaxis(flow, -1, 1)
    groups, stride, dilation = number(groups, 1), pair(stride, 1), pair(dilation, 1)
    sides, more = pair(padding, 0), pair(output_padding, 0)
    if len(filters) != flow.shape[1] or len(filters) % groups:
        raise Refused("channels")
    if any(m >= max(s, d) for m, s, d in zip(more, stride, dilation, strict=True)):
        raise Refused("output_padding")
    axes = zip(flow.shape[2:], stride, sides, filters.shape[2:], dilation, more, strict=True)
    size = [(n - 1) * s - 2 * p + (k - 1) * d + m + 1 for n, s, p, k, d, m in axes]
    if min(size) < 1:
        raise Refused("nothing is left")
    if np.prod([float(n + 2 * p) for n, p in zip(size, sides, strict=True)]) > MOST:
        raise TooLarge
    channels = filters.shape[1] * groups
    sources = tuple(source(n, p, p, "zeros") for n, p in zip(size, sides, strict=True))
    images = np.broadcast_to(False, (len(flow), channels, *size))
    counts = flow.shape[2:]
    at = Layer(images, filters, stride, dilation, sources, counts, groups, layout, (x.ndim, 4))
    b, operand = biased(bias, channels, x.ndim == 2)
    dtype = result(x, w, *operand)
    flow, filters = wide(dtype, flow, filters)
    y, sizes = at.to_input(flow, filters), at.to_input(abs(flow), abs(filters))
    if b is not None:
        (b,) = wide(dtype, b[:, None, None])
        y, sizes = y + b, sizes + abs(b)
    products = filters[:, 0].size // groups + 1
    return [Answer(at.typed_x(y), at.typed_x(sizes), dtype, products)]


def _columns(x, kernel_size, dilation, padding, stride):
    kernel = pair(kernel_size, 1)
    if max(kernel) > MOST // 1000:
        raise TooLarge
    w = np.broadcast_to(False, (x.shape[1], 1, *kernel))
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    return layer(x, w, groups=x.shape[1], **steps)


def unfold(x, kernel_size, *, dilation=1, padding=0, stride=1):
    """The right answer of unfold."""
    a = array(x)
    if a.ndim not in (3, 4) or 0 in a.shape[a.ndim == 4 :]:
        raise Refused("axes")
    images = a if a.ndim == 4 else a[None]
    at = _columns(images, kernel_size, dilation, padding, stride)
    columns = [cells for _, _, cells in at.taps(pad(images, at.sources))]
    kernel = at.filters.shape[2] * at.filters.shape[3]
    shape = (len(images), images.shape[1] * kernel, at.counts[0] * at.counts[1])
    y = np.stack(columns, axis=2).reshape(shape)
    return [Answer(y if a.ndim == 4 else y[0], None, a.dtype)]


def fold(cols, output_size, kernel_size, *, dilation=1, padding=0, stride=1):
    """The right answer of fold."""
    a = array(cols)
    if a.ndim not in (2, 3):
        raise Refused("axes")
    flow, size = (a if a.ndim == 3 else a[None]), pair(output_size, 1)
    taps = pair(kernel_size, 1)[0] * pair(kernel_size, 1)[1]
    channels = flow.shape[1] // taps
    if not channels or flow.shape[1] % taps:
        raise Refused("rows")
    image = np.broadcast_to(False, (len(flow), channels, *size))
    at = _columns(image, kernel_size, dilation, padding, stride)
    if flow.shape[2] != at.counts[0] * at.counts[1]:
        raise Refused("columns")
    made, (flow,) = [], wide(result(a), flow)
    for g in (flow, abs(flow)):
        grad = g.reshape(len(g), channels, taps, *at.counts)
        dx = zeros((len(g), channels, *map(len, at.sources)), g)
        for tap, (_, _, cells) in enumerate(at.taps(dx)):
            cells += grad[:, :, tap]
        dx = unpad(dx, at.sources, size)
        made.append(dx if a.ndim == 3 else dx[0])
    return [Answer(*made, result(a), taps)]
