"""What goes wrong when windows are shown by byte strides: each view has one mistake in its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlens.check.calling import Outcome
from convlens.check.task import mistake, observed
from convlib.geometry import Geometry


class _Rule:
    """The numbers that the rule of a window view is made of."""

    def __init__(self, x: Any, kernel_size: Any, stride: Any, dilation: Any) -> None:
        g = Geometry(x.shape, kernel_size, stride=stride, dilation=dilation)
        self.x, self.places, self.taps = x, g.output_size, g.kernel_size
        self.steps, self.stride, self.dilation = x.strides, g.stride, g.dilation

    def counted(self, spans: Any) -> Any:
        """Count the places of windows that span so many rows and columns."""
        each = zip(self.x.shape, spans, self.stride, strict=True)
        return tuple((size - span) // step + 1 for size, span, step in each)

    def view(self) -> Any:
        (row, column), (down, right) = self.steps, self.stride
        jumps = down * row, right * column, self.dilation[0] * row, self.dilation[1] * column
        return as_strided(self.x, (*self.places, *self.taps), jumps, writeable=False)


def on_rule(wrong: Callable[[_Rule], Any]) -> Callable[..., Any]:
    """Let a mistake spoil a rule that was worked out once for all of them."""

    def of_array(x: Any, kernel_size: Any, stride: Any = 1, dilation: Any = 1) -> Any:
        return wrong(_Rule(x, kernel_size, stride, dilation))

    of_array.__name__ = wrong.__name__
    return of_array


@mistake(
    "the byte strides were worked out from the shape, as if the array lay in C order",
    "Read them from x.strides: a transposed, sliced or reversed array has others.",
)
@on_rule
def strides_from_the_shape(rule: _Rule) -> Any:
    rule.steps = np.empty(rule.x.shape, rule.x.dtype).strides
    return rule.view()


@mistake(
    "the jumps are counted in numbers, not in bytes",
    "Byte strides are bytes: take x.strides as they are.",
)
@on_rule
def jumps_in_elements(rule: _Rule) -> Any:
    rule.steps = tuple(jump // rule.x.itemsize for jump in rule.steps)
    return rule.view()


@mistake(
    "the byte strides of rows and columns have changed places",
    "x.strides is (row, column): the first is the jump to the next row.",
)
@on_rule
def row_and_column_swapped(rule: _Rule) -> Any:
    rule.steps = rule.steps[::-1]
    return rule.view()


@mistake(
    "the axes of the taps come first: (KH, KW, OH, OW)",
    "The first two axes of the view choose the window, the last two the tap in it.",
)
@on_rule
def taps_first(rule: _Rule) -> Any:
    return rule.view().transpose(2, 3, 0, 1)


@mistake(
    "the axes are in the order (OH, KH, OW, KW)",
    "The first two axes of the view choose the window, the last two the tap in it.",
)
@on_rule
def axes_interleaved(rule: _Rule) -> Any:
    return rule.view().transpose(0, 2, 1, 3)


@mistake(
    "there is one window too many, down and to the right: the last ones reach outside",
    "Without stride and dilation there are H - KH + 1 places and W - KW + 1.",
)
@on_rule
def one_window_too_many(rule: _Rule) -> Any:
    rule.places = rule.places[0] + 1, rule.places[1] + 1
    return rule.view()


@mistake(
    "the last row and the last column of windows are missing",
    "There are floor((size - extent) / stride) + 1 places; check the + 1.",
)
@on_rule
def one_window_too_few(rule: _Rule) -> Any:
    return rule.view()[:-1, :-1]


@mistake("the stride is ignored", "The jumps from window to window are multiplied by the stride.")
@on_rule
def stride_ignored(rule: _Rule) -> Any:
    return _Rule(rule.x, rule.taps, 1, rule.dilation).view()


@mistake(
    "the stride makes the view smaller, but is not multiplied into its jumps",
    "Window (i, j) begins i*stride[0] rows down: multiply the first two byte strides.",
)
@on_rule
def stride_in_the_shape_only(rule: _Rule) -> Any:
    rule.stride = 1, 1
    return rule.view()


@mistake(
    "the stride is multiplied into the jumps, but the view has as many windows as with stride 1",
    "Windows that stand farther apart are fewer: divide by the stride, and round down.",
)
@on_rule
def stride_in_the_jumps_only(rule: _Rule) -> Any:
    rule.places = Geometry(rule.x.shape, rule.taps, dilation=rule.dilation).output_size
    return rule.view()


@mistake(
    "the two strides have changed places",
    "stride is (down, right): the first moves rows, the second columns.",
)
@on_rule
def stride_swapped(rule: _Rule) -> Any:
    return _Rule(rule.x, rule.taps, rule.stride[::-1], rule.dilation).view()


@mistake(
    "the jumps from window to window and from tap to tap have changed places",
    "The stride belongs to the first two axes of the view, the dilation to the last two.",
)
@on_rule
def window_and_tap_exchanged(rule: _Rule) -> Any:
    rule.stride, rule.dilation = rule.dilation, rule.stride
    return rule.view()


@mistake(
    "the stride is multiplied into the jumps of the taps too",
    "Within a window the taps stay together: the stride belongs to the first two axes.",
)
@on_rule
def stride_in_all_jumps(rule: _Rule) -> Any:
    rule.steps, rule.stride = tuple(np.multiply(rule.steps, rule.stride)), (1, 1)
    return rule.view()


@mistake(
    "the dilation is ignored",
    "The jumps from tap to tap are multiplied by the dilation, and the window spans more.",
)
@on_rule
def dilation_ignored(rule: _Rule) -> Any:
    return _Rule(rule.x, rule.taps, rule.stride, 1).view()


@mistake(
    "the dilation makes the view smaller, but is not multiplied into the jumps of the taps",
    "Tap (u, v) lies u*dilation[0] rows down: multiply the last two byte strides.",
)
@on_rule
def dilation_in_the_shape_only(rule: _Rule) -> Any:
    rule.dilation = 1, 1
    return rule.view()


@mistake(
    "windows are counted as if the taps stood side by side: the last ones reach outside",
    "A dilated window spans (KH - 1)*dilation[0] + 1 rows: count the places with that.",
)
@on_rule
def dilation_in_the_jumps_only(rule: _Rule) -> Any:
    rule.places = Geometry(rule.x.shape, rule.taps, stride=rule.stride).output_size
    return rule.view()


@mistake(
    "the two dilations have changed places",
    "dilation is (down, right): the first spreads rows, the second columns.",
)
@on_rule
def dilation_swapped(rule: _Rule) -> Any:
    return _Rule(rule.x, rule.taps, rule.stride, rule.dilation[::-1]).view()


@mistake(
    "the dilation is multiplied into the jumps of the windows, not of the taps",
    "The stride belongs to the first two axes of the view, the dilation to the last two.",
)
@on_rule
def dilation_on_the_windows(rule: _Rule) -> Any:
    (down, right), (tap_down, tap_right) = rule.stride, rule.dilation
    rule.stride, rule.dilation = (down * tap_down, right * tap_right), (1, 1)
    return rule.view()


@mistake(
    "the extent of a window is taken to be KH*dilation, which counts the gap after the last tap",
    "From the first to the last of KH taps there are KH - 1 gaps: (KH - 1)*dilation[0] + 1 rows.",
)
@on_rule
def extent_too_large(rule: _Rule) -> Any:
    spans = [k * d for k, d in zip(rule.taps, rule.dilation, strict=True)]
    rule.places = rule.counted(spans)
    return rule.view()


@mistake(
    "there are two windows too many, down and to the right: a 1 is added that should be taken away",
    "A window spans (KH - 1)*dilation[0] + 1 rows; subtract all of it, in parentheses.",
)
@on_rule
def two_windows_too_many(rule: _Rule) -> Any:
    spans = [(k - 1) * d - 1 for k, d in zip(rule.taps, rule.dilation, strict=True)]
    rule.places = rule.counted(spans)
    return rule.view()


@mistake(
    "the dilation is multiplied into the jumps of the windows too",
    "Only the taps stand apart: the dilation belongs to the last two axes.",
)
@on_rule
def dilation_in_all_jumps(rule: _Rule) -> Any:
    rule.stride = tuple(np.multiply(rule.stride, rule.dilation))
    return rule.view()


@mistake(
    "the dilation picks some taps of an undilated window, so that there are fewer",
    "All KH x KW taps stay, farther apart: the window spans (KH - 1)*dilation[0] + 1 rows.",
)
@on_rule
def taps_left_out(rule: _Rule) -> Any:
    view = _Rule(rule.x, rule.taps, rule.stride, 1).view()
    return view[:, :, :: rule.dilation[0], :: rule.dilation[1]]


@mistake(
    "the windows stand right, but each is transposed: its rows run down the image's columns",
    "The last two jumps are those of a tap row and of a tap column, in this order.",
)
@on_rule
def taps_transposed(rule: _Rule) -> Any:
    (row, column), (down, right) = rule.steps, rule.stride
    jumps = down * row, right * column, rule.dilation[0] * column, rule.dilation[1] * row
    return as_strided(rule.x, (*rule.places, *rule.taps), jumps, writeable=False)


@mistake(
    "all windows stand in one line: (OH*OW, KH, KW)",
    "Keep the places in two axes, (OH, OW, KH, KW).",
)
@on_rule
def places_in_one_line(rule: _Rule) -> Any:
    return rule.view().reshape(-1, *rule.taps)


def _shared(outcome: Outcome) -> bool:
    view = outcome.value
    return isinstance(view, np.ndarray) and np.may_share_memory(view, outcome.arguments["x"])


@observed(
    "the windows are a copy, not a view",
    "Show the bytes of x itself: as_strided copies nothing; index lists, reshape and copy do.",
    lambda outcome: not _shared(outcome),
    explains=False,
)
@on_rule
def a_copy(rule: _Rule) -> Any:
    return rule.view().copy()


@observed(
    "the view can be written to",
    "Its windows share pixels, and a write would change several: pass writeable=False.",
    lambda outcome: _shared(outcome) and outcome.value.flags.writeable,
    explains=False,
)
@on_rule
def writeable(rule: _Rule) -> Any:
    view = rule.view()
    return as_strided(rule.x, view.shape, view.strides, writeable=True)
