"""Attempts at windows, block_means, add_up and to_channels_last."""

import itertools

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.check.learners import right, wrong


def places(x, kernel_size):
    return x.shape[0] - kernel_size[0] + 1, x.shape[1] - kernel_size[1] + 1


@wrong("windows", says="byte|element|stride|itemsize")
def strides_in_elements(x, kernel_size):
    w = x.shape[1]
    return as_strided(x, (*places(x, kernel_size), *kernel_size), (w, 1, w, 1), writeable=False)


# https://github.com/numpy/numpy/issues/13706
@wrong("windows", says="\\b8\\b|byte|itemsize|\\btype\\b|stride")
def eight_bytes_assumed(x, kernel_size):
    line = x.shape[1] * 8
    shape = (*places(x, kernel_size), *kernel_size)
    return as_strided(x, shape, (line, 8, line, 8), writeable=False)


@wrong("windows", says="contiguous|memory|order|strides|reversed|Fortran|\\bcut\\b")
def contiguous_assumed(x, kernel_size):
    steps = x.shape[1] * x.itemsize, x.itemsize
    return as_strided(x, places(x, kernel_size) + tuple(kernel_size), steps * 2, writeable=False)


@wrong("windows", says="read.?only|writ")
def can_be_written_to(x, kernel_size):
    return as_strided(x, places(x, kernel_size) + tuple(kernel_size), x.strides * 2)


@wrong("windows", says="copy|view|memory|contiguous")
def view_of_a_copy(x, kernel_size):
    return sliding_window_view(np.ascontiguousarray(x), kernel_size)


@wrong("windows", says="copy|view|memory")
def stacked(x, kernel_size):
    (oh, ow), (kh, kw) = places(x, kernel_size), kernel_size
    out = np.array([[x[i : i + kh, j : j + kw] for j in range(ow)] for i in range(oh)])
    out.setflags(write=False)
    return out


@wrong("windows", says="one too|last|few|\\+ ?1|\\bend\\b|small")
def one_window_short(x, kernel_size):
    (h, w), (kh, kw) = x.shape, kernel_size
    return as_strided(x, (h - kh, w - kw, kh, kw), x.strides + x.strides, writeable=False)


@wrong("windows", says="outside|beyond|too many|every pixel|\\bend\\b|leave|border|large")
def one_window_for_each_pixel(x, kernel_size):
    return as_strided(x, x.shape + tuple(kernel_size), x.strides * 2, writeable=False)


@wrong(
    "windows", says="order of (the )?axes|axes|axis|taps? (come|first|before)|places|transpos|shape"
)
def taps_first(x, kernel_size):
    shape = (*kernel_size, *places(x, kernel_size))
    return as_strided(x, shape, x.strides * 2, writeable=False)


@wrong("windows", says="transpos|rows? and columns?|swap|order|inside|axes|strides")
def windows_transposed_inside(x, kernel_size):
    down, across = x.strides
    shape = (*places(x, kernel_size), *kernel_size)
    return as_strided(x, shape, (down, across, across, down), writeable=False)


@wrong("windows", says="swap|changed places|height and width|rows and columns|transpos|revers")
def kernel_size_swapped(x, kernel_size):
    return sliding_window_view(x, kernel_size[::-1])


@wrong("windows", says="overlap|block|stride|apart|kernel's size|by the kernel")
def blocks_without_overlap(x, kernel_size):
    return sliding_window_view(x, kernel_size)[:: kernel_size[0], :: kernel_size[1]]


@wrong("windows", says="stride")
def stride_not_in_the_shape(x, kernel_size, stride=(1, 1)):
    (down, across), (s, t) = x.strides, stride
    shape = (*places(x, kernel_size), *kernel_size)
    return as_strided(x, shape, (s * down, t * across, down, across), writeable=False)


@wrong("windows", says="stride|inside|between (the )?taps|dilat|gap")
def stride_inside_the_window(x, kernel_size, stride=(1, 1)):
    (oh, ow), (down, across), (s, t) = places(x, kernel_size), x.strides, stride
    shape = (oh - 1) // s + 1, (ow - 1) // t + 1, *kernel_size
    steps = (down * s, across * t) * 2
    return as_strided(x, shape, steps, writeable=False)


