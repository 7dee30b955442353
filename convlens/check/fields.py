"""Check how the receptive field of a stack of layers is worked out, along one axis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.fields import fields
from convlens.check.report import Report
from convlens.check.task import Task

__all__ = ["receptive_field"]

Layers = list[tuple[int, int, int]]


def receptive_field(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that works out how many rows of the image a deep cell sees.

    Parameters
    ----------
    function : callable
        Takes a list of (kernel size, stride, dilation), three int for each layer, from the image
        up. Returns an int: the rows from the first that a cell on top sees to the last.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> report = receptive_field(lambda layers: 1 + sum((k - 1) * d for k, s, d in layers))
    >>> report.diagnosis
    'the jump is forgotten: the strides of the layers below are not used'
    """
    task = Task(
        _size,
        FIELDS,
        fields,
        steps=frozenset(),
        draws=40,
        then="put the layer with the stride first, then last: which sees more?",
    )
    return examine(task, function, **asked)


def _size(layers: Layers) -> int:
    found, jump = 1, 1
    for kernel, stride, dilation in layers:
        found += (kernel - 1) * dilation * jump
        jump *= stride
    return found


def _draw(what: str, first: Layers, varied: Sequence[int], number: int) -> Arguments:
    """Draw as many layers as `first` has, with the same of kernel, stride, dilation at 1."""
    if number == 0:
        return {"layers": list(first)}
    rng = np.random.default_rng([number, *what.encode()])
    count = len(first) + number % 2 * (len(first) > 1)
    choices = (range(2, 6), range(2, 4), range(2, 4))
    return {
        "layers": [
            tuple(int(rng.choice(choices[k])) if k in varied else 1 for k in range(3))
            for _ in range(count)
        ]
    }


def _from(draw: partial[Arguments], begin: int, number: int) -> Arguments:
    """Count the examples of a kind from another one on."""
    return draw(begin + number)


def _kind(what: str, first: Layers, varied: Sequence[int]) -> tuple[Case, ...]:
    draw = partial(_draw, what, first, varied)
    return tuple(Case(what, partial(_from, draw, k)) for k in range(4))


KERNEL, STRIDE, DILATION = 0, 1, 2
FIELDS = (
    *_kind("one layer", [(3, 1, 1)], (KERNEL,)),
    *_kind("one layer with a stride", [(3, 2, 1)], (KERNEL, STRIDE)),
    *_kind("two layers", [(3, 1, 1), (4, 1, 1)], (KERNEL,)),
    *_kind("two layers with strides", [(3, 2, 1), (4, 3, 1)], (KERNEL, STRIDE)),
    *_kind("one layer with a dilation", [(3, 1, 2)], (KERNEL, DILATION)),
    *_kind("two layers with dilations", [(3, 1, 2), (2, 1, 3)], (KERNEL, DILATION)),
    *_kind(
        "strides and dilations together",
        [(3, 2, 2), (2, 3, 1), (4, 1, 3)],
        (KERNEL, STRIDE, DILATION),
    ),
)
