"""A reader opens a notebook in JupyterLab, runs all of it and moves a slider."""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.needs import need_module

need_module("playwright.sync_api")

from tests.browser.lab import (  # noqa: E402 - it imports playwright itself
    SETTINGS,
    numbers,
    open_notebook,
    other_server,
)
from tools import check_lab  # noqa: E402


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


def test_a_prediction_is_compared_by_the_kernel_and_remembered(page, lab, folder):
    opened = open_notebook(page, lab, Path("00_start_here.ipynb"))
    question = page.get_by_role("group", name="How many rows and columns does the output have?")
    # the kernel has to answer anew, though the answer is what it was
    for said, told in (
        ("many", "cannot be read"),
        ("a lot", "cannot be read"),
        ("5, 6", "It is (6"),
    ):
        question.get_by_role("textbox").fill(said)
        question.get_by_role("textbox").press("Enter")
        question.get_by_role("status").filter(has_text=told).wait_for()
    page.get_by_text("Remembered in").wait_for()
    line = json.loads((folder / ".convlens.json").read_text())
    assert (line["answer"], line["said"], line["right"]) == ([6, 5], "5, 6", False)
    assert opened.wrong() == []


LIVE = """
import numpy as np
from convlens import explore
x, w = np.arange(20).reshape(4, 5), np.array([[1, -1], [0, 2]])
few = explore.window(x, w)
many = explore.byte_strides(x, w)
edited = explore.filter(x / 20)
"""


def write_live(folder):
    """Write a notebook with an explorer of few settings, one of many, and one to type into."""
    cells = [nbformat.v4.new_code_cell(code) for code in (LIVE, "few", "many", "edited")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "live.ipynb")


def watched(page):
    """Every message that the page sends from now on."""
    messages = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda sent: messages.append(sent)))
    return messages


def check_live(live, messages):
    """Python and page agree, and Python is asked only for what is not known."""
    few, many, edited = live.explorers()
    begin = few.label()
    live.page.wait_for_timeout(1500)  # all that is sent ahead is there
    messages.clear()
    for k, slider in enumerate([*few.sliders().values()] * 3):
        slider.press(["ArrowRight", "End", "Home"][k % 3])
    few.output.get_by_role("button", name="One step on").click()
    told = few.label()
    assert told != begin
    assert messages == [], "a setting that the page knows needs no word to the kernel"

    many.sliders()["tap row u"].press("ArrowRight")  # leaves the first one: Python hears of it
    many.wait_for_label("view[0, 0, 1, 0]")
    assert live.printed("print(few.picture.label)") == told
    many.output.get_by_label("view", exact=True).select_option("one row of windows too many")
    many.wait_for_label("view[3, 0, 1, 0]")
    assert many.sliders()["row"].bounds == (0, 3)
    live.printed("many.controls['view'].value = 'as many windows as fit'")
    many.wait_for_label("view[2, 0, 1, 0]")
    assert many.sliders()["row"].bounds == (0, 2)

    edited.output.get_by_role("spinbutton").nth(4).fill("3")
    edited.wait_for_label("your own")
    assert live.printed("print(edited.values()['weights'][1])") == "(0, 3, 0)"
    assert live.state()["wrong"] == []  # Notebook 7 has an error of its own in the browser


def test_python_and_page_agree_and_python_is_asked_only_for_what_is_not_known(page, lab, folder):
    write_live(folder)
    messages = watched(page)
    opened = open_notebook(page, lab, Path("live.ipynb"))
    check_live(opened, messages)
    assert opened.wrong() == []


@pytest.mark.wide
@pytest.mark.parametrize("wanted", ["jupyterlab==4.3.*", "jupyterlab", "notebook>=7"])
def test_the_oldest_and_the_newest_jupyterlab_and_notebook_7_show_them_too(wanted, page, tmp_path):
    write_live(tmp_path)
    messages = watched(page)
    app = wanted.partition("=")[0].rstrip(">")
    python, variables = other_server(tmp_path / "venv", wanted)
    with check_lab.serve(tmp_path, SETTINGS, python=python, app=app, **variables) as address:
        check_live(open_notebook(page, address, Path("live.ipynb"), app=app), messages)
