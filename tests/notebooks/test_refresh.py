"""tools/refresh_notebooks.py, on small notebooks of the tests' own."""

import io
import json

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from convlens.scenes.window import WindowScene
from convlib import Walk
from tools import refresh_notebooks
from tools.refresh_notebooks import MOST_LOST, RARE, fewer_colours


def save(path, *cells, **metadata):
    notebook = new_notebook(cells=list(cells), metadata=metadata)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"id-{number}"
    nbformat.write(notebook, path)
    return path


def tagged(source, *tags, outputs=()):
    return new_code_cell(source, metadata={"tags": list(tags)}, outputs=list(outputs))


def texts(path):
    """All printed text and plain representations, one string a cell."""
    notebook = nbformat.read(path, as_version=4)
    return [
        "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A notebook with text, a picture and sliders, run twice: its path and both texts."""
    path = save(
        tmp_path_factory.mktemp("shown") / "shown.ipynb",
        new_markdown_cell("# Show it"),
        new_code_cell("import matplotlib.pyplot as plt\nprint('one')\nprint('two')"),
        new_code_cell("plt.imshow([[1, 2], [3, 4]])\nplt.show()"),
        new_code_cell("import ipywidgets\nipywidgets.IntSlider(description='row')"),
        new_code_cell("{'a', 'b', 'c', 'd'}"),
        language_info={"name": "python", "version": "3.0.0"},
    )
    assert refresh_notebooks.main([str(path)]) == 0
    first = path.read_bytes()
    assert refresh_notebooks.main([str(path)]) == 0
    return path, first, path.read_bytes()


def test_second_run_changes_no_byte(shown):
    _, first, second = shown
    assert first == second
    assert b'"image/png"' in first
    assert first.endswith(b"}\n")
    assert b"\r" not in first


def test_what_differs_between_machines_is_left_out(shown):
    notebook = json.loads(shown[1])
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"] == {
        "kernelspec": refresh_notebooks.KERNELSPEC,
        "language_info": {"name": "python"},
    }
    assert all("execution" not in cell["metadata"] for cell in notebook["cells"])
    assert b"widget-view" not in shown[1]


def test_slider_keeps_its_text_and_cells_their_ids(shown):
    notebook = nbformat.read(shown[0], as_version=4)
    assert [cell.id for cell in notebook.cells] == [f"id-{n}" for n in range(5)]
    code = notebook.cells[1:]
    assert [cell.execution_count for cell in code] == [1, 2, 3, 4]
    assert code[0].outputs[0].text == "one\ntwo\n"
    assert code[2].outputs[0].data["text/plain"].startswith("IntSlider(")
    assert code[2].outputs[0].execution_count == 3


def test_output_that_was_a_widget_view_alone_is_dropped():
    view = {refresh_notebooks.WIDGET_VIEW: {"model_id": "random"}}
    assert refresh_notebooks.normalise_output(new_output("display_data", data=view)) is None
    both = new_output("display_data", data={**view, "text/plain": "a picture"})
    assert refresh_notebooks.normalise_output(both).data == {"text/plain": "a picture"}


def test_measured_outputs_are_kept_until_asked_for(tmp_path, monkeypatch):
    old = new_output("stream", name="stdout", text="3.1 ms\n")
    path = save(
        tmp_path / "measured.ipynb",
        tagged("print('9.9 ms')", "measured", outputs=[old]),
        tagged("print('first time')", "measured"),
        tagged("print('new')", outputs=[old]),
    )
    monkeypatch.delenv("MEASURE", raising=False)
    assert refresh_notebooks.main([str(path)]) == 0
    assert texts(path) == ["3.1 ms\n", "first time\n", "new\n"]
    monkeypatch.setenv("MEASURE", "1")
    assert refresh_notebooks.main([str(path)]) == 0
    assert texts(path) == ["9.9 ms\n", "first time\n", "new\n"]


def test_failing_cell_is_named_and_the_file_left_alone(tmp_path, capsys):
    path = save(
        tmp_path / "failing.ipynb",
        new_code_cell("fine = 1"),
        new_markdown_cell("text"),
        new_code_cell("fine + missing"),
    )
    before = path.read_bytes()
    assert refresh_notebooks.main([str(path)]) == 1
    said = capsys.readouterr().err
    assert "code cell 2 (id id-2) failed" in said
    assert "    fine + missing" in said
    assert "NameError: name 'missing' is not defined" in said
    assert path.read_bytes() == before


def test_expected_error_is_stored(tmp_path):
    path = save(tmp_path / "expected.ipynb", tagged("1 / 0", "raises-exception"))
    assert refresh_notebooks.main([str(path)]) == 0
    (cell,) = nbformat.read(path, as_version=4).cells
    assert cell.outputs[0].ename == "ZeroDivisionError"
    assert cell.outputs[0].traceback == ["ZeroDivisionError: division by zero"]


def test_check_writes_nothing(tmp_path, capsys):
    path = save(tmp_path / "stale.ipynb", new_code_cell("print('new')"))
    before = path.read_bytes()
    assert refresh_notebooks.main(["--check", str(path)]) == 1
    assert "stale.ipynb: would change" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert refresh_notebooks.main([str(path)]) == 0
    assert refresh_notebooks.main(["--check", str(path)]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["stale.ipynb"]


def test_a_table_of_colours_is_for_what_is_stored_and_loses_nothing_that_is_seen():
    walk = Walk(np.arange(63).reshape(7, 9), [[1, -1], [2, -2], [0, 1]])
    drawn = WindowScene(walk).picture(walk.frame(1, 2)).png()
    stored = fewer_colours(drawn)
    assert len(stored) < 0.6 * len(drawn)
    assert fewer_colours(stored) == stored
    pages = [np.asarray(Image.open(io.BytesIO(d)).convert("RGBA"), int) for d in (drawn, stored)]
    assert (abs(pages[0] - pages[1]).max(axis=2) > MOST_LOST).mean() <= RARE
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    photograph = io.BytesIO()
    Image.fromarray(noise).save(photograph, "PNG")
    assert fewer_colours(photograph.getvalue()) == photograph.getvalue()
