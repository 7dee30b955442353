"""`prepare`: filters that keep what a method works out from them alone.

What is kept, and for how long, is decided here: a few things that were used last, up to
`KEPT_BYTES`, or little more than the largest of them. So are the shortcuts: calls that an earlier
one like it has reduced to one product.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import as_array, choice, refusal
from convlib.geometry import LAYOUTS
from convlib.operands import as_filters, is_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["KEPT_BYTES", "Kernel", "Shortcut", "as_kernel", "prepare"]

KEPT_BYTES = 32_000_000  # of all that one kernel keeps, unless the largest thing is larger
BESIDES = 1 / 4  # of the largest, that may be kept with it: what is looked at before it is used
MOST_KEPT = 256  # things, for the Python objects around each


@dataclass(frozen=True, eq=False, slots=True)
class Shortcut:
    """A call that is one product with a kept matrix, and needs no reading of its arguments."""

    matrix: NDArray[Any]  # (inputs, outputs)
    batch: int
    shape: tuple[int, ...]  # of the result
    checked: bool  # whether a result that is not finite has to be found another way

    @np.errstate(over="ignore", invalid="ignore")  # as a decorator, half of what `with` takes
    def __call__(self, x: NDArray[Any]) -> NDArray[Any] | None:
        """Return the result, or None where it has to be found another way."""
        y = x.reshape(self.batch, -1).dot(self.matrix)
        safe = not self.checked or math.isfinite(np.vdot(y, y))
        return y.reshape(self.shape) if safe else None


class Kernel:
    """Filters, read-only, and what was worked out from them so far. Made by `prepare`.

    A copy or a pickle of it has the weights alone.

    Attributes
    ----------
    w : ndarray
        The filters, or the kernel, with the axes that `prepare` was given.
    layout : str
        Which axes these are.
    prepared : bool
        Whether it lasts for more than one call, so that it pays to make what will be kept.
    """

    __slots__ = ("_filters", "_kept", "layout", "prepared", "w")

    def __init__(self, w: NDArray[Any], layout: str = "NCHW", prepared: bool = False) -> None:
        self.w, self.layout, self.prepared = w, layout, prepared
        self._filters: NDArray[Any] | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    @property
    def filters(self) -> NDArray[Any]:
        """The weights as a view with canonical axes, (O, C/groups, KH, KW)."""
        if self._filters is None:
            self._filters = as_filters(self.w, self.layout)
        return self._filters

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` returned when this key was first asked for, or asked for again."""
        try:
            self._kept.move_to_end(key)
            return self._kept[key]
        except KeyError:  # not there; or another thread has just let go of it
            made = self._kept[key] = make()
        if self.prepared:
            self._let_go()
        return made

    def typed(self, dtype: DTypeLike) -> NDArray[Any]:
        """The filters (O, C/groups, KH, KW) as C-contiguous numbers of another type."""
        dtype = np.dtype(dtype)
        return self.kept(  # type: ignore[no-any-return]
            ("typed", dtype), lambda: np.ascontiguousarray(self.filters, dtype=dtype)
        )

    def known_call(self, x: Any, bias: Any, steps: tuple[Any, ...]) -> NDArray[Any] | None:
        """Take the shortcut of an equal call of `conv2d`, if there was one."""
        if bias is not None or type(x) is not np.ndarray:
            return None
        key = x.shape, x.dtype, *steps, *map(type, steps)  # True and 1.0 would pass as 1
        try:
            shortcut: Shortcut = self._kept[key]
            self._kept.move_to_end(key)
        except (KeyError, TypeError):  # not there, or no more; or a list among the steps
            return None
        return shortcut(x)

    def remember(self, x: NDArray[Any], steps: tuple[Any, ...], shortcut: Shortcut) -> None:
        """Let the next call like this one take the shortcut."""
        if is_key(steps):
            self._kept[x.shape, x.dtype, *steps, *map(type, steps)] = shortcut
            self._let_go()

    @property
    def nbytes(self) -> int:
        """Bytes of the filters and of everything that is kept with them."""
        return self.w.nbytes + sum(self._sizes())

    def _let_go(self) -> None:
        """Keep what was used last, and no more than allowed of what was used before."""
        while len(self._kept) > MOST_KEPT or (
            sum(sizes := self._sizes()) > max(KEPT_BYTES, (1 + BESIDES) * max(sizes, default=0))
        ):
            self._kept.popitem(last=False)

    def _sizes(self) -> list[int]:
        """List the bytes of what is kept, of each array once: shortcuts share their matrices."""
        arrays = {}
        for value in list(self._kept.values()):
            array = value.matrix if isinstance(value, Shortcut) else value
            if hasattr(array, "nbytes") and not np.may_share_memory(array, self.w):
                arrays[id(array)] = array.nbytes
        return list(arrays.values())

    def __reduce__(self) -> tuple[Any, ...]:
        return _prepared, (self.w, self.layout)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.w, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        return f"Kernel({self.w.shape}, {self.w.dtype}, {self.layout}, {self.nbytes} bytes)"


def as_kernel(w: ArrayLike | Kernel, layout: str) -> Kernel:
    """`w` itself if it was prepared, for this layout; or a kernel for one call."""
    if not isinstance(w, Kernel):
        return Kernel(as_array("w", w), layout)
    if w.layout != layout:
        change = f"Use prepare(w, layout={layout!r}) with weights of that order."
        given = {"w.shape": w.w.shape, "layout": layout}
        raise refusal(ValueError, "w was prepared for another layout", change, given)
    return w


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
        With a read-only copy of the weights: what becomes of `w` afterwards does not reach it.

    Raises
    ------
    ValueError, TypeError
        What `conv2d` refuses about weights alone. The message says what to change.

    Notes
    -----
    Memory: the weights; and up to 32 MB, or as much as the one thing used last, of what was worked
    out from them for the types and sizes of images that came last. Winograd's weights take 4 times
    the bytes of 3x3 filters, a spectrum as much as the padded image for every filter and channel.
    A copy or a pickle has the weights alone.

    Examples
    --------
    >>> w = np.ones((4, 3, 3, 3), dtype=np.float32)
    >>> kernel = prepare(w)
    >>> kernel
    Kernel((4, 3, 3, 3), float32, NCHW, 432 bytes)
    >>> w += 1
    >>> float(kernel.w.max())
    1.0
    """
    given = as_array("w", w)
    choice("layout", layout, LAYOUTS, {"w.shape": given.shape, "layout": layout})
    if given.ndim not in (2, 3, 4) or 0 in given.shape:
        wrong = "w must have 2, 3 or 4 axes, none of length 0"
        change = "Use a kernel such as (KH, KW) or (C, KH, KW), or filters such as (O, C, KH, KW)."
        raise refusal(ValueError, wrong, change, {"w.shape": given.shape, "layout": layout})
    return _prepared(given, layout)


def _prepared(w: NDArray[Any], layout: str) -> Kernel:
    copy = np.array(w, order="C")
    copy.setflags(write=False)
    return Kernel(copy, layout, prepared=True)
