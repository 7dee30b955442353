"""Right attempts at conv2d, written in unusual ways."""

import functools
import itertools
import operator
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

import convlib
from tests.check.learners import right

PLANE = {"x": "HW", "w": "HW"}
IMAGE = {"x": "CHW", "w": "CHW"}
BATCH = {"x": "NCHW", "w": "OCHW"}


@right("conv2d", **PLANE)
def lists_in_and_out(x, w):
    x, w = x.tolist(), w.tolist()
    return [
        [
            sum(a * b for k, line in enumerate(w) for a, b in zip(x[i + k][j:], line, strict=False))
            for j in range(len(x[0]) - len(w[0]) + 1)
        ]
        for i in range(len(x) - len(w) + 1)
    ]


@right("conv2d", **PLANE)
def tuple_of_tuples(x, w):
    windows = sliding_window_view(x, w.shape).astype(np.result_type(x, w, int))
    return tuple(tuple(float((window * w).sum()) for window in row) for row in windows)


@right("conv2d", **PLANE)
def in_fortran_order(x, w):
    wide = x.astype(float)
    return np.asfortranarray(np.einsum("ijuv,uv->ij", sliding_window_view(wide, w.shape), w))


@right("conv2d", **PLANE)
def read_only(x, w):
    out = np.tensordot(sliding_window_view(x.astype(float), w.shape), w, axes=2)
    out.setflags(write=False)
    return out


@right("conv2d", **PLANE)
def in_float32(x, w):
    windows = sliding_window_view(x.astype(np.float32), w.shape)
    return np.einsum("ijuv,uv->ij", windows, w.astype(np.float32))


@right("conv2d", **PLANE)
def in_long_double(x, w):
    windows = sliding_window_view(x, w.shape).reshape(-1, w.size).astype(np.longdouble)
    return (windows @ w.ravel()).reshape(len(x) - len(w) + 1, -1)


@right("conv2d", **PLANE)
def by_spectra(x, w):
    size = [a + b - 1 for a, b in zip(x.shape, w.shape, strict=True)]
    product = np.fft.fft2(x, size) * np.fft.fft2(w[::-1, ::-1], size)
    return np.fft.ifft2(product).real[len(w) - 1 : len(x), w.shape[1] - 1 : x.shape[1]]


@right("conv2d", **PLANE)
def by_conjugated_spectra(x, w):
    product = np.fft.rfft2(x) * np.fft.rfft2(w, x.shape).conj()
    return np.fft.irfft2(product, x.shape)[: len(x) - len(w) + 1, : x.shape[1] - w.shape[1] + 1]


