"""Links out of the site: to other files of the repository, and to where a notebook can be run."""

from __future__ import annotations

import posixpath
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref

from convlens.site.source import ROOT

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]

#: Where a machine is lent that runs a notebook of a repository on GitHub.
BINDER = "https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/{notebook}"
COLAB = "https://colab.research.google.com/github/{repository}/blob/HEAD/{notebook}"
#: What Colab has not, which then is the first thing to run there.
INSTALL = '%pip install anywidget resvg-py "convlib[tiles] @ git+{address}"'


@cache
def repository() -> str | None:
    """Give the repository's public address, if the project says one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = {name.lower(): url for name, url in project.get("urls", {}).items()}
    found = (urls[name] for name in ("repository", "source", "homepage") if name in urls)
    return next((url.rstrip("/") for url in found), None)


def lead_somewhere(app: Sphinx, doctree: nodes.document) -> None:
    """Send the links of a page that lead to no page to the repository; without one, unlink them."""
    for link in list(doctree.findall(pending_xref)):
        # myst gives those that lead to a page the domain "doc"
        if link["reftype"] != "myst" or link.get("refdomain") == "doc":
            continue
        path, _, _ = link["reftarget"].partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(link["refdoc"]), path))
        if not link["reftarget"].startswith("#") and (ROOT / path).exists():
            link.replace_self(to_repository(path, link.children))
        # any other is left for myst, which finds its anchor or complains


def to_repository(path: str, shown: list[Any]) -> list[Any]:
    """Make a link to a file in the repository, or just what would be shown of it."""
    address = repository()
    if address is None:
        return shown
    return [nodes.reference("", "", *shown, refuri=f"{address}/blob/HEAD/{path}")]


def lend_a_machine(app: Sphinx, doctree: nodes.document) -> None:
    """Say under the title of a notebook where it can be run, if the repository is on GitHub."""
    page, address = app.env.docname, repository() or ""
    found = re.fullmatch(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?", address)
    if not found or not page.startswith("notebooks/"):
        return
    places = {"repository": found[1], "notebook": f"{page}.ipynb"}
    binder, colab = (
        nodes.reference("", name, refuri=template.format(**places))
        for name, template in (("Binder", BINDER), ("Colab", COLAB))
    )
    install = nodes.literal("", INSTALL.format(address=address))
    said = ["Run it on ", binder, ", or on ", colab, " with ", install, " in a first cell."]
    parts = [nodes.Text(part) if isinstance(part, str) else part for part in said]
    title = next(iter(doctree.findall(nodes.title)))
    title.parent.insert(title.parent.index(title) + 1, nodes.paragraph("", "", *parts))


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("doctree-read", lead_somewhere)
    app.connect("doctree-read", lend_a_machine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
