"""What the filter explorer needs on a page without Python: a photograph's numbers, and a template.

`filter.js` convolves there and fills the template in. It is the picture that Python drew, with what
changes named by `data-slot`: a slot, and what is done to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np

from convlens.palette import ink, pale, signed
from convlens.picture.code import html
from convlens.picture.marks import DASHED, LEFT, RIGHT
from convlens.scenes.filtered import (
    BOX,
    CHANNELS,
    DIVISORS,
    LIKE_PHOTO,
    SHARE,
    STEPS,
    FilterScene,
    Setting,
    Weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["filter_page"]

SVG = "http://www.w3.org/2000/svg"
ROOM = {3: 6, 5: 5}  # characters that a cell has room for, by taps a side
ALIKE, AROUND = "drawn like the photograph", "white where it is 0"


def filter_page(scene: FilterScene, presets: Mapping[str, Weights], own: str) -> dict[str, Any]:
    """Gather all that the page draws a setting from.

    Raises
    ------
    ValueError
        Where the photograph is smaller than the kernel: there is no window to make a template of;
        and where it holds what is no number.
    """
    taps, (height, width) = scene.taps, scene.size
    if min(height, width) < taps:
        raise ValueError(f"photo ({height}, {width}) is smaller than the kernel, {taps} a side.")
    if not np.isfinite(scene.photo).all():
        raise ValueError("photo holds NaN or infinite pixels, which a page cannot be sent.")
    weights = presets["identity"]
    s = Setting(weights, "identity", (height // 2, width // 2))
    picture, pixel = scene.picture(s), [scene.left[0] / width, scene.left[1] / height]
    planes = np.atleast_3d(scene.photo) * 1  # no pixel is True or False
    names = ["photo"] if scene.photo.ndim == 2 else [f"photo[:, :, {c}]" for c in range(3)]
    levels = [f"#{k:02x}{k:02x}{k:02x}" for k in range(256)]
    around = [signed(v, 1.0) for v in np.linspace(-1, 1, 256).tolist()]
    return {
        "photo": np.moveaxis(planes, -1, 0).tolist(),
        "white": scene.white,
        "channels": CHANNELS,
        "names": names,
        "presets": presets,
        "own": own,
        "least": LIKE_PHOTO,
        "share": SHARE,
        "steps": STEPS,
        "divisors": DIVISORS,
        "room": ROOM[taps],
        "pixel": pixel,
        "window": "Window, {channel} channel" if names[1:] else "Window",
        "over": scene.beyond(2 * scene.white),
        "under": scene.beyond(-1),
        "alike": ALIKE,
        "around": f"the {{channel}} channel, {AROUND}" if names[1:] else AROUND,
        "gray": _table(levels),
        "edge": _table(map(pale, levels)),
        "signed": _table(around),
        "dash": {name.replace("_", "-"): value for name, value in DASHED.items()},
        "svg": _template(picture.svg(), s, pixel),
        "still": re.sub(r'(.*href=")[^"]*', r"\g<1>{result}", picture.still(), flags=re.DOTALL),
        "code": _lines(html(scene.source(s)), s),
    }


def _table(fills: Iterable[str]) -> list[dict[str, str]]:
    """Colours of boxes, each with that of the number in it."""
    return [{"fill": fill, "ink": ink(fill)} for fill in fills]


def _lines(code: str, s: Setting) -> str:
    """The NumPy lines, with what changes in braces."""
    (i, j), taps = s.at, len(s.weights)
    code = re.sub(r"np\.array\(.*?\]\]\)", "{w}", code)
    code = code.replace(f"{i}:{i + taps}, {j}:{j + taps}", "{place}").replace(
        f"y[{i}, {j}]", "{at}"
    )
    code = re.sub(r"(</span>.*) = [^<]*(</span></span></pre>)$", r"\1 = {y}\2", code)
    return re.sub(r"photo(\[:, :, \d\])?(?=,)", "{x}", code)


def _template(svg: str, s: Setting, pixel: list[float]) -> str:
    """The picture, with what changes named."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    leaves = [leaf for leaf in root.iter() if not len(leaf)]
    _words(leaves, s)
    _cells(root, leaves, len(s.weights))
    for leaf in leaves:
        mark = {"3": "frame", "5": "ring"}.get(leaf.get("rx", ""))
        # between the photographs the sum has a ring too, and that stays
        between = LEFT + BOX[0] < float(leaf.get("x", 0)) < RIGHT - BOX[0] - 10
        if mark and leaf.get("fill") == "none" and not between:
            _movable(leaf, mark, s, pixel)
    return ElementTree.tostring(root, "unicode")


def _movable(leaf: ElementTree.Element, name: str, s: Setting, pixel: list[float]) -> None:
    """Put a mark to the first pixel: the page moves it from there."""
    for axis, place, size in (("x", s.at[1], pixel[0]), ("y", s.at[0], pixel[1])):
        leaf.set(axis, f"{float(leaf.get(axis, 0)) - place * size:.2f}")
    leaf.set("data-slot", f"{name} move")


def _words(leaves: list[ElementTree.Element], s: Setting) -> None:
    """Name the texts that change."""
    i, j = s.at
    said = {
        f"around row {i}, column {j}": "place",
        "× Kernel w, identity": "kernel",
        "its weights sum to 1": "total",
        f"y[{i}, {j}]": "at",
    }
    ends = {ALIKE: "drawn", "or less": "low", "or more": "high"}
    for leaf in leaves:
        text = leaf.text or ""
        name = "window" if text.startswith("Window") else said.get(text, "")
        name = name or next((ends[end] for end in ends if text.endswith(end)), "")
        if name == "low":
            leaves[leaves.index(leaf) + 1].set("data-slot", "zero word")  # empty so far
        if leaf.tag.endswith("text") and name:
            leaf.set("data-slot", f"{name} word")
            leaf.attrib.pop("textLength", None)


def _cells(root: ElementTree.Element, leaves: list[ElementTree.Element], taps: int) -> None:
    """Name boxes and numbers of the window, the kernel and the sum, in the order they are drawn."""
    start = next(k for k, leaf in enumerate(leaves) if (leaf.text or "").startswith("Window"))
    boxes = [leaf for leaf in leaves[start:] if leaf.get("rx") == "2"]
    texts = [
        leaf
        for leaf in leaves[start + 1 :]
        if leaf.tag.endswith("text") and not leaf.get("data-slot") and leaf.text != "="
    ]
    cells = [f"{name}{u}{v}" for name in "xw" for u in range(taps) for v in range(taps)]
    for name, box, text in zip([*cells, "y"], boxes, texts, strict=False):
        box.set("data-slot", f"{name} fill")
        text.set("data-slot", f"{name} text")
        text.attrib.pop("textLength", None)
    _beyond(root, boxes[len(cells)])
    steps = [leaf for leaf in leaves if leaf.get("height") == "9" and leaf.get("fill") != "none"]
    for k, leaf in enumerate(steps):
        leaf.set("data-slot", f"{k} step")


def _beyond(root: ElementTree.Element, box: ElementTree.Element) -> None:
    """Leave room under the sum for what is said of results beyond black and white."""
    place = {"x": box.get("x", ""), "y": f"{float(box.get('y', 0)) + 44:g}"}
    look = {"font-size": "11", "opacity": "0.72", "data-slot": "beyond word"}
    ElementTree.SubElement(root, f"{{{SVG}}}text", place | look)
