"""The solutions of a notebook's exercises: read from its Markdown, and run as a reader would.

A solution is folded with `<details>`, which folds in JupyterLab, on GitHub and in print. Markdown
does not run, so one more cell runs them all at the end of each notebook (tests/notebooks/swept.py).
"""

import ast
import linecache
import re
from typing import Any

from convlens.check.report import Report

# Without its empty lines, the code would be shown as running text.
SOLUTION = re.compile(
    r"<details>\n<summary>(A solution for exercise \d)</summary>\n\n"
    r"```python\n((?:(?!```).)+)\n```\n\n</details>",
    re.DOTALL,
)


def solutions(notebook: Any) -> list[tuple[str, str]]:
    """All solutions in order: the line that is seen while it is folded, and its code."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [found for text in texts for found in SOLUTION.findall(text)]


def run(solved: list[tuple[str, str]], names: dict[str, Any]) -> None:
    """Run them one after the other among the `names` of a notebook: each has to be right."""
    for title, code in solved:
        *steps, last = ast.parse(code).body
        assert isinstance(last, ast.Expr), f"{title} does not end in a check"
        linecache.cache[title] = len(code), None, code.splitlines(keepends=True), title
        exec(compile(ast.Module(steps, []), title, "exec"), names)
        report = eval(compile(ast.Expression(last.value), title, "eval"), names)
        assert isinstance(report, Report), f"{title} does not end in a check"
        assert report.ok, f"{title}: {report}"
