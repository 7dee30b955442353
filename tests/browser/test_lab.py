"""A reader opens a notebook in JupyterLab, runs all of it and moves a slider."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.needs import need_module

need_module("playwright.sync_api")

from tests.browser.lab import numbers, open_notebook  # noqa: E402 - it imports playwright itself


@dataclass(frozen=True)
class Case:
    """A notebook, and what its first explorer shows."""

    notebook: str
    output: str  # code that gives the two-dimensional output y in the notebook's own kernel


CASES = [Case("00_start_here.ipynb", output="conv2d(x, w)")]


@pytest.fixture(params=CASES, ids=lambda case: case.notebook)
def case(request):
    return request.param


@pytest.fixture
def opened(case, page, lab):
    return open_notebook(page, lab, Path(case.notebook))


def check_picture(explorer, y):
    """Wait for the picture that belongs to the sliders; it must name y there, and its number."""
    at = {name: slider.value for name, slider in explorer.sliders().items()}
    row, column = at.get("row", 0), at.get("column", 0)
    label = explorer.wait_for_label(f"y[{row}, {column}]")
    said = label.split(f"y[{row}, {column}]", 1)[1]
    assert numbers(said)[0] == pytest.approx(y[row][column], abs=0.01), label


def test_notebook_runs_and_its_first_slider_moves_the_picture(opened, case):
    assert opened.wrong() == []
    y = json.loads(opened.printed(f"import json; print(json.dumps(({case.output}).tolist()))"))

    explorer = opened.explorer()
    check_picture(explorer, y)
    slider = next(iter(explorer.sliders().values()))
    low, high = slider.bounds
    assert low < high

    before, shown = slider.value, explorer.label()
    key, step = ("ArrowRight", 1) if before < high else ("ArrowLeft", -1)
    slider.press(key)
    assert slider.value == before + step
    check_picture(explorer, y)
    assert explorer.label() != shown

    shown = explorer.label()
    target = high if slider.value != high else low
    slider.drag(target)
    assert slider.value == target
    check_picture(explorer, y)
    assert explorer.label() != shown

    assert opened.wrong() == []
