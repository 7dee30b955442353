"""Pictures of many cells: photographs, filtered images, how often each cell is seen, and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import MOST_NUMBERED, Cells, cells
from convlens.draw.layout import arrange
from convlens.draw.padding import outside
from convlens.draw.panel import MONO, NUMBER, Panel, header, panel, write
from convlens.draw.values import grid_of, is_signed, reals, span
from convlib.arguments import choice, refusal
from convlib.frames import Walk
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["heatmap", "photo", "windows_on_image"]

LARGE = 260.0  # points: the longer side of an image where there is room
STEPS = 256


def _ramp(by_sign: bool) -> NDArray[np.uint8]:
    """The palette's colours, from the lowest to the highest value."""
    shares = np.linspace(-1, 1, STEPS) if by_sign else np.linspace(0, 1, STEPS)
    names = [palette.signed(s, 1) if by_sign else palette.gray(s, 0, 1) for s in shares.tolist()]
    return np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in names], np.uint8)


def heatmap(
    ax: Axes,
    a: ArrayLike,
    *,
    signed: bool | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    limits: tuple[float, float] | None = None,
    colorbar: bool = False,
) -> None:
    """Draw a large array as an image: gray, or purple to green around zero where signed.

    Parameters
    ----------
    ax : Axes
    a : array_like, (rows, columns)
    signed : bool, optional
        By default signed where something is negative.
    title, subtitle : str, optional
    limits : (float, float), optional
        Values at the ends of the colours; signed colours reach as far on either side of zero.
        By default the extremes, but in large signed arrays the strongest hundredth of the cells
        shares the last colours, so that a few strong edges do not make all others pale.
    colorbar : bool
        Say at the right which colour is which value.
    """
    grid = grid_of("a", a)
    step = palette.grain(reals(grid), limits)
    values = palette.steady(reals(grid), step)
    by_sign = is_signed(values, signed)
    low, high = span(values, limits, step)
    if by_sign:
        high = max(abs(low), abs(high)) if limits else _reach(values)
        low = -high
    ramp = _ramp(by_sign)
    share = (
        np.clip((values - low) / ((high - low) or 1.0), 0, 1) if high > low else values * 0 + 0.5
    )
    missing = np.isnan(values)
    rgb = ramp[np.rint(np.where(missing, 0, share) * (STEPS - 1)).astype(int)]
    rgb[missing] = [int(palette.NEUTRAL[k : k + 2], 16) for k in (1, 3, 5)]
    _image(ax, rgb, title, subtitle)
    if colorbar:
        beyond = bool((values < low).any()), bool((values > high).any())
        _colorbar(ax, ramp, low, high, grid.shape, beyond)
    name, (rows, columns) = title or "A filtered image", grid.shape
    first, last = palette.label(low), palette.label(high)
    panel(ax).says = [f"{name}, {rows} by {columns}, coloured from {first} to {last}."]
    arrange(ax)


def _reach(values: NDArray[np.float64]) -> float:
    """How far from zero the colours of a signed array reach."""
    sizes = np.abs(values[np.isfinite(values)])
    if sizes.size == 0:
        return 0.0
    return float(np.quantile(sizes, 0.99) if sizes.size > 10_000 else sizes.max()) or 1.0


def photo(ax: Axes, image: ArrayLike, title: str | None = None, *, layout: str = "NHWC") -> None:
    """Draw a gray or colour photograph in its own colours.

    Parameters
    ----------
    ax : Axes
    image : array_like, (H, W), (H, W, C) or (C, H, W)
        uint8, or any other numbers from 0 to 1; C is 1, 3 or 4.
    title : str, optional
    layout : {"NHWC", "NCHW"}
        Whether the channels come last or first.
    """
    given = {"image.shape": np.shape(image), "layout": layout}
    choice("layout", layout, ("NHWC", "NCHW"), given)
    a = np.asarray(image)
    if a.ndim == 3 and layout == "NCHW":
        a = a.transpose(1, 2, 0)
    if a.ndim == 3 and a.shape[2] == 1:
        a = a[:, :, 0]
    if a.ndim not in (2, 3) or a.size == 0 or (a.ndim == 3 and a.shape[2] not in (3, 4)):
        change = "Choose one image of a batch, and its layout."
        raise refusal(ValueError, "not a gray or colour image", change, given)
    if a.dtype != np.uint8:
        known = a.dtype.kind in "biuf"
        a = palette.steady(a) if known else a
        if not (known and np.nanmin(a) >= 0 and np.nanmax(a) <= 1):
            change = "Divide by 255, or draw it with draw.heatmap."
            given |= {"image.dtype": str(np.asarray(image).dtype)}
            raise refusal(ValueError, "a photograph is uint8, or holds 0 to 1", change, given)
        a = np.rint(a * 255).astype(np.uint8)
    rgb = np.repeat(a[:, :, None], 3, axis=2) if a.ndim == 2 else a
    _image(ax, rgb, title, None)
    kind = "gray" if a.ndim == 2 else "colour"
    said = f"{title or 'A photograph'}: {kind}, {a.shape[0]} by {a.shape[1]} pixels."
    panel(ax).says = [said]
    arrange(ax)


