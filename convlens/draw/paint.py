"""Panels on an Axes that a reader brings, as in a figure among charts."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from convlens.draw.axes import drawing, entitle
from convlens.picture.panel import Panel
from convlens.picture.row import row
from convlens.picture.shapes import Picture

__all__ = ["on_axes"]


def on_axes(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that returns a panel or a picture take ``ax=``, and then paint it there."""

    @wraps(draw)
    def drawn(*args: Any, ax: Axes | None = None, **look: Any) -> Any:
        found = draw(*args, **look)
        return found if ax is None else _paint(found, ax)

    return drawn


def _paint(found: Panel | Picture, ax: Axes) -> None:
    """Show the rendered picture as an image: there is one drawing of a panel, and this is it."""
    picture = row(found) if isinstance(found, Panel) else found
    pixels = np.asarray(Image.open(io.BytesIO(picture.png(4.0))))
    with drawing(ax):
        ax.imshow(pixels, extent=(0, picture.width, picture.height, 0), interpolation="antialiased")
        entitle(ax, None, None, picture.height / picture.width)
    ax.set_axis_off()
    ax.set_label(picture.label)
