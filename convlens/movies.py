"""Pictures in a row that move without a kernel: an animated PNG, a GIF, or an SVG moved by CSS."""

from __future__ import annotations

import base64
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from convlens.picture.printed import GRAYS, gray
from convlens.picture.shapes import Picture
from convlib.arguments import refusal, whole

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MOST_BYTES", "Movie", "kind_of", "movie"]

SECONDS, ROUNDS = 0.25, 3  # a picture; nothing moves for ever
MOST_ROUNDS = 1000
COLOURS = 64
MOST_BYTES = 250_000  # of what is stored with a notebook
KINDS = (".png", ".gif", ".svg")
SVG = "http://www.w3.org/2000/svg"


def movie(
    scene: Any, seconds: float = SECONDS, rounds: int = ROUNDS, *, dark: bool = False
) -> Movie:
    """Set pictures in motion.

    Parameters
    ----------
    scene : Explorer or iterable of Picture
        What moves: an explorer through its positions (20 at most), or one picture after another,
        such as ``(draw.frame(frame) for frame in Walk(x, w))``.
    seconds : float
        How long each picture stands.
    rounds : int
        How often all of it is shown; it comes to rest on the first picture.
    dark : bool
        Whether it is made for a dark page; else it can be read on either, and best on a light one.

    Returns
    -------
    Movie
        Shows itself as the last expression of a cell; `save` writes it to a file.

    Raises
    ------
    TypeError, ValueError
        For what is no picture, for no picture at all, and for no time.

    Examples
    --------
    >>> from convlens import explore
    >>> moving = movie(explore.window([[1, 2, 3]], [[1, 1]]))
    >>> moving
    movie: 2 pictures, 3 rounds of 0.5 seconds
    """
    pictures = scene.story() if hasattr(scene, "story") else scene
    if not isinstance(pictures, Iterable):
        change = "Give an explorer, or pictures in a row."
        raise refusal(TypeError, "scene does not move", change, {"scene": scene})
    return Movie(list(pictures), seconds, rounds, dark=dark)


