"""Ordinary plots, with titles and text like those of the drawings."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from convlens.draw.layout import arrange
from convlens.draw.panel import SANS, SUBTITLE, header, panel

__all__ = ["chart"]


def chart(
    ax: Axes,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_label: str | None = None,
    y_label: str | None = None,
    size: tuple[float, float] = (4.0, 2.6),
) -> None:
    """Make room for an ordinary plot (bars, lines): axes with ticks, titles like the others'.

    Call it after plotting.

    Parameters
    ----------
    ax : Axes
    title, subtitle, x_label, y_label : str, optional
    size : (float, float)
        Inches.
    """
    ax.set_axis_on()
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.tick_params(labelsize=9.5, labelcolor="black", color="black", labelfontfamily=SANS)
    style: Any = {"fontsize": SUBTITLE, "color": "black", "family": SANS}
    ax.set_xlabel(x_label or "", **style)
    ax.set_ylabel(y_label or "", **style)
    record = panel(ax)
    ax.set_axis_on()
    record.chart = True
    record.unit = 72.0
    record.extend(0.0, 0.0, *size)
    record.top = 0.0
    record.left, record.right, record.below = 58.0, 8.0, 46.0 if x_label else 30.0
    header(ax, 0, 1, title, 0, "axes fraction")
    header(ax, 0, 1, subtitle, 1, "axes fraction")
    axes = f"{y_label or 'values'}" + (f" over {x_label}" if x_label else "")
    record.says = [f"Chart {title or ''}: {axes}.".replace(" :", ":")]
    arrange(ax)
