"""Every notebook of the series keeps to the rules, and the rules see a breach when there is one."""

import base64
import io
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tests.notebooks import hygiene
from tools.refresh_notebooks import KERNELSPEC, LANGUAGE_INFO

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def breaches(notebook, path):
    """All breaches of a notebook, by the name of the rule."""
    return {r.__name__: found for r in hygiene.RULES if (found := list(r(notebook, path)))}


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS[:1]] == ["00_start_here.ipynb"]


@pytest.mark.parametrize("rule", hygiene.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_to(path, rule):
    found = list(rule(hygiene.load(path), path))
    assert not found, f"{path.name}:\n  " + "\n  ".join(found)


@pytest.mark.wide
def test_nbval_collects_every_code_cell():
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q", "notebooks"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert listing.returncode == 0, listing.stdout + listing.stderr
    collected = Counter(re.findall(r"^notebooks/(.+\.ipynb)::Cell \d+$", listing.stdout, re.M))
    stored = {p.name: len(hygiene.code_cells(hygiene.load(p))) for p in NOTEBOOKS}
    assert stored
    assert dict(collected) == stored


# What follows holds the rules themselves to account: a good notebook passes all of them, and each
# way to spoil it is seen by the rule meant for it, and by no other.


WAYS = "Previous: [Slide](01_slide_one_window.ipynb) · Next: [Slide](01_slide_one_window.ipynb)"


FOLDED = """<details>
<summary>A solution for exercise {0}</summary>

```python
def f{0}_solution(x):
    return x

check.f{0}(f{0}_solution)
```

</details>"""


def good_notebook():
    cells = [
        new_markdown_cell(
            "# Build it\n\n[next](01_slide_one_window.ipynb), [top](#top)\n\n"
            "- *Time*: 5 minutes to read, 15 for the exercises."
        ),
        new_markdown_cell("Predict: which number comes first?"),
    ]
    for n in range(1, 21):
        printed = new_output("stream", name="stdout", text=f"{n}\n")
        source = "explore.window(x, w)\nrecall(1)" if n == 1 else f"print({n})"
        cells.append(new_code_cell(source, execution_count=n, outputs=[printed]))
    cells += [new_markdown_cell(FOLDED.format(n)) for n in (1, 2, 3)]
    cells.append(new_markdown_cell(f"## What to keep\n\n![a window](window.png)\n\n{WAYS}"))
    return new_notebook(
        cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "01_slide_one_window.ipynb").touch()
    (tmp_path / "window.png").touch()
    return tmp_path


def test_rules_let_a_good_notebook_pass(folder):
    assert breaches(good_notebook(), folder / "03_build_an_index_grid.ipynb") == {}


def test_entrance_may_be_short(folder):
    notebook = good_notebook()
    notebook.cells[5:] = [new_markdown_cell(WAYS)]
    notebook.cells[0].source += "\n- *Time*: 5 minutes."
    assert breaches(notebook, folder / "00_start_here.ipynb") == {}
    assert set(breaches(notebook, folder / "06_stride_through_memory.ipynb")) == {
        "shape_is_that_of_the_series"
    }


FIRST, CODE = 2, 3  # where the explorer of the good notebook stands, and the next code cell


def png(colour):
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGBA", (2, 2), colour).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


SPOILT = {
    "old format": ("format_is_valid", lambda n: n.update(nbformat_minor=4)),
    "no id": ("format_is_valid", lambda n: n.cells[3].pop("id")),
    "id used twice": ("format_is_valid", lambda n: n.cells[3].update(id=n.cells[4].id)),
    "not the schema": ("format_is_valid", lambda n: n.cells[0].update(outputs=[])),
    "other kernel": ("metadata_is_pinned", lambda n: n.metadata.kernelspec.update(name="mine")),
    "version": ("metadata_is_pinned", lambda n: n.metadata.language_info.update(version="3.11.2")),
    "widget state": (
        "no_widget_state_and_no_timestamps",
        lambda n: n.metadata.update(widgets={}),
    ),
    "timestamps": (
        "no_widget_state_and_no_timestamps",
        lambda n: n.cells[CODE].metadata.update(execution={}),
    ),
    "widget view": (
        "no_widget_state_and_no_timestamps",
        lambda n: n.cells[CODE].outputs.append(
            new_output("display_data", data={hygiene.WIDGET_VIEW: {"model_id": "a"}})
        ),
    ),
    "empty cell": ("no_cell_is_empty", lambda n: n.cells.append(new_markdown_cell(" \n"))),
    "counts with a gap": (
        "counts_run_from_one",
        lambda n: n.cells[CODE].update(execution_count=7),
    ),
    "never run": ("counts_run_from_one", lambda n: n.cells[CODE].update(execution_count=None)),
    "nothing stored": (
        "outputs_are_stored",
        lambda n: [c.update(outputs=[]) for c in n.cells if c.cell_type == "code"],
    ),
    "error": (
        "no_error_and_no_stderr",
        lambda n: n.cells[CODE].outputs.append(
            new_output("error", ename="KeyError", evalue="1", traceback=[])
        ),
    ),
    "stderr": ("no_error_and_no_stderr", lambda n: n.cells[CODE].outputs[0].update(name="stderr")),
    "path in source": (
        "no_path_of_a_machine",
        lambda n: n.cells[CODE].update(source="open('/home/ada/photo.png')"),
    ),
    "path in output": (
        "no_path_of_a_machine",
        lambda n: n.cells[CODE].outputs[0].update(text="C:\\Users\\ada\\photo.png"),
    ),
    "measured without ignore": (
        "what_is_not_compared_is_measured",
        lambda n: n.cells[CODE].metadata.update(tags=["measured"]),
    ),
    "ignore without measured": (
        "what_is_not_compared_is_measured",
        lambda n: n.cells[CODE].metadata.update(tags=["nbval-ignore-output"]),
    ),
    "measured where nothing is measured": (
        "what_is_not_compared_is_measured",
        lambda n: n.cells[CODE].metadata.update(tags=["measured", "nbval-ignore-output"]),
    ),
    "comment for nbval": (
        "what_is_not_compared_is_measured",
        lambda n: n.cells[CODE].update(source="# NBVAL_SKIP\nprint(1)"),
    ),
    "long line": ("lines_fit", lambda n: n.cells[CODE].update(source="x = " + "1" * 97)),
    "no title": (
        "first_cell_is_the_title",
        lambda n: n.cells[0].update(source=n.cells[0].source.removeprefix("# ")),
    ),
    "too few cells": (
        "shape_is_that_of_the_series",
        lambda n: n.cells.__delitem__(slice(CODE, CODE + 1)) or renumber(n),
    ),
    "no prediction": (
        "shape_is_that_of_the_series",
        lambda n: n.cells[1].update(source="Which number comes first?"),
    ),
    "prediction after the result": (
        "shape_is_that_of_the_series",
        lambda n: n.cells.insert(3, n.cells.pop(1)),
    ),
    "nothing to keep": (
        "shape_is_that_of_the_series",
        lambda n: n.cells[-1].update(source=f"## Goodbye\n\n{WAYS}"),
    ),
    "time made up": (
        "time_is_told_as_it_is",
        lambda n: n.cells[0].update(source=n.cells[0].source.replace("5 minutes", "2 minutes")),
    ),
    "too long": (
        "time_is_told_as_it_is",
        lambda n: n.cells[1].update(source="Predict: " + "word " * 9000),
    ),
    "long open cell": (
        "it_asks_and_folds",
        lambda n: n.cells[CODE + 1].update(source="print(2)\n" * 16),
    ),
    "no explorer first": (
        "it_asks_and_folds",
        lambda n: n.cells[FIRST].update(source="recall(1)"),
    ),
    "reason in plain sight": (
        "it_asks_and_folds",
        lambda n: n.cells[CODE].update(source="ask('How many?', answer=len, because='so')"),
    ),
    "nothing recalled": (
        "it_asks_and_folds",
        lambda n: n.cells[FIRST].update(source="explore.window(x, w)"),
    ),
    "two solutions": ("shape_is_that_of_the_series", lambda n: n.cells.__delitem__(-2)),
    "five solutions": (
        "shape_is_that_of_the_series",
        lambda n: n.cells.extend(new_markdown_cell(FOLDED.format(k)) for k in (4, 5)),
    ),
    "solution in a code cell": (
        "solutions_are_folded",
        lambda n: n.cells[CODE].update(source="def f4_solution(x):\n    return x"),
    ),
    "solution without a fold": (
        "solutions_are_folded",
        lambda n: n.cells[1].update(source="Predict:\n\n```python\ncheck.f(f_solution)\n```"),
    ),
    "fold without its empty line": (
        "solutions_are_folded",
        lambda n: n.cells.append(
            new_markdown_cell(
                "<details>\n<summary>A solution</summary>\n```python\n1\n```\n</details>"
            )
        ),
    ),
    "explorer not shown": (
        "an_explorer_is_shown",
        lambda n: n.cells[CODE].update(source="from convlens import draw, explore"),
    ),
    "explorer imported by itself": (
        "an_explorer_is_shown",
        lambda n: n.cells[CODE].update(source="import convlens.explore as explore"),
    ),
    "markdown picture": (
        "pictures_have_alt_text",
        lambda n: n.cells[-1].update(source=f"What to keep ![](window.png)\n\n{WAYS}"),
    ),
    "html picture": (
        "pictures_have_alt_text",
        lambda n: n.cells[CODE].outputs.append(
            new_output("display_data", data={"text/html": "<img src='a.png' alt=''>"})
        ),
    ),
    "drawing in the page": (
        "html_needs_no_trust",
        lambda n: n.cells[CODE].outputs.append(
            new_output("display_data", data={"text/html": "<div><svg></svg></div>"})
        ),
    ),
    "picture without words": (
        "pictures_have_alt_text",
        lambda n: n.cells[CODE].outputs.append(
            new_output("display_data", data={"image/png": png((0, 0, 0, 0))})
        ),
    ),
    "white card": (
        "pictures_have_no_ground",
        lambda n: n.cells[CODE].outputs.append(
            new_output(
                "display_data",
                data={"image/png": png((255, 255, 255, 255))},
                metadata={"image/png": {"alt": "a card"}},
            )
        ),
    ),
    "no way back": (
        "neighbours_are_linked",
        lambda n: n.cells[-1].update(source="## What to keep"),
    ),
    "broken link": (
        "relative_links_lead_somewhere",
        lambda n: n.cells[1].update(source="Predict [it](02_missing.ipynb#part)"),
    ),
}


def renumber(notebook):
    for n, cell in hygiene.code_cells(notebook):
        cell.execution_count = n


@pytest.mark.parametrize("how", SPOILT)
def test_rules_see(how, folder):
    rule, spoil = SPOILT[how]
    notebook = good_notebook()
    spoil(notebook)
    assert set(breaches(notebook, folder / "02_count_the_stops.ipynb")) == {rule}


def test_explorer_that_is_shown_is_let_pass(folder):
    notebook = good_notebook()
    shown = new_output("execute_result", data={"text/plain": "explore.window: ..."})
    shown.execution_count = 3
    notebook.cells[CODE].source = "from convlens import explore"
    notebook.cells[CODE + 1].outputs = [shown]
    assert breaches(notebook, folder / "03_build_an_index_grid.ipynb") == {}


def test_fourth_exercise_is_let_pass_where_it_was(folder):
    notebook = good_notebook()
    notebook.cells.insert(-1, new_markdown_cell(FOLDED.format(4)))
    assert breaches(notebook, folder / "09_run_it_backward.ipynb") == {}


@pytest.mark.parametrize("name", ["3_build_a_grid.ipynb", "03_grid.ipynb", "03_Build_It.ipynb"])
def test_rules_see_a_bad_name(name, folder):
    assert "name_is_number_verb_title" in breaches(good_notebook(), folder / name)


def test_measuring_notebook_may_measure(folder):
    notebook = good_notebook()
    notebook.cells[CODE].metadata.tags = ["measured", "nbval-ignore-output"]
    assert breaches(notebook, folder / "13_go_faster.ipynb") == {}


@pytest.mark.parametrize(
    "text", ["NCHW:\\n", "C:\\n", "a/home/b", "https://example.org/tmp/", "x/tmp/y"]
)
def test_what_only_looks_like_a_path_is_let_pass(text):
    assert not hygiene.MACHINE_PATH.search(text)


def test_every_rule_is_seen_to_fail():
    assert {r.__name__ for r in hygiene.RULES} == {rule for rule, _ in SPOILT.values()} | {
        "name_is_number_verb_title"
    }
