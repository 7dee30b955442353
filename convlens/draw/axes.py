"""A figure for images and charts: no ground, cut to fit, shown once, and described in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from convlens.palette import contrast
from convlens.picture.shapes import PRINT_INK
from convlib.arguments import refusal

__all__ = ["Picture", "alt", "drawing", "entitle", "figure"]

DARK = "#111111"  # the page of a dark theme
GROUND = {"figure.facecolor": "none", "axes.facecolor": "none"}
TEXT = {"font.family": "DejaVu Sans", "font.size": 9.5, "text.color": PRINT_INK}
LOOKS: Any = ["default", {**GROUND, **TEXT}]  # none of the reader's own settings
ALONE, WIDE, PAD = 4.0, 9.0, 0.09  # inches: one column, several, around each axes
LEAST, TALLEST = 1.0, 1.6  # a column in inches, a row in widths of its columns
SLIMMEST = 5.0  # longer side over shorter: cells are stretched beyond that, or nothing is seen


class Picture(Figure):
    """A figure that shows itself in a notebook, once, and says in words what it shows."""

    def __init__(self, width: float, rows: int, columns: int) -> None:
        self.engine = ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD, wspace=0, hspace=0)
        super().__init__(figsize=(width, 3 * rows), dpi=100, layout=self.engine)
        self.most, self.grid = width, self.add_gridspec(rows, columns)
        self.panels = self.grid.subplots(squeeze=False)

    def __repr__(self) -> str:
        return alt(self) or super().__repr__()

    def draw(self, renderer: Any) -> None:
        """Draw everything so that it can be read on a white page and on a black one."""
        with style.context(LOOKS):
            _legible(self)  # once more: also what the reader has added
            super().draw(renderer)

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Save it as `matplotlib` does, its rows no higher than they need, and cut to fit."""
        with style.context(LOOKS):
            self._arrange()
            super().savefig(*args, **{"bbox_inches": "tight", "pad_inches": PAD, **kwargs})

    def _arrange(self) -> None:
        """Make each row as high as its highest axes are when they are as wide as their columns."""
        ratios = {ax: ax.get_box_aspect() or 0.1 for ax in self.panels.flat}
        tall = [min(max(ratios[ax] for ax in row), TALLEST) for row in self.panels]
        self.grid.set_height_ratios(tall)
        for ax in ratios:  # begin anew, with axes as large as their places
            ax.set_subplotspec(ax.get_subplotspec())
            ax.set_box_aspect(None)
        shape = np.array([self.grid.ncols, sum(tall)])
        column, whole = WIDE, WIDE * shape + 4  # ample, to measure what stands around the axes
        for _ in range(3):
            for row in self.panels:
                _break(row, column)
            self.set_size_inches(*whole)
            self.engine.execute(self)
            places = [[ax.get_position(original=True) for ax in row] for row in self.panels]
            inner = sum(p.width for p in places[0]), sum(row[0].height for row in places)
            margins = whole * (1 - np.array(inner))
            column = max((self.most - margins[0]) / shape[0], LEAST)
            whole = margins + column * shape
        self.set_size_inches(*whole)
        for ax, ratio in ratios.items():
            ax.set_box_aspect(ratio)

    def png(self) -> bytes:
        """Return the picture as PNG: the same bytes for the same picture."""
        file = BytesIO()
        self.savefig(file, format="png", dpi=100, metadata={"Software": None})
        return file.getvalue()

    def _ipython_display_(self) -> None:
        # Not _repr_png_: the inline backend's own settings would go before it.
        from IPython.display import display

        words = repr(self)
        bundle = {"image/png": self.png(), "text/plain": words}
        display(bundle, metadata={"image/png": {"alt": words}}, raw=True)  # type: ignore[no-untyped-call]


def _legible(drawn: Figure | Axes) -> None:
    """Give text, and lines too dark for a dark page, a light edge; on white it does not show."""
    for text in drawn.findobj(Text):
        text.set_path_effects([withStroke(linewidth=2.8, foreground="white")])
    for line in drawn.findobj(Line2D):
        if contrast(to_hex(line.get_color()), DARK) < 3 and not line.get_path_effects():
            width = max(line.get_linewidth(), line.get_markeredgewidth()) + 1.6
            line.set_path_effects([withStroke(linewidth=width, foreground="white")])


