"""Run the benchmark: `python -m benchmarks`, or with `--quick` for under a minute."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.judge import judge, merge
from benchmarks.machine import others, pinned, work_so_far
from benchmarks.plot import plot
from benchmarks.render import page, summary
from convlib.command import finish

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"


def measured(threads: int, arguments: list[str]) -> Any:
    """Measure in a process of its own, whose threads are pinned before it starts."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "measured.json"
        run = [sys.executable, "-m", "benchmarks.child", str(out), "--threads", str(threads)]
        subprocess.run([*run, *arguments], cwd=ROOT, env=pinned(os.environ), check=True)
        return json.loads(out.read_text())


def rounded(value: Any) -> Any:
    """Round every number to four digits: more is noise, and makes long files."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value


def store(results: dict[str, Any], name: str, folder: Path = RESULTS) -> None:
    """Write the results as JSON, as Markdown and as a picture."""
    folder.mkdir(exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(page(results), encoding="utf-8")
    if not plot(results, folder / f"{name}.png"):
        print("matplotlib is missing: no picture")


def main() -> int:
    """Measure with one thread and with two, judge, store and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer shapes and rounds: rougher")
    parser.add_argument("--only", default="", help="races whose key contains this; not stored")
    parser.add_argument("--seconds", type=float, help="for each race, in place of the usual")
    given = parser.parse_args()
    start, before = time.monotonic(), work_so_far()
    arguments = ["--only", given.only, *(["--quick"] if given.quick else [])]
    arguments += [f"--seconds={given.seconds}"] if given.seconds else []
    try:
        one = measured(1, arguments)
        both = merge(one, measured(2, arguments)) if (os.cpu_count() or 1) > 1 else one
    except subprocess.CalledProcessError:
        return 1  # the child has said what is wrong
    seconds = time.monotonic() - start
    both["machine"]["others"] = others(before, work_so_far(), seconds)
    results = rounded(judge(both, given.quick))
    print(page(results) if given.only else summary(results))
    if results["missing"]:
        print('\nTo compare with those too: .venv/bin/python -m pip install -e ".[peers]"')
    print(f"\n{seconds:.0f} s")
    if not given.only:
        store(results, "quick" if given.quick else "latest")
    return 0


if __name__ == "__main__":
    sys.exit(finish(main, "python -m benchmarks"))
