"""Run the notebooks and store what they show, so that a second run changes no byte.

    python tools/refresh_notebooks.py [--check] [NOTEBOOK ...]

Without names, every notebook of the folder notebooks/ is run, each in its own kernel. What would
differ from run to run is left out: widget models and their random ids, timestamps, the version of
the Python that ran it. The outputs of cells tagged `measured` (times, versions) are kept as they
are stored; MEASURE=1 in the environment stores new ones.
"""

import argparse
import base64
import copy
import io
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from PIL import Image

from convlens.recorder import STORING
from convlens.site.running import CellFailed, run

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
#: Levels of 255 that a colour may lose, the share of pixels that may lose more, and the mean.
MOST_LOST, RARE, MEAN_LOST = 24, 0.003, 3.5


def refresh(path: Path, *, measure: bool = False) -> str:
    """Return the text of the notebook at `path` as it is after a run; write nothing."""
    stored = nbformat.read(path, as_version=4)
    notebook = copy.deepcopy(stored)
    run(notebook, path, **STORING)
    if not measure:
        keep_measured(notebook, stored)
    normalise(notebook)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def tags(cell: Any) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", []))


def keep_measured(notebook: Any, stored: Any) -> None:
    """Put back the stored outputs of the cells that measure something."""
    for new, old in zip(notebook.cells, stored.cells, strict=True):
        if new.cell_type == "code" and "measured" in tags(new) and old.outputs:
            new.outputs = old.outputs


def normalise(notebook: Any) -> None:
    """Leave out of a notebook all that differs from one run, or one machine, to the next."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = nbformat.from_dict(KERNELSPEC)
    notebook.metadata.language_info = nbformat.from_dict(LANGUAGE_INFO)
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        notebook.nbformat_minor = 5
    count = 0
    for number, cell in enumerate(notebook.cells):
        # Random ids, as nbformat would give them, would change with every run.
        cell.setdefault("id", f"cell-{number:02d}")
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        cell.outputs = [kept for output in cell.outputs if (kept := normalise_output(output))]
        count += bool(cell.source.strip())
        cell.execution_count = count if cell.source.strip() else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count


def fewer_colours(drawn: bytes) -> bytes:
    """Write a PNG with a table of 256 colours, half the size, where nobody sees a difference.

    Drawings and gray photographs need no more; a colour photograph does, and is left as it is. It
    takes longer than to draw, so that it is done for pictures that are stored, not while reading.
    """
    opened = Image.open(io.BytesIO(drawn))
    if opened.mode == "P":
        return drawn
    page = opened.convert("RGBA")
    table = page.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)

    def on(ground: int, image: Image.Image) -> Any:
        """The pixels on a page of some gray."""
        pixels = np.asarray(image.convert("RGBA"), np.float32)
        return ground + (pixels[..., :3] - ground) * pixels[..., 3:] / 255

    for ground in (255, 17):
        lost = np.abs(on(ground, table) - on(ground, page)).max(axis=2)
        if (lost > MOST_LOST).mean() > RARE or lost.mean() > MEAN_LOST:
            return drawn
    small = io.BytesIO()
    table.save(small, "PNG", optimize=True)
    return small.getvalue()


def normalise_output(output: Any) -> Any:
    """Return an output without its widget view, or None if that was all there was."""
    if output.output_type == "error":
        # The frames above it name files of the machine.
        output.traceback = [f"{output.ename}: {output.evalue}"]
    if "data" in output:
        if "image/png" in output.data:
            drawn = fewer_colours(base64.b64decode(output.data["image/png"]))
            output.data["image/png"] = base64.b64encode(drawn).decode()
        output.data.pop(WIDGET_VIEW, None)
        output.metadata.pop(WIDGET_VIEW, None)
        if not output.data:
            return None
    return output


def write(path: Path, text: str) -> None:
    """Replace the file in one step: stopped half-way, the old one is still whole."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def main(arguments: list[str] | None = None) -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a notebook would change"
    )
    asked = parser.parse_args(arguments)
    paths = asked.notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    if not paths:
        print(f"There is no notebook in {NOTEBOOKS.name}/.", file=sys.stderr)
        return 1

    status = 0
    for path in paths:
        try:
            text = refresh(path, measure=os.environ.get("MEASURE") == "1")
        except (CellFailed, OSError) as error:
            print(error, file=sys.stderr)
            status = 1
            continue
        if text.encode() == path.read_bytes():
            continue
        if asked.check:
            print(f"{path}: would change; run make notebooks", file=sys.stderr)
            status = 1
        else:
            write(path, text)
    return status


if __name__ == "__main__":
    sys.exit(main())
