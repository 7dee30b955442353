"""Look at a figure: what is written where."""

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def texts(ax):
    """Everything that can be read on an axes, titles too, without the empty strings."""
    found = [t for t in ax.get_children() if isinstance(t, Text)]
    return [t for t in found if t.get_visible() and t.get_text().strip()]


def assert_legible(fig):
    """All text is large enough, inside the figure, and off other text."""
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    renderer = canvas.get_renderer()
    page = fig.bbox
    boxes = []
    for ax in fig.axes:
        for text in texts(ax):
            assert text.get_fontsize() >= 8.95, text
            box = Text.get_window_extent(text, renderer)
            assert page.x0 - 1 <= box.x0, text
            assert box.x1 <= page.x1 + 1, text
            assert page.y0 - 1 <= box.y0, text
            assert box.y1 <= page.y1 + 1, text
            boxes.append((box, text))
    for (a, one), (b, other) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        # A line's box is higher than its digits. Under a title a line is left for the subtitle.
        under = one.get_text().endswith("\n") and other.axes is one.axes
        assert across <= 1.0 or down <= 4.0 or under, (one, other)
