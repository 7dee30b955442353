"""A figure for drawings: white, cut to fit, shown once, and described in words."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens.draw.panel import alt
from convlib.arguments import refusal

__all__ = ["Picture", "figure"]


class Picture(Figure):
    """A figure that shows itself in a notebook, once, and says in words what it shows."""

    panels: list[list[Axes]]
    most: tuple[float, float | None]

    def __repr__(self) -> str:
        return alt(self) or super().__repr__()

    def png(self) -> bytes:
        """Return the picture as PNG: the same bytes for the same picture."""
        file = BytesIO()
        self.savefig(file, format="png", dpi=100, facecolor="white", metadata={"Software": None})
        return file.getvalue()

    def _ipython_display_(self) -> None:
        # Not _repr_png_: the inline backend's own settings would go before it.
        from IPython.display import display

        words = repr(self)
        bundle = {"image/png": self.png(), "text/plain": words}
        light = {"image/png": {"needs_background": "light", "alt": words}}
        display(bundle, metadata=light, raw=True)  # type: ignore[no-untyped-call]


def figure(
    width: float = 9.0, height: float | None = None, columns: int = 1, *, rows: int = 1
) -> tuple[Picture, Any]:
    """Make a white figure with empty axes, ready to be drawn on.

    The axes stand side by side, share one top line and are as large as what is drawn in them; the
    figure is cut to fit. End the notebook cell with ``fig`` (or call ``display(fig)``) to show it:
    pyplot does not know of it, so nothing is shown twice and nothing has to be closed.

    Parameters
    ----------
    width : float
        Inches, at most.
    height : float, optional
        Inches, at most; by default as high as needed.
    columns, rows : int
        How many axes.

    Returns
    -------
    fig : matplotlib.figure.Figure
    axes : Axes, or list of Axes, or list of lists
        One for one, a list for one row or one column, else a list for each row.

    Examples
    --------
    >>> fig, (left, right) = figure(columns=2)
    >>> len(fig.axes)
    2
    """
    given = {"width": width, "height": height, "columns": columns, "rows": rows}
    if not 1 <= width <= 20 or not (height is None or 0.5 <= height <= 40):
        raise refusal(ValueError, "width or height is out of range", "Use inches.", given)
    if columns < 1 or rows < 1:
        raise refusal(ValueError, "a figure needs axes", "Use 1 or more.", given)
    fig = Picture(figsize=(width, height or 3), dpi=100, facecolor="white")
    fig.most = width, height
    fig.panels = [[_axes(fig, r, c) for c in range(columns)] for r in range(rows)]
    if rows == 1 or columns == 1:
        flat = [ax for row in fig.panels for ax in row]
        return fig, flat[0] if len(flat) == 1 else flat
    return fig, fig.panels


def _axes(fig: Picture, row: int, column: int) -> Axes:
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0), label=f"{row} {column}")
    ax.set_axis_off()
    return ax
