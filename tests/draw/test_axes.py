"""The figure: cut to fit, shown once, alike each time, legible on white and on black pages."""

import copy
import io
from itertools import pairwise

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

import matplotlib as mpl  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
from PIL import Image  # noqa: E402

from convlens.draw.axes import alt, figure  # noqa: E402
from convlens.draw.charts import bars, chart  # noqa: E402
from convlens.draw.curves import series  # noqa: E402
from convlens.draw.photos import heatmap, photo  # noqa: E402
from convlens.palette import contrast  # noqa: E402
from tests.draw.looking import assert_legible, texts  # noqa: E402

X = np.arange(20).reshape(4, 5)


def drawn(width=9):
    fig, axes = figure(width, columns=3)
    heatmap(X - 5, title="Signed", subtitle="4 x 5", colorbar=True, ax=axes[0])
    bars({"taps": [1.0, 2.0, 4.0], "take": 3.0}, "s", title="Time", ax=axes[1])
    series((3, 5), {"taps": [1, 2], "take": [2, 9]}, "B", x_label="kernel size", ax=axes[2])
    return fig


def on_page(fig, page):
    """The pixels of a figure on a page of a colour."""
    image = Image.open(io.BytesIO(fig.png())).convert("RGBA")
    ground = Image.new("RGBA", image.size, page)
    ground.alpha_composite(image)
    return np.asarray(ground.convert("RGB"))


def colours(pixels):
    return {"#{:02x}{:02x}{:02x}".format(*c) for c in pixels.reshape(-1, 3)}


def test_nothing_of_the_readers_is_changed():
    settings, before, x = copy.deepcopy(dict(mpl.rcParams)), plt.get_fignums(), X.copy()
    fig, ax = figure()
    heatmap(x, ax=ax)
    fig.png()
    drawn().png()
    assert dict(mpl.rcParams) == settings
    assert plt.get_fignums() == before == []
    np.testing.assert_array_equal(x, X)


def test_the_same_drawing_has_the_same_bytes_whatever_the_readers_settings():
    plain = drawn().png()
    assert drawn().png() == plain
    fig = drawn()
    assert (fig.png(), fig.png()) == (plain, plain)  # showing it again does not move it
    with plt.style.context(["dark_background", {"font.size": 30, "savefig.bbox": "tight"}]):
        assert drawn().png() == plain


@pytest.mark.parametrize("width", [9, 6, 12])
def test_a_figure_stays_within_its_width(width):
    fig = drawn(width)
    image = Image.open(io.BytesIO(fig.png()))
    assert width * 90 < image.width <= width * 100
    boxes = [ax.get_tightbbox() for ax in fig.axes]
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))
    assert max(box.height for box in boxes) > image.height - 25  # no empty room above or below
    assert_legible(fig)


def test_axes_of_a_row_share_a_top_line_and_those_of_a_column_a_left_one():
    fig, rows = figure(columns=2, rows=2)
    for k, ax in enumerate(np.ravel(rows)):
        heatmap(np.ones((4, 5 + k)), title=f"{k}", subtitle="sub" if k else None, ax=ax)
    heatmap(X, title="a title that is much longer than its image is wide, twice", ax=rows[0][0])
    fig.png()
    boxes = [[ax.get_window_extent() for ax in row] for row in rows]
    for row in boxes:
        assert row[0].y1 == pytest.approx(row[1].y1)
        assert row[0].width == pytest.approx(row[1].width)
        assert all(a.x1 < b.x0 for a, b in pairwise(row))
    assert boxes[0][0].x0 == pytest.approx(boxes[1][0].x0)
    assert boxes[1][0].y1 < boxes[0][0].y0
    assert "\n" in rows[0][0].get_title().strip()  # broken and never cut
    assert_legible(fig)
    for row in rows:  # titles have one line, also over an image without a subtitle
        assert (
            len({ax.get_title().count("\n") - ax.get_title().strip().count("\n") for ax in row})
            == 1
        )


def test_drawing_again_replaces_the_titles():
    fig, ax = figure()
    heatmap(X, title="one", ax=ax)
    heatmap(X, title="two", ax=ax)
    assert [t.get_text() for t in texts(ax)] == ["two"]
    assert alt(fig).startswith("two")


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_titles_and_black_lines_are_legible_on_every_page(page):
    fig, ax = figure()
    ax.plot([0, 1], [0, 1], color="black", linewidth=2)
    chart(ax, title="WWWW")
    pixels = on_page(fig, page)
    assert colours(pixels[:2]) == {page}  # it has no ground of its own
    assert max(contrast(c, page) for c in colours(pixels[:25])) >= 10  # the title
    within = pixels[80:-80, 80:-80]
    assert max(contrast(c, page) for c in colours(within)) >= 10


def test_lines_and_ticks_stand_out_from_both_pages():
    for ax in drawn().axes:
        edges = {
            mpl.colors.to_hex(s.get_edgecolor()) for s in ax.spines.values() if s.get_visible()
        }
        assert all(contrast(c, p) >= 3 for c in edges for p in ("#ffffff", "#111111"))


def test_the_readers_own_axes_are_drawn_on():
    fig, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
    try:
        assert heatmap(X, title="x", colorbar=True, ax=axes[0]) is None
        assert photo(X / 20, "p", ax=axes[1]) is None
        assert bars({"taps": 1.0, "take": 3.0}, "s", title="t", ax=axes[2]) is None
        assert alt(fig) == "x, 4 by 5, coloured from 0 to 19. p: gray, 4 by 5 pixels. " + (
            "t: taps 1 s, take 3 s."
        )
        assert_legible(fig)
    finally:
        plt.close(fig)


def test_on_a_dark_figure_of_the_readers_text_has_a_light_edge():
    with plt.style.context("dark_background"):
        fig, ax = plt.subplots()
        plt.close(fig)
        heatmap(X, title="x", colorbar=True, ax=ax)
        found = [t for a in (ax, *ax.child_axes) for t in texts(a)]
        assert len(found) == 3
        assert all(t.get_path_effects() for t in found)


@pytest.mark.parametrize("wrong", [{"width": 0}, {"columns": 0}, {"rows": 0}, {"width": 90}])
def test_wrong_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="Given: "):
        figure(**wrong)


def test_an_empty_figure_is_shown_too():
    fig, _ = figure(columns=2)
    assert fig.png()
    assert repr(fig).startswith("<")


NOTEBOOK = (
    """
from convlens.draw.axes import figure
from convlens.draw.photos import heatmap
heatmap([[1, 2]], title="x")
""",
    """
import matplotlib.pyplot as plt
fig, ax = figure()
heatmap([[1, 2]], title="x", ax=ax)
fig
""",
    """
fig, ax = figure()
heatmap([[1, 2]], title="x", ax=ax)
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
    assert len({outputs[0].data["image/png"] for outputs in shown}) == 1
    said = "x, 1 by 2, coloured from 1 to 2."
    assert {outputs[0].data["text/plain"] for outputs in shown} == {said}
    assert {str(outputs[0].metadata) for outputs in shown} == {str({"image/png": {"alt": said}})}
