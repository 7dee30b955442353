"""Attempts at output_size, same_padding, transposed_size, list_starts, unseen_rows and fields."""

import functools
import itertools
import math
from fractions import Fraction

import numpy as np

from tests.check.learners import right, wrong


@wrong(
    "output_size", says="precedence|parenthes|bracket|whole sum|divided|divides?\\b|first\\b.*//"
)
def only_the_padding_is_divided(size, kernel, stride=1, padding=0):
    return size - kernel + 2 * padding // stride + 1


@wrong("output_size", says="first (place|position)|one too few|\\+ ?1|one place|one more")
def no_plus_one(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride


@wrong("output_size", says="plus one|\\+ ?1|one (is|was)|divided|parenthes|bracket|too few|first")
def the_one_is_divided_too(size, kernel, stride=1, padding=0):
    return (size - kernel + 2 * padding + 1) // stride


@wrong("output_size", says="dilat|extent|span|taps|gaps")
def kernel_times_dilation(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - kernel * dilation) // stride + 1


@wrong("output_size", says="dilat|extent|span|taps|gaps")
def dilation_counts_the_gaps(size, kernel, dilation=1):
    return size - (kernel + (kernel - 1) * dilation) + 1


@wrong(
    "output_size", says="round|ceil|up\\b|hang|incomplete|partial|beyond|does not fit|floor|down"
)
def rounded_up(size, kernel, stride=1, padding=0):
    return math.ceil((size - kernel + 2 * padding) / stride) + 1


@wrong("output_size", says="round|floor|down|nearest|whole")
def rounded_to_the_nearest(size, kernel, stride=1, padding=0):
    return round((size - kernel + 2 * padding) / stride + 1)


@wrong("output_size", says="//|whole|integer|fraction|floor|round|true division")
def with_true_division(size, kernel, stride=1, padding=0):
    return (size - kernel + 2 * padding) / stride + 1


@wrong("output_size", says="padding|both (ends|sides)|2 ?\\*|twice|once")
def padded_on_one_side(size, kernel, stride=1, padding=0):
    size += padding
    return (size - kernel) // stride + 1


# https://github.com/torch/nn/issues/945
@wrong(
    "output_size",
    says="sign|parenthes|bracket|too (many|long|small|large)|extent|span|[-+] ?1\\b|cells",
)
def as_an_old_manual_says(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel - 1) + 1) // stride + 1


@wrong("output_size", says="same|padd|hang|beyond|past|every|outside|\\bfit|over the")
def every_stride_begins_a_window(size, kernel, stride=1):
    count = 0
    for _ in range(0, size, stride):
        count += 1
    return count


@wrong("output_size", says="last|too few|end|\\+ ?1")
def range_ends_early(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel, stride))


@wrong("output_size", says="return|None|print")
def printed_not_returned(size, kernel, stride=1, padding=0):
    out = (size - kernel + 2 * padding) // stride + 1
    print("output size:", out)


@wrong("output_size", says="side by side|overlap|next to|each other|stride|block|divid|pool")
def as_if_for_pooling(size, kernel):
    return size // kernel


@wrong("output_size", says="dilat.*padding|padding.*dilat")
def padding_is_dilated(size, kernel, padding=0, dilation=1):
    return size + 2 * padding * dilation - (kernel - 1) * dilation


@wrong(
    "same_padding", says="even|one (cell )?(more|too many)|too many|kernel ?- ?1|half|halves|total"
)
def half_the_kernel_twice(size, kernel):
    return kernel // 2, kernel // 2


@wrong(
    "same_padding",
    says="even|odd cell|left over|one (cell )?(short|less|too few|missing)|too few|lost",
)
def smaller_half_twice(size, kernel):
    p = (kernel - 1) // 2
    return p, p


@wrong("same_padding", says="lower|start|before|after|order|end|swap|changed places")
def odd_cell_first(size, kernel, stride=1):
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return total - total // 2, total // 2


@wrong("same_padding", says="stride")
def stride_makes_no_difference(size, kernel, stride=1, dilation=1):
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


@wrong("same_padding", says="stride|same size|input|output|ceil|size")
def keeps_the_size_with_a_stride(size, kernel, stride=1):
    total = (size - 1) * stride + kernel - size
    return total // 2, total - total // 2


