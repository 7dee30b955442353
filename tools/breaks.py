"""Break what computes on purpose, one place at a time, and see that the tests notice.

    python tools/breaks.py [--list] [-j PROCESSES] [CHOICE ...]

`tools/breaks.toml` lists the breaks. Each is made in a copy of the tree, in which the tests run as
on a machine without PyTorch: first those nearest to the broken file; all of them, the notebooks
apart, where these notice nothing. A CHOICE is a number or a part of a file's name. The exit status
is 1 if a break was not noticed, or if one that is said to be harmless was.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

#: The tests nearest to the files of a folder; the first folder that fits counts.
NEAREST = {
    "convlib/fast/": ("tests/fast",),
    "convlib/tiles/": ("tests/tiles",),
    "convlens/facts/": ("tests/facts",),
    "convlib/": ("tests/core", "tests/fast/test_gradients.py"),
}
#: Of these, the ones that come first, where they have not the name of the file.
FIRST = {
    "__main__": "command", "arguments": "errors",
    "backward": "adjoint pooling_backward", "bounds": "accuracy", "exact": "dtypes",
    "call": "slips", "hint": "slips", "names": "slips", "shapes": "slips",
    "explained": "explain", "forward": "pooling", "rule": "choose cost", "run": "choose methods",
    "shifted": "im2col", "trust": "accuracy", "windows": "pooling pooling_errors",
}  # fmt: skip
ALL = ("tests", *(f"--ignore=tests/{folder}" for folder in ("browser", "notebooks", "setup")))
PYTEST = ["-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not wide"]

#: What Python runs as it starts: after it there is no PyTorch to be found.
BLIND = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = classmethod(
    lambda _, name, *more: None if name.split(".")[0] == "torch" else found(name, *more)
)
"""
# Run in the copy: the package that is imported must be the copy's, not the one that is installed.
ISOLATED = "import convlib, importlib.util as u; print(convlib.__file__, u.find_spec('torch'))"

Verdict = tuple[str, float]  # which test noticed, or "", and after how many seconds


@dataclass(frozen=True)
class Break:
    """One break: what stands in a file, what it becomes, and what goes wrong then."""

    number: int
    file: str
    breaks: str
    old: str
    new: str
    harmless: str = ""  # why it changes nothing that is promised

    def __str__(self) -> str:
        return f"{self.number:3} {self.file}: {self.breaks}"

    def stale(self) -> str:
        """Say why it can no longer be made, if so: what is replaced must stand there once."""
        count = (ROOT / self.file).read_text(encoding="utf-8").count(self.old)
        return "" if count == 1 else f"{self}: {count} times in the file: {self.old!r}"


def nearest(broken: Break) -> tuple[str, ...]:
    return next(tests for folder, tests in NEAREST.items() if broken.file.startswith(folder))


def load(choices: Sequence[str] = ()) -> list[Break]:
    """Read the list; of it those with one of the numbers, or with a part of their file's name."""
    tables = tomllib.loads((ROOT / "tools/breaks.toml").read_text(encoding="utf-8")).items()
    rows = [{"file": file, **row} for file, rows_of_file in tables for row in rows_of_file]
    breaks = [Break(number, **row) for number, row in enumerate(rows, 1)]
    names = [choice for choice in choices if not choice.isdecimal()]
    picked = [b for b in breaks if str(b.number) in choices or any(n in b.file for n in names)]
    return picked if choices else breaks


def environment(tree: Path) -> dict[str, str]:
    """The tree before whatever is installed, no PyTorch, and the same random numbers every time."""
    env = {k: v for k, v in os.environ.items() if k not in ("CONVLIB_NO_SKIP", "PYTEST_ADDOPTS")}
    env["PYTHONPATH"] = f"{tree}{os.pathsep}{tree.parent / 'blind'}"
    return {**env, "PYTHONDONTWRITEBYTECODE": "1", "CI": "1", "OPENBLAS_NUM_THREADS": "1"}


