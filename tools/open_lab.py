"""Open the first notebook in JupyterLab: the last two of the four steps of `make lab`.

    python tools/open_lab.py PORT [options of JupyterLab]

Trust the notebooks that the project ships, so that JupyterLab shows the pictures stored in them,
start it, and say at which address the first one is.
"""

import contextlib
import json
import logging
import os
import runpy
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

NOTEBOOKS = Path("notebooks")
FIRST = NOTEBOOKS / "00_start_here.ipynb"
SECONDS_TO_START = 120


def port_refused(text: str) -> str:
    """Say in one sentence that a port is taken, before JupyterLab says it in thirty lines."""
    try:
        port = int(text)
        with socket.socket() as probe:
            # Without it a server stopped a moment ago would still count as running.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        why, other = str(error.strerror), port + 1
    except (ValueError, OverflowError):
        why, other = "a port is a number from 0 to 65535", 8889
    else:
        return ""
    return f"Port {text} cannot be used ({why}): choose another, as in 'make lab PORT={other}'."


def trust(paths: Iterable[Path]) -> str:
    """Sign the notebooks that are not signed yet, as `jupyter trust` does; say what was done."""
    logging.disable()  # what goes wrong is said here, in one sentence
    try:
        new = sign(paths)
    # Of whatever kind, such as sqlite's own: JupyterLab opens all the same.
    except Exception as error:
        return f"not trusted, as Jupyter's list of signatures cannot be written ({error})"
    finally:
        logging.disable(logging.NOTSET)
    return f"{new} now trusted, so that all they store is shown" if new else "already trusted"


def sign(paths: Iterable[Path]) -> int:
    """Sign notebooks and return how many had to be."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary, new = NotebookNotary(), 0
    with contextlib.closing(notary.store):
        if getattr(notary.store, "db_file", ":memory:") == ":memory:":
            raise OSError("it would be kept in memory only")
        for path in paths:
            # One that a reader broke is none of these, and JupyterLab says so when it is opened.
            with contextlib.suppress(ValueError):
                notebook = nbformat.read(path, nbformat.NO_CONVERT)
                if not notary.check_signature(notebook):
                    notary.sign(notebook)
                    new += 1
    return new


def address(server: Mapping[str, Any]) -> str:
    """Find the first notebook's address from what a server writes down about itself."""
    path = Path(os.path.relpath(FIRST, server["root_dir"])).as_posix()
    token = f"?token={server['token']}" if server["token"] else ""
    return f"{server['url']}lab/tree/{quote(path)}{token}"


def tell_address(written: Path) -> None:
    """Wait until the server has written about itself, and print the address."""
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up:
        # Not there yet, or half of it.
        with contextlib.suppress(OSError, ValueError):
            server = json.loads(written.read_text(encoding="utf-8"))
            print(f"Ready; Ctrl-C stops it. Notebook 00 is at\n{address(server)}", flush=True)
            return
        time.sleep(0.1)


def main(port: str, options: list[str]) -> str | None:
    if refused := port_refused(port):
        return refused
    print("3/4 Notebooks:", trust(sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))), flush=True)
    print(f"4/4 JupyterLab: starting on port {port}", flush=True)

    from jupyter_core.paths import jupyter_runtime_dir

    written = Path(jupyter_runtime_dir()) / f"jpserver-{os.getpid()}.json"
    with contextlib.suppress(OSError):
        written.unlink()  # left by a process that had the same number
    threading.Thread(target=tell_address, args=(written,), daemon=True).start()
    own = [f"--port={port}", "--ServerApp.port_retries=0", "--log-level=WARN"]
    sys.argv = ["jupyterlab", *own, *options, str(FIRST)]
    runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
