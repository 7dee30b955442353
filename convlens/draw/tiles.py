"""All windows at once, laid out like the output that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import last_cells, patch
from convlens.draw.panel import MONO, NUMBER, SOFT, header, panel, write
from convlens.draw.values import grid_of, is_signed, reals, span
from convlib.arguments import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["tiles"]


def tiles(
    ax: Axes,
    windows: ArrayLike,
    *,
    highlight: tuple[int, int] | None = None,
    signed: bool | None = None,
    neutral: bool = False,
    title: str | None = None,
    subtitle: str | None = None,
) -> None:
    """Draw a stack of windows (OH, OW, KH, KW) as small fields laid out like the output.

    Parameters
    ----------
    ax : Axes
    windows : array_like, (OH, OW, KH, KW)
    highlight : (int, int), optional
        The output position whose window gets the blue plate and the ring.
    signed : bool, optional
    neutral : bool
        For windows of indices or byte offsets.
    title, subtitle : str, optional
    """
    stack = np.asarray(windows)
    if stack.ndim != 4 or stack.size == 0:
        change = "Choose one image and channel, for example windows[0, :, :, 0]."
        raise refusal(ValueError, "not (OH, OW, KH, KW)", change, {"windows.shape": stack.shape})
    oh, ow, kh, kw = stack.shape
    flat = grid_of("windows", stack.reshape(oh * ow, kh * kw))
    by_sign = is_signed(palette.steady(reals(flat)), signed)
    limits = span(flat.data.astype(float), None)
    across, down = kw + 0.7, kh * 0.8 + 0.7
    for i, j in np.ndindex(oh, ow):
        style: dict[str, Any] = {"index": False, "cell": (1.0, 0.8), "neutral": neutral}
        style |= {"signed": by_sign, "limits": limits}
        cells(ax, stack[i, j], origin=(j * across, i * down), **style)
        if highlight == (i, j):
            _mark(ax)
    record = panel(ax)
    style = {"family": MONO, "fontsize": NUMBER, "color": SOFT}
    for j in range(ow):
        name = f"j={j}" if j == 0 else str(j)
        text = write(ax, j * across + (kw - 1) / 2, -0.4, name, va="baseline", **style)
        record.headers.append((text, 2))
    for i in range(oh):
        name = f"i={i}" if i == 0 else str(i)
        at = i * down + (kh - 1) * 0.4
        write(ax, -0.5, at, name, ha="right", va="center_baseline", offset=(-10, 0), **style)
    record.left = 36
    header(ax, -0.42, -0.4, title, 0)
    header(ax, -0.42, -0.4, subtitle, 1)
    record.unit = 26.0
    record.says = [f"{title or 'All windows'}: {oh} by {ow} windows of {kh} by {kw} cells."]
    arrange(ax)


def _mark(ax: Axes) -> None:
    place = last_cells(ax)
    box = place.edges([0, place.shape[0] - 1], [0, place.shape[1] - 1])
    style = {"facecolor": palette.WINDOW, "edgecolor": (0, 0, 0, 0.6), "linewidth": 0.8}
    patch(ax, box, 0.13, zorder=1, gid="window", **style)
    bold = {"facecolor": "none", "edgecolor": "#000000", "linewidth": 2.4}
    patch(ax, box, 0.26, zorder=4, gid="ring", **bold)
    for text in place.numbers.values():
        text.set(weight="bold")
