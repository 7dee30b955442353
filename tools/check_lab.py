"""Start JupyterLab, ask it for its page and for every notebook, and stop it again.

    python tools/check_lab.py

Exit status 0 means that a reader's JupyterLab would start and find them all.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60


class LabFailed(Exception):
    """JupyterLab did not start, or not with what it should serve."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve(
    folder: Path,
    settings: Mapping[str, Any] | None = None,
    *,
    python: str = sys.executable,
    app: str = "jupyterlab",
    **variables: str,
) -> Iterator[str]:
    """Serve `folder` by a JupyterLab that no one's own configuration reaches; yield its address.

    `settings` maps the name of a JupyterLab plugin to its settings; `python` and `app`
    ("jupyterlab" or "notebook") name another server, `variables` are for its environment.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary)
        for plugin, values in (settings or {}).items():
            file = config / "settings" / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(config / "config"),
            "JUPYTERLAB_SETTINGS_DIR": str(config / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(config / "workspaces"),
            "JUPYTER_RUNTIME_DIR": str(config / "runtime"),
            "IPYTHONDIR": str(config / "ipython"),
            **variables,
        }
        # Kernels choose the backend that shows figures in a notebook.
        environment.pop("MPLBACKEND", None)
        with (config / "log").open("w+") as log:
            process = subprocess.Popen(
                [
                    *(python, "-m", app, "--no-browser", "--allow-root"),
                    *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="),
                    *("--expose-app-in-browser", "--LabApp.news_url="),
                    f"--ServerApp.root_dir={folder}",
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                if not answers(address, process):
                    log.seek(0)
                    raise LabFailed(f"JupyterLab did not start:\n{log.read()[-4000:]}")
                yield address
            finally:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it has ended or takes too long."""
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{address}/api/status", timeout=5),
        ):
            return True
        time.sleep(0.1)
    return False


def ask(address: str, path: str) -> bytes:
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=60) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise LabFailed(f"JupyterLab answered {error.code} for {path}") from error


def check(root: Path) -> list[str]:
    """Return the names of the notebooks that a JupyterLab in `root` serves, or raise LabFailed."""
    names = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    if not names:
        raise LabFailed("There is no notebook in notebooks/.")
    with serve(root) as address:
        if b"jupyter-config-data" not in ask(address, "/lab"):
            raise LabFailed("The page at /lab is not JupyterLab's.")
        for name in names:
            answer = json.loads(ask(address, f"/api/contents/notebooks/{urllib.parse.quote(name)}"))
            if answer["type"] != "notebook" or not answer["content"]["cells"]:
                raise LabFailed(f"JupyterLab finds no cells in {name}.")
    return names


def main() -> int:
    try:
        names = check(ROOT)
    except LabFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"JupyterLab serves {len(names)} notebooks: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