@wrong("windows", says="stride|round|last|too few|\\+ ?1|\\bend\\b|size")
def stride_rounds_down_too_far(x, kernel_size, stride=(1, 1)):
    windows = sliding_window_view(x, kernel_size)
    oh, ow = ((n - k) // s for n, k, s in zip(x.shape, kernel_size, stride, strict=True))
    return windows[:: stride[0], :: stride[1]][: max(oh, 1), : max(ow, 1)]


@wrong("windows", says="dilat")
def dilated_in_both_by_the_first(x, kernel_size, dilation=(1, 1)):
    d = dilation[0]
    reach = [(k - 1) * d + 1 for k in kernel_size]
    return sliding_window_view(x, reach)[:, :, ::d, ::d]


@wrong("windows", says="dilat|outside|beyond|\\bfit\\b|reach|shape|size")
def dilation_not_in_the_shape(x, kernel_size, dilation=1):
    steps = x.strides + tuple(dilation * s for s in x.strides)
    return as_strided(x, (*places(x, kernel_size), *kernel_size), steps, writeable=False)


@wrong("windows", says="swap|places|stride|down|rows? and columns?|order")
def strides_exchanged(x, kernel_size):
    down, across = x.strides
    shape = (*places(x, kernel_size), *kernel_size)
    return as_strided(x, shape, (across, down, down, across), writeable=False)


@wrong("windows", says="writ|read.?only|one too|last|few|\\+ ?1|small")
def short_and_writeable(x, kernel_size):
    shape = x.shape[0] - kernel_size[0], x.shape[1] - kernel_size[1], *kernel_size
    return as_strided(x, shape, x.strides * 2)


@right("windows")
def cut_by_slices(x, kernel_size, stride=(1, 1), dilation=(1, 1)):
    reach = tuple((k - 1) * d + 1 for k, d in zip(kernel_size, dilation, strict=True))
    steps = [slice(None, None, s) for s in (*stride, *dilation)]
    return sliding_window_view(x, reach)[tuple(steps)]


@right("windows")
def one_axis_after_the_other(x, kernel_size, *, stride=1):
    rows = sliding_window_view(x, kernel_size[0], axis=0)[::stride]
    both = sliding_window_view(rows, kernel_size[1], axis=1)[:, ::stride]
    return both


@right("windows")
def flags_set_afterwards(*args, **given):
    x, (kh, kw) = args
    (s, t), (d, e) = (np.broadcast_to(given.get(name, 1), 2) for name in ("stride", "dilation"))
    oh, ow = (x.shape[0] - (kh - 1) * d - 1) // s + 1, (x.shape[1] - (kw - 1) * e - 1) // t + 1
    down, across = x.strides
    view = as_strided(x, (oh, ow, kh, kw), (s * down, t * across, d * down, e * across))
    view.flags.writeable = False
    return view


@wrong("block_means", says="\\bsums?\\b|divid|in place of the mean|mean is")
def sums_of_blocks(x, b):
    x = x[: len(x) // b * b, : x.shape[1] // b * b].astype(float)
    return x.reshape(len(x) // b, b, -1, b).sum(axis=(1, 3))


@wrong("block_means", says="reshape|order|axes|axis|transpos|consecutive")
def reshaped_to_blocks_at_once(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return x[: h * b, : w * b].reshape(h, w, b, b).mean(axis=(2, 3))


@wrong("block_means", says="axis|axes|across|transpos")
def means_over_the_wrong_axes(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return x[: h * b, : w * b].reshape(h, b, w, b).mean(axis=(0, 2))


@wrong("block_means", says="left over|\\brest\\b|divisible|fill|reshape|multiple|\\bcut\\b")
def only_whole_blocks(x, b):
    h, w = x.shape
    return x.reshape(h // b, b, w // b, b).mean(axis=(1, 3))


@wrong("block_means", says="left over|partial|incomplete|\\brest\\b|edge|fill|too many|part")
def partial_blocks_kept(x, b):
    h, w = x.shape
    return np.array(
        [[x[i : i + b, j : j + b].mean() for j in range(0, w, b)] for i in range(0, h, b)]
    )


@wrong("block_means", says="overlap|\\bstep\\b|every|stride|slid|window|apart")
def every_window(x, b):
    return sliding_window_view(x, (b, b)).mean(axis=(2, 3))


@wrong("block_means", says="uint8|overflow|255|256|8.?bit|wrap|\\btype\\b")
def means_of_wrapped_sums(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    total = np.zeros((h, w), dtype=x.dtype)
    for u, v in np.ndindex(b, b):
        total += x[u : h * b : b, v : w * b : b]
    return total / b**2


@wrong("block_means", says="integer|floor|fraction|whole|//|round|truncat|\\btype\\b")
def whole_means(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return x[: h * b, : w * b].reshape(h, b, w, b).sum((1, 3), dtype=np.int64) // b**2


@wrong("block_means", says="integer|\\btype\\b|fraction|truncat|round|whole|dtype")
def type_kept(x, b):
    out = np.empty((x.shape[0] // b, x.shape[1] // b), dtype=x.dtype)
    for i, j in np.ndindex(out.shape):
        out[i, j] = x[i * b : i * b + b, j * b : j * b + b].mean()
    return out


@wrong("block_means", says="b ?\\*\\*? ?2|squared?|side|b \\* b|divid")
def divided_by_the_side(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return np.einsum("ibjc->ij", x[: h * b, : w * b].astype(float).reshape(h, b, w, b)) / b


@wrong("block_means", says="\\bend\\b|begin|left over|shift|corner|offset|first (row|block|pixel)")
def blocks_from_the_end(x, b):
    h, w = x.shape[0] // b * b, x.shape[1] // b * b
    return x[-h:, -w:].reshape(h // b, b, w // b, b).mean((1, 3))


@wrong(
    "block_means",
    says="one row|first row|rows? only|only.*rows?|one axis|strip|every b-th|other rows|columns",
)
def means_of_rows_only(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return x[: h * b : b, : w * b].reshape(h, w, b).mean(axis=2)


@wrong("block_means", says="median|middle")
def medians(x, b):
    return np.median(sliding_window_view(x, (b, b))[::b, ::b], axis=(2, 3))


# https://stackoverflow.com/questions/15956309/averaging-over-every-n-elements-of-a-numpy-array
@wrong("block_means", says="left over|partial|incomplete|\\brest\\b|fill|padd|too many|zero")
def filled_up_with_zeros(x, b):
    padded = np.pad(x, [(0, -n % b) for n in x.shape])
    h, w = padded.shape
    return padded.reshape(h // b, b, w // b, b).mean(axis=(1, 3))


@wrong("block_means", says="\\bsum\\b|divid|mean|left over|reshape|\\brest\\b|fill")
def sums_of_whole_blocks_only(x, b):
    h, w = x.shape
    return x.reshape(h // b, b, w // b, b).sum(axis=(1, 3))


@wrong("block_means", says="swap|transpos|rows? and columns?|places|order")
def means_transposed(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    blocks = range(w), range(h)
    return [[x[i * b : i * b + b, j * b : j * b + b].mean() for i in blocks[1]] for j in blocks[0]]


@wrong("block_means", says="chang|in.?place|overwrit|modif|argument|written|uint8|overflow")
def image_used_for_running_sums(x, b):
    np.cumsum(x, axis=0, out=x)
    np.cumsum(x, axis=1, out=x)
    corners = np.pad(x, ((1, 0), (1, 0)))[::b, ::b].astype(float)
    return np.diff(np.diff(corners, axis=0), axis=1) / b**2


@wrong("add_up", says="chang|in.?place|overwrit|modif|argument|written")
def windows_emptied(windows, image_shape):
    total, (kh, kw) = np.zeros(image_shape), windows.shape[2:]
    for i, j in np.ndindex(windows.shape[:2]):
        total[i : i + kh, j : j + kw] += windows[i, j]
        windows[i, j] = 0
    return total


@right("block_means")
def two_matrix_products(x, b):
    h, w = x.shape[0] // b, x.shape[1] // b
    return (
        np.kron(np.eye(h), np.ones(b))
        @ x[: h * b, : w * b]
        @ np.kron(np.eye(w), np.ones((b, 1)))
        / b**2
    )


@right("block_means")
def by_reduceat(x, b):
    h, w = x.shape[0] // b * b, x.shape[1] // b * b
    rows = np.add.reduceat(x[:h, :w].astype(np.float32), range(0, h, b), axis=0)
    return (np.add.reduceat(rows, range(0, w, b), axis=1) / b**2).tolist()


@right("block_means")
def by_summed_area(x, b):
    area = np.pad(x.astype(np.int64 if x.dtype.kind in "iu" else float), ((1, 0), (1, 0)))
    corners = area.cumsum(0).cumsum(1)[::b, ::b]
    return np.diff(np.diff(corners, axis=0), axis=1) / (b * b)


@wrong("add_up", says="last|overlap|overwrit|assign|kept|\\+=")
def assigned_not_added(windows, image_shape):
    out, (kh, kw) = np.zeros(image_shape), windows.shape[2:]
    for i, j in np.ndindex(windows.shape[:2]):
        out[i : i + kh, j : j + kw] = windows[i, j]
    return out


@wrong("add_up", says="mean|average|divid|count|how often")
def averaged_where_they_overlap(windows, image_shape):
    out, count = np.zeros(image_shape), np.zeros(image_shape)
    kh, kw = windows.shape[2:]
    for i, j in np.ndindex(windows.shape[:2]):
        out[i : i + kh, j : j + kw] += windows[i, j]
        count[i : i + kh, j : j + kw] += 1
    return out / np.maximum(count, 1)


@wrong("add_up", says="uint8|overflow|255|256|8.?bit|wrap|\\btype\\b")
def sums_of_the_same_type(windows, image_shape):
    oh, ow, kh, kw = windows.shape
    out = np.zeros(image_shape, dtype=windows.dtype)
    for u, v in np.ndindex(kh, kw):
        out[u : u + oh, v : v + ow] += windows[:, :, u, v]
    return out


@wrong("add_up", says="integer|\\btype\\b|fraction|truncat|round|dtype")
def counted_in_integers(windows, image_shape):
    total = np.zeros(image_shape, int)
    for (i, j, u, v), number in np.ndenumerate(windows):
        total[i + u, j + v] += int(number)
    return total


@wrong("add_up", says="flip|revers|half a turn|turn")
def taps_added_backwards(windows, image_shape):
    out, (kh, kw) = np.zeros(image_shape), windows.shape[2:]
    for i, j in np.ndindex(windows.shape[:2]):
        out[i : i + kh, j : j + kw] += windows[i, j, ::-1, ::-1]
    return out


@wrong("add_up", says="stride")
def stride_once_for_both(windows, image_shape, stride=(1, 1)):
    out, (kh, kw), s = np.zeros(image_shape), windows.shape[2:], stride[0]
    for i, j in np.ndindex(windows.shape[:2]):
        out[i * s : i * s + kh, j * s : j * s + kw] += windows[i, j]
    return out


@wrong("add_up", says="stride|apart|dilat|taps? .*(place|step)|spread")
def stride_between_taps(windows, image_shape, stride=1):
    total = np.zeros(np.add(image_shape, stride * np.array(windows.shape[2:])))
    for i, j, u, v in np.ndindex(windows.shape):
        total[i + u * stride, j + v * stride] += windows[i, j, u, v]
    return total[: image_shape[0], : image_shape[1]]


@wrong("add_up", says="left over|size|shape|too small|smaller|unseen|last (rows?|column)")
def only_as_large_as_needed(windows, image_shape, stride=1):
    oh, ow, kh, kw = windows.shape
    out = np.zeros(((oh - 1) * stride + kh, (ow - 1) * stride + kw))
    for i, j in np.ndindex(oh, ow):
        out[i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[i, j]
    return out


@wrong("add_up", says="corner|whole window|one (number|pixel)|single|(each|its|own) (tap|pixel)")
def each_window_added_to_its_corner(windows, image_shape):
    out = np.zeros(image_shape)
    out[: windows.shape[0], : windows.shape[1]] = windows.sum(axis=(2, 3))
    return out


# https://github.com/numpy/numpy/issues/7776
@wrong("add_up", says="last|overlap|repeat|duplicate|once|add\\.at|kept")
def added_by_repeated_indices(windows, image_shape):
    grid = sliding_window_view(
        np.arange(np.prod(image_shape)).reshape(image_shape), windows.shape[2:]
    )
    total = np.zeros(np.prod(image_shape))
    total[grid] += windows
    return total.reshape(image_shape)


@wrong("add_up", says="stride|swap|places|across|down")
def stride_pair_exchanged(windows, image_shape, stride=(1, 1)):
    across, down = stride
    total = np.zeros(np.add(image_shape, [down * len(windows), across * len(windows[0])]))
    for i, j, u, v in np.ndindex(windows.shape):
        total[i * down + u, j * across + v] += windows[i, j, u, v]
    return total[: image_shape[0], : image_shape[1]]


@wrong("add_up", says="transpos|rows? and columns?|swap|changed places")
def taps_transposed(windows, image_shape):
    out, turned = np.zeros(image_shape), windows.transpose(0, 1, 3, 2).reshape(windows.shape)
    for i, j in np.ndindex(windows.shape[:2]):
        out[i : i + windows.shape[2], j : j + windows.shape[3]] += turned[i, j]
    return out


@wrong("to_channels_last", says="reshape|transpos|order|memory|axes")
def by_reshaping(w):
    o, c, kh, kw = w.shape
    return w.reshape(kh, kw, c, o)


@wrong("to_channels_last", says="contiguous|memory|copy|view|\\blie\\b")
def axes_moved_only(w):
    return np.moveaxis(w, (0, 1), (3, 2))


@wrong("to_channels_last", says="swap|changed places|axes|\\bC and O\\b|filters? (and|before)")
def channels_after_filters(w):
    return np.ascontiguousarray(w.transpose(2, 3, 0, 1))


@wrong(
    "to_channels_last", says="rows? and columns?|KH|KW|height|width|swap|transpos|\\bT\\b|revers"
)
def all_axes_reversed(w):
    return w.T.copy(order="C")


@wrong(
    "to_channels_last",
    says="filters? (come|stay|first|last|axis)|\\bO\\b|NHWC|OHWC|order of (the )?axes|axes|axis",
)
def like_an_image(w):
    return np.ascontiguousarray(np.transpose(w, (0, 2, 3, 1)))


@wrong("to_channels_last", says="Fortran|order|contiguous|memory|column|\\blie\\b")
def copied_as_it_lay(w):
    return np.transpose(w, (2, 3, 1, 0)).copy(order="K")


@wrong("to_channels_last", says="flip|revers|half a turn|spatial")
def flipped_besides(w):
    return np.ascontiguousarray(w[:, :, ::-1, ::-1].transpose(2, 3, 1, 0))


@right("to_channels_last")
def filled_by_filter(w):
    out = np.empty((*w.shape[2:], w.shape[1], w.shape[0]), dtype=w.dtype)
    for (o, c), plane in zip(np.ndindex(w.shape[:2]), w.reshape(-1, *w.shape[2:]), strict=True):
        out[..., c, o] = plane
    return out


@right("to_channels_last")
def by_matrix_transposition(w):
    flat = w.reshape(w.shape[0] * w.shape[1], -1).T.reshape(*w.shape[2:], *w.shape[:2])
    return np.array(flat.swapaxes(-1, -2), order="C", dtype=float)


@right("add_up")
def weighted_bincount(windows, image_shape):
    places = np.arange(np.prod(image_shape)).reshape(image_shape)
    grid = sliding_window_view(places, windows.shape[2:])
    return np.bincount(grid.ravel(), windows.ravel(), places.size).reshape(image_shape)


@right("add_up")
def added_to_a_dictionary(windows, image_shape, *, stride=(1, 1)):
    total = dict.fromkeys(itertools.product(*map(range, image_shape)), 0)
    for (i, j, u, v), number in np.ndenumerate(windows):
        total[i * stride[0] + u, j * stride[1] + v] += number.item()
    return [[total[i, j] for j in range(image_shape[1])] for i in range(image_shape[0])]