@right("conv2d", **PLANE)
def as_one_large_matrix(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    matrix = np.zeros((oh, ow, *x.shape))
    for i, j in np.ndindex(oh, ow):
        matrix[i, j, i : i + w.shape[0], j : j + w.shape[1]] = w
    return (matrix.reshape(oh * ow, x.size) @ x.ravel()).reshape(oh, ow)


@right("conv2d", **PLANE)
def by_its_own_strides(x, w):
    shape = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1, *w.shape
    windows = as_strided(x, shape, x.strides * 2, writeable=False)
    return np.multiply(windows, w, dtype=np.float64).sum(axis=(3, 2))


@right("conv2d", **PLANE)
def by_halving_the_kernel(x, w):
    if w.size == 1:
        return x * float(w[0, 0])
    if len(w) == 1:
        return by_halving_the_kernel(x.T, w.T).T
    upper = len(w) // 2
    below = by_halving_the_kernel(x[upper:], w[upper:])
    return by_halving_the_kernel(x, w[:upper])[: len(below)] + below


@right("conv2d", **PLANE)
def from_a_generator(x, w):
    oh, ow = np.subtract(x.shape, w.shape) + 1
    windows = (x[i:, j:][: len(w), : len(w[0])] for i in range(oh) for j in range(ow))
    sums = (np.vdot(window.astype(float), w) for window in windows)
    return np.fromiter(sums, float, oh * ow).reshape(oh, ow)


def matrix_products(x, w, kind):
    rows = sliding_window_view(x, w.shape).astype(kind)
    return np.trace(rows @ w.T, axis1=2, axis2=3)


class Layer:
    def __init__(self, kind):
        self.kind = kind

    def __call__(self, x, w):
        return np.tensordot(sliding_window_view(self.kind(x), w.shape), w, 2)


right("conv2d", **PLANE)(Layer(np.float64))
right("conv2d", **PLANE)(functools.partial(matrix_products, kind=np.float64))
right("conv2d", **PLANE)(
    lambda x, w: [
        np.sum([np.convolve(x[i + u] * 1.0, w[u, ::-1], "valid") for u in range(len(w))], axis=0)
        for i in range(len(x) - len(w) + 1)
    ]
)


def in_floats(function):
    @functools.wraps(function)
    def wide(*arrays, **given):
        return function(*(np.asarray(a, dtype=float) for a in arrays), **given)

    return wide


@right("conv2d", **PLANE)
@in_floats
def every_pixel_is_handed_out(x, w, /):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    out = np.zeros((oh, ow))
    for (i, j), (u, v) in itertools.product(np.ndindex(x.shape), np.ndindex(w.shape)):
        if 0 <= i - u < oh and 0 <= j - v < ow:
            out[i - u, j - v] += x[i, j] * w[u, v]
    return out


@right("conv2d", **PLANE)
@in_floats
def rolled_and_cut(x, w, debug=False):
    taps = np.ndindex(w.shape)
    total = sum(w[u, v] * np.roll(x, (-u, -v), axis=(0, 1)) for u, v in taps)
    return total[: len(x) - len(w) + 1, : x.shape[1] - w.shape[1] + 1]


@right("conv2d", **PLANE)
@in_floats
def as_one_long_row(x, w):
    spread = np.zeros((len(w), x.shape[1]))
    spread[:, : w.shape[1]] = w
    places = np.correlate(x.ravel(), spread.ravel()[: x.shape[1] * (len(w) - 1) + w.shape[1]])
    places = np.append(places, np.zeros(w.shape[1] - 1))
    return places.reshape(-1, x.shape[1])[:, : x.shape[1] - w.shape[1] + 1]


@right("conv2d", **PLANE)
def exact_fractions(x, w):
    exact = np.vectorize(Fraction, otypes=[object])
    windows = sliding_window_view(exact(x.astype(float)), w.shape)
    return np.sum(windows * exact(w.astype(float)), axis=(2, 3)).astype(float)


@right("conv2d", **PLANE)
def python_numbers_in_an_object_array(x, w):
    windows = sliding_window_view(x.astype(object), w.shape)
    return np.sum(windows * w.astype(object), axis=(2, 3))


@right("conv2d", **PLANE)
def neighbours_outside_skipped(x, w, bias=0, stride=1, padding=0, dilation=1):
    sizes = zip(x.shape, w.shape, strict=True)
    oh, ow = ((n + 2 * padding - (k - 1) * dilation - 1) // stride + 1 for n, k in sizes)
    out = np.full((oh, ow), bias, dtype=float)
    for i, j, u, v in np.ndindex(oh, ow, *w.shape):
        y, z = (a * stride - padding + b * dilation for a, b in ((i, u), (j, v)))
        if y in range(len(x)) and z in range(len(x[0])):
            out[i, j] += float(x[y, z]) * w[u, v]
    return out


@right("conv2d", **PLANE)
def spread_kernel(x, w, *, dilation=(1, 1), stride=(1, 1)):
    reach = np.subtract(w.shape, 1) * dilation + 1
    spread = np.zeros(reach)
    spread[:: dilation[0], :: dilation[1]] = w
    return np.tensordot(sliding_window_view(x, reach), spread, 2)[:: stride[0], :: stride[1]]


@right("conv2d", **IMAGE)
def reduced_channel_by_channel(x, w, bias=0.0):
    planes = map(by_spectra, x, w)
    return functools.reduce(operator.add, planes, bias)


@right("conv2d", **IMAGE)
def channels_last_inside(x, w, layout="NCHW"):
    if layout == "NCHW":
        x, w = np.moveaxis(x, 0, -1), np.moveaxis(w, 0, -1)
    windows = sliding_window_view(x, w.shape)[:, :, 0]
    return np.inner(windows.reshape(*windows.shape[:2], -1).astype(float), w.ravel())


@right("conv2d", **IMAGE)
def cut_out_of_a_larger_array(x, w):
    (_, kh, kw), big = w.shape, np.full((2, x.shape[1] * 2, x.shape[2] * 3), -1.0)
    out = big[1, : 2 * (x.shape[1] - kh + 1) : 2, : 3 * (x.shape[2] - kw + 1) : 3][::-1]
    for i, j in np.ndindex(out.shape):
        out[-1 - i, j] = np.dot(x[:, i : i + kh, j : j + kw].ravel().astype(float), w.ravel())
    return out[::-1]


@right("conv2d", **BATCH)
def whatever_is_given(*args, **kwargs):
    return convlib.conv2d(*args, **kwargs)


@right("conv2d", **BATCH)
def grouped_by_einsum(x, w, bias=None, groups=1):
    n, _, h, width = x.shape
    windows = sliding_window_view(x.reshape(n, groups, -1, h, width) * 1.0, w.shape[2:], (3, 4))
    out = np.einsum("ngchwuv,gocuv->ngohw", windows, w.reshape(groups, -1, *w.shape[1:]))
    out = out.reshape(n, -1, *out.shape[3:])
    return out if bias is None else out + np.reshape(bias, (1, -1, 1, 1))


@right("conv2d", **BATCH)
def columns_by_index(x, w, stride=(1, 1)):
    oh, ow = ((x.shape[k] - w.shape[k]) // stride[k - 2] + 1 for k in (2, 3))
    i = np.arange(w.shape[2])[:, None, None, None] + stride[0] * np.arange(oh)[:, None]
    j = np.arange(w.shape[3])[:, None, None] + stride[1] * np.arange(ow)
    cols = x[:, :, i, j].reshape(len(x), -1, oh * ow).astype(float)
    return np.matmul(w.reshape(len(w), -1), cols).reshape(len(x), len(w), oh, ow)
