"""Facts that pictures need and convlib does not: cells of a view, settings, what is spread.

`WayBack` is one for readers too: every product of a convolution, on its way back.
"""

from convlens.facts.way_back import WayBack

__all__ = ["WayBack"]
