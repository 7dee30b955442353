"""Docstrings in numpydoc's form, read by napoleon's own parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["as_rst", "setup"]

#: Names that share a line of a docstring share one on the page, parameters and attributes alike.
FORM = Config(
    napoleon_use_param=False,
    napoleon_use_rtype=False,
    napoleon_custom_sections=[("Attributes", "params_style")],
)


def as_rst(docstring: str) -> str:
    r"""Turn a docstring into reStructuredText.

    >>> print(as_rst("Do it.\n\nParameters\n----------\nx, y : int\n    Where."))
    Do it.
    <BLANKLINE>
    :Parameters: **x, y** (*int*) -- Where.
    <BLANKLINE>
    """
    lines = NumpyDocstring(docstring, FORM).lines()  # type: ignore[arg-type]  # it is documented so
    return "\n".join(lines)


def read(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Turn the lines that autodoc has found."""
    # The extension sphinx.ext.napoleon takes what stands before the colon in the first line of a
    # property for its type. Ours are sentences.
    lines[:] = as_rst("\n".join(lines)).split("\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("autodoc-process-docstring", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
