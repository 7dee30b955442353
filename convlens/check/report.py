"""What a check found, to be read: in a terminal as text, in JupyterLab with a picture."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from html import escape
from itertools import zip_longest
from textwrap import indent
from typing import Any

from convlens.check.answers import first_difference
from convlens.check.example import Example
from convlens.check.picture import draw
from convlens.check.source import SMALL, line

__all__ = ["Report"]

#: Left of the report; the words say the same.
RIGHT, WRONG, NEITHER = "#008837", "#D55E00", "#808080"


@dataclass(frozen=True)
class Report:
    """The verdict on a reader's function.

    Attributes
    ----------
    name : str
        Of the function.
    verdict : str
        "right", "nothing written yet", or what failed.
    wrong : str
        In what the answer differs.
    diagnosis, remedy : str or None
        What is probably wrong and what to change, where the mistake is a known one.
    tried : tuple of str
        What was right.
    untried : tuple of str
        Arguments that the function does not have.
    example : Example or None
        The smallest call that failed.
    ok : bool
        Whether every case was right.
    sure : bool
        Whether the mistake was watched as it happened, not concluded from the numbers.
    """

    name: str
    verdict: str
    _: KW_ONLY
    wrong: str = ""
    diagnosis: str | None = None
    remedy: str | None = None
    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    example: Example | None = None
    ok: bool = False
    sure: bool = False

    @property
    def text(self) -> str:
        """The whole report as plain text."""
        lines = [f"{self.name}: {self.verdict}", *self._sentences()]
        if self.example is not None:
            lines += ["", *_side_by_side(self.example), "", "The call:"]
            lines += [indent(self.example.call(self.name), "    ")]
        return "\n".join(lines)

    def _sentences(self) -> list[str]:
        """The sentences under the verdict."""
        end = "" if self.wrong.endswith("?") else "."
        said = [f"{self.wrong[0].upper()}{self.wrong[1:]}{end}"] if self.wrong else []
        if self.diagnosis:
            said += [f"{'Seen' if self.sure else 'Probably'}: {self.diagnosis}.", self.remedy or ""]
        if self.tried:
            said.append(f"{'Tried' if self.ok else 'Right so far'}: {'; '.join(self.tried)}.")
        if self.untried:
            said.append(f"Not tried, for it has no such argument: {', '.join(self.untried)}.")
        return [s for s in said if s]

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Show the report with its example as a picture."""
        name, verdict = escape(self.name), escape(self.verdict)
        body = [f"<p style='margin:0'><b><code>{name}</code>: {verdict}</b></p>"]
        for sentence in self._sentences():
            written = re.sub("`(.+?)`", r"<code>\1</code>", escape(sentence))
            strong = sentence.startswith(("Probably: ", "Seen: "))
            body.append(f"<p style='margin:4px 0'>{f'<b>{written}</b>' if strong else written}</p>")
        if self.example is not None:
            body += self._shown(self.example)
        colour = RIGHT if self.ok else WRONG if self.wrong else NEITHER
        edge = f"border-left:4px solid {colour};padding:4px 0 4px 12px"
        return f"<div style='{edge}'>{''.join(body)}</div>"

    def _shown(self, example: Example) -> list[str]:
        """Draw the picture of the example, and its call to be copied."""
        picture = draw(example)
        code = escape(example.call(self.name))
        style = "user-select:all;overflow-x:auto;margin:4px 0;padding:8px 12px"
        box = f"<pre style='{style};background:rgba(128,128,128,.13)'>{code}</pre>"
        if picture is None:
            both = escape("\n".join(_side_by_side(example)))
            return [f"<pre style='margin:4px 0;overflow-x:auto'>{both}</pre>", box]
        if "\n" not in code:  # numbers only: they are all there is to see of the arguments
            return [picture.html(), box]
        folded = f"<details><summary>The call, to copy with one click</summary>{box}</details>"
        return [picture.html(), folded]


def _side_by_side(example: Example) -> list[str]:
    """Set the right answer and the reader's next to each other."""
    name, expected, got = example.pair()
    both = example.arrays()
    head = [f"{name} expected".strip(), f"{name} yours".strip()]
    if both is not None and max(a.size for a in both) > SMALL and min(a.size for a in both):
        head, both = _one_plane(head, both)
    if both is None or max(a.size for a in both) > SMALL:
        answers = [expected] if got is None else [expected, got]
        return [f"{h}: {line(a)}" for h, a in zip(head, answers, strict=False)]
    left, right = ([h, *str(a).splitlines()] for h, a in zip(head, both, strict=True))
    width = max(map(len, left)) + 4
    return [f"{a:{width}}{b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")]


def _one_plane(head: list[str], both: tuple[Any, Any]) -> tuple[list[str], tuple[Any, Any]]:
    """Choose the plane with the first number that differs of arrays with more axes."""
    expected, got = both
    if expected.ndim != got.ndim or expected.ndim < 3:
        return head, both
    at = first_difference(got, expected)
    plane = (-1,) * (expected.ndim - 2) if at is None else at[:-2]
    where = "the last plane" if at is None else f"plane {list(plane)}"
    named = [f"{h}, {where} of shape {a.shape}" for h, a in zip(head, both, strict=True)]
    return named, (expected[plane], got[plane])
