"""Pooling: one input, and what several reductions make of the same windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import ring, window
from convlens.draw.padding import outside
from convlens.draw.panel import panel
from convlens.draw.values import as_floats, grid_of, labels, span
from convlens.draw.way_back import taken_axes
from convlib.arguments import as_pair, refusal
from convlib.pooling.forward import pool2d
from convlib.pooling.windows import read

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convlib.arguments import Pair
    from convlib.geometry import Geometry

    Places = tuple[NDArray[np.intp], NDArray[np.intp]]

__all__ = ["pooled"]

WIDER = (1.0, 1.45)  # cells of short numbers, and of long ones such as means


def pooled(
    axes: Sequence[Axes],
    x: ArrayLike,
    kernel_size: int | tuple[int, int],
    reductions: Mapping[str, Callable[..., Any]],
    *,
    at: tuple[int, int] = (0, 0),
    **steps: Any,
) -> None:
    """Draw a plane with one of its windows, and the outputs of several poolings beside it.

    Parameters
    ----------
    axes : sequence of Axes
        One more than there are reductions, from ``draw.figure(columns=...)``.
    x : array_like, (H, W)
    kernel_size : int or (row, column)
    reductions : mapping of str to callable
        Titles, and functions as `convlib.pool2d` takes them.
    at : (int, int)
        The output cell whose window is marked.
    **steps
        stride, padding, dilation and ceil_mode, as for `convlib.pool2d`. Cells outside the image
        are drawn dashed and empty.

    Examples
    --------
    >>> from convlens import draw
    >>> fig, axes = draw.figure(columns=3)
    >>> draw.pooled(axes, [[1, 2, 9], [4, 5, 6]], 2, {"Max": np.max, "Mean": np.mean}, stride=1)
    """
    plain = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
    x, g, given = read(x, kernel_size, layout="NCHW", **{**plain, **steps})
    if x.ndim != 2:
        change = "Choose one image and one channel, for example x[0, 0]."
        raise refusal(ValueError, "x is not one plane", change, given)
    found = taken_axes(axes, 1 + len(reductions))
    i, j = as_pair("at", at, 0, given)
    if i >= g.output_size[0] or j >= g.output_size[1]:
        change = f"Stay inside the output, {g.output_size}."
        raise refusal(ValueError, "there is no window at this position", change, given)
    shown = np.ma.array(np.pad(x, g.padding), mask=g.is_padding())
    limits = span(as_floats(shown), None)  # one scale of grays for input and outputs
    places = _window(g, (i, j))
    _input(found[0], shown, x.shape, places, limits)
    said = _say(shown, x.shape, places, (i, j))
    for ax, (title, reduce) in zip(found[1:], reductions.items(), strict=True):
        y = pool2d(x, kernel_size, reduce, **steps)
        _output(ax, y, title, limits)
        ring(ax, i, j)
        said += f" {title}: {palette.label(y[i, j])}."
    unit = min(panel(ax).unit for ax in found)
    for ax in found:
        panel(ax).says, panel(ax).unit = [], unit
    panel(found[0]).says = [said]
    arrange(found[0])


def _window(g: Geometry, at: Pair) -> Places:
    """List the rows and the columns of a window, counted from the first cell of the padding."""
    rows, columns = (
        k * step + np.arange(n) * apart
        for k, step, n, apart in zip(at, g.stride, g.kernel_size, g.dilation, strict=True)
    )
    return rows, columns


def _input(
    ax: Axes, shown: Any, size: tuple[int, ...], places: Places, limits: tuple[float, float]
) -> None:
    """Draw the padded plane, what is no cell of it dashed, and one window."""
    words = "dashed: no cell" if shown.mask.any() else "blue: one window"
    subtitle = f"{size[0]} × {size[1]}, {words}"
    cells(ax, shown, title="Input x", subtitle=subtitle, limits=limits)
    outside(ax, np.argwhere(shown.mask).tolist(), numbers=True)
    window(ax, *(place.tolist() for place in places))


def _output(ax: Axes, y: NDArray[Any], title: str, limits: tuple[float, float]) -> None:
    """Draw an output, in wider cells where its numbers are long."""
    longest = max(len(word) for word in labels(grid_of("y", y)).values())
    look: dict[str, Any] = {"limits": limits, "signed": False, "cell": (WIDER[longest > 2], 1.0)}
    cells(ax, y, title=title, subtitle=f"{y.shape[0]} × {y.shape[1]}", **look)


def _say(shown: Any, size: tuple[int, ...], places: Places, at: Pair) -> str:
    """Name the plane, and the numbers of its window without those that are not there."""
    taken = shown[np.ix_(*places)].compressed()
    numbers = " ".join(palette.label(v) for v in taken)
    window_ = f"The window of output cell {at} holds {taken.size} cells: {numbers}."
    return f"Input x, {size[0]} by {size[1]}. {window_}"
