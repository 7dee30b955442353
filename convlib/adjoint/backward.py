"""`conv2d_backward`: the gradients of a convolution layer, from its output back to its arguments.

`conv2d` is linear in x, y = A x, and going back applies the adjoint: dx = A^H grad, which is all
that <A x, grad> = <x, A^H grad> says. Of each step of the way there the adjoint is taken, the last
step first: pad, windows, cross-correlate turn into spread, scatter, unpad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import fast
from convlib.adjoint.gradients import INPUT_GRADIENTS, KERNEL_GRADIENTS
from convlib.adjoint.scatter import sources, unpad
from convlib.arguments import as_array, choice, enough_memory, refusal, reserve
from convlib.exact import biggest, refuse_overflow, result_type
from convlib.fast.prepared import Kernel, as_kernel
from convlib.geometry import Geometry, pad
from convlib.operands import Operands, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["as_grad", "conv2d_backward", "input_gradient", "kernel_gradient", "like_x"]


def conv2d_backward(
    grad: ArrayLike,
    x: ArrayLike,
    w: ArrayLike | Kernel,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | str | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    layout: str = "NCHW",
    method: str = "auto",
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Carry the gradient of a loss from the output of `conv2d` back to x, w and bias.

    Parameters
    ----------
    grad : array_like, (N, O, OH, OW); (N, OH, OW, O) for "NHWC"
        The derivative of the loss by each number of the output, whose shape it has: without N for
        one image, without O for one kernel.
    x, w : array_like
        What `conv2d` was given; for many calls, w as `convlib.prepare` made it.
    stride, padding, dilation, groups, padding_mode, layout
        As `conv2d` was given them; see there.
    method : {"auto", "loops", "index_grid", "strided"}
        "loops" follows the definition, "index_grid" fetches and scatters with one grid, "strided"
        views the windows for dw and adds slices, a tap at a time, for dx; "auto" takes the fast
        methods for dx where the stride is 1, Winograd for dw of 3x3 filters, "strided" otherwise.

    Returns
    -------
    dx : ndarray, shaped like x
    dw : ndarray, shaped like w
    db : ndarray, (O,); () for one kernel
        Three new C-contiguous arrays of NumPy's result type of grad, x and w. Integers and bool
        give exact int64; float16 is summed in float32. Of complex numbers the conjugate is taken,
        as PyTorch does: dx = A^H grad has w conjugated, dw has x conjugated. (Of a real x beside a
        complex w, the gradient is dx.real.)

    Raises
    ------
    ValueError, TypeError
        What `conv2d` refuses; a grad of another shape than its output; integers whose sum could
        pass 2**63 - 1. The message repeats what was given and says what to change.

    Notes
    -----
    dx is a convolution of grad with the filters, flipped: V. Dumoulin and F. Visin, "A guide to
    convolution arithmetic for deep learning" (2016), section 4. "index_grid" makes arrays of
    N*OH*OW*C*KH*KW elements and as many indices; "strided" makes such an array for dw alone.

    Examples
    --------
    >>> dx, dw, db = conv2d_backward([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]])
    >>> dx, dw, db
    (array([[10, 21, 42,  4]]), array([[ 421, 4210]]), array(7))
    """
    arguments = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
        "layout": layout,
    }
    choice("method", method, (*INPUT_GRADIENTS, "auto"), {"method": method})
    grad, x = as_array("grad", grad), as_array("x", x)
    kernel = as_kernel(w, layout)
    w = kernel.w
    given = {"grad.shape": grad.shape, "x.shape": x.shape, "w.shape": w.shape, **arguments}
    with enough_memory(given):
        operands = _read(grad, x, w, given, **arguments)
        g, working = operands.geometry, operands.x.dtype
        flow = as_grad(grad, x.ndim, w.ndim, layout).astype(working, order="C", copy=False)
        real = operands.w.dtype.kind == "f"
        dx = input_gradient(
            flow, kernel if kernel.prepared and real else operands.w.conj(), g, method
        )
        dw = kernel_gradient(flow, pad(operands.x, g).conj(), g, method)
        db = flow.sum(axis=(0, 1, 2), dtype=working)
        shaped = like_x(dx, x.ndim, layout), _like_w(dw, w.ndim, layout), _like_bias(db, w.ndim)
        of_x, of_w, of_bias = (np.asarray(d, dtype=operands.dtype, order="C") for d in shaped)
        return of_x, of_w, of_bias


