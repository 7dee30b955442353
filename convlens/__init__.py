"""Convolution to be seen, dragged and checked; what it shows is computed by `convlib`.

`draw` makes still pictures, `explore` puts sliders on them, `terminal` moves the window through a
terminal (``python -m convlens play``), `check` tries a function of your own and names its mistake,
and `ask` has you predict before it tells. Each is loaded when it is first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlib import __version__
from convlib.later import later

if TYPE_CHECKING:
    from convlens import check, draw, explore, terminal
    from convlens.facts import WayBack
    from convlens.movies import movie
    from convlens.questions import ask, recall

__all__ = [
    "WayBack", "__version__", "ask", "check", "draw", "explore", "movie", "recall", "terminal"
]  # fmt: skip

# matplotlib and anywidget take most of a second.
PARTS = {
    "check": "",
    "draw": "",
    "explore": "",
    "facts": "WayBack",
    "movies": "movie",
    "questions": "ask recall",
    "terminal": "",
}
__getattr__, __dir__ = later("convlens", PARTS)
