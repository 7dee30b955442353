"""A notebook as its reader has it: open in JupyterLab, in a browser."""

import dataclasses
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

# As root Chromium refuses its sandbox; the rest keeps it from looking for its maker's servers.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    # Every cell stays in the page, in view or not.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}

# Playwright waits for a script as long as it takes; this one names the step that takes too long.
# Before JupyterLab knows the notebook, the command to run all cells does nothing, and says nothing.
OPEN_AND_RUN = """async ({path, seconds, lab}) => {
    const soon = (step, promise) => Promise.race([promise, new Promise((_, reject) =>
        setTimeout(() => reject(new Error(`${step}: not done in ${seconds} s`)), 1000 * seconds))]);
    const app = window.jupyterapp;
    if (lab) await soon('JupyterLab restored', app.restored);
    const there = async () => {
        while (!app.shell.currentWidget?.context)
            await new Promise(resolve => setTimeout(resolve, 100));
        return app.shell.currentWidget;
    };
    const open = () => app.commands.execute('docmanager:open', {path});
    const widget = await soon('open', lab ? open() : there());
    await soon('read', widget.context.ready);
    await soon('kernel chosen', widget.sessionContext.ready);
    await soon('shown', widget.revealed);
    await soon('kernel started', widget.sessionContext.session.kernel.info);
    if (lab) {
        app.shell.activateById(widget.id);
        app.shell.collapseLeft();
    }
    const enabled = async () => {
        while (!app.commands.isEnabled('notebook:run-all-cells'))
            await new Promise(resolve => setTimeout(resolve, 250));
    };
    await soon('notebook:run-all-cells enabled', enabled());
    window.underTest = widget;
    // Not awaited: it ends with the last cell, which wait_until_run waits for.
    app.commands.execute('notebook:run-all-cells');
}"""
STATE = """() => {
    const cells = window.underTest.content.widgets.filter(cell => cell.model.type === 'code');
    const outputs = cells.map(cell => cell.model.outputs.toJSON());
    const wrong = [];
    outputs.forEach((list, i) => list.forEach(output => {
        const where = `code cell ${i + 1}: `;
        if (output.output_type === 'error') wrong.push(`${where}${output.ename}: ${output.evalue}`);
        const text = [].concat(output.text).join('');
        if (output.name === 'stderr') wrong.push(`${where}stderr: ${text}`);
    }));
    return {
        cells: cells.length,
        ran: cells.filter(cell => cell.model.executionCount).length,
        idle: window.underTest.sessionContext.session.kernel.status === 'idle',
        wrong,
    };
}"""
# What the kernel that runs the notebook prints for a piece of code.
PRINTED = """async code => {
    const kernel = window.underTest.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let printed = '', error = null;
    future.onIOPub = message => {
        if (message.header.msg_type === 'stream') printed += message.content.text;
        if (message.header.msg_type === 'error') error = message.content.evalue;
    };
    await future.done;
    if (error !== null) throw new Error(`the kernel says: ${error}`);
    return printed;
}"""


@dataclasses.dataclass
class Slider:
    """One slider: its handle, its name and where it stands."""

    handle: Locator

    @property
    def name(self) -> str:
        return self.handle.get_attribute("aria-label") or ""

    @property
    def value(self) -> int:
        return int(self.handle.input_value())

    @property
    def bounds(self) -> tuple[int, int]:
        low, high = (self.handle.get_attribute(end) for end in ("min", "max"))
        return int(low or 0), int(high or 0)

    def press(self, key: str) -> None:
        self.handle.focus()
        self.handle.press(key)

    def drag(self, value: int) -> None:
        """Drag the handle by the mouse to where `value` lies on the track."""
        self.handle.scroll_into_view_if_needed()
        box = self.handle.bounding_box()
        assert box is not None
        low, high = self.bounds
        thumb = 16  # its middle goes from half of its width to half of its width before the end
        track = box["width"] - thumb
        x, y = box["x"] + thumb / 2, box["y"] + box["height"] / 2
        mouse = self.handle.page.mouse
        mouse.move(x + track * (self.value - low) / (high - low), y)
        mouse.down()
        mouse.move(x + track * (value - low) / (high - low), y, steps=8)
        mouse.up()


