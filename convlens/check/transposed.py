"""Check a transposed convolution: `conv_transpose2d` in any of its shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import SECONDS, Both, begun, examine
from convlens.check.mistakes.transposed import transposed
from convlens.check.report import Report
from convlens.check.run import Run
from convlens.check.task import Task
from convlib.adjoint.transpose import conv_transpose2d as right
from convlib.arguments import choice

__all__ = ["conv_transpose2d"]

Pair = tuple[int, int]

#: Axes of x and of w that go together.
SHAPES = {"HW": "HW", "CHW": "COHW", "NCHW": "COHW"}


def conv_transpose2d(function: Any, *, x: str | None = None, **asked: Unpack[Asked]) -> Report:
    """Check a function that does what `convlib.conv_transpose2d` does, or a part of it.

    Parameters
    ----------
    function : callable
        Takes an input and a kernel, (KH, KW) for one plane and (C, O, KH, KW) otherwise. Of bias,
        stride, padding, output_padding, groups and dilation it gets those that its signature has.
    x : {"HW", "CHW", "NCHW"}, optional
        Axes of the input: one plane, one image, or a batch. Without it the function is tried on all
        of them, and need not take them all.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def spread(x, w):
    ...     y = np.zeros(np.add(x.shape, w.shape) - 1, int)
    ...     for i, j in np.ndindex(*x.shape):
    ...         y[i : i + len(w), j : j + len(w[0])] = x[i, j] * w
    ...     return y
    >>> conv_transpose2d(spread, x="HW").diagnosis
    'where windows overlap, only the last number is kept'
    """
    if x is not None:
        choice("x", x, tuple(SHAPES), {"x": x})
    both, seconds = begun(asked), asked.get("seconds", SECONDS)
    taken = [axes for axes in SHAPES if x is None and _takes(function, axes, seconds, both)]
    shapes = taken if x is None else [x]
    cases = [case for row in ROWS for axes in shapes or ["HW"] for case in row.on(axes)]
    return examine(
        Task(
            right,
            cases,
            transposed,
            NEUTRAL,
            then="hold it against the gradient of a convolution by its input.",
        ),
        function,
        both if shapes else None,
        **asked,
    )


#: What takes no effect, for arguments that a function demands and a case does not speak of.
NEUTRAL = {
    "bias": lambda a: _bias(a["w"], a.get("groups", 1)) * 0,
    "stride": lambda a: (1, 1),
    "dilation": lambda a: (1, 1),
    "padding": lambda a: (0, 0),
    "output_padding": lambda a: (0, 0),
}


@dataclass(frozen=True)
class Row:
    """One kind of example, for inputs with any axes.

    Attributes
    ----------
    what : str
    size, kernel : (int, int)
        Rows and columns of x and of w.
    given : dict
        Keyword arguments; bias=True for a bias.
    channels, filters : int
        Of x, and of the output for each group.
    bytes : bool
        Whether the numbers are uint8.
    """

    what: str
    size: Pair
    kernel: Pair
    given: Mapping[str, Any] = field(default_factory=dict)
    channels: int = 2
    filters: int = 3
    bytes: bool = False

    def on(self, x: str) -> Iterator[Case]:
        """Yield the case for these axes, where there is one."""
        if x == "HW" and self.given.get("groups", 1) > 1:
            return
        axes = {"HW": "(H, W)", "CHW": "(C, H, W)", "NCHW": "(N, C, H, W)"}[x]
        kernel = "(KH, KW)" if x == "HW" else "(C, O, KH, KW)"
        yield Case(self.what, partial(self.draw, x), f"x {axes}, w {kernel}")

    def draw(self, x: str, number: int) -> Arguments:
        """Draw arguments: small ones first, then larger ones with other numbers."""
        rng = np.random.default_rng([number, *self.what.encode()])
        size = self.size[0] + number, self.size[1] + 2 * number
        images = rng.integers(1, 10, (2 + number, self.channels, *size))
        filters = rng.integers(-4, 5, (self.channels, self.filters, *self.kernel))
        filters[filters == 0] = 5
        image = images[(0,) * (4 - len(x))]
        w = filters[(0,) * (4 - len(SHAPES[x]))]
        if self.bytes:
            image, w = (image + 240).astype(np.uint8), np.abs(w).astype(np.uint8)
        arguments = {"x": image, "w": w, **self.given}
        if self.given.get("bias"):
            arguments["bias"] = _bias(w, 1)
        return arguments


def _bias(w: Any, groups: int) -> Any:
    """Make a bias with another number for each channel of the output; one for a plane."""
    return np.arange(w.shape[1] * groups) * 7 + 20 if w.ndim == 4 else np.asarray(20)


ROWS = (
    # As many channels out as in: the axes of w can be confused without an error.
    Row("a wide kernel", (2, 3), (2, 3), channels=3),
    Row("a tall kernel", (3, 2), (3, 2)),
    Row("a square kernel", (2, 4), (2, 2)),
    Row("a single number", (1, 1), (3, 2)),
    Row("a single tap", (2, 3), (1, 1)),
    Row("stride=2", (2, 3), (2, 3), {"stride": 2}),
    Row("stride=(2, 3)", (3, 4), (3, 4), {"stride": (2, 3)}),
    Row("a stride larger than the kernel", (2, 3), (2, 2), {"stride": (3, 4)}),
    Row("padding=1", (3, 4), (2, 3), {"padding": 1}),
    Row("padding=(1, 2)", (3, 5), (2, 3), {"padding": (1, 2)}),
    Row("output_padding=1", (2, 3), (3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    Row(
        "output_padding=(1, 2)",
        (2, 3),
        (3, 4),
        {"stride": (2, 3), "padding": (1, 2), "output_padding": (1, 2)},
    ),
    Row("dilation=2", (3, 4), (2, 3), {"dilation": 2}),
    Row("dilation=(3, 2)", (3, 4), (2, 3), {"dilation": (3, 2)}),
    Row("a bias", (2, 3), (2, 3), {"bias": True}),
    Row("two groups", (2, 3), (2, 3), {"groups": 2}, channels=4),
    Row(
        "stride, padding and dilation together",
        (3, 4),
        (2, 3),
        {"stride": (2, 3), "padding": (1, 2), "dilation": (3, 2)},
    ),
    Row("uint8, whose sums pass 255", (2, 3), (2, 3), bytes=True),
)


def _takes(function: Any, axes: str, seconds: float, both: Both) -> bool:
    """Whether the function has an answer for the plainest example with these axes."""
    (case,) = ROWS[0].on(axes)
    run = Run(Task(right, [case], (), NEUTRAL), function, seconds, *both)
    return callable(function) and run(case.make(0)).returned
