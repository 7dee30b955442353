"""The results as Markdown: `brief` is what the README shows, `page` has all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import details
from benchmarks.machine import line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["END", "START", "brief", "page", "quote", "quoted", "summary"]

START, END = "<!-- bench -->", "<!-- /bench -->"

DISTURBED = 0.15  # cores that others keep busy, from which it is said

_HEAD = ("work", "against", "target", "moonshot", "times faster", "quartiles", "")


#: What the README says of speed: where it is best, what it is for most layers, where it is worst.
BRIEF = ("grey 31 PyTorch", "layers", "depthwise")


def brief(results: Mapping[str, Any]) -> str:
    """Render three rows in a line each: the part that the README quotes.

    Write it between `START` and `END`, with a line of its own for each.
    """
    rows = {row["key"]: row for row in results["rows"]}
    return "\n".join(
        f"- {rows[key]['work']}: {rows[key]['mean']:.2f} times as fast as {rows[key]['against']}."
        for key in BRIEF
    )


def quote(results: Mapping[str, Any]) -> str:
    """Render machine, missing peers and the rows."""
    rough = ["A quick run: fewer shapes and rounds, rougher numbers.", ""]
    missing = [f"Not installed, so not compared: {', '.join(results['missing'])}.", ""]
    lines = [f"Measured on {line(results['machine'])}.", ""]
    busy = results["machine"].get("others") or 0
    if busy > DISTURBED:
        lines += [f"Meanwhile others kept {busy:.1f} cores busy: rougher numbers.", ""]
    lines += rough if results["quick"] else []
    lines += missing if results["missing"] else []
    lines += details.table(_HEAD, [_cells(row) for row in results["rows"]])
    return "\n".join(lines)


def page(results: Mapping[str, Any]) -> str:
    """Render everything: the rows, and behind them every table of details."""
    parts = ["# convlib beside others", summary(results), *_rules()]
    parts += [details.shapes(results["rows"]), details.contestants(results["races"])]
    return "\n\n".join(parts) + "\n"


def summary(results: Mapping[str, Any]) -> str:
    """Render what is worth a terminal: the rows, and the tables that are short."""
    parts = [quote(results)]
    parts += [details.auto(results["wide"])] if results["wide"] else []
    parts += [details.threads(results["threads"])] if results["threads"] else []
    parts += [details.growth(results["growth"])] if results["growth"] else []
    return "\n\n".join(parts)


def quoted(text: str) -> str | None:
    """Return what stands between the markers, or None where they are not there."""
    _, start, rest = text.partition(START)
    quote, end, _ = rest.partition(END)
    return quote.strip("\n") if start and end else None


def _rules() -> list[str]:
    return [
        "More than 1: convlib is faster. Everyone runs once a round, turn and turn about; a ratio "
        "is taken within a round, and shown are its median and quartiles over all rounds. Where "
        "a side has several layouts, its best one counts. Several shapes make a geometric mean.",
        "Threads are pinned, to one where nothing else is said. Answers are checked before they "
        "are timed. Weights are arrays where no row says that they were prepared. The gradients "
        "by x and by w are taken alone, without the checks of arguments in `conv2d_backward`.",
    ]


def _cells(row: Mapping[str, Any]) -> list[str]:
    head = [row["work"], row["against"], row["target"], row["moonshot"]]
    if not row["shapes"]:
        return [*head, "not measured", "", ""]
    low, high = row["spread"]
    times, spread = f"{row['mean']:.2f}", f"{low:.2f} to {high:.2f}"
    if len(row["shapes"]) > 1:
        times += f", least {row['least']:.2f}"
    words = {None: "", False: "not met", True: "met"}
    met = "moonshot met" if row["shot"] else words[row["met"]]
    return [*head, times, spread, met if row["whole"] else f"{met} (some shapes only)".strip()]
