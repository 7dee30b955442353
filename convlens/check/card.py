"""A card: a message, then a ladder of hints, one rung a click.

It needs no trust and no script: `<details>` opens by itself in a stored notebook as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

__all__ = ["NEITHER", "RIGHT", "WRONG", "box", "card", "paragraph", "plain", "rung"]

#: Left of the card; the words say the same.
RIGHT, WRONG, NEITHER = "#008837", "#D55E00", "#808080"


def card(title: str, verdict: str, body: Iterable[str], colour: str) -> str:
    """Set parts below a title, with a coloured edge."""
    name = f"<code>{escape(title)}</code>: {escape(verdict)}"
    edge = f"border-left:4px solid {colour};padding:4px 0 4px 12px"
    return f"<div style='{edge}'><p style='margin:0'><b>{name}</b></p>{''.join(body)}</div>"


def rung(title: str, body: str) -> str:
    """Hide a part behind its title."""
    return f"<details style='margin:4px 0'><summary>{title}</summary>{body}</details>"


def paragraph(sentence: str) -> str:
    """Write a sentence, with code between backquotes."""
    written = re.sub("`(.+?)`", r"<code>\1</code>", escape(sentence))
    return f"<p style='margin:4px 0'>{written}</p>"


def box(code: str) -> str:
    """Write code that one click selects."""
    style = "user-select:all;overflow-x:auto;margin:4px 0;padding:8px 12px"
    return f"<pre style='{style};background:rgba(128,128,128,.13)'>{escape(code)}</pre>"


def plain(text: str) -> str:
    """Write text that stands in columns."""
    return f"<pre style='margin:4px 0;overflow-x:auto'>{escape(text)}</pre>"
