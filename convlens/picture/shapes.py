"""A picture as a list of shapes, written out twice: as SVG for the browser, as PNG for print.

Both come from the same list, so the picture that stands where sliders are dead (GitHub, PDF) is the
picture that the sliders move. The shapes are few on purpose: rectangles, text, paths and images,
without styles, definitions or ids that could collide between the cells of a notebook.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from convlens.picture.png import PRINT_INK, render

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "INK",
    "MONO_ADVANCE",
    "SANS_ADVANCE",
    "Image",
    "Path",
    "Picture",
    "Point",
    "Rect",
    "Text",
    "encode",
]

INK = "currentColor"  # follows the reader's theme, light or dark
MONO_ADVANCE = 0.602  # width of a monospace character, in font sizes
SANS_ADVANCE = 0.56  # average width of a proportional one, for reserving room
MONO = "var(--jp-code-font-family, DejaVu Sans Mono), DejaVu Sans Mono, monospace"
SANS = "var(--jp-ui-font-family, DejaVu Sans), DejaVu Sans, sans-serif"
THEME = f"var(--jp-ui-font-color1,{INK})"
PLAIN_MONO, PLAIN_SANS = "DejaVu Sans Mono", "DejaVu Sans"

Point = tuple[float, float]
Style = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Rect:
    """A rectangle, `rx` its corner radius."""

    x: float
    y: float
    width: float
    height: float
    style: Style

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        size = f'width="{_n(self.width)}" height="{_n(self.height)}"'
        # corner radii are no inherited property: a group cannot carry them
        radius = dict(self.style).get("rx")
        rounded = f' rx="{_n(radius)}"' if radius else ""
        return f'<rect x="{_n(self.x)}" y="{_n(self.y)}" {size}{rounded}'


@dataclass(frozen=True)
class Path:
    """Pieces: ("M", x, y), ("L", x, y), ("C", six numbers), ("Z",), ("R", x, y, width, height)."""

    steps: tuple[tuple[Any, ...], ...]
    style: Style

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        drawn = "".join(_step(*step) for step in self.steps)
        return f'<path d="{drawn}"'


@dataclass(frozen=True)
class Text:
    """A line of text; `length` is the width that a monospaced line must fill in any font."""

    x: float
    y: float
    string: str
    length: float
    style: Style

    def svg(self) -> str:
        """Open the element; `_group` closes it."""
        # One character has nothing to stretch: textLength on it would only move it.
        fit = f' textLength="{_n(self.length)}"' if self.length and len(self.string) > 1 else ""
        kept = "  " in self.string or self.string != self.string.strip()
        space = ' xml:space="preserve"' if kept else ""
        return f'<text x="{_n(self.x)}" y="{_n(self.y)}"{fit}{space}'


@dataclass(frozen=True)
class Image:
    """Pixels, uint8 RGB, stretched over a box without smoothing where they are enlarged."""

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[Any]
    source: str  # the pixels as a data URL

    def svg(self) -> str:
        """Write the whole element."""
        box = (
            f'x="{_n(self.x)}" y="{_n(self.y)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" preserveAspectRatio="none"'
        )
        rendering = "pixelated" if self.pixels.shape[1] < self.width else "auto"
        return f'<image {box} style="image-rendering:{rendering}" href="{self.source}"/>'


@dataclass
class Picture:
    """A list of shapes in drawing order, `width` by `height` units.

    Attributes
    ----------
    label : str
        The text alternative: what a reader who cannot see the picture is told.
    images : list
        Photographs. They lie beneath all shapes and change rarely, so that the explorers send
        them once and not with every move of a slider.
    """

    width: float
    height: float
    label: str = ""
    shapes: list[Rect | Path | Text] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        """Add a rectangle; `style` holds SVG attributes with _ for -."""
        self.shapes.append(Rect(x, y, width, height, tuple(sorted(style.items()))))

    def path(self, steps: Iterable[tuple[Any, ...]], **style: Any) -> None:
        """Add a path of ("M", x, y), ("L", x, y), ("C", ...) and ("Z",) steps."""
        style = {"fill": "none", **style}
        self.shapes.append(Path(tuple(steps), tuple(sorted(style.items()))))

    def line(self, start: Point, end: Point, **style: Any) -> None:
        """Add a straight line."""
        self.path([("M", *start), ("L", *end)], **{"stroke": INK, **style})

    def text(
        self,
        x: float,
        y: float,
        string: str,
        size: float = 13,
        *,
        mono: bool = False,
        anchor: str = "start",
        bold: bool = False,
        colour: str = INK,
        opacity: float = 1.0,
    ) -> None:
        """Add a line of text whose baseline begins (or ends, or is centred) at (x, y)."""
        style: dict[str, Any] = {"font_size": size, "fill": colour}
        if mono:
            style["font_family"] = MONO
        if anchor != "start":
            style["text_anchor"] = anchor
        if bold:
            style["font_weight"] = 600
        if opacity < 1:
            style["opacity"] = opacity
        length = len(string) * MONO_ADVANCE * size if mono else 0.0
        self.shapes.append(Text(x, y, string, length, tuple(sorted(style.items()))))

    def image(
        self, x: float, y: float, width: float, height: float, pixels: Any, source: str
    ) -> None:
        """Add a photograph; `source` comes from `encode(pixels)`."""
        self.images.append(Image(x, y, width, height, pixels, source))

    def svg(self) -> str:
        """Write the shapes as SVG, with role and label for screen readers."""
        drawn = "".join(_group(style, list(same)) for style, same in groupby(self.shapes, _kind))
        spoken = escape(self.label, quote=True)
        return f'{self._open()} role="img" aria-label="{spoken}">{drawn}</svg>'

    def still(self) -> str:
        """Write the images as an SVG of the same size, to lie beneath the other."""
        if not self.images:
            return ""
        drawn = "".join(image.svg() for image in self.images)
        return f'{self._open()} aria-hidden="true">{drawn}</svg>'

    def png(self, scale: float = 2.0) -> bytes:
        """Render the same SVG on white, `scale` pixels to the unit."""
        return render(self.page(), scale)

    def page(self) -> str:
        """Write images and shapes as one SVG that needs no page around it: plain fonts and ink."""
        images = "".join(image.svg() for image in self.images)
        drawn = "".join(_group(style, list(same)) for style, same in groupby(self.shapes, _kind))
        whole = f"{self._open()}>{images}{drawn}</svg>"
        for themed, plain in ((THEME, PRINT_INK), (MONO, PLAIN_MONO), (SANS, PLAIN_SANS)):
            whole = whole.replace(themed, plain)
        return whole.replace(INK, PRINT_INK)

    def _open(self) -> str:
        width, height = _n(self.width), _n(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="100%" fill="{INK}" font-family="{SANS}" '
            f'style="display:block;max-width:{width}px;color:{THEME}"'
        )


def encode(pixels: NDArray[Any]) -> str:
    """Write uint8 RGB pixels as a data URL: a JPEG where it is a photograph's size, else a PNG."""
    from PIL import Image as Pillow

    large = pixels.shape[0] * pixels.shape[1] > 10_000
    buffer = io.BytesIO()
    picture = Pillow.fromarray(pixels)
    if large:
        picture.save(buffer, "JPEG", quality=90)
    else:
        picture.save(buffer, "PNG")
    kind = "jpeg" if large else "png"
    return f"data:image/{kind};base64," + base64.b64encode(buffer.getvalue()).decode()


