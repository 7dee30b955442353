"""What all explorers share: controls above, a picture below, and the NumPy lines under it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets

from convlens.picture.code import CAPTION, Line, code_box, html
from convlens.picture.marks import LEFT, RIGHT
from convlens.picture.shapes import Picture
from convlib.arguments import as_array, refusal
from convlib.frames import Frame, Walk

__all__ = ["Drawing", "Explorer", "frame_at", "one_plane", "over_frames", "walk_through"]

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
#: Both layers of the picture lie in one cell of a grid, one on top of the other.
LAYERS = {"grid_template_areas": '"here"', "grid_template_columns": "minmax(0, 900px)"}

Drawing = tuple[Picture, list[Line]]


def walk_through(
    x: ArrayLike, w: ArrayLike, bias: ArrayLike | None = None, **arguments: Any
) -> Walk:
    """Take the arguments of `conv2d`, errors included, and refuse a batch without an image."""
    walk = Walk(x, w, bias, **arguments)
    if len(walk) == 0:
        given = {"x.shape": tuple(walk.padded.shape)}
        change = "Give at least one image."
        raise refusal(ValueError, "an empty batch has no window to show", change, given)
    return walk


class Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """Controls, and a picture that is drawn anew whenever one of them changes.

    Parameters
    ----------
    walk : Walk or None
        What is explored; None for an explorer of something else, which says `about` what it is.
    controls : mapping of str to widget or int
        In reading order; the value itself where there is nothing to choose. The picture depends on
        the `value` of all but players.
    draw : callable
        Takes all values by name and returns a Picture and the NumPy lines for it.
    name : str
        How the explorer is called, for its `repr`.
    link : callable, optional
        Takes the name of the control that moved, and moves others with it. There is one new
        picture in the end, not one for each control.
    about : str, optional
        What the `repr` says after the name; by default the sizes of the walk.
    caption : str
        What stands over the NumPy lines.

    Attributes
    ----------
    controls : dict of str to widget
        Those that exist. Set their `value` to move the explorer from code.
    picture, lines : Picture, list of Line
        What is shown now.
    """

    def __init__(
        self,
        walk: Walk | None,
        controls: Mapping[str, Any],
        draw: Callable[[dict[str, Any]], Drawing],
        name: str,
        link: Callable[[str], None] | None = None,
        about: str | None = None,
        caption: str = CAPTION,
    ) -> None:
        self.walk: Any = walk
        self._draw, self._name, self._link = draw, name, link
        self._about, self._caption = about, caption
        self._holding, self._linking = 0, False
        self._shown: dict[str, Any] | None = None
        self._fixed = {key: value for key, value in controls.items() if isinstance(value, int)}
        self.controls = {key: controls[key] for key in controls if key not in self._fixed}
        self._still = ipywidgets.HTML(layout={"grid_area": "here", "margin": "0"})
        self._moving = ipywidgets.HTML(layout={"grid_area": "here", "margin": "0"})
        layers = ipywidgets.GridBox([self._still, self._moving], layout=LAYERS)
        for key, control in self.controls.items():
            control.observe(partial(self._moved, key), names="value")
        self._redraw()
        bar = ipywidgets.HBox(list(self.controls.values()), layout={"flex_flow": "row wrap"})
        super().__init__([bar, layers] if self.controls else [layers])

    def values(self) -> dict[str, Any]:
        """What the controls say now; a player says nothing of its own, it moves the sliders."""
        return {
            key: control.value
            for key, control in self.controls.items()
            if not isinstance(control, ipywidgets.Play)
        }

    def png(self) -> bytes:
        """Render what is shown now, with its NumPy lines, as a PNG for a page of any colour."""
        picture, lines = self._draw(self._fixed | self.values())
        below = picture.height + 12
        picture.height = code_box(picture, below, lines, LEFT, RIGHT, self._caption) + 12
        return picture.png()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Draw once after several controls have changed, not once for each."""
        self._holding += 1
        try:
            yield
        finally:
            self._holding -= 1
        self._redraw()

    def _moved(self, key: str, _: Any) -> None:
        """Follow a control: first those that are linked with it, then the picture."""
        with self.held():
            if self._link is None or self._linking:
                return
            self._linking = True
            try:
                self._link(key)
            finally:
                self._linking = False

    def _redraw(self) -> None:
        """Draw what the controls say; send photographs only if they are others than before."""
        values = self.values()
        if self._holding or values == self._shown:
            return
        self.picture, self.lines = self._draw(self._fixed | values)
        self._shown = values
        still = self.picture.still()
        if still != self._still.value:
            self._still.value = still
        self._moving.value = self.picture.svg() + html(self.lines, self._caption)

    def __repr__(self) -> str:
        """Without a model's address or number: notebooks are compared with their stored output."""
        if self._about is not None:
            return f"explore.{self._name}: {self._about}"
        g = self.walk.geometry
        x = "×".join(map(str, self.walk.padded.shape))
        w = "×".join(map(str, self.walk.filters.shape))
        return f"explore.{self._name}: padded input {x}, filters {w}, output {g.output_size}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Add a PNG of the present state, for readers without a kernel, and what it shows."""
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        data: dict[str, Any] = bundle[0] if isinstance(bundle, tuple) else bundle
        shown = {**data, "text/plain": repr(self)}
        shown["image/png"] = base64.b64encode(self.png()).decode()
        alt = {"alt": self.picture.label, "width": round(self.picture.width)}
        return shown, {"image/png": alt}


def one_plane(name: str, a: ArrayLike) -> NDArray[Any]:
    """Read one plane of numbers."""
    plane = as_array(name, a)
    if plane.ndim != 2 or plane.size == 0:
        change = f"Choose one channel of one image, such as {name}[0] or {name}[:, :, 0]."
        given = {f"{name}.shape": plane.shape}
        raise refusal(ValueError, f"{name} is not one plane", change, given)
    return plane


def frame_at(walk: Walk, values: Mapping[str, Any]) -> Frame:
    """Stop where the controls say."""
    first = values.get("group", 0) * (walk.geometry.filters // walk.geometry.groups)
    place = {"image": values["image"], "filter": values.get("filter", first)}
    return walk.frame(values["row"], values["column"], **place)


def over_frames(
    scene: Any,
    controls: Mapping[str, Any],
    name: str,
    link: Callable[[str], None] | None = None,
) -> Explorer:
    """An explorer whose scene draws the frame, and the channel, at which the controls stand."""

    def draw(values: dict[str, Any]) -> Drawing:
        frame = frame_at(scene.walk, values)
        return scene.picture(frame, values["channel"]), scene.source(frame)

    return Explorer(scene.walk, controls, draw, name, link)