def snapshot(tree: Path) -> None:
    """Copy all files of the project as git sees them: committed, or about to be."""
    command = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    (tree.parent / "blind").mkdir()
    (tree.parent / "blind" / "sitecustomize.py").write_text(BLIND, encoding="utf-8")
    command = [sys.executable, "-c", ISOLATED]
    where = subprocess.check_output(command, cwd=tree.parent, env=environment(tree), text=True)
    assert where.strip() == f"{tree / 'convlib' / '__init__.py'} None", where


def run(tree: Path, tests: Sequence[str], limit: float | None) -> Verdict:
    """Run tests in a tree until one fails. What does not end within the limit is noticed too."""
    began, command = time.monotonic(), [sys.executable, *PYTEST, *tests]
    how: dict[str, Any] = {"cwd": tree, "env": environment(tree), "stderr": subprocess.STDOUT}
    try:
        done = subprocess.run(command, **how, stdout=subprocess.PIPE, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return "the time limit", time.monotonic() - began
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", done.stdout, re.MULTILINE)
    by = failed[1] if failed else done.stdout.strip().rpartition("\n")[2]
    return by if done.returncode else "", time.monotonic() - began


def run_broken(broken: Break, tree: Path, tests: Sequence[str], limit: float) -> Verdict:
    """Make one break in a copy of the tree, and test it: the likeliest tests first."""
    copy = tree.parent / f"break-{broken.number}"
    shutil.copytree(tree, copy)
    file = copy / broken.file
    source = file.read_text(encoding="utf-8")
    file.write_text(source.replace(broken.old, broken.new), encoding="utf-8")
    names = FIRST.get(file.stem, file.stem).split()
    folders = "core", "facts", "fast"
    own = [f"tests/{folder}/test_{name}.py" for folder in folders for name in names]
    own = [name for name in own if (copy / name).exists()]
    by, seconds = run(copy, own, limit) if own else ("", 0.0)
    if not by:
        by, more = run(copy, tests, limit)
        seconds += more
    shutil.rmtree(copy)
    return by, seconds


def verdicts(breaks: list[Break], tree: Path, processes: int) -> Iterator[tuple[Break, Verdict]]:
    """Yield each break with its verdict: of the nearest tests, then, where it needs them, of all.

    Either round begins with the whole tree: tests that fail without a break notice none.
    """
    pool = ThreadPoolExecutor(processes)
    try:
        for last, tests_of in ((False, nearest), (True, lambda _: ALL)):
            sets = list({tests_of(broken) for broken in breaks})
            whole = dict(zip(sets, pool.map(partial(run, tree, limit=None), sets), strict=True))
            if failed := {by for by, _ in whole.values() if by}:
                raise SystemExit(f"Fails without a break already: {', '.join(sorted(failed))}")
            tests = [tests_of(broken) for broken in breaks]
            limits = [300 + 10 * whole[each][1] for each in tests]
            rest = []
            found = pool.map(run_broken, breaks, repeat(tree), tests, limits)
            for broken, verdict in zip(breaks, found, strict=True):
                if verdict[0] or broken.harmless or last:
                    yield broken, verdict
                else:
                    rest.append(broken)
            breaks = rest
    finally:
        pool.shutdown(cancel_futures=True)


def main(arguments: list[str] | None = None) -> int:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("choices", nargs="*", metavar="CHOICE")
    parser.add_argument("--list", action="store_true", help="show the breaks and make none")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="PROCESSES")
    asked = parser.parse_args(arguments)
    breaks = load(asked.choices)
    stale = [why for b in breaks if (why := b.stale())]
    if stale or asked.list:
        print(*(stale or breaks), sep="\n")
        return int(bool(stale))

    wrong = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tree = Path(folder).resolve() / "tree"
        snapshot(tree)
        for broken, (by, seconds) in verdicts(breaks, tree, asked.j):
            said = f"noticed by {by}" if by else "NOT NOTICED"
            if broken.harmless:
                said = f"not harmless: {said}" if by else f"harmless: {broken.harmless}"
            wrong += bool(by) == bool(broken.harmless)
            print(f"{broken}: {said} ({seconds:.0f} s)", flush=True)
    print(f"{len(breaks)} breaks, {wrong} of them not as they should be")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