def input_gradient(
    grad: NDArray[Any], w: NDArray[Any] | Kernel, g: Geometry, method: str = "auto"
) -> NDArray[Any]:
    """Apply the transpose of `conv2d`: scatter grad * w over the padded image, then unpad it.

    This is dx, and it is `conv_transpose2d`: one function under two names.

    Parameters
    ----------
    grad : ndarray, (N, OH, OW, O)
    w : ndarray, (O, C/groups, KH, KW), or Kernel
    g : Geometry
    method : str

    Returns
    -------
    ndarray, (N, C, H, W) or (N, H, W, C)
        In the layout of `g`; perhaps a view of a larger new array.

    Examples
    --------
    >>> g = Geometry((1, 3), (1, 2), padding=((0, 0), (1, 0)))
    >>> input_gradient(np.array([1, 2, 4]).reshape(1, 1, 3, 1), np.array([[[[10, 1]]]]), g)
    array([[[[21, 42,  4]]]])
    """
    if method == "auto":
        kernel = w if isinstance(w, Kernel) else Kernel(w)
        dx = fast.gradients.input_gradient(grad, kernel, g)
        if dx is not None:
            return dx
    spread = INPUT_GRADIENTS["strided" if method == "auto" else method]
    filters = w if isinstance(w, np.ndarray) else w.typed(grad.dtype)
    return unpad(spread(grad, filters, g), g)


def kernel_gradient(
    grad: NDArray[Any], x: NDArray[Any], g: Geometry, method: str = "auto"
) -> NDArray[Any]:
    """Correlate a padded batch with grad: every weight sums the pixels that it met, times grad.

    Parameters as in `input_gradient`; `x` is padded, (N, C, PH, PW) or (N, PH, PW, C). Returns
    (O, C/groups, KH, KW).

    >>> g, x = Geometry((1, 4), (1, 2)), np.array([[[[1, 10, 100, 1000]]]])
    >>> kernel_gradient(np.array([1, 2, 4]).reshape(1, 1, 3, 1), x, g)
    array([[[[ 421, 4210]]]])
    """
    if method == "auto":
        dw = fast.gradients.kernel_gradient(grad, x, g)
        if dw is not None:
            return dw
    correlate = KERNEL_GRADIENTS["strided" if method == "auto" else method]
    return correlate(grad, x, g)


def as_grad(grad: NDArray[Any], x_ndim: int, w_ndim: int, layout: str) -> NDArray[Any]:
    """View an output of `conv2d` as (N, OH, OW, O), with the axes that its arguments lacked."""
    grad = grad[None] if x_ndim < 4 else grad
    if w_ndim < 4:
        return grad[..., None]
    return grad.transpose(0, 2, 3, 1) if layout == "NCHW" else grad


def _read(
    grad: NDArray[Any],
    x: NDArray[Any],
    w: NDArray[Any],
    given: Mapping[str, Any],
    **arguments: Any,
) -> Operands:
    """Read the arguments as `conv2d` does, in a type that holds grad as well."""
    dtype = result_type(grad, x, w)
    if dtype.kind != "i":
        reserve((x.size + w.size) * dtype.itemsize)
        x, w = x.astype(dtype, copy=False), w.astype(dtype, copy=False)
    operands = read(x, w, **arguments)
    g = operands.geometry
    wanted = _output_shape(g, x.ndim, w.ndim)
    if grad.shape != wanted:
        wrong = f"grad has shape {grad.shape}, the output of conv2d has {wanted}"
        change = "Give grad the shape of the output, and the arguments that conv2d was given."
        raise refusal(ValueError, wrong, change, given)
    if dtype.kind == "i":
        refuse_overflow(_reach(biggest(grad), biggest(x), biggest(w), g), "grad", given)
    return operands


def _output_shape(g: Geometry, x_ndim: int, w_ndim: int) -> tuple[int, ...]:
    """Say which shape the output of `conv2d` has."""
    sizes = (*g.output_size, g.filters) if g.layout == "NHWC" else (g.filters, *g.output_size)
    without_filters = sizes if w_ndim == 4 else g.output_size
    return (g.batch, *without_filters) if x_ndim == 4 else without_filters


def _reach(grad: int, x: int, w: int, g: Geometry) -> int:
    """Bound every number of dx, dw and db: so many products at most, none larger than these."""
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    rows, columns = (int(np.bincount(source[source >= 0]).max()) for source in sources(g))
    shown = min(rows * columns, oh * ow)  # cells of the padded image that show one pixel
    for_dx = shown * g.filters // g.groups * kh * kw * w
    return grad * max(for_dx, g.batch * oh * ow * max(x, 1))


def like_x(dx: NDArray[Any], ndim: int, layout: str) -> NDArray[Any]:
    """Drop the axes that an image of `ndim` axes did not have."""
    if ndim == 2:
        dx = dx[:, 0] if layout == "NCHW" else dx[..., 0]
    return dx if ndim == 4 else dx[0]


def _like_w(dw: NDArray[Any], ndim: int, layout: str) -> NDArray[Any]:
    """View (O, C/groups, KH, KW) as the filters or the kernel that were given."""
    if layout == "NHWC" and ndim > 2:
        dw = dw.transpose(2, 3, 1, 0)
        return dw if ndim == 4 else dw[..., 0]
    return dw if ndim == 4 else dw[0] if ndim == 3 else dw[0, 0]


def _like_bias(db: NDArray[Any], w_ndim: int) -> NDArray[Any]:
    """Drop the axis of filters that one kernel did not have."""
    return db if w_ndim == 4 else db[0]
