"""What every notebook of the series keeps to: one function a rule.

A rule is given a notebook and its path, and yields a sentence for each breach, saying what to do.
"""

import base64
import copy
import io
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image

from tests.notebooks.solutions import SOLUTION, solutions
from tools.refresh_notebooks import KERNELSPEC, LANGUAGE_INFO, WIDGET_VIEW

# Where the series measures times, bytes or versions; elsewhere every output is compared.
MEASURING = {"00", "03", "04", "05", "06", "08", "13", "14", "15", "16"}
# The entrance is short: ten minutes, without exercises and summary.
SHORT = {"00"}
# Those that keep to the stricter shape; the others follow.
STRICT = {f"{n:02}" for n in [*range(1, 9), 16]}
# What a minute of reading holds, and the minutes that three exercises take.
WORDS, LINES, EXERCISES = 150, 10, 15
MOST_MINUTES, MOST_LINES = 60, 15

NAME = re.compile(r"\d\d(_[a-z0-9]+){2,}\.ipynb")
MACHINE_PATH = re.compile(
    r"(?<![\w.~])/(?:home|Users|work|root|tmp|private|var/folders)/"
    r"|\b[A-Z]:\\{1,2}(?:Users|Windows|Program Files|Temp|a\\)"
)
RELATIVE_LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
NO_ALT = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=[\"'][^\"'])[^>]*>", re.IGNORECASE)
STRIPPED = re.compile(r"<(svg|script|style|iframe)\b", re.IGNORECASE)
PREDICTION = re.compile(r"\b(?:predict|guess)", re.IGNORECASE)
IN_PLAIN_SIGHT = re.compile(r"\b\w+_solution\b|<summary>.*\bsolution", re.IGNORECASE)
WORD = re.compile(r"\S*\w\S*")
COMMENT_MARKER = re.compile(r"#\s*(?:NBVAL_|PYTEST_VALIDATE)")

EXPLORE = re.compile(
    r"^\s*(?:from convlens import .*\bexplore\b|(?:from|import) convlens\.explore)", re.MULTILINE
)

Rule = Callable[[Any, Path], Iterator[str]]
RULES: list[Rule] = []


def load(path: Path) -> Any:
    """Read a notebook as it is: nbformat.read would mend ids that are missing or used twice."""
    return nbformat.v4.reads(path.read_text("utf-8"))


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


def code_cells(notebook: Any) -> list[tuple[int, Any]]:
    """The code cells with their numbers, counted from 1 as a reader would."""
    return list(enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1))


def markdown(notebook: Any) -> list[Any]:
    return [c for c in notebook.cells if c.cell_type == "markdown"]


def tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def number(path: Path) -> str:
    return path.name[:2]


