"""Check a convolution: `conv2d` in any of its shapes, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import SECONDS, Both, begun, examine
from convlens.check.mistakes import LAYER
from convlens.check.orders import ORDERS
from convlens.check.peak import within_memory
from convlens.check.report import Report
from convlens.check.run import Run
from convlens.check.task import Task
from convlib.arguments import choice, refusal
from convlib.convolution import conv2d as right

__all__ = ["conv2d"]

Pair = tuple[int, int]
Axes = tuple[str, str]

#: Axes of x and of w that go together, from the plainest on.
SHAPES = (("HW", "HW"), ("CHW", "CHW"), ("CHW", "OCHW"), ("NCHW", "CHW"), ("NCHW", "OCHW"))


def conv2d(
    function: Any,
    *,
    x: str | None = None,
    w: str | None = None,
    memory: float | None = None,
    needs: tuple[str, ...] = (),
    **asked: Unpack[Asked],
) -> Report:
    """Check a function that does what `convlib.conv2d` does, or a part of it.

    Parameters
    ----------
    function : callable
        Takes an input and a kernel. Of bias, stride, padding, dilation, groups, padding_mode and
        layout it gets those that its signature has, by name.
    x : {"HW", "CHW", "NCHW"}, optional
        Axes of the input: one plane, one image, or a batch.
    w : {"HW", "CHW", "OCHW"}, optional
        Axes of the kernel: one plane, one kernel, or O filters. Without `x` and `w` the function is
        tried on all of them, and need not take them all.
    memory : float, optional
        Ask for little memory besides: at its peak the function has to hold fewer bytes than so many
        times those of its input and output. For one image and one kernel.
    needs : tuple of str
        Names of keyword arguments that it must have, such as ("bias",).
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def sum_of_products(x, w):
    ...     windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    ...     return (windows * w[::-1, ::-1]).sum(axis=(2, 3))
    >>> report = conv2d(sum_of_products, x="HW", w="HW")
    >>> report.ok, report.diagnosis
    (False, 'the kernel is flipped, up-down and left-right: that is a convolution')
    """
    _refuse_unknown(x, w, memory)
    both, seconds = begun(asked), asked.get("seconds", SECONDS)
    shapes = [s for s in SHAPES if x in (None, s[0]) and w in (None, s[1])]
    taken = _taken(shapes, function, seconds, both) if len(shapes) > 1 else shapes
    cases = [case for row in ROWS for shape in taken or shapes[:1] for case in row.on(*shape)]
    task = Task(
        right,
        cases,
        LAYER,
        NEUTRAL,
        needs=needs,
        then="race it with %timeit against convlib.conv2d.",
    )
    # What took none of the shapes, or too long, is told with a clock of its own.
    report = examine(task, function, both if taken else None, **asked)
    if memory is None or not report.ok:
        return report
    return within_memory(report, task, function, memory, seconds)


def _refuse_unknown(x: str | None, w: str | None, memory: float | None) -> None:
    """Refuse axes that are not known, or do not go together."""
    given = {"x": x, "w": w}
    for name, value, known in (("x", x, "HW CHW NCHW"), ("w", w, "HW CHW OCHW")):
        if value is not None:
            choice(name, value, known.split(), given)
    if (x == "HW") != (w == "HW") and None not in (x, w):
        change = "Give both a plane each, or neither."
        raise refusal(ValueError, "this input and this kernel do not go together", change, given)
    if memory is not None and (x, w) != ("CHW", "CHW"):
        change = 'Give x="CHW" and w="CHW" with it.'
        raise refusal(ValueError, "memory is measured with one image and kernel", change, given)


#: What takes no effect, for arguments that a function demands and a case does not speak of.
NEUTRAL = {
    "bias": lambda a: _bias(a["w"], a.get("layout", "NCHW")) * 0,
    "stride": lambda a: (1, 1),
    "dilation": lambda a: (1, 1),
}


@dataclass(frozen=True)
class Row:
    """One kind of example, for inputs and kernels of any shape.

    Attributes
    ----------
    what : str
    size, kernel : (int, int)
        Rows and columns of the image and of the kernel, unequal so that no transposition hides.
    given : dict
        Keyword arguments; bias=True for a bias.
    kind : str
        "" for small integers, "fractions" or "bytes" for others, or a memory order.
    channels, filters : int
    grows : bool
        Whether the image is larger than the kernel in later draws; all else grows in any case, so
        that no constant passes for a count of taps or of channels.
    """

    what: str
    size: Pair
    kernel: Pair
    given: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    channels: int = 3
    filters: int = 5
    grows: bool = True

    def on(self, x: str, w: str) -> Iterator[Case]:
        """Yield the case for these axes, where there is one."""
        if self.given.get("groups", 1) > 1 and w != "OCHW":
            return
        if self.given.get("layout") == "NHWC" and x == "HW":
            return
        yield Case(self.what, partial(self.draw, x, w), f"x {_axes(x)}, w {_axes(w, 'K')}")

    def draw(self, x: str, w: str, number: int) -> Arguments:
        """Draw arguments: small ones first, then larger ones with other numbers."""
        rng = np.random.default_rng([number, *self.what.encode()])
        taps = _larger(self.kernel, number)
        size = (self.size[0] + 3 * number, self.size[1] + 5 * number) if self.grows else taps
        groups = self.given.get("groups", 1)
        channels, outputs = self.channels + number * groups, self.filters + number * groups
        image = rng.integers(0, 10, (2 + number, channels, *size))
        filters = rng.integers(-4, 5, (outputs, channels // groups, *taps))
        filters[filters == 0] = 5
        arguments = {"x": image[(0,) * (4 - len(x))], "w": filters[(0,) * (4 - len(w))]}
        given = dict(self.given)
        if given.get("layout") == "NHWC":
            arguments = {"x": np.moveaxis(arguments["x"], -3, -1), "w": _hwio(arguments["w"])}
        arguments = {**arguments, **given}
        if given.get("bias"):
            arguments["bias"] = _bias(arguments["w"], given.get("layout", "NCHW"))
        return _as(self.kind, arguments)


def _larger(kernel: Pair, number: int) -> Pair:
    """Let the longer side of a kernel grow faster, so that it stays wide or tall."""
    rows, columns = kernel
    if rows == columns == 1:
        return kernel
    down, right_ = (number if a >= b else number // 2 for a, b in (kernel, kernel[::-1]))
    return rows + down, columns + right_


def _axes(letters: str, before: str = "") -> str:
    """Write "OCHW" as "(O, C, KH, KW)"."""
    return f"({', '.join(before + c if c in 'HW' else c for c in letters)})"


def _hwio(w: Any) -> Any:
    """Move the axes of a kernel as the layout NHWC has them."""
    return np.ascontiguousarray(w.transpose(*range(w.ndim)[-2:], *range(w.ndim)[-3::-1]))


def _bias(w: Any, layout: str) -> Any:
    """Make a bias with another number for each filter; a single number for one kernel."""
    count = w.shape[0 if layout == "NCHW" else -1] if w.ndim == 4 else 1
    return np.arange(count) * 7 + 20 if w.ndim == 4 else np.asarray(20)


def _as(kind: str, arguments: Arguments) -> Arguments:
    """Turn the numbers, or their order in memory, into the kind that a case is about."""
    x, w = arguments["x"], arguments["w"]
    if kind == "fractions":
        return {**arguments, "w": w / 4}
    if kind == "bytes":
        return {**arguments, "x": (x + 246).astype(np.uint8), "w": np.abs(w).astype(np.uint8)}
    return {**arguments, "x": ORDERS[kind](x)} if kind else arguments


ROWS = (
    Row("a wide kernel", (4, 6), (2, 3)),
    Row("a tall kernel", (6, 4), (3, 2)),
    Row("a square kernel", (5, 4), (2, 2)),
    Row("a kernel as large as the image", (3, 4), (3, 4), grows=False),
    Row("a single tap", (2, 3), (1, 1)),
    Row("fractions as weights", (4, 6), (2, 3), kind="fractions"),
    Row("a bias", (4, 6), (2, 3), {"bias": True}),
    Row("stride=2", (6, 9), (3, 2), {"stride": 2}),
    Row("stride=(2, 3)", (6, 9), (3, 2), {"stride": (2, 3)}),
    Row("a single tap with a stride", (3, 6), (1, 1), {"stride": 2}),
    Row("padding=1", (4, 6), (2, 3), {"padding": 1}),
    Row("padding=(1, 2)", (4, 6), (2, 3), {"padding": (1, 2)}),
    Row("padding on four sides", (4, 6), (2, 3), {"padding": ((1, 0), (2, 3))}),
    Row('padding="same"', (4, 6), (2, 4), {"padding": "same"}),
    Row('padding="same_lower"', (4, 6), (2, 4), {"padding": "same_lower"}),
    Row("dilation=2", (6, 8), (2, 3), {"dilation": 2}),
    Row("dilation=(3, 2)", (8, 9), (2, 3), {"dilation": (3, 2)}),
    Row("reflected padding", (4, 6), (2, 3), {"padding": (1, 2), "padding_mode": "reflect"}),
    Row("replicated padding", (4, 6), (2, 3), {"padding": (1, 2), "padding_mode": "replicate"}),
    Row("circular padding", (4, 6), (2, 3), {"padding": (1, 2), "padding_mode": "circular"}),
    Row("two groups", (4, 6), (2, 3), {"groups": 2}, channels=4, filters=6),
    Row("channels last", (4, 6), (2, 3), {"layout": "NHWC"}),
    Row(
        "stride, padding and dilation together",
        (7, 9),
        (2, 3),
        {"stride": (2, 3), "padding": (1, 2), "dilation": (3, 2)},
    ),
    Row("an image in Fortran order", (4, 6), (2, 3), kind="Fortran"),
    Row("an image cut out of a larger one", (4, 6), (2, 3), kind="sliced"),
    Row("a reversed image", (4, 6), (2, 3), kind="reversed"),
    Row("uint8, whose sums pass 255", (4, 6), (2, 3), kind="bytes"),
)


def _taken(shapes: Sequence[Axes], function: Any, seconds: float, both: Both) -> list[Axes]:
    """Choose the axes for which the function does not raise on the plainest example."""
    chosen = []
    for shape in shapes if callable(function) else ():
        (case,) = ROWS[0].on(*shape)
        run = Run(Task(right, [case], (), NEUTRAL), function, seconds, *both)
        outcome = run(case.make(0))
        if outcome.late:
            break  # once is enough
        if outcome.returned:
            chosen.append(shape)
    return chosen
