"""Attempts at convolve2d, find_kernel and rises."""

import functools
import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.check.learners import right, wrong


def size_of(x, w):
    return x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1


@wrong("convolve2d", says="not flipped|flip|correlation|revers|half a turn")
def not_flipped(image, kernel):
    return np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), kernel)


@wrong(
    "convolve2d",
    says="left.?(and.?)?.?right|up.?(and.?)?.?down|one axis|both axes|flip|upside|vertical",
)
def flipped_up_down_only(image, kernel):
    return np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), np.flipud(kernel))


@wrong(
    "convolve2d",
    says="left.?(and.?)?.?right|up.?(and.?)?.?down|one axis|both axes|flip|mirror|horizontal",
)
def rows_reversed_only(image, kernel):
    flipped = np.array([row[::-1] for row in kernel])
    return np.tensordot(sliding_window_view(image, kernel.shape), flipped, 2)


@wrong(
    "convolve2d",
    says="left.?(and.?)?.?right|up.?(and.?)?.?down|one axis|both axes|flip|upside|vertical",
)
def list_reversed(image, kernel):
    out = np.zeros(size_of(image, kernel))
    turned = list(reversed(kernel))
    for u, v in np.ndindex(kernel.shape):
        out += image[u : u + len(out), v : v + len(out[0])] * turned[u][v]
    return out


@wrong("convolve2d", says="transpos|rows? and columns?|quarter|rot|shape")
def transposed_for_flipped(image, kernel):
    return np.tensordot(sliding_window_view(image, kernel.T.shape), kernel.T, 2)


@wrong("convolve2d", says="quarter|rot|90|turn|transpos|shape")
def turned_by_a_quarter(image, kernel):
    turned = np.rot90(kernel)
    return np.tensordot(sliding_window_view(image, turned.shape), turned, 2)


@wrong("convolve2d", says="full|padd|border|overlap|everywhere|whole kernel")
def full_size(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] + kh - 1, image.shape[1] + kw - 1))
    for i, j in np.ndindex(image.shape):
        out[i : i + kh, j : j + kw] += image[i, j] * kernel
    return out


@wrong("convolve2d", says="padd|\\bsame\\b|as large as|border|whole kernel|edge")
def same_size(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)))
    return np.tensordot(sliding_window_view(padded, (kh, kw)), kernel[::-1, ::-1], 2)


@wrong("convolve2d", says="wrap|circular|periodic|around|as large as|\\bsame\\b|FFT|size")
def circular(image, kernel):
    product = np.fft.fft2(image) * np.fft.fft2(kernel, image.shape)
    return np.fft.ifft2(product).real


@wrong("convolve2d", says="conjugat|not flipped|flip|correlation|revers")
def spectrum_conjugated(image, kernel):
    product = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape))
    oh, ow = size_of(image, kernel)
    return np.fft.irfft2(product, image.shape)[:oh, :ow]


@wrong("convolve2d", says="wrap|circular|crop|\\bcut\\b|shift|corner|roll|other end")
def wrong_corner_of_the_spectrum(image, kernel):
    product = np.fft.rfft2(image) * np.fft.rfft2(kernel, image.shape)
    oh, ow = size_of(image, kernel)
    return np.fft.irfft2(product, image.shape)[:oh, :ow]


@wrong("convolve2d", says="result|answer|image.*(flip|turn|revers)|turned")
def result_flipped_not_kernel(image, kernel):
    return np.tensordot(sliding_window_view(image, kernel.shape), kernel, 2)[::-1, ::-1]


@wrong("convolve2d", says="result|answer|turn|image.*(flip|turn)|revers|half a turn")
def image_flipped_as_well(image, kernel):
    windows = sliding_window_view(image[::-1, ::-1], kernel.shape)
    return np.tensordot(windows, kernel, 2)


@wrong("convolve2d", says="twice|not flipped|flip|correlation")
def flipped_twice(image, kernel):
    (kh, kw), flipped, out = kernel.shape, kernel[::-1, ::-1], np.zeros(size_of(image, kernel))
    for i, j in np.ndindex(out.shape):
        for u, v in itertools.product(range(kh), range(kw)):
            out[i, j] += image[i + u, j + v] * flipped[kh - 1 - u, kw - 1 - v]
    return out


