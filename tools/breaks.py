"""Break convlib on purpose, one place at a time, and see that the tests notice.

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
import signal
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
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_suffix(".toml")

#: The tests nearest to the files of a folder; the first folder that fits counts.
NEAREST = {
    "convlib/fast/": ("tests/fast",),
    "convlib/": ("tests/core", "tests/fast/test_gradients.py"),
}
#: The tests that come before these: of a file's own name, or of these names.
OWN = {
    "arguments": "errors", "backward": "adjoint pooling_backward", "exact": "dtypes",
    "explained": "explain", "forward": "pooling", "operands": "errors", "rule": "choose cost",
    "run": "choose", "shifted": "im2col", "windows": "pooling pooling_errors",
}  # fmt: skip
ALL = ("tests", "--ignore=tests/notebooks")
PYTEST = ["-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not wide"]

#: What Python runs as it starts: after it there is no PyTorch to be found.
BLIND = """
from importlib.machinery import PathFinder

found = PathFinder.find_spec


def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] == "torch" else found(name, path, target)


PathFinder.find_spec = classmethod(find_spec)
"""
# Run in the copy: the package that is imported must be the copy's, not the one that is installed.
ISOLATED = "import convlib, importlib.util as u; print(convlib.__file__, u.find_spec('torch'))"

RUNNING: set[subprocess.Popen[str]] = set()


@dataclass(frozen=True)
class Break:
    """One break: what stands in a file, what it becomes, and what goes wrong then."""

    number: int
    file: str
    breaks: str
    old: str
    new: str
    also: (
        tuple[str, str] | tuple[()]
    ) = ()  # another old and new, where only both together make sense
    harmless: str = ""  # why it changes nothing that is promised

    def made(self, source: str) -> str:
        """Break the text of the file."""
        broken = source.replace(self.old, self.new)
        return broken.replace(*self.also) if self.also else broken

    def stale(self) -> str:
        """Say why it can no longer be made, if so: what is replaced stands there exactly once."""
        source = (ROOT / self.file).read_text(encoding="utf-8")
        counts = {old: source.count(old) for old in (self.old, *self.also[:1])}
        return ", ".join(f"{self}: {n} times {old!r}" for old, n in counts.items() if n != 1)

    def nearest(self) -> tuple[str, ...]:
        """Name the tests nearest to the file."""
        return next(tests for folder, tests in NEAREST.items() if self.file.startswith(folder))

    def __str__(self) -> str:
        return f"{self.number:3} {self.file}: {self.breaks}"


class Verdict(NamedTuple):
    """Which test noticed, if any did, and after how many seconds."""

    by: str
    seconds: float


def load(choices: Sequence[str] = ()) -> list[Break]:
    """Read the list; of it those with one of the numbers, or with a part of their file's name."""
    tables = tomllib.loads(LIST.read_text(encoding="utf-8")).items()
    rows = [{"file": file, **row} for file, rows_of_file in tables for row in rows_of_file]
    breaks = [
        Break(n, **{**row, "also": tuple(row.get("also", ()))}) for n, row in enumerate(rows, 1)
    ]
    return [
        b for b in breaks if not choices or str(b.number) in choices
        or any(c in b.file for c in choices if not c.isdecimal())
    ]  # fmt: skip


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


def environment(tree: Path) -> dict[str, str]:
    """The tree before whatever is installed, no PyTorch, and the same random numbers every time."""
    env = {k: v for k, v in os.environ.items() if k not in ("CONVLIB_NO_SKIP", "PYTEST_ADDOPTS")}
    path = os.pathsep.join((str(tree), str(tree.parent / "blind")))
    more = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
    return {**env, **more, "OPENBLAS_NUM_THREADS": "1"}


def run(tree: Path, tests: Sequence[str], limit: float | None) -> Verdict:
    """Run tests in a tree until one fails. What does not end within the limit is noticed too."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *PYTEST, *tests], cwd=tree, env=environment(tree), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    RUNNING.add(process)
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return Verdict("the time limit", time.monotonic() - began)
    finally:
        RUNNING.discard(process)
    named = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", said, re.MULTILINE)
    by = named[1] if named else said.strip().rpartition("\n")[2] or f"status {process.returncode}"
    return Verdict(by if process.returncode else "", time.monotonic() - began)


def run_broken(broken: Break, tree: Path, tests: Sequence[str], limit: float) -> Verdict:
    """Make one break in a copy of the tree, and test it; the file's own tests come first."""
    copy = tree.parent / f"break-{broken.number}"
    shutil.copytree(tree, copy)
    file = copy / broken.file
    file.write_text(broken.made(file.read_text(encoding="utf-8")), encoding="utf-8")
    names = OWN.get(file.stem, file.stem).split()
    own = [f"tests/{folder}/test_{name}.py" for folder in ("core", "fast") for name in names]
    own = [name for name in own if (copy / name).exists()]
    verdict = run(copy, own, limit) if own else None
    if verdict is None or not verdict.by:
        verdict = run(copy, tests, limit)
    shutil.rmtree(copy)
    return verdict


def verdicts(breaks: list[Break], tree: Path, processes: int) -> Iterator[tuple[Break, Verdict]]:
    """Yield each break with its verdict: of the nearest tests, then, where it needs them, of all.

    Either round begins with the whole tree: tests that fail without a break notice none.
    """
    pool = ThreadPoolExecutor(processes)
    try:
        for last, tests_of in ((False, Break.nearest), (True, lambda _: ALL)):
            sets = list({tests_of(broken) for broken in breaks})
            whole = dict(zip(sets, pool.map(partial(run, tree, limit=None), sets), strict=True))
            if failed := {verdict.by for verdict in whole.values() if verdict.by}:
                raise SystemExit(f"Fails without a break already: {', '.join(sorted(failed))}")
            tests = [tests_of(broken) for broken in breaks]
            limits = [120 + 5 * whole[each].seconds for each in tests]
            rest = []
            found = pool.map(run_broken, breaks, repeat(tree), tests, limits)
            for broken, verdict in zip(breaks, found, strict=True):
                if verdict.by or broken.harmless or last:
                    yield broken, verdict
                else:
                    rest.append(broken)
            breaks = rest
    finally:  # where it was interrupted, nothing shall run on
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(RUNNING):
            os.killpg(process.pid, signal.SIGKILL)


def main(arguments: list[str] | None = None) -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("choices", nargs="*", metavar="CHOICE")
    parser.add_argument("--list", action="store_true", help="show the breaks and make none")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="PROCESSES")
    asked = parser.parse_args(arguments)
    breaks = load(asked.choices)
    stale = [why for b in breaks if (why := b.stale())]
    for line in stale or (breaks if asked.list else ()):
        print(line)
    if stale or asked.list:
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
