"""Photographs, and arrays that are too large to write their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from convlens.draw.axes import Picture, drawing, entitle
from convlens.draw.panels import filled, read_grid
from convlens.palette import grain, label, steady
from convlens.picture.grid import finite_range, reals
from convlens.picture.photo import plane_pixels
from convlens.picture.shapes import LINE
from convlib.arguments import choice, refusal

__all__ = ["heatmap", "photo"]

Ends = tuple[float, float]
SMOOTH = 100  # pixels on a side, from which on they are smoothed
BAR = 0.04  # width of a colorbar, of that of the image
MANY, STRONGEST = 10_000, 0.99  # from so many signed cells on, the rest shares the last colours


def photo(
    image: ArrayLike, title: str | None = None, *, layout: str = "NHWC", ax: Axes | None = None
) -> Picture | None:
    """Draw a gray or colour photograph in its own colours.

    Parameters
    ----------
    image : array_like, (H, W), (H, W, C) or (C, H, W)
        uint8, or any other numbers from 0 to 1; C is 1, 3 or 4.
    title : str, optional
    layout : {"NHWC", "NCHW"}
        Whether the channels come last or first.
    ax : Axes, optional
        Where to draw; by default in a figure of its own, which is returned.
    """
    given = {"image.shape": np.shape(image), "layout": layout}
    choice("layout", layout, ("NHWC", "NCHW"), given)
    a = np.asarray(image)
    a = a[..., None] if a.ndim == 2 else a
    a = a.transpose(1, 2, 0) if layout == "NCHW" and np.ndim(image) == 3 else a
    if a.ndim != 3 or a.size == 0 or a.shape[2] not in (1, 3, 4):
        change = "Choose one image of a batch, and its layout."
        raise refusal(ValueError, "not a gray or colour image", change, given)
    shares = steady(a if a.dtype.kind in "biuf" else [np.nan])
    shares = shares / 255 if a.dtype == np.uint8 else shares
    if not ((shares >= 0) & (shares <= 1)).all():  # not true of NaN either
        change, given["image.dtype"] = "Divide by 255, or draw it with draw.heatmap.", str(a.dtype)
        raise refusal(ValueError, "a photograph is uint8, or holds 0 to 1", change, given)
    kind, times = ("gray", 3) if a.shape[2] == 1 else ("colour", 1)
    with drawing(ax) as (fig, ax):
        _image(ax, np.rint(shares * 255).astype(np.uint8).repeat(times, axis=2))
        entitle(ax, title, None, a.shape[0] / a.shape[1])
    ax.set_label(f"{title or 'A photograph'}: {kind}, {a.shape[0]} by {a.shape[1]} pixels.")
    return fig


def heatmap(
    a: ArrayLike,
    *,
    signed: bool | None = None,
    counts: bool = False,
    title: str | None = None,
    subtitle: str | None = None,
    limits: Ends | None = None,
    colorbar: bool = False,
    ax: Axes | None = None,
) -> Picture | None:
    """Draw a large array as an image: gray, or purple to green around zero where signed.

    Infinite cells have the colours of the ends and NaN a middle gray; the text alternative counts
    them. Of complex numbers the magnitudes are drawn.

    Parameters
    ----------
    a : array_like, (rows, columns)
    signed : bool, optional
        By default signed where something is negative.
    counts : bool
        Colour from dark blue to yellow, from 0 on, with a colorbar: how often, how many ways.
    title, subtitle : str, optional
    limits : (float, float), optional
        Values at the ends of the colours, the same for all panels that show the same quantity. By
        default the extremes, but in large signed arrays the strongest hundredth of the cells
        shares the last colours, so that a few strong edges do not make all others pale.
    colorbar : bool
        Say at the right which colour is which value.
    ax : Axes, optional
        Where to draw; by default in a figure of its own, which is returned.
    """
    given = {"limits": limits, "counts": counts, "signed": signed}
    if limits is not None and not (np.isfinite(limits).all() and limits[0] <= limits[1]):
        change = "Give the lower one first."
        raise refusal(ValueError, "limits are not two numbers", change, given)
    with np.errstate(all="ignore"):  # magnitudes and long doubles may be too large: then infinite
        real = reals(filled(read_grid("a", a)))
        values = steady(real, grain(real, limits))
    by_sign = bool((values < 0).any()) if signed is None else signed
    if counts and (by_sign or (values < 0).any()):
        raise refusal(ValueError, "counts have no sign", "Leave out counts or signed.", given)
    kind = "counts" if counts else "signed" if by_sign else "gray"
    low, high = _ends(values, kind, limits)
    with drawing(ax) as (fig, ax):
        _image(ax, plane_pixels(values, kind, (low, high)))
        entitle(ax, title, subtitle, values.shape[0] / values.shape[1])
        if colorbar or counts:
            _colorbar(ax, values, kind, (low, high))
    size = f"{values.shape[0]} by {values.shape[1]}"
    size += " of magnitudes" if np.iscomplexobj(a) else ""
    says = f"{title or 'A heat map'}, {size}, coloured from {label(low)} to {label(high)}."
    if odd := int((~np.isfinite(values)).sum()):
        says += f" {odd} {'cell is' if odd == 1 else 'cells are'} not finite."
    ax.set_label(says)
    return fig


def _ends(values: NDArray[np.float64], kind: str, limits: Ends | None) -> Ends:
    """Choose the values at the ends of the colours."""
    low, high = limits or finite_range(values)
    if kind == "signed":
        sizes = np.abs(values[np.isfinite(values)])
        few = limits is not None or sizes.size <= MANY
        most = max(abs(low), abs(high)) if few else float(np.quantile(sizes, STRONGEST))
        return -(most or 1.0), most or 1.0
    return 0.0 if kind == "counts" and limits is None else low, high


def _image(ax: Axes, rgb: NDArray[np.uint8]) -> None:
    """Draw pixels with an edge: their white ends on a white page, their black on a black one."""
    smooth = "antialiased" if min(rgb.shape[:2]) >= SMOOTH else "nearest"  # few are not blurred
    ax.imshow(rgb, interpolation=smooth, aspect="auto")
    ax.set_axis_on()
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(color=LINE, linewidth=0.6, visible=True)


def _colorbar(ax: Axes, values: NDArray[np.float64], kind: str, ends: Ends) -> None:
    """Say right of the image which colours its numbers have."""
    low = ("≤ " if (values < ends[0]).any() else "") + label(ends[0])
    high = ("≥ " if (values > ends[1]).any() else "") + label(ends[1])
    bar = ax.inset_axes((1 + BAR, 0, BAR, 1))
    _image(bar, plane_pixels(np.linspace(1, -1, 256)[:, None], kind, (-1, 1)))
    at: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    middle = "0" if kind == "signed" else ""
    for y, text, va in ((0, low, "bottom"), (0.5, middle, "center"), (1, high, "top")):
        bar.annotate(text, (1, y), (4, 0), va=va, family="DejaVu Sans Mono", **at)
