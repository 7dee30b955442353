"""draw.figure: pure, white, cut to fit, shown once and the same each time."""

import copy
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from convlens import draw
from convlib import Geometry, Walk
from tests.draw.looking import assert_legible, texts

X = np.arange(20).reshape(4, 5)
WALK = Walk(X, [[1, 0, -1], [2, 0, -2]])


def test_drawing_changes_no_setting_no_array_and_no_list_of_figures():
    settings, before = copy.deepcopy(dict(mpl.rcParams)), plt.get_fignums()
    x, w = X.copy(), np.array([1, 2, 3])
    fig, axes = draw.figure(columns=4)
    draw.frame(axes, WALK.frame(1, 2))
    _, ax = draw.figure()
    draw.line(ax, x[0], w, 1)
    _, ax = draw.figure()
    draw.memory(ax, x)
    _, ax = draw.figure()
    draw.heatmap(ax, x)
    fig.png()
    assert dict(mpl.rcParams) == settings
    assert plt.get_fignums() == before == []
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(w, [1, 2, 3])


def test_the_same_drawing_has_the_same_bytes():
    def draw_it():
        fig, axes = draw.figure(columns=4)
        draw.frame(axes, WALK.frame(1, 2))
        return fig.png()

    assert draw_it() == draw_it()


def test_settings_of_the_reader_do_not_reach_the_cells():
    def draw_it():
        fig, axes = draw.figure(columns=2)
        draw.cells(axes[0], X, title="x")
        draw.heatmap(axes[1], X - 5, colorbar=True)
        return fig.png()

    plain = draw_it()
    with plt.style.context("dark_background"):
        assert draw_it() == plain


@pytest.mark.parametrize(("width", "height"), [(9, None), (5, None), (9, 2), (12, 2.5)])
def test_a_figure_stays_within_its_size(width, height):
    fig, axes = draw.figure(width, height, columns=4)
    draw.frame(axes, WALK.frame(0, 0))
    across, down = fig.get_size_inches()
    assert across <= width + 1e-6
    assert height is None or down <= height + 1e-6


def test_panels_share_a_top_line_and_do_not_overlap():
    fig, axes = draw.figure(columns=3)
    draw.cells(axes[0], X, title="x")
    draw.kernel(axes[1], [[1, 2]], title="w")
    draw.index_grid(axes[2], WALK)
    size = fig.get_size_inches() * 72
    boxes = [ax.get_position() for ax in axes]
    assert all(a.x1 <= b.x0 for a, b in pairwise(boxes))
    titles = [next(t for t in texts(ax) if t.get_fontsize() == 12) for ax in axes]
    heights = [
        ax.transData.transform(t.xy)[1] / fig.dpi * 72 + t.get_position()[1]
        for ax, t in zip(axes, titles, strict=True)
    ]
    assert max(heights) - min(heights) < 0.01
    assert max(heights) < size[1]


def test_cells_are_square_on_the_page():
    _, axes = draw.figure(columns=4)
    draw.frame(axes, WALK.frame(1, 2))
    for ax in axes:
        (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (1, 1)])
        assert x1 - x0 == pytest.approx(y0 - y1)


def test_axes_that_are_not_ours_can_be_drawn_on():
    from matplotlib.figure import Figure

    fig = Figure(figsize=(6, 4))
    ax = fig.subplots()
    draw.cells(ax, X, title="x")
    draw.window(ax, [1, 2], [1, 2, 3])
    assert ax.get_aspect() == 1
    assert_legible(fig)


def test_rows_of_panels():
    fig, axes = draw.figure(columns=2, rows=2)
    for k, ax in enumerate(np.ravel(axes)):
        draw.cells(ax, X, title=f"number {k}", subtitle="below")
    assert_legible(fig)
    fig, axes = draw.figure(rows=3)
    assert len(axes) == 3


def test_alt_says_what_was_drawn():
    fig, axes = draw.figure(columns=4)
    frame = WALK.frame(1, 2)
    draw.frame(axes, frame)
    assert "rows [1, 2] and columns [2, 3, 4]" in draw.alt(fig)
    assert f"is {int(frame.sum)}.".replace("-", "−") in draw.alt(fig)
    assert repr(fig) == draw.alt(fig)
    fig, ax = draw.figure()
    draw.index_grid(ax, Geometry((4, 5), (2, 3)), highlight=4)
    assert "takes 6, 7, 8, 11, 12, 13" in draw.alt(ax)


@pytest.mark.parametrize(
    "wrong", [{"width": 0}, {"columns": 0}, {"rows": 0}, {"height": 0}, {"width": 90}]
)
def test_wrong_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="Given: "):
        draw.figure(**wrong)


def test_what_is_not_an_axes_is_refused():
    with pytest.raises(TypeError, match=r"draw\.figure"):
        draw.cells(draw.figure(columns=2)[1], X)


def test_every_public_name_is_documented():
    for name in draw.__all__:
        doc = getattr(draw, name).__doc__
        assert doc.strip()
        assert "Parameters\n" in doc


NOTEBOOK = (
    """
from convlens import draw
fig, ax = draw.figure()
draw.cells(ax, [[1, 2]], title="x")
fig
""",
    """
import matplotlib.pyplot as plt
fig, ax = draw.figure()
draw.cells(ax, [[1, 2]], title="x")
fig
""",
    """
fig, ax = draw.figure()
draw.cells(ax, [[1, 2]], title="x")
display(fig)
plt.show()
""",
)


def test_a_notebook_shows_one_picture_and_its_words():
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(cells=[new_code_cell(source) for source in NOTEBOOK])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [cell.outputs for cell in notebook.cells]
    assert [len(outputs) for outputs in shown] == [1, 1, 1]
    pictures = {outputs[0].data["image/png"] for outputs in shown}
    assert len(pictures) == 1
    assert {outputs[0].data["text/plain"] for outputs in shown} == {"x, 2 in a row: 1 2."}
