"""All that is true of one product on its way back: what pictures of gradients are drawn from.

On the way there, the pixel x that lies under a tap of a window is multiplied with that tap's weight
w and added to an output. On the way back, the gradient of that output meets both again: grad * w is
added to the pixel's gradient, grad * x to the weight's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.adjoint.backward import as_grad, conv2d_backward
from convlib.arguments import as_array, refusal
from convlib.frames import Frame, Walk

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Return", "WayBack"]

Block = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class Return:
    """One product: the output cell that sends, the tap, and the pixel that they met at.

    Attributes
    ----------
    frame : Frame
        The window of the output cell.
    channel : int
        Which of the channels that the filter reads, counted from the first of them.
    u, v : int
        The tap.
    row, column : int
        The pixel, on the padded image.
    grad, weight, pixel : number
        The three numbers; of complex ones, weight and pixel are conjugated already.
    """

    frame: Frame
    channel: int
    u: int
    v: int
    grad: Any
    weight: Any
    pixel: Any

    @property
    def row(self) -> int:
        """The pixel's row on the padded image."""
        return int(self.frame.rows[self.u])

    @property
    def column(self) -> int:
        """The pixel's column on the padded image."""
        return int(self.frame.columns[self.v])

    @property
    def to_pixel(self) -> Any:
        """What the pixel's gradient receives."""
        return self.grad * self.weight

    @property
    def to_weight(self) -> Any:
        """What the weight's gradient receives."""
        return self.grad * self.pixel


