"""What a check found, to be read: in a terminal as text, in JupyterLab as a card."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from textwrap import indent
from typing import TYPE_CHECKING

from convlens.check.card import NEITHER, RIGHT, WRONG, box, card, paragraph, plain, rung
from convlens.check.example import Example
from convlens.check.picture import draw

if TYPE_CHECKING:
    from convlens.check.causes import Cause

__all__ = ["Report"]


UNKNOWN = (
    "It is none of the mistakes that are known here. Work the example above out by hand, and "
    "print what your function has at each step."
)


@dataclass(frozen=True, eq=False)
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
    where : str
        Which part of it is right.
    diagnosis, remedy : str or None
        What is probably wrong and what to change, where the mistake is a known one.
    tried : tuple of str
        What was right.
    untried : tuple of str
        Arguments that the function does not have.
    then : str
        What to try next, where all is right.
    example : Example or None
        The smallest call that failed.
    smaller : bool
        Whether that is less than the case that failed first.
    ok : bool
        Whether every case was right.
    sure : bool
        Whether the mistake was watched as it happened, not concluded from the numbers.
    causes : tuple of Cause
        What the diagnosis is made of.
    earlier : Report or None
        What was wrong with the function before it was right.
    """

    name: str
    verdict: str
    _: KW_ONLY
    wrong: str = ""
    where: str = ""
    diagnosis: str | None = None
    remedy: str | None = None
    tried: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    then: str = ""
    example: Example | None = None
    smaller: bool = False
    ok: bool = False
    sure: bool = False
    causes: tuple[Cause, ...] = ()
    earlier: Report | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave out the causes, which are functions, when a report is copied or stored."""
        return {**self.__dict__, "causes": ()}

    def after(self, earlier: Report | None) -> Report:
        """Keep what was wrong before, to be read beside the right answer."""
        return replace(self, earlier=earlier)

    @property
    def text(self) -> str:
        """The whole report as plain text."""
        said = [*self.message, self.where, *self.named]
        lines = [f"{self.name}: {self.verdict}", *filter(None, said)]
        if self.example is not None:
            lines += ["", *self.example.side_by_side(), "", "The call:"]
            lines += [indent(self.example.call(self.name), "    ")]
        return "\n".join(lines)

    @property
    def message(self) -> list[str]:
        """What differs, what was right, what to try next: the sentences under the verdict."""
        end = "" if self.wrong.endswith(("?", ".")) else "."
        # The case that failed is named above; what is shown may be no wide kernel any more.
        wrong = f"on a smaller example, {self.wrong}" if self.smaller else self.wrong
        said = [f"{wrong[0].upper()}{wrong[1:]}{end}"] if self.wrong else []
        if self.tried:
            said.append(f"{'Tried' if self.ok else 'Right so far'}: {'; '.join(self.tried)}.")
        if self.untried:
            said.append(f"Not tried, since it does not take them: {', '.join(self.untried)}.")
        if self.ok and (self.untried or self.then):
            said.append(f"Next: {self.then or f'give it {self.untried[0]}, too.'}")
        return said

    @property
    def named(self) -> tuple[str, str]:
        """The mistake, and what to change; empty where it is not known."""
        if not self.diagnosis or self.diagnosis == self.wrong:
            return "", self.remedy or ""
        return f"{'Seen' if self.sure else 'Probably'}: {self.diagnosis}.", self.remedy or ""

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Show the report as a card: its message, then a rung at a time to be opened."""
        body = [*map(paragraph, self.message), *self._ladder()]
        if self.earlier is not None:
            body.append(rung("What was wrong before", "".join(self.earlier._hints())))
        colour = RIGHT if self.ok else WRONG if self.wrong else NEITHER
        return card(self.name, self.verdict, body, colour)

    def _ladder(self) -> list[str]:
        """Where it differs, which mistake it is, what to change, the call: closed one by one."""
        if self.example is None:
            return self._hints() if self.diagnosis else []
        picture = draw(self.example)
        seen = picture.html() if picture else plain("\n".join(self.example.side_by_side()))
        where = (paragraph(self.where) if self.where else "") + seen
        call = box(self.example.call(self.name))
        return [rung("Where", where), *self._hints(), rung("The call, to copy", call)]

    def _hints(self) -> list[str]:
        mistake, remedy = self.named
        if not self.diagnosis:
            return [rung("Which mistake", paragraph(UNKNOWN))]
        first = "What was seen" if self.sure else "Which mistake"
        rungs = (first, mistake), ("What to change", remedy)
        return [rung(title, paragraph(said)) for title, said in rungs if said]