@wrong("same_padding", says="round|ceil|up\\b|floor|down|last|too few")
def output_rounded_down(size, kernel, stride=1):
    out = size // stride
    total = max(0, (out - 1) * stride + kernel - size)
    return total // 2, total - total // 2


@wrong("same_padding", says="negative|below (0|zero)|less than|max|cut|crop|no padding|longer")
def below_zero(size, kernel, stride=1, dilation=1):
    total = ((size + stride - 1) // stride - 1) * stride + (kernel - 1) * dilation + 1 - size
    return total // 2, total - total // 2


@wrong("same_padding", says="dilat")
def dilation_not_used(size, kernel, stride=1, dilation=1):
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2


@wrong("same_padding", says="half|halv|divid|twice|double|each (side|end)|total|both")
def all_of_it_on_each_side(size, kernel):
    return kernel - 1, kernel - 1


@wrong("same_padding", says="two|pair|tuple|before|after|sum|total|number")
def only_the_sum(size, kernel, stride=1):
    return max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)


@wrong("same_padding", says="//|whole|half|halves|fraction|integer|odd|even")
def half_cells(size, kernel):
    return (kernel - 1) / 2, (kernel - 1) / 2


@wrong("transposed_size", says="kernel|window|overhang|last|reach")
def only_enlarged(size, kernel, stride=1):
    return size * stride


# https://github.com/pytorch/pytorch/issues/14099
@wrong("transposed_size", says="dilat")
def by_the_old_formula(size, kernel, stride=1, padding=0, dilation=1, output_padding=0):
    return (size - 1) * stride - 2 * padding + kernel + output_padding


@wrong("transposed_size", says="one stride|size - 1|stride too many|last")
def size_times_stride_plus_kernel(size, kernel, stride=1, padding=0):
    return size * stride + kernel - 2 * padding


@wrong("transposed_size", says="padding|both|twice|once|2 ?\\*")
def cut_on_one_side(size, kernel, stride=1, padding=0):
    return (size - 1) * stride + kernel - padding


@wrong("transposed_size", says="padding.*(cut|subtract|take|remove|less|shrink|minus|add)")
def grown_by_the_padding(size, kernel, stride=1, padding=0):
    return stride * (size - 1) + kernel + 2 * padding


@wrong("transposed_size", says="output_padding|once|one side|one end|twice")
def output_padding_on_both_sides(size, kernel, stride=1, padding=0, output_padding=0):
    return (size - 1) * stride + kernel - 2 * padding + 2 * output_padding


