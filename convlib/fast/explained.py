"""`explain`: which method "auto" chooses, why, and what each of them would cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.fast.cost import Cost, direct
from convlib.fast.prepared import Kernel, as_kernel
from convlib.fast.rule import (
    METHODS,
    choose,
    count,
    estimate,
    estimate_strided,
    exact_as_float64,
    tensordot_workspace,
)
from convlib.fast.trust import decide
from convlib.operands import read

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convlib.geometry import Geometry

__all__ = ["Explanation", "Row", "explain"]


@dataclass(frozen=True)
class Row:
    """One method: its counted work, and the estimate that is made of it; or why it cannot."""

    method: str
    cost: Cost | None
    microseconds: float
    refused: str = ""


@dataclass(frozen=True, repr=False)
class Explanation:
    """What `explain` found out; it shows itself as a table.

    Attributes
    ----------
    method : str
        What ``method="auto"`` runs.
    why : str
        The rule, with the figures that decided.
    rows : tuple of Row
        Every method, the least estimate first; those that cannot do it last.
    """

    method: str
    why: str
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        lines = [f"auto takes {self.method}: {self.why}", ""]
        lines.append(
            f"{'method':10}{'multiplications':>18}{'MB moved':>11}{'MB workspace':>14}"
            f"{'estimate':>13}"
        )
        for row in self.rows:
            if row.cost is None:
                lines.append(f"{row.method:10}  cannot do {row.refused}")
                continue
            mb = (f"{bytes_ / 1e6:.2f}" for bytes_ in (row.cost.moved, row.cost.workspace))
            estimate = f"{row.microseconds:,.0f} us" if row.microseconds else "-"
            moved, workspace = mb
            counted = f"{row.cost.multiplications:18,}{moved:>11}{workspace:>14}"
            lines.append(
                f"{row.method:10}{counted}{estimate:>13}{'  <-' * (row.method == self.method)}"
            )
        return "\n".join(lines)


def explain(
    x: ArrayLike, w: ArrayLike | Kernel, bias: ArrayLike | None = None, **arguments: Any
) -> Explanation:
    """Say which method ``conv2d(x, w, ...)`` chooses, and what each would cost.

    Nothing is timed: the work is counted, and the estimate is a sum of counts, each times a
    constant (`convlib.fast.rule.NANOSECONDS`). Where spectra are the fastest, the numbers are
    looked at as well, since they decide whether those are good enough. For "loops" and
    "index_grid", which "auto" does not consider, only the counts are given.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `conv2d`; a `method` or `threads` among them changes nothing.

    Returns
    -------
    Explanation
        With `method`, `why` and a row for every method.

    Raises
    ------
    ValueError, TypeError
        What `conv2d` refuses.

    Examples
    --------
    >>> x, w = np.zeros((64, 56, 56), np.float32), np.zeros((64, 64, 3, 3), np.float32)
    >>> explain(x, w, padding=1).method
    'winograd'
    """
    kernel = as_kernel(w, arguments.get("layout", "NCHW"))
    operands = read(x, kernel.w, bias, **arguments)
    g, dtype = operands.geometry, operands.x.dtype
    method, seen = decide(operands.x, kernel, g)
    if dtype.kind == "i" and method != "strided" and not exact_as_float64(operands.x, kernel):
        method = "taps"
    rows = [*_fast_rows(g, dtype, kernel.prepared), *_plain_rows(g, dtype)]
    rows.sort(key=lambda row: (row.cost is None, row.microseconds or math.inf))
    why = _why(method, rows, g, dtype)
    if seen.refused:
        spared = choose(g, dtype, kernel.prepared)
        why = f"{spared} would be faster, but there are {seen.refused}; of the others, {why}"
    return Explanation(method, why, tuple(rows))


def _fast_rows(g: Geometry, dtype: np.dtype[Any], prepared: bool) -> list[Row]:
    """Count and estimate every fast method; integers as the float64 that they are multiplied as."""
    works = np.dtype(np.float64) if dtype.kind == "i" else dtype
    rows = []
    for name, method in METHODS.items():
        why = method.refuses(g, works) or ("an empty batch" if g.batch == 0 else "")
        cost = None if why else count(name, g, works.itemsize)
        time = 0.0 if why else estimate(name, g, works.itemsize, prepared) / 1000
        rows.append(Row(name, cost, time, why))
    return rows


def _plain_rows(g: Geometry, dtype: np.dtype[Any]) -> list[Row]:
    """Count the two families: both copy all windows, the grid with as many indices of 8 bytes."""
    windows, item = g.batch * g.counts.windows, dtype.itemsize
    copied = tensordot_workspace(g, item)
    by_grid = windows * (item + np.dtype(np.intp).itemsize)
    return [
        Row("strided", Cost(direct(g), copied, copied, 0, 0), estimate_strided(g, item) / 1000),
        Row("loops", Cost(direct(g), 0, 0, 0, 0), 0.0),
        Row("index_grid", Cost(direct(g), by_grid, by_grid, 0, 0), 0.0),
    ]


def _why(method: str, rows: list[Row], g: Geometry, dtype: np.dtype[Any]) -> str:
    """Put the decision into words."""
    if method == "strided" and g.batch == 0:
        return "an empty batch is left to tensordot"
    if method == "strided" and (dtype.kind not in "fi" or dtype.itemsize > 8):
        return f"{dtype} numbers are left to tensordot"
    chosen = next(row for row in rows if row.method == method)
    assert chosen.cost is not None
    products = chosen.cost.multiplications / max(direct(g), 1)
    if dtype.kind == "i" and method not in (choose(g, dtype), choose(g, dtype, False)):
        return "the sums may pass 2**53, so that the integers are multiplied as they are"
    of_those = "of the methods that only add products, " if dtype.kind == "i" else ""
    of_those = of_those or "of those whose workspace is allowed, " * (method == "strided")
    return (
        f"{of_those}the least estimate, {chosen.microseconds:,.0f} us, with {products:.2f} times"
        " the multiplications of the definition"
    )
