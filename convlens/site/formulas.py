"""Formulas as MathML, which browsers draw by themselves: no script, no fonts, nothing to fetch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["mathml", "setup"]

LOGGER = logging.getLogger(__name__)


def mathml(latex: str, display: bool = False) -> str:
    r"""Translate a formula.

    >>> mathml(r"x_i").partition(">")[2]
    '<mrow><msub><mi>x</mi><mi>i</mi></msub></mrow></math>'
    >>> mathml(r"\frobnicate x")
    Traceback (most recent call last):
    ValueError: no MathML for \frobnicate. Write it with commands that latex2mathml has.
    """
    try:
        found = convert(latex, display="block" if display else "inline")
    except Exception as error:  # its own, and whatever a broken formula leads to
        raise ValueError(f"no MathML for {latex}: {type(error).__name__}") from error
    # What it does not know it copies: a command, or the tabs of an environment.
    if unknown := re.search(r"\\[A-Za-z]+|&(?![#\w]+;)", found):
        raise ValueError(
            f"no MathML for {unknown[0]}. Write it with commands that latex2mathml has."
        )
    return found


def visit(translator: Any, node: nodes.math | nodes.math_block) -> None:
    """Write a formula of a page; one that cannot be written is a warning, so no site is built."""
    block = isinstance(node, nodes.math_block)
    try:
        found = mathml(node.astext(), display=block)
    except ValueError as error:
        LOGGER.warning("%s", error, location=node)
        raise nodes.SkipNode from error
    # A long one scrolls in its own box.
    translator.body.append(f'<div class="formula">{found}</div>' if block else found)
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(visit, None), block_renderers=(visit, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
