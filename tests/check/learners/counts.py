"""Attempts at costs of layers, and at arithmetic with byte strides."""

import functools
import itertools
import math
import operator
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tests.check.learners import right, wrong


@wrong("layer_cost", says="bias")
def with_a_bias(channels, filters, kernel_size, output_size):
    kh, kw = kernel_size
    oh, ow = output_size
    weights = filters * (channels * kh * kw + 1)
    return weights, filters * channels * kh * kw * oh * ow


@wrong("layer_cost", says="bias")
def bias_in_both(channels, filters, kernel_size, output_size, groups=1):
    params = (channels // groups * kernel_size[0] * kernel_size[1] + 1) * filters
    return params, params * output_size[0] * output_size[1]


@wrong("layer_cost", says="group")
def groups_make_no_difference(channels, filters, kernel_size, output_size, groups=1):
    weights = channels * filters * np.prod(kernel_size)
    return weights, weights * np.prod(output_size)


# https://github.com/deepspeedai/DeepSpeed/pull/8323
@wrong("layer_cost", says="group")
def divided_by_groups_twice(channels, filters, kernel_size, output_size, groups=1):
    per_group = (filters // groups) * (channels // groups)
    weights = per_group * kernel_size[0] * kernel_size[1]
    return weights, weights * output_size[0] * output_size[1]


@wrong("layer_cost", says="group")
def groups_multiply(channels, filters, kernel_size, output_size, groups=1):
    weights = channels * filters * kernel_size[0] * kernel_size[1] * groups
    return weights, weights * output_size[0] * output_size[1]


@wrong("layer_cost", says="filter|output channel")
def products_of_one_filter(channels, filters, kernel_size, output_size):
    kh, kw = kernel_size
    one = channels * kh * kw
    return filters * one, one * output_size[0] * output_size[1]


@wrong("layer_cost", says="add|twice|double|two|2")
def additions_counted(channels, filters, kernel_size, output_size):
    weights = filters * channels * kernel_size[0] * kernel_size[1]
    return weights, 2 * weights * output_size[0] * output_size[1]


@wrong("layer_cost", says="square|width|height|first|\\bK[HW]\\b|both|second")
def a_square_kernel(channels, filters, kernel_size, output_size):
    k = kernel_size[0]
    weights = filters * channels * k * k
    return weights, weights * output_size[0] * output_size[1]


@wrong("layer_cost", says="square|width|height|rows?|columns?|\\bO[HW]\\b|output|second|first")
def a_square_output(channels, filters, kernel_size, output_size):
    weights = filters * channels * kernel_size[0] * kernel_size[1]
    return weights, weights * output_size[1] ** 2


@wrong("layer_cost", says="order|swap|changed places|first|reverse")
def products_first(channels, filters, kernel_size, output_size):
    weights = filters * channels * math.prod(kernel_size)
    return weights * math.prod(output_size), weights


@wrong("layer_cost", says="channel")
def planes_only(channels, filters, kernel_size, output_size):
    weights = filters * kernel_size[0] * kernel_size[1]
    return weights, weights * channels * output_size[0] * output_size[1]


@wrong("layer_cost", says="two|tuple|both|pair|multiplications|return")
def weights_alone(channels, filters, kernel_size, output_size):
    return channels * filters * kernel_size[0] * kernel_size[1]


@wrong("multiplications", says="stride")
def stride_not_used(shape, filters, kernel_size, stride=(1, 1)):
    (C, H, W), (KH, KW) = shape, kernel_size
    return filters * C * KH * KW * (H - KH + 1) * (W - KW + 1)


# https://github.com/Lyken17/pytorch-OpCounter/issues/34
@wrong("multiplications", says="same|padd|pixel|kernel|fit|inside|output|place|stride")
def output_is_input_by_stride(shape, filters, kernel_size, stride=(1, 1), groups=1):
    c, h, w = shape
    out = (h // stride[0]) * (w // stride[1])
    return out * kernel_size[0] * kernel_size[1] * (c // groups) * filters


@wrong("multiplications", says="stride|swap|down|right")
def stride_across_then_down(shape, filters, kernel_size, stride=(1, 1)):
    c, h, w = shape
    sx, sy = stride
    oh, ow = (h - kernel_size[0]) // sy + 1, (w - kernel_size[1]) // sx + 1
    return c * filters * kernel_size[0] * kernel_size[1] * oh * ow


@wrong("multiplications", says="stride")
def first_stride_for_both(shape, filters, kernel_size, stride=(1, 1)):
    s = stride[0]
    places = [(n - k) // s + 1 for n, k in zip(shape[1:], kernel_size, strict=True)]
    return math.prod([shape[0], filters, *kernel_size, *places])


@wrong("multiplications", says="group")
def every_channel_for_every_filter(shape, filters, kernel_size, groups=1):
    c, h, w = shape
    kh, kw = kernel_size
    return c * filters * kh * kw * (h - kh + 1) * (w - kw + 1)


@wrong("multiplications", says="group")
def groups_share_the_filters_too(shape, filters, kernel_size, stride=(1, 1), groups=1):
    c, h, w = shape
    kh, kw = kernel_size
    oh, ow = (h - kh) // stride[0] + 1, (w - kw) // stride[1] + 1
    return (c // groups) * (filters // groups) * kh * kw * oh * ow


@wrong("multiplications", says="channels? (last|first)|\\(C, H, W\\)|order|axes|axis|shape")
def channels_last_shape(shape, filters, kernel_size):
    height, width, depth = shape
    kh, kw = kernel_size
    return depth * filters * kh * kw * (height - kh + 1) * (width - kw + 1)


@wrong("multiplications", says="kernel|height|width|swap|changed places|KH|rows")
def kernel_sizes_swapped(shape, filters, kernel_size):
    c, h, w = shape
    kw, kh = kernel_size
    return c * filters * kh * kw * (h - kh + 1) * (w - kw + 1)


@wrong("multiplications", says="\\+ ?1|first|last|one (place|row|too few)|too few|missing")
def one_place_missing(shape, filters, kernel_size, stride=(1, 1)):
    c, h, w = shape
    oh = (h - kernel_size[0]) // stride[0]
    ow = (w - kernel_size[1]) // stride[1]
    return filters * c * kernel_size[0] * kernel_size[1] * oh * ow


@wrong("multiplications", says="channel")
def only_one_channel(shape, filters, kernel_size):
    _, h, w = shape
    kh, kw = kernel_size
    return (h - kh + 1) * (w - kw + 1) * kh * kw * filters


@wrong("multiplications", says="filter")
def filters_forgotten(shape, filters, kernel_size, stride=(1, 1)):
    places = 1
    for n, k, s in zip(shape[1:], kernel_size, stride, strict=True):
        places *= (n - k) // s + 1
    return places * shape[0] * kernel_size[0] * kernel_size[1]


@wrong("patch_and_grid_bytes", says="int64|\\b8\\b|eight|index|indices|item")
def grid_of_the_same_type(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return n * item, n * item


@wrong("patch_and_grid_bytes", says="item|patch|8|bytes of a number|type")
def eight_bytes_for_all(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return n * 8, n * 8


@wrong("patch_and_grid_bytes", says="channel")
def grid_of_one_channel(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    windows = ((h - kh) // sh + 1) * ((w - kw) // sw + 1)
    return windows * c * kh * kw * item, windows * kh * kw * 8


@wrong("patch_and_grid_bytes", says="bytes|numbers|count|elements|item|multipl")
def counts_numbers(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return n, n


@wrong("patch_and_grid_bytes", says="order|swap|changed places|first|reverse")
def grid_before_patches(shape, kernel_size, stride, item):
    places = [1 + (n - k) // s for n, k, s in zip(shape[1:], kernel_size, stride, strict=True)]
    n = math.prod(places) * shape[0] * math.prod(kernel_size)
    return 8 * n, item * n


@wrong("patch_and_grid_bytes", says="stride|swap")
def strides_the_wrong_way(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sw, sh) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return n * item, n * 8


@wrong("patch_and_grid_bytes", says="int64|\\b8\\b|eight|int32|4 bytes|indices")
def grid_of_int32(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return n * item, n * np.dtype("int32").itemsize


@wrong(
    "patch_and_grid_bytes",
    says="image|overlap|each (window|place)|\\btaps?|shared|its own|copie|copy",
)
def patches_cost_nothing_more(shape, kernel_size, stride, item):
    (c, h, w), (kh, kw), (sh, sw) = shape, kernel_size, stride
    n = ((h - kh) // sh + 1) * ((w - kw) // sw + 1) * c * kh * kw
    return c * h * w * item, n * 8


@wrong("byte_offset", says="strides|contiguous|C order|gap|order in memory|shape|other order")
def as_if_in_c_order(array, index):
    return int(np.ravel_multi_index(index, array.shape)) * array.itemsize


# https://github.com/numpy/numpy/issues/13706
@wrong("byte_offset", says="\\b8\\b|itemsize|eight|bytes of (a|one) number|type|strides")
def every_number_has_eight_bytes(array, index):
    flat = 0
    for k, n in zip(index, array.shape, strict=True):
        flat = flat * n + k
    return flat * 8


@wrong("byte_offset", says="negative|before|abs|sign|revers|backward")
def always_forward(array, index):
    return sum(k * abs(s) for k, s in zip(index, array.strides, strict=True))


@wrong("byte_offset", says="elements|bytes|numbers|itemsize")
def in_elements(array, index):
    return sum(k * (s // array.itemsize) for k, s in zip(index, array.strides, strict=True))


@wrong("byte_offset", says="order|revers|swap|changed places|axes|axis|first.*last")
def last_index_first(array, index):
    return int(np.dot(index[::-1], array.strides))


@wrong("byte_offset", says="end|past|itemsize|begin|after|one (number|element)")
def where_it_ends(array, index):
    return sum(map(operator.mul, index, array.strides)) + array.itemsize


@wrong("byte_offset", says="address|memory|pointer|first element|absolute")
def an_address(array, index):
    return array.ctypes.data + sum(map(operator.mul, index, array.strides))


@wrong("byte_span", says="n ?- ?1|one (jump|stride|step|too)|last|number of|times|too (many|far)")
def n_jumps(shape, strides, itemsize):
    low = sum(n * s for n, s in zip(shape, strides, strict=True) if s < 0)
    return low, sum(n * s for n, s in zip(shape, strides, strict=True) if s > 0) + itemsize


@wrong("byte_span", says="itemsize|last (number|element)|begins|ends?|bytes of")
def where_the_last_begins(shape, strides, itemsize):
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    return sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)


@wrong("byte_span", says="past|last byte|one (too few|byte|less|past|more)|inclusive|exclusive")
def last_byte_itself(shape, strides, itemsize):
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    high = sum(max(r, 0) for r in reach) + itemsize
    return sum(min(r, 0) for r in reach), high - 1


@wrong("byte_span", says="strides|shape|contiguous|numbers|count|gap|size")
def size_in_bytes(shape, strides, itemsize):
    return 0, math.prod(shape) * itemsize


@wrong("byte_span", says="negative|abs|sign|before|below|lowest|revers|low\\b|backward")
def absolute_strides(shape, strides, itemsize):
    return 0, sum((n - 1) * abs(s) for n, s in zip(shape, strides, strict=True)) + itemsize


@wrong("byte_span", says="sum|add|one axis|longest|largest|all axes|together|each axis")
def longest_axis(shape, strides, itemsize):
    ends = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    return min(0, *ends), max(0, *ends) + itemsize


@wrong("byte_span", says="sign|negative|separate|cancel|each|apart|last (element|corner)|upside")
def only_the_last_corner(shape, strides, itemsize):
    corner = sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    return min(corner, 0), max(corner, 0) + itemsize


@wrong("is_safe", says="numbers|count|strides|how many|nbytes|reach|shape")
def no_larger_in_bytes(array, shape, strides):
    return math.prod(shape) * array.itemsize <= array.nbytes


def reach(shape, strides):
    ends = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    return sum(e for e in ends if e < 0), sum(e for e in ends if e > 0)


@wrong("is_safe", says="before|negative|low|first|begin|below|other end|start")
def only_the_far_end(array, shape, strides):
    high = reach(shape, strides)[1]
    return high <= reach(array.shape, array.strides)[1]


@wrong("is_safe", says="<=|equal|exactly|all of it|strict|last|edge|touch")
def strictly_inside(array, shape, strides):
    low, high = reach(shape, strides)
    first, last = reach(array.shape, array.strides)
    return first < low and high < last


@wrong(
    "is_safe", says="strides|nbytes|span|cut|gap|revers|before|contiguous|C order|negative|spread"
)
def within_nbytes(array, shape, strides):
    low, high = reach(shape, strides)
    return low >= 0 and high + array.itemsize <= array.nbytes


@wrong("is_safe", says="negative|backward|revers|before|abs")
def no_way_back(array, shape, strides):
    if any(s < 0 for s in strides):
        return False
    return reach(shape, strides)[1] <= reach(array.shape, array.strides)[1]


@wrong("is_safe", says="half|itemsize|whole number|last (number|element)|ends?\\b|bytes of")
def the_last_may_hang_over(array, shape, strides):
    low, high = reach(shape, strides)
    first, last = reach(array.shape, array.strides)
    return low >= first and high < last + array.itemsize


@wrong("is_safe", says="raise|error|check|always|True|NumPy|believe|refuse|called safe")
def numpy_would_complain(array, shape, strides):
    try:
        as_strided(array, shape, strides)
    except ValueError:
        return False
    return True


@wrong("is_safe", says="every|all|some|any|share|overlap|part|always|True|one byte|touch")
def shares_something(array, shape, strides):
    view = as_strided(array, shape, strides)
    return bool(np.may_share_memory(array, view))


@wrong("is_safe", says="opposite|not\\b|invert|True|negat|wrong way|leaves|outside")
def tells_the_danger(array, shape, strides):
    low, high = reach(shape, strides)
    first, last = reach(array.shape, array.strides)
    return low < first or high > last


@wrong("layer_cost", says="bias|group")
def a_bias_and_no_groups(channels, filters, kernel_size, output_size, groups=1):
    weights = (channels * kernel_size[0] * kernel_size[1] + 1) * filters
    return weights, weights * output_size[0] * output_size[1]


@wrong("byte_span", says="n ?- ?1|one (jump|stride|step|too)|last|too (many|far)|negative|low")
def from_zero_to_n_jumps(shape, strides, itemsize):
    return 0, sum(n * abs(s) for n, s in zip(shape, strides, strict=True))


@right("layer_cost")
def costs_as_an_array(channels, filters, kernel_size, output_size, *, groups=1):
    weights = Fraction(filters * channels, groups) * np.prod(kernel_size, dtype=object)
    return np.array([int(weights), int(weights * np.prod(output_size, dtype=object))])


@right("layer_cost")
def each_group_on_its_own(channels, filters, kernel_size, output_size, **more):
    groups = more.get("groups", 1)
    weights = groups * (channels // groups) * (filters // groups) * math.prod(kernel_size)
    return [weights, np.int64(functools.reduce(operator.mul, output_size, weights))]


@right("multiplications")
def counts_the_places(shape, filters, kernel_size, stride=(1, 1), groups=1):
    down = range(0, shape[1] - kernel_size[0] + 1, stride[0])
    across = range(0, shape[2] - kernel_size[1] + 1, stride[1])
    places = sum(1 for _ in itertools.product(down, across))
    return np.array(places * filters * (shape[0] // groups) * math.prod(kernel_size))


@right("patch_and_grid_bytes")
def bytes_of_real_views(shape, kernel_size, stride, item):
    image = np.empty(shape, f"V{item}")
    view = np.lib.stride_tricks.sliding_window_view(image, kernel_size, axis=(1, 2))
    n = view[:, :: stride[0], :: stride[1]].size
    return np.multiply(n, (image.itemsize, np.dtype(np.int64).itemsize))


@right("byte_offset")
def by_addresses(array, index):
    there = array[tuple(slice(k, k + 1) for k in index)]
    return there.ctypes.data - array[(slice(1),) * array.ndim].ctypes.data


@right("byte_offset")
def by_matrix_product(array, index):
    return np.asarray(index) @ np.asarray(array.strides)


@right("byte_span")
def corners_by_product(shape, strides, itemsize):
    ends = ((0, (n - 1) * s) for n, s in zip(shape, strides, strict=True))
    corners = [sum(corner) for corner in itertools.product(*ends)]
    return [np.int64(min(corners)), max(corners) + itemsize]


@right("is_safe")
def asks_numpy(array, shape, strides):
    bounds = np.lib.array_utils.byte_bounds
    (low, high), (first, last) = bounds(as_strided(array, shape, strides)), bounds(array)
    return np.bool_(first <= low) & np.bool_(high <= last)
