"""One stop of the window, whole: what it sees, what it multiplies with, what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import kernel, last_cells, ring
from convlens.draw.padding import padded
from convlens.draw.panel import INK, SANS, SOFT, Group, panel, points_wide, write
from convlib.arguments import refusal
from convlib.frames import Frame

__all__ = ["frame"]

BIG = 1.25  # cells of the kernel and the products, which are what is worked with
WIDEST = 9.0  # cells: products that would take more are shown without their factors


def frame(axes: Sequence[Axes], frame: Frame, channel: int = 0) -> None:
    """Draw a `Frame` on four axes: input with window, kernel, products, output so far.

    Parameters
    ----------
    axes : sequence of four Axes
        From ``draw.figure(columns=4)``.
    frame : Frame
    channel : int
        Which of the channels that the filter reads, counted from the first of them.

    Examples
    --------
    >>> from convlens import draw
    >>> from convlib import Walk
    >>> walk = Walk(np.arange(20).reshape(4, 5), [[1, 0, -1], [2, 0, -2]])
    >>> fig, axes = draw.figure(columns=4)
    >>> draw.frame(axes, walk.frame(1, 2))
    """
    axes = list(np.ravel(np.array(axes, dtype=object)))
    if len(axes) != 4:
        change = "Make them with draw.figure(columns=4)."
        raise refusal(ValueError, "a frame takes four axes", change, {"axes": len(axes)})
    if not 0 <= channel < len(frame.kernel):
        change = f"Use 0 to {len(frame.kernel) - 1}."
        raise refusal(ValueError, "no such channel", change, {"channel": channel})
    g, y = frame.walk.geometry, frame.output_so_far
    many = len(frame.kernel) > 1
    of = f", channel {frame.channels[channel]}" if many else ""
    (ph, pw), (kh, kw) = g.padded_size, g.kernel_size
    size = f"{ph} × {pw}" + (" padded" if g.padded_size != g.input_size else "")
    padded(axes[0], frame, channel=frame.channels[channel], title=f"Input x{of}", subtitle=size)
    kernel(
        axes[1], frame.kernel[channel], title="Kernel w", subtitle=f"{kh} × {kw}", cell=(1.1, BIG)
    )
    _products(axes[2], frame, channel)
    count = f"{y.shape[0]} × {y.shape[1]}, cell {frame.number + 1} of {y.size}"
    whole = frame.walk.output[frame.image, frame.filter]
    most = float(np.abs(whole).max())
    cells(axes[3], y, title="Output y", subtitle=count, signed=True, limits=(-most, most))
    ring(axes[3], frame.row, frame.column)
    _operators(axes, kh)
    for ax, said in zip(axes, [_say(frame, channel), "", "", ""], strict=True):
        panel(ax).says = [said] if said else []
    arrange(axes[0])


def _products(ax: Axes, frame: Frame, channel: int) -> None:
    values, weights = frame.window[channel], frame.kernel[channel]
    products = frame.products[channel]
    spelled = {
        at: f"{palette.label(values[at])} × {palette.label(weights[at])}"
        for at in np.ndindex(products.shape)
    }
    longest = max(map(len, spelled.values()))
    wide = max(1.5, 0.1 + longest * 0.32)
    spell = wide * products.shape[1] <= WIDEST
    wide = wide if spell else BIG
    style: dict[str, Any] = {"index": False, "cell": (wide, BIG)}
    style["signed"] = True  # what comes out of a kernel may always be negative
    cells(ax, products, title="Products", subtitle="x × w, cell by cell", **style)
    place = last_cells(ax)
    if spell:
        small, moved = [], []
        for at, text in spelled.items():
            x, y = place.centre(*at)
            colour = place.numbers[at].get_color() if at in place.numbers else INK
            above = write(ax, x, y - 0.26 * BIG, text, color=colour, va="center_baseline")
            small.append(above)
            if at in place.numbers:
                place.numbers[at].set(weight="bold")
                moved.append((place.numbers[at], 0.17 * BIG))
        group = Group(small, wide * 0.86, BIG * 0.4, largest=9.5, moved=moved)
        panel(ax).groups.append(group)
    _sums(ax, frame, channel)


def _sums(ax: Axes, frame: Frame, channel: int) -> None:
    """Write under the products what becomes of them."""
    part, bias = frame.products[channel].sum(), frame.bias
    lines = [f"sum = {palette.label(part)}"]
    if len(frame.kernel) > 1:
        lines.append(f"all {len(frame.kernel)} channels = {palette.label(frame.products.sum())}")
    if bias != 0:
        lines.append(f"with bias {palette.label(bias)} = {palette.label(frame.sum)}")
    record, place = panel(ax), last_cells(ax)
    x0, _, _, y1 = place.edges([0, place.shape[0] - 1], [0, place.shape[1] - 1])
    for k, text in enumerate(lines):
        last = k == len(lines) - 1
        style = {"ha": "left", "va": "top", "offset": (0, -8 - 15 * k), "family": SANS}
        weight = "bold" if last else "normal"
        line = write(ax, x0, y1, text, weight=weight, fontsize=10.5, **style)
        record.wide.append((x0, points_wide(line)))
    record.below = max(record.below, 12 + 15 * len(lines))


def _operators(axes: Sequence[Axes], kernel_rows: int) -> None:
    """Put ×, = and an arrow between the panels, on the kernel's middle line."""
    units = [panel(ax).unit for ax in axes]
    for ax, sign in zip(axes[1:], ("×", "=", "Σ\n→"), strict=True):
        record = panel(ax)
        assert record.top is not None
        middle = record.top + kernel_rows * BIG / 2
        aside = record.left + (2 if sign == "×" else 0)
        x0 = record.places[0].edges([0], [0])[0]
        style = {"ha": "right", "family": SANS, "fontsize": 14, "color": SOFT, "linespacing": 0.9}
        write(ax, x0, middle, sign, offset=(-aside - 7, 0), **style)
        record.left = aside + 14
    for ax in axes:
        panel(ax).unit = max(units)


def _say(frame: Frame, channel: int) -> str:
    g = frame.walk.geometry
    rows, columns = frame.rows.tolist(), frame.columns.tolist()
    kernel = "; ".join(" ".join(map(palette.label, line)) for line in frame.kernel[channel])
    kernel = kernel if frame.kernel[channel].size <= 25 else "of {} by {}".format(*g.kernel_size)
    listed = ", ".join(palette.label(p) for p in frame.products[channel].ravel()[:25])
    of = f" of channel {frame.channels[channel]}" if len(frame.kernel) > 1 else ""
    return (
        f"Input x, {g.padded_size[0]} by {g.padded_size[1]}. The window stands on rows {rows} and "
        f"columns {columns}{of}. Its values times the kernel [{kernel}] give [{listed}]. "
        f"Output cell y[{frame.row}, {frame.column}] is {palette.label(frame.sum)}."
    )