def _step(name: str, *numbers: float) -> str:
    """Write one piece of a path; a whole box takes few characters with relative moves."""
    if name == "R":
        x, y, width, height = map(_n, numbers)
        return f"M{x} {y}h{width}v{height}h-{width}z"
    return name + " ".join(map(_n, numbers))


def _n(value: float) -> str:
    """One decimal is a tenth of a pixel: enough."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _kind(shape: Rect | Path | Text) -> tuple[type, Style]:
    """What shapes of one group have in common: the kind, and the style but for fill and corners."""
    return type(shape), tuple(item for item in shape.style if item[0] not in ("fill", "rx"))


def _group(kind: tuple[type, Style], shapes: list[Any]) -> str:
    """Write neighbours of one style with that style said once."""
    shared = "".join(_attribute(name, value) for name, value in kind[1])
    drawn = []
    for shape in shapes:
        fill = dict(shape.style).get("fill", INK)
        own = shape.svg() + ("" if fill == INK else f' fill="{fill}"')
        drawn.append(own + (f">{escape(shape.string)}</text>" if isinstance(shape, Text) else "/>"))
    return f"<g{shared}>{''.join(drawn)}</g>"


def _attribute(name: str, value: Any) -> str:
    written = _n(value) if name == "font_size" else value
    return f' {name.replace("_", "-")}="{written}"'
