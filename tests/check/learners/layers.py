"""Wrong attempts at conv2d on one plane."""

import itertools

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.check.learners import wrong

PLANE = {"x": "HW", "w": "HW"}


# https://www.developerload.com/why-is-the-result-of-my-conv2d-function-centrally-symmetric-with-the-result-of-scipy
@wrong("conv2d", says="transpos|rows? and columns?|shape|broadcast|square", **PLANE)
def window_transposed(x, w):
    kh, kw = w.shape
    oh, ow = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    return np.array(
        [[np.sum(x[i : i + kh, j : j + kw].T * w) for j in range(ow)] for i in range(oh)]
    )


# https://e-learn.cn/qa/q-847242.html
@wrong("conv2d", says="flip|revers|half a turn|mirror|convolution", **PLANE)
def pixels_read_backwards(x, w):
    (h, wd), (kh, kw) = x.shape, w.shape
    out = [[0] * (wd - kw + 1) for _ in range(h - kh + 1)]
    for i, j in itertools.product(range(h - kh + 1), range(wd - kw + 1)):
        for u, v in itertools.product(range(kh), range(kw)):
            out[i][j] += x[i + kh - 1 - u, j + kw - 1 - v] * w[u, v]
    return out


@wrong("conv2d", says="left|right|horizontal|mirror|columns?|second axis", **PLANE)
def kernel_mirrored(x, w):
    return (sliding_window_view(x, w.shape) * np.fliplr(w)).sum(axis=(-1, -2))


@wrong("conv2d", says="up.?(and.)?.?down|vertical|upside|rows?|first axis", **PLANE)
def kernel_upside_down(x, w):
    total = 0
    for u, v in np.ndindex(w.shape):
        rows = x[u : x.shape[0] - w.shape[0] + 1 + u]
        total = total + rows[:, v : x.shape[1] - w.shape[1] + 1 + v] * w[-1 - u, v]
    return total


