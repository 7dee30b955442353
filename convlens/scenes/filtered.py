"""The filter explorer's picture: a photograph, the arithmetic of one pixel, the filtered result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.palette import NEUTRAL, ink, label, signed
from convlens.picture import marks
from convlens.picture.grid import EDGE, Grid, fit, painter
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.panel import Panel
from convlens.picture.photo import Photo, plane_pixels
from convlens.picture.shapes import INK, Picture
from convlens.scenes.source import number
from convlens.words import by, times
from convlib import conv2d

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convlens.picture.code import Line

__all__ = ["CHANNELS", "FilterScene", "Setting", "Weights"]

Weights = tuple[tuple[float, ...], ...]

CHANNELS = ("red", "green", "blue")
BOX = (300.0, 352.0)  # of each photograph
TOP, HEAD = 46.0, 32.0  # of the first cells; from the base line of a title to the cells
WIDE = 218.0  # of the arithmetic, between the photographs
CELLS = {3: (35.0, 5.0, 16.0), 5: (23.0, 2.0, 12.0)}  # by taps a side: pitch, gutter, font size
LIKE_PHOTO = 0.5  # the least sum of weights whose result is drawn like the photograph
SHARE = 98.0  # percent of a result that its colours reach: few strong edges must not fade it
STEPS = 40  # of the legend
DIVISORS = (1, 8, 9, 10, 16, 20, 25, 100, 256)  # of weights that are written as whole numbers
RESULT = 94.0  # width of the sum's box


@dataclass(frozen=True)
class Setting:
    """What the controls say: weights and what they are called, the pixel, the channel."""

    weights: Weights
    name: str
    at: tuple[int, int]
    channel: int = 0


class FilterScene:
    """Draws a photograph and what a kernel makes of it.

    Where the weights sum to ½ or more, flat regions keep some of their brightness and the result is
    drawn like the photograph; below that it is drawn around 0, purple and green, as edges are.

    Parameters
    ----------
    photo : ndarray, (H, W) or (H, W, 3)
    white : float
        The value that is white: 1 or 255.
    taps : int
        Rows and columns of the kernel, 3 or 5.
    """

    def __init__(self, photo: NDArray[Any], white: float, taps: int) -> None:
        self.photo, self.white, self.taps = photo, white, taps
        self.size, self._colours = (photo.shape[0], photo.shape[1]), photo.ndim == 3
        self._channels = 3 if self._colours else 1
        self._photo = Photo(self._levels(photo), BOX)
        self.plane = lru_cache(maxsize=6)(self._plane)
        self.result = lru_cache(maxsize=6)(self._result)
        pitch, gutter, _ = CELLS[taps]
        tops = TOP, TOP + taps * pitch - gutter + 29 + HEAD
        x, wide = (LEFT + RIGHT - WIDE) / 2, (WIDE + gutter) / taps
        self._grids = [Grid(x, y, taps, taps, (wide, pitch), gutter) for y in tops]
        self._legend = TOP + self._photo.size[1] + 8
        self.height = max(self._grids[1].bottom + 64, self._legend + 24)

    def picture(self, s: Setting) -> Picture:
        """Draw one setting."""
        p = Picture(900, self.height, self._label(s))
        self._photographs(p, s)
        self._arithmetic(p, s)
        self._sum(p, s)
        self._bar(p, self.result(s.weights, s.channel)[1])
        return p

    def source(self, s: Setting) -> list[Line]:
        """Write the weights, the filter, and the sum at one pixel as NumPy computes it."""
        x, k, (i, j) = self._named(s.channel), self.taps, s.at
        y = number(self.plane(s.weights, s.channel)[s.at])
        same = ', padding="same", padding_mode="replicate")'
        window = f"xp[{i}:{i + k}, {j}:{j + k}]"
        said: Line = [("   # ", "comment"), (f"y{list(s.at)}", "output"), (f" = {y}", "comment")]
        return [
            [("w", "kernel"), (f" = {_written(matrix(s.weights))}", "")],
            [(f"y = conv2d({x}, ", ""), ("w", "kernel"), (same, "")],
            [(f'xp = np.pad({x}, {k // 2}, mode="edge")', "")],
            [("(", ""), (window, "window"), (" * ", ""), ("w", "kernel"), (").sum()", ""), *said],
        ]

    @property
    def left(self) -> tuple[float, float]:
        """Width and height of the photograph in the picture."""
        return self._photo.size

    def beyond(self, y: Any) -> str:
        """Say of a result drawn like the photograph that it is beyond black or white."""
        if y > self.white:
            return f"more than {label(self.white)}: white"
        return "less than 0: black" if y < 0 else ""

    # -- what is computed ------------------------------------------------------------------------

    def _plane(self, weights: Weights, channel: int) -> NDArray[Any]:
        """The result of one channel, or of the gray photograph."""
        x, w = self._channel(channel), matrix(weights)
        return conv2d(x, w, padding="same", padding_mode="replicate")

    def _result(self, weights: Weights, channel: int) -> tuple[Photo, float]:
        """The result as pixels, and where its colours end: 0 if it is drawn like the photograph."""
        if matrix(weights).sum() >= LIKE_PHOTO - 1e-9:
            planes = [self._levels(self.plane(weights, c)) for c in range(self._channels)]
            return Photo(np.dstack(planes) if self._colours else planes[0], BOX), 0.0
        y = self.plane(weights, channel)
        limit = _strongest(y) or self.white
        return Photo(plane_pixels(y, "signed", limits=(-limit, limit)), BOX), limit

    def _channel(self, channel: int) -> NDArray[Any]:
        return self.photo[:, :, channel] if self._colours else self.photo

    def _named(self, channel: int) -> str:
        return f"photo[:, :, {channel}]" if self._colours else "photo"

    def _window(self, s: Setting) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The numbers under the kernel, and which of them lie beyond the edge."""
        reach = np.arange(self.taps) - self.taps // 2
        (i, j), (height, width) = s.at, self.size
        rows, columns = np.clip(i + reach, 0, height - 1), np.clip(j + reach, 0, width - 1)
        beyond = (rows != i + reach)[:, None] | (columns != j + reach)
        return self._channel(s.channel)[rows[:, None], columns], beyond

    def _levels(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """From black at 0 to white; what is no number is gray."""
        levels = np.clip(values.astype(np.float32) / self.white, 0, 1) * 255
        return np.asarray(np.nan_to_num(levels, nan=int(NEUTRAL[1:3], 16)).round(), np.uint8)

    def _paint(self, value: Any) -> str:
        return "#" + f"{int(self._levels(np.asarray(value))):02x}" * 3

    # -- what is drawn ---------------------------------------------------------------------------

    def _photographs(self, p: Picture, s: Setting) -> None:
        """Both photographs, the window framed on the first and its pixel ringed on the second."""
        photo, limit = self.result(s.weights, s.channel)
        of = f"the {CHANNELS[s.channel]} channel, " if self._colours else ""
        places = zip(s.at, self.size, strict=True)
        frame = [_near(i, self.taps // 2, n) for i, n in places]
        x = Panel(
            values=np.broadcast_to(0, self.size),  # its shape: the photograph stands for it
            title="Photograph",
            subtitle=times(self.size) + ", red, green and blue" * self._colours,
            window=(frame[0], frame[1]),
            index=(False, False),
            photo=self._photo,
            go=(("row", 0, 1), ("column", 0, 1)),
            drag=True,
        )
        drawn = f"{of}white where it is 0" if limit else "drawn like the photograph"
        look: dict[str, Any] = {"title": "Filtered y", "subtitle": drawn, "window": None}
        y = replace(x, ring=s.at, photo=photo, **look)
        for panel, left in ((x, LEFT), (y, RIGHT - BOX[0])):
            p.rect(left, TOP, *self._photo.size, fill="none", **EDGE)  # white on white has an end
            panel.draw(p, panel.over(left, TOP), head=HEAD)
            p.spots[-1] = replace(p.spots[-1], hover=True)
        beyond = "beyond the edge, the nearest pixel is repeated"
        p.text(LEFT, self._legend + 20, beyond, 11, opacity=0.72)

    def _arithmetic(self, p: Picture, s: Setting) -> None:
        """The window over the weights."""
        (values, beyond), w, places = self._window(s), matrix(s.weights), range(self.taps)
        shown = w if self.taps == 3 else np.vectorize(lambda v: float(f"{v:.2g}"))(w)
        window = Panel(
            values=values,
            title="Window" + f", {CHANNELS[s.channel]} channel" * self._colours,
            subtitle=f"around row {s.at[0]}, column {s.at[1]}",
            paint=self._paint,
            window=(places, places),
            padding=beyond,
            index=(False, False),
        )
        kernel = Panel(
            values=shown,
            title=f"× Kernel w, {s.name}",
            subtitle=f"its weights sum to {label(_total(w))}",
            paint=painter(w, "signed"),
            kernel=True,
            index=(False, False),
        )
        for panel, grid in zip((window, kernel), self._grids, strict=True):
            panel.draw(p, grid, CELLS[self.taps][2], HEAD)

    def _sum(self, p: Picture, s: Setting) -> None:
        """The sum in its colour, ringed as the pixel is, with an arrow to the photograph."""
        y, limit = self.plane(s.weights, s.channel)[s.at], self.result(s.weights, s.channel)[1]
        middle, x = self._grids[1].bottom + 30, self._grids[1].x + 26
        box = x, middle - 14, RESULT, 28.0
        fill = signed(float(y), limit) if limit else self._paint(y)
        p.note("panel", *box, title="Sum")
        p.rect(*box, fill=fill, **EDGE)
        marks.ring(p, *box)
        text, size = fit(y, RESULT - 8, 16)
        at = x + RESULT / 2, middle + 0.36 * size, text, size
        p.text(*at, mono=True, anchor="middle", bold=True, colour=ink(fill))
        p.text(x - 22, middle + 6, "=", 20)
        beside, end = middle < self._legend - 8, x + RESULT + 11  # no arrow below a low photograph
        p.text(end, middle - 9 if beside else middle + 4.5, f"y{list(s.at)}", 12, mono=True)
        if beside:
            marks.arrow(p, end, middle, RIGHT - BOX[0] - end - 9)
        if not limit and self.beyond(y):
            p.text(x, middle + 30, self.beyond(y), 11, opacity=0.72)

    def _bar(self, p: Picture, limit: float) -> None:
        """What the colours of the result stand for."""
        x, y, wide = RIGHT - BOX[0], self._legend, BOX[0] / STEPS
        low, high = (-limit, limit) if limit else (0.0, self.white)
        for k in range(STEPS):
            value = low + k * (high - low) / (STEPS - 1)
            colour = signed(value, limit) if limit else self._paint(value)
            p.rect(x + k * wide, y, min(wide + 0.3, RIGHT - x - k * wide), 9, fill=colour)
        p.rect(x, y, BOX[0], 9, fill="none", stroke=INK, stroke_width=0.8, stroke_opacity=0.4)
        p.text(x, y + 20, f"{label(low)} or less", 11, opacity=0.72)
        p.text(x + BOX[0] / 2, y + 20, "0" if limit else "", 11, anchor="middle", opacity=0.72)
        p.text(RIGHT, y + 20, f"{label(high)} or more", 11, anchor="end", opacity=0.72)

    def _label(self, s: Setting) -> str:
        """The text alternative: sizes, kernel, place, result."""
        w, y = matrix(s.weights), self.plane(s.weights, s.channel)[s.at]
        values, _ = self._window(s)
        of = f" of {CHANNELS[s.channel]}" if self._colours else ""
        signed = self.result(s.weights, s.channel)[1]
        drawn = "around 0, purple below and green above" if signed else "like the photograph"
        return (
            f"Filter explorer. Photograph, {by(self.size)}{', in colour' * self._colours}. "
            f"Kernel {by(w.shape)}, {s.name}: [{_listed(w)}], which sum to {label(_total(w))}. The "
            f"window{of} around row {s.at[0]}, column {s.at[1]} holds [{_listed(values)}]. The "
            f"result is drawn {drawn}. y{list(s.at)} is {label(y)}."
        )


def matrix(weights: Weights) -> NDArray[Any]:
    """Weights as an array, of integers where all are whole: a page knows one kind of number."""
    w = np.array(weights, float)
    whole = bool((w == np.rint(w)).all() and (np.abs(w) < 2**53).all())
    return w.astype(np.int64) if whole else w


def _total(w: NDArray[Any]) -> float:
    """The sum of the weights without its last bits: nine ninths are 1."""
    return float(f"{w.sum():.9f}")


def _written(w: NDArray[Any]) -> str:
    """Write weights as NumPy reads them, as whole numbers over one divisor where they are.

    >>> _written(np.array([[1, 2]]) / 16), _written(np.array([[0.1, 2.0]]))
    ('np.array([[1, 2]]) / 16', 'np.array([[1, 20]]) / 10')
    """
    for divisor in DIVISORS:
        whole = np.rint(w * divisor)
        if np.array_equal(whole / divisor, w) and (np.abs(whole) < 2**53).all():
            return f"np.array({whole.astype(int).tolist()})" + f" / {divisor}" * (divisor > 1)
    return f"np.array({w.tolist()})"


def _strongest(y: NDArray[Any]) -> float:
    """The size that all but the few strongest results stay below, to three digits."""
    sizes = np.abs(y[np.isfinite(y)].astype(float))
    most = np.percentile(sizes, SHARE) or sizes.max() if sizes.size else 0.0
    return float(f"{most:.3g}")


def _near(place: int, reach: int, count: int) -> range:
    """The pixels of one axis that a window reads: the frame ends where the photograph does."""
    return range(max(place - reach, 0), min(place + reach, count - 1) + 1)


def _listed(a: NDArray[Any]) -> str:
    return ", ".join(label(v) for v in a.flat)