@wrong(
    "transposed_size", says="forward|plain|not transposed|ordinary|convolution|divid|shrink|inverse"
)
def the_way_forward(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


@wrong("transposed_size", says="zeros|stride|between|gap|insert")
def stride_zeros_between(size, kernel, stride=1):
    spread = size + (size - 1) * stride
    return spread + kernel - 1 if stride > 1 else size + kernel - 1


@wrong("transposed_size", says="one (cell )?(too few|short|less|more)|\\+ ?1|last|extent|itself")
def last_cell_lost(size, kernel, stride=1, padding=0, dilation=1, output_padding=0):
    return (size - 1) * stride + (kernel - 1) * dilation - 2 * padding + output_padding


@wrong("list_starts", says="\\b0\\b|zero|one|count")
def counted_from_one(size, kernel, stride=1):
    return list(range(1, size - kernel + 2, stride))


@wrong("list_starts", says="padding|first cell|image|negative|counted from")
def counted_from_the_image(size, kernel, stride=1, padding=0):
    return list(range(-padding, size + padding - kernel + 1, stride))


@wrong("list_starts", says="last|end|one too few|\\+ ?1|missing")
def stops_before_the_last(size, kernel, stride=1, padding=0, dilation=1):
    return list(range(0, size + 2 * padding - dilation * (kernel - 1) - 1, stride))


@wrong("list_starts", says="stride|number|multipl|place|times")
def numbers_of_windows(size, kernel, stride=1, padding=0):
    return [i for i in range((size + 2 * padding - kernel) // stride + 1)]


@wrong("list_starts", says="hang|fit|beyond|past|outside|end|kernel|inside")
def windows_hang_over(size, kernel, stride=1, padding=0):
    return [*range(0, size + 2 * padding, stride)]


@wrong("list_starts", says="one (end|side)|both|twice|padding|once")
def padding_before_only(size, kernel, padding=0):
    return [i for i in range(size + padding) if i + kernel <= size + padding]


@wrong("list_starts", says="centre|center|middle|half")
def middles_instead(size, kernel, stride=1):
    return [i + kernel // 2 for i in range(0, size - kernel + 1, stride)]


@wrong("list_starts", says="last|stride|end|extra|added|beyond|too many|multiple")
def one_more_flush_with_the_end(size, kernel, stride=1):
    starts = list(range(0, size - kernel + 1, stride))
    if starts and starts[-1] + kernel < size:
        starts.append(size - kernel)
    return starts


@wrong("list_starts", says="fit|empty|too (long|large|short|small)|larger")
def at_least_one(size, kernel, stride=1):
    count = max(1, (size - kernel) // stride + 1)
    return [i * stride for i in range(count)]


@wrong("list_starts", says="return|first|loop")
def returns_too_soon(size, kernel, stride=1):
    starts = []
    for i in range(0, size - kernel + 1, stride):
        starts.append(i)
        return starts


@wrong("unseen_rows", says="between|gap|longer|after the last|skipp|inside|middle")
def only_those_after_the_last(size, kernel, stride=1):
    last = (size - kernel) // stride * stride
    return list(range(last + kernel, size))


@wrong("unseen_rows", says="dilat|tap|hole|between")
def taps_without_holes(size, kernel, stride=1, dilation=1):
    extent = dilation * (kernel - 1) + 1
    seen = np.zeros(size, bool)
    for i in range(0, size - extent + 1, stride):
        seen[i : i + extent] = True
    return np.flatnonzero(~seen).tolist()


@wrong("unseen_rows", says="padding|image|shift|subtract|counted")
def rows_of_the_padded_image(size, kernel, stride=1, padding=0):
    rows = set(range(size + 2 * padding))
    for i in range(0, size + 2 * padding - kernel + 1, stride):
        rows -= set(range(i, i + kernel))
    return sorted(rows)


@wrong("unseen_rows", says="list|number|count|which|how many")
def how_many(size, kernel, stride=1):
    starts = range(0, size - kernel + 1, stride)
    return size - len({i + u for i in starts for u in range(kernel)})


@wrong("unseen_rows", says="seen|opposite|invert|not\\b|touched|complement")
def those_that_are_seen(size, kernel, stride=1):
    starts = range(0, size - kernel + 1, stride)
    return sorted({i + u for i in starts for u in range(kernel)})


@wrong("unseen_rows", says="padding|between|gap|remainder|end|last")
def the_remainder(size, kernel, stride=1, padding=0):
    left = (size + 2 * padding - kernel) % stride
    return list(range(size - left, size))


@wrong("unseen_rows", says="start|tap|kernel|rows? (of|under) (the|a) window|first row|covers?")
def all_that_start_nothing(size, kernel, stride=1):
    return [r for r in range(size) if r not in range(0, size - kernel + 1, stride)]


@wrong("receptive_field", says="jump|stride|multipl|product|add")
def jumps_are_added(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * jump
        jump += stride
    return field


@wrong("receptive_field", says="own stride|before|below|order|jump|stride|too (early|soon)")
def own_stride_first(layers):
    r, j = 1, 1
    for k, s, d in layers:
        j *= s
        r = r + (k - 1) * d * j
    return r


# https://github.com/Fangyh09/pytorch-receptive-field/issues/6
@wrong("receptive_field", says="dilat")
def without_dilation(layers):
    r, j = 1, 1
    for k, s, _ in layers:
        r, j = r + (k - 1) * j, j * s
    return r


@wrong(
    "receptive_field", says="kernel ?- ?1|overlap|first|shared|whole kernel|one\\b|k ?- ?1|jump|sum"
)
def kernels_are_added(layers):
    return sum(k for k, s, d in layers)


@wrong("receptive_field", says="top|order|revers|from the image|bottom|below|above|direction")
def from_the_top_with_jumps(layers):
    r, j = 1, 1
    for k, s, d in reversed(layers):
        r += (k - 1) * d * j
        j *= s
    return r


# https://github.com/ibab/tensorflow-wavenet/issues/259
@wrong("receptive_field", says="first (layer|kernel)|twice|too (many|large)|once|again|one more")
def first_kernel_again(layers):
    r, j = layers[0][0], 1
    for k, s, d in layers:
        r += (k - 1) * d * j
        j *= s
    return r


@wrong("receptive_field", says="even|half|odd|halv")
def half_to_each_side(layers):
    half, jump = 0, 1
    for k, s, d in layers:
        half += k // 2 * d * jump
        jump *= s
    return 2 * half + 1


@wrong("receptive_field", says="dilat.*(jump|stay|above|next|layer|carr)|jump.*dilat")
def dilation_stays_in_the_jump(layers):
    r, j = 1, 1
    for k, s, d in layers:
        j *= d
        r += (k - 1) * j
        j *= s
    return r


@wrong("receptive_field", says="chang|modif|in place|mutat|write|revers|copy|argument")
def turns_the_list_round(layers):
    layers.reverse()
    r = 1
    for k, s, d in layers:
        r = (r - 1) * s + (k - 1) * d + 1
    return r


@right("output_size")
def counts_one_by_one(size, kernel, stride=1, padding=0, dilation=1):
    start = -padding
    count = 0
    while start + (kernel - 1) * dilation < size + padding:
        start, count = start + stride, count + 1
    return count


@right("output_size")
def exact_and_floored(*args, **kwargs):
    size, kernel = args
    p, s, d = (kwargs.get(n, k) for n, k in (("padding", 0), ("stride", 1), ("dilation", 1)))
    return np.int64(math.floor(Fraction(size + 2 * p - d * (kernel - 1) - 1, s)) + 1)


@right("same_padding")
def as_an_array(size, kernel, *, dilation=1, stride=1):
    over = size % stride or stride
    total = np.maximum((kernel - 1) * dilation + 1 - over, 0)
    return np.array([total // 2, (total + 1) // 2])


@right("transposed_size")
def by_the_zeros_between(
    size, kernel, stride=1, padding=0, dilation=1, output_padding=0, *unused, **unknown
):
    spread = size + (size - 1) * (stride - 1)
    taps = kernel + (kernel - 1) * (dilation - 1)
    return np.array(spread + 2 * (taps - 1 - padding) - taps + 1 + output_padding)


@right("list_starts")
def starts_by_recursion(size, kernel, stride=1, padding=0, dilation=1, start=0):
    if start + (kernel - 1) * dilation >= size + 2 * padding:
        return []
    return [start, *starts_by_recursion(size, kernel, stride, padding, dilation, start + stride)]


@right("list_starts")
def starts_as_an_array(size, kernel, stride=1, padding=0, dilation=1):
    every = np.arange(size + 2 * padding)[::stride]
    return every[every + (kernel - 1) * dilation < size + 2 * padding]


def _noted(function):
    @functools.wraps(function)
    def noted(*args, **kwargs):
        noted.calls = getattr(noted, "calls", 0) + 1
        return function(*args, **kwargs)

    return noted


@right("unseen_rows")
@_noted
def rows_with_no_tap(size, kernel, stride=1, padding=0, dilation=1):
    def touched(row):
        starts = (row + padding - u * dilation for u in range(kernel))
        last = size + 2 * padding - (kernel - 1) * dilation - 1
        return any(0 <= s <= last and s % stride == 0 for s in starts)

    return list(itertools.filterfalse(touched, range(size)))


@right("unseen_rows")
def rows_by_a_sum(size, kernel, stride=1, padding=0, dilation=1):
    seen = np.zeros(size + 2 * padding, np.uint8)
    for u in range(0, kernel * dilation, dilation):
        seen[u : seen.size - (kernel - 1) * dilation + u][::stride] = 1
    return tuple(np.flatnonzero(seen[padding : padding + size] == 0))


@right("receptive_field")
def field_from_the_top(layers):
    return functools.reduce(lambda r, a: (r - 1) * a[1] + (a[0] - 1) * a[2] + 1, layers[::-1], 1)


@right("receptive_field")
def field_by_recursion(layers):
    if not layers:
        return 1
    (kernel, stride, dilation), *above = layers
    return (kernel - 1) * dilation + 1 + stride * (field_by_recursion(above) - 1)


class Field:
    """Adds layers one by one."""

    def __call__(self, layers):
        k, s, d = np.array(layers).T
        jumps = np.cumprod([1, *s[:-1]])
        return np.dot((k - 1) * d, jumps) + 1


right("receptive_field")(Field())
