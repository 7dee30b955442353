"""What goes wrong when the starts of the windows are listed."""

from __future__ import annotations

from convlens.check.mistakes.rule import axis
from convlens.check.mistakes.shared import extents, padded, unstrided
from convlens.check.slips import Slips

starts = Slips(axis, lambda a: a.starts.tolist())
padded(starts)
extents(starts)
starts(
    "the last start is missing",
    "range ends before its second argument: go one further than the last cell that can be a start.",
    lambda a: a.but(one=a.one + 1),
)
starts(
    "windows that hang over the end are listed",
    "A start counts only where the last tap has a cell too: end earlier, by the window's extent.",
    lambda a: a.but(gaps=0),
)
starts("the stride is ignored", "The third argument of range is the step: the stride.", unstrided)
starts(
    "the windows are numbered 0, 1, 2 instead of placed",
    "Window number i starts at i*stride.",
    lambda a: a.but(move=1),
)
starts(
    "the starts are counted from the first cell of the image, and are negative in the padding",
    "Call the first cell of the padding 0: the first window starts there.",
    lambda a: a.but(begin=a.begin - a.padding),
)
starts(
    "there is one start too many: the last window hangs over the end by a cell",
    "The window's extent is (K - 1)*dilation + 1. The last start is the padded size minus that, "
    "and range ends one further.",
    lambda a: a.but(one=a.one - 1),
)
starts(
    "the first window starts after the padding",
    "A window may stand on padding: call the first cell of the padding 0 and start there.",
    lambda a: a.but(begin=a.begin + a.padding, ends=a.ends - 1),
)
starts(
    "the first start is listed even where the window does not fit",
    "Where the window is longer than the padded axis there is no start: begin with an empty list.",
    shape=lambda y, a: y or [0],
)
starts(
    "the starts are counted from 1",
    "Call the first cell 0: the first window starts there.",
    lambda a: a.but(begin=a.begin + 1),
)
starts(
    "the last cell of every window is listed, not the first",
    "Window number i starts at i*stride; it ends an extent later.",
    lambda a: a.but(begin=a.begin + a.extent - 1),
)
starts(
    "the middle of every window is listed, not its first cell",
    "Window number i starts at i*stride; its middle lies half an extent later.",
    lambda a: a.but(begin=a.begin + a.extent // 2),
)
starts(
    "the middle of every window is listed, by half of K - 1, not its first cell",
    "Window number i starts at i*stride; its middle lies half an extent later.",
    lambda a: a.but(begin=a.begin + (a.extent - 1) // 2),
)
starts(
    "one more window is listed, flush with the end of the axis",
    "The stride alone says where windows start: what is left over at the end is not seen.",
    shape=lambda y, a: sorted({*y, a.room}) if y else y,
)
