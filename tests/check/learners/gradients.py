"""Attempts at gradients: of one weight, of the input, of the kernel, of a batch."""

import functools
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.check.learners import right, wrong


def window(grad, x, u, v):
    return x[u : u + grad.shape[0], v : v + grad.shape[1]]


@wrong("weight_gradient", says="swap|changed places|row|column|order|u, v|transpos")
def tap_across_then_down(grad, x, tap):
    v, u = tap
    x = np.pad(x, ((0, x.shape[1]), (0, x.shape[0])))
    return (grad * window(grad, x, u, v)).sum()


@wrong("weight_gradient", says="mean|average|divid")
def mean_of_products(grad, x, tap):
    return np.mean(grad * window(grad, x, *tap))


@wrong("weight_gradient", says="turn|flip|revers|rotat|mirror|convol")
def with_a_turned_gradient(grad, x, tap):
    return np.sum(grad[::-1, ::-1] * window(grad, x, *tap))


@wrong("weight_gradient", says="grad\\b|gradient|weigh")
def pixels_alone(grad, x, tap):
    return window(grad, x, *tap).sum()


@wrong("weight_gradient", says="chang|in place|\\*=|modif|mutat|writ|copy|argument")
def multiplies_in_place(grad, x, tap):
    grad *= window(grad, x, *tap)
    return grad.sum()


@wrong("weight_gradient", says="end|revers|turn|flip|opposite|mirror|convol")
def taps_from_the_end(grad, x, tap):
    u = x.shape[0] - grad.shape[0] - tap[0]
    v = x.shape[1] - grad.shape[1] - tap[1]
    return (grad * window(grad, x, u, v)).sum()


@wrong("weight_gradient", says="square|height|width|rows|columns|shape|raise|fit")
def as_many_columns_as_rows(grad, x, tap):
    n = len(grad)
    return (grad * x[tap[0] : tap[0] + n, tap[1] : tap[1] + n]).sum()


@wrong("weight_gradient", says="sum|number|axis|row|vector|array|shape")
def sum_of_each_column(grad, x, tap):
    return sum(grad * window(grad, x, *tap))


@wrong("weight_gradient", says="@|matrix|element|product|dot|shape|trace")
def matrix_product(grad, x, tap):
    return np.sum(grad @ window(grad, x, *tap).T)


@wrong("weight_gradient", says="first|one place|all|sum|only")
def first_window_only(grad, x, tap):
    return grad[0, 0] * x[tap]