def written(output: Any) -> str:
    """All text of an output."""
    parts = [output.get("text", ""), *output.get("traceback", []), output.get("evalue", "")]
    parts += [str(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
    return "\n".join(parts)


@rule
def name_is_number_verb_title(notebook: Any, path: Path) -> Iterator[str]:
    if not NAME.fullmatch(path.name):
        yield f"{path.name} is not named like 03_build_an_index_grid.ipynb"


@rule
def format_is_valid(notebook: Any, path: Path) -> Iterator[str]:
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield f"format {notebook.nbformat}.{notebook.nbformat_minor}, not 4.5: run make notebooks"
        return
    ids = [cell.get("id") for cell in notebook.cells]
    wrong = sorted({str(i) for i in ids if i is None or ids.count(i) > 1})
    if wrong:
        yield f"cells without an id of their own (ids: {', '.join(wrong)}): give each another"
        return
    try:
        nbformat.validate(copy.deepcopy(notebook))
    except nbformat.ValidationError as error:
        yield f"not a valid notebook: {error}"


@rule
def metadata_is_pinned(notebook: Any, path: Path) -> Iterator[str]:
    if notebook.metadata.get("kernelspec") != KERNELSPEC:
        yield "the kernelspec is not the pinned one: run make notebooks"
    if notebook.metadata.get("language_info") != LANGUAGE_INFO:
        yield "language_info says more than the language: run make notebooks"


@rule
def no_widget_state_and_no_timestamps(notebook: Any, path: Path) -> Iterator[str]:
    if "widgets" in notebook.metadata:
        yield "it holds widget state: run make notebooks"
    for n, cell in code_cells(notebook):
        if {"execution", "ExecuteTime"} & set(cell.metadata):
            yield f"code cell {n} holds execution timestamps: run make notebooks"
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            yield f"code cell {n} holds a widget view with a random id: run make notebooks"


@rule
def no_cell_is_empty(notebook: Any, path: Path) -> Iterator[str]:
    for position, cell in enumerate(notebook.cells, start=1):
        if not cell.source.strip():
            yield f"cell {position} is empty: delete it"


@rule
def counts_run_from_one(notebook: Any, path: Path) -> Iterator[str]:
    counts = [c.execution_count for _, c in code_cells(notebook) if c.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}, not 1 to {len(counts)}: run make notebooks"


@rule
def outputs_are_stored(notebook: Any, path: Path) -> Iterator[str]:
    if not any(cell.outputs for _, cell in code_cells(notebook)):
        yield "no cell has an output, so there is nothing to compare: run make notebooks"


@rule
def no_error_and_no_stderr(notebook: Any, path: Path) -> Iterator[str]:
    for n, cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in tags(cell):
                yield f"code cell {n} failed ({output.ename}): mend it, or tag it raises-exception"
            if output.get("name") == "stderr":
                yield f"code cell {n} wrote to stderr: {output.text[:80]!r}"


@rule
def no_path_of_a_machine(notebook: Any, path: Path) -> Iterator[str]:
    for position, cell in enumerate(notebook.cells, start=1):
        text = "\n".join([cell.source, *map(written, cell.get("outputs", []))])
        if found := MACHINE_PATH.search(text):
            yield f"cell {position} names a path of one machine: {text[found.start() :][:40]!r}"


@rule
def what_is_not_compared_is_measured(notebook: Any, path: Path) -> Iterator[str]:
    for n, cell in code_cells(notebook):
        measured, ignored = ("measured" in tags(cell)), ("nbval-ignore-output" in tags(cell))
        if measured != ignored:
            yield f"code cell {n}: the tags measured and nbval-ignore-output go together"
        if measured and number(path) not in MEASURING:
            yield f"code cell {n} is tagged measured, in a notebook that measures nothing"
        if "nbval-skip" in tags(cell) or COMMENT_MARKER.search(cell.source):
            yield f"code cell {n} hides from nbval: only the tag measured may"


@rule
def lines_fit(notebook: Any, path: Path) -> Iterator[str]:
    for n, cell in code_cells(notebook):
        longest = max(map(len, cell.source.splitlines()), default=0)
        if longest > 100:
            yield f"code cell {n} has a line of {longest} characters: 100 are enough"


@rule
def first_cell_is_the_title(notebook: Any, path: Path) -> Iterator[str]:
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
        yield "it does not begin with a markdown cell that begins with '# ' and the title"


@rule
def shape_is_that_of_the_series(notebook: Any, path: Path) -> Iterator[str]:
    if number(path) in SHORT:
        return
    code = code_cells(notebook)
    if not 20 <= len(code) <= 40:
        yield f"{len(code)} code cells: the series has 20 to 40 in a notebook"
    before = []
    for cell in notebook.cells:
        if any(output.output_type == "stream" for output in cell.get("outputs", [])):
            break
        before.append(cell)
    if not any(PREDICTION.search(c.source) for c in before if c.cell_type == "markdown"):
        yield "no markdown before the first printed result asks for a prediction (or a guess)"
    if not any("What to keep" in c.source for c in markdown(notebook)):
        yield "no markdown cell says 'What to keep'"
    solved = "".join(title[-1] for title, _ in solutions(notebook))
    if solved not in (("123",) if number(path) in STRICT else ("123", "1234")):
        yield f"its solutions are for exercises {solved}: three exercises have one each"


def folded(cell: Any) -> bool:
    """Whether the source of a cell is hidden until it is asked for."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def minutes(notebook: Any) -> int:
    """How long it takes to read a notebook without its exercises, rounded up to five minutes."""
    words = sum(len(WORD.findall(SOLUTION.sub("", cell.source))) for cell in markdown(notebook))
    seen = [cell for _, cell in code_cells(notebook) if not folded(cell)]
    lines = sum(len(cell.source.splitlines()) for cell in seen)
    return math.ceil((words / WORDS + lines / LINES) / 5) * 5


@rule
def time_is_told_as_it_is(notebook: Any, path: Path) -> Iterator[str]:
    if number(path) not in STRICT | SHORT:
        return
    reading, short = minutes(notebook), number(path) in SHORT
    told = f"*Time*: {reading} minutes to read, {EXERCISES} for the exercises."
    if (f"*Time*: {reading} minutes." if short else told) not in notebook.cells[0].source:
        yield f"it takes {reading} minutes to read: say so under the title, as the others do"
    if reading > (10 if short else MOST_MINUTES - EXERCISES):
        yield f"it takes {reading} minutes to read: cut it"


@rule
def it_asks_and_folds(notebook: Any, path: Path) -> Iterator[str]:
    """The picture first, then what is remembered, then a prediction; open cells are short."""
    cells = [cell for _, cell in code_cells(notebook)]
    if number(path) in STRICT | SHORT:
        for n, cell in enumerate(cells, start=1):
            if len(cell.source.splitlines()) > MOST_LINES and not folded(cell):
                yield f"code cell {n} is longer than {MOST_LINES} lines: split it, or fold it"
            if re.search(r"^ask\(", cell.source, re.MULTILINE) and not folded(cell):
                yield f"code cell {n} asks, with the reason of the answer in plain sight: fold it"
        if not cells or not re.search(r"^explore\.\w+\(", cells[0].source, re.MULTILINE):
            yield "its first code cell does not show an explorer"
    if number(path) in STRICT and not any("recall(" in cell.source for cell in cells[:5]):
        yield "it does not recall what was missed: write recall(1) before the prediction"


@rule
def solutions_are_folded(notebook: Any, path: Path) -> Iterator[str]:
    for position, cell in enumerate(notebook.cells, start=1):
        if IN_PLAIN_SIGHT.search(SOLUTION.sub("", cell.source)):
            yield f"cell {position} has a solution that is not folded as CONTRIBUTING.md says"


@rule
def an_explorer_is_shown(notebook: Any, path: Path) -> Iterator[str]:
    cells = [cell for _, cell in code_cells(notebook)]
    shown = [str(o.get("data", {}).get("text/plain", "")) for c in cells for o in c.outputs]
    asked = any(EXPLORE.search(cell.source) for cell in cells)
    if asked and not any(text.startswith("explore.") for text in shown):
        yield "it imports explore and shows no explorer: end a cell with one"


@rule
def pictures_have_alt_text(notebook: Any, path: Path) -> Iterator[str]:
    for position, cell in enumerate(notebook.cells, start=1):
        shown = [o.get("data", {}) for o in cell.get("outputs", [])]
        texts = [str(d.get(kind, "")) for d in shown for kind in ("text/html", "text/markdown")]
        if cell.cell_type == "markdown":
            texts.append(cell.source)
        told = [o.get("metadata", {}).get("image/png", {}) for o in cell.get("outputs", [])]
        silent = any(
            "image/png" in d and not m.get("alt") for d, m in zip(shown, told, strict=True)
        )
        if silent or any(NO_ALT.search(text) for text in texts):
            yield f"cell {position} shows a picture without saying in words what is on it"


@rule
def html_needs_no_trust(notebook: Any, path: Path) -> Iterator[str]:
    for n, cell in code_cells(notebook):
        shown = [str(o.get("data", {}).get("text/html", "")) for o in cell.outputs]
        if found := STRIPPED.search("\n".join(shown)):
            yield f"code cell {n} shows <{found[1]}>, which a page that is not trusted leaves out"


@rule
def pictures_have_no_ground(notebook: Any, path: Path) -> Iterator[str]:
    for n, cell in code_cells(notebook):
        for output in cell.outputs:
            png = output.get("data", {}).get("image/png")
            light = "needs_background" in output.get("metadata", {}).get("image/png", {})
            if png and (light or not see_through(png)):
                yield f"code cell {n} shows a picture on a white card, which glares on a dark page"


def see_through(png: str) -> bool:
    """Whether the corner of a PNG is transparent."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return bool(image.convert("RGBA").getpixel((0, 0))[3] == 0)


@rule
def relative_links_lead_somewhere(notebook: Any, path: Path) -> Iterator[str]:
    for cell in markdown(notebook):
        for target in RELATIVE_LINK.findall(cell.source):
            if not target.startswith("attachment:") and not (path.parent / target).exists():
                yield f"the link to {target} leads nowhere"


@rule
def neighbours_are_linked(notebook: Any, path: Path) -> Iterator[str]:
    there = {p.name for p in path.parent.glob("[0-9][0-9]_*.ipynb")} | {path.name}
    series = sorted(there)
    here = series.index(path.name)
    said = "\n".join(c.source for c in markdown(notebook))
    for word, k in (("Previous", here - 1), ("Next", here + 1)):
        if 0 <= k < len(series) and not re.search(rf"{word}: \[[^]]+\]\({series[k]}\)", said):
            yield f"write '{word}: [title]({series[k]})' at the end"
