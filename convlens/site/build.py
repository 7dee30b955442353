"""From the sources to a folder of pages."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace

from convlens.site.mend import mend
from convlens.site.settings import SETTINGS
from convlens.site.source import ROOT, write

__all__ = ["build"]

#: In every site that was built here, and in hardly any other folder.
MARK = "searchindex.js"
#: Sphinx's notes to its next build; there is none, each begins with nothing.
NOTES = (".buildinfo", ".buildinfo.bak")


def build(out: Path, only: Sequence[str] | None = None) -> None:
    """Write the site to `out`, which is emptied first; `only` names notebooks by their numbers.

    A warning of Sphinx is an error: nothing is written then.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise ValueError(f"{out} is no site and not empty. Name another folder.")
    # Told now, and not after minutes.
    above = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise ValueError(f"{out} cannot be written: {above} takes no files. Name another folder.")
    with TemporaryDirectory() as temporary:
        source, pages = Path(temporary) / "source", Path(temporary) / "pages"
        write(source, only)
        run(source, pages, Path(temporary) / "doctrees")
        mend(pages)
        # The README shows them by HTML of its own, which Sphinx does not look into.
        shutil.copytree(ROOT / "docs", pages / "docs")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(pages, out, ignore=shutil.ignore_patterns(*NOTES))


def run(source: Path, pages: Path, doctrees: Path) -> None:
    """Let Sphinx make pages of the sources."""
    try:
        with docutils_namespace():  # what is told to docutils is forgotten afterwards
            app = Sphinx(
                source,
                None,
                pages,
                doctrees,
                "html",
                confoverrides=dict(SETTINGS),
                status=None,
                warning=sys.stderr,
                warningiserror=True,
            )
            app.build()
    except SphinxError as error:
        raise RuntimeError(f"Sphinx cannot go on. {error}") from error
    if app.statuscode:
        raise RuntimeError("Sphinx has something to complain of, above.")
