"""Attempts at fold, conv_transpose2d and convolution_matrix."""

import functools
import itertools
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.check.learners import right, wrong

PLANE = {"x": "HW"}
IMAGE = {"x": "CHW"}
BATCH = {"x": "NCHW"}


def places(size, kernel, stride=(1, 1), padding=(0, 0)):
    return [
        (n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding, strict=True)
    ]


@wrong("fold", says="overwrit|last|replac|add|\\+=|sum|overlap")
def later_windows_win(cols, output_size, kernel_size):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size)
    image = np.zeros((len(cols) // (kh * kw), *output_size))
    for k in range(oh * ow):
        i, j = divmod(k, ow)
        image[:, i : i + kh, j : j + kw] = cols[:, k].reshape(-1, kh, kw)
    return image


# https://github.com/pytorch/pytorch/issues/7519
@wrong("fold", says="divid|mean|average|inverse|count|overlap")
def inverse_of_unfold(cols, output_size, kernel_size):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size)
    image = np.zeros((len(cols) // (kh * kw), *output_size))
    count = np.zeros(output_size)
    for k, (i, j) in enumerate(np.ndindex(oh, ow)):
        image[:, i : i + kh, j : j + kw] += cols[:, k].reshape(-1, kh, kw)
        count[i : i + kh, j : j + kw] += 1
    return image / count


@wrong("fold", says="copy|flatten|zero|view|lost|never|nothing")
def adds_to_a_copy(cols, output_size, kernel_size):
    c = len(cols) // np.prod(kernel_size)
    image = np.zeros((c, *output_size))
    index = np.arange(image.size).reshape(image.shape)
    index = sliding_window_view(index, kernel_size, axis=(1, 2)).transpose(0, 3, 4, 1, 2)
    np.add.at(image.flatten(), index.ravel(), cols.ravel())
    return image


@wrong("fold", says="add\\.at|repeat|once|overlap|last|buffer|twice|overwrit|add")
def plus_equals_with_an_index(cols, output_size, kernel_size):
    c = len(cols) // np.prod(kernel_size)
    image = np.zeros(c * output_size[0] * output_size[1])
    index = np.arange(image.size).reshape(c, *output_size)
    index = sliding_window_view(index, kernel_size, axis=(1, 2)).transpose(0, 3, 4, 1, 2)
    image[index.ravel()] += cols.ravel()
    return image.reshape(c, *output_size)


@wrong("fold", says="channel|order|axes|reshape|taps?|layout")
def channels_last_in_a_column(cols, output_size, kernel_size):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size)
    cols = cols.reshape(kh, kw, -1, oh, ow)
    image = np.zeros((cols.shape[2], *output_size))
    for u, v in np.ndindex(kh, kw):
        image[:, u : u + oh, v : v + ow] += cols[u, v]
    return image


@wrong("fold", says="column by column|order|OW|OH|down|places|transpos|swap|windows")
def windows_down_first(cols, output_size, kernel_size):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size)
    image = np.zeros((cols.shape[0] // (kh * kw), *output_size))
    for k in range(oh * ow):
        i, j = k % oh, k // oh
        image[:, i : i + kh, j : j + kw] += cols[:, k].reshape(-1, kh, kw)
    return image


def folded(cols, output_size, kernel_size, stride=(1, 1), padding=(0, 0), dtype=float, turn=1):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size, stride, padding)
    cols = np.reshape(cols, (-1, kh, kw, oh, ow))[:, ::turn, ::turn]
    size = [n + 2 * p for n, p in zip(output_size, padding, strict=True)]
    image = np.zeros((len(cols), *size), dtype)
    for u, v in np.ndindex(kh, kw):
        down, across = (
            slice(u, u + oh * stride[0], stride[0]),
            slice(v, v + ow * stride[1], stride[1]),
        )
        image[:, down, across][:, :oh, :ow] += cols[:, u, v].astype(dtype)
    return image


@wrong("fold", says="padd|cut|crop|border|larger|frame")
def padding_stays(cols, output_size, kernel_size, stride=(1, 1), padding=(0, 0)):
    return folded(cols, output_size, kernel_size, stride, padding)


@wrong("fold", says="padding|empty|-0|:-p|nothing|0\\b")
def cut_to_minus_zero(cols, output_size, kernel_size, padding=(0, 0)):
    p, q = padding
    return folded(cols, output_size, kernel_size, padding=padding)[:, p:-p, q:-q]


@wrong("fold", says="padding|start|end|cut|both|side|moved|shift|first")
def padding_cut_at_the_end(cols, output_size, kernel_size, stride=(1, 1), padding=(0, 0)):
    image = folded(cols, output_size, kernel_size, stride, padding)
    return image[:, : output_size[0], : output_size[1]]


@wrong("fold", says="trunc|integer|fraction|dtype|type|round|int\\b|whole|decimal")
def integers_only(cols, output_size, kernel_size):
    return folded(cols, output_size, kernel_size, dtype=int)


@wrong("fold", says="turn|flip|revers|rotat|mirror")
def taps_turned(cols, output_size, kernel_size):
    return folded(cols, output_size, kernel_size, turn=-1)


@wrong("fold", says="channel")
def first_channel_alone(cols, output_size, kernel_size):
    return folded(cols, output_size, kernel_size)[:1]


@wrong("fold", says="rows?\\b|transpos|\\.T\\b|columns?\\b|axes|order|reshape|L\\b")
def each_row_a_window(cols, output_size, kernel_size):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size)
    patches = cols.reshape(oh * ow, -1, kh, kw)
    image = np.zeros((patches.shape[1], *output_size))
    for k, patch in enumerate(patches):
        image[:, k // ow : k // ow + kh, k % ow : k % ow + kw] += patch
    return image


@wrong("fold", says="stride|swap")
def strides_crossed(cols, output_size, kernel_size, stride=(1, 1)):
    kh, kw = kernel_size
    oh, ow = places(output_size, kernel_size, stride)
    image = np.zeros((len(cols) // (kh * kw), *output_size))
    for k, (i, j) in enumerate(np.ndindex(oh, ow)):
        top, left = i * stride[1], j * stride[0]
        part = image[:, top : top + kh, left : left + kw]
        part += cols[:, k].reshape(-1, kh, kw)[:, : part.shape[1], : part.shape[2]]
    return image


@wrong("conv_transpose2d", says="overwrit|last|replac|add|\\+=|sum|overlap", **PLANE)
def stamps_replace_each_other(x, w, stride=(1, 1)):
    (h, k), (m, n), (s, t) = x.shape, w.shape, stride
    y = np.zeros(((h - 1) * s + m, (k - 1) * t + n))
    for i, j in np.ndindex(h, k):
        y[i * s : i * s + m, j * t : j * t + n] = x[i, j] * w
    return y


@wrong("conv_transpose2d", says="flip|turn|revers|rotat|correlat|mirror", **PLANE)
def gather_without_a_turn(x, w):
    m, n = w.shape
    wide = np.pad(x.astype(float), ((m - 1, m - 1), (n - 1, n - 1)))
    return np.einsum("ijuv,uv", sliding_window_view(wide, w.shape), w)


def spread(x, w, stride=(1, 1), room=(0, 0), dtype=float):
    h, k, m, n = *x.shape, *w.shape
    y = np.zeros(((h - 1) * stride[0] + m + room[0], (k - 1) * stride[1] + n + room[1]), dtype)
    for i, j in np.ndindex(h, k):
        place = y[i * stride[0] :, j * stride[1] :][:m, :n]
        place += (x[i, j] * w.astype(float)).astype(dtype)
    return y


# https://github.com/pytorch/pytorch/issues/8816
@wrong("conv_transpose2d", says="output_padding|zero", **PLANE)
def zeros_for_output_padding(x, w, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    y = spread(x, w, stride)
    y = y[padding[0] : len(y) - padding[0], padding[1] : y.shape[1] - padding[1]]
    return np.pad(y, ((0, output_padding[0]), (0, output_padding[1])))


@wrong("conv_transpose2d", says="output_padding", **PLANE)
def output_padding_at_the_start(x, w, stride=(1, 1), padding=(0, 0), output_padding=(0, 0)):
    y = spread(x, w, stride)
    y = np.pad(y, ((output_padding[0], 0), (output_padding[1], 0)))
    return y[padding[0] : len(y) - padding[0], padding[1] : y.shape[1] - padding[1]]


@wrong("conv_transpose2d", says="padding", **PLANE)
def padding_makes_it_larger(x, w, stride=(1, 1), padding=(0, 0)):
    p, q = padding
    return np.pad(spread(x, w, stride), ((p, p), (q, q)))


@wrong("conv_transpose2d", says="padding", **PLANE)
def padding_cut_once(x, w, stride=(1, 1), padding=(0, 0)):
    return spread(x, w, stride)[padding[0] :, padding[1] :]


@wrong("conv_transpose2d", says="uint8|overflow|255|dtype|type|wrap|wider|bytes", **PLANE)
def products_of_bytes(x, w):
    m, n = w.shape
    y = np.zeros((x.shape[0] + m - 1, x.shape[1] + n - 1))
    for i, j in np.ndindex(x.shape):
        y[i : i + m, j : j + n] += x[i, j] * w
    return y


@wrong("conv_transpose2d", says="trunc|integer|fraction|dtype|type|round|overflow|whole", **PLANE)
def as_precise_as_x(x, w, stride=(1, 1)):
    return spread(x, w, stride, dtype=x.dtype)


@wrong("conv_transpose2d", says="repeat|zeros?\\b|copie|nearest|between|stride|upsampl", **PLANE)
def repeats_instead_of_zeros(x, w, stride=(1, 1)):
    (s, t), (h, k) = stride, x.shape
    large = x.repeat(s, axis=0).repeat(t, axis=1)
    return spread(large[: (h - 1) * s + 1, : (k - 1) * t + 1], w)


@wrong(
    "conv_transpose2d",
    says="too (many|large|big)|larger|frame|stride too|size|at the end|zeros",
    **PLANE,
)
def size_times_stride(x, w, stride=(1, 1)):
    return spread(x, w, stride, room=(stride[0] - 1, stride[1] - 1))


@wrong(
    "conv_transpose2d",
    says="side by side|overlap|stride|steps?\\b|apart|size of the kernel|block",
    **PLANE,
)
def step_is_the_kernel(x, w):
    return np.kron(x, w.astype(float))


@wrong("conv_transpose2d", says="padd|cut|add|larger|turn|flip|revers|rotat", **PLANE)
def forward_with_zeros_between(x, w, stride=(1, 1), padding=(0, 0)):
    wide = np.zeros([(n - 1) * s + 1 for n, s in zip(x.shape, stride, strict=True)])
    wide[:: stride[0], :: stride[1]] = x
    pads = [(k - 1 + p, k - 1 + p) for k, p in zip(w.shape, padding, strict=True)]
    return np.einsum("ijuv,uv", sliding_window_view(np.pad(wide, pads), w.shape), w)


def spread_image(x, w):
    return sum(np.array([spread(a, v) for v in row]) for a, row in zip(x, w, strict=True))


@wrong("conv_transpose2d", says="axes|axis|\\(C, O|\\(O, C|transpos|channel|swap|order", **IMAGE)
def filters_before_channels(x, w):
    return np.array([sum(map(spread, x, one)) for one in w])


@wrong("conv_transpose2d", says="channel", **IMAGE)
def last_channel_stays(x, w):
    y = np.zeros((w.shape[1], x.shape[1] + w.shape[2] - 1, x.shape[2] + w.shape[3] - 1))
    for c in range(x.shape[0]):
        for o in range(w.shape[1]):
            y[o] = spread(x[c], w[c, o])
    return y


@wrong("conv_transpose2d", says="bias", **IMAGE)
def bias_with_each_stamp(x, w, bias=0):
    _, O, M, N = w.shape  # noqa: E741
    y = np.zeros((O, x.shape[1] + M - 1, x.shape[2] + N - 1))
    b = np.broadcast_to(bias, O)[:, None, None]
    for i, j in np.ndindex(x.shape[1:]):
        y[:, i : i + M, j : j + N] += np.tensordot(x[:, i, j].astype(float), w, 1) + b
    return y


@wrong("conv_transpose2d", says="bias", **IMAGE)
def bias_along_the_columns(x, w, bias=0):
    return spread_image(x, w) + bias


@wrong("conv_transpose2d", says="mean|average|divid|channel", **IMAGE)
def mean_of_channels(x, w):
    return spread_image(x, w) / len(x)


@wrong("conv_transpose2d", says="channels? last|axes|axis|order|transpos|shape|moveaxis", **IMAGE)
def output_channels_last(x, w):
    return np.moveaxis(spread_image(x, w), 0, -1)


@wrong("conv_transpose2d", says="group", **IMAGE)
def groups_take_turns(x, w, groups=1):
    parts = [spread_image(x[g::groups], w[g::groups]) for g in range(groups)]
    return np.concatenate(parts)


@wrong("conv_transpose2d", says="images?\\b|batch|reset|inside|before|new|carr|anew", **BATCH)
def images_pile_up(x, w):
    y, out = 0, []
    for image in x:
        y = y + spread_image(image, w)
        out.append(y)
    return np.stack(out)


@wrong("conv_transpose2d", says="images?\\b|batch|return|first", **BATCH)
def returns_in_the_loop(x, w):
    for n in range(x.shape[0]):
        y = [spread_image(x[n], w)]
        return np.array(y)


@wrong("conv_transpose2d", says="batch|images?\\b|sum", **BATCH)
def sum_over_the_batch(x, w):
    return sum(spread_image(image, w) for image in x)[None]


@wrong("convolution_matrix", says="flip|turn|revers|rotat|correlat|mirror")
def rows_of_a_turned_kernel(w, image_size):
    oh, ow = places(image_size, w.shape)
    rows = []
    for i, j in np.ndindex(oh, ow):
        row = np.zeros(image_size)
        row[i : i + w.shape[0], j : j + w.shape[1]] = np.rot90(w, 2)
        rows.append(row.ravel())
    return np.array(rows)


def matrix_rows(w, image_size, stride=(1, 1), dtype=float):
    oh, ow = places(image_size, w.shape, stride)
    m = np.zeros((oh, ow, *image_size), dtype)
    for i, j in np.ndindex(oh, ow):
        m[i, j, i * stride[0] :, j * stride[1] :][: w.shape[0], : w.shape[1]] = w
    return m


@wrong("convolution_matrix", says="transpos|\\.T\\b|rows? .*columns?|swap|axes|shape")
def for_the_other_side(w, image_size):
    return matrix_rows(w, image_size).reshape(-1, image_size[0] * image_size[1]).T


@wrong("convolution_matrix", says="column|order|down|transpos|OH|OW")
def places_down_first(w, image_size, stride=(1, 1)):
    m = matrix_rows(w, image_size, stride)
    return m.swapaxes(0, 1).reshape(-1, image_size[0] * image_size[1])


@wrong("convolution_matrix", says="column|order|Fortran|transpos|flatten")
def pixels_down_first(w, image_size):
    m = matrix_rows(w, image_size).swapaxes(2, 3)
    return m.reshape(-1, image_size[0] * image_size[1])


@wrong(
    "convolution_matrix",
    says="width|gap|apart|one after|consecutive|side by side|next to|row of the image|KW",
)
def taps_in_one_run(w, image_size):
    oh, ow = places(image_size, w.shape)
    m = np.zeros((oh * ow, image_size[0] * image_size[1]))
    for k, (i, j) in enumerate(np.ndindex(oh, ow)):
        start = i * image_size[1] + j
        m[k, start : start + w.size] = w.ravel()
    return m


@wrong("convolution_matrix", says="trunc|integer|fraction|dtype|type|round|whole|decimal")
def whole_weights(w, image_size):
    return matrix_rows(w, image_size, dtype=int).reshape(-1, image_size[0] * image_size[1])


@wrong(
    "convolution_matrix",
    says="wrap|end of (a|the|each|every) row|edge|over|next row|places|width|\\bOW",
)
def one_place_per_row(w, image_size):
    H, W = image_size
    first = np.zeros(image_size)
    first[: w.shape[0], : w.shape[1]] = w
    count = (H - w.shape[0] + 1) * (W - w.shape[1] + 1)
    return np.array([np.roll(first.ravel(), k) for k in range(count)])


@wrong("convolution_matrix", says="stride")
def stride_only_counts(w, image_size, stride=(1, 1)):
    oh, ow = places(image_size, w.shape, stride)
    return matrix_rows(w, image_size)[:oh, :ow].reshape(oh * ow, -1)


@right("fold")
def fold_by_a_strided_view(cols, output_size, kernel_size, stride=1, padding=0, dilation=1):
    s, p, d = (np.broadcast_to(v, 2) for v in (stride, padding, dilation))
    size = np.add(output_size, 2 * p)
    oh, ow = (size - (np.array(kernel_size) - 1) * d - 1) // s + 1
    out = np.zeros((cols.shape[0] // np.prod(kernel_size), *size), np.result_type(cols, np.int64))
    a, b, c = out.strides
    jumps = (a, b * d[0], c * d[1], b * s[0], c * s[1])
    view = as_strided(out, (len(out), *kernel_size, oh, ow), jumps)
    for at, number in zip(np.ndindex(view.shape), cols.flat, strict=True):
        view[at] += number
    return out[:, p[0] : size[0] - p[0], p[1] : size[1] - p[1]]


@right("fold")
def fold_by_bincount(cols, output_size, kernel_size, *, stride=(1, 1)):
    index = np.arange(np.prod(output_size)).reshape(output_size)
    index = sliding_window_view(index, kernel_size)[:: stride[0], :: stride[1]]
    index = index.reshape(-1, np.prod(kernel_size)).T.ravel()
    each = cols.reshape(-1, index.size)
    rows = [np.bincount(index, row, minlength=np.prod(output_size)) for row in each]
    return np.reshape(rows, (-1, *output_size)).astype(np.float32)


@right("fold")
def fold_in_exact_lists(cols, output_size, kernel_size):
    (H, W), (kh, kw) = output_size, kernel_size
    image = [[[Fraction(0)] * W for _ in range(H)] for _ in range(len(cols) // (kh * kw))]
    for r, row in enumerate(cols.tolist()):
        c, u, v = r // (kh * kw), r // kw % kh, r % kw
        for k, number in enumerate(row):
            image[c][u + k // (W - kw + 1)][v + k % (W - kw + 1)] += Fraction(number)
    return [[[float(n) for n in line] for line in plane] for plane in image]


@right("conv_transpose2d", **PLANE)
def transposed_by_fft(x, w, stride=(1, 1)):
    wide = np.zeros([(n - 1) * s + 1 for n, s in zip(x.shape, stride, strict=True)])
    wide[:: stride[0], :: stride[1]] = x
    size = np.add(wide.shape, w.shape) - 1
    return np.fft.irfft2(np.fft.rfft2(wide, size) * np.fft.rfft2(w, size), size)


@right("conv_transpose2d", **IMAGE)
def transposed_by_outer_products(x, w, *, padding=(0, 0), **steps):
    s, d = steps.pop("stride", (1, 1)), steps.pop("dilation", (1, 1))
    if steps:
        raise TypeError(f"got an unexpected keyword argument '{min(steps)}'")
    s, d, p = (np.broadcast_to(v, 2) for v in (s, d, padding))
    part = np.einsum("cij,couv->oijuv", x, w, dtype=float)
    size = np.subtract(x.shape[1:], 1) * s + np.subtract(w.shape[2:], 1) * d + 1
    y = np.zeros((w.shape[1], *size), order="F")
    for i, j, u, v in np.ndindex(part.shape[1:]):
        y[:, i * s[0] + u * d[0], j * s[1] + v * d[1]] += part[:, i, j, u, v]
    return y[:, p[0] : size[0] - p[0], p[1] : size[1] - p[1]]


def _transposed_batch(x, w, bias, join):
    y = join([spread_image(image, w) for image in x]) + np.reshape(bias, (-1, 1, 1))
    y.flags.writeable = False
    return y


right("conv_transpose2d", **BATCH)(functools.partial(_transposed_batch, bias=0, join=np.stack))


@right("convolution_matrix")
def responses_to_unit_images(w, image_size, stride=1):
    s, t = np.broadcast_to(stride, 2)
    units = np.eye(image_size[0] * image_size[1]).reshape(-1, *image_size)
    windows = sliding_window_view(units, w.shape, axis=(1, 2))[:, ::s, ::t]
    return np.einsum("pijuv,uv->ijp", windows, w).reshape(-1, len(units))


@right("convolution_matrix")
def matrix_of_objects(w, image_size, stride=(1, 1)):
    (H, W), (kh, kw) = image_size, w.shape
    taps = {(u, v): w[u, v].item() for u, v in itertools.product(range(kh), range(kw))}
    return [
        [taps.get((r - i, c - j), 0) for r in range(H) for c in range(W)]
        for i in range(0, H - kh + 1, stride[0])
        for j in range(0, W - kw + 1, stride[1])
    ]
