"""Predictions: a question first, the computed answer after the reader has written one.

Nothing of an answer is stored with a notebook. How a reader answered is remembered in a file beside
the notebooks (`remembered.py`), so that what was missed can be asked again.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from convlens import remembered
from convlens.needs import need
from convlens.recorder import BUNDLE, recording
from convlib.arguments import refusal, whole

need("anywidget", "To ask a question")

import anywidget  # noqa: E402
import traitlets  # noqa: E402

__all__ = ["Questions", "ask", "recall"]

PLAYER = Path(__file__).parent / "player"
LARGEST = 2**53  # of whole numbers that a page knows exactly; nor does it know NaN and infinity
RUN = "Run this cell (Shift+Enter)"


def ask(
    question: str,
    answer: Callable[[], Any],
    choices: Sequence[str] | None = None,
    because: str | None = None,
) -> Questions:
    """Ask for a prediction, and compare it with the computed answer.

    Parameters
    ----------
    question : str
        What to predict.
    answer : callable
        Takes nothing and computes the answer when the reader presses *Compare*: a number, a shape
        or another short list of numbers, or a word. A constant would stand in the source.
    choices : sequence of str, optional
        What to choose from; without them there is a field to write in. Shapes may be written
        ``4, 5``, ``(4, 5)`` or ``4x5``; a number with a fraction need only be met within 2 percent.
    because : str, optional
        Why it is so: shown with the answer. It is part of the source, as all of this call is.

    Returns
    -------
    Questions
        To be shown as the last expression of a cell.

    Raises
    ------
    TypeError
        If `answer` is not callable, or `question` no text.
    ValueError
        If there is nothing to choose from, or one thing twice.

    Examples
    --------
    >>> y = [[1, 2, 3], [4, 5, 6]]
    >>> ask("How many numbers?", answer=lambda: len(y) * len(y[0]))
    ask: How many numbers?
    """
    if not isinstance(question, str) or not question.strip():
        raise refusal(TypeError, "question is no text", "Write it out.", {"question": question})
    if not callable(answer):
        change = "A constant stands in the source, for all to see: give lambda: y.shape or alike."
        raise refusal(TypeError, "answer is not callable", change, {"answer": answer})
    options = None if choices is None else [str(plain(choice)) for choice in choices]
    alike = {" ".join(option.lower().split()) for option in options or ()}
    if options is not None and (isinstance(choices, str) or len(alike) < max(len(options), 2)):
        change = "Give two or more, each once; or none, for a field to write in."
        raise refusal(ValueError, "there is nothing to choose", change, {"choices": choices})
    return Questions(f"ask: {question}", [_Item(question, options, because, answer)])


def recall(n: int = 2) -> Questions:
    """Ask questions of earlier notebooks again: those that were missed first, then the oldest.

    They come from `.convlens.json` in the notebook's folder, where every answer is remembered.

    Parameters
    ----------
    n : int
        How many at most.

    Examples
    --------
    >>> recall(2)
    recall: 2 questions of earlier notebooks
    """
    whole("n", n, 1, {"n": n})
    lines, broken = remembered.read()
    latest = {line["question"]: line for line in lines}
    old = [line for line in latest.values() if line["question"] not in Questions.asked]
    old.sort(key=lambda line: (line["right"], line["when"]))
    items = [
        _Item(line["question"], line["choices"], line["because"], partial(line.get, "answer"))
        for line in old[:n]
    ]
    return Questions(f"recall: {n} questions of earlier notebooks", items, broken, n)


@dataclass(frozen=True)
class _Item:
    """One question, its answer still to be computed."""

    question: str
    choices: list[str] | None
    because: str | None
    answer: Callable[[], Any]

    def asked(self) -> dict[str, Any]:
        """What the page is told before an answer is given."""
        return {"question": self.question, "choices": self.choices}

    def told(self) -> dict[str, Any]:
        """The computed answer, or why there is none yet."""
        try:
            answer = plain(self.answer())
        except Exception as error:
            why = f"The answer cannot be computed ({type(error).__name__}: {error})."
            return {"failed": why + " Run the cells above first." * isinstance(error, NameError)}
        if self.choices is not None and str(answer) not in self.choices:
            return {"failed": f"The answer, {answer!r}, is none of the choices."}
        return {"answer": answer, "because": self.because}


class Questions(anywidget.AnyWidget):
    """Questions to be answered one by one, each compared with what is computed then."""

    asked: ClassVar[set[str]] = set()  # by `ask` in this kernel: these are not asked again here
    _esm = (PLAYER / "ask.js").read_text(encoding="utf-8")
    _css = (PLAYER / "player.css").read_text(encoding="utf-8")
    items: Any = traitlets.List().tag(sync=True)  # question and choices of each
    told = traitlets.Dict().tag(sync=True)  # by number: answer and because, once they are asked for
    notes: Any = traitlets.List().tag(sync=True)  # of the file that remembers
    recalls = traitlets.Int().tag(sync=True)  # how many earlier ones these are at most

    def __init__(self, name: str, items: list[_Item], broken: str = "", recalls: int = 0) -> None:
        self._name, self._items = name, items
        # so that the page hears of an answer that says what the last one said
        self._count = count().__next__
        if not recalls:
            Questions.asked |= {item.question for item in items}
        shown = [item.asked() for item in items]
        super().__init__(items=shown, notes=[broken] if broken else [], recalls=recalls)
        self.on_msg(self._heard)

    def answers(self) -> list[dict[str, Any]]:
        """What each question is told when it is compared."""
        return [item.told() for item in self._items]

    def _heard(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """Compute the answer that is asked for, or remember how it was compared."""
        item = self._items[message["item"]]
        if "said" not in message:
            self.told = {**self.told, str(message["item"]): {**item.told(), "count": self._count()}}
            return
        known = self.told[str(message["item"])]
        line = {"question": item.question, "choices": item.choices}
        line |= {key: known[key] for key in ("answer", "because")}
        line |= {key: message[key] for key in ("said", "right")}
        self.notes = [remembered.add(line)]

    def __repr__(self) -> str:
        """Without a model's address or number: notebooks are compared with their stored output."""
        return self._name

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Add the question as text, for pages where nothing can be written."""
        bundle: Any = super()._repr_mimebundle_(**kwargs) or {}
        data: dict[str, Any] = bundle[0] if isinstance(bundle, tuple) else bundle
        shown = {**data, "text/plain": repr(self), "text/html": self._html()}
        if recording():
            # what is recalled is each reader's own: the page remembers by itself
            items = [{**i.asked(), **i.told()} for i in self._items if not self.recalls]
            shown[BUNDLE] = {"form": "ask", "items": items, "recalls": self.recalls}
        return shown, {}

    def _html(self) -> str:
        if self.recalls:
            return f"<p>{RUN}: questions of earlier notebooks come back here.</p>"
        (item,) = self._items
        choices = "".join(f"<li>{escape(choice)}</li>" for choice in item.choices or ())
        listed = f"<ul>{choices}</ul>" if choices else ""
        return f"<p><b>{escape(item.question)}</b></p>{listed}<p>{RUN} to answer it here.</p>"


def plain(answer: Any) -> Any:
    """Turn an answer into a number, a list of numbers, or a word.

    >>> import numpy as np
    >>> plain(np.int64(3)), plain((4, 5)), plain(np.float32([0.5])), plain(True), plain("mean")
    (3, [4, 5], [0.5], 'yes', 'mean')
    """
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, str):
        return answer
    if isinstance(answer, numbers.Integral) and abs(int(answer)) <= LARGEST:
        return int(answer)
    if isinstance(answer, numbers.Real) and not isinstance(answer, int):
        number = float(answer)
        if abs(number) <= LARGEST:
            return number
    if isinstance(answer, tuple | list):
        found = [plain(value) for value in answer]
        if found and all(isinstance(value, int | float) for value in found):
            return found
    change = "Return a number, a short list of numbers such as a shape, or a word."
    raise refusal(TypeError, "this answer cannot be compared", change, {"answer": answer})
