"""`play`: a whole walk, as an animation in a terminal and as a few frames of text elsewhere."""

from __future__ import annotations

import math
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from convlens.needs import need
from convlens.terminal.page import render
from convlens.terminal.plain import print_frames, screen_size, shows_signs
from convlens.terminal.player import HELP, Player
from convlens.terminal.stage import asleep, keyboard, orderly, own_screen
from convlens.terminal.story import HOW
from convlib.arguments import choice, refusal
from convlib.convolution import conv2d
from convlib.frames import Frame, Walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["perform", "play"]


def play(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    family: str = "index_grid",
    speed: float = 4.0,
    frames: str | None = None,
    plain: bool = False,
    file: TextIO | None = None,
    **arguments: Any,
) -> NDArray[Any]:
    """Let the window move over the reader's own arrays, and return what conv2d returns.

    In a terminal this is an animation with keys (space pauses, arrows step, q quits). In a
    notebook, a pipe or a file it prints the first, the middle and the last frame.

    Parameters
    ----------
    x, w, bias, **arguments
        As for `conv2d`. The arrays are read only, never written to.
    family : {"index_grid", "strided"}
        Which way to the window is shown.
    speed : float
        Frames a second, in a terminal.
    frames : {"all", "ends"}, optional
        All, or the first, the middle and the last. By default all in a terminal, else the ends.
    plain : bool
        Print text without colours, keys and escape codes in a terminal too. NO_COLOR, set and not
        empty, takes the colours only.
    file : text file, optional
        Where to draw, by default standard output.

    Raises
    ------
    ValueError, TypeError
        As conv2d does, and for a family, speed or choice of frames that there is not.
    ImportError
        Where a terminal is to be animated and rich is not installed.

    Examples
    --------
    >>> y = play([[1, 2, 3]], [[1, -1]], frames="ends")  # doctest: +ELLIPSIS
    By index grid: window 1 of 2
    input 1×3, kernel 1×2, output 1×2, stride 1×1
    ...
    >>> y
    array([[-1, -1]])
    """
    y, walk = conv2d(x, w, bias, **arguments), Walk(x, w, bias, **arguments)
    perform(walk, family=family, speed=speed, frames=frames, plain=plain, file=file)
    return y


def perform(
    walk: Walk,
    *,
    family: str = "index_grid",
    speed: float = 4.0,
    frames: str | None = None,
    plain: bool = False,
    file: TextIO | None = None,
) -> None:
    """Show a walk as `play` does: animated in a terminal, as text where there is none.

    >>> perform(Walk([[1, 2]], [[1, -1]]))  # doctest: +ELLIPSIS
    By index grid: window 1 of 1
    ...
    """
    file = sys.stdout if file is None else file
    if file is None:  # as Python has it where standard output is closed
        wrong, change = "standard output is closed", "Give a file to draw into, or leave it open."
        raise refusal(ValueError, wrong, change, {"file": file})
    # A dumb terminal can do no more than a file.
    terminal = file.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")
    given = {"family": family, "speed": speed, "frames": frames}
    choice("family", family, HOW, given)
    if not (math.isfinite(speed) and speed > 0):
        raise refusal(ValueError, "speed must be positive", "Use frames a second, say 4.", given)
    frames = ("all" if terminal else "ends") if frames is None else frames
    choice("frames", frames, ("all", "ends"), given)
    count = len(walk)
    places = range(count) if frames == "all" else sorted({0, count // 2, count - 1})
    if not count:
        print("No window to show: the batch is empty.", file=file)
    elif terminal and shows_signs(file) and not plain:
        _animate(walk, places, family, speed, file)
    else:
        shown = (_frame(walk, place) for place in places)
        print_frames(shown, family, speed if terminal else math.inf, file)


def _frame(walk: Walk, place: int) -> Frame:
    """Find the frame by its number, in the order of the walk."""
    n, o, i, j = map(int, np.unravel_index(place, walk.output.shape))
    return walk.frame(i, j, image=n, filter=o)


def _keys(state: str, width: int) -> str:
    """Name the keys after the state, as many as there is room for.

    >>> _keys("4/s", 25)
    '4/s  space pause  q quit'
    """
    for key in HELP:
        longer = f"{state}  {key}"
        state = longer if len(longer) <= width else state
    return state


def _animate(walk: Walk, places: Sequence[int], family: str, speed: float, file: TextIO) -> None:
    """Play on a screen of our own, in colour unless NO_COLOR says no; put the terminal back."""
    need("rich", "To animate a terminal")
    from rich.console import Console, ConsoleDimensions, Group
    from rich.text import Text

    console = Console(
        file=file,
        force_terminal=True,
        force_jupyter=False,
        highlight=False,
        no_color=bool(os.environ.get("NO_COLOR")),
    )
    last: tuple[object, ...] = ()

    def show(place: int, state: str) -> None:
        nonlocal last
        width, height = screen_size(file)
        if last == (place, state, width, height):
            return
        last = place, state, width, height
        console.size = ConsoleDimensions(width, height)
        drawn = render(_frame(walk, places[place]), family, width, height - 2)
        keys = Text(_keys(state, width), style="dim", no_wrap=True, overflow="crop")
        console.update_screen(Group(drawn, "", keys))

    with orderly(), keyboard() as typed, own_screen(console):
        hold = typed is not None
        Player(len(places), show, typed or asleep, speed=speed, hold=hold).run()
