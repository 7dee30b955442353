"""Pictures as lists of shapes: what is written as SVG, what is painted as PNG; they agree."""

import base64
import dataclasses
import doctest
import importlib
import io
import pkgutil
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from tests.needs import need_module

need_module("matplotlib")

from PIL import Image as Pillow  # noqa: E402

import convlens.picture  # noqa: E402
from convlens.palette import contrast  # noqa: E402
from convlens.picture import shapes as picture  # noqa: E402
from convlens.picture.shapes import Image, Path, Picture, Rect, Text, encode  # noqa: E402
from convlens.scenes.window import WindowScene  # noqa: E402
from convlib import Walk  # noqa: E402

MODULES = [m.name for m in pkgutil.iter_modules(convlens.picture.__path__, "convlens.picture.")]


def painted(p, ground=(255, 255, 255)):
    """The pixels of the PNG on a page of some colour."""
    with Pillow.open(io.BytesIO(p.png(2))) as image:
        drawn = image.convert("RGBA")
    page = Pillow.new("RGBA", drawn.size, (*ground, 255))
    page.alpha_composite(drawn)
    return np.asarray(page.convert("RGB")).astype(int)


def rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_shape_can_be_written_and_painted():
    shapes = {c for c in vars(picture).values() if dataclasses.is_dataclass(c)}
    shapes -= {Picture, picture.Note, picture.Spot}  # not seen
    assert shapes == {Rect, Path, Text, Image}
    assert all(hasattr(shape, "svg") for shape in shapes)


def test_a_page_needs_nothing_around_it():
    p = Picture(200, 100)
    p.text(10, 20, "sans", colour="#d55e00")
    p.text(10, 40, "mono", mono=True)
    p.line((0, 50), (200, 50))
    assert "var(" in p.svg()
    assert "currentColor" in p.svg()
    assert not [word for word in ("var(", "currentColor", "url(") if word in p.page()]
    ElementTree.fromstring(p.page())


def test_what_is_written_reads_back():
    p = Picture(900, 100, 'a "quoted" <label> & more')
    p.rect(1, 2, 30.04, 4, fill="#ff0000", rx=2)
    p.rect(1, 12, 30, 4, fill="#00ff00", rx=2)
    p.path([("M", 0, 0), ("C", 1, 2, 3, 4, 5, 6), ("Z",), ("R", 1, 2, 3, 4)], stroke="#000000")
    p.text(5, 50, "a < b  &  c", mono=True, bold=True, anchor="end", opacity=0.5)
    root = ElementTree.fromstring(p.svg())
    assert root.attrib["aria-label"] == p.label
    assert root.attrib["viewBox"] == "0 0 900 100"
    rects = [e for e in root.iter() if e.tag.endswith("rect")]
    assert [e.attrib["width"] for e in rects] == ["30", "30"]
    assert [e.attrib["fill"] for e in rects] == ["#ff0000", "#00ff00"]
    (text,) = [e for e in root.iter() if e.tag.endswith("text")]
    assert text.text == "a < b  &  c"
    (path,) = [e for e in root.iter() if e.tag.endswith("path")]
    assert path.attrib["d"] == "M0 0C1 2 3 4 5 6ZM1 2h3v4h-3z"


def test_images_lie_in_a_layer_of_their_own():
    p = Picture(900, 100, "photo")
    pixels = np.zeros((4, 4, 3), np.uint8)
    p.image(0, 0, 40, 40, pixels, encode(pixels))
    assert "<image" not in p.svg()
    root = ElementTree.fromstring(p.still())
    assert root.attrib["viewBox"] == "0 0 900 100"
    assert root.attrib["aria-hidden"] == "true"
    assert Picture(900, 100).still() == ""


@pytest.mark.parametrize("side", [8, 200])
def test_encoded_pixels_are_those_given(side):
    pixels = np.full((side, side, 3), (200, 100, 50), np.uint8)
    kind, data = encode(pixels).split(";base64,")
    with Pillow.open(io.BytesIO(base64.b64decode(data))) as image:
        assert kind == f"data:image/{image.format.lower()}"
        assert abs(np.asarray(image).astype(int) - pixels).max() <= 3


def test_painted_shapes_have_the_colour_and_place_of_the_written_ones():
    p = Picture(200, 100)
    p.rect(10, 10, 40, 30, fill="#56b4e9", rx=3)
    p.path([("R", 60, 10, 40, 30), ("R", 60, 50, 40, 30)], fill="#e69f00")
    p.rect(110, 10, 40, 30, fill="none", stroke="#d55e00", stroke_width=4)
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = 255, 0, 0
    p.image(160, 10, 40, 30, pixels, encode(pixels))
    page = painted(p)
    assert page.shape == (200, 400, 3)
    for (x, y), colour in {
        (30, 25): "#56b4e9",
        (80, 25): "#e69f00",
        (80, 65): "#e69f00",
        (80, 45): "#ffffff",
        (130, 25): "#ffffff",
        (110, 25): "#d55e00",
        (165, 15): "#ff0000",
        (195, 35): "#000000",
    }.items():
        assert np.abs(page[y * 2, x * 2] - rgb(colour)).max() <= 4, (x, y)


