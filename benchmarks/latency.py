"""How long a reader waits for a picture: `python -m benchmarks.latency`.

To show an explorer for the first time takes processor time, as a PNG is rendered. How long a move
of a slider takes is measured in JupyterLab in Chromium, from the event to the frame that shows the
new picture: median of twenty moves from the table of all pictures, to a neighbour that was sent
ahead, and to a picture that Python has yet to draw.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS, MOVES = 7, 20
#: Budgets: processor seconds to show small arrays and photographs; ms for a move.
SMALL, PHOTOGRAPH = 0.2, 0.4
KNOWN, FAR = 8.0, 60.0
READY = """
import numpy as np
from matplotlib import cbook, pyplot
from convlens import draw, explore
from convlib import Walk
from convlens.facts.way_back import WayBack

rng = np.random.default_rng(0)
x, w = rng.integers(0, 10, (5, 7)), rng.integers(-3, 4, (2, 3))
deep, filters = rng.integers(0, 10, (2, 3, 5, 6)), rng.integers(-3, 4, (4, 3, 2, 3))
grad = rng.integers(-3, 4, (4, 5))
photo = pyplot.imread(cbook.get_sample_data("grace_hopper.jpg"))[:512, :512]
rgb = np.ascontiguousarray(photo.transpose(2, 0, 1))
gray = photo.mean(axis=2).reshape(256, 2, 256, 2).mean(axis=(1, 3))
kernel = rng.normal(size=(1, 3, 5, 4))
back = WayBack(grad, x, w)
table = {(k, 1, n): {"take": (k * n, [k * n * 1e-6])} for k in (3, 5) for n in (64, 128)}
"""
CASES = {
    "window": "explore.window(x, w)",
    "window, deep": "explore.window(deep, filters)",
    "index_grid": "explore.index_grid(x, w)",
    "byte_strides": "explore.byte_strides(x.astype(np.float32), w)",
    "memory_orders": "explore.memory_orders(x, w)",
    "output_size": "explore.output_size(x, (2, 3))",
    "layouts": "explore.layouts(deep, filters)",
    "way_back": "explore.way_back(grad, x, w)",
    "transposed": "explore.transposed(x[:3, :4], w)",
    "receptive_field": "explore.receptive_field([(3,), (2, 2)], (6, 8))",
    "results": "explore.results(table)",
    "stops": "explore.stops(12, 3)",
    "pool": "explore.pool(x, 2)",
    "groups": "explore.groups(4, 8)",
    "readings": "explore.readings(deep[0, :, :2, :4])",
    "updates": "explore.updates(x[:3], (2, 3))",
    "patches": "explore.patches(x[:4], (2, 3))",
    "filter, 256 x 256": "explore.filter(gray)",
    "window, photograph": "explore.window(rgb, kernel)",
    "byte_strides, photograph": "explore.byte_strides(rgb, kernel)",
    "output_size, photograph": "explore.output_size(gray, (3, 3))",
}
STILLS = {
    "draw.frame": "draw.frame(Walk(x, w).frame(1, 2))",
    "draw.cells": "draw.cells(x)",
    "draw.memory": "draw.memory(x.astype(np.float32))",
    "draw.input_gradient": "draw.input_gradient(back, back.at(1, 2))",
    "draw.photo": "draw.photo(photo)",
}
#: From the slider's event to the frame after the first change of the picture; null for none.
MOVE = """([root, slider, value]) => new Promise((done) => {
    const moving = root.querySelector(".moving"), start = performance.now();
    const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - start));
    });
    watch.observe(moving, { childList: true });
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => { watch.disconnect(); done(null); }, 4000);
})"""


def spent(action: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the median processor time of some rounds, after one that is not counted."""
    action()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def shown(made: Any) -> None:
    """Do what JupyterLab asks for when a cell ends with this."""
    if hasattr(made, "_repr_mimebundle_"):
        made._repr_mimebundle_()
    else:
        made.png()


def show() -> None:
    """Print how long a first display takes, and how much is sent for a setting and for a table."""
    ready: dict[str, Any] = {}
    exec(READY, ready)
    print(f"{'first display':28} {'seconds':>8} {'budget':>7} {'state':>9} {'table':>9}")
    for name, code in {**CASES, **STILLS}.items():
        seconds = spent(lambda code=code: shown(eval(code, ready)))  # type: ignore[misc]
        budget = PHOTOGRAPH if "photo" in name else SMALL
        sizes = ""
        if name in CASES:
            explorer = eval(code, ready)
            state, table = (len(json.dumps(sent)) for sent in (explorer.state, explorer.table()))
            whole = f"{table / 1000:.0f} kB" if table > 2 else "none"
            sizes = f"{state / 1000:6.0f} kB {whole:>9}"
        print(f"{name:28} {seconds:8.3f} {budget:7.1f} {sizes}{'  over' * (seconds > budget)}")


def move() -> None:
    """Print how long a move takes in JupyterLab."""
    from playwright.sync_api import sync_playwright

    from tests.browser.lab import CHROMIUM_FLAGS, SETTINGS, open_notebook
    from tools import check_lab

    print(f"\n{'ms for a move, median (worst)':28} {'table':>14} {'ahead':>14} {'far':>14}")
    with tempfile.TemporaryDirectory() as made, check_lab.serve(made, SETTINGS) as address:
        notebook(Path(made) / "latency.ipynb")
        with sync_playwright() as started:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            chromium = started.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            page = chromium.new_page(viewport={"width": 1280, "height": 1500})
            opened = open_notebook(page, address, Path("latency.ipynb"))
            page.wait_for_timeout(8000)  # all tables are there
            for name, explorer in zip(CASES, opened.explorers(), strict=True):
                print(f"{name:28} {line(page, explorer, CASES[name], opened)}", flush=True)
            chromium.close()


def notebook(path: Path) -> None:
    """Write a notebook with a cell for each explorer."""
    import nbformat

    codes = [READY, *(f"made = {code}\nmade" for code in CASES.values())]
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def line(page: Any, explorer: Any, code: str, opened: Any) -> str:
    """Time one explorer's moves: of the slider that goes furthest, and for far ones of two."""
    root = explorer.output.element_handle()
    sliders = sorted(explorer.sliders().values(), key=lambda s: s.bounds[0] - s.bounds[1])[:2]
    (low, high), handles = sliders[0].bounds, [s.handle.element_handle() for s in sliders]
    tabled = opened.printed(f"print(bool(({code}).table()))") == "True"

    def timed(moves: list[tuple[int, int]], rest: int, budget: float) -> str:
        times = []
        page.evaluate(MOVE, [root, handles[0], low])
        for which, value in moves:
            page.wait_for_timeout(rest)
            times.append(page.evaluate(MOVE, [root, handles[which], value]))
        if None in times:
            return "no picture"
        middle = statistics.median(times)
        return f"{middle:5.1f} ({max(times):4.0f}){' >'[middle > budget]}"

    there = [low + k for k in range(1, min(high - low, 5) + 1)]
    steps = [(0, value) for value in [*there, *reversed([low, *there[:-1]])] * MOVES][:MOVES]
    if tabled:
        return f"{timed(steps, 60, KNOWN):>14}"
    page.wait_for_timeout(600)
    ahead = timed(steps, 700, KNOWN)
    page.wait_for_timeout(600)
    # one slider, then the other, to the far end of it, without a rest in which neighbours are sent
    turns = [(which, sliders[which].bounds[1 - k % 2]) for k in range(MOVES) for which in (0, 1)]
    return f"{'':14} {ahead:>14} {timed(turns[:MOVES], 60, FAR):>14}"


if __name__ == "__main__":
    show()
    move()
