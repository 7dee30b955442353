"""Attempts at index_grid, offsets and times_seen."""

import collections
import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.check.learners import right, wrong


def starts(size, kernel_size, stride=(1, 1)):
    return (
        np.arange(0, size[0] - kernel_size[0] + 1, stride[0]),
        np.arange(0, size[1] - kernel_size[1] + 1, stride[1]),
    )


@wrong("index_grid", says="transpos|(row|column) for each|axes|shape")
def a_column_for_each_window(size, kernel_size):
    windows = sliding_window_view(np.arange(size[0] * size[1]).reshape(size), kernel_size)
    return windows.reshape(-1, kernel_size[0] * kernel_size[1]).T


@wrong("index_grid", says="height|width|\\bH\\b|\\bW\\b|swap|changed places")
def row_is_h_long(size, kernel_size):
    h, w = size
    kh, kw = kernel_size
    tops = [i * h + j for i in range(h - kh + 1) for j in range(w - kw + 1)]
    taps = [u * h + v for u in range(kh) for v in range(kw)]
    return np.add.outer(tops, taps)


@wrong("index_grid", says="wide as the kernel|width|\\bKW\\b|consecutive|one after|W elements")
def taps_as_wide_as_the_kernel(size, kernel_size):
    down, across = starts(size, kernel_size)
    corners = (down[:, None] * size[1] + across).ravel()
    return corners[:, None] + np.arange(kernel_size[0] * kernel_size[1])


@wrong(
    "index_grid",
    says="output|\\bOW\\b|width of the image|starts?\\b|corners?|consecutive|next (window|row)",
)
def windows_numbered_in_the_output(size, kernel_size):
    oh, ow = size[0] - kernel_size[0] + 1, size[1] - kernel_size[1] + 1
    u, v = np.ogrid[: kernel_size[0], : kernel_size[1]]
    return np.arange(oh * ow)[:, None] + (u * size[1] + v).ravel()


@wrong("index_grid", says="Fortran|column|order|transpos|down")
def indices_by_columns(size, kernel_size):
    image = np.arange(size[0] * size[1]).reshape(size, order="F")
    return sliding_window_view(image, kernel_size).reshape(-1, np.prod(kernel_size))


@wrong(
    "index_grid", says="column by column|down the columns|columns first|order|transpos|down first"
)
def windows_column_by_column(size, kernel_size):
    image = np.arange(size[0] * size[1]).reshape(size)
    windows = sliding_window_view(image, kernel_size).swapaxes(0, 1)
    return windows.reshape(-1, kernel_size[0] * kernel_size[1])


@wrong(
    "index_grid", says="column by column|down the columns|columns first|order|transpos|down first"
)
def taps_column_by_column(size, kernel_size):
    image = np.arange(size[0] * size[1]).reshape(size)
    windows = sliding_window_view(image, kernel_size).swapaxes(2, 3)
    return windows.reshape(-1, kernel_size[0] * kernel_size[1])


@wrong(
    "index_grid",
    says="from (one|1)\\b|starts? (at|with) (one|1)|1-based|at (one|1)\\b|at (zero|0)\\b",
)
def counted_from_one(size, kernel_size):
    numbers = np.arange(1, size[0] * size[1] + 1).reshape(size)
    return sliding_window_view(numbers, kernel_size).reshape(-1, kernel_size[0] * kernel_size[1])


@wrong("index_grid", says="last|one too|few|\\+ ?1|\\bend\\b")
def last_window_missing(size, kernel_size):
    (h, w), (kh, kw) = size, kernel_size
    corners = [(i, j) for i in range(h - kh) for j in range(w - kw)]
    taps = list(itertools.product(range(kh), range(kw)))
    return np.array([[(i + u) * w + j + v for u, v in taps] for i, j in corners])


@wrong(
    "index_grid", says="outside|beyond|too many|every pixel|border|\\bend\\b|last|leave|\\bfit\\b"
)
def window_at_every_pixel(size, kernel_size):
    corners = np.arange(size[0] * size[1])
    u, v = np.ogrid[: kernel_size[0], : kernel_size[1]]
    return corners[:, None] + (u * size[1] + v).reshape(1, -1)


@wrong("index_grid", says="shape|axes|axis|dimension|4-?D|flat|reshape")
def four_axes(size, kernel_size):
    return sliding_window_view(np.arange(size[0] * size[1]).reshape(size), kernel_size)


@wrong("index_grid", says="revers|flip|half a turn|backward")
def taps_from_the_last(size, kernel_size):
    (down, across), (kh, kw) = starts(size, kernel_size), kernel_size
    taps = [u * size[1] + v for u in range(kh - 1, -1, -1) for v in range(kw - 1, -1, -1)]
    return np.add.outer((down[:, None] * size[1] + across).ravel(), taps)


