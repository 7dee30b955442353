"""Every size of a convolution: checked once, worked out once, here.

One equation holds the library up, and a `Geometry` holds all the numbers in it::

    windows[n, i, j, c, u, v] = padded[n, c, i*stride + u*dilation, j*stride + v*dilation]

"""

from __future__ import annotations

import math
import operator
import os
import reprlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "LAYOUTS",
    "PADDING_MODES",
    "Geometry",
    "as_array",
    "as_batch",
    "as_pair",
    "as_sides",
    "pad",
    "refusal",
]

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]

#: Where channel, row and column stand in a batch of images.
LAYOUTS: dict[str, tuple[int, int, int]] = {"NCHW": (1, 2, 3), "NHWC": (3, 1, 2)}

#: PyTorch's names for what lies outside the image, with NumPy's names for the same.
PADDING_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

LARGEST = 2**31 - 1  # of a stride, padding or dilation: their products still fit 64 bits
MOST_BYTES = int(np.iinfo(np.intp).max)  # what NumPy can address
WIDEST_ITEM = 32  # bytes of complex256, the widest number there is


def refusal(kind: type[Exception], wrong: str, change: str, given: Mapping[str, Any]) -> Exception:
    """Word an error: what is wrong, what was given, what to change.

    Every error of the package is worded here, so that all of them read alike.

    >>> print(refusal(ValueError, "stride must be positive", "Use 1 or more.", {"stride": 0}))
    stride must be positive. Given: stride=0. Use 1 or more.
    """
    listed = ", ".join(f"{name}={reprlib.repr(value)}" for name, value in given.items())
    return kind(f"{wrong}. Given: {listed}. {change}")


def reserve(nbytes: int) -> None:
    """Raise a MemoryError, worded by `enough_memory`, for more than half of the machine's memory.

    Ask before allocating: many systems grant any amount, and end the process that uses it.
    """
    try:
        most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):  # a system that does not say, such as Windows
        most = MOST_BYTES
    if nbytes > most:
        raise MemoryError(f"{nbytes / 1e9:.3g} GB asked for, of at most {most / 1e9:.3g} GB")


@contextmanager
def enough_memory(given: Mapping[str, Any]) -> Iterator[None]:
    """Turn a MemoryError raised inside into a refusal that names the sizes."""
    try:
        yield
    except MemoryError as error:
        change = "Use a smaller image, batch or padding, or a larger stride."
        raise refusal(ValueError, f"not enough memory ({error})", change, given) from error


def as_array(name: str, value: ArrayLike, *, numeric: bool = True) -> NDArray[Any]:
    """Read an array-like without losing anything in silence.

    Parameters
    ----------
    name : str
        What the caller calls it, for the message.
    value : array_like
        An ndarray is returned as it is (no copy), in whatever memory order.
    numeric : bool
        Whether to refuse what cannot be multiplied and summed.

    Raises
    ------
    TypeError
        Objects, strings and dates (where `numeric`), and masked arrays, whose mask would be lost.
    ValueError
        Nested sequences of unequal lengths.
    """
    if isinstance(value, np.ma.MaskedArray):
        change = f"Choose a value for the masked cells first: {name}.filled(0)."
        given = {f"{name}.shape": value.shape}
        wrong = f"{name} is a masked array and its mask would be lost"
        raise refusal(TypeError, wrong, change, given)
    try:
        array = np.asarray(value)
    except ValueError as error:
        wrong, change = f"{name} is not a rectangular array", "Give every row the same length."
        raise refusal(ValueError, wrong, change, {name: value}) from error
    if numeric and array.dtype.kind not in "biufc":
        change = f"Convert it first, for example with np.asarray({name}, dtype=float)."
        given = {f"{name}.dtype": str(array.dtype), f"{name}.shape": array.shape}
        raise refusal(TypeError, f"{name} must hold numbers", change, given)
    return array


def whole(name: str, value: Any, least: int, given: Mapping[str, Any]) -> int:
    """`value` as an int, or a refusal: no rounding, no True, no None."""
    try:
        number = None if isinstance(value, bool | np.bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        change = f"Use a whole number, {least} or more."
        raise refusal(TypeError, f"{name} must be made of integers", change, given)
    if not least <= number <= LARGEST:
        change = f"Use {least} or more." if number < least else f"Use at most {LARGEST}."
        raise refusal(ValueError, f"{name} is out of range ({number})", change, given)
    return number


def as_pair(name: str, value: Any, least: int, given: Mapping[str, Any]) -> Pair:
    """Read an int or (row, column) as (row, column)."""
    if isinstance(value, str | bytes | Mapping | set):
        change = "Use an int or a (row, column) pair."
        raise refusal(TypeError, f"{name} must be an int or a pair of ints", change, given)
    try:
        values = tuple(value)
    except TypeError:
        values = (value, value)
    if len(values) != 2:
        change = "Use an int for both, or exactly two: (row, column)."
        raise refusal(ValueError, f"{name} has {len(values)} entries, not 2", change, given)
    return whole(name, values[0], least, given), whole(name, values[1], least, given)


def choice(name: str, value: Any, choices: Any, given: Mapping[str, Any]) -> str:
    """`value` if it is one of the names in `choices`."""
    if not isinstance(value, str):
        change = f"Use one of {', '.join(map(repr, choices))}."
        raise refusal(TypeError, f"{name} must be a string", change, given)
    if value not in choices:
        change = f"Use one of {', '.join(map(repr, choices))}."
        raise refusal(ValueError, f"{name} is not known", change, given)
    return value


def as_sides(padding: Any, same: Pair, given: Mapping[str, Any]) -> Sides:
    """Read any spelling of `padding` as ((top, bottom), (left, right)); SAME adds `same` in all."""
    if isinstance(padding, str):
        if choice("padding", padding, ("valid", "same", "same_lower"), given) == "valid":
            return (0, 0), (0, 0)
        less, more = zip(*[(t // 2, t - t // 2) for t in same], strict=True)
        before, after = (less, more) if padding == "same" else (more, less)
        return (before[0], after[0]), (before[1], after[1])
    nested = [np.iterable(side) for side in padding] if np.iterable(padding) else []
    if any(nested) and not (all(nested) and len(nested) == 2):
        change = "Use an int, (row, column) or ((top, bottom), (left, right))."
        raise refusal(ValueError, "padding has the wrong form", change, given)
    if any(nested):
        return as_pair("padding", padding[0], 0, given), as_pair("padding", padding[1], 0, given)
    rows, columns = as_pair("padding", padding, 0, given)
    return (rows, rows), (columns, columns)


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
    def counts(self) -> tuple[int, int, int]:
        """Elements of one padded image, of its output and of all its windows."""
        padded, output = math.prod(self.padded_size), math.prod(self.output_size)
        return self.channels * padded, self.filters * output, math.prod(self.window_shape[1:])

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
        for size, sides in zip(self.input_size, self.padding, strict=True):
            if spare is not None and max(sides) > size - spare:
                wrong = (
                    f"{self.padding_mode} padding of {max(sides)} on a size of {size} is too wide"
                )
                change = f"Use at most {size - spare} there, or another padding_mode."
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
    if g.padding == ((0, 0), (0, 0)):
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