class WayBack:
    """The way of a gradient back through one convolution.

    Parameters
    ----------
    grad, x, w, **arguments
        As for `conv2d_backward`.

    Attributes
    ----------
    walk : Walk
        The way there.
    grad : ndarray, (N, O, OH, OW)
    given : tuple of dtype
        Of grad, x and w as they were given.

    Examples
    --------
    >>> back = WayBack([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]])
    >>> product = back.at(0, 1, tap=(0, 1))
    >>> int(product.to_pixel), int(product.to_weight)
    (2, 200)
    >>> back.input_gradient(product, so_far=True)
    array([[10, 21,  2,  0]])
    >>> back.kernel_gradient(product)
    array([[ 421, 4210]])
    """

    def __init__(self, grad: ArrayLike, x: ArrayLike, w: ArrayLike, **arguments: Any) -> None:
        grad, x, w = as_array("grad", grad), as_array("x", x), as_array("w", w)
        _, dw, _ = conv2d_backward(grad, x, w, **arguments)  # refuses what does not fit
        self.walk = Walk(x, w, **arguments)
        layout = self.walk.geometry.layout
        flow = as_grad(grad, x.ndim, w.ndim, layout).transpose(0, 3, 1, 2)
        self.grad = flow.astype(np.result_type(flow, self.walk.filters))
        self.given = grad.dtype, x.dtype, w.dtype
        if layout == "NHWC" and w.ndim > 2:
            dw = dw.transpose(3, 2, 0, 1) if w.ndim == 4 else dw.transpose(2, 0, 1)
        self._dw = dw.reshape(self.walk.filters.shape).astype(self.grad.dtype)

    def at(
        self,
        row: int,
        column: int,
        *,
        tap: tuple[int, int] = (0, 0),
        image: int = 0,
        filter: int = 0,
        channel: int = 0,
    ) -> Return:
        """Find the product of one output cell and one tap.

        Raises
        ------
        IndexError
            Outside the output, the kernel or its channels.
        """
        f = self.walk.frame(row, column, image=image, filter=filter)
        place = channel, *tap
        if not all(0 <= p < n for p, n in zip(place, f.kernel.shape, strict=True)):
            given = {"tap": tap, "channel": channel}
            change = f"Stay inside the kernel, {f.kernel.shape} as (C, KH, KW)."
            raise refusal(IndexError, "there is no weight at this place", change, given)
        weight, pixel = f.kernel[place].conj(), f.window[place].astype(f.kernel.dtype).conj()
        return Return(f, channel, *tap, self.grad[image, filter, row, column], weight, pixel)

    def plane(self, r: Return) -> NDArray[Any]:
        """Return the gradient of one output, (OH, OW)."""
        cells: NDArray[Any] = self.grad[r.frame.image, r.frame.filter]
        return cells

    def sent(self, r: Return) -> NDArray[Any]:
        """Return grad * w, (KH, KW): what the output cell adds to the pixels of its window."""
        products: NDArray[Any] = r.grad * r.frame.kernel[r.channel].conj()
        return products

    def met(self, r: Return) -> NDArray[Any]:
        """Return the pixels, (OH, OW), that the weight met, one in each window."""
        rows, columns = self.touched(r)
        channel = r.frame.channels[r.channel]
        plane = self.walk.padded[r.frame.image, channel][np.ix_(rows, columns)]
        pixels: NDArray[Any] = plane.astype(self.walk.filters.dtype).conj()
        return pixels

    def touched(self, r: Return) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows and columns, on the padded image, of all pixels that the weight met."""
        rows, columns = self._met_by(r.u, r.v)
        return np.asarray(rows), np.asarray(columns)

    def input_gradient(
        self, r: Return, *, so_far: bool = False, block: Block = (slice(None), slice(None))
    ) -> NDArray[Any]:
        """Return a block of the padded gradient of the image that the product belongs to.

        With `so_far` it holds what the cells of this one output have sent, up to the product's
        own; otherwise all of it.
        """
        f, g = r.frame, self.walk.geometry
        rows, columns = (range(n)[s] for n, s in zip(g.padded_size, block, strict=True))
        dx = np.zeros((len(rows), len(columns)), self.grad.dtype)
        size = g.filters // g.groups
        group = f.filter // size * size
        filters = [f.filter] if so_far else list(range(group, group + size))
        for u, v in np.ndindex(*g.kernel_size):
            i, into_rows = _inside(rows, u, 0, self.walk)
            j, into_columns = _inside(columns, v, 1, self.walk)
            cells = self.grad[f.image][np.ix_(np.array(filters), i, j)]
            weights = self.walk.filters[filters, r.channel, u, v].conj()
            part = np.tensordot(weights, cells, axes=1)
            if so_far:  # left out, not multiplied by 0: that would make NaN of infinities
                part[i[:, None] * g.output_size[1] + j > f.number] = 0
            dx[np.ix_(into_rows, into_columns)] += part
        return dx

    def kernel_gradient(
        self, r: Return, *, so_far: bool = False, block: Block = (slice(None), slice(None))
    ) -> NDArray[Any]:
        """Return a block of the gradient of the filter's weights for the product's channel.

        With `so_far` the output cells after the product's own, in row-major order and image by
        image, are left out.
        """
        f, channel = r.frame, r.frame.channels[r.channel]
        rows, columns = (range(n)[s] for n, s in zip(f.kernel.shape[1:], block, strict=True))
        if not so_far:
            taps = np.ix_(rows, columns)
            whole: NDArray[Any] = self._dw[f.filter, r.channel][taps]
            return whole
        dw = np.zeros((len(rows), len(columns)), self.grad.dtype)
        for n in range(f.image + 1):
            cells = self.grad[n, f.filter]
            if n == f.image:  # the rows before the product's own, and a part of that one
                cells = cells[: f.row + 1]
            plane = self.walk.padded[n, channel]
            for k, u in enumerate(rows):
                for m, v in enumerate(columns):
                    pixels = plane[
                        tuple(slice(p.start, p.stop, p.step) for p in self._met_by(u, v))
                    ]
                    known = pixels[: len(cells)].astype(self.walk.filters.dtype)
                    products = known.conj() * cells
                    if n == f.image:
                        products[f.row, f.column + 1 :] = 0
                    dw[k, m] += products.sum()
        return dw

    def _met_by(self, u: int, v: int) -> tuple[range, range]:
        """Rows and columns, on the padded image, of the pixels that a weight met."""
        g = self.walk.geometry
        (oh, ow), (down, right) = g.output_size, g.stride
        top, left = u * g.dilation[0], v * g.dilation[1]
        return range(top, top + oh * down, down), range(left, left + ow * right, right)


def _inside(
    places: range, tap: int, axis: int, walk: Walk
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Say which output rows (axis 0) or columns reach these places by a tap, and where they land.

    Of large outputs only those near the block are looked at.
    """
    g = walk.geometry
    step, offset = g.stride[axis], tap * g.dilation[axis]
    first = max(0, -(-(places.start - offset) // step))
    stop = min(g.output_size[axis], (places.stop - 1 - offset) // step + 1)
    i = np.arange(first, max(first, stop))
    return i, i * step + offset - places.start
