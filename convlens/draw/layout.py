"""Positions and scales: panels side by side under one top line, as large as fits."""

from __future__ import annotations

from matplotlib.axes import Axes

from convlens.draw.figure import Picture
from convlens.draw.panel import EDGE, GAP, Panel, panel

__all__ = ["arrange"]


def arrange(ax: Axes) -> None:
    """Give every axes of the figure its place and every text its size."""
    fig = ax.get_figure(root=True)
    if isinstance(fig, Picture):
        _arrange_picture(fig)
        return
    record = panel(ax)
    if record.box is None or fig is None:
        return
    x0, y0, x1, y1 = record.box
    place = ax.get_position(original=True)
    inches = fig.get_size_inches()
    ax.set(xlim=(x0, x1), ylim=(y1, y0), aspect="equal")
    across = place.width * inches[0] / (x1 - x0)
    down = place.height * inches[1] / (y1 - y0)
    _raise_headers([record])
    record.fit(72 * min(across, down))


def _arrange_picture(fig: Picture) -> None:
    rows = [[(ax, panel(ax)) for ax in row if panel(ax).box] for row in fig.panels]
    rows = [row for row in rows if row]
    inches, height = fig.most
    room = None if height is None else height * 72 / max(len(rows), 1)
    laid = [_Row(row, inches * 72, room) for row in rows]
    across = max((row.width for row in laid), default=72.0)
    down = sum(row.height for row in laid) + GAP * max(len(laid) - 1, 0)
    fig.set_size_inches(max(across, 36.0) / 72, max(down, 36.0) / 72, forward=False)
    y = 0.0
    for row in laid:
        row.place(across, down, y)
        y += row.height + GAP


def _raise_headers(records: list[Panel]) -> float:
    """Lift titles over what stands below them; return the points that all of it takes."""
    lines = {line for record in records for _, line in record.headers}
    step = {2: 14.0, 1: 15.0, 0: 16.0}
    heights, y = {}, 8.0
    for line in (2, 1, 0):
        heights[line] = y
        y += step[line] if line in lines else 0.0
    for record in records:
        for text, line in record.headers:
            over = 0.0 if line == 2 else 3.0
            text.set_position((text.get_position()[0], heights[line] + over))
    return y if lines else 0.0


class _Row:
    """One row of panels: their common scale and the points that they take."""

    def __init__(self, row: list[tuple[Axes, Panel]], width: float, height: float | None) -> None:
        self.row = row
        records = [record for _, record in row]
        # A title may reach over the margin of the next panel, up to where that one's begins.
        spare = [r.left + GAP - 10 for r in records[1:]] + [0.0]
        self.spare = spare
        self.scale = self._fill(records, width)
        head = _raise_headers(records)
        if height is not None:
            left = height - head - 2 * EDGE - max(r.below for r in records)
            tall = max(r.unit * _size(r)[1] for r in records)
            self.scale = min(self.scale, max(left, 36.0) / tall)
        pitches = [r.unit * self.scale for r in records]
        pairs = list(zip(records, pitches, strict=True))
        self.widths = self._widths(records)
        self.over = max(max(head, p * _over(r)) for r, p in pairs)
        under = max(p * (_size(r)[1] - _over(r)) + r.below for r, p in pairs)
        self.width = sum(self.widths) + GAP * (len(row) - 1) + 2 * EDGE
        self.height = self.over + under + 2 * EDGE

    def _widths(self, records: list[Panel]) -> list[float]:
        return [
            r.left + max(_size(r)[0] * r.unit * self.scale, self._words(r) - spare) + r.right
            for r, spare in zip(records, self.spare, strict=True)
        ]

    def _words(self, record: Panel) -> float:
        """How far titles and other lines reach from the panel's left edge, in points."""
        assert record.box is not None
        x0, pitch = record.box[0], record.unit * self.scale
        return max(((x - x0) * pitch + points for x, points in record.wide), default=0.0)

    def _fill(self, records: list[Panel], width: float) -> float:
        """Find the largest scale at which everything fits into `width` points."""
        self.scale = 1.0
        gaps = GAP * (len(records) - 1) + 2 * EDGE
        for _ in range(100):  # each step comes nearer, as text does not shrink
            over = sum(self._widths(records)) + gaps - width
            if over <= 0:
                break
            cells = sum(r.unit * self.scale * _size(r)[0] for r in records)
            self.scale *= max(1 - (over + 0.01) / cells, 0.5)
        return self.scale

    def place(self, across: float, down: float, y: float) -> None:
        """Put the axes into a figure of `across` x `down` points, `y` points from its top."""
        x = EDGE
        for (ax, record), wide in zip(self.row, self.widths, strict=True):
            assert record.box is not None
            x0, y0, x1, y1 = record.box
            pitch = record.unit * self.scale
            top = y + EDGE + self.over - pitch * _over(record)
            w, h = pitch * (x1 - x0), pitch * (y1 - y0)
            place = ((x + record.left) / across, 1 - (top + h) / down, w / across, h / down)
            ax.set_position(place)
            if not record.chart:
                ax.set(xlim=(x0, x1), ylim=(y1, y0), aspect="auto")
            record.fit(pitch)
            x += wide + GAP


def _size(record: Panel) -> tuple[float, float]:
    assert record.box is not None
    x0, y0, x1, y1 = record.box
    return x1 - x0, y1 - y0


def _over(record: Panel) -> float:
    """How many cells of a panel lie above the line that the panels share."""
    assert record.box is not None
    return (record.box[1] if record.top is None else record.top) - record.box[1]
