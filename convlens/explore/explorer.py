"""What all explorers share: controls above, a picture below, and the NumPy lines under it."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from convlens.explore.controls import Control
from convlens.explore.space import Ends, Settle, Space, Values
from convlens.explore.standing import standing
from convlens.explore.states import Table, failed
from convlens.movies import MOST_BYTES, Movie
from convlens.picture.code import CAPTION, Line, code_box, html
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import Picture
from convlens.recorder import BUNDLE, recording, storing

__all__ = ["Drawing", "Explorer", "Handle"]

PLAYER = Path(__file__).parents[1] / "player"
#: The player is sent all pictures at once where they are so few, and so quickly drawn.
MOST_STATES, MOST_SECONDS = 64, 0.5
AHEAD = 0.04  # seconds spent on neighbours that may be wanted next
MOST_TOLD = 20  # pictures of a story
STILL = "Run this cell (Shift+Enter) to move it."

Drawing = tuple[Picture, list[Line]]


class Explorer(anywidget.AnyWidget):
    """Controls, and a picture that is drawn anew whenever one of them changes.

    Parameters
    ----------
    name : str
        How the explorer is called, for its `repr`.
    controls : mapping of str to Control
        In reading order.
    draw : callable
        Takes all values by name and returns a Picture and the NumPy lines for it.
    settle : callable, optional
        Moves other controls with one: see `Space`.
    bounds : callable, optional
        Bounds that follow from other controls: see `Space`.
    walk : Walk, optional
        What is explored.
    about : str, optional
        What the `repr` says after the name; by default the sizes of the walk.
    caption : str
        What stands over the NumPy lines.
    play : sequence of str
        The controls that the player's buttons go through, the slowest first.
    few : sequence of str
        The controls that stay on a page without Python, where not all settings can be sent; by
        default all of them.
    live : callable, optional
        What the page needs to draw other settings by itself: see `filter`.

    Attributes
    ----------
    controls : dict of str to Handle
        Set a `value` to move the explorer from code.
    picture, lines : Picture, list of Line
        What is shown now.
    error : Exception or None
        Why the present setting could not be drawn: its message stands in place of the picture.
    """

    shown = False  # whether one was shown in this kernel
    _esm = (PLAYER / "player.js").read_text(encoding="utf-8")
    _css = (PLAYER / "player.css").read_text(encoding="utf-8")
    panel = traitlets.Dict().tag(sync=True)  # what never changes: the controls, by key
    state = traitlets.Dict().tag(sync=True)  # what is shown
    still = traitlets.Unicode().tag(sync=True)  # photographs beneath it, sent when they change
    ahead = traitlets.Dict().tag(sync=True)  # what may be shown next
    at = traitlets.Dict().tag(sync=True)  # what the page asks for

    def __init__(
        self,
        name: str,
        controls: Mapping[str, Control],
        draw: Callable[[Values], Drawing],
        *,
        settle: Settle | None = None,
        bounds: Callable[[Values], Ends] | None = None,
        walk: Any = None,
        about: str | None = None,
        caption: str = CAPTION,
        play: tuple[str, ...] = ("row", "column"),
        few: tuple[str, ...] = (),
        live: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        self.walk, self._name, self._about, self._caption = walk, name, about, caption
        self.few, self.live = few or tuple(controls), live
        self._draw, self.space = draw, Space(controls, settle, bounds)
        self.controls = {key: Handle(self, key) for key in controls}
        self._values, self._number, self._tried = self.space.first, 0, False
        shown = {key: vars(control) for key, control in controls.items()}
        play = tuple(key for key in play if key in controls)
        panel: dict[str, Any] = {"name": name, "controls": shown, "play": play}
        panel |= {"caption": caption, "settles": settle is not None}
        super().__init__(panel=panel, **self._made())
        self.on_msg(self._sent)

    def values(self) -> Values:
        """What the controls say now."""
        return dict(self._values)

    def move(self, **values: Any) -> None:
        """Set several controls, with one new picture in the end."""
        found = self._values
        for key, value in values.items():
            found = self.space.moved(found, key, self.space.check(found, key, value))
        self._go(found)

    def png(self) -> bytes:
        """Render what is shown now, with its NumPy lines, as a PNG for a page of any colour."""
        return self._page(self.picture, self.lines).png()

    def story(self, most: int = MOST_TOLD) -> list[Picture]:
        """Draw what playing shows, from the present setting on and round to it again.

        Where nothing can be played, the first control is moved through its values. Of more than
        `most` settings some are left out, evenly.
        """
        places = {key: self.space.places(self._values, key) for key in self.space.controls}
        keys = self.panel["play"] or [key for key in places if len(places[key]) > 1][:1]
        way = list(product(*(places[key] for key in keys)))
        here = way.index(tuple(self._values[key] for key in keys))
        way, count = way[here:] + way[:here], min(most, len(way))
        told = []
        for values in (way[k * len(way) // count] for k in range(count)):
            there = self._values
            for key, value in zip(keys, values, strict=True):
                there = self.space.moved(there, key, value)
            picture, lines, _ = self._drawn(there)
            told.append(self._page(picture, lines[-1:]))  # as the player folds them
        return told

    def table(self, most: int = MOST_STATES, seconds: float = MOST_SECONDS) -> dict[str, Any]:
        """Draw every setting for the page; empty if they are too many, or take too long."""
        every = self.space.reachable(most)
        if every is None:
            return {}
        found, start = Table(), time.perf_counter()
        for values in every[0]:
            picture, lines, error = self._drawn(values)
            found.add(self._told(values, picture, lines))
            late = time.perf_counter() - start > seconds
            if late or error or picture.still() != self.still:
                return {}
        return found.sent(whole=True, jumps=every[1])

    def _page(self, picture: Picture, lines: list[Line]) -> Picture:
        """Put the NumPy lines under a picture, for a page where nothing is folded."""
        page = Picture(picture.width, picture.height, picture.label)
        page.add(picture, 0, 0)
        if lines:
            end = code_box(page, page.height + 12, lines, LEFT, RIGHT, self._caption)
            page.height = end + 12
        if storing():
            page.text(LEFT, page.height + 8, STILL, 12)
            page.height += 16
        return page

    # -- what the page asks for ------------------------------------------------------------------

    @traitlets.observe("at")
    def _asked(self, change: Any) -> None:
        """Follow the page: to what it wants, or to where it has gone without asking."""
        asked = change["new"]
        moved, wanted = asked["moved"], asked["values"]
        # what moved along with it follows from where the page was, not from where Python is
        before = {**wanted, moved: asked["before"]} if moved else wanted
        before = self.space.nearest(before, before)
        wanted = self.space.nearest(wanted, before)
        if moved:
            wanted = self.space.moved(before, moved, wanted[moved])
        self._number = asked["number"]
        self._go(wanted)

    def _sent(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """While the reader rests, draw what may come next: all there is, or the neighbours."""
        if not self._tried:
            self.ahead, self._tried = self.table(), True
        if not self.ahead.get("whole"):
            at = self.space.nearest(message["values"], message["values"])
            self.ahead = self._neighbours(at, message["moved"])

    def _neighbours(self, at: Values, moved: str) -> dict[str, Any]:
        """Draw as many settings beside this one as there is time for."""
        found, start = Table(), time.perf_counter()
        for values in self.space.around(at, moved):
            picture, lines, error = self._drawn(values)
            if not error and picture.still() == self.still:
                found.add(self._told(values, picture, lines))
            if time.perf_counter() - start > AHEAD:
                break
        return found.sent()

    # -- drawing ---------------------------------------------------------------------------------

    def _go(self, values: Values) -> None:
        """Draw another setting, and send it: photographs only if they are others than before."""
        if values == self._values:
            self.state = {**self.state, "number": self._number}
            return
        self._values = values
        with self.hold_sync():
            for name, value in self._made().items():
                setattr(self, name, value)

    def _made(self) -> dict[str, Any]:
        self.picture, self.lines, self.error = self._drawn(self._values)
        state = self._told(self._values, self.picture, self.lines)
        return {"state": {**state, "number": self._number}, "still": self.picture.still()}

    def _drawn(self, values: Values) -> tuple[Picture, list[Line], Exception | None]:
        """Draw a setting; what cannot be drawn must not end the explorer, whatever the reason."""
        try:
            return *self._draw(values), None
        except Exception as error:
            height = getattr(getattr(self, "picture", None), "height", 160.0)
            return failed(error, height), [], error

    def told(self, values: Values) -> dict[str, Any]:
        """Draw a setting, as the page is told of it."""
        picture, lines, _ = self._drawn(values)
        return self._told(values, picture, lines)

    def _told(self, values: Values, picture: Picture, lines: list[Line]) -> dict[str, Any]:
        """What the page is told of a setting."""
        code = html(lines) if lines else ""
        ends = self.space.ends(values)
        return {"values": values, "ends": ends, "svg": picture.svg(), "code": code}

    def __repr__(self) -> str:
        """Without a model's address or number: notebooks are compared with their stored output."""
        if self._about is not None:
            return f"explore.{self._name}: {self._about}"
        g = self.walk.geometry
        x = "×".join(map(str, self.walk.padded.shape))
        w = "×".join(map(str, self.walk.filters.shape))
        return f"explore.{self._name}: padded input {x}, filters {w}, output {g.output_size}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Add a PNG of the present state, for readers without a kernel, and what it shows."""
        bundle: Any = super()._repr_mimebundle_(**kwargs) or {}
        data: dict[str, Any] = bundle[0] if isinstance(bundle, tuple) else bundle
        shown = {**data, "text/plain": repr(self)}
        shown["image/png"] = base64.b64encode(self._stored()).decode()
        if recording():
            shown[BUNDLE] = {"form": "explorer", **standing(self)}
        alt = {"alt": self.picture.label, "width": round(self.picture.width)}
        return shown, {"image/png": alt}

    def _stored(self) -> bytes:
        """The picture in a page: where it is stored, the first of a notebook moves."""
        first, Explorer.shown = not Explorer.shown, True
        return Movie(self.story()).png(MOST_BYTES) if storing() and first else self.png()


class Handle:
    """A control as code sees it: its value, which may be set, and how far it goes now."""

    def __init__(self, explorer: Explorer, key: str) -> None:
        self._explorer, self._key = explorer, key

    @property
    def value(self) -> Any:
        """What it is set to; setting it moves the explorer, and all that follows from it."""
        return self._explorer.values()[self._key]

    @value.setter
    def value(self, value: Any) -> None:
        self._explorer.move(**{self._key: value})

    @property
    def options(self) -> tuple[Any, ...]:
        """All values of a choice; none of a slider that takes every number between its bounds."""
        return self._explorer.space.controls[self._key].options

    @property
    def min(self) -> Any:
        """The least value that it can be set to now; of a table of numbers, itself."""
        return self._ends()[0]

    @property
    def max(self) -> Any:
        """The greatest value that it can be set to now; of a table of numbers, itself."""
        return self._ends()[1]

    @property
    def disabled(self) -> bool:
        """Whether there is nothing to choose now."""
        return self._explorer.space.controls[self._key].form != "weights" and self.min == self.max

    def _ends(self) -> tuple[Any, Any]:
        values = self._explorer.values()
        return self._explorer.space.ends(values).get(self._key, (values[self._key],) * 2)