@wrong("index_grid", says="stride")
def stride_along_rows_only(size, kernel_size, stride=(1, 1)):
    down, across = starts(size, kernel_size, (1, stride[1]))
    u, v = np.ogrid[: kernel_size[0], : kernel_size[1]]
    return np.add.outer((down[:, None] * size[1] + across).ravel(), (u * size[1] + v).ravel())


@wrong("index_grid", says="stride")
def stride_pair_swapped(size, kernel_size, stride=(1, 1)):
    image = np.arange(size[0] * size[1]).reshape(size)
    windows = sliding_window_view(image, kernel_size)[:: stride[1], :: stride[0]]
    return windows.reshape(-1, kernel_size[0] * kernel_size[1])


@wrong("index_grid", says="stride|every|thinn|flat|windows?")
def every_so_many_windows(size, kernel_size, stride=(1, 1)):
    image = np.arange(size[0] * size[1]).reshape(size)
    grid = sliding_window_view(image, kernel_size).reshape(-1, kernel_size[0] * kernel_size[1])
    return grid[:: stride[0] * stride[1]]


@wrong("index_grid", says="dilat|beyond|reach|outside|too (many|large)")
def size_without_dilation(size, kernel_size, dilation=(1, 1)):
    down, across = starts(size, kernel_size)
    u, v = np.ogrid[: kernel_size[0], : kernel_size[1]]
    taps = u * dilation[0] * size[1] + v * dilation[1]
    return np.add.outer((down[:, None] * size[1] + across).ravel(), taps.ravel())


