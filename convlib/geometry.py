"""Every size of a convolution: checked once, worked out once, here.

One equation holds the library up, and a `Geometry` holds all the numbers in it::

    windows[n, i, j, c, u, v] = padded[n, c, i*stride + u*dilation, j*stride + v*dilation]

"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convlib.arguments import MOST_BYTES, Pair, Sides, as_pair, as_sides, choice, refusal, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "LAYOUTS", "PADDING_MODES", "Counts", "Geometry", "as_batch", "pad", "windows_geometry",
    "without_batch"
]  # fmt: skip

#: Where channel, row and column stand in a batch of images.
LAYOUTS: dict[str, tuple[int, int, int]] = {"NCHW": (1, 2, 3), "NHWC": (3, 1, 2)}

#: PyTorch's names for what lies outside the image, with NumPy's names for the same.
PADDING_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

WIDEST_ITEM = 32  # bytes of complex256, the widest number there is


class Counts(NamedTuple):
    """How many elements there are for each image of a batch."""

    padded: int  # C * PH * PW: the image with its padding
    output: int  # O * OH * OW
    windows: int  # OH * OW * C * KH * KW: every tap of every window


@dataclass(frozen=True, init=False)
class Geometry:
    """The sizes of one convolution, validated and worked out.

    Parameters
    ----------
    input_size, kernel_size : (int, int)
        Rows and columns (H, W) of the image and (KH, KW) of the kernel.
    stride, dilation : int or (int, int)
        Steps of the window, and of the taps within it, by row and by column.
    padding : int, (int, int), ((int, int), (int, int)) or str
        Cells added around: on all sides; by row and column; ((top, bottom), (left, right));
        "valid" for none; "same" so that output = ceil(input / stride), the odd cell at the end;
        "same_lower" with the odd cell at the start.
    padding_mode : str
        "zeros", "reflect", "replicate" or "circular".
    batch, channels, filters, groups : int
        N, C, O and the groups that C and O are split into.
    layout : str
        "NCHW" or "NHWC": where the channels stand in memory.
    given : mapping, optional
        What the user typed, for the error messages; by default these arguments.

    Attributes
    ----------
    extent : (int, int)
        Rows and columns from a window's first tap to its last: (K - 1) * dilation + 1.
    padded_size : (int, int)
        Rows and columns of the image with its padding.
    output_size : (int, int)
        (OH, OW): floor((padded - extent) / stride) + 1.

    Raises
    ------
    ValueError, TypeError
        For sizes that describe no convolution; the message says which and what to change.

    Examples
    --------
    >>> g = Geometry((7, 9), (3, 2), stride=(2, 3), padding=1)
    >>> g.padded_size, g.output_size
    ((9, 11), (4, 4))
    """

    input_size: Pair
    kernel_size: Pair
    stride: Pair
    padding: Sides
    dilation: Pair
    padding_mode: str
    batch: int
    channels: int
    filters: int
    groups: int
    layout: str

    def __init__(
        self,
        input_size: Pair,
        kernel_size: int | Pair,
        *,
        stride: int | Pair = 1,
        padding: int | str | Pair | Sides = 0,
        dilation: int | Pair = 1,
        padding_mode: str = "zeros",
        batch: int = 1,
        channels: int = 1,
        filters: int = 1,
        groups: int = 1,
        layout: str = "NCHW",
        given: Mapping[str, Any] | None = None,
    ) -> None:
        typed = {k: v for k, v in locals().items() if k not in ("self", "given")}
        given = typed if given is None else given
        fixed: dict[str, Any] = {
            "input_size": as_pair("input_size", input_size, 1, given),
            "kernel_size": as_pair("kernel_size", kernel_size, 1, given),
            "stride": as_pair("stride", stride, 1, given),
            "dilation": as_pair("dilation", dilation, 1, given),
            "batch": whole("batch", batch, 0, given),
            "channels": whole("channels", channels, 1, given),
            "filters": whole("filters", filters, 1, given),
            "groups": whole("groups", groups, 1, given),
            "padding_mode": choice("padding_mode", padding_mode, PADDING_MODES, given),
            "layout": choice("layout", layout, LAYOUTS, given),
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "padding", as_sides(padding, self._same(), given))
        self._check(given)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: a method is looked up by its geometry several times a call."""
        return hash(tuple(getattr(self, field.name) for field in fields(self)))

    @cached_property
    def extent(self) -> Pair:
        """Rows and columns from a window's first tap to its last."""
        (kh, kw), (down, right) = self.kernel_size, self.dilation
        return (kh - 1) * down + 1, (kw - 1) * right + 1

    @cached_property
    def padded_size(self) -> Pair:
        """Rows and columns of the image with its padding."""
        (h, w), (rows, columns) = self.input_size, self.padding
        return h + sum(rows), w + sum(columns)

    @cached_property
    def output_size(self) -> Pair:
        """(OH, OW), the places where the window fits: floor((padded - extent) / stride) + 1."""
        fits = zip(self.padded_size, self.extent, self.stride, strict=True)
        rows, columns = ((p - e) // s + 1 for p, e, s in fits)
        return rows, columns

    @cached_property
    def window_shape(self) -> tuple[int, int, int, int, int, int]:
        """(N, OH, OW, C, KH, KW): every tap of every window."""
        return self.batch, *self.output_size, self.channels, *self.kernel_size

    @cached_property
    def counts(self) -> Counts:
        """Elements of one padded image, of its output and of all its windows."""
        padded, output = math.prod(self.padded_size), math.prod(self.output_size)
        windows = math.prod(self.window_shape[1:])
        return Counts(self.channels * padded, self.filters * output, windows)

    @property
    def pads(self) -> bool:
        """Whether anything is added around the image."""
        return self.padding != ((0, 0), (0, 0))

    def is_padding(
        self, rows: ArrayLike | None = None, columns: ArrayLike | None = None
    ) -> NDArray[np.bool]:
        """Tell which cells of the padded image, in these rows and columns or in all, are padding.

        >>> Geometry((2, 2), 1, padding=((1, 0), (0, 0))).is_padding()
        array([[ True,  True],
               [False, False],
               [False, False]])
        """
        (top, _), (left, _), (height, width) = *self.padding, self.input_size
        i = np.asarray(range(self.padded_size[0]) if rows is None else rows)[:, None] - top
        j = np.asarray(range(self.padded_size[1]) if columns is None else columns) - left
        return (i < 0) | (i >= height) | (j < 0) | (j >= width)

    def group_slices(self) -> Iterator[tuple[slice, slice]]:
        """Yield, group by group, the channels that it reads and the filters that read them."""
        c, o = self.channels // self.groups, self.filters // self.groups
        for g in range(self.groups):
            yield slice(g * c, (g + 1) * c), slice(g * o, (g + 1) * o)

    def _same(self) -> Pair:
        """Count the cells that SAME padding adds to the rows and to the columns."""
        sizes = zip(self.input_size, self.extent, self.stride, strict=True)
        rows, columns = (max((-(-n // s) - 1) * s + e - n, 0) for n, e, s in sizes)
        return rows, columns

    def _check(self, given: Mapping[str, Any]) -> None:
        """Refuse sizes that are fine one by one but not together."""
        c, o, groups = self.channels, self.filters, self.groups
        if c % groups or o % groups:
            change = "Use a number of groups that divides both."
            wrong = f"{groups} groups do not divide {c} channels and {o} filters evenly"
            raise refusal(ValueError, wrong, change, given)
        if any(e > p for e, p in zip(self.extent, self.padded_size, strict=True)):
            wrong = f"the kernel spans {self.extent} but the padded input is {self.padded_size}"
            change = "Use a smaller kernel or dilation, or more padding."
            raise refusal(ValueError, wrong, change, given)
        spare = {"reflect": 1, "circular": 0}.get(self.padding_mode)
        for n, sides in zip(self.input_size, self.padding, strict=True):
            if spare is not None and max(sides) > n - spare:
                wrong = f"{self.padding_mode} padding of {max(sides)} on a size of {n} is too wide"
                change = f"Use at most {n - spare} there, or another padding_mode."
                raise refusal(ValueError, wrong, change, given)
        self._check_addressable(given)

    def _check_addressable(self, given: Mapping[str, Any]) -> None:
        """Refuse arrays of more bytes than an address can count."""
        if max(self.counts) * max(self.batch, 1) * WIDEST_ITEM > MOST_BYTES:
            wrong = "the sizes are too big for any computer's memory"
            change = "Use a smaller image, kernel, batch or padding, or a larger stride."
            raise refusal(ValueError, wrong, change, given)


def as_batch(x: NDArray[Any], layout: str) -> NDArray[Any]:
    """View an image (H, W), (C, H, W) or (H, W, C) as a batch of one; a batch is left alone."""
    if x.ndim == 2:
        return x[None, None] if layout == "NCHW" else x[None, :, :, None]
    return x[None] if x.ndim == 3 else x


def pad(x: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Surround every image of the batch `x` with the padding that `g` asks for.

    The result has `g.padded_size` rows and columns; it is `x` itself where nothing is added.
    """
    if not g.pads:
        return x
    _, row, column = LAYOUTS[g.layout]
    widths = [(0, 0)] * 4
    widths[row], widths[column] = g.padding
    return np.pad(x, widths, mode=PADDING_MODES[g.padding_mode])  # type: ignore[call-overload,no-any-return]


def windows_geometry(
    x: NDArray[Any], kernel_size: int | Pair, stride: int | Pair, dilation: int | Pair, layout: str
) -> Geometry:
    """Work out the geometry of `windows(x, kernel_size, ...)` in either family."""
    typed = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation, "layout": layout}
    given = {"x.shape": x.shape, **typed}
    choice("layout", layout, LAYOUTS, given)
    if x.ndim not in (2, 3, 4):
        change = f"Use one image or a batch {layout}."
        raise refusal(ValueError, f"x has {x.ndim} axes, not 2, 3 or 4", change, given)
    shape = as_batch(x, layout).shape
    c, h, w = (shape[axis] for axis in LAYOUTS[layout])
    sizes = {"batch": shape[0], "channels": c, "layout": layout}
    return Geometry((h, w), kernel_size, stride=stride, dilation=dilation, given=given, **sizes)


def without_batch(windows: NDArray[Any], ndim: int) -> NDArray[Any]:
    """Drop from (N, OH, OW, C, KH, KW) the axes that an input of `ndim` axes did not have."""
    return windows if ndim == 4 else windows[0] if ndim == 3 else windows[0, :, :, 0]
