"""What goes wrong with the groups of a layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlens.check.mistakes.layer import Layer
from convlens.check.slips import Slips

groups = Slips(Layer.of, Layer.answer)


def _in_turn(a: Layer) -> Layer:
    """Let filter o read the channels of group o % groups."""
    if a.groups == 1:
        return a
    count = a.filters.shape[1]
    first = np.arange(len(a.filters)) % a.groups * count
    return a.dealt(np.add.outer(first, np.arange(count)).ravel()).but(groups=len(first))


def _by_group(y: Any, a: Layer) -> Any:
    """Split the axis of the filters, which stand before rows and columns, by groups."""
    return y.reshape(*y.shape[:-3], a.groups, -1, *y.shape[-2:])


groups(
    "the filters are dealt out in turn: filter o to group o % groups",
    "The first O/groups filters are those of the first group: filter o is of group "
    "o // (O // groups).",
    _in_turn,
)
groups(
    "the groups take turns: channel c is of group c % groups, and filter o of group o % groups",
    "A group holds neighbours: its channels are the first C/groups or the next, its filters the "
    "first O/groups or the next.",
    lambda a: _in_turn(a.dealt(np.arange(a.channels).reshape(-1, a.groups).T.ravel())),
)
groups(
    "the outputs of the groups are added up",
    "Each group has filters of its own: put their outputs behind each other, np.concatenate along "
    "the axis of filters.",
    shape=lambda y, a: _by_group(y, a).sum(axis=-4) if a.groups > 1 else y,
)
groups(
    "every group uses the filters of the first",
    "Group g has the filters g*O/groups to (g + 1)*O/groups.",
    lambda a: a.weighing(lambda w: np.tile(w[: len(w) // a.groups], (a.groups, 1, 1, 1))),
)
groups(
    "the outputs of the groups alternate: the first of each, then the second of each",
    "Put all outputs of a group behind each other: np.concatenate, or reshape from "
    "(groups, O/groups).",
    shape=lambda y, a: _by_group(y, a).swapaxes(-4, -3).reshape(y.shape) if a.groups > 1 else y,
)
groups(
    "each group reads the channels of the next, and the last those of the first",
    "Group g reads the channels g*C/groups to (g + 1)*C/groups; count groups from 0.",
    lambda a: a.dealt(np.roll(np.arange(a.channels), -a.filters.shape[1])),
)
