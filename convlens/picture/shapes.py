"""A picture as a list of shapes, written as SVG: for the browser as it is, for print as a PNG.

The picture that stands where sliders are dead (GitHub, PDF) is the picture that the sliders move.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from convlens.picture.elements import INK, Image, Note, Path, Rect, Shape, Spot, Text, number, write
from convlens.picture.png import render
from convlens.picture.printed import COVER, GRAYS, LINE, PRINT_INK, edged, gray, uncovered

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COVER",
    "INK",
    "LINE",
    "MONO_ADVANCE",
    "PRINT_INK",
    "SANS_ADVANCE",
    "Image",
    "Path",
    "Picture",
    "Rect",
    "Text",
    "encode",
]

#: Pixels of a PNG to the unit: sharp, and half as long to wait for as with two.
SCALE = 1.5
MONO_ADVANCE = 0.602  # width of a monospace character, in font sizes
SANS_ADVANCE = 0.56  # average width of a proportional one, for reserving room
MONO = "var(--jp-code-font-family, DejaVu Sans Mono), DejaVu Sans Mono, monospace"
SANS = "var(--jp-ui-font-family, DejaVu Sans), DejaVu Sans, sans-serif"
#: Marks that code has a word for.
ROLES = ("window", "kernel", "ring", "outside")
THEME = f"var(--jp-ui-font-color1,{INK})"
PLAIN_MONO, PLAIN_SANS = "DejaVu Sans Mono", "DejaVu Sans"

Point = tuple[float, float]


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
    notes : list
        Which marks and panels stand where.
    spots : list
        Cells that answer to a pointer.
    """

    width: float
    height: float
    label: str = ""
    shapes: list[Shape] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def note(
        self, what: str, x: float, y: float, width: float, height: float, title: str = ""
    ) -> None:
        """Remember what stands in a box."""
        self.notes.append(Note(x, y, width, height, what, title))

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

    def add(self, other: Picture, right: float, down: float) -> None:
        """Add the shapes of another picture, moved."""
        self.shapes += [shape.moved(right, down) for shape in other.shapes]
        self.images += [image.moved(right, down) for image in other.images]
        self.notes += [note.moved(right, down) for note in other.notes]
        self.spots += [spot.moved(right, down) for spot in other.spots]

    def svg(self) -> str:
        """Write the shapes as SVG, with role and label for screen readers, and what can be touched.

        Beneath the cells that answer to a pointer are the marks, which words of code light up.
        """
        spoken = escape(self.label, quote=True)
        marks = "".join(note.svg() for note in self.notes if note.what in ROLES)
        touched = marks + "".join(spot.svg() for spot in self.spots)
        drawn = write(self.shapes) + touched
        return f'{self._open()} role="img" aria-label="{spoken}">{drawn}</svg>'

    def still(self) -> str:
        """Write the images as an SVG of the same size, to lie beneath the other."""
        if not self.images:
            return ""
        drawn = "".join(image.svg() for image in self.images)
        return f'{self._open()} aria-hidden="true">{drawn}</svg>'

    def png(self, scale: float = SCALE, *, dark: bool = False) -> bytes:
        """Render the same SVG on a transparent ground, `scale` pixels to the unit."""
        return render(self.page(dark=dark), scale)

    def page(self, *, dark: bool = False) -> str:
        """Write images and shapes as one SVG that can be read on any page, light or dark.

        Fonts and ink are plain, and what is drawn in ink has a thin light edge: on white it is not
        seen, on black it is what makes dark ink legible. Where the page is known to be `dark`, ink
        is light and the edge is dark.
        """
        images = uncovered(self.images, self.shapes, (self.width, self.height))
        drawn = write(piece for shape in self.shapes for piece in edged(shape, dark))
        whole = f"{self._open()}>{images}{drawn}</svg>"
        for themed, plain in ((THEME, INK), (MONO, PLAIN_MONO), (SANS, PLAIN_SANS)):
            whole = whole.replace(themed, plain)
        return whole.replace(INK, gray(GRAYS[dark][1]))

    def html(self) -> str:
        """Write it as an image for a page that may be read without being trusted."""
        drawn, spoken = base64.b64encode(self.png()).decode(), escape(self.label, quote=True)
        size = f'width="{round(self.width)}" style="max-width:100%;display:block"'
        return f'<img {size} alt="{spoken}" src="data:image/png;base64,{drawn}"/>'

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show itself as the last line of a cell: a PNG, and in words what it shows."""
        drawn = base64.b64encode(self.png()).decode()
        size = {"width": round(self.width), "height": round(self.height)}
        return {"image/png": drawn, "text/plain": self.label}, {
            "image/png": {**size, "alt": self.label}
        }

    def _open(self) -> str:
        width, height = number(self.width), number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="100%" fill="{INK}" font-family="{SANS}" '
            f'style="display:block;max-width:{width}px;color:{THEME}"'
        )


def encode(pixels: NDArray[Any], *, exact: bool = False) -> str:
    """Write uint8 RGB pixels as a data URL: a JPEG of a large photograph unless `exact`, or a PNG.

    A JPEG would blur the edges of what is no photograph.
    """
    from PIL import Image as Pillow

    large = pixels.shape[0] * pixels.shape[1] > 10_000 and not exact
    buffer = io.BytesIO()
    picture = Pillow.fromarray(pixels)
    if large:
        picture.save(buffer, "JPEG", quality=90, subsampling=0)  # fine lines in colour stay clear
    else:
        picture.save(buffer, "PNG")
    kind = "jpeg" if large else "png"
    return f"data:image/{kind};base64," + base64.b64encode(buffer.getvalue()).decode()
