"""Examples of one axis: sizes that fit, chosen by hand first and drawn at random after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from convlens.check.case import Arguments, Case

__all__ = ["kind"]

Choices = Mapping[str, Sequence[int]]

#: What an argument may be, where the example chosen by hand has it at all.
CHOICES: Choices = {
    "size": range(4, 20),
    "kernel": range(2, 5),
    "stride": range(2, 5),
    "padding": range(1, 4),
    "dilation": range(2, 4),
}


def kind(
    what: str,
    first: Mapping[str, int],
    *,
    fits: bool = True,
    count: int = 4,
    **choices: Sequence[int],
) -> tuple[Case, ...]:
    """Make cases of one kind: `first`, then others with the same arguments, drawn at random.

    A single number agrees by chance with a wrong one, so that one example of a kind is too few.
    """
    draw = partial(_draw, what, first, {**CHOICES, **choices}, fits)
    return tuple(Case(what, partial(_from, draw, k)) for k in range(count))


def _from(draw: partial[Arguments], begin: int, number: int) -> Arguments:
    """Count the examples of a kind from another one on."""
    return draw(begin + number)


def _draw(
    what: str, first: Mapping[str, int], choices: Choices, fits: bool, number: int
) -> Arguments:
    if number == 0:
        return dict(first)
    rng = np.random.default_rng([number, *what.encode()])
    drawn = {name: int(rng.choice(choices[name])) for name in first}
    if fits:
        extent = (drawn["kernel"] - 1) * drawn.get("dilation", 1) + 1
        drawn["size"] = max(drawn["size"], extent - 2 * drawn.get("padding", 0))
    return drawn
