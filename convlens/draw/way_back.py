"""Gradients on their way back: what one output cell sends, and all that one weight met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from convlens import palette
from convlens.draw.cells import cells
from convlens.draw.layout import arrange
from convlens.draw.overlays import kernel, ring, under_kernel, window
from convlens.draw.padding import outside, padded
from convlens.draw.panel import SANS, SOFT, panel, write
from convlib.arguments import refusal
from convlib.way_back import Return, WayBack

__all__ = ["input_gradient", "kernel_gradient"]


def input_gradient(
    axes: Sequence[Axes], back: WayBack, product: Return, *, so_far: bool = False
) -> None:
    """Draw what one output cell sends back: output gradient, kernel, products, dx.

    Parameters
    ----------
    axes : sequence of four Axes
        From ``draw.figure(columns=4)``.
    back : WayBack
    product : Return
        From ``back.at(row, column)``; its tap is not looked at.
    so_far : bool
        Show dx as the cells up to this one have made it, rather than all of it.

    Examples
    --------
    >>> from convlens import draw
    >>> from convlib.way_back import WayBack
    >>> back = WayBack([[1, 2, 4]], [[1, 10, 100, 1000]], [[10, 1]])
    >>> fig, axes = draw.figure(columns=4)
    >>> draw.input_gradient(axes, back, back.at(0, 1))
    """
    axes, f = taken_axes(axes, 4), product.frame
    sent, (oh, ow) = back.sent(product), f.walk.geometry.output_size
    plane, dx = back.plane(product), back.input_gradient(product, so_far=so_far)
    cells(axes[0], plane, signed=True, title="Output gradient g", subtitle=_size(plane))
    ring(axes[0], f.row, f.column)
    w = f.kernel[product.channel].conj()
    kernel(axes[1], w, title="Kernel w", subtitle=_size(w))
    title = f"g[{f.row}, {f.column}] × w"
    cells(axes[2], sent, signed=True, index=False, title=title, subtitle="what it sends")
    window(axes[2], range(sent.shape[0]), range(sent.shape[1]))
    done = f"the first {f.number + 1} of {oh * ow} cells" if so_far else f"all {oh * ow} cells"
    cells(axes[3], dx, signed=True, title="Input gradient dx", subtitle=f"sum of {done}")
    _dash_padding(axes[3], back)
    window(axes[3], f.rows.tolist(), f.columns.tolist())
    _signs(axes, ("×", "=", "+→"))
    said = (
        f"The output gradient at ({f.row}, {f.column}), {palette.label(product.grad)}, times the "
        f"kernel gives [{_list(sent)}], added to dx on rows {f.rows.tolist()} and columns "
        f"{f.columns.tolist()}. dx, {_size(dx)}, sum of {done}: [{_list(dx)}]."
    )
    _say(axes, said)


def kernel_gradient(axes: Sequence[Axes], back: WayBack, product: Return) -> None:
    """Draw all that one weight met: the pixels, the output gradient, their products, dw.

    Parameters
    ----------
    axes : sequence of four Axes
        From ``draw.figure(columns=4)``.
    back : WayBack
    product : Return
        From ``back.at(0, 0, tap=(u, v))``; of the output cell only image and filter are looked at.
    """
    axes, f = taken_axes(axes, 4), product.frame
    u, v = product.u, product.v
    rows, columns = back.touched(product)
    look: dict[str, Any] = {"image": f.image, "channel": f.channels[product.channel]}
    padded(axes[0], back.walk, title="Input x", subtitle=f"met by w[{u}, {v}]", **look)
    window(axes[0], rows.tolist(), columns.tolist())
    plane, dw = back.plane(product), back.kernel_gradient(product)
    cells(axes[1], plane, signed=True, title="Output gradient g", subtitle=_size(plane))
    products = back.met(product) * plane
    cells(axes[2], products, signed=True, title="Products", subtitle="x × g, cell by cell")
    title = "Kernel gradient dw"
    cells(axes[3], dw, signed=True, title=title, subtitle=f"dw[{u}, {v}] is the sum")
    under_kernel(axes[3], (u, v))
    _signs(axes, ("×", "=", "Σ→"))
    said = (
        f"Weight ({u}, {v}) met the pixels of x on rows {rows.tolist()} and columns "
        f"{columns.tolist()}. Times the output gradient they give [{_list(products)}]. dw, "
        f"{_size(dw)}: [{_list(dw)}]; at ({u}, {v}) it is {palette.label(dw[u, v])}."
    )
    _say(axes, said)


def taken_axes(axes: Sequence[Axes], count: int) -> list[Axes]:
    """Read the axes, as many as are needed."""
    found = list(np.ravel(np.array(axes, dtype=object)))
    if len(found) != count:
        change = f"Make them with draw.figure(columns={count})."
        raise refusal(ValueError, f"this takes {count} axes", change, {"axes": len(found)})
    return found


def _dash_padding(ax: Axes, back: WayBack) -> None:
    """Mark the cells of dx that lie on padding: they go back to the pixels that they show."""
    g = back.walk.geometry
    if max(g.padded_size) > 20:
        return
    outside(ax, np.argwhere(g.is_padding()).tolist(), numbers=True)


def _signs(axes: Sequence[Axes], signs: Sequence[str]) -> None:
    """Put operators between the panels, all on the middle line of the lowest panel."""
    rows = min(panel(ax).places[0].shape[0] for ax in axes)
    for ax, sign in zip(axes[1:], signs, strict=True):
        record = panel(ax)
        place = record.places[0]
        x0, y0, _, y1 = place.edges([0, rows - 1], [0])
        style = {"ha": "right", "family": SANS, "fontsize": 14, "color": SOFT}
        aside = max(record.left, 10.0) + 8
        write(ax, x0, (y0 + y1) / 2, sign, offset=(-aside, 0), **style)
        record.left = aside + (12 if len(sign) == 1 else 26)
    units = max(panel(ax).unit for ax in axes)
    for ax in axes:
        panel(ax).unit = units
    arrange(axes[0])


def _say(axes: Sequence[Axes], said: str) -> None:
    """Describe the panels together, in one sentence or two."""
    for ax in axes:
        panel(ax).says = []
    panel(axes[0]).says = [said]


def _size(a: Any) -> str:
    return " × ".join(map(str, a.shape))


def _list(a: Any) -> str:
    """Write an array row by row, or only its first numbers where it is large."""
    if a.size <= 60:
        return "; ".join(" ".join(map(palette.label, row)) for row in a)
    return ", ".join(map(palette.label, a.ravel()[:25])) + ", ..."
