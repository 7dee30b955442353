"""Run make as a reader would, with a pip that fetches nothing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make(*arguments, cwd=ROOT, user=None, **environment):
    """Run make; return its status and what it said, less the line in which make says it failed."""
    # What an outer make hands down would have this one print and do other things.
    outer = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHON", "VENV", "PORT", "LABARGS"}
    inherited = {name: value for name, value in os.environ.items() if name not in outer}
    done = subprocess.run(
        ["make", *arguments],
        cwd=cwd,
        env=inherited | environment,
        user=user,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    return done.returncode, done.stdout, said


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a link to the Python of the tests
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def stand_in(venv, text):
    """Have a script take the place of the environment's Python; it still tells its version."""
    return script(venv / "bin/python", f'[ "$1" = -c ] && exec "{sys.executable}" "$@"\n{text}\n')


#: So that a stand-in which runs tools/run.py passes for the Python that runs it.
PASS = (
    "import runpy, sys; del sys.argv[0]; sys.path[0] = 'tools'; "
    "sys._base_executable = sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
)


class Machine:
    """Pythons that make real environments; the pip in those only writes down that it ran."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "log"
        packages = folder / "packages"
        (packages / "matplotlib").mkdir(parents=True)
        (packages / "matplotlib/__init__.py").touch()
        (packages / "matplotlib/font_manager.py").touch()
        (packages / "pip.py").write_text(
            "import os, sys\n"
            "with open(os.environ['LOG'], 'a') as log:\n"
            "    print(sys.prefix, *sys.argv[1:], sep='\\t', file=log)\n"
            "sys.exit('no network' if 'OFFLINE' in os.environ else 0)\n"
        )
        self.variables = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(packages),
            "LOG": str(self.log),
        }
        self.python("python3")

    def python(self, name, version=None):
        """Install a Python, which may say that it is of another version than it is."""
        lie = f"*'print(sys.version)'*) echo {version};; " if version else ""
        return script(
            self.folder / "bin" / name,
            f"""case "$*" in {lie}
                tools/run.py*) exec "{sys.executable}" -c "{PASS}" "$0" "$@";;
                "-m venv "*) shift 2; exec "{sys.executable}" -m venv --without-pip "$@";;
                *) exec "{sys.executable}" "$@";; esac\n""",
        )

    def make(self, *arguments, **more):
        return make(*arguments, **self.variables, **more)

    def installed(self):
        """What pip was asked for since the last time, as (folder of the environment, arguments)."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [(folder, arguments) for folder, *arguments in (line.split("\t") for line in lines)]
