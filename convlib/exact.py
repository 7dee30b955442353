"""Numbers that stay exact: the type of a result, and integers that would not fit in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["biggest", "largest_sum", "refuse_overflow", "result_type", "working_type"]


def result_type(*operands: Any) -> np.dtype[Any]:
    """NumPy's result type, but int64 for whatever is made of integers and bools, as in `conv2d`.

    >>> print(result_type(np.uint8([1]), np.int16([1])), result_type(np.float32([1]), 0.5))
    int64 float32
    """
    whole = all(np.result_type(operand).kind in "biu" for operand in operands)
    return np.dtype(np.int64) if whole else np.result_type(*operands)


def working_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type to sum in: float32 for float16, whose own sums lose their last digits early."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def biggest(array: NDArray[Any]) -> int:
    """The largest magnitude in an array of integers, as a Python integer, which never wraps.

    >>> biggest(np.array([-128, 127], dtype=np.int8))
    128
    """
    return max(abs(int(array.min())), abs(int(array.max()))) if array.size else 0


def largest_sum(filters: NDArray[Any]) -> int:
    """The largest sum of magnitudes of one filter (O, C, KH, KW), as a Python integer.

    >>> largest_sum(np.int8([[[[-128, 127]]], [[[1, 1]]]]))
    255
    """
    # Sums of 32-bit numbers cannot leave int64; those of larger ones may, and Python's never wrap.
    exact = np.int64 if filters.dtype.itemsize <= 4 else object
    return int(max(abs(filters.astype(exact)).sum(axis=(1, 2, 3))))


def refuse_overflow(reach: int, name: str, given: Mapping[str, Any]) -> None:
    """Refuse integers whose sum could leave int64, where it would wrap in silence."""
    if reach > np.iinfo(np.int64).max:
        wrong = f"sums of these integers could reach {reach}, beyond 2**63 - 1"
        raise refusal(ValueError, wrong, f"Convert {name} to float64 first.", given)
