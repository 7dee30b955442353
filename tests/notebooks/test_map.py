"""The map in notebook 00 and the table of the README list every notebook, by its own title."""

import re
from pathlib import Path

import pytest

from tests.notebooks import hygiene

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def title(path):
    """The first heading of a notebook."""
    return hygiene.load(path).cells[0].source.splitlines()[0].removeprefix("# ")


def links(text):
    """Titles and targets of a table's links."""
    return {target: name for name, target in re.findall(r"\| \[([^]]+)\]\(([^)]+)\) \|", text)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_readme_lists_it(path):
    listed = links((ROOT / "README.md").read_text("utf-8"))
    assert listed.get(f"notebooks/{path.name}") == title(path)


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_map_lists_it(path):
    start = hygiene.load(NOTEBOOKS[0])
    listed = links("\n".join(c.source for c in start.cells if c.cell_type == "markdown"))
    assert listed.get(path.name) == title(path)


def row_of(path):
    """The last two cells of a notebook's row in the map: its minutes, and what it measures."""
    start = "\n".join(cell.source for cell in hygiene.load(NOTEBOOKS[0]).cells)
    (row,) = [line for line in start.splitlines() if f"({path.name}) |" in line]
    return [cell.strip() for cell in row.strip("| ").split("|")][-2:]


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_map_knows_the_minutes(path):
    (told,) = re.findall(r"\*Time\*: (.*)", hygiene.load(path).cells[0].source)
    assert row_of(path)[0] == str(sum(int(n) for n in re.findall(r"\d+", told)))


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_map_tells_numbers_that_the_notebook_prints(path):
    numbers = re.findall(r"\d[\d,.]*\d|\d", row_of(path)[1])
    printed = "\n".join(
        hygiene.written(output)
        for cell in hygiene.load(path).cells
        for output in cell.get("outputs", [])
    )
    assert numbers
    assert not [n for n in numbers if not re.search(rf"(?<![\d.,]){re.escape(n)}(?!\d)", printed)]


def test_map_promises_nothing_that_is_there():
    start = hygiene.load(NOTEBOOKS[0])
    said = "\n".join(c.source for c in start.cells if c.cell_type == "markdown")
    promised = re.findall(r"\| (\d\d) \| [^|]*to come", said)
    assert promised
    assert not set(promised) & {path.name[:2] for path in NOTEBOOKS}
