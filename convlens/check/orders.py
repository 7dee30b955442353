"""The same numbers, held in memory in other ways: what a case is about when it names an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["ORDERS"]

#: From an array to one with the same numbers; a broadcast one repeats its first row.
ORDERS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "Fortran": lambda x: np.asfortranarray(x),
    "sliced": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: np.ascontiguousarray(x[..., ::-1])[..., ::-1],
    "upside down": lambda x: np.ascontiguousarray(x[..., ::-1, :])[..., ::-1, :],
    "broadcast": lambda x: np.broadcast_to(x[..., :1, :], x.shape),
}
