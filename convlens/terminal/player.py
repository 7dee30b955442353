"""What plays: which frame is shown when, and what each key does. No terminal and no clock in it."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["FASTEST", "HELP", "SLOWEST", "Player"]

SLOWEST, FASTEST = 0.125, 64.0  # frames a second
#: What a key does, by its character or by what a terminal sends for it.
KEYS = {
    " ": "pause",
    "n": "forward",
    "\x1b[C": "forward",
    "\x1bOC": "forward",
    "p": "back",
    "\x1b[D": "back",
    "\x1bOD": "back",
    "+": "faster",
    "=": "faster",
    "-": "slower",
    "q": "quit",
}
HELP = "space pause  → n step  ← p back  + - speed  q quit"


class Player:
    """Show the frames 0 to `count` - 1 one after the other, as the keys and the clock have it.

    Parameters
    ----------
    count : int
        Frames, 1 or more.
    show : callable
        Called with a frame's number and a line about the state whenever there may be news.
    wait : callable
        Called with seconds; returns the key pressed within them, or "" when they are over.
    speed : float
        Frames a second.
    hold : bool
        Whether to stay on the last frame until a key says otherwise.
    clock : callable
        Returns seconds, as `time.monotonic` does.

    Examples
    --------
    >>> shown = []
    >>> keys = iter(["n", "n", "p", "q"])
    >>> Player(5, lambda place, state: shown.append(place), lambda seconds: next(keys)).run()
    >>> shown
    [0, 1, 2, 1]
    """

    PATIENCE = 0.25  # seconds between looks at a terminal that may have changed its size

    def __init__(
        self,
        count: int,
        show: Callable[[int, str], None],
        wait: Callable[[float], str],
        *,
        speed: float = 4.0,
        hold: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.count, self.speed, self.hold = count, speed, hold
        self.place, self.paused = 0, False
        self._show, self._wait, self._clock = show, wait, clock

    @property
    def state(self) -> str:
        """Speed, and whether it moves, in a few words."""
        if self.paused:
            return "paused"
        return "the end" if self._ended else f"{self.speed:g}/s"

    @property
    def _ended(self) -> bool:
        return self.place == self.count - 1

    def run(self) -> None:
        """Play until the reader quits, or until the end where that is not held."""
        due = self._clock() + 1 / self.speed
        while True:
            self._show(self.place, self.state)
            still = self.paused or (self._ended and self.hold)
            left = self.PATIENCE if still else due - self._clock()
            action = KEYS.get(self._wait(max(min(left, self.PATIENCE), 0.0)), "")
            if action == "quit":
                return
            if action:
                self._act(action)
                due = self._clock() + 1 / self.speed
            elif not still and self._clock() >= due:
                if self._ended:
                    return
                self.place += 1
                due = self._clock() + 1 / self.speed

    def _act(self, action: str) -> None:
        """Do what a key asks for; a step also pauses, and a pause at the end starts again."""
        if action in ("forward", "back"):
            self.paused = True
            step = 1 if action == "forward" else -1
            self.place = min(max(self.place + step, 0), self.count - 1)
        elif action == "pause" and self._ended:
            self.place, self.paused = 0, False
        elif action == "pause":
            self.paused = not self.paused
        elif action == "faster":
            self.speed = min(self.speed * 2, max(self.speed, FASTEST))
        elif action == "slower":
            self.speed = max(self.speed / 2, min(self.speed, SLOWEST))
