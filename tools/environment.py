"""The virtual environment that the commands of tools/run.py run in: made once, mended when stale.

Whatever is missing is said in one sentence, with what to do about it. Like run.py this can be read
by a Python that is too old for convlib, so that such a one hears of it.
"""

import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

SIZES = {
    "notebooks": "JupyterLab, NumPy and more; a few minutes, up to 150 MB to fetch, 700 MB on disk",
    "notebooks,test": (
        "JupyterLab and what tests need; a few minutes, up to 240 MB to fetch, 1 GB on disk"
    ),
}
ANOTHER_PYTHON = "as in 'make lab PYTHON=python3.12' (without make: --python python3.12)"
ANOTHER_FOLDER = "name another folder, as in 'make lab VENV={0}' (without make: --venv {0})"


def answer(python: str, asked: str) -> str:
    """Return in one line what a Python says to `-c asked`; nothing if it fails or is gone."""
    try:
        said = subprocess.check_output([python, "-c", asked], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return " ".join(said.decode(errors="replace").split())


def version(python: str) -> str:
    return answer(python, "import sys; print(sys.version)")


def fails(python: str, asked: str) -> bool:
    return bool(subprocess.call([python, "-c", asked], stderr=subprocess.DEVNULL))


class Environment:
    """A virtual environment in `folder`, made by the Python that was `asked` for.

    Where none was, by the one that made it before, or else by the one that runs this. Of `steps`
    (0: they are not counted) it is the first two, which then say so if there is nothing to do.
    """

    def __init__(self, folder: str, asked: str, steps: int = 0) -> None:
        self.folder, self.here, self.steps = folder, Path(folder).resolve(), steps
        self.python = str(self.here / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        self.stamp = self.here / ".ready"
        # Its first line is the Python, its last one names the extras that are in.
        made = self.stamp.read_text().splitlines() if self.stamp.is_file() else [""]
        running = getattr(sys, "_base_executable", sys.executable)  # never an environment's own
        self.asked = asked or shutil.which(made[0]) or running
        self.maker = os.path.abspath(shutil.which(self.asked) or "")
        self.stands = made[:-1] == self._state()
        self.extras = made[-1] if self.stands else ""

    def _say(self, step: int, text: str) -> None:
        print(f"{step}/{self.steps} {text}" if self.steps else text, flush=True)

    def _state(self) -> "list[str]":
        """List what it was made from.

        Its scripts and the install hold absolute paths, so that a folder which was moved or copied
        is another one; a Python that was removed has no version.
        """
        files = [Path(name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
        places = [self.maker, os.getcwd(), str(self.here)]
        return [*places, version(self.python), *(str(zlib.crc32(data)) for data in files)]

    def set_up(self, extras: str) -> None:
        """Make it and install `extras` of convlib into it, unless that is done."""
        if f"{self.extras},".startswith(f"{extras},"):
            if self.steps:
                self._say(1, f"Virtual environment: already there, in {self.folder}")
                self._say(2, "Packages: already there")
            return
        self._check_python()
        self._check_folder()
        if not self.stands:
            self._make()
        elif self.steps:
            self._say(1, f"Virtual environment: already there, in {self.folder}")
        self._install(extras)

    def _check_python(self) -> None:
        if not os.access(".", os.W_OK):
            sys.exit(
                "This folder cannot be written to, and setting up writes to it: "
                "copy it to one of your own, and begin there."
            )
        if not shutil.which(self.asked):
            sys.exit(
                f"No Python here is called '{self.asked}': install Python 3.11 or newer, or name "
                f"yours, {ANOTHER_PYTHON}."
            )
        if fails(self.maker, "import sys; sys.exit(sys.version_info < (3, 11))"):
            told = subprocess.run([self.maker, "--version"], stdout=subprocess.PIPE).stdout
            sys.exit(
                f"convlib needs Python 3.11 or newer and '{self.asked}' is "
                f"{told.decode().strip()}: name a newer one, {ANOTHER_PYTHON}."
            )
        # Debian ships venv without ensurepip, which would break only half-way through.
        if fails(self.maker, "import ensurepip, venv"):
            sys.exit(
                f"'{self.asked}' cannot make virtual environments: install its venv module first "
                "(Debian and Ubuntu: sudo apt-get install python3-venv)."
            )

    def _check_folder(self) -> None:
        try:
            self.here.mkdir(parents=True, exist_ok=True)
            other = os.listdir(str(self.here)) and not (self.here / "pyvenv.cfg").exists()
            closed = not os.access(str(self.here), os.W_OK)
        except OSError:
            closed = True
        if closed:
            another = ANOTHER_FOLDER.format("/tmp/convlib-venv")
            sys.exit(f"'{self.folder}' cannot be made or written to: {another}.")
        # It is cleared where it cannot be mended, so it must not be anything else.
        if other:
            another = ANOTHER_FOLDER.format(".venv")
            sys.exit(f"'{self.folder}' holds something else than a virtual environment: {another}.")

    def _make(self) -> None:
        told = version(self.maker).split()[0]
        self._say(1, f"Virtual environment: {self.folder}, with Python {told}")
        # What a reader added stays, unless it was made by another Python or elsewhere.
        same = version(self.python) == version(self.maker)
        settings = self.here / "pyvenv.cfg"
        for line in settings.read_text("utf-8").splitlines() if settings.exists() else []:
            if line.startswith("command = "):
                same = same and line.endswith(f" {self.here}")
        clear = [] if same else ["--clear"]
        subprocess.check_call([self.maker, "-m", "venv", *clear, str(self.here)])
        # So that git leaves it alone, whatever its name; the venv of Python 3.13 does the same.
        (self.here / ".gitignore").write_text("*\n")

    def _install(self, extras: str) -> None:
        self._say(2, f"Packages: {SIZES[extras]}")
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.call([*pip, "-c", "constraints.txt", "-e", f".[{extras}]"]):
            sys.exit(
                f"The packages could not be installed into {self.folder}: pip's message above "
                "says why; the same command tries again."
            )
        # Its first import lists the fonts of the machine, and on a slow one warns that this takes a
        # moment; in a notebook that warning would count as a difference.
        answer(self.python, "import matplotlib.font_manager")
        self.stamp.write_text("\n".join([*self._state(), extras]) + "\n")
