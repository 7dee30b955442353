"""What explorers are given, read and refused; and the explorers of a walk's frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import Control
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.space import Values
from convlens.picture.code import CAPTION
from convlib.arguments import as_array, refusal
from convlib.frames import Frame, Walk
from convlib.operands import DEFAULTS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["frame_at", "one_plane", "over_frames", "walk_through"]


def walk_through(
    x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any
) -> Walk:
    """Take the arguments of `conv2d`, errors included, and refuse a batch without an image."""
    for name in arguments.keys() - DEFAULTS.keys():
        change = f"Beside x, w, bias and at there are {', '.join(DEFAULTS)}."
        raise refusal(TypeError, "there is no such argument", change, {name: arguments[name]})
    walk = Walk(x, w, bias, **arguments)
    if len(walk) == 0:
        given = {"x.shape": tuple(walk.padded.shape)}
        change = "Give at least one image."
        raise refusal(ValueError, "an empty batch has no window to show", change, given)
    return walk


def one_plane(name: str, a: ArrayLike) -> NDArray[Any]:
    """Read one plane of numbers, as a copy: what is drawn stays what was given.

    True and False are 1 and 0.
    """
    plane = as_array(name, a).copy(order="K")
    if plane.ndim != 2 or plane.size == 0:
        change = f"Choose one channel of one image, such as {name}[0] or {name}[:, :, 0]."
        given = {f"{name}.shape": plane.shape}
        raise refusal(ValueError, f"{name} is not one plane", change, given)
    return plane.astype(np.uint8) if plane.dtype == bool else plane


def frame_at(walk: Walk, values: Mapping[str, Any]) -> Frame:
    """Stop where the controls say."""
    first = values.get("group", 0) * (walk.geometry.filters // walk.geometry.groups)
    place = {"image": values.get("image", 0), "filter": values.get("filter", first)}
    return walk.frame(values["row"], values["column"], **place)


def over_frames(scene: Any, controls: Mapping[str, Control], name: str) -> Explorer:
    """An explorer whose scene draws the frame, and the channel, at which the controls stand."""

    def draw(values: Values) -> Drawing:
        frame = frame_at(scene.walk, values)
        return scene.picture(frame, values.get("channel", 0)), scene.source(frame)

    caption = CAPTION.replace(" and w", ", w and b") if scene.walk.has_bias else CAPTION
    return Explorer(name, controls, draw, walk=scene.walk, caption=caption)
