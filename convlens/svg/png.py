"""The PNG of a `Picture`, painted by matplotlib from the same shapes as its SVG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.svg.picture import INK, Image, Path, Picture, Rect, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fewer_colours", "paint"]

PAGE, PRINT_INK = "#ffffff", "#1f1f1f"
DOTS = 100  # figure dots per inch at scale 1: one unit of the picture is one dot
MOST_LOST, MEAN_LOST = 24, 1.0  # levels of 255, in any pixel and on average
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def paint(picture: Picture, scale: float = 2.0) -> bytes:
    """Paint `picture` on a white page and return the bytes of a PNG."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(picture.width / DOTS, picture.height / DOTS), dpi=DOTS, facecolor=PAGE)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, picture.width), ylim=(picture.height, 0))
    ax.axis("off")
    for depth, shape in enumerate([*picture.images, *picture.shapes]):
        _PAINTERS[type(shape)](ax, shape, depth + 1)
    buffer = io.BytesIO()
    # Hinting would round the width of every letter, and the pieces of a line of code would collide.
    with rc_context({"text.hinting": "none"}):
        # No software version in the file: the same picture gives the same bytes tomorrow.
        figure.savefig(buffer, format="png", dpi=DOTS * scale, metadata={"Software": None})
    return fewer_colours(buffer.getvalue())


def fewer_colours(drawn: bytes) -> bytes:
    """Write a PNG with a table of 256 colours, a third of the size, where nobody sees a difference.

    Drawings and gray photographs need no more; a colour photograph does, and is left as it is.
    """
    from PIL import Image as Pillow

    page = Pillow.open(io.BytesIO(drawn)).convert("RGB")
    # maximum coverage, so that a colour that is rare, but has a meaning, is not lost
    table = page.quantize(256, Pillow.Quantize.MAXCOVERAGE, 1, dither=Pillow.Dither.NONE)
    lost = np.abs(np.asarray(table.convert("RGB"), np.int16) - np.asarray(page, np.int16))
    if lost.max() > MOST_LOST or lost.mean() > MEAN_LOST:
        return drawn
    small = io.BytesIO()
    table.save(small, "PNG", optimize=True)
    return small.getvalue()


def _colours(style: dict[str, Any]) -> dict[str, Any]:
    """SVG's fill and stroke in matplotlib's words."""
    from matplotlib.colors import to_rgba

    def colour(name: str, default: str) -> Any:
        value = style.get(name, default)
        if value == "none":
            return "none"
        opacity = style.get(f"{name}_opacity", 1.0) * style.get("opacity", 1.0)
        return to_rgba(PRINT_INK if value == INK else value, opacity)

    dash = style.get("stroke_dasharray")
    width = float(style.get("stroke_width", 1)) * 72 / DOTS
    found = {
        "facecolor": colour("fill", INK),
        "edgecolor": colour("stroke", "none"),
        "linewidth": width if "stroke" in style else 0,
    }
    if dash:
        # matplotlib counts dashes in line widths
        found["linestyle"] = (0, [float(d) * 72 / DOTS / width for d in dash.split()])
    return found


def _rect(ax: Axes, shape: Rect, depth: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    style = dict(shape.style)
    rounding = f"round,pad=0,rounding_size={style.get('rx', 0)}"
    box = rounding if style.get("rx") else "square,pad=0"
    corner = (shape.x, shape.y)
    patch = FancyBboxPatch(
        corner, shape.width, shape.height, boxstyle=box, zorder=depth, **_colours(style)
    )
    ax.add_patch(patch)


def _path(ax: Axes, shape: Path, depth: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    codes = {"M": [Outline.MOVETO], "L": [Outline.LINETO], "C": [Outline.CURVE4] * 3}
    points: list[tuple[float, float]] = []
    kinds: list[Any] = []
    for name, *numbers in shape.steps:
        if name == "Z":
            points.append((0.0, 0.0))
            kinds.append(Outline.CLOSEPOLY)
        elif name == "R":
            x, y, width, height = numbers
            points += [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
            kinds += [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]
        else:
            points += list(zip(numbers[::2], numbers[1::2], strict=True))
            kinds += codes[name]
    ax.add_patch(PathPatch(Outline(points, kinds), zorder=depth, **_colours(dict(shape.style))))


def _text(ax: Axes, shape: Text, depth: int) -> None:
    style = dict(shape.style)
    ax.text(
        shape.x,
        shape.y,
        shape.string.replace("$", r"\$"),
        fontsize=style["font_size"] * 72 / DOTS,
        family="DejaVu Sans Mono" if "font_family" in style else "DejaVu Sans",
        weight="bold" if "font_weight" in style else "normal",
        color=PRINT_INK if style["fill"] == INK else style["fill"],
        alpha=style.get("opacity", 1.0),
        ha=ANCHORS[style.get("text_anchor", "start")],
        va="baseline",
        zorder=depth,
    )


def _image(ax: Axes, shape: Image, depth: int) -> None:
    box = (shape.x, shape.x + shape.width, shape.y + shape.height, shape.y)
    smooth = "nearest" if shape.pixels.shape[1] < shape.width else "antialiased"
    ax.imshow(shape.pixels, extent=box, aspect="auto", interpolation=smooth, zorder=depth)


_PAINTERS: dict[type, Any] = {Rect: _rect, Path: _path, Text: _text, Image: _image}
