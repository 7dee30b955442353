"""Running a notebook from top to bottom, in a kernel of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from tqdm.auto import tqdm

__all__ = ["CellFailed", "kernel_environment", "run"]

SECONDS_A_CELL = 600


class CellFailed(Exception):
    """A cell raised, hung, or took its kernel with it."""


def run(notebook: Any, path: Path, **settings: str) -> None:
    """Run all cells in a fresh kernel that stands in the notebook's folder.

    `settings` are added to the kernel's environment.
    """
    now = {"index": 0}
    cells = len(notebook.cells)
    with tqdm(total=cells, desc=path.name, unit="cell") as bar:

        def start(cell: Any, cell_index: int) -> None:
            now["index"] = cell_index
            bar.update(cell_index - bar.n)

        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=SECONDS_A_CELL,
            record_timing=False,
            coalesce_streams=True,
            # Without the state, a cell that writes to an Output widget crashes the client.
            store_widget_state=True,
            resources={"metadata": {"path": str(path.resolve().parent)}},
            on_cell_start=start,
        )
        with tempfile.TemporaryDirectory() as ipython:
            try:
                client.execute(env={**kernel_environment(ipython), **settings})
            except (CellControlSignal, DeadKernelError) as error:
                raise CellFailed(describe(notebook, now["index"], path, error)) from error
        bar.update(cells - bar.n)


def kernel_environment(ipython: str) -> dict[str, str]:
    """Return an environment in which one's own IPython and matplotlib settings change nothing."""
    env = dict(os.environ, PYTHONHASHSEED="0", IPYTHONDIR=ipython)
    env.pop("MPLBACKEND", None)
    return env


def describe(notebook: Any, index: int, path: Path, error: Exception) -> str:
    """Name the cell that failed, with its source and its error."""
    cell = notebook.cells[index]
    number = sum(c.cell_type == "code" for c in notebook.cells[: index + 1])
    source = "\n".join("    " + line for line in cell.source.splitlines())
    name = getattr(error, "ename", type(error).__name__)
    what = getattr(error, "evalue", error)
    return f"{path}: code cell {number} (id {cell.get('id')}) failed:\n{source}\n{name}: {what}"
