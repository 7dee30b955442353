"""What the site shows, gathered in a folder: notebooks, a landing page, a page for each module."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from inspect import getdoc
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode

from convlens.site.alive import prepare

__all__ = ["ROOT", "write"]

ROOT = Path(__file__).resolve().parents[2]
#: Where the landing page ends: what follows in the README is for those who have the repository.
END = "## Teaching with it"
CONTENTS = """
## Reference

| module | |
|---|---|
{rows}

```{{toctree}}
:hidden:
:caption: The notebooks

{notebooks}
```

```{{toctree}}
:hidden:
:caption: Reference

{modules}
```
"""
# The module itself is no entry of the index, so that its name leads to the page's top.
MODULE = """{name}
{line}

.. automodule:: {name}
   :members:
"""


def write(folder: Path, only: Sequence[str] | None = None) -> None:
    """Fill a new folder with all sources; `only` names notebooks by their numbers."""
    paths = chosen(only)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each notebook has a kernel of its own
        notebooks = dict(zip([path.stem for path in paths], pool.map(read, paths), strict=True))
    for name, notebook in notebooks.items():
        put(folder / "notebooks" / f"{name}.ipynb", nbformat.writes(notebook))
    modules = {module.__name__: summary(module) for module in public()}
    for name in modules:
        put(folder / "api" / f"{name}.rst", MODULE.format(name=name, line="=" * len(name)))
    shutil.copytree(ROOT / "docs", folder / "docs")
    put(folder / "index.md", landing(notebooks, modules))


def put(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def chosen(only: Sequence[str] | None) -> list[Path]:
    """Find the notebooks: all, or those with the given numbers."""
    found = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise ValueError(f"no notebooks in {ROOT}. Make the site in a clone of the project.")
    numbers = [path.name[:2] for path in found]
    if unknown := sorted(set(only or []) - set(numbers)):
        raise ValueError(f"no notebook {', '.join(unknown)}. There are {', '.join(numbers)}.")
    return [path for path in found if only is None or path.name[:2] in only]


def read(path: Path) -> NotebookNode:
    """Read a notebook as the site shows it."""
    notebook = prepare(nbformat.read(path, as_version=4), path)
    for cell in notebook.cells:
        describe(cell)
    return notebook


def describe(cell: NotebookNode) -> None:
    """Put the text alternative of a cell's picture where myst-nb looks for it."""
    for output in cell.get("outputs", []):
        if alt := output.get("metadata", {}).get("image/png", {}).get("alt"):
            cell.metadata.setdefault("mystnb", {})["image"] = {"alt": alt}


def public() -> Iterable[ModuleType]:
    """Find the two packages, and those of their public names that are modules."""
    for name in ("convlib", "convlens"):
        package = importlib.import_module(name)
        yield package
        named = (getattr(package, part) for part in package.__all__)
        yield from (part for part in named if isinstance(part, ModuleType))


def summary(module: ModuleType) -> str:
    """Give the first line of a module's docstring."""
    return (getdoc(module) or "").split("\n")[0]


def title(notebook: NotebookNode) -> str:
    r"""Give the title of a notebook: its first line.

    >>> title(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Hello\n\nYou!")]))
    'Hello'
    """
    return str(notebook.cells[0].source).split("\n")[0].removeprefix("# ")


def landing(notebooks: dict[str, NotebookNode], modules: dict[str, str]) -> str:
    """Write the landing page: the top of the README, and where everything is."""
    top, end, _ = (ROOT / "README.md").read_text(encoding="utf-8").partition(END)
    if not end:
        raise ValueError(f"README.md has no heading {END!r}, before which the landing page ends.")
    entries = (f"{name[:2]} {title(nb)} </notebooks/{name}>" for name, nb in notebooks.items())
    return top + CONTENTS.format(
        rows="\n".join(f"| [{name}](api/{name}.rst) | {line} |" for name, line in modules.items()),
        notebooks="\n".join(entries),
        modules="\n".join(f"/api/{name}" for name in modules),
    )