def send(grad, x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (h, k), (p, q), (d, e) = x.shape, padding, dilation
    dx = np.zeros((h + 2 * p, k + 2 * q))
    for i, j in np.ndindex(grad.shape):
        part = dx[i * stride[0] :: d, j * stride[1] :: e][: w.shape[0], : w.shape[1]]
        part += grad[i, j] * w.astype(float)[: part.shape[0], : part.shape[1]]
    return dx


@wrong("input_gradient", says="turn|flip|revers|rotat|mirror|convol|correlat|180")
def full_without_a_turn(grad, x, w):
    kh, kw = w.shape
    wide = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return np.einsum("ijuv,uv->ij", sliding_window_view(wide, w.shape), w)


@wrong("input_gradient", says="left-right|left and right|columns|both|axis|half|up-down|turn|flip")
def turned_up_down_only(grad, x, w):
    return send(grad, x, w[:, ::-1])


@wrong("input_gradient", says="transpos|\\.T\\b|turn|flip|rotat|rows and columns|swap")
def transposed_for_turned(grad, x, w):
    kh, kw = w.shape
    wide = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return np.einsum("ijuv,vu->ij", sliding_window_view(wide, w.T.shape), w)


# https://errorhandle.ai/max-pooling-backpropagation-using-numpy
@wrong("input_gradient", says="trunc|integer|fraction|dtype|type|round|zeros_like|whole|overflow")
def kept_in_the_type_of_x(grad, x, w):
    dx = np.zeros_like(x)
    for i, j in np.ndindex(grad.shape):
        for u, v in np.ndindex(w.shape):
            dx[i + u, j + v] += (grad[i, j] * w[u, v]).astype(x.dtype)
    return dx


@wrong("input_gradient", says="zeros_like|dtype|type|integer|float|cast|raise")
def adds_floats_to_integers(grad, x, w):
    dx = np.zeros_like(x)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            dx[i : i + w.shape[0], j : j + w.shape[1]] += grad[i, j] * w
    return dx


@wrong("input_gradient", says="padd|cut|crop|border|frame|larger")
def padding_kept(grad, x, w, stride=(1, 1), padding=(0, 0)):
    return send(grad, x, w, stride, padding)


@wrong("input_gradient", says="padding|empty|-0|:-p|nothing|0\\b")
def nothing_without_padding(grad, x, w, padding=(0, 0)):
    p, q = padding
    return send(grad, x, w, padding=padding)[p:-p, q:-q]


@wrong("input_gradient", says="padding|cut|start|end|side|shift|moved")
def cut_at_the_end_alone(grad, x, w, stride=(1, 1), padding=(0, 0)):
    return send(grad, x, w, stride, padding)[: x.shape[0], : x.shape[1]]


@wrong("input_gradient", says="padding_mode|reflect|replicat|circular|border|mirror|fold|padd")
def border_gradients_dropped(grad, x, w, padding=(0, 0), padding_mode="zeros"):
    (h, k), (p, q) = x.shape, padding
    return send(grad, x, w, padding=padding)[p : p + h, q : q + k]


@wrong("input_gradient", says="stride")
def strides_side_by_side(grad, x, w, stride=(1, 1)):
    return send(grad, x, w)


@wrong("input_gradient", says="stride|swap")
def stride_of_rows_for_all(grad, x, w, stride=(1, 1)):
    s, _ = stride
    return send(grad, x, w, (s, s))


@wrong("input_gradient", says="dilat")
def dilation_forgotten_on_the_way(grad, x, w, stride=(1, 1), dilation=(1, 1)):
    return send(grad, x, w, stride)


@wrong("input_gradient", says="mean|average|divid|places|size")
def gradient_per_place(grad, x, w):
    return send(grad, x, w) / grad.size


@wrong("input_gradient", says="overlap|count|divid|average|mean|sum")
def mean_over_windows(grad, x, w, stride=(1, 1)):
    seen = send(np.ones(grad.shape), x, np.ones(w.shape), stride)
    return send(grad, x, w, stride) / np.maximum(seen, 1)


@wrong("input_gradient", says="full|same|shape|size|pad|edge|border|small|zero")
def same_sized_as_grad(grad, x, w):
    (kh, kw), turned = w.shape, w[::-1, ::-1]
    wide = np.pad(grad, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
    return np.tensordot(sliding_window_view(wide, w.shape), turned, 2)


@wrong("input_gradient", says="weight|\\bx\\b|pixel|\\bw\\b.*(instead|not|multipl|use)")
def pixels_times_gradients(grad, x, w):
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(grad.shape):
        spot = np.s_[i : i + w.shape[0], j : j + w.shape[1]]
        dx[spot] += grad[i, j] * x[spot]
    return dx


@wrong(
    "input_gradient",
    says="weight|\\bones|multipl|not used|ignored|\\bw\\b.*(forgot|not|ignor|miss)",
)
def every_tap_alike(grad, x, w, stride=(1, 1)):
    return send(grad, x, np.ones(w.shape), stride)


@wrong("input_gradient", says="relu|negative|below (0|zero)|clip|positive|sign|maximum")
def positive_part(grad, x, w, stride=(1, 1)):
    return np.maximum(0, send(grad, x, w, stride))


@wrong("input_gradient", says="chang|in place|overwr|modif|mutat|writ|copy|argument|zeros")
def fills_x_itself(grad, x, w):
    dx = send(grad, x, w)
    x[...] = np.trunc(dx)
    return dx


def collect(grad, x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    wide = np.pad(x, ((padding[0],) * 2, (padding[1],) * 2))
    dw = np.zeros(w.shape)
    for u, v in np.ndindex(w.shape):
        part = wide[u * dilation[0] :: stride[0], v * dilation[1] :: stride[1]]
        part = part[: grad.shape[0], : grad.shape[1]]
        dw[u, v] = (grad[: part.shape[0], : part.shape[1]] * part).sum()
    return dw


# https://end-to-end-machine-learning.teachable.com/courses/322-convolutional-neural-networks-in-two-dimensions/lectures/24726662
@wrong("kernel_gradient", says="turn|flip|revers|rotat|order|mirror|convol|180")
def slid_the_other_way_round(grad, x, w):
    (a, b), (kh, kw) = x.shape, w.shape
    wide = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return np.tensordot(sliding_window_view(wide, (a, b)), x, 2)


@wrong("kernel_gradient", says="turn|flip|revers|rotat|mirror|convol|180")
def gradient_turned_first(grad, x, w):
    windows = sliding_window_view(x, grad.shape)
    return (windows * grad[::-1, ::-1]).sum(axis=(2, 3))


@wrong("kernel_gradient", says="stride")
def no_stride_on_the_way_back(grad, x, w, stride=(1, 1)):
    return collect(grad, x, w)


@wrong("kernel_gradient", says="stride|swap|changed places")
def stride_right_then_down(grad, x, w, stride=(1, 1), padding=(0, 0)):
    return collect(grad, x, w, stride[::-1], padding)


@wrong("kernel_gradient", says="dilat")
def neighbouring_taps(grad, x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return collect(grad, x, w, stride, padding)


@wrong("kernel_gradient", says="padd")
def image_not_padded(grad, x, w, padding=(0, 0)):
    dw = np.zeros(w.shape)
    for u, v in np.ndindex(w.shape):
        dw[u, v] = np.sum(grad * x[u : u + grad.shape[0], v : v + grad.shape[1]])
    return dw


@wrong("kernel_gradient", says="padding_mode|reflect|replicat|circular|zeros|border|padd")
def zeros_for_every_mode(grad, x, w, padding=(0, 0), padding_mode="zeros"):
    return collect(grad, x, w, padding=padding)


@wrong("kernel_gradient", says="overwrit|last|\\+=|add|sum|replac|only")
def last_place_wins(grad, x, w):
    dw = np.zeros(w.shape)
    for i, j in np.ndindex(grad.shape):
        dw[:] = grad[i, j] * x[i : i + w.shape[0], j : j + w.shape[1]]
    return dw


@wrong(
    "kernel_gradient",
    says="weights|multipl|by w\\b|\\bw\\b.*(not|too|also|as well|need)|kernel.*(value|number)",
)
def weights_multiplied_in(grad, x, w):
    return collect(grad, x, w) * w


@wrong("kernel_gradient", says="minus|sign|negative|subtract|descent|step|opposite")
def ready_to_be_added(grad, x, w, stride=(1, 1)):
    return -collect(grad, x, w, stride)


@wrong("kernel_gradient", says="step|learning|updat|subtract|kernel itself|w -|descent")
def kernel_after_a_step(grad, x, w):
    return w - 0.01 * collect(grad, x, w)


@wrong("kernel_gradient", says="zeros_like|dtype|type|uint8|overflow|wrap|255|bytes|trunc|integer")
def kept_in_the_type_of_x_again(grad, x, w):
    dw = np.zeros(w.shape, x.dtype)
    for u, v in np.ndindex(w.shape):
        dw[u, v] = (grad * window(grad, x, u, v)).sum().astype(x.dtype)
    return dw


@wrong("kernel_gradient", says="column|order|Fortran|reshape|transpos")
def reshaped_by_columns(grad, x, w):
    return collect(grad, x, w).ravel().reshape(w.shape, order="F")


@wrong("kernel_gradient", says="mean|average|divid|taps|size")
def divided_by_the_taps(grad, x, w, stride=(1, 1), padding=(0, 0)):
    return collect(grad, x, w, stride, padding) / w.size


def dx_of(grad, x, w, stride=(1, 1), padding=(0, 0)):
    def plane(g, c):
        return sum(send(g[o], x[0, c], w[o, c], stride, padding) for o in range(len(w)))

    return np.array([[plane(g, c) for c in range(x.shape[1])] for g in grad])


def dw_of(grad, x, w, stride=(1, 1), padding=(0, 0)):
    part = functools.partial(collect, w=w[0, 0], stride=stride, padding=padding)
    return np.array(
        [
            [sum(part(g[o], a[c]) for g, a in zip(grad, x, strict=True)) for c in range(x.shape[1])]
            for o in range(len(w))
        ]
    )


@wrong("conv2d_backward", says="db|bias|axis|axes|sum")
def db_over_two_axes(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad, x, w), grad.sum(axis=(0, 2))


@wrong("conv2d_backward", says="db|bias|batch|images|axis|axes")
def db_of_each_image(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad, x, w), grad.sum((2, 3))


@wrong("conv2d_backward", says="db|bias|keepdims|shape|axes")
def db_keeps_its_axes(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad, x, w), grad.sum((0, 2, 3), keepdims=True)


@wrong("conv2d_backward", says="db|bias|mean|average|divid")
def db_is_a_mean(grad, x, w, stride=(1, 1)):
    return dx_of(grad, x, w, stride), dw_of(grad, x, w, stride), grad.mean(axis=(0, 2, 3))


@wrong("conv2d_backward", says="db|bias|filter|axis|one number|sum")
def one_bias_for_all(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad, x, w), np.sum(grad)


@wrong("conv2d_backward", says="filter|overwrit|add|sum|last|\\+=")
def last_filter_reaches_dx(grad, x, w):
    return dx_of(grad[:, -1:], x, w[-1:]), dw_of(grad, x, w), grad.sum((0, 2, 3))


@wrong("conv2d_backward", says="batch|images?\\b|overwrit|add|sum|last|\\+=")
def last_image_reaches_dw(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad[-1:], x[-1:], w), grad.sum(axis=(0, 2, 3))


@wrong("conv2d_backward", says="batch|images?\\b|mean|average|divid|number of images")
def all_averaged(grad, x, w):
    n = len(x)
    return dx_of(grad, x, w) / n, dw_of(grad, x, w) / n, grad.sum(axis=(0, 2, 3)) / n


@wrong("conv2d_backward", says="order|swap|changed places|first|dw.*dx")
def weights_first(grad, x, w):
    return dw_of(grad, x, w), dx_of(grad, x, w), grad.sum(axis=(0, 2, 3))


@wrong("conv2d_backward", says="db|bias|three|3|tuple|missing")
def no_db(grad, x, w):
    return dx_of(grad, x, w), dw_of(grad, x, w)


@wrong(
    "conv2d_backward", says="dx.*(turn|flip|revers|rotat)|(turn|flip|revers|rotat).*(dx|input)|turn"
)
def dx_of_a_turned_kernel(grad, x, w):
    return dx_of(grad, x, w[:, :, ::-1, ::-1]), dw_of(grad, x, w), grad.sum(axis=(0, 2, 3))


@wrong("conv2d_backward", says="padd|cut|crop|border|frame|larger")
def dx_of_the_padded_image(grad, x, w, stride=(1, 1), padding=(0, 0)):
    dx = dx_of(grad, x, w, stride, padding)
    return dx, dw_of(grad, x, w, stride, padding), grad.sum(axis=(0, 2, 3))


@wrong("conv2d_backward", says="padding|empty|-0|:-p|nothing|0\\b")
def dx_empty_without_padding(grad, x, w, padding=(0, 0)):
    dx = dx_of(grad, x, w, padding=padding)[
        :, :, padding[0] : -padding[0], padding[1] : -padding[1]
    ]
    return dx, dw_of(grad, x, w, padding=padding), np.einsum("nohw->o", grad)


@wrong("conv2d_backward", says="chang|in place|modif|mutat|writ|copy|argument|updat")
def takes_the_step_at_once(grad, x, w):
    dx, dw, db = dx_of(grad, x, w), dw_of(grad, x, w), grad.sum(axis=(0, 2, 3))
    w -= dw.astype(w.dtype)
    return dx, dw, db


@wrong("conv2d_backward", says="group")
def groups_not_looked_at(grad, x, w, groups=1):
    db = grad.sum(axis=(0, 2, 3))
    dx = dx_of(grad, x, np.tile(w, (1, groups, 1, 1)))
    return dx, dw_of(grad, x[:, : w.shape[1]], w), db


@wrong("conv2d_backward", says="dw.*(turn|flip|revers|rotat)|(turn|flip|revers|rotat).*dw|turn")
def dw_turned_like_w(grad, x, w):
    dw = dw_of(grad, x, w)[..., ::-1, ::-1]
    return dx_of(grad, x, w), dw, grad.sum(axis=(0, 2, 3))


@right("weight_gradient")
def as_a_difference(grad, x, tap):
    def loss(weight):
        kernel = np.zeros(np.subtract(x.shape, grad.shape) + 1)
        kernel[tap] = weight
        return np.vdot(grad, np.einsum("ijuv,uv", sliding_window_view(x, kernel.shape), kernel))

    return np.array(loss(1) - loss(0))


@right("weight_gradient")
def exact_weight(grad, x, tap):
    pairs = zip(grad.flat, x[tap[0] :, tap[1] :][: len(grad), : grad.shape[1]].flat, strict=True)
    return float(sum(Fraction(g.item()) * Fraction(a.item()) for g, a in pairs))


@right("input_gradient")
def dx_by_a_matrix(grad, x, w, stride=(1, 1)):
    units = np.eye(x.size).reshape(-1, *x.shape)
    windows = sliding_window_view(units, w.shape, axis=(1, 2))[:, :: stride[0], :: stride[1]]
    matrix = np.einsum("pijuv,uv->pij", windows, w).reshape(x.size, -1)
    return (matrix @ grad.ravel()).reshape(x.shape, order="C").astype(object)


@right("input_gradient")
def dx_by_fft(grad, x, w):
    return np.fft.irfft2(np.fft.rfft2(grad, x.shape) * np.fft.rfft2(w, x.shape), x.shape)


@right("input_gradient")
def dx_of_lists(grad, x, w, *, stride=1):
    s, t = (stride, stride) if np.isscalar(stride) else stride
    dx = [[0.0] * x.shape[1] for _ in x]
    for (i, j), g in np.ndenumerate(grad):
        for (u, v), k in np.ndenumerate(w):
            dx[i * s + u][j * t + v] += float(g) * float(k)
    return dx


@right("kernel_gradient")
def dw_by_einsum(grad, x, w):
    single = (a.astype(np.float32) for a in (grad, sliding_window_view(x, grad.shape)))
    return np.einsum("ij,uvij->uv", *single)


def _collected(grad, x, w, *rest, **steps):
    dw = np.asfortranarray(collect(grad, x, w, *rest, **steps))
    dw.setflags(write=False)
    return dw


right("kernel_gradient")(lambda grad, x, w, stride=(1, 1): _collected(grad, x, w, stride))


@right("conv2d_backward")
def backward_of_pairs(grad, x, w, *, stride=(1, 1), padding=(0, 0)):
    (p, q), (h, k) = padding, x.shape[2:]
    dx = dx_of(grad, x, w, stride, padding)[:, :, p : p + h, q : q + k]
    return [dx, dw_of(grad, x, w, stride, padding).tolist(), tuple(grad.sum((0, 2, 3)))]


class Backward:
    """Keeps what it worked out last."""

    def __call__(self, grad, x, w):
        windows = sliding_window_view(x, w.shape[2:], axis=(2, 3))
        self.dw = np.einsum("nohw,nchwuv->ocuv", grad, windows)
        cols = np.tensordot(grad, w, (1, 0))
        self.dx = np.zeros(x.shape)
        for i, j in np.ndindex(grad.shape[2:]):
            self.dx[:, :, i : i + w.shape[2], j : j + w.shape[3]] += cols[:, i, j]
        return self.dx, self.dw, grad.sum(axis=(0, 2, 3), dtype=float)


right("conv2d_backward")(Backward())


@right("conv2d_backward")
def backward_by_columns(grad, x, w):
    (n, o), (kh, kw) = grad.shape[:2], w.shape[2:]
    oh, ow = grad.shape[2:]
    g = grad.reshape(n, o, -1)
    cols = sliding_window_view(x, (oh, ow), axis=(2, 3)).reshape(n, -1, oh * ow)
    back = (w.reshape(o, -1).T @ g).reshape(n, -1, kh, kw, oh, ow)
    dx = np.zeros(x.shape)
    for u, v in np.ndindex(kh, kw):
        dx[:, :, u : u + oh, v : v + ow] += back[:, :, u, v]
    return dx, (g @ cols.swapaxes(1, 2)).sum(0).reshape(w.shape), g.sum((0, 2))
