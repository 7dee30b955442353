"""Run the tests with the oldest packages that pyproject.toml allows, and with the newest there are.

    python tools/versions.py [--which oldest newest] [--folder FOLDER] [-n PROCESSES] [PYTHON ...]

For each PYTHON, a name or a path (python3.11 to python3.14 unless named), each gets a virtual
environment of its own in FOLDER, by uv, which is fetched into one where there is none. The tests
but the wide ones run in it, and every cell of the notebooks, whose outputs may read otherwise.
The last thing printed is a table; what was installed and what pytest said is kept in FOLDER. The
exit status is 1 if anything failed, or if a Python that was named or every one is missing.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ["python3.11", "python3.12", "python3.13", "python3.14"]
#: How uv is to resolve. Of what is only needed by what is needed, the newest in both.
RESOLUTION = {"oldest": "lowest-direct", "newest": "highest"}
RUNS = {
    "tests": ["--dist", "worksteal", "-m", "not wide", "tests"],
    "notebooks": ["--dist", "loadfile", "--nbval-lax", "notebooks"],
}
SHOWN = ["numpy", "scipy", "dask", "zarr", "matplotlib", "jupyterlab", "pytest"]


@dataclass(frozen=True)
class Case:
    """One Python with one choice of packages, in an environment of its own."""

    python: str
    which: str
    folder: Path

    @property
    def pins(self) -> Path:
        """The file that lists what is installed."""
        return self.folder.with_name(f"{self.folder.name}.txt")

    def own(self, program: str) -> str:
        """Return the path of a program of this environment."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / program)

    def prepare(self, uv: str) -> None:
        """Resolve and install. Wheels only: who has to build one has no such version."""
        resolution = f"--resolution={RESOLUTION[self.which]}"
        extras = ["--extra=notebooks", "--extra=test", "pyproject.toml"]
        choose = ["pip", "compile", "--quiet", resolution, "--upgrade", "--only-binary=:all:"]
        into = ["--python", self.python, "--output-file", str(self.pins)]
        call(uv, *choose, "--no-annotate", "--no-header", *into, *extras)
        call(uv, "venv", "--quiet", "--clear", "--python", self.python, str(self.folder))
        install = ["pip", "install", "--quiet", "--python", self.own("python"), "--no-deps"]
        call(uv, *install, "-r", str(self.pins), "-e", ".")

    def run(self, name: str, processes: str) -> str:
        """Run the tests or the notebooks; say how many passed, and with "FAILED" that not all."""
        log = self.folder.with_name(f"{self.folder.name}.{name}.log")
        command = [self.own("python"), "-m", "pytest", "-n", processes, *RUNS[name]]
        with log.open("w", encoding="utf-8") as file:
            status = subprocess.call(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        return ("" if status == 0 else "FAILED: ") + summary(log.read_text(encoding="utf-8"))

    def versions(self) -> dict[str, str]:
        """Return the version of each package that is installed."""
        return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", self.pins.read_text(), re.MULTILINE))


def call(*command: str) -> None:
    subprocess.check_call(command, cwd=ROOT)


def runs(python: str) -> bool:
    """Say whether a Python is here: a name may stand for one that is not installed."""
    try:
        return subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def summary(log: str) -> str:
    """Return the counts of pytest's last line, or that line where it has none."""
    last = log.strip().splitlines()[-1] if log.strip() else "no output"
    counts = re.findall(r"\d+ (?:passed|failed|errors?|skipped|xfailed)", last)
    return ", ".join(counts) or last


def fetched_uv(folder: Path) -> str:
    """Return the uv of this machine, or else install one into an environment."""
    if found := shutil.which("uv"):
        return found
    own = Case(sys.executable, "", folder / "uv")
    call(sys.executable, "-m", "venv", str(own.folder))
    call(own.own("python"), "-m", "pip", "install", "--quiet", "--upgrade", "uv")
    return own.own("uv")


def row(case: Case, uv: str, processes: str) -> list[str]:
    """Try one case; return its row of the table."""
    begin = [Path(case.python).name, case.which]
    if not runs(case.python):
        return [*begin, *["-"] * len(SHOWN), "not available", "not available"]
    try:
        case.prepare(uv)
    except subprocess.CalledProcessError:
        return [*begin, *["-"] * len(SHOWN), "FAILED: not installed", "-"]
    versions = case.versions()
    told = [case.run(name, processes) for name in RUNS]
    return [*begin, *(versions[name] for name in SHOWN), *told]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows in columns."""
    rows = [["python", "packages", *SHOWN, *RUNS], *rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    parser.add_argument("--which", nargs="+", choices=RESOLUTION, default=list(RESOLUTION))
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv-versions")
    parser.add_argument("-n", default="auto")
    asked = parser.parse_args(arguments)
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    uv = fetched_uv(folder)
    rows = []
    for python in asked.pythons or PYTHONS:
        for which in asked.which:
            case = Case(python, which, folder / f"{Path(python).name}-{which}")
            rows.append(row(case, uv, asked.n))
            print(table(rows[-1:]), end="\n\n", flush=True)
    print(table(rows))
    failed = any("FAILED" in cell for row in rows for cell in row)
    missing = ["not available" in row for row in rows]
    return int(failed or all(missing) or (bool(asked.pythons) and any(missing)))


if __name__ == "__main__":
    sys.exit(main())
