"""What plays: which frame is shown when, and what each key does. No terminal and no clock in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["FASTEST", "HELP", "SLOWEST", "Player"]

SLOWEST, FASTEST = 0.125, 64.0  # frames a second
PATIENCE = 0.25  # seconds between looks at a terminal that may have changed its size
#: What a key does, by its character or by what a terminal sends for it.
KEYS = {" ": "pause", "+": "faster", "=": "faster", "-": "slower", "q": "quit"}
KEYS |= dict.fromkeys(("n", "\x1b[C", "\x1bOC"), "forward")
KEYS |= dict.fromkeys(("p", "\x1b[D", "\x1bOD"), "back")
HELP = "space pause", "q quit", "→ n step", "← p back", "+ - speed"


@dataclass
class Player:
    """Show the frames 0 to `count` - 1 one after the other, as the keys and the clock have it.

    Attributes
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
        Returns seconds.

    Examples
    --------
    >>> shown = []
    >>> keys = iter(["n", "n", "p", "q"])
    >>> Player(5, lambda place, state: shown.append(place), lambda seconds: next(keys)).run()
    >>> shown
    [0, 1, 2, 1]
    """

    count: int
    show: Callable[[int, str], None]
    wait: Callable[[float], str]
    speed: float = 4.0
    hold: bool = True
    clock: Callable[[], float] = time.monotonic
    place: int = 0
    paused: bool = False

    @property
    def _ended(self) -> bool:
        return self.place == self.count - 1

    def run(self) -> None:
        """Play until the reader quits, or until the end where that is not held."""
        due = self.clock() + 1 / self.speed
        while True:
            moving = "the end" if self._ended else f"{self.speed:g}/s"
            self.show(self.place, "paused" if self.paused else moving)
            still = self.paused or (self._ended and self.hold)
            left = PATIENCE if still else min(due - self.clock(), PATIENCE)
            action = KEYS.get(self.wait(max(left, 0.0)), "")
            if action == "quit":
                return
            if action:
                self._act(action)
            elif still or self.clock() < due:
                continue
            elif self._ended:
                return
            else:
                self.place += 1
            due = self.clock() + 1 / self.speed

    def _act(self, action: str) -> None:
        """Do what a key asks for; a step also pauses, and a pause at the end starts again."""
        if action == "forward":
            self.place, self.paused = min(self.place + 1, self.count - 1), True
        elif action == "back":
            self.place, self.paused = max(self.place - 1, 0), True
        elif action == "pause" and self._ended:
            self.place, self.paused = 0, False
        elif action == "pause":
            self.paused = not self.paused
        elif action == "faster":
            self.speed = min(self.speed * 2, max(self.speed, FASTEST))
        elif action == "slower":
            self.speed = max(self.speed / 2, min(self.speed, SLOWEST))