def figure(width: float | None = None, columns: int = 1, *, rows: int = 1) -> tuple[Picture, Any]:
    """Make a figure with empty axes, ready to be drawn on.

    Those of a row share one top line, and the figure is cut to fit. End the notebook cell with
    ``fig`` to show it: pyplot does not know of it, so it is shown once and needs no closing.

    Parameters
    ----------
    width : float, optional
        Inches, at most; by default 9, or 4 for one column.
    columns, rows : int
        How many axes.

    Returns
    -------
    fig : matplotlib.figure.Figure
    axes : Axes, or list of Axes for one row or one column, or a list for each row

    >>> fig, (left, right) = figure(columns=2)
    >>> len(fig.axes)
    2
    """
    width = (WIDE if columns > 1 else ALONE) if width is None else width
    if columns < 1 or rows < 1 or not 1 <= width <= 20:
        given = {"width": width, "columns": columns, "rows": rows}
        change = "Use 1 to 20 inches, and one axes or more."
        raise refusal(ValueError, "no figure has this size", change, given)
    with style.context(LOOKS):
        fig = Picture(width, rows, columns)
    for ax in fig.axes:
        ax.set_axis_off()  # until something is drawn there
    if rows == 1 or columns == 1:
        return fig, fig.axes[0] if rows == columns else fig.axes
    return fig, fig.panels.tolist()


@contextmanager
def drawing(ax: Axes | None) -> Iterator[tuple[Picture | None, Axes]]:
    """Draw there with our settings, or in a figure of its own: yield what to return, and where."""
    if not isinstance(ax, Axes | None):
        change = "Use one of the axes that draw.figure returned, or of your own."
        raise refusal(TypeError, "ax is not a matplotlib Axes", change, {"ax": ax})
    fig, where = figure() if ax is None else (None, ax)
    with style.context(LOOKS):
        yield fig, where
    _legible(where)


def entitle(ax: Axes, title: str | None, subtitle: str | None, ratio: float) -> None:
    """Write titles over axes of a ratio of height to width."""
    ax.set_box_aspect(min(max(ratio, 1 / SLIMMEST), SLIMMEST))
    ax.set_anchor("NW")
    look: dict[str, Any] = {"x": 0, "ha": "left", "color": PRINT_INK, "family": "DejaVu Sans"}
    ax.set_title(title or "", loc="center", fontsize=12, weight="bold", gid="title", **look)
    ax.set_title(subtitle or "", loc="left", fontsize=10, gid="subtitle", **look)
    _break([ax], WIDE)


def _break(row: list[Axes], room: float) -> None:
    """Break the titles of a row of axes, and put them on one line, over subtitles or none."""
    for text in (t for ax in row for t in ax.findobj(Text) if str(t.get_gid()).endswith("title")):
        words, font = " ".join(text.get_text().split()), text.get_fontproperties()
        wide = text_to_path.get_text_width_height_descent(words or "W", font, False)[0] / 72
        text.set_text(fill(words, max(int(len(words) * room / wide), 1)))
    below = max(len(ax.get_title("left").splitlines()) for ax in row)
    for ax in row:
        ax.title.set_text(ax.get_title().rstrip("\n") + "\n" * below)


def alt(drawn: Figure | Axes) -> str:
    """Say in words what has been drawn, for readers who do not see it; nothing where nothing was.

    >>> from convlens.draw.charts import bars
    >>> fig, ax = figure()
    >>> bars({"taps": 476e3, "take": 952e3}, "B", title="Bytes", ax=ax)
    >>> alt(fig)
    'Bytes: taps 476 kB, take 952 kB.'
    """
    axes = [drawn] if isinstance(drawn, Axes) else drawn.axes
    return " ".join(filter(None, (str(ax.get_label()) for ax in axes)))
