"""Convolution to be seen, dragged and checked; what it shows is computed by `convlib`.

`draw` makes still pictures, `explore` puts sliders on them, `terminal` moves the window through a
terminal (``python -m convlens play``), and `check` tries a function of your own and names its
mistake. Each is loaded when it is first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlib import __version__
from convlib.later import later

if TYPE_CHECKING:
    from convlens import check, draw, explore, terminal

__all__ = ["__version__", "check", "draw", "explore", "terminal"]

# matplotlib and anywidget take most of a second.
__getattr__, __dir__ = later("convlens", {"check": "", "draw": "", "explore": "", "terminal": ""})
