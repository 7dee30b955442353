"""Print all checks and the mistakes that they name, as Markdown: `python -m tests.check.table`."""

from convlens import check
from tests.check.judge import task_of

CHECKS = {name: getattr(check, name) for name in check.__all__ if name.islower()}


def cell(text):
    """Write a sentence so that a table of Markdown takes it."""
    return text.replace("|", "\\|").replace("\n", " ")


def table():
    """List every mistake of every check."""
    yield "| check | diagnosis | remedy |"
    yield "|---|---|---|"
    for name, judge in CHECKS.items():
        for m in task_of(judge).mistakes:
            yield f"| `{name}` | {cell(m.diagnosis)} | {cell(m.remedy)} |"


if __name__ == "__main__":
    print(*table(), sep="\n")
