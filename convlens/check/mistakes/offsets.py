"""What goes wrong when offsets are counted."""

from __future__ import annotations

from convlens.check.mistakes.rule import Pair, Rule, rule
from convlens.check.mistakes.shared import SQUARE, dilations, of_floats, undilated
from convlens.check.slips import Slips


def _made(shape: tuple[int, int, int], kernel_size: Pair, dilation: Pair = (1, 1)) -> Rule:
    return rule(shape, (shape[0], *kernel_size), 1, (1, *dilation))


def _last(r: Rule) -> Rule:
    """Step as in an image with its channels last."""
    channels, _, columns = r.all("size")
    return r.stepped(1, columns * channels, channels)


offsets = Slips(_made, lambda r: r.offsets.ravel())
dilations(offsets)
offsets(
    "one row further is taken to be H elements: height and width have changed places",
    "A row is as long as the image is wide: one row further is W elements.",
    lambda r: r.at(1, tap_step=r.axes[1].size),
)
offsets(
    "one row further is taken to be as far as the output is wide",
    "Taps lie in the image: one row further is W elements, not W - KW + 1.",
    lambda r: r.at(1, tap_step=r.axes[2].places),
)
offsets(
    "the taps are numbered within the kernel, not within the image",
    "Between two rows of taps lies the rest of an image row: one row further is W elements.",
    lambda r: r.stepped(r.axes[1].taps * r.axes[2].taps, r.axes[2].taps, 1),
)
offsets(
    "the channel moves nothing: all channels have the offsets of the first",
    "With channels first, one channel further is H*W elements.",
    lambda r: r.at(0, tap_step=0),
)
offsets(
    "only the taps of one channel are there",
    "A kernel (C, KH, KW) has C*KH*KW taps: add a term for the channel.",
    lambda r: r.at(0, taps=1),
)
offsets(
    "the image is taken for one with its channels last",
    "In (C, H, W) a channel lies in one piece: one channel further is H*W elements, one row W and "
    "one column 1.",
    _last,
)
offsets(
    "the shape is read as (H, W, C)",
    "Here the channels come first: the shape is (C, H, W).",
    lambda r: r.at(0, taps=r.axes[2].size).stepped(
        1, r.axes[1].size * r.axes[2].size, r.axes[2].size
    ),
)
offsets(
    "the taps are listed pixel by pixel: all channels of one, then of the next",
    "List them channel by channel, in the order of a flattened (C, KH, KW) kernel.",
    shape=lambda y, r: y.reshape(r.all("taps")).transpose(1, 2, 0).ravel(),
)
offsets(
    "the taps are listed column by column",
    "List them row by row: u on the axis before that of v.",
    shape=lambda y, r: y.reshape(r.all("taps")).transpose(0, 2, 1).ravel(),
)
offsets(
    "the table of offsets is not flattened",
    "Wanted is one row of numbers: flatten the table at the end.",
    shape=lambda y, r: y.reshape(r.all("taps")),
)
offsets(
    "the dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the start.",
    lambda r: r.each(undilated),
)
offsets(
    "the image is taken for one with its channels last, and the taps are listed pixel by pixel",
    "In (C, H, W) a channel lies in one piece: one channel further is H*W elements, one row W and "
    "one column 1. List the taps channel by channel.",
    _last,
    shape=lambda y, r: y.reshape(r.all("taps")).transpose(1, 2, 0).ravel(),
)
offsets(
    "one channel further is taken to be as far as the kernel has taps",
    "Taps lie in the image: with channels first, one channel further is H*W elements.",
    lambda r: r.at(0, tap_step=r.axes[1].taps * r.axes[2].taps),
)
offsets(
    "one channel further is taken to be the next element",
    "So it is with channels last; with channels first, one channel further is H*W elements.",
    lambda r: r.at(0, tap_step=1),
)
offsets(
    "there is a row of offsets for each channel",
    "Wanted is one row of numbers, channel after channel: flatten the table at the end.",
    shape=lambda y, r: y.reshape(r.axes[0].taps, -1),
)
offsets(
    "the columns of taps are not spread: the second dilation is ignored",
    "Tap (u, v) lies u*dilation[0] rows and v*dilation[1] columns from the start.",
    lambda r: r.at(2, spread=1),
)
offsets(
    "the dilation leaves taps out: the steps go on only as far as the kernel is long",
    "A dilated kernel has as many taps as before: multiply u by dilation[0] and v by dilation[1].",
    lambda r: r.each(lambda a: a.but(taps=-(-a.taps // a.spread))),
)
offsets(SQUARE, "kernel_size is (KH, KW): rows first, then columns.", lambda r: r.first("taps"))
offsets(
    "the pixels of a channel are numbered column by column",
    "Flat indices run along rows: one row further is W elements, one column 1.",
    lambda r: r.at(1, tap_step=1).at(2, tap_step=r.axes[1].size),
)
offsets(
    "offsets are counted from 1",
    "The first tap lies at the start itself: its offset is 0.",
    shape=lambda y, r: y + 1,
)
offsets(
    "the offsets are floats, which cannot be used as indices",
    "np.zeros makes floats: ask for dtype=int.",
    shape=lambda y, r: y.astype(float),
    shows=of_floats,
    explains=False,
)