@dataclasses.dataclass
class OpenNotebook:
    """A notebook all of whose cells have run, and what the browser had to complain of."""

    page: Page
    browser_errors: list[str]

    def state(self) -> dict[str, Any]:
        return dict(self.page.evaluate(STATE))

    def wrong(self) -> list[str]:
        return [*self.state()["wrong"], *self.browser_errors]

    def wait_until_run(self, seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while True:
            state = self.state()
            if state["idle"] and (state["ran"] == state["cells"] or state["wrong"]):
                return
            if time.monotonic() > give_up:
                raise TimeoutError(f"{state['ran']} of {state['cells']} cells in {seconds} s")
            self.page.wait_for_timeout(200)

    def printed(self, code: str) -> str:
        """Run code in the notebook's kernel and return what it prints."""
        return str(self.page.evaluate(PRINTED, code)).strip()

    def explorer(self) -> "Explorer":
        """The first output of the notebook that has sliders and a picture."""
        return self.explorers()[0]

    def explorers(self) -> "list[Explorer]":
        """All outputs that have sliders and a picture, in their order."""
        return [Explorer(found) for found in self.page.locator(".convlens").all()]


@dataclasses.dataclass
class Explorer:
    """Sliders and the picture that they move."""

    output: Locator

    def sliders(self) -> dict[str, Slider]:
        handles = self.output.locator("input[type=range]:enabled")
        found = [Slider(handle) for handle in handles.all()]
        return {slider.name: slider for slider in found}

    def picture(self) -> Locator:
        return self.output.locator("svg[role=img]").first

    def label(self) -> str:
        return self.picture().get_attribute("aria-label") or ""

    def wait_for_label(self, part: str, seconds: float = 10) -> str:
        """Wait until the picture's text alternative holds `part`; return all of it."""
        label = self.output.locator("svg[role=img]").and_(
            self.output.page.locator(f'[aria-label*="{part}"]')
        )
        try:
            label.first.wait_for(state="visible", timeout=1000 * seconds)
        except Exception as error:
            raise AssertionError(f"no picture says {part!r}; it says {self.label()!r}") from error
        return self.label()


def open_notebook(
    page: Page, address: str, path: Path, seconds: float = 240, app: str = "jupyterlab"
) -> OpenNotebook:
    """Open a notebook that the server at `address` has, and run all its cells."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"browser: {error}"))
    lab = app == "jupyterlab"
    page.goto(f"{address}/lab?reset" if lab else f"{address}/notebooks/{path.as_posix()}")
    page.wait_for_function("window.jupyterapp !== undefined", timeout=120_000)
    page.evaluate(OPEN_AND_RUN, {"path": path.as_posix(), "seconds": 60, "lab": lab})
    notebook = OpenNotebook(page, errors)
    notebook.wait_until_run(seconds)
    return notebook


def other_server(folder: Path, wanted: str) -> tuple[str, dict[str, str]]:
    """Make an environment like this one but for its server; return its Python and its variables."""
    run = {"check": True, "capture_output": True, "text": True}
    subprocess.run([sys.executable, "-m", "venv", str(folder)], **run)  # type: ignore[call-overload]
    python = next(folder.glob("[bS]*/python*")).as_posix()  # bin, or Scripts on Windows
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    here, there = (
        subprocess.run([p, "-c", where], **run).stdout.strip()  # type: ignore[call-overload]
        for p in (sys.executable, python)
    )
    root = Path(__file__).resolve().parents[2]
    (Path(there) / "this_one.pth").write_text(f"{here}\n{root}\n", encoding="utf-8")
    # JupyterLab's own files must be in this environment, though its package may be in the other
    lab = wanted if wanted.startswith("jupyterlab") else "jupyterlab"
    for what in ([wanted], ["--ignore-installed", "--no-deps", lab]):
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
        subprocess.run(install, **run)  # type: ignore[call-overload]
    return python, {"JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}


def numbers(text: str) -> list[float]:
    """All numbers in a text, in their order; a minus sign may be the typographic one."""
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-"))]
