"""Set up what a command needs, and run it.

    python tools/run.py COMMAND [--python PYTHON] [--venv FOLDER] [--port PORT] [more ...]
    make COMMAND [PYTHON=...] [VENV=...] [PORT=...] [LABARGS=...] [MINUTES=...]

  help         Show this list
  setup        Make the virtual environment, for tests too (the others do it when needed)
  setup-lab    The same for those who read: no tests, linters and browsers
  lab          Open the notebooks in JupyterLab
  test         Run the tests but the wide ones, and each notebook against its stored outputs
  test-all     Run the wide tests: with `test`, that is everything
  notebooks    Run the notebooks and store their outputs (with MEASURE=1 set: timings too)
  check-lab    See that JupyterLab starts and finds every notebook
  site         Write the static site into site/, to be opened without a server
  fuzz         Call everything with random arguments for MINUTES=10, and explorers as long again
  bench        Race convlib against PyTorch, OpenCV, SciPy, numba (under ten minutes)
  bench-quick  The same, rougher: fewer shapes and rounds (under a minute)
  lint         Check style and types
  clean        Remove the virtual environment and all caches

What is more goes on to all that is run, as in `python tools/run.py test -n 2`.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from environment import Environment

ROOT = Path(__file__).resolve().parent.parent
READ, TEST = "notebooks", "notebooks,test"
# Whoever is free takes the next test; of notebooks the next file, whose cells share a kernel.
TESTS = ["-m", "pytest", "-n", "auto", "--dist", "worksteal", "tests", "-m"]
NOTEBOOKS = ["-m", "pytest", "-n", "auto", "--dist", "loadfile", "--nbval", "notebooks"]
#: The extras of pyproject.toml that a command needs, and what the environment's Python then runs.
COMMANDS = {
    "setup": (TEST, []),
    "setup-lab": (READ, []),
    "lab": (READ, [["tools/open_lab.py"]]),
    "test": (TEST, [[*TESTS, "not wide"], NOTEBOOKS]),
    "test-all": (TEST, [[*TESTS, "wide"]]),
    "notebooks": (TEST, [["tools/refresh_notebooks.py"]]),
    "check-lab": (READ, [["tools/check_lab.py"]]),
    "site": (TEST, [["-m", "convlens.site"]]),
    "fuzz": (TEST, [["-m", "tests.fuzz"]]),
    "bench": (READ, [["-m", "benchmarks"]]),
    "bench-quick": (READ, [["-m", "benchmarks", "--quick"]]),
    "lint": (
        TEST,
        [["-m", *tool.split()] for tool in ("ruff check", "ruff format --check", "mypy")],
    ),
}
CACHES = ["build", "dist", "site", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"]


def clean(venv: Path) -> None:
    """Remove what can be made again; a folder that is no virtual environment stays."""
    caches = [path for name in ("__pycache__", ".ipynb_checkpoints") for path in ROOT.rglob(name)]
    own = [venv] if (venv / "pyvenv.cfg").exists() else []
    for folder in [*own, *ROOT.glob("*.egg-info"), *(ROOT / name for name in CACHES), *caches]:
        shutil.rmtree(str(folder), ignore_errors=True)


def run(python: str, commands: "list[list[str]]", more: "list[str]") -> int:
    """Run all commands, even where one fails; return 1 if any did."""
    # ^C goes to what is run as well, which may have a question before it ends.
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
    failed = 0
    for command in commands:
        failed |= int(subprocess.call([python, *command, *more]) != 0)
        if stopped:
            break
    return failed


def arguments() -> "tuple[argparse.Namespace, list[str]]":
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("command", choices=[*COMMANDS, "clean", "help"], nargs="?", default="help")
    for option, default in (("--python", ""), ("--venv", ".venv"), ("--port", "8888")):
        parser.add_argument(option, default=default)
    return parser.parse_known_args()


def main() -> int:
    asked, more = arguments()
    os.chdir(str(ROOT))
    if asked.command == "help":
        print(__doc__)
        return 0
    if asked.command == "clean":
        clean(Path(asked.venv))
        return 0
    extras, commands = COMMANDS[asked.command]
    lab = asked.command == "lab"
    environment = Environment(asked.venv, asked.python, steps=4 if lab else 0)
    environment.set_up(extras)
    if lab:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        more = [asked.port, *(["--allow-root"] if root else []), *more]
    return run(environment.python, commands, more)


if __name__ == "__main__":
    sys.exit(main())
