"""What goes wrong with a transposed convolution's zeros, the room of its output, and groups."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, around
from convlens.check.mistakes.spread import Spread
from convlens.check.slips import Slips


def _cut(y: Any, rows: slice, columns: slice) -> Any:
    return y[..., rows, columns]


def _roomy(y: Any, a: Spread, first: bool = False, zeros: bool = False) -> Any:
    """Add the cells of output_padding first, or at both ends; after the cut if they are zeros."""
    (top, left), (p, q) = a.output_padding, a.padding
    y = a.but(padding=ZERO, output_padding=ZERO, cut=None).answer()
    room = [(n, 0 if first else n) for n in (top, left)]
    wide = y if zeros else around(y, *room)
    cut = _cut(wide, slice(p, wide.shape[-2] - p), slice(q, wide.shape[-1] - q))
    return around(cut, *room) if zeros else cut


def _repeated(a: Spread) -> Any:
    """Repeat each number as an image is enlarged."""
    return a.x.repeat(a.stride[0], axis=-2).repeat(a.stride[1], axis=-1)


def _without_the_last(x: Any, a: Spread) -> Any:
    """End with the last number itself."""
    down, right = a.stride
    return _cut(x, slice(x.shape[-2] - down + 1), slice(x.shape[-1] - right + 1))


def _padded_as_it_is(y: Any, a: Spread) -> Any:
    """Keep the places of a kernel on the input with its zeros and its padding."""
    each = zip(a.w.shape[-2:], a.dilation, a.padding, y.shape[-2:], strict=True)
    rows, columns = (((k - 1) * d - p, n) for k, d, p, n in each)
    wide = around(y, *((max(-less, 0),) * 2 for less, _ in (rows, columns)))
    return _cut(wide, *(slice(max(less, 0), n - less) for less, n in (rows, columns)))


def _turns(a: Spread, channels: int) -> Any:
    """Number channels as they are dealt out to the groups in turn."""
    return np.arange(channels).reshape(-1, a.groups).T.ravel()


def _dealt(a: Spread, *names: str) -> Spread:
    """Deal channels out in turn, in x or in w."""
    if a.groups == 1:
        return a
    order = _turns(a, len(a.w))
    taken = {"x": a.x.take(order, -3), "w": a.w[order]}
    return a.but(**{name: taken[name] for name in names})


spaces = Slips(Spread.of, Spread.answer)

spaces(
    "output_padding is at the top and the left, not at the bottom and the right",
    "The output has so many rows more at its bottom, and so many columns at its right.",
    lambda a: a.but(cut=partial(_roomy, first=True)),
)
spaces(
    "output_padding is filled with zeros, and at the top and the left",
    "Make the output larger at its bottom and right before you spread: the taps that fall there "
    "count.",
    lambda a: a.but(cut=partial(_roomy, first=True, zeros=True)),
)
spaces(
    "output_padding is added at both ends",
    "The output has so many rows more at its bottom alone, and so many columns at its right.",
    lambda a: a.but(cut=_roomy),
)
spaces(
    "between the numbers stand copies of them, not zeros",
    "np.repeat enlarges an image; here stride - 1 zeros stand between two numbers.",
    lambda a: a.but(x=_without_the_last(_repeated(a), a), stride=ONE),
)
spaces(
    "each number is repeated as often as the stride says, the last one too",
    "np.repeat enlarges an image; here stride - 1 zeros stand between two numbers, and none "
    "after the last.",
    lambda a: a.but(x=_repeated(a), stride=ONE),
)
spaces(
    "the numbers with their zeros are padded by padding, not by (K - 1)*dilation - padding",
    "A padding of the transposed convolution makes the output smaller: with zeros in between, "
    "pad by (K - 1)*dilation - padding and convolve with the turned kernel.",
    lambda a: a.but(cut=_padded_as_it_is),
)
spaces(
    "the groups deal the channels out in turn, those of x and of w",
    "Group g has the channels from g*C/groups on, one after the other: x[g*C//groups :].",
    lambda a: _dealt(a, "x", "w"),
)
spaces(
    "the groups deal the channels of x out in turn, but not those of w",
    "Group g has the channels from g*C/groups on, one after the other: x[g*C//groups :].",
    lambda a: _dealt(a, "x"),
)
spaces(
    "the channels of the output are dealt out to the groups in turn",
    "Group g fills the O channels from g*O on: put the outputs of the groups one behind the other.",
    shape=lambda y, a: y.take(_turns(a, y.shape[-3]), -3) if a.groups > 1 else y,
)
