"""What is known about each axes, and text that grows and shrinks with the cells.

A drawing function says what it draws in cells; how large a cell is follows from everything that
shares the figure. So each axes keeps a `Panel`, and `layout.arrange` works out positions and text
sizes anew whenever something has been added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.textpath import TextPath

from convlib.arguments import refusal

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from convlens.draw.cells import Cells

__all__ = ["Group", "Panel", "alt", "header", "panel", "write"]

INK, SOFT = "#000000", "#5f5f5f"  # text on white: 21:1 and 6.3:1
MONO, SANS = "DejaVu Sans Mono", "DejaVu Sans"  # both come with matplotlib: alike everywhere
ADVANCE = 0.602  # width of one monospaced character, in font sizes
SMALLEST = 9.0  # points: no text is smaller, what does not fit is left out
TITLE, SUBTITLE, NUMBER = 12.0, 10.0, 9.5  # points
EDGE, GAP = 6.0, 14.0  # points around the figure and between panels
UNIT = 32.0  # points from cell to cell where there is room


@dataclass
class Group:
    """Texts that share one size: the largest at which each fits into `width` x `height` cells."""

    texts: list[Annotation]
    width: float
    height: float
    largest: float = 14.0
    required: bool = False
    moved: list[tuple[Annotation, float]] = field(default_factory=list)  # down, while it is shown

    def fit(self, pitch: float) -> None:
        """Set the size for cells of `pitch` points; hide the group where it would be illegible."""
        longest = max((len(t.get_text()) for t in self.texts), default=1)
        most = self.width * pitch / (ADVANCE * max(longest, 1))
        # Smaller cells give up some air above and below before they give up their numbers.
        size = min(self.largest, most, max(self.height * pitch, min(SMALLEST, 0.6 * pitch)))
        fits = size >= SMALLEST - 0.01 or self.required
        for text in self.texts:
            text.set_fontsize(max(size, 4.0))
            text.set_visible(fits)
        for text, down in self.moved:
            text.set_position((0.0, -down * pitch if fits else 0.0))


@dataclass
class Panel:
    """What is known about one axes: its extent in cells, its margins in points, its texts."""

    unit: float = UNIT
    box: list[float] | None = None  # x0, y0, x1, y1 in cells; y grows downward
    top: float | None = None  # the edge that all panels of a row share
    left: float = 0.0
    right: float = 0.0
    below: float = 0.0
    wide: list[tuple[float, float]] = field(default_factory=list)  # where a line starts, its points
    headers: list[tuple[Annotation, int]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    strokes: list[tuple[Artist, float, float]] = field(default_factory=list)
    places: list[Cells] = field(default_factory=list)
    indices: list[tuple[dict[int, Annotation], float, float]] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    pitch: float = UNIT
    chart: bool = False  # an ordinary plot: its limits are its own

    def extend(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Make room for a rectangle, in cells."""
        old = self.box or [x0, y0, x1, y1]
        self.box = [min(old[0], x0), min(old[1], y0), max(old[2], x1), max(old[3], y1)]

    def fit(self, pitch: float) -> None:
        """Size texts and outlines for cells of `pitch` points."""
        self.pitch = pitch
        for group in self.groups:
            group.fit(pitch)
        for texts, cells, needed in self.indices:
            step = next(s for s in (1, 2, 5, 10, 20, 50, 10**9) if s * cells * pitch >= needed)
            for number, text in texts.items():
                text.set_visible(number % step == 0)
        for artist, cells, most in self.strokes:
            artist.set(linewidth=min(cells * pitch, most))


def panel(ax: Axes) -> Panel:
    """Return the record of `ax`, a new one if nothing has been drawn there."""
    if not isinstance(ax, Axes):
        change = "Use one of the axes that draw.figure returned."
        raise refusal(TypeError, "ax is not a matplotlib Axes", change, {"ax": ax})
    record = vars(ax).get("_convlib_panel")
    if record is None:
        record = vars(ax)["_convlib_panel"] = Panel()
        ax.set_axis_off()
    assert isinstance(record, Panel)
    return record


def write(ax: Axes, x: float, y: float, text: str, **style: Any) -> Annotation:
    """Write at a place in cells, moved by `offset` points."""
    offset = style.pop("offset", (0.0, 0.0))
    plain = {"ha": "center", "va": "center", "color": INK, "family": MONO, "fontsize": 10}
    style = {**plain, **style}
    return ax.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", annotation_clip=False, **style
    )


def header(
    ax: Axes, x: float, y: float, text: str | None, line: int, coordinates: str = "data"
) -> None:
    """Write a title (line 0) or a subtitle (line 1) above `y`; `arrange` says how far."""
    if text is None:
        return
    size, weight, colour = (TITLE, "bold", INK) if line == 0 else (SUBTITLE, "normal", SOFT)
    style: dict[str, Any] = {"family": SANS, "fontsize": size, "weight": weight, "color": colour}
    style["xycoords"] = coordinates
    artist = write(ax, x, y, text, ha="left", va="baseline", **style)
    record = panel(ax)
    record.headers.append((artist, line))
    record.wide.append((x, points_wide(artist)))


def points_wide(text: Annotation) -> float:
    """Measure a text, in points, without drawing it: hinting makes it up to 3 % wider."""
    path = TextPath((0, 0), text.get_text(), prop=text.get_fontproperties())
    return 1.03 * float(path.get_extents().x1) + 1


def alt(drawn: Figure | Axes) -> str:
    """Say in words what has been drawn, for readers who do not see it.

    Parameters
    ----------
    drawn : Figure or Axes

    Returns
    -------
    str
        One sentence for each drawing; empty where nothing was drawn.

    Examples
    --------
    >>> from convlens.draw import cells, figure
    >>> fig, ax = figure()
    >>> cells(ax, [[1, 2], [3, 4]], title="Input x")
    >>> alt(fig)
    'Input x, 2 by 2: 1 2; 3 4.'
    """
    axes: Sequence[Axes] = [drawn] if isinstance(drawn, Axes) else drawn.axes
    return " ".join(s for ax in axes if "_convlib_panel" in vars(ax) for s in panel(ax).says)