class Movie:
    """Pictures, each shown for some time, and all of them so many times."""

    def __init__(
        self,
        pictures: list[Picture],
        seconds: float = SECONDS,
        rounds: int = ROUNDS,
        *,
        dark: bool = False,
    ) -> None:
        given = {"seconds": seconds, "rounds": rounds}
        if not pictures:
            change = "Give one or more."
            raise refusal(ValueError, "there is no picture", change, {"scene": pictures})
        for picture in pictures:
            if not isinstance(picture, Picture):
                change = "Give pictures, as draw.frame(frame) is one."
                raise refusal(TypeError, "scene holds something else", change, {"found": picture})
        if not isinstance(seconds, int | float) or not 0.02 <= seconds <= 60:
            raise refusal(ValueError, "no such time", "Show each for 0.02 to 60 seconds.", given)
        if whole("rounds", rounds, 1, given) > MOST_ROUNDS:
            raise refusal(ValueError, "too many rounds", f"Give {MOST_ROUNDS} at most.", given)
        self.pictures, self.dark = pictures, dark
        self.seconds, self.rounds = float(seconds), int(rounds)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to a file: its name ends with .png, .gif or .svg.

        Raises
        ------
        ValueError
            For another ending.
        OSError
            Where it cannot be written; then no file is left.
        """
        kind, target = kind_of(path), Path(path)
        if kind == ".svg":
            written = self.svg().encode()
        else:
            written = self.png() if kind == ".png" else self.gif()
        target = target.resolve()  # where a link leads
        try:
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
                part.write(written)
            try:
                # as the file was, or as any new one is made here
                Path(part.name).chmod(
                    target.stat().st_mode if target.exists() else 0o666 & ~_umask()
                )
                os.replace(part.name, target)
            except OSError:
                Path(part.name).unlink()
                raise
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None

    def png(self, most: int | None = None) -> bytes:
        """Write an animated PNG on a transparent ground, with fewer pictures above `most` bytes."""
        frames, count = self._rendered(), len(self.pictures)
        timing = {"duration": round(1000 * self.seconds), "loop": self.rounds}
        while True:
            kept = [frames[k * len(frames) // count] for k in range(count)]
            written = _together(_at_rest(kept), "PNG", **timing)
            if most is None or len(written) <= most or count == 1:
                return written
            count = max(1, min(count - 1, count * most // len(written)))

    def gif(self) -> bytes:
        """Write a GIF, which has no half-transparent edges: on white, or on nearly black."""
        from PIL import Image

        ground = gray(GRAYS[self.dark][0])
        frames = [
            Image.alpha_composite(Image.new("RGBA", frame.size, ground), frame).convert("RGB")
            for frame in _at_rest(self._rendered())
        ]
        # the first round is not counted there; one round needs no word of it
        again = {"loop": self.rounds - 1} if self.rounds > 1 else {}
        return _together(frames, "GIF", duration=round(1000 * self.seconds), **again)

    def svg(self) -> str:
        """Write one SVG: each piece is defined once, and CSS shows one picture after another."""
        ElementTree.register_namespace("", SVG)
        known: dict[str, int] = {}
        roots = [self._root(k, picture) for k, picture in enumerate(self.pictures)]
        groups = Counter(_written(child) for root in roots for child in root)
        for parent in (root for root in roots for root in (root, *root)):
            for place, child in enumerate(parent):
                if parent in roots and len(child) and groups[_written(child)] == 1:
                    continue  # it differs, and its leaves may not
                number = known.setdefault(_written(child), len(known))
                parent[place] = ElementTree.Element("use", {"href": f"#p{number}"})
        frames = [_group(k, root) for k, root in enumerate(roots)]
        defined = "".join(re.sub(r"^<\w+", rf'\g<0> id="p{k}"', p) for p, k in known.items())
        size = f'width="{self._width:g}" height="{self._height:g}"'
        return (
            f'<svg xmlns="{SVG}" viewBox="0 0 {self._width:g} {self._height:g}" {size} role="img">'
            f"<title>{escape(self.pictures[0].label)}</title><style>{self._style()}</style>"
            f"<defs>{defined}</defs>{''.join(frames)}</svg>"
        )

    def _root(self, k: int, picture: Picture) -> ElementTree.Element:
        """One picture, read; its holes keep a name of their own."""
        page = picture.page(dark=self.dark)
        page = page.replace('id="c"', f'id="c{k}"').replace("url(#c)", f"url(#c{k})")
        return ElementTree.fromstring(page)

    def _style(self) -> str:
        """Show each picture in its turn; who asked for no motion sees the first."""
        count, seconds = len(self.pictures), self.seconds
        turns = "".join(f".f{k}{{animation-delay:{k * seconds:g}s}}" for k in range(count))
        end = 100 / count
        return (
            f".f{{visibility:hidden;animation:turn {count * seconds:g}s {self.rounds}}}"
            ".f0{visibility:visible}"
            f"@keyframes turn{{0%{{visibility:visible}}{end:.4f}%,100%{{visibility:hidden}}}}"
            f"@media(prefers-reduced-motion:reduce){{.f{{animation:none}}}}{turns}"
        )

    @property
    def _width(self) -> float:
        return max(picture.width for picture in self.pictures)

    @property
    def _height(self) -> float:
        return max(picture.height for picture in self.pictures)

    def _rendered(self) -> list[Image.Image]:
        """Every picture in pixels, all as large as the largest."""
        from PIL import Image

        drawn = (picture.png(1.0, dark=self.dark) for picture in self.pictures)
        frames = [Image.open(io.BytesIO(png)).convert("RGBA") for png in drawn]
        size = max(f.width for f in frames), max(f.height for f in frames)
        return [frame.crop((0, 0, *size)) for frame in frames]

    def __repr__(self) -> str:
        """Name its lengths."""
        count = len(self.pictures)
        long = f"{count * self.seconds:g} second{'s' * (count * self.seconds != 1)}"
        rounds = f"{self.rounds} round{'s' * (self.rounds != 1)}"
        return f"movie: {count} picture{'s' * (count != 1)}, {rounds} of {long}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show itself, and in words what it shows."""
        drawn = base64.b64encode(self.png(MOST_BYTES)).decode()
        told = {"alt": self.pictures[0].label, "width": round(self._width)}
        return {"image/png": drawn, "text/plain": repr(self)}, {"image/png": told}


def _written(element: ElementTree.Element) -> str:
    """Write an element without saying once more what kind of file it is in."""
    return ElementTree.tostring(element, "unicode").replace(f' xmlns="{SVG}"', "")


def _group(k: int, root: ElementTree.Element) -> str:
    """One picture as a group, with what it says once for all its shapes."""
    said = " ".join(f'{name}="{root.get(name)}"' for name in ("fill", "font-family"))
    return f'<g class="f f{k}" {said}>{"".join(map(_written, root))}</g>'


def _umask() -> int:
    """What is taken from the mode of a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def kind_of(path: str | os.PathLike[str]) -> str:
    """Read the ending of a file's name, and refuse what cannot be written."""
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        change = f"End its name with {', '.join(KINDS)}."
        raise refusal(ValueError, "this kind of file does not move", change, {"path": str(path)})
    return kind


def _at_rest(frames: list[Image.Image]) -> list[Image.Image]:
    """Add the first once more: a file rests on its last picture."""
    return frames if len(frames) == 1 else [*frames, frames[0]]


def _together(frames: list[Image.Image], kind: str, **timing: int) -> bytes:
    """Write frames as one file of few colours, the same in all of them."""
    from PIL import Image

    (width, height), count = frames[0].size, len(frames)
    sheet = Image.new(frames[0].mode, (width, height * count))
    for k, frame in enumerate(frames):
        sheet.paste(frame, (0, k * height))
    few = sheet.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    first, *rest = [few.crop((0, k * height, width, (k + 1) * height)) for k in range(count)]
    written = io.BytesIO()
    first.save(written, kind, save_all=True, append_images=rest, optimize=True, **timing)
    return written.getvalue()