@wrong("index_grid", says="dilat")
def dilation_of_flat_indices(size, kernel_size, dilation=(1, 1)):
    reach = [(k - 1) * d + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    down, across = starts(size, reach)
    u, v = np.ogrid[: kernel_size[0], : kernel_size[1]]
    taps = (u * size[1] + v) * dilation[1]
    return np.add.outer((down[:, None] * size[1] + across).ravel(), taps.ravel())


@wrong(
    "index_grid",
    says="from (one|1)\\b|starts? (at|with) (one|1)|1-based|at (one|1)\\b|column|Fortran",
)
def from_one_by_columns(size, kernel_size):
    numbers = np.arange(1, size[0] * size[1] + 1).reshape(size[::-1]).T
    return sliding_window_view(numbers, kernel_size).reshape(-1, kernel_size[0] * kernel_size[1])


@wrong("index_grid", says="stride|dilat")
def stride_given_to_the_taps(size, kernel_size, stride=(1, 1), dilation=(1, 1)):
    reach = [(k - 1) * s + 1 for k, s in zip(kernel_size, stride, strict=True)]
    (down, across), (kh, kw) = starts(size, reach, dilation), kernel_size
    u, v = np.arange(kh)[:, None] * stride[0], np.arange(kw) * stride[1]
    return np.add.outer((down[:, None] * size[1] + across).ravel(), (u * size[1] + v).ravel())


@right("index_grid")
def cut_out_of_an_arange(size, kernel_size, stride=(1, 1), dilation=(1, 1)):
    reach = [(k - 1) * d + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    image = np.arange(size[0] * size[1], dtype=np.uint32).reshape(size)
    windows = sliding_window_view(image, reach)[:: stride[0], :: stride[1]]
    taps = windows[..., :: dilation[0], :: dilation[1]]
    return np.asfortranarray(taps.reshape(-1, kernel_size[0] * kernel_size[1]))


@right("index_grid")
def by_divmod(size, kernel_size, **steps):
    (down, right_), (d, e) = steps.get("stride", (1, 1)), steps.get("dilation", (1, 1))
    (h, w), (kh, kw) = size, kernel_size
    oh, ow = (h - (kh - 1) * d - 1) // down + 1, (w - (kw - 1) * e - 1) // right_ + 1

    def index(p, t):
        return (p // ow * down + t // kw * d) * w + p % ow * right_ + t % kw * e

    return np.fromfunction(index, (oh * ow, kh * kw), dtype=int)


@right("index_grid")
def nested_lists(size, kernel_size):
    rows, columns = (range(n - k + 1) for n, k in zip(size, kernel_size, strict=True))
    taps = list(itertools.product(*map(range, kernel_size)))
    corners = itertools.product(rows, columns)
    return [[(i + u) * size[1] + (j + v) for u, v in taps] for i, j in corners]


@right("index_grid")
def raveled_multi_index(size, kernel_size, *, stride=(1, 1)):
    down, across = starts(size, kernel_size, stride)
    i = down[:, None, None, None] + np.arange(kernel_size[0])[:, None]
    j = across[:, None, None] + np.arange(kernel_size[1])
    flat = np.ravel_multi_index(np.broadcast_arrays(i, j), size)
    return flat.reshape(len(down) * len(across), -1)


@wrong("offsets", says="height|width|\\bH\\b|\\bW\\b|swap|changed places")
def row_is_as_long_as_the_height(shape, kernel_size):
    channels, h, w = shape
    taps = itertools.product(range(channels), range(kernel_size[0]), range(kernel_size[1]))
    return [c * h * w + u * h + v for c, u, v in taps]


@wrong("offsets", says="channel|plane|size of the kernel|KH ?\\*|H ?\\* ?W")
def planes_as_large_as_the_kernel(shape, kernel_size):
    kh, kw = kernel_size
    c, u, v = np.ogrid[: shape[0], :kh, :kw]
    return (c * kh * kw + u * shape[2] + v).ravel()


@wrong("offsets", says="wide as the kernel|width|\\bKW\\b|consecutive|one after|W elements")
def taps_one_after_another(shape, kernel_size):
    channels, h, w = shape
    taps = np.arange(kernel_size[0] * kernel_size[1])
    return np.concatenate([c * h * w + taps for c in range(channels)])


@wrong("offsets", says="channel")
def one_channel_only(shape, kernel_size):
    return np.array(
        [u * shape[2] + v for u in range(kernel_size[0]) for v in range(kernel_size[1])]
    )


@wrong("offsets", says="channel|last|fastest|order|NHWC|interleav")
def channels_fastest(shape, kernel_size):
    channels, h, w = shape
    taps = itertools.product(range(kernel_size[0]), range(kernel_size[1]), range(channels))
    return [c * h * w + u * w + v for u, v, c in taps]


@wrong("offsets", says="channels?.?last|interleav|NHWC|pixel|layout|channel")
def pixels_of_several_channels(shape, kernel_size):
    c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    return ((u * shape[2] + v) * shape[0] + c).ravel()


@wrong("offsets", says="byte|\\b8\\b|element|itemsize")
def offsets_in_bytes(shape, kernel_size):
    step = np.empty(shape).strides
    c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    return (c * step[0] + u * step[1] + v * step[2]).ravel()


@wrong("offsets", says="column|order|down|transpos|taps")
def down_the_columns(shape, kernel_size):
    channels, h, w = shape
    kh, kw = kernel_size
    return [c * h * w + u * w + v for c in range(channels) for v in range(kw) for u in range(kh)]


@wrong("offsets", says="flat|shape|1-?D|axes|ravel|axis|dimension")
def offsets_with_three_axes(shape, kernel_size):
    return np.arange(np.prod(shape)).reshape(shape)[:, : kernel_size[0], : kernel_size[1]]


@wrong("offsets", says="from (one|1)\\b|1-based|(at|is|with) (one|1|zero|0)\\b|one too")
def first_offset_is_one(shape, kernel_size):
    numbers = np.arange(np.prod(shape)).reshape(shape) + 1
    return numbers[:, : kernel_size[0], : kernel_size[1]].ravel()


@wrong("offsets", says="dilat")
def dilation_across_only(shape, kernel_size, dilation=(1, 1)):
    c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    return (c * shape[1] * shape[2] + u * shape[2] + v * dilation[1]).ravel()


@wrong("offsets", says="dilat")
def fewer_taps_when_dilated(shape, kernel_size, dilation=(1, 1)):
    image = np.arange(np.prod(shape)).reshape(shape)
    return image[:, : kernel_size[0] : dilation[0], : kernel_size[1] : dilation[1]].ravel()


@wrong("offsets", says="dilat|channel")
def channels_dilated_too(shape, kernel_size, dilation=(1, 1)):
    c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    return ((c * shape[1] * shape[2] + u * shape[2]) * dilation[0] + v * dilation[1]).ravel()


@wrong("offsets", says="channel|height|width|swap|changed places|\\bH\\b")
def one_channel_with_the_height(shape, kernel_size):
    return [u * shape[1] + v for u in range(kernel_size[0]) for v in range(kernel_size[1])]


@wrong("offsets", says="dilat|swap|places|down|rows? and columns?")
def dilation_pair_swapped(shape, kernel_size, dilation=(1, 1)):
    c, u, v = np.ogrid[: shape[0], : kernel_size[0], : kernel_size[1]]
    return ((c * shape[1] + u * dilation[1]) * shape[2] + v * dilation[0]).flatten()


@right("offsets")
def corner_of_an_arange(shape, kernel_size, dilation=(1, 1)):
    ends = [(k - 1) * d + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    image = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    return image[:, : ends[0] : dilation[0], : ends[1] : dilation[1]].ravel().tolist()


@right("offsets")
def by_nested_loops(*sizes, dilation=(1, 1)):
    (channels, h, w), (kh, kw) = sizes
    plane = (u * dilation[0] * w + v * dilation[1] for u in range(kh) for v in range(kw))
    taps = tuple(plane)
    return tuple(c * h * w + t for c in range(channels) for t in taps)


@right("offsets")
def outer_sums(shape, kernel_size):
    steps = (shape[1] * shape[2], shape[2], 1)
    counts = (shape[0], *kernel_size)
    out = np.zeros(1, dtype=np.int64)
    for count, step in zip(counts, steps, strict=True):
        out = np.add.outer(out, np.arange(count) * step).ravel()
    return out


# https://github.com/numpy/numpy/issues/16790
@wrong("times_seen", says="once|repeat|duplicate|at most|add\\.at|bincount|several")
def added_by_index(grid, size):
    seen = np.zeros(size[0] * size[1], dtype=int)
    seen[grid] += 1
    return seen.reshape(size)


@wrong("times_seen", says="copy|flatten|ravel|zero|never")
def added_to_a_copy(grid, size):
    seen = np.zeros(size, dtype=int)
    np.add.at(seen.flatten(), grid.ravel(), 1)
    return seen


@wrong("times_seen", says="minlength|shape|length|never seen|last|reshape|size|unseen")
def unseen_ones_at_the_end_forgotten(grid, size):
    return np.bincount(grid.ravel()).reshape(size)


@wrong("times_seen", says="minlength|length|never seen|unseen|not seen|reshape|zero|size|shape")
def unique_counts(grid, size):
    return np.unique(grid, return_counts=True)[1].reshape(size)


@wrong(
    "times_seen", says="transpos|height|width|order|rows? and columns?|swap|\\bH\\b|reshape|places"
)
def reshaped_to_width_and_height(grid, size):
    counts = np.bincount(grid.ravel(), minlength=size[0] * size[1])
    return counts.reshape(size[1], size[0]).T


@wrong("times_seen", says="column|Fortran|order|transpos")
def counts_by_columns(grid, size):
    counts = np.bincount(grid.ravel(), minlength=size[0] * size[1])
    return counts.reshape(size, order="F")


@wrong("times_seen", says="flat|shape|1-?D|reshape|axis|axes|dimension")
def counts_in_a_row(grid, size):
    return np.bincount(grid.ravel(), minlength=size[0] * size[1])


@wrong("times_seen", says="first (column|tap)|starts?\\b|corner|one tap|windows? (is|are) counted")
def only_the_corners_counted(grid, size):
    return np.bincount(grid[:, 0], minlength=size[0] * size[1]).reshape(size)


@wrong("times_seen", says="height|width|\\bH\\b|\\bW\\b|divmod|swap|changed places|divided by")
def divided_by_the_height(grid, size):
    seen = np.zeros(size, dtype=int)
    for index in grid.flat:
        i, j = divmod(index, size[0])
        seen[i % size[0], j % size[1]] += 1
    return seen


@wrong("times_seen", says="ind(ex|ices)|weights?|how often|add(s|ed)? (up|the)|summed|count")
def indices_added(grid, size):
    return np.bincount(grid.ravel(), grid.ravel(), size[0] * size[1]).reshape(size)


@wrong("times_seen", says="whether|seen at all|once|at most|bool|0 (and|or) 1")
def seen_or_not(grid, size):
    return np.isin(np.arange(size[0] * size[1]), grid).reshape(size).astype(int)


@wrong("times_seen", says="share|divid|fraction|mean|number of windows|normali|proportion")
def share_of_the_windows(grid, size):
    counts = np.bincount(grid.ravel(), minlength=size[0] * size[1])
    return counts.reshape(size) / len(grid)


@wrong("times_seen", says="grid.*(chang|modif)|chang|in.?place|sort|argument|modif")
def grid_sorted_for_good(grid, size):
    flat = grid.reshape(-1)
    flat.sort()
    counts = np.diff(np.searchsorted(flat, np.arange(size[0] * size[1] + 1)))
    return counts.reshape(size)


@wrong("times_seen", says="once|at most|transpos|height|width|order|repeat|add\\.at")
def once_and_transposed(grid, size):
    seen = np.zeros(size[0] * size[1])
    seen[grid.ravel()] += 1
    return seen.reshape(size[::-1]).T


@right("times_seen")
def with_a_counter(grid, size):
    counts = collections.Counter(grid.ravel().tolist())
    return [[counts[i * size[1] + j] for j in range(size[1])] for i in range(size[0])]


@right("times_seen")
def compared_with_each(grid, size):
    flat = np.arange(size[0] * size[1]).reshape(size)
    return np.count_nonzero(np.equal.outer(flat, grid), axis=(2, 3))


@right("times_seen")
def added_at_places(grid, size):
    seen = np.zeros(size, dtype=np.float32)
    np.add.at(seen, np.unravel_index(grid, size), 1)
    return seen


@right("times_seen")
def through_a_histogram(grid, size):
    counts, _ = np.histogram(grid, bins=np.arange(size[0] * size[1] + 1) - 0.5)
    return np.asfortranarray(counts.reshape(size))
