"""A mistake is a slip: a change of what an answer is made of, or of the answer.

Because a slip is a change and not a whole function, two of them can be made at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from convlens.check.calling import Outcome

__all__ = ["Mistake", "Slips", "unchanged", "wrongly"]


def unchanged(made: Any) -> Any:
    """Change nothing."""
    return made


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known by its effect.

    Attributes
    ----------
    diagnosis : str
        What is probably wrong, as a sentence.
    remedy : str
        What to change.
    rule : Slips
        How the task makes its answer.
    slip : callable
        From what the answer is made of to the same with this mistake in it.
    answer : callable, optional
        From what the answer is made of to the answer, where the slip is on this way.
    shape : callable
        From the answer, and what it was made of, to the answer with this mistake.
    shows : callable, optional
        Recognises the mistake by watching a call, for those that can be seen beside a right answer
        (a copy for a view). By default the answer has to be that of `wrong`.
    explains : bool
        Whether what is watched can be why numbers are wrong; if not, it is told of right ones only.
    """

    diagnosis: str
    remedy: str
    rule: Slips = field(repr=False, compare=False)
    slip: Callable[[Any], Any] = unchanged
    answer: Callable[[Any], Any] | None = None
    shape: Callable[[Any, Any], Any] | None = None
    shows: Callable[[Outcome], bool] | None = None
    explains: bool = True

    def wrong(self, *given: Any, **named: Any) -> Any:
        """Answer as a function with this mistake does."""
        return wrongly(self)(*given, **named)

    def composes(self, other: Mistake) -> bool:
        """Whether both change the same thing, so that they can be made at once."""
        one, two = self.rule, other.rule
        return one.make == two.make and one.answer == two.answer


def wrongly(*mistakes: Mistake) -> Callable[..., Any]:
    """Make the function that is right but for some mistakes of one task, all at once."""
    rule = mistakes[0].rule

    def wrong(*given: Any, **named: Any) -> Any:
        made = rule.make(*given, **named)
        for m in mistakes:
            made = m.slip(made)
        answers = [m.answer for m in mistakes if m.answer is not None]
        y = (answers or [rule.answer])[0](made)
        for m in mistakes:
            y = y if m.shape is None else m.shape(y, made)
        return y

    return wrong


class Slips(list[Mistake]):
    """The mistakes of one task, in the order in which they are looked for.

    Parameters
    ----------
    make : callable
        From the arguments of the task to what a slip changes.
    answer : callable
        From that to the answer. Together they are the right function.

    Examples
    --------
    >>> area = Slips(lambda height, width: (height, width), lambda sides: sides[0] * sides[1])
    >>> area("only the height counts", "Multiply.", lambda sides: (sides[0], 1))
    >>> area("it is one too large", "Take 1 away.", shape=lambda y, sides: y + 1)
    >>> [m.wrong(2, 3) for m in area], wrongly(*area)(2, 3)
    ([2, 7], 3)
    """

    def __init__(self, make: Callable[..., Any], answer: Callable[[Any], Any]) -> None:
        self.make, self.answer = make, answer

    def __call__(
        self,
        diagnosis: str,
        remedy: str,
        slip: Callable[[Any], Any] = unchanged,
        *,
        answer: Callable[[Any], Any] | None = None,
        shape: Callable[[Any, Any], Any] | None = None,
        shows: Callable[[Outcome], bool] | None = None,
        explains: bool = True,
    ) -> None:
        """Add a mistake: see `Mistake`."""
        self.append(Mistake(diagnosis, remedy, self, slip, answer, shape, shows, explains))
