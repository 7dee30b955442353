"""How long a reader waits for a picture: `python -m benchmarks.latency`.

Processor time, the median of some rounds, beside a budget: to show an explorer or a still picture
for the first time (a PNG is rendered), and to answer a movement of a slider (none is).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import cbook, pyplot

from convlens import draw, explore
from convlib import Walk
from convlib.way_back import WayBack

ROUNDS = 7
SMALL, PHOTOGRAPH, MOVE = 0.2, 0.4, 0.04  # budgets, seconds of processor time

Show = Callable[[], Any]


def cases() -> dict[str, tuple[Show, float]]:
    """What is shown, and within which budget: arrays that can be read, and a photograph."""
    rng = np.random.default_rng(0)
    x, w = rng.integers(0, 10, (5, 7)), rng.integers(-3, 4, (2, 3))
    deep, filters = rng.integers(0, 10, (2, 3, 5, 6)), rng.integers(-3, 4, (4, 3, 2, 3))
    grad = rng.integers(-3, 4, (4, 5))
    photo = pyplot.imread(cbook.get_sample_data("grace_hopper.jpg"))[:512, :512]
    rgb = np.ascontiguousarray(photo.transpose(2, 0, 1))
    kernel = rng.normal(size=(1, 3, 5, 4))
    small: dict[str, Show] = {
        "explore.window": lambda: explore.window(x, w),
        "explore.index_grid": lambda: explore.index_grid(x, w),
        "explore.byte_strides": lambda: explore.byte_strides(x.astype(np.float32), w),
        "explore.output_size": lambda: explore.output_size(x, (2, 3)),
        "explore.layouts": lambda: explore.layouts(deep, filters),
        "explore.way_back": lambda: explore.way_back(grad, x, w),
        "explore.transposed": lambda: explore.transposed(x[:3, :4], w),
        "explore.receptive_field": lambda: explore.receptive_field([(3,), (2, 2)], (6, 8)),
        "draw.frame": lambda: draw.frame(Walk(x, w).frame(1, 2)),
        "draw.cells": lambda: draw.cells(x),
        "draw.memory": lambda: draw.memory(x.astype(np.float32)),
        "draw.input_gradient": lambda: _sent(WayBack(grad, x, w)),
    }
    large: dict[str, Show] = {
        "explore.window, photograph": lambda: explore.window(rgb, kernel),
        "explore.byte_strides, photograph": lambda: explore.byte_strides(rgb, kernel),
        "draw.photo": lambda: draw.photo(photo),
    }
    return {name: (show, SMALL) for name, show in small.items()} | {
        name: (show, PHOTOGRAPH) for name, show in large.items()
    }


def _sent(back: WayBack) -> Any:
    return draw.input_gradient(back, back.at(1, 2))


def spent(action: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the median processor time of some rounds, after one that is not counted."""
    action()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def shown(show: Show) -> None:
    """Do what JupyterLab asks for when a cell ends with this."""
    made = show()
    if hasattr(made, "_repr_mimebundle_"):
        made._repr_mimebundle_()
    else:
        made.png()


def moved(show: Show) -> Callable[[], None]:
    """Return what moves a slider of an explorer back and forth."""
    explorer = show()
    name = next(k for k in ("row", "column", "layer", "stride down") if k in explorer.controls)
    control = explorer.controls[name]
    places = [control.min, control.max]

    def move() -> None:
        control.value = places[control.value == places[0]]

    return move


def main() -> None:
    """Print a line for each case: seconds, the budget, and whether it is kept."""
    print(f"{'seconds of processor time':36} {'show':>7} {'budget':>7} {'move':>7} {'budget':>7}")
    for name, (show, budget) in cases().items():
        first = spent(lambda show=show: shown(show))  # type: ignore[misc]
        line = f"{name:36} {first:7.3f} {budget:7.3f}"
        over = first > budget
        if name.startswith("explore"):
            move = spent(moved(show), 2 * ROUNDS)
            line, over = f"{line} {move:7.3f} {MOVE:7.3f}", over or move > MOVE
        print(line + ("  over" if over else ""))


if __name__ == "__main__":
    main()