def _image(ax: Axes, rgb: NDArray[np.uint8], title: str | None, subtitle: str | None) -> None:
    rows, columns = rgb.shape[:2]
    record: Panel = panel(ax)
    ax.imshow(rgb, interpolation="nearest" if max(rows, columns) < 100 else "antialiased", zorder=2)
    record.places.append(Cells((rows, columns), (0.0, 0.0), (1.0, 1.0)))
    record.extend(-0.5, -0.5, columns - 0.5, rows - 0.5)
    record.top, record.unit = -0.5, LARGE / max(rows, columns)
    header(ax, -0.5, -0.5, title, 0)
    header(ax, -0.5, -0.5, subtitle, 1)


def _colorbar(
    ax: Axes,
    ramp: NDArray[np.uint8],
    low: float,
    high: float,
    shape: tuple[int, int],
    beyond: tuple[bool, bool],
) -> None:
    rows, columns = shape
    x0, x1 = columns * 1.03 - 0.5, columns * 1.03 - 0.5 + max(shape) * 0.035
    ax.imshow(ramp[::-1, None], extent=(x0, x1, rows - 0.5, -0.5), zorder=2, aspect="auto")
    lowest = ("≤ " if beyond[0] else "") + palette.label(low)
    highest = ("≥ " if beyond[1] else "") + palette.label(high)
    marks = {rows - 0.5: lowest, -0.5: highest}
    if low < 0 < high:
        marks[(rows - 1) / 2] = "0"
    style = {"ha": "left", "family": MONO, "fontsize": NUMBER, "offset": (4, 0)}
    ends = {rows - 0.5: "bottom", -0.5: "top"}
    for y, text in marks.items():
        write(ax, x1, y, text, va=ends.get(y, "center"), **style)
    record = panel(ax)
    record.extend(x0, -0.5, x1, rows - 0.5)
    record.right = 8 + 6 * max(map(len, marks.values()))


def windows_on_image(
    ax: Axes, drawn: Walk | Geometry, *, title: str | None = "Seen by how many windows"
) -> None:
    """Draw how many windows see each cell of the padded image.

    Parameters
    ----------
    ax : Axes
    drawn : Walk or Geometry
    title : str, optional
    """
    g = drawn.geometry if isinstance(drawn, Walk) else drawn
    if not isinstance(g, Geometry):
        raise refusal(TypeError, "not a Walk or a Geometry", "Use one.", {"drawn": drawn})
    rows, columns = (_seen(g, axis) for axis in (0, 1))
    counts = rows[:, None] * columns
    if max(counts.shape) > MOST_NUMBERED:
        heatmap(ax, counts, title=title, limits=(0, float(counts.max())), colorbar=True)
        return
    cells(ax, counts, title=title, limits=(0, float(counts.max())), signed=False)
    outside(ax, np.argwhere(g.is_padding()).tolist(), numbers=True)


def _seen(g: Geometry, axis: int) -> NDArray[np.intp]:
    """Count the taps, of all windows, that fall on each row (axis 0) or column (axis 1)."""
    starts = np.arange(g.output_size[axis]) * g.stride[axis]
    taps = np.arange(g.kernel_size[axis]) * g.dilation[axis]
    return np.bincount((starts[:, None] + taps).ravel(), minlength=g.padded_size[axis])