def test_painted_tiles_have_the_colour_of_the_written_ones():
    walk = Walk(np.arange(63).reshape(7, 9), [[1, -1], [2, -2], [0, 1]])
    p = WindowScene(walk).picture(walk.frame(2, 4))
    page = painted(p)
    tiles = [r for r in p.shapes if isinstance(r, Rect) and dict(r.style).get("rx") == 2]
    filled = [r for r in tiles if dict(r.style)["fill"].startswith("#")]
    assert len(filled) >= 63 + 6 + 6
    for tile in filled:
        corner = page[round(tile.y * 2) + 5, round((tile.x + tile.width) * 2) - 6]
        assert np.abs(corner - rgb(dict(tile.style)["fill"])).max() <= 6


def test_the_same_picture_gives_the_same_bytes():
    walk = Walk(np.arange(20).reshape(4, 5), [[1, 0, -1], [2, 0, -2]])
    first, second = (WindowScene(walk).picture(walk.frame(1, 1)) for _ in range(2))
    assert first.svg() == second.svg()
    assert first.png() == second.png()


@pytest.mark.parametrize("ground", [(255, 255, 255), (17, 17, 17)], ids=["light", "dark"])
def test_what_is_drawn_in_ink_is_seen_on_any_page(ground):
    p = Picture(120, 60)
    p.text(10, 30, "I", 40, bold=True)
    p.rect(40, 10, 30, 30, fill="none", stroke=picture.INK, stroke_width=3)
    p.line((90, 10), (90, 40), stroke_width=1, stroke_opacity=0.5)
    page = painted(p, ground)
    assert page[0, 0].tolist() == list(ground)  # no card behind it
    hexes = ["#{:02x}{:02x}{:02x}".format(*page[y, x]) for y, x in np.ndindex(page.shape[:2])]
    seen = np.reshape(
        [contrast(h, "#{:02x}{:02x}{:02x}".format(*ground)) for h in hexes], page.shape[:2]
    )
    assert seen[:, 20:50].max() > 10  # the letter, or its edge
    assert seen[20:80, 76:84].max() > 10  # the ring
    assert seen[20:80, 178:182].max() > 3  # the hairline


def test_a_picture_shows_itself_once_and_says_what_it_is(monkeypatch):
    p = Picture(200, 100, "a picture & its words")
    calls = []
    monkeypatch.setattr(picture, "render", lambda svg, scale: calls.append(scale) or b"png")
    data, metadata = p._repr_mimebundle_()
    assert calls == [picture.SCALE]
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == p.label
    assert metadata["image/png"] == {"width": 200, "height": 100, "alt": p.label}
    assert 'alt="a picture &amp; its words"' in p.html()


def test_pictures_are_set_beside_each_other_whole():
    p, q = Picture(50, 40), Picture(100, 40)
    p.rect(1, 2, 3, 4, fill="#ff0000")
    p.path([("M", 1, 2), ("C", 1, 2, 3, 4, 5, 6), ("R", 1, 2, 3, 4), ("Z",)])
    p.text(5, 6, "seven")
    p.image(0, 1, 2, 3, np.zeros((2, 2, 3), np.uint8), "")
    p.note("ring", 1, 2, 3, 4)
    q.add(p, 50, 7)
    rect, path, text = q.shapes
    assert (rect.x, rect.y, rect.width, rect.height) == (51, 9, 3, 4)
    assert path.steps == (("M", 51, 9), ("C", 51, 9, 53, 11, 55, 13), ("R", 51, 9, 3, 4), ("Z",))
    assert (text.x, text.y, q.images[0].x, q.images[0].y) == (55, 13, 50, 8)
    assert (q.notes[0].x, q.notes[0].y) == (51, 9)


def test_what_is_covered_is_not_there_on_any_page():
    p = Picture(100, 50)
    pixels = np.full((4, 4, 3), (200, 0, 0), np.uint8)
    p.image(0, 0, 100, 50, pixels, encode(pixels))
    p.rect(50, 0, 50, 50, fill=picture.COVER)
    assert p.svg().count("--jp-layout-color0") == 1
    for ground in ((255, 255, 255), (17, 17, 17)):
        page = painted(p, ground)
        assert page[50, 150].tolist() == list(ground)
        assert np.abs(page[50, 50] - (200, 0, 0)).max() <= 3
