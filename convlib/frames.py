"""Everything that is true while the window stands at one output position.

A `Walk` takes the arguments of `conv2d` and stops wherever it is asked to: each stop is a `Frame`.
Pictures, sliders and the terminal animation are all drawn from Frames, so none of them can tell
another story than the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import index_grid, strided
from convlib.arguments import as_array, refusal
from convlib.convolution import conv2d
from convlib.geometry import LAYOUTS, Geometry, as_batch, pad
from convlib.operands import read

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Frame", "Walk"]


@dataclass(frozen=True, eq=False)
class Frame:
    """One stop of the window. Sizes: C/g channels of the filter's group, KH by KW taps.

    Attributes
    ----------
    walk : Walk
        Where it comes from: the arrays, their geometry, the whole output.
    image, filter, row, column : int
        The output position (n, o, i, j).
    rows, columns : ndarray of int, (KH,) and (KW,)
        Where the taps fall on the padded image.
    inside : ndarray of bool, (KH, KW)
        Which taps fall on the image itself rather than on its padding.
    window, kernel, products : ndarray, (C/g, KH, KW)
        What the window shows, what it is multiplied with, and the result cell by cell.
    bias, sum : number
        What is added, and the output's own number: `products.sum() + bias`, but for rounding.
    start : int
        Flat index, within the padded batch in its own layout, where the window begins (channel 0).
    offsets, grid_row : ndarray of int, (C/g*KH*KW,)
        Flat distance of each tap from `start`, and `start + offsets`.
    byte_offsets : ndarray of int, (C/g, KH, KW)
        Bytes from the first element of the padded batch to each tap, by its own byte strides.
    """

    walk: Walk
    image: int
    filter: int
    row: int
    column: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    inside: NDArray[np.bool]
    window: NDArray[Any]
    kernel: NDArray[Any]
    products: NDArray[Any]
    bias: Any
    sum: Any
    start: int
    offsets: NDArray[np.intp]
    grid_row: NDArray[np.intp]
    byte_offsets: NDArray[np.intp]

    @property
    def number(self) -> int:
        """How many positions of this image and filter come before: i*OW + j."""
        return self.row * self.walk.geometry.output_size[1] + self.column

    @property
    def channels(self) -> range:
        """The channels of the input that the filter reads."""
        size = self.walk.geometry.channels // self.walk.geometry.groups
        first = self.filter // (self.walk.geometry.filters // self.walk.geometry.groups) * size
        return range(first, first + size)

    @property
    def output_so_far(self) -> np.ma.MaskedArray[Any, Any]:
        """(OH, OW): the output up to and including this position, the rest masked."""
        y = self.walk.output[self.image, self.filter]
        return np.ma.array(y, mask=np.arange(y.size).reshape(y.shape) > self.number)


class Walk:
    """The window's way over every output position of one convolution.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `conv2d`. The arrays are never written to.

    Attributes
    ----------
    geometry : Geometry
    padded : ndarray, (N, C, PH, PW)
        Read-only; a view of `x` itself where nothing is padded. NHWC input is a transposed view.
    filters : ndarray, (O, C/groups, KH, KW)
    output : ndarray, (N, O, OH, OW)
    x_ndim, w_ndim : int
        How many axes the arrays had as given.
    has_bias : bool
        Whether a bias was given.

    Examples
    --------
    >>> walk = Walk(np.arange(20).reshape(4, 5), [[1, 0, -1], [2, 0, -2]])
    >>> frame = walk.frame(1, 2)
    >>> frame.window[0]
    array([[ 7,  8,  9],
           [12, 13, 14]])
    >>> frame.start, frame.grid_row.tolist(), frame.byte_offsets.ravel().tolist()
    (7, [7, 8, 9, 12, 13, 14], [56, 64, 72, 96, 104, 112])
    >>> frame.products.ravel().tolist(), int(frame.sum)
    ([7, 0, -9, 24, 0, -28], -6)
    """

    def __init__(
        self, x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any
    ) -> None:
        x, w = as_array("x", x), as_array("w", w)
        with np.errstate(all="ignore"):
            y = conv2d(x, w, bias, **arguments)
        self._operands = read(x, w, bias, **arguments)
        g = self.geometry = self._operands.geometry
        order = 0, *LAYOUTS[g.layout]
        # Not the operands' x: that one may be converted, and the bytes shown are the reader's own.
        self.padded = pad(as_batch(x, g.layout), g).transpose(order)
        self.padded.flags.writeable = False
        self.filters = self._operands.w
        self.output = y.reshape(g.batch, *g.output_size, g.filters).transpose(0, 3, 1, 2)
        if g.layout == "NCHW":
            self.output = y.reshape(g.batch, g.filters, *g.output_size)
        self.x_ndim, self.w_ndim = x.ndim, w.ndim
        self.has_bias = bias is not None
        self._offsets = index_grid.offsets(g).reshape(g.channels, *g.kernel_size)
        self._steps = index_grid.steps(g)
        self._bytes = strided.byte_strides(self.padded, _nchw(g))

    def __len__(self) -> int:
        return self.output.size

    def __iter__(self) -> Iterator[Frame]:
        for n, o, i, j in np.ndindex(self.output.shape):
            yield self.frame(i, j, image=n, filter=o)

    def frame(self, row: int, column: int, *, image: int = 0, filter: int = 0) -> Frame:
        """Stop at output row i and column j of one image and one filter.

        Raises
        ------
        IndexError
            Outside the output: a window is only shown where it fits.
        """
        position = image, filter, row, column
        if not all(0 <= p < n for p, n in zip(position, self.output.shape, strict=True)):
            given = {"image": image, "filter": filter, "row": row, "column": column}
            change = f"Stay inside the output, {self.output.shape} as (N, O, OH, OW)."
            raise refusal(IndexError, "there is no window at this position", change, given)
        return self._frame(image, filter, row, column)

    def _frame(self, n: int, o: int, i: int, j: int) -> Frame:
        g, operands = self.geometry, self._operands
        rows = i * g.stride[0] + np.arange(g.kernel_size[0]) * g.dilation[0]
        columns = j * g.stride[1] + np.arange(g.kernel_size[1]) * g.dilation[1]
        first = o // (g.filters // g.groups) * (g.channels // g.groups)
        channels = np.arange(first, first + g.channels // g.groups)
        kernel = operands.w[o]
        window = self.padded[n, channels[:, None, None], rows[:, None], columns]
        with np.errstate(all="ignore"):  # a picture shows ∞ where a product overflows
            products = window.astype(kernel.dtype) * kernel
        bias = kernel.dtype.type(0) if operands.bias is None else operands.bias[o]
        image, _, row, column = self._steps
        start = n * image + int(rows[0]) * row + int(columns[0]) * column
        offsets = self._offsets[channels].ravel()
        return Frame(
            walk=self,
            image=n,
            filter=o,
            row=i,
            column=j,
            rows=rows,
            columns=columns,
            inside=~g.is_padding(rows, columns),
            window=window,
            kernel=kernel,
            products=products,
            bias=bias,
            sum=self.output[n, o, i, j],
            start=start,
            offsets=offsets,
            grid_row=start + offsets,
            byte_offsets=self._byte_offsets(n, i, j, channels),
        )

    def _byte_offsets(self, n: int, i: int, j: int, channels: NDArray[Any]) -> NDArray[np.intp]:
        """Walk the six byte strides of the window view from its first element to each tap."""
        image, down, right, channel, tap_down, tap_right = self._bytes
        kh, kw = self.geometry.kernel_size
        u, v = np.arange(kh)[:, None], np.arange(kw)
        taps = channels[:, None, None] * channel + u * tap_down + v * tap_right
        return n * image + i * down + j * right + taps


def _nchw(g: Geometry) -> Geometry:
    """Describe the same geometry for an array whose axes have been put in NCHW order."""
    return replace(g, layout="NCHW")