@wrong("conv2d", says="height|width|rows? and columns?|swap|changed places|KH", **PLANE)
def output_size_from_the_other_side(x, w):
    kh, kw = w.shape
    out = np.zeros((x.shape[0] - kw + 1, x.shape[1] - kh + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(x[i : i + kh, j : j + kw] * w)
    return out


@wrong("conv2d", says="square|KW|width|both (sides|axes)|changed places", **PLANE)
def square_kernel(x, w):
    k = w.shape[0]
    oh, ow = x.shape[0] - k + 1, x.shape[1] - k + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[i, j] = sum(x[i + u, j + v] * w[u, v] for u in range(k) for v in range(k))
    return out


@wrong("conv2d", says="square|width|both (sides|axes)|changed places|columns", **PLANE)
def square_image(x, w):
    n = len(x)
    (kh, kw), out = w.shape, np.zeros((n - len(w) + 1, n - w.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (x[i : i + kh, j : j + kw] * w).sum()
    return out


@wrong("conv2d", says="padd|\\bsame\\b|as large as|border|edge|frame", **PLANE)
def as_large_as_the_image(x, w):
    kh, kw = w.shape
    padded = np.pad(x, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
    return np.einsum("ijuv,uv->ij", sliding_window_view(padded, w.shape), w)


@wrong("conv2d", says="padd|full|border|overlap|hang over", **PLANE)
def every_overlap(x, w):
    kh, kw = w.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return np.einsum("ijuv,uv->ij", sliding_window_view(padded, w.shape), w)


@wrong("conv2d", says="last|one (place|row|window|too)|too (few|small)|\\+ ?1", **PLANE)
def last_window_left_out(x, w):
    (h, wd), (kh, kw) = x.shape, w.shape
    out = np.zeros((h - kh, wd - kw))
    for i in range(h - kh):
        for j in range(wd - kw):
            out[i, j] = np.sum(x[i : i + kh, j : j + kw] * w)
    return out


@wrong("conv2d", says="column|one (place|window|position)|too few", **PLANE)
def last_column_left_out(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1]
    return [
        [np.vdot(x[i : i + w.shape[0], j : j + w.shape[1]], w) for j in range(ow)]
        for i in range(oh)
    ]


@wrong("conv2d", says="zeros?|as large as|frame|size of the image|padd", **PLANE)
def zeros_at_the_end(x, w):
    kh, kw = w.shape
    out = np.zeros(x.shape)
    for i in range(x.shape[0] - kh + 1):
        for j in range(x.shape[1] - kw + 1):
            out[i, j] = (w * x[i : i + kh, j : j + kw]).sum()
    return out


@wrong("conv2d", says="\\bcut\\b|outside|beyond|border|edge|padd|too (many|large)", **PLANE)
def kernel_cut_at_the_border(x, w):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        window = x[i : i + w.shape[0], j : j + w.shape[1]]
        out[i, j] = np.sum(window * w[: window.shape[0], : window.shape[1]])
    return out


@wrong("conv2d", says="integer|dtype|\\btype\\b|fraction|truncat|round|decimal", **PLANE)
def type_of_the_image(x, w):
    kh, kw = w.shape
    out = np.zeros_like(x)[kh - 1 :, kw - 1 :]
    for i, j in np.ndindex(out.shape):
        out[i, j] = (x[i : i + kh, j : j + kw] * w).sum()
    return out


@wrong("conv2d", says="integer|dtype|\\btype\\b|fraction|truncat|round|decimal", **PLANE)
def weights_made_integers(x, w):
    windows = sliding_window_view(x, w.shape).astype(int)
    return np.tensordot(windows, w.astype(int), axes=2)


@wrong("conv2d", says="uint8|overflow|255|256|8.?bit|wrap|dtype|\\btype\\b", **PLANE)
def products_of_bytes(x, w):
    kh, kw = w.shape
    out = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for u, v in np.ndindex(kh, kw):
        out += x[u : u + out.shape[0], v : v + out.shape[1]] * w[u, v]
    return out


@wrong("conv2d", says="float16|precision|half|round|dtype|\\btype\\b|large", **PLANE)
def sums_of_half_precision(x, w):
    windows = sliding_window_view(x, w.shape).astype(np.float16)
    return np.einsum("ijuv,uv->ij", windows, w.astype(np.float16))


@wrong("conv2d", says="mean|average|divid", **PLANE)
def mean_of_products(x, w):
    return (sliding_window_view(x, w.shape).astype(float) * w).mean(axis=(2, 3))


@wrong(
    "conv2d",
    says="weight|kernel.*(not used|unused|ignored)|ignor|sum of the (window|pixels)",
    **PLANE,
)
def weights_unused(x, w):
    return sliding_window_view(x, w.shape).sum(axis=(2, 3))


@wrong("conv2d", says="reset|set (back )?to (zero|0)|accumul|running|total|previous", **PLANE)
def total_never_reset(x, w):
    out, total = [], 0
    for i in range(x.shape[0] - w.shape[0] + 1):
        out.append([])
        for j in range(x.shape[1] - w.shape[1] + 1):
            total += np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
            out[i].append(total)
    return out


@wrong("conv2d", says="return|loop|first row|indent", **PLANE)
def return_too_deep(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
        return out


@wrong("conv2d", says="return|None|nothing", **PLANE)
def forgot_to_return(x, w):
    out = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for u, v in np.ndindex(w.shape):
        out += x[u : u + out.shape[0], v : v + out.shape[1]] * w[u, v]


@wrong("conv2d", says="\\babs|magnitude|\\bsigns?\\b|negative", **PLANE)
def magnitudes(x, w):
    return np.abs(np.tensordot(sliding_window_view(x, w.shape), w, 2))


@wrong("conv2d", says="relu|negative|below (0|zero)|zero|clip", **PLANE)
def rectified(x, w):
    return np.maximum(np.tensordot(sliding_window_view(x, w.shape), w, 2), 0)


@wrong("conv2d", says="clip|0 ?(\\.\\.|to|and) ?255|limit|negative", **PLANE)
def clipped_to_a_picture(x, w):
    return np.clip(np.einsum("ijuv,uv", sliding_window_view(x, w.shape), w), 0, 255)


@wrong("conv2d", says="divid|normali|sum of the (kernel|weights)|kernel's sum", **PLANE)
def normalised(x, w):
    total = w.sum() if w.sum() else 1
    return np.einsum("ijuv,uv->ij", sliding_window_view(x, w.shape), w / total)


@wrong("conv2d", says="transpos|rows? and columns?|swap|changed places", **PLANE)
def columns_first(x, w):
    out = []
    for j in range(x.shape[1] - w.shape[1] + 1):
        column = x[:, j : j + w.shape[1]]
        steps = range(x.shape[0] - w.shape[0] + 1)
        out.append([(column[i : i + w.shape[0]] * w).sum() for i in steps])
    return np.array(out)


@wrong("conv2d", says="same (list|row)|one (list|row)|alias|last row|\\ba list\\b", **PLANE)
def rows_are_one_list(x, w):
    (kh, kw), (h, wd) = w.shape, x.shape
    out = [[0] * (wd - kw + 1)] * (h - kh + 1)
    for i in range(h - kh + 1):
        for j in range(wd - kw + 1):
            out[i][j] = (x[i : i + kh, j : j + kw] * w).sum()
    return out


@wrong("conv2d", says="shape|flat|one.?dim|1-?D|one axis|axes", **PLANE)
def never_reshaped(x, w):
    return sliding_window_view(x, w.shape).reshape(-1, w.size) @ w.ravel()


@wrong("conv2d", says="Fortran|column by column|down the columns|order|transpos|reshape", **PLANE)
def sums_reshaped_by_columns(x, w):
    cols = sliding_window_view(x, w.shape).reshape(-1, w.size)
    size = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return (cols @ w.ravel()).reshape(size, order="F")


@wrong("conv2d", says="order|transpos|Fortran|column|weights", **PLANE)
def weights_raveled_by_columns(x, w):
    windows = sliding_window_view(x, w.shape)
    cols = windows.reshape(-1, w.size)
    return (cols @ w.T.ravel()).reshape(windows.shape[:2])


@wrong("conv2d", says="byte|\\b8\\b|stride|memory|\\btype\\b|contiguous|order", **PLANE)
def eight_bytes_each(x, w):
    shape = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1, *w.shape
    line = 8 * x.shape[1]
    return np.einsum("ijuv,uv->ij", as_strided(x, shape, (line, 8, line, 8)), w)


@wrong("conv2d", says="wrap|circular|shift|as large as|FFT|periodic|flip", **PLANE)
def product_of_spectra(x, w):
    spectrum = np.fft.rfft2(x) * np.fft.rfft2(w, x.shape)
    return np.fft.irfft2(spectrum, x.shape)


@wrong("conv2d", says="flip|conjugat|revers|half a turn|convolution", **PLANE)
def spectrum_not_conjugated(x, w):
    full = np.fft.irfft2(np.fft.rfft2(x) * np.fft.rfft2(w, x.shape), x.shape)
    return full[w.shape[0] - 1 :, w.shape[1] - 1 :]


@wrong("conv2d", says="shift|offset|crop|\\bcut\\b|wrap|roll|corner|other end", **PLANE)
def spectrum_cut_at_the_wrong_end(x, w):
    full = np.fft.irfft2(np.fft.rfft2(x) * np.conj(np.fft.rfft2(w, x.shape)), x.shape)
    return full[w.shape[0] - 1 :, w.shape[1] - 1 :]


@wrong("conv2d", says="wrap|negative ind|other (side|end)|outside|circular|shift|centre", **PLANE)
def centred_with_negative_indices(x, w):
    (kh, kw), out = w.shape, np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        taps = np.ndindex(w.shape)
        out[i, j] = sum(x[i + u - kh // 2, j + v - kw // 2] * w[u, v] for u, v in taps)
    return out


@wrong("conv2d", says="matrix product|@|\\bdot\\b|element.?wise|all pairs|own tap", **PLANE)
def matrix_product_of_window(x, w):
    kh, kw = w.shape
    oh, ow = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    return [[np.dot(x[i : i + kh, j : j + kw], w.T).sum() for j in range(ow)] for i in range(oh)]


@wrong("conv2d", says="chang|overwrit|modif|in.?place|written|argument|input", **PLANE)
def answer_written_over_the_image(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    for i in range(oh):
        for j in range(ow):
            x[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return x[:oh, :ow].copy()


@wrong("conv2d", says="stride", **PLANE)
def stride_from_the_first(x, w, stride=(1, 1)):
    s = stride[0]
    return np.tensordot(sliding_window_view(x, w.shape)[::s, ::s], w, 2)


@wrong("conv2d", says="stride", **PLANE)
def stride_swapped(x, w, stride=(1, 1)):
    right_, down = stride
    return np.tensordot(sliding_window_view(x, w.shape)[::down, ::right_], w, 2)


@wrong("conv2d", says="stride|first|start|phase|shift|begin", **PLANE)
def stride_keeps_the_wrong_ones(x, w, stride=1):
    all_places = np.einsum("ijuv,uv->ij", sliding_window_view(x, w.shape), w)
    return all_places[stride - 1 :: stride, stride - 1 :: stride]


# https://github.com/chih-chun-chang/convolutional-neural-network-from-scratch-python/pull/2
@wrong("conv2d", says="stride|\\bstep\\b|zero|between", **PLANE)
def stride_leaves_gaps(x, w, stride=1):
    (kh, kw), (h, wd) = w.shape, x.shape
    out = np.zeros((h - kh + 1, wd - kw + 1))
    for i in range(0, h - kh + 1, stride):
        for j in range(0, wd - kw + 1, stride):
            out[i, j] = np.sum(x[i : i + kh, j : j + kw] * w)
    return out


# https://github.com/fissehab/Deep_learning_specialization/pull/1
@wrong("conv2d", says="stride|\\bstep\\b|one (pixel|step)|start", **PLANE)
def stride_in_the_size_only(x, w, stride=1):
    (kh, kw), (h, wd) = w.shape, x.shape
    out = np.zeros(((h - kh) // stride + 1, (wd - kw) // stride + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + kh, j : j + kw] * w)
    return out


@wrong("conv2d", says="stride|size|last|\\+ ?1|too few|round", **PLANE)
def places_divided_by_stride(x, w, stride=1):
    oh, ow = (x.shape[0] - w.shape[0] + 1) // stride, (x.shape[1] - w.shape[1] + 1) // stride
    windows = sliding_window_view(x * 1.0, w.shape)[::stride, ::stride][:oh, :ow]
    return (windows * w).sum((2, 3))


@wrong("conv2d", says="padd", **PLANE)
def padding_at_the_start_only(x, w, padding=0):
    padded = np.zeros((x.shape[0] + padding, x.shape[1] + padding))
    padded[padding:, padding:] = x
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="padd|repeat|replicat", **PLANE)
def padding_repeats_the_edge(x, w, padding=0):
    padded = np.pad(x, ((padding, padding), (padding, padding)), mode="edge")
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="padd", **PLANE)
def padding_with_ones(x, w, padding=0):
    padded = np.ones([n + 2 * padding for n in x.shape])
    padded[padding : padding + len(x), padding : padding + len(x[0])] = x
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="padd", **PLANE)
def padding_around_the_result(x, w, padding=0):
    out = np.tensordot(sliding_window_view(x, w.shape), w, 2)
    return np.pad(out, ((padding, padding), (padding, padding)))


@wrong("conv2d", says="padd", **PLANE)
def padding_pair_is_before_and_after(x, w, padding=(0, 0)):
    return np.tensordot(sliding_window_view(np.pad(x, padding), w.shape), w, 2)


# https://github.com/alexandru-dochian/cnn_torch
@wrong("conv2d", says="padd|negative|clamp|outside|edge|border|max\\(", **PLANE)
def start_moved_to_the_edge(x, w, padding=0):
    (kh, kw), wide = w.shape, np.pad(x, ((0, padding), (0, padding)))
    out = np.zeros((len(x) + 2 * padding - kh + 1, len(x[0]) + 2 * padding - kw + 1))
    for i, j in np.ndindex(out.shape):
        top, left = max(i - padding, 0), max(j - padding, 0)
        out[i, j] = (wide[top : top + kh, left : left + kw] * w).sum()
    return out


# https://github.com/SamratSahoo/UT-Arlington-Research/issues/2
@wrong("conv2d", says="padd|outside|shape|original|too small", **PLANE)
def padded_image_not_used(x, w, padding=0):
    padded = np.pad(x, ((padding, padding), (padding, padding)))
    (kh, kw), out = (
        w.shape,
        np.zeros([n - k + 1 for n, k in zip(padded.shape, w.shape, strict=True)]),
    )
    for i, j in np.ndindex(out.shape):
        out[i, j] = (x[i : i + kh, j : j + kw] * w).sum()
    return out


@wrong("conv2d", says="padd|size|too (small|few)|once|both sides|\\bcut\\b|\\bend\\b|last", **PLANE)
def padding_counted_once_in_the_size(x, w, padding=0):
    padded = np.pad(x, ((padding, padding), (padding, padding)))
    (kh, kw), (h, wd) = w.shape, x.shape
    oh, ow = h + padding - kh + 1, wd + padding - kw + 1
    return [[(padded[i : i + kh, j : j + kw] * w).sum() for j in range(ow)] for i in range(oh)]


@wrong("conv2d", says="padd.*(swap|row|column|height|width|places|down)|swap|places", **PLANE)
def padding_pair_swapped(x, w, padding=(0, 0)):
    across, down = padding
    padded = np.pad(x, ((down, down), (across, across)))
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="padd|zero|reflect|border|edge", **PLANE)
def padding_mode_ignored(x, w, padding=(0, 0), padding_mode="zeros"):
    (down, across), mode = padding, "constant"
    padded = np.pad(x, ((down, down), (across, across)), mode)
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="reflect|symmetric|mirror|edge (pixel|row)|border|twice|repeat", **PLANE)
def reflection_repeats_the_edge(x, w, padding=(0, 0), padding_mode="zeros"):
    modes = {"zeros": "constant", "reflect": "symmetric", "replicate": "edge", "circular": "wrap"}
    padded = np.pad(x, [(p, p) for p in padding], modes[padding_mode])
    return np.tensordot(sliding_window_view(padded, w.shape), w, 2)


@wrong("conv2d", says="dilat|spac|gap|hole|zeros", **PLANE)
def dilated_with_zeros_behind(x, w, dilation=1):
    d = dilation
    spread = np.zeros((w.shape[0] * d, w.shape[1] * d), w.dtype)
    spread[::d, ::d] = w
    return np.tensordot(sliding_window_view(x, spread.shape), spread, 2)


@wrong("conv2d", says="dilat|every (second|other|d)|stride|thinn|skip", **PLANE)
def image_thinned_out(x, w, dilation=1):
    return np.tensordot(sliding_window_view(x[::dilation, ::dilation], w.shape), w, 2)


@wrong("conv2d", says="dilat|one too|apart|gap|spac", **PLANE)
def dilation_counts_the_gaps(x, w, dilation=0):
    d = dilation + 1
    spread = np.kron(w, np.pad([[1]], ((0, d - 1), (0, d - 1))))
    spread = spread[: spread.shape[0] - d + 1, : spread.shape[1] - d + 1]
    return np.tensordot(sliding_window_view(x, spread.shape), spread, 2)


@wrong("conv2d", says="dilat", **PLANE)
def dilation_in_rows_only(x, w, dilation=(1, 1)):
    (kh, kw), d = w.shape, dilation[0]
    windows = sliding_window_view(x, ((kh - 1) * d + 1, kw))[..., ::d, :]
    return np.tensordot(windows, w, 2)


@wrong("conv2d", says="dilat.*(stride|swap|places|confus)|stride.*dilat", **PLANE)
def stride_and_dilation_swapped(x, w, stride=(1, 1), dilation=(1, 1)):
    reach = [(k - 1) * s + 1 for k, s in zip(w.shape, stride, strict=True)]
    windows = sliding_window_view(x, reach)[
        :: dilation[0], :: dilation[1], :: stride[0], :: stride[1]
    ]
    return np.tensordot(windows, w, 2)


@wrong("conv2d", says="bias", **PLANE)
def bias_at_every_tap(x, w, bias=0):
    windows = sliding_window_view(x, w.shape)
    return (windows * w + bias).sum((2, 3))


@wrong("conv2d", says="bias|subtract|\\bsign\\b|minus", **PLANE)
def bias_subtracted(x, w, bias=0):
    return np.tensordot(sliding_window_view(x, w.shape), w, 2) - bias


@wrong("conv2d", says="bias", **PLANE)
def bias_in_the_corner(x, w, bias=0):
    out = np.tensordot(sliding_window_view(x, w.shape), w, 2)
    out[0, 0] += bias
    return out
