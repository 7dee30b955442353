"""Measure the memory that a reader's function holds while it runs, where little is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from convlens.check.answers import complaint
from convlens.check.calling import Outcome
from convlens.check.held import held
from convlens.check.mistakes.memory import all_channels_held, patches_copied
from convlens.check.report import Report
from convlens.check.signature import Signature
from convlens.check.slips import Mistake
from convlens.check.task import Task
from convlib.convolution import conv2d
from convlib.geometry import Geometry

__all__ = ["within_memory"]

WHAT = "memory at the peak"
# Large enough for patches to stand out, and small enough for a loop in Python.
X = np.arange(3 * 48 * 64, dtype=np.float32).reshape(3, 48, 64) % 7
W = np.arange(3 * 3 * 4, dtype=np.float32).reshape(3, 3, 4) % 5
SIZES = Geometry(X.shape[1:], W.shape[1:], channels=len(X))


def within_memory(report: Report, task: Task, function: Any, most: float, seconds: float) -> Report:
    """Judge once more a cross-correlation of one image, whose numbers are right already.

    Parameters
    ----------
    report : Report
        The verdict on its numbers.
    task : Task
        What was asked for.
    function : callable
        Takes an image (C, H, W) and a kernel (C, KH, KW).
    most : float
        It has to hold fewer bytes than so many times its input and its output.
    seconds : float
        Time limit of the call.

    Returns
    -------
    Report
    """
    image, output, _ = (count * X.itemsize for count in SIZES.counts)
    limit = int(most * (image + output))
    outcome, peak = _measured(task, function, W, seconds)
    wrong = complaint(outcome, conv2d(X, W), (), seconds)
    if wrong is None and peak >= limit:  # once more: the first call of all has costs of its own
        peak = min(peak, _measured(task, function, W, seconds)[1])
    if wrong is None and peak < limit:
        return replace(report, tried=(*report.tried, WHAT))
    title = f"not yet: {WHAT}, with x {X.shape} and w {W.shape}, float32"
    if wrong:
        return Report(report.name, title, wrong=wrong, tried=report.tried)
    wrong = f"it held {peak:,} bytes at the peak; fewer than {limit:,} are asked for"
    found = _kind_of_waste(task, function, peak, seconds)
    diagnosis, remedy = (found.diagnosis, found.remedy) if found else (None, None)
    return Report(
        report.name, title, wrong=wrong, diagnosis=diagnosis, remedy=remedy, tried=report.tried
    )


def _kind_of_waste(task: Task, function: Any, peak: int, seconds: float) -> Mistake | None:
    """Tell what is held from how it shrinks with the taps, and with the channels."""
    image, _, patches = (count * X.itemsize for count in SIZES.counts)
    one_tap = _measured(task, function, W[:, :1, :1], seconds)[1]
    if peak - one_tap > 0.8 * (patches - image):
        return patches_copied
    one_channel = _measured(task, function, W[:1, :1, :1], seconds, X[:1])[1]
    grown = one_tap - one_channel > 0.8 * (X.nbytes - X[:1].nbytes)
    return all_channels_held if grown else None


def _measured(task: Task, function: Any, w: Any, seconds: float, x: Any = X) -> tuple[Outcome, int]:
    """Call the function once, and count the bytes that it holds at its worst moment."""
    arguments = {"x": x, "w": w}
    return held(function, arguments, Signature(function, task).keywords(arguments), seconds)
