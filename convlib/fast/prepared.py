"""`prepare`: filters that keep what a method works out from them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.convolution import as_filters
from convlib.geometry import LAYOUTS, as_array, choice, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import ArrayLike, DTypeLike, NDArray

    Shortcuts = dict[Hashable, Callable[[NDArray[Any]], NDArray[Any] | None]]

__all__ = ["Kernel", "prepare"]


class Kernel:
    """Filters, read-only, and what was worked out from them so far. Made by `prepare`.

    Attributes
    ----------
    w : ndarray
        The filters, or the kernel, with the axes that `prepare` was given; a read-only copy.
    layout : str
        Which axes these are.
    filters : ndarray, (O, C/groups, KH, KW)
        The same as a view with canonical axes.
    prepared : bool
        Whether it lasts for more than one call, so that it pays to make what will be kept.
    shortcuts : dict
        Calls of `conv2d` that are one product with a kept matrix, and need no reading.
    """

    def __init__(self, w: NDArray[Any], layout: str = "NCHW", prepared: bool = False) -> None:
        self.w = w
        self.prepared = prepared
        self.layout = layout
        self.filters = as_filters(w, layout)
        self.shortcuts: Shortcuts = {}
        self._kept: dict[Hashable, Any] = {}

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` returned when this key was first asked for."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def typed(self, dtype: DTypeLike) -> NDArray[Any]:
        """The filters (O, C/groups, KH, KW) as C-contiguous numbers of another type."""
        dtype = np.dtype(dtype)
        return self.kept(  # type: ignore[no-any-return]
            ("typed", dtype), lambda: np.ascontiguousarray(self.filters, dtype=dtype)
        )

    @property
    def nbytes(self) -> int:
        """Bytes of the filters and of everything that is kept with them."""
        kept = [k for k in self._kept.values() if isinstance(k, np.ndarray | Kernel)]
        return self.w.nbytes + sum(k.nbytes for k in kept if not np.may_share_memory(k, self.w))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.w, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        return f"Kernel({self.w.shape}, {self.w.dtype}, {self.layout}, {self.nbytes} bytes)"


def prepare(w: ArrayLike, *, layout: str = "NCHW") -> Kernel:
    """Prepare filters for many calls of `conv2d`, which takes the result in place of `w`.

    Transformed weights and spectra are worked out by the call that first needs them, then kept.

    Parameters
    ----------
    w : array_like
        Filters or one kernel, as `conv2d` takes them in this layout.
    layout : {"NCHW", "NHWC"}

    Returns
    -------
    Kernel
        Holds a copy of the weights. An array given as `w` is read-only from then on, and so is the
        array that it is a view of: a later ``w += step`` raises, where it would have been without
        effect. (Other views of it, made before, NumPy leaves writeable.)

    Raises
    ------
    ValueError, TypeError
        What `conv2d` refuses about weights alone. The message says what to change.

    Notes
    -----
    Memory: Winograd's weights take 4 times the bytes of 3x3 filters, a spectrum as much as the
    padded image for every filter and channel.

    Examples
    --------
    >>> w = np.ones((4, 3, 3, 3), dtype=np.float32)
    >>> kernel = prepare(w)
    >>> kernel
    Kernel((4, 3, 3, 3), float32, NCHW, 432 bytes)
    >>> w.flags.writeable
    False
    """
    given = as_array("w", w)
    choice("layout", layout, LAYOUTS, {"w.shape": given.shape, "layout": layout})
    if given.ndim not in (2, 3, 4) or 0 in given.shape:
        wrong = "w must have 2, 3 or 4 axes, none of length 0"
        change = "Use a kernel such as (KH, KW) or (C, KH, KW), or filters such as (O, C, KH, KW)."
        raise refusal(ValueError, wrong, change, {"w.shape": given.shape, "layout": layout})
    copy = np.array(given, order="C")
    array: Any = w
    while isinstance(array, np.ndarray):
        array.setflags(write=False)
        array = array.base
    copy.setflags(write=False)
    return Kernel(copy, layout, prepared=True)
