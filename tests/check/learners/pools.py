"""Attempts at max_pool2d and max_pool2d_backward."""

import itertools
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.check.learners import right, wrong


def windows(x, kernel_size, stride=None):
    s, t = stride or kernel_size
    return sliding_window_view(x, kernel_size, axis=(-2, -1))[..., ::s, ::t, :, :]


@wrong("max_pool2d", says="stride|default|None|step|side by side")
def steps_of_one(x, kernel_size, stride=None):
    return windows(x, kernel_size, stride or (1, 1)).max(axis=(3, 4))


# https://github.com/pytorch/pytorch/issues/41294
@wrong("max_pool2d", says="padd|zero|infinity|negative|below|small")
def padded_with_zeros(x, kernel_size, stride=None, padding=(0, 0)):
    wide = np.pad(x, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    return windows(wide, kernel_size, stride).max(axis=(-1, -2))


@wrong("max_pool2d", says="padd|infinity|negative|below|small|lowest")
def padded_with_minus_one(x, kernel_size, stride=None, padding=(0, 0)):
    p, q = padding
    wide = np.pad(x.astype(float), ((0, 0), (p, p), (q, q)), constant_values=-1)
    return np.amax(windows(wide, kernel_size, stride), axis=(3, 4))


@wrong("max_pool2d", says="infinity|inf\\b|integer|float|type|convert|raise")
def infinity_among_integers(x, kernel_size, stride=None, padding=(0, 0)):
    pads = ((0, 0), (padding[0], padding[0]), (padding[1], padding[1]))
    wide = np.pad(x, pads, constant_values=-np.inf)
    return windows(wide, kernel_size, stride).max(axis=(3, 4))


@wrong("max_pool2d", says="padd|wrap|circular|other (side|end)|opposite|infinity|round")
def wrapped_round(x, kernel_size, stride=None, padding=(0, 0)):
    pads = ((0, 0), (padding[0], padding[0]), (padding[1], padding[1]))
    return windows(np.pad(x, pads, "wrap"), kernel_size, stride).max(axis=(3, 4))


@wrong("max_pool2d", says="left over|incomplete|partial|hang|ceil|round|fit|remainder|last|edge")
def half_windows_kept(x, kernel_size):
    (_, h, w), (kh, kw) = x.shape, kernel_size
    down, across = range(0, h, kh), range(0, w, kw)
    rows = [[x[:, i : i + kh, j : j + kw].max(axis=(1, 2)) for j in across] for i in down]
    return np.moveaxis(np.array(rows), -1, 0)


@wrong("max_pool2d", says="mean|average")
def average_pool(x, kernel_size, stride=None):
    return windows(x, kernel_size, stride).mean(axis=(3, 4))


@wrong("max_pool2d", says="min|smallest|sign|largest")
def smallest_pool(x, kernel_size):
    return np.min(windows(x, kernel_size), (3, 4))


@wrong("max_pool2d", says="sum|add")
def sum_pool(x, kernel_size, stride=None):
    return windows(x, kernel_size, stride).sum(axis=(3, 4))


@wrong("max_pool2d", says="\\b0\\b|zero|begin|start|negative|initial|infinity|relu|clip")
def best_so_far_is_zero(x, kernel_size):
    (kh, kw), (c, h, w) = kernel_size, x.shape
    out = np.zeros((c, h // kh, w // kw))
    for n, i, j in np.ndindex(out.shape):
        for u, v in np.ndindex(kh, kw):
            if x[n, i * kh + u, j * kw + v] > out[n, i, j]:
                out[n, i, j] = x[n, i * kh + u, j * kw + v]
    return out


@wrong("max_pool2d", says="trunc|integer|fraction|dtype|type|int\\b|round|whole")
def filled_into_integers(x, kernel_size, stride=None):
    best = windows(x, kernel_size, stride).max(axis=(3, 4))
    out = np.zeros(best.shape, dtype=int)
    out[:] = best
    return out


@wrong("max_pool2d", says="channel")
def red_only(x, kernel_size, stride=None):
    return windows(x[0], kernel_size, stride).max(axis=(2, 3))


@wrong("max_pool2d", says="channel|axes|axis")
def largest_of_all_channels(x, kernel_size):
    return windows(x, kernel_size).max(axis=(0, 3, 4))


@wrong("max_pool2d", says="reshape|left over|divisible|remainder|cut|multiple|raise|fit|incomplete")
def needs_whole_blocks(x, kernel_size):
    (c, h, w), (kh, kw) = x.shape, kernel_size
    return x.reshape(c, h // kh, kh, w // kw, kw).max(axis=(2, 4))


@wrong("max_pool2d", says="reshape|order|axes|consecutive|memory|one after|neighbo|windows?\\b")
def reshaped_into_windows(x, kernel_size):
    (c, h, w), (kh, kw) = x.shape, kernel_size
    cut = x[:, : h // kh * kh, : w // kw * kw]
    return cut.reshape(c, h // kh, w // kw, kh, kw).max(axis=(3, 4))


@wrong("max_pool2d", says="height|width|swap|changed places|transpos|rows|KH|kernel_size")
def width_before_height(x, kernel_size):
    return windows(x, tuple(reversed(kernel_size))).max(axis=(3, 4))


@wrong("max_pool2d", says="stride|swap")
def strides_exchanged(x, kernel_size, stride=None):
    return windows(x, kernel_size, (stride or kernel_size)[::-1]).max(axis=(3, 4))


@wrong("max_pool2d", says="where|position|index|argmax|number of|value")
def position_of_the_largest(x, kernel_size, stride=None):
    view = windows(x, kernel_size, stride)
    return view.reshape(*view.shape[:3], -1).argmax(axis=-1)


@wrong("max_pool2d", says="abs|sign|negative|distance|magnitude|below")
def largest_magnitude(x, kernel_size, stride=None):
    return np.abs(windows(x.astype(float), kernel_size, stride)).max(axis=(3, 4))


@wrong("max_pool2d", says="chang|in place|sort|modif|mutat|writ|copy|argument")
def sorts_the_image(x, kernel_size):
    (_, h, w), (kh, kw) = x.shape, kernel_size
    for i, j in itertools.product(range(0, h - kh + 1, kh), range(0, w - kw + 1, kw)):
        x[:, i : i + kh, j : j + kw].sort(axis=2)
        x[:, i : i + kh, j : j + kw].sort(axis=1)
    return windows(x, kernel_size)[..., -1, -1]


@wrong("max_pool2d", says="last|\\bend|missing|too few|short|rows?\\b")
def one_window_short(x, kernel_size, stride=None):
    return windows(x, kernel_size, stride)[:, :-1].max(axis=(3, 4))


@wrong("max_pool2d", says="axis|one direction|rows?|columns?|both|across|down")
def along_the_columns_only(x, kernel_size):
    return windows(x, kernel_size)[..., 0].max(axis=-1)


def each_window(grad, kernel_size, stride=None):
    s, t = stride or kernel_size
    for i, j in np.ndindex(grad.shape):
        yield grad[i, j], np.s_[i * s : i * s + kernel_size[0], j * t : j * t + kernel_size[1]]


@wrong("max_pool2d_backward", says="ties?|equal|share|divid|split|first")
def shared_among_equals(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        best = x[spot] == x[spot].max()
        dx[spot] += g * best / best.sum()
    return dx


@wrong("max_pool2d_backward", says="ties?|equal|first|last")
def the_last_of_equals(grad, x, kernel_size):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size):
        k = np.argmax(x[spot][::-1, ::-1])
        dx[spot][::-1, ::-1][np.unravel_index(k, kernel_size)] += g
    return dx


@wrong("max_pool2d_backward", says="unravel|shape|window|index|argmax|image|width")
def unravelled_in_the_image(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        u, v = np.unravel_index(x[spot].argmax(), x.shape)
        dx[spot[0].start + u, (spot[1].start + v) % x.shape[1]] += g
    return dx


@wrong("max_pool2d_backward", says="overwrit|\\+=|add|overlap|last|replac|sum")
def set_not_added(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot][np.unravel_index(np.argmax(x[spot]), kernel_size)] = g
    return dx


@wrong("max_pool2d_backward", says="overwrit|zero|other|overlap|add|\\+=|replac|last")
def whole_window_replaced(grad, x, kernel_size, stride=(1, 1)):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        best = np.arange(x[spot].size).reshape(kernel_size) == x[spot].argmax()
        dx[spot] = best * g
    return dx


@wrong("max_pool2d_backward", says="mean|average|every|all cells|spread|divid|evenly|each cell")
def spread_evenly(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot] += g / (kernel_size[0] * kernel_size[1])
    return dx


@wrong("max_pool2d_backward", says="every|all cells|whole window|largest|winner|each cell|mask|won")
def everyone_gets_it(grad, x, kernel_size):
    (kh, kw), dx = kernel_size, np.zeros(x.shape)
    large = np.kron(grad, np.ones((kh, kw)))
    dx[: large.shape[0], : large.shape[1]] = large
    return dx


@wrong("max_pool2d_backward", says="whole (image|plane)|global|image|window|largest of all|own")
def largest_of_the_plane(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot] += g * (x[spot] == x.max())
    return dx


@wrong("max_pool2d_backward", says="stride")
def kernel_sized_steps(grad, x, kernel_size, stride=None):
    dx = np.zeros(np.maximum(x.shape, np.multiply(grad.shape, kernel_size)))
    wide = np.pad(x, [(0, n - m) for n, m in zip(dx.shape, x.shape, strict=True)])
    for g, spot in each_window(grad, kernel_size):
        dx[spot][np.unravel_index(np.argmax(wide[spot]), kernel_size)] += g
    return dx[: x.shape[0], : x.shape[1]]


@wrong("max_pool2d_backward", says="stride|default|None|step|side by side")
def steps_of_one_on_the_way_back(grad, x, kernel_size, stride=(1, 1)):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot][np.unravel_index(np.argmax(x[spot]), kernel_size)] += g
    return dx


# https://errorhandle.ai/max-pooling-backpropagation-using-numpy
@wrong("max_pool2d_backward", says="trunc|integer|fraction|dtype|type|zeros_like|whole|round")
def zeros_like_x(grad, x, kernel_size, stride=None):
    dx = np.zeros_like(x)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot][np.unravel_index(np.argmax(x[spot]), kernel_size)] += g.astype(x.dtype)
    return dx


@wrong(
    "max_pool2d_backward", says="column|order|transpos|unravel|index|down|row-major|Fortran|swap"
)
def winner_found_by_columns(grad, x, kernel_size):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size):
        k = x[spot].argmax()
        dx[spot][np.unravel_index(k, kernel_size, order="F")] += g
    return dx


@wrong("max_pool2d_backward", says="ties?|equal|column|first|row-major|order|transpos")
def first_by_columns(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        k = x[spot].ravel(order="F").argmax()
        dx[spot][np.unravel_index(k, kernel_size, order="F")] += g
    return dx


@wrong("max_pool2d_backward", says="start|offset|corner|top|position|within|inside|begins")
def window_start_not_added(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[np.unravel_index(x[spot].argmax(), kernel_size)] += g
    return dx


@wrong("max_pool2d_backward", says="multipl|value|pixel|largest number|times|number itself|scaled")
def times_the_maximum(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot][np.unravel_index(x[spot].argmax(), kernel_size)] += g * x[spot].max()
    return dx


@wrong("max_pool2d_backward", says="\\bones?\\b|\\b1\\b|grad\\b|gradient|count|mask|how often")
def only_the_mask(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for _, spot in each_window(grad, kernel_size, stride):
        dx[spot][np.unravel_index(x[spot].argmax(), kernel_size)] += 1
    return dx


@wrong("max_pool2d_backward", says="chang|in place|modif|mutat|writ|copy|argument")
def marks_the_winners_in_x(grad, x, kernel_size):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size):
        where = np.unravel_index(x[spot].argmax(), kernel_size)
        x[spot][where], dx[spot][where] = 0, g
    return dx


@wrong("max_pool2d_backward", says="shape|left over|remainder|smaller|rest|cut|rows|incomplete")
def no_room_for_the_rest(grad, x, kernel_size):
    dx = np.zeros(np.multiply(grad.shape, kernel_size))
    for g, spot in each_window(grad, kernel_size):
        dx[spot][np.unravel_index(x[spot].argmax(), kernel_size)] += g
    return dx


@wrong("max_pool2d_backward", says="overwrit|\\+=|add|overlap|replac|ties?|equal|twice")
def mask_of_equals_is_set(grad, x, kernel_size, stride=None):
    dx = np.zeros(x.shape)
    for g, spot in each_window(grad, kernel_size, stride):
        dx[spot] = np.where(x[spot] == x[spot].max(), g, dx[spot])
    return dx


@right("max_pool2d")
def pool_in_lists(x, kernel_size, *, stride=None, padding=(0, 0)):
    (s, t), (p, q), (kh, kw) = stride or kernel_size, padding, kernel_size
    rows, columns = x.shape[1:]
    return [
        [
            [
                max(plane[max(i, 0) : i + kh, max(j, 0) : j + kw].ravel().tolist())
                for j in range(-q, columns + q - kw + 1, t)
            ]
            for i in range(-p, rows + p - kh + 1, s)
        ]
        for plane in x
    ]


def plain(function):
    def without_a_name(*args, **kwargs):
        return function(*args, **kwargs)

    return without_a_name


@right("max_pool2d")
@plain
def pool_by_slices(x, kernel_size, stride=None):
    (kh, kw), (s, t) = kernel_size, stride or kernel_size
    down, across = (x.shape[1] - kh) // s * s + 1, (x.shape[2] - kw) // t * t + 1
    slices = (x[:, u : u + down : s, v : v + across : t] for u, v in np.ndindex(kh, kw))
    return np.asfortranarray(reduce(np.maximum, slices))


@right("max_pool2d")
def pool_by_sorting(x, kernel_size):
    (kh, kw), (a, b, c) = kernel_size, x.strides
    shape = (len(x), x.shape[1] // kh, x.shape[2] // kw, kh, kw)
    view = as_strided(x, shape, (a, b * kh, c * kw, b, c), writeable=False)
    out = np.sort(view.reshape(*shape[:3], -1))[..., -1].astype(np.float32)
    out.flags.writeable = False
    return out


@right("max_pool2d_backward")
def back_by_bincount(grad, x, kernel_size, stride=None):
    view = windows(x, kernel_size, stride)
    index = windows(np.arange(x.size).reshape(x.shape), kernel_size, stride)
    view, index = (a.reshape(grad.size, -1) for a in (view, index))
    winners = np.take_along_axis(index, view.argmax(1)[:, None], 1).ravel()
    return np.bincount(winners, grad.ravel(), x.size).reshape(x.shape)


@right("max_pool2d_backward")
def back_by_a_loop(grad, x, kernel_size, **more):
    s, t = more.get("stride") or kernel_size
    dx = [[0] * x.shape[1] for _ in range(x.shape[0])]
    for i, j in itertools.product(*map(range, grad.shape)):
        cells = itertools.product(*(range(k) for k in kernel_size))
        u, v = max(cells, key=lambda c, i=i, j=j: x[i * s + c[0], j * t + c[1]])
        dx[i * s + u][j * t + v] += grad[i, j].item()
    return dx


class Pool:
    """Goes back where it came from."""

    def __call__(self, grad, x, kernel_size, stride=None):
        dx = np.zeros(x.shape, dtype=complex)
        np.add.at(dx, self.winners(x, kernel_size, stride), grad)
        return dx.real.T.copy().T

    @staticmethod
    def winners(x, kernel_size, stride):
        view = windows(x, kernel_size, stride)
        u, v = np.divmod(view.reshape(*view.shape[:2], -1).argmax(-1), kernel_size[1])
        i, j = np.indices(u.shape)
        s, t = stride or kernel_size
        return i * s + u, j * t + v


right("max_pool2d_backward")(Pool())
