"""`conv2d`, the one front door: read the arguments, choose, pad, let a method work, arrange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlib import fast, index_grid, loops, strided
from convlib.arguments import as_array, enough_memory
from convlib.fast.prepared import Kernel, as_kernel
from convlib.geometry import pad
from convlib.operands import METHODS, arrange, read_call
from convlib.slips import hinted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["METHODS", "conv2d"]

PLAIN = {"loops": loops.correlate, "index_grid": index_grid.correlate, "strided": strided.correlate}


@hinted("conv2d")
def conv2d(
    x: ArrayLike,
    w: ArrayLike | Kernel,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | str | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    layout: str = "NCHW",
    method: str = "auto",
    threads: int = 1,
) -> NDArray[Any]:
    """Cross-correlate images with filters, as a convolution layer does (the kernel is not flipped).

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W); (N, H, W, C) or (H, W, C) for "NHWC"; or (H, W)
        A batch or one image. A 2-D image goes with a 2-D kernel, and only with that.
    w : array_like, (O, C/groups, KH, KW); (KH, KW, C/groups, O) for "NHWC"
        O filters; or one kernel (C, KH, KW), for "NHWC" (KH, KW, C), or (KH, KW): the output then
        has no channel axis. Or what `convlib.prepare` made of such weights, for many calls.
    bias : array_like, (O,), optional
        Added to each filter's output. For one kernel a scalar or (1,).
    stride, dilation : int or (row, column)
        Steps of the window; steps of the taps within it.
    padding : int, (row, column), ((top, bottom), (left, right)) or str
        "valid" is 0; "same" gives ceil(H / stride) rows with the odd cell at the end, "same_lower"
        with the odd cell at the start.
    groups : int
        C and O are split into as many groups, each filter reading its own group's channels.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
    layout : {"NCHW", "NHWC"}
    method : str
        "loops", "index_grid" or "strided", which can do everything; "taps", "banded", "im2col",
        "winograd", "fft" or "matrix" of `convlib.fast`; or "auto", the one of the least estimated
        cost, which `convlib.explain` shows.
    threads : int
        How many share the work of a fast method. BLAS may use threads of its own besides:
        OPENBLAS_NUM_THREADS=1 in the environment stops that.

    Returns
    -------
    ndarray, (N, O, OH, OW); (N, OH, OW, O) for "NHWC"
        Without N for one image, without O for one kernel. A new C-contiguous array of NumPy's
        result type; integers and bool give exact int64; float16 is summed in float32.

    Raises
    ------
    ValueError
        Shapes, sizes or names that do not fit, integers whose sum could pass 2**63 - 1, arrays too
        large for the memory, a named method that cannot do what is asked. The message repeats what
        was given and says what to change.
    TypeError
        Arrays that do not hold numbers, steps that are not integers.

    Notes
    -----
    OH = floor((H + top + bottom - (KH - 1) * dilation - 1) / stride) + 1: V. Dumoulin and F. Visin,
    "A guide to convolution arithmetic for deep learning" (2016), relationship 6. The "index_grid"
    and "strided" methods copy N*OH*OW*C*KH*KW elements at once; "loops" copies none. The workspace
    of "auto" stays below that of "strided" or 4 MB.

    What "auto" gives is off by at most 1e-5 of the sum of ``|w||x|`` over the window for float32,
    1e-13 for float64 (besides what is too small for the type). Windows of zeros give exactly 0,
    products that are not negative no negative sum, and integers held as floats exact integers as
    long as the type holds their sums. It looks at the numbers before it takes "fft", and where they
    are too far apart it takes another method. Where it takes "winograd" (3x3, many channels) the
    bound is that of a tile of 6x6 pixels: 2e-5 (1e-13) of the sum of ``|x|`` there, each channel
    times its largest ``|w|``. A method that is named is run as it is.

    Examples
    --------
    >>> x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    >>> conv2d(x, [[0, 1], [-1, 0]])
    array([[-3, -3, -3],
           [-3, -3, -3]])
    >>> import numpy as np
    >>> conv2d(np.ones((3, 7, 9)), np.ones((2, 3, 3, 3)), stride=2, padding=1).shape
    (2, 4, 5)
    """
    steps = stride, padding, dilation, groups, padding_mode, layout, method, threads
    if isinstance(w, Kernel) and (y := w.known_call(x, bias, steps)) is not None:
        return y
    x, kernel = as_array("x", x), as_kernel(w, layout)
    given = {
        "x.shape": x.shape,
        "w.shape": kernel.w.shape,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
        "layout": layout,
        "method": method,
        "threads": threads,
    }
    with enough_memory(given):
        o = read_call(x, kernel.w, bias, steps, given)
        if method in PLAIN:
            y = PLAIN[method](pad(o.x, o.geometry), o.w, o.geometry)
        else:
            y = fast.correlate(method, o.x, kernel, o.geometry, threads, given)
        if o.bias is not None:
            y += o.bias
        y = arrange(y.astype(o.dtype, copy=False), o)
        if kernel.prepared and bias is None:
            fast.remember(kernel, x, steps, o, y.shape)
        return y