@wrong(
    "convolve2d", says="shift|off by|one (place|too|row)|ind(ex|ices)|neighbour|wrap|negative|roll"
)
def flipped_index_off_by_one(image, kernel):
    (kh, kw), out = kernel.shape, np.zeros(size_of(image, kernel))
    for i, j in np.ndindex(out.shape):
        for u, v in np.ndindex(kh, kw):
            out[i, j] += image[i + u, j + v] * kernel[-u, -v]
    return out


@wrong(
    "convolve2d",
    says="wrap|negative ind|outside|around|other side|circular|shift|places?|other end",
)
def read_outside_by_negative_index(image, kernel):
    out = np.zeros(size_of(image, kernel))
    for i, j in np.ndindex(out.shape):
        for u, v in np.ndindex(kernel.shape):
            out[i, j] += image[i - u, j - v] * kernel[u, v]
    return out


@wrong(
    "convolve2d", says="kernel.*(chang|no longer|modif|flipped|written)|chang|in.?place|overwrit"
)
def kernel_flipped_for_good(image, kernel):
    kernel[:] = kernel[::-1, ::-1].copy()
    return np.tensordot(sliding_window_view(image.astype(float), kernel.shape), kernel, 2)


@wrong("convolve2d", says="one too|last|\\bend\\b|\\+ ?1|too few|one (row|place)|small")
def one_place_short(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    flipped = kernel[::-1, ::-1]
    return [
        [(image[i : i + kh, j : j + kw] * flipped).sum() for j in range(w - kw)]
        for i in range(h - kh)
    ]


@wrong("convolve2d", says="integer|\\btype\\b|fraction|truncat|round|dtype")
def integer_output(image, kernel):
    out = np.zeros(size_of(image, kernel), dtype=int)
    for i, j in np.ndindex(out.shape):
        window = image[i : i + len(kernel), j : j + len(kernel[0])]
        out[i, j] = np.sum(window * kernel[::-1, ::-1])
    return out


@wrong("convolve2d", says="uint8|overflow|255|256|8.?bit|wrap|\\btype\\b")
def sums_of_the_image_type(image, kernel):
    out = np.zeros(size_of(image, kernel), np.result_type(image, kernel))
    for u, v in np.ndindex(kernel.shape):
        out += image[u : u + len(out), v : v + len(out[0])] * kernel[-1 - u, -1 - v]
    return out


@wrong("convolve2d", says="transpos|rows? and columns?|reshape|order|Fortran|column")
def reshaped_the_wrong_way(image, kernel):
    cols = sliding_window_view(image, kernel.shape).reshape(-1, kernel.size)
    return (cols @ kernel.ravel()[::-1]).reshape(size_of(image, kernel)[::-1]).T


@wrong("convolve2d", says="normali|divid|mean|average|sum of the kernel")
def averaged(image, kernel):
    windows = sliding_window_view(image, kernel.shape)
    return np.tensordot(windows, kernel[::-1, ::-1], 2) / kernel.size


@wrong("convolve2d", says="square|width|both (sides|axes)|changed places|columns")
def square_only(image, kernel):
    n, k = len(image), len(kernel)
    flipped = np.flip(kernel)
    out = np.zeros((n - k + 1, n - k + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (image[i : i + k, j : j + k] * flipped).sum()
    return out


@wrong("convolve2d", says="only .*row|one row|1-?D|each row|not summed|summed over")
def rows_convolved_alone(image, kernel):
    oh = size_of(image, kernel)[0]
    return np.array([np.convolve(image[i], kernel[-1], "valid") for i in range(oh)])


@wrong("convolve2d", says="clip|255|negative|limit|not flipped|flip")
def clipped_and_not_flipped(image, kernel):
    out = np.tensordot(sliding_window_view(image, kernel.shape), kernel, 2)
    return np.clip(out, 0, 255)


# https://github.com/mlpack/mlpack/pull/3376
@wrong("convolve2d", says="shape|rows? and columns?|transpos|reshape|rot|turn|places")
def turned_into_the_other_shape(image, kernel):
    turned = kernel[::-1, ::-1].reshape(kernel.shape[::-1])
    return np.tensordot(sliding_window_view(image, turned.shape), turned, 2)


@wrong("convolve2d", says="full|padd|border|not flipped|flip|correlation|overlap")
def full_and_not_flipped(image, kernel):
    padded = np.pad(image, [(k - 1, k - 1) for k in kernel.shape])
    return np.tensordot(sliding_window_view(padded, kernel.shape), kernel, 2)


@right("convolve2d")
def by_spectra(image, kernel):
    product = np.fft.rfft2(image) * np.fft.rfft2(kernel, image.shape)
    return np.fft.irfft2(product, image.shape)[len(kernel) - 1 :, kernel.shape[1] - 1 :]


@right("convolve2d")
def painted_and_cut(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] + kh - 1, image.shape[1] + kw - 1))
    for i, j in np.ndindex(image.shape):
        out[i : i + kh, j : j + kw] += float(image[i, j]) * kernel
    return out[kh - 1 : 1 - kh or None, kw - 1 : 1 - kw or None]


@right("convolve2d")
def row_by_row(image, kernel):
    rows = range(len(image) - len(kernel) + 1)
    wide = image.astype(float)
    convolved = [
        [np.convolve(wide[i + u], kernel[-1 - u], "valid") for u in range(len(kernel))]
        for i in rows
    ]
    return np.sum(convolved, axis=1)


@right("convolve2d")
def by_rot90_twice(*arrays):
    image, kernel = (np.array(a, dtype=np.float32) for a in arrays)
    turned = np.rot90(np.rot90(kernel))
    return np.tensordot(sliding_window_view(image, turned.shape), turned, 2).tolist()


@wrong("find_kernel", says="half a turn|revers|flip|rotat|180")
def impulse_as_read(layer, size):
    kh, kw = size
    image = np.zeros((2 * kh - 1, 2 * kw - 1))
    image[kh - 1, kw - 1] = 1
    return layer(image)


@wrong(
    "find_kernel",
    says="left.?(and.?)?.?right|columns|one axis|both axes|up.?(and.?)?.?down|flip|mirror",
)
def only_rows_turned_back(layer, size):
    image = np.pad([[1]], [(k - 1, k - 1) for k in size])
    return layer(image)[::-1]


@wrong("find_kernel", says="transpos|rows? and columns?|rot|quarter|shape")
def turned_back_by_transposing(layer, size):
    image = np.pad([[1.0]], [(k - 1, k - 1) for k in size])
    return layer(image).T


@wrong(
    "find_kernel",
    says="ones|sum of (the|all)|single number|impulse|shape|too small|as large as the kernel",
)
def image_of_ones(layer, size):
    return layer(np.ones(size))


@wrong("find_kernel", says="corner|impulse|middle|centre|zeros|place of the")
def impulse_in_the_corner(layer, size):
    image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    image[0, 0] = 1
    return layer(image)[::-1, ::-1]


@wrong("find_kernel", says="centre|middle|shift|place|impulse|moved")
def image_of_the_kernel_size(layer, size):
    image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    image[size[0] // 2, size[1] // 2] = 1
    return layer(image)[::-1, ::-1]


@wrong("find_kernel", says="too large|larger|size|shape|border|zeros|frame|crop|around")
def larger_than_the_kernel(layer, size):
    image = np.zeros((2 * size[0] + 1, 2 * size[1] + 1))
    image[size[0], size[1]] = 1
    return np.flip(layer(image))


@wrong("find_kernel", says="255|scale|times|factor|brightness|divide|impulse|too large")
def white_pixel(layer, size):
    image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    image[size[0] - 1, size[1] - 1] = 255
    return np.flip(layer(image))


@wrong("find_kernel", says="integer|\\btype\\b|fraction|truncat|round|dtype")
def kernel_of_integers(layer, size):
    image = np.pad([[1]], [(k - 1, k - 1) for k in size])
    return np.flip(layer(image)).astype(int)


@wrong("find_kernel", says="\\bcalls?\\b|called|once")
def one_call_for_each_tap(layer, size):
    kernel = np.zeros(size)
    for tap in np.ndindex(*size):
        image = np.zeros(size)
        image[tap] = 1
        kernel[tap] = layer(image).item()
    return kernel


@wrong("find_kernel", says="square|width|both (sides|axes)|shape|columns|too large")
def square_image_for_any_kernel(layer, size):
    k = size[0]
    image = np.zeros((2 * k - 1, 2 * k - 1))
    image[k - 1, k - 1] = 1
    return np.flip(layer(image))


@wrong("find_kernel", says="normali|divid|\\bsum\\b|scale|factor")
def kernel_with_sum_one(layer, size):
    kernel = np.flip(layer(np.pad([[1.0]], [(k - 1, k - 1) for k in size])))
    return kernel / kernel.sum()


@wrong("find_kernel", says="half a turn|revers|flip|255|scale|times|factor")
def white_pixel_as_read(layer, size):
    image = np.zeros((2 * size[0] - 1, 2 * size[1] - 1))
    image[size[0] - 1, size[1] - 1] = 255
    return layer(image)


@right("find_kernel")
def by_least_squares(layer, size):
    image = np.random.default_rng(0).normal(size=(3 * size[0] + 3, 4 * size[1] + 3))
    cols = sliding_window_view(image, size).reshape(-1, size[0] * size[1])
    return np.linalg.lstsq(cols, layer(image).ravel())[0].reshape(size)


@right("find_kernel")
def out_of_a_wide_field(layer, size):
    kh, kw = size
    image = np.zeros((4 * kh, 4 * kw), dtype=np.float32)
    image[2 * kh, 2 * kw] = 1
    return layer(image)[kh + 1 : 2 * kh + 1, kw + 1 : 2 * kw + 1][::-1, ::-1]


@right("find_kernel")
def eye_of_places(layer, size):
    image = np.equal.outer(np.arange(1 - size[0], size[0]), [0]) * 1
    image = image @ (np.arange(1 - size[1], size[1]) == 0)[None].astype(int)
    return tuple(map(tuple, np.rot90(layer(image), 2).tolist()))


@wrong("rises", says="revers|order|flip|first|convolution")
def convolved_as_written(row):
    return np.convolve(row, [-0.5, -0.5, 1], mode="valid")


@wrong("rises", says="\\bsign\\b|opposite|below|fall|negative|minus")
def mean_minus_last(row):
    return [(row[k] + row[k + 1]) / 2 - row[k + 2] for k in range(len(row) - 2)]


@wrong("rises", says="\\bsum\\b|mean|half|divid|two|weights?")
def sum_for_mean(row):
    return [row[k] - (row[k - 1] + row[k - 2]) for k in range(2, len(row))]


@wrong("rises", says="three|\\ball\\b|itself|mean|third|window")
def mean_of_all_three(row):
    return row[2:] - sliding_window_view(row, 3).mean(axis=1)


@wrong("rises", says="parenthes|precedence|half|divid|first|brackets|weights?|mean")
def parentheses_forgotten(row):
    return [row[k + 2] - row[k] + row[k + 1] / 2 for k in range(len(row) - 2)]


@wrong("rises", says="floor|integer|fraction|whole|round|truncat|//")
def floor_division(row):
    return [row[k] - (row[k - 2] + row[k - 1]) // 2 for k in range(2, len(row))]


@wrong("rises", says="wrap|negative|first two|start|around|too many|end of the row|size|long")
def starts_before_the_row(row):
    return [row[k] - (row[k - 1] + row[k - 2]) / 2 for k in range(len(row))]


@wrong("rises", says="last|one too|\\bend\\b|short")
def last_one_left_out(row):
    return np.array([row[k + 2] - np.mean(row[k : k + 2]) for k in range(len(row) - 3)])


@wrong("rises", says="middle|neighbours|both sides|order of|weights?|next")
def middle_above_its_neighbours(row):
    return row[1:-1] - (row[:-2] + row[2:]) / 2


@wrong("rises", says="padd|\\bsame\\b|long|border|zero|\\bend\\b")
def as_long_as_the_row(row):
    return np.convolve(row, [1, -0.5, -0.5], mode="same")


@wrong("rises", says="negative|zero|clip|positive|fall|below|relu")
def only_upwards(row):
    return np.maximum(row[2:] - (row[1:-1] + row[:-2]) / 2, 0)


@wrong(
    "rises", says="one before|two before|previous|difference|single|only (one|the)|mean|weights?"
)
def above_the_one_before(row):
    return np.diff(row)[1:]


@wrong("rises", says="revers|order|first|floor|integer|fraction|whole|round")
def reversed_and_whole(row):
    return [row[k] - (row[k + 1] + row[k + 2]) // 2 for k in range(len(row) - 2)]


@right("rises")
def differences_of_differences(row):
    steps = np.diff(np.asarray(row, dtype=float))
    return (steps[1:] + steps[1:] + steps[:-1]) / 2


@right("rises")
def by_a_matrix(row):
    n = len(row) - 2
    matrix = np.eye(n, n + 2, 2) - (np.eye(n, n + 2) + np.eye(n, n + 2, 1)) / 2
    return tuple((matrix @ row).tolist())


right("rises")(functools.partial(np.correlate, v=np.array([-0.5, -0.5, 1]), mode="valid"))
