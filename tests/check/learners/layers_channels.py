"""Wrong attempts at conv2d on images with several channels, one or a batch of them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.check.learners import wrong

IMAGE = {"x": "CHW", "w": "CHW"}
BATCH = {"x": "NCHW", "w": "OCHW"}


def plane(x, w):
    windows = sliding_window_view(x, w.shape).astype(np.result_type(x, w, np.int64))
    return np.einsum("ijuv,uv->ij", windows, w)


def patches(x, w):
    return sliding_window_view(x, w.shape[-2:], axis=(-2, -1))


@wrong("conv2d", says="channel", **IMAGE)
def a_plane_for_each_channel(x, w):
    return np.stack([plane(image, kernel) for image, kernel in zip(x, w, strict=True)])


@wrong("conv2d", says="(first|one|only).*channel|channel.*(first|one|only)", **IMAGE)
def first_channel_only(x, w):
    return plane(x[0], w[0])


@wrong("conv2d", says="last|overwrit|channel", **IMAGE)
def last_channel_remains(x, w):
    for c in range(len(x)):
        out = plane(x[c], w[c])
    return out


@wrong("conv2d", says="mean|average|divid", **IMAGE)
def channels_averaged(x, w):
    return np.mean([plane(x[c], w[c]) for c in range(x.shape[0])], axis=0)


@wrong(
    "conv2d",
    says="channels?.*(same|first|one|every)|(same|first|one|every).*channel|w\\[0\\]",
    **IMAGE,
)
def one_kernel_for_all_channels(x, w):
    return sum(plane(image, w[0]) for image in x)


@wrong("conv2d", says="channel|gr[ae]y|mean|mix|product of sums|summed first", **IMAGE)
def channels_added_before(x, w):
    return plane(x.sum(0, dtype=int), w.sum(0))


@wrong("conv2d", says="channel.*(revers|flip|order|backward|opposite)|revers|flip", **IMAGE)
def channels_reversed(x, w):
    return np.einsum("cijuv,cuv->ij", patches(x, w), w[::-1])


@wrong("conv2d", says="channels.?last|last|axis|axes|NHWC|layout|order|shape", **IMAGE)
def channels_expected_last(x, w):
    h, wd, channels = x.shape
    kh, kw, _ = w.shape
    out = np.zeros((h - kh + 1, wd - kw + 1))
    for i, j, c in np.ndindex(*out.shape, channels):
        out[i, j] += np.sum(x[i : i + kh, j : j + kw, c] * w[:, :, c])
    return out


@wrong("conv2d", says="axis|axes|shape|channel|extra|dimension|squeez", **IMAGE)
def a_channel_axis_remains(x, w):
    return np.einsum("kcijuv,cuv->kij", patches(x, w)[None], w)


@wrong("conv2d", says="reshape|transpos|memory|order|axes", **IMAGE)
def reshaped_to_channels_last(x, w):
    c, h, wd = x.shape
    kernel = w.transpose(1, 2, 0)
    windows = sliding_window_view(x.reshape(h, wd, c), kernel.shape)
    return np.tensordot(windows[:, :, 0], kernel, 3)


@wrong("conv2d", says="channel", **IMAGE)
def three_channels(x, w):
    return sum(plane(x[c], w[c]) for c in range(3))


@wrong("conv2d", says="last channel|channel", **IMAGE)
def last_channel_left_out(x, w):
    kh, kw = w.shape[1:]
    out = np.zeros((x.shape[1] - kh + 1, x.shape[2] - kw + 1))
    for i, j in np.ndindex(out.shape):
        for c in range(len(x) - 1):
            out[i, j] += (x[c, i : i + kh, j : j + kw] * w[c]).sum()
    return out


@wrong("conv2d", says="bias", **IMAGE)
def bias_once_per_channel(x, w, bias=0):
    return sum(plane(a, b) + bias for a, b in zip(x, w, strict=True))


@wrong("conv2d", says="padd.*channel|channel.*padd|axis|axes|padd", **IMAGE)
def channels_padded_too(x, w, padding=0):
    padded = np.pad(x, padding)
    return sum(plane(padded[c], w[c]) for c in range(len(w)))


@wrong("conv2d", says="order|axes|transpos|reshape|channels? .*(last|before|after)", **IMAGE)
def columns_in_another_order(x, w):
    windows = patches(x, w).transpose(1, 2, 3, 4, 0)
    oh, ow = windows.shape[:2]
    return (windows.reshape(oh * ow, -1) @ w.ravel()).reshape(oh, ow)


@wrong("conv2d", says="max|largest|channels?", **IMAGE)
def strongest_channel(x, w):
    return np.max([plane(x[c], w[c]) for c in range(len(x))], axis=0)


@wrong("conv2d", says="flip|revers|half a turn|convolution", **IMAGE)
def volume_flipped(x, w):
    return np.einsum("cijuv,cuv->ij", patches(x, w), w[:, ::-1, ::-1])


@wrong(
    "conv2d",
    says="not summed|summed? over|axis|axes|one (dimension|axis)|columns? of (the )?kernel|KW",
    **IMAGE,
)
def sum_over_one_axis_too_few(x, w):
    return np.einsum("cijuv,cuv->ijv", patches(x, w), w)


@wrong("conv2d", says="layout|NHWC|channels.?last|ignor|axes|axis|order", **IMAGE)
def layout_ignored(x, w, layout="NCHW"):
    oh, ow = x.shape[1] - w.shape[1] + 1, x.shape[2] - w.shape[2] + 1
    kernel = w.astype(float)
    return [
        [(x[:, i : i + w.shape[1], j : j + w.shape[2]] * kernel).sum() for j in range(ow)]
        for i in range(oh)
    ]


@wrong(
    "conv2d", says="layout|NHWC|channels.?last|axes|axis|transpos|swap|rows? and columns?", **IMAGE
)
def layout_turned_with_T(x, w, layout="NCHW"):
    if layout == "NHWC":
        x, w = x.T, w.T
    return np.einsum(
        "cijuv,cuv->ij", patches(x, w), w.astype(int if w.dtype.kind in "iu" else float)
    )


@wrong("conv2d", says="(first|one|only).*image|image.*(first|only)|batch|images", **BATCH)
def first_image_only(x, w):
    return np.stack([sum(plane(a, b) for a, b in zip(x[0], k, strict=True)) for k in w])[None]


@wrong(
    "conv2d",
    says="images?\\b.*(first|\\bsame\\b|repeat)|(first|same).*image|batch|x\\[0\\]",
    **BATCH,
)
def every_image_is_the_first(x, w):
    out = np.einsum("cijuv,ocuv->oij", patches(x[0], w), w)
    return np.repeat(out[None], len(x), axis=0)


@wrong("conv2d", says="axes|axis|order|swap|transpos|filter.*image|image.*filter|places", **BATCH)
def filters_before_images(x, w):
    return np.einsum("ncijuv,ocuv->onij", patches(x, w), w)


@wrong("conv2d", says="axes|axis|channels?.?last|NHWC|transpos|moved|filters? .*last", **BATCH)
def filters_stay_last(x, w):
    return np.tensordot(patches(x, w), w, ([1, 4, 5], [1, 2, 3]))


@wrong("conv2d", says="reshape|transpos|order|axes|axis", **BATCH)
def product_reshaped_at_once(x, w):
    n, o = len(x), len(w)
    windows = patches(x, w).transpose(0, 2, 3, 1, 4, 5)
    oh, ow = windows.shape[1:3]
    return (windows.reshape(n * oh * ow, -1) @ w.reshape(o, -1).T).reshape(n, o, oh, ow)


@wrong("conv2d", says="reshape|transpos|order|axes|axis", **BATCH)
def rows_of_cols_are_filters(x, w):
    (n, o), windows = (len(x), len(w)), patches(x, w)
    cols = windows.transpose(1, 4, 5, 0, 2, 3).reshape(w[0].size, -1)
    return (w.reshape(o, -1) @ cols).reshape(n, o, *windows.shape[2:4])


@wrong("conv2d", says="weight|filter|reshape|transpos|order|axes", **BATCH)
def weights_reshaped_not_transposed(x, w):
    windows = patches(x, w).transpose(0, 2, 3, 1, 4, 5)
    cols = windows.reshape(*windows.shape[:3], -1)
    return (cols @ w.reshape(-1, len(w))).transpose(0, 3, 1, 2)


@wrong("conv2d", says="filter|last|overwrit", **BATCH)
def last_filter_everywhere(x, w):
    out = np.zeros((len(x), len(w), *patches(x, w).shape[2:4]))
    for k in w:
        out[:] = np.einsum("ncijuv,cuv->nij", patches(x, w), k)[:, None]
    return out


@wrong("conv2d", says="filter|axis|axes|summed|channel|depth", **BATCH)
def each_filter_summed_into_one(x, w):
    return np.einsum("ncijuv,ocuv->nij", patches(x, w), w)


@wrong("conv2d", says="channel|summed|axes|axis", **BATCH)
def depthwise(x, w):
    return np.einsum("ncijuv,ocuv->ncij", patches(x, w), w)


@wrong("conv2d", says="accumul|reset|previous|filter|running|add", **BATCH)
def filters_pile_up(x, w):
    total = np.zeros((len(x), *patches(x, w).shape[2:4]))
    out = []
    for k in w:
        total = total + np.einsum("ncijuv,cuv->nij", patches(x, w), k)
        out.append(total)
    return np.stack(out, axis=1)


@wrong("conv2d", says="order|revers|filter", **BATCH)
def filters_from_the_last(x, w):
    out = [np.einsum("ncijuv,cuv->nij", patches(x, w), w[-k]) for k in range(1, len(w) + 1)]
    return np.stack(out, 1)


@wrong("conv2d", says="filter|negative ind|shift|order|roll|one place earlier", **BATCH)
def filters_counted_from_one(x, w):
    out = np.zeros((len(x), len(w), *patches(x, w).shape[2:4]))
    for o in range(1, len(w) + 1):
        out[:, o - 1] = np.einsum("ncijuv,cuv->nij", patches(x, w), w[o - len(w)])
    return out


@wrong("conv2d", says="(C, ?O|channel|first axis|axes|weights|filters|shape)", **BATCH)
def weights_are_channels_first(x, w):
    kh, kw = w.shape[2:]
    out = np.zeros((len(x), w.shape[1], x.shape[2] - kh + 1, x.shape[3] - kw + 1))
    for n, o, i, j in np.ndindex(out.shape):
        out[n, o, i, j] = np.sum(x[n, :, i : i + kh, j : j + kw] * w[:, o])
    return out


@wrong("conv2d", says="divid|mean|average|number of images|batch", **BATCH)
def divided_by_batch_size(x, w):
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w) / len(x)


@wrong("conv2d", says="squeez|axis|axes|shape|dimension|of (length|size) (1|one)", **BATCH)
def squeezed(x, w):
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w).squeeze()


# https://github.com/kraiskil/onnx2c/issues/7
@wrong("conv2d", says="bias", **BATCH)
def bias_by_image(x, w, bias):
    out = np.einsum("ncijuv,ocuv->noij", patches(x, w), w)
    for n in range(len(out)):
        out[n] += bias[n]
    return out


@wrong("conv2d", says="bias|axis|axes|broadcast", **BATCH)
def bias_along_the_columns(x, w, bias=0):
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w) + bias


@wrong("conv2d", says="bias", **BATCH)
def bias_along_the_rows(x, w, bias=0):
    out = np.einsum("ncijuv,ocuv->noij", patches(x, w), w)
    return out + np.resize(bias, out.shape[2])[:, None]


@wrong("conv2d", says="bias", **BATCH)
def bias_of_the_first_filter(x, w, bias=(0,)):
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w) + bias[0]


@wrong("conv2d", says="bias", **BATCH)
def bias_reversed(x, w, bias=None):
    b = np.zeros(len(w)) if bias is None else bias[::-1]
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w) + b[:, None, None]


@wrong("conv2d", says="bias", **BATCH)
def bias_times_channels(x, w, bias=None):
    out = np.einsum("ncijuv,ocuv->noij", patches(x, w), w)
    if bias is not None:
        for _ in range(x.shape[1]):
            out = out + bias.reshape(-1, 1, 1)
    return out


@wrong("conv2d", says="bias", **BATCH)
def bias_forgotten(x, w, bias=None):
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w)


@wrong("conv2d", says="group", **BATCH)
def groups_take_turns(x, w, groups=1):
    images = [patches(x, w)[:, g::groups] for g in range(groups)]
    out = [np.einsum("ncijuv,cuv->nij", images[o % groups], w[o]) for o in range(len(w))]
    return np.stack(out, axis=1)


@wrong("conv2d", says="group|channel", **BATCH)
def every_group_reads_the_first_channels(x, w, groups=1):
    return np.einsum("ncijuv,ocuv->noij", patches(x[:, : w.shape[1]], w), w)


@wrong("conv2d", says="group", **BATCH)
def groups_added_up(x, w, groups=1):
    images, filters = np.split(x, groups, axis=1), np.split(w, groups)
    return sum(
        np.einsum("ncijuv,ocuv->noij", patches(a, b), b)
        for a, b in zip(images, filters, strict=True)
    )


# https://github.com/pytorch/pytorch/pull/54080
@wrong("conv2d", says="stride|single tap|1 ?x ?1|one tap", **BATCH)
def shortcut_forgets_the_stride(x, w, stride=1):
    x = x.astype(float)
    if w.shape[2:] == (1, 1):
        return np.einsum("nchw,oc->nohw", x, w[:, :, 0, 0])
    return np.einsum("ncijuv,ocuv->noij", patches(x, w)[:, :, ::stride, ::stride], w)


# https://github.com/mengxinZHANG/numpy-realizes-CNN/issues/2
@wrong("conv2d", says="stride|out of bounds|starts?\\b|divide", **BATCH)
def rows_of_cols_skipped_by_stride(x, w, stride=1):
    oh, ow = [(n - k) // stride + 1 for n, k in zip(x.shape[2:], w.shape[2:], strict=True)]
    cols = np.zeros((len(x), oh * ow, w[0].size))
    for i in range(0, x.shape[2] - w.shape[2] + 1, stride):
        for j in range(0, x.shape[3] - w.shape[3] + 1, stride):
            window = x[:, :, i : i + w.shape[2], j : j + w.shape[3]]
            cols[:, i * ow + j] = window.reshape(len(x), -1)
    return (cols @ w.reshape(len(w), -1).T).transpose(0, 2, 1).reshape(len(x), -1, oh, ow)


@wrong("conv2d", says="flip|transpos|bias|revers|half a turn|convolution", **BATCH)
def flipped_and_bias_twice(x, w, bias=0):
    b = np.reshape(bias, (-1, 1, 1))
    return np.einsum("ncijuv,ocuv->noij", patches(x, w), w[..., ::-1, ::-1]) + b + b


@wrong(
    "conv2d", says="return|loop|first filter|only (one|the first)|\\brest\\b|other filters", **BATCH
)
def return_in_the_loop_over_filters(x, w):
    out = np.zeros((len(x), len(w), *patches(x, w).shape[2:4]))
    for o in range(len(w)):
        out[:, o] = np.einsum("ncijuv,cuv->nij", patches(x, w), w[o])
        return out


@wrong("conv2d", says="\\bsame\\b|padd|odd|one (more|too)|side|start|top|left", **IMAGE)
def same_with_the_odd_cell_first(x, w, padding="valid"):
    share = {"valid": lambda k: (0, 0), "same": lambda k: (k // 2, (k - 1) // 2)}[padding]
    padded = np.pad(x, [(0, 0), *map(share, w.shape[1:])])
    return sum(plane(a, b) for a, b in zip(padded, w, strict=True))


@wrong("conv2d", says="\\bsame\\b|padd|even|odd", **IMAGE)
def same_for_odd_kernels_only(x, w, padding="valid"):
    p, q = {"valid": (0, 0), "same": ((w.shape[1] - 1) // 2, (w.shape[2] - 1) // 2)}[padding]
    padded = np.pad(x, ((0, 0), (p, p), (q, q)))
    return sum(plane(a, b) for a, b in zip(padded, w, strict=True))


@wrong("conv2d", says="flip|revers|half a turn|convolution|padd|\\bsame\\b|as large as", **IMAGE)
def flipped_and_of_the_same_size(x, w):
    (_, kh, kw), out = w.shape, 0
    for image, kernel in zip(x, w, strict=True):
        padded = np.pad(image, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)))
        out = out + plane(padded, kernel[::-1, ::-1])
    return out


@wrong("conv2d", says="transpos|rows? and columns?|places|first|channel|swap", **IMAGE)
def first_channel_transposed(x, w):
    return plane(x[0], w[0]).T


@wrong("conv2d", says="mean|average|divid|\\babs|negative|\\bsign\\b|channel", **IMAGE)
def mean_magnitude_over_channels(x, w):
    return np.abs(np.mean([plane(x[c], w[c]) for c in range(len(x))], axis=0))


@wrong("conv2d", says="bias|relu|negative|zero", **BATCH)
def rectified_before_the_bias(x, w, bias=None):
    out = np.maximum(np.einsum("ncijuv,ocuv->noij", patches(x, w), w), 0)
    return out if bias is None else out + bias[:, None, None]


@wrong("conv2d", says="stride|bias", **BATCH)
def stride_first_and_bias_subtracted(x, w, bias=0, stride=(1, 1)):
    windows = patches(x, w)[:, :, :: stride[0], :: stride[0]]
    return np.einsum("ncijuv,ocuv->noij", windows, w) - np.reshape(bias, (-1, 1, 1))


@wrong("conv2d", says="padd|\\bimage\\b|batch|axis|axes|shape", **BATCH)
def batch_padded_too(x, w, padding=0):
    padded = np.pad(x, ((padding, padding), (0, 0), (padding, padding), (padding, padding)))
    return np.einsum("ncijuv,ocuv->noij", patches(padded, w), w)


@wrong("conv2d", says="chang|modif|in.?place|overwrit|bias|argument", **BATCH)
def bias_used_up(x, w, bias):
    out = np.einsum("ncijuv,ocuv->noij", patches(x.astype(float), w), w)
    for o in range(len(w)):
        out[:, o] += bias[o]
        bias[o] = 0
    return out


@wrong(
    "conv2d",
    says="(last|one|single|only).*(image|filter)|(image|filter).*(last|only|first)|batch",
    **BATCH,
)
def last_image_and_first_filter(x, w):
    return np.einsum("cijuv,cuv->ij", patches(x[-1], w), w[0])
