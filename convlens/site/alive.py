"""The last word on each notebook before it becomes a page: what lives there without Python.

The notebook is run once more, and its explorers and questions say what they are made of: tables of
pictures, computed answers. Text and pictures stay those that are stored.
"""

from __future__ import annotations

import base64
import copy
import gzip
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from convlens.recorder import BUNDLE, RECORDING
from convlens.site.running import run

__all__ = ["prepare"]

PLAYER = Path(__file__).parents[1] / "player"


def prepare(stored: NotebookNode, path: Path) -> NotebookNode:
    """Return the notebook as the site shows it."""
    fresh, page = copy.deepcopy(stored), copy.deepcopy(stored)
    run(fresh, path, **RECORDING)
    alive = [
        (output, bundle)
        for cell, ran in zip(page.cells, fresh.cells, strict=True)
        for output, bundle in pairs(cell, ran)
    ]
    for number, (output, bundle) in enumerate(alive):
        output.data["text/html"] = element(output, bundle) + scripts() * (number == 0)
    return page


def pairs(stored: NotebookNode, ran: NotebookNode) -> list[tuple[NotebookNode, dict[str, Any]]]:
    """Find the stored outputs of a cell that can live, each with what it needs."""
    bundles = [o.data[BUNDLE] for o in ran.get("outputs", []) if BUNDLE in o.get("data", {})]
    named = re.compile(r"(explore\.|ask: |recall: )")
    outputs = [
        output
        for output in stored.get("outputs", [])
        if named.match(output.get("data", {}).get("text/plain", ""))
    ]
    if len(bundles) != len(outputs):
        raise ValueError(f"The outputs of cell {stored.id} are not those stored. make notebooks")
    return list(zip(outputs, bundles, strict=True))


def element(output: NotebookNode, bundle: dict[str, Any]) -> str:
    """Write what wakes into an explorer or a question; until then it is what is stored."""
    for told in bundle.get("items", []):
        if "failed" in told:
            raise ValueError(f"{told['question']} {told['failed']}")
    name = bundle.get("panel", {}).get("name", bundle["form"])
    written = json.dumps(bundle, separators=(",", ":"), allow_nan=False).encode()
    data = base64.b64encode(gzip.compress(written, mtime=0)).decode()
    shown = output.data["text/html"] if bundle["form"] == "ask" else picture(output)
    script = f'<script type="application/gzip">{data}</script>'
    return f'<div data-explorer="{escape(name)}">{shown}{script}</div>'


def picture(output: NotebookNode) -> str:
    """Write the stored picture into the page."""
    said, data = output.metadata["image/png"], output.data["image/png"].replace("\n", "")
    alt, width = escape(said["alt"]), said["width"]
    return f'<img alt="{alt}" width="{width}" src="data:image/png;base64,{data}">'


@cache
def scripts() -> str:
    """Write the player into the page: beside a file there is nothing to load modules from."""
    source = (PLAYER / "alive.js").read_text(encoding="utf-8")

    def inlined(found: re.Match[str]) -> str:
        module = base64.b64encode((PLAYER / found[1]).read_bytes()).decode()
        return f'"data:text/javascript;base64,{module}"'

    style = (PLAYER / "player.css").read_text(encoding="utf-8")
    source = re.sub(r'"\./(\w+\.js)"', inlined, source)
    return f'<style>{style}</style><script type="module">{source}</script>'
