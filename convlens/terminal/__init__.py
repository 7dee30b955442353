"""The moving window in a terminal: the same Frames as every other picture, in text.

`play` shows a whole walk of the reader's own arrays; `text` and `render` draw one Frame. Colours
and keys need rich and a terminal, and everything else needs NumPy alone.
"""

from convlens.terminal.live import perform, play
from convlens.terminal.page import render, text

__all__ = ["perform", "play", "render", "text"]
