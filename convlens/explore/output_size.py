"""The output-size explorer: padding, stride and dilation, and the stops that they leave."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from convlens.explore.bounds import FIELDS, Limits
from convlens.explore.explorer import Drawing, Explorer
from convlens.facts.setting import NAMED, Axis, Setting
from convlens.scenes import OutputSizeScene
from convlib.arguments import Pair, Sides, as_array, refusal
from convlib.geometry import PADDING_MODES, Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["COLUMNS", "FREE", "POSSIBLE", "ROWS", "output_size"]

#: The controls of each axis, in the order of `FIELDS`, and those of the output position.
ROWS = ("kernel rows", "stride down", "dilation down", "top", "bottom")
COLUMNS = ("kernel columns", "stride right", "dilation right", "left", "right")
PLACES = ("row", "column")
SAID = {"row": "stop row", "column": "stop column"}
POSSIBLE, FREE = "keep it possible", "let me break it"
CAPTION = "The same in Python: Geometry is convlib.Geometry, x the array given to this explorer"
BAR = {"grid_template_columns": "repeat(auto-fill, 294px)", "max_width": "900px"}


def output_size(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: int | str | Pair | Sides = 0,
    dilation: int | Pair = 1,
    padding_mode: str = "zeros",
    at: Pair = (0, 0),
) -> Explorer:
    """Change padding, stride and dilation: where the window stops, what it skips, how often.

    Parameters
    ----------
    x : array_like, (H, W)
        Your own image, from 1x1 to a photograph.
    kernel_size, stride, padding, dilation, padding_mode
        As for `convlib.Geometry`: what to begin with.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With a choice of paddings and sliders for every number of the size formula. As long as
        "limits" says "keep it possible", each slider goes as far as the others allow. Otherwise an
        impossible setting is drawn with the message of the error that `Geometry` raises for it.

    Raises
    ------
    ValueError, TypeError
        As `Geometry`, for a setting that is impossible to begin with; and unless `x` is one plane.
    IndexError
        Where `at` is outside the output.

    Examples
    --------
    >>> explorer = output_size([[1, 2, 3], [4, 5, 6]], (1, 2))
    >>> explorer.controls["stride right"].value = 2
    >>> "The output is 2 by 1." in explorer.picture.label
    True
    """
    image = _plane(x)
    steps: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    size = image.shape[0], image.shape[1]
    g = Geometry(size, kernel_size, padding_mode=padding_mode, **steps)
    if not all(0 <= k < n for k, n in zip(at, g.output_size, strict=True)):
        change = f"Stay inside the output, {g.output_size}."
        raise refusal(IndexError, "there is no window at this position", change, {"at": at})
    rows, columns = (max(3, n // 8, *sides) for n, sides in zip(size, g.padding, strict=True))
    scene = OutputSizeScene(image, (rows, columns))

    def draw(values: dict[str, Any]) -> Drawing:
        setting = _setting(size, values)
        return scene.picture(setting), scene.source(setting)

    controls = _controls(g, padding if isinstance(padding, str) else "numbers", at)
    link = partial(_follow, input_size=size, room=(rows, columns))
    about = f"input {size[0]}×{size[1]}, kernel {g.kernel_size}, output {g.output_size}"
    for key, settled in _settled(size, (rows, columns), _values(controls)).items():
        _bound(controls[key], *settled)
    explorer = Explorer(None, controls, draw, "output_size", link, about, CAPTION)
    explorer.children[0].layout = ipywidgets.Layout(display="grid", **BAR)
    return explorer


def _plane(x: ArrayLike) -> NDArray[Any]:
    """Read one plane of numbers."""
    image = as_array("x", x)
    if image.ndim != 2 or image.size == 0:
        change = "Choose one channel of one image, such as x[0] or x[:, :, 0]."
        raise refusal(ValueError, "x is not one plane", change, {"x.shape": image.shape})
    return image.astype(np.uint8) if image.dtype == bool else image


# -- controls ------------------------------------------------------------------------------------


def _controls(g: Geometry, padding: str, at: Pair) -> dict[str, Any]:
    """Choices in a line; then three sliders a line: kernel, stride and dilation, then the rest."""
    numbers = list(zip(g.kernel_size, g.stride, g.dilation, g.padding, at, strict=True))
    sliders: dict[str, int] = {}
    for keys, (*three, _, _) in zip((ROWS, COLUMNS), numbers, strict=True):
        sliders |= zip(keys[:3], three, strict=True)
    for keys, place, (*_, sides, k) in zip((ROWS, COLUMNS), PLACES, numbers, strict=True):
        sliders |= zip((*keys[3:], place), (*sides, k), strict=True)
    return {
        "padding": _dropdown("padding", ("numbers", *NAMED), padding),
        "padding mode": _dropdown("padding mode", tuple(PADDING_MODES), g.padding_mode),
        "limits": _dropdown("limits", (POSSIBLE, FREE), POSSIBLE),
        **{key: _slider(key, value) for key, value in sliders.items()},
    }


def _dropdown(name: str, options: tuple[str, ...], value: str) -> ipywidgets.Dropdown:
    layout, style = ipywidgets.Layout(width="286px"), {"description_width": "100px"}
    return ipywidgets.Dropdown(
        options=options, value=value, description=name, layout=layout, style=style
    )


def _slider(name: str, value: int) -> ipywidgets.IntSlider:
    """Make a slider; its bounds are set once the others are known."""
    return ipywidgets.IntSlider(
        value=value,
        min=0,
        max=max(value, 1),
        description=SAID.get(name, name),
        layout=ipywidgets.Layout(width="286px"),
        style={"description_width": "100px"},
    )


def _bound(control: ipywidgets.IntSlider, low: int, high: int, value: int) -> None:
    """Set bounds and value in an order in which none is ever outside; hide what cannot move."""
    control.min, control.max = min(low, control.min), max(high, control.max)
    control.value = value
    control.min, control.max = low, high
    control.layout.visibility = "visible" if high > low else "hidden"


# -- what follows from what ----------------------------------------------------------------------


def _follow(explorer: Explorer, moved: str, *, input_size: Pair, room: Pair) -> None:
    """Take back what a move made impossible, then let every slider go as far as it can."""
    controls = explorer.controls
    if moved in (*ROWS[3:], *COLUMNS[3:]):
        controls["padding"].value = "numbers"
    for key, (low, high, value) in _settled(input_size, room, explorer.values()).items():
        if key != moved:  # its own scale must not change under the reader's hand
            _bound(controls[key], low, high, value)


def _settled(input_size: Pair, room: Pair, values: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Least, greatest and present value of each slider."""
    padding, free = values["padding"], values["limits"] == FREE
    limits = [Limits(r, padding, values["padding mode"], free) for r in room]
    axes = [limit.settled(a) for limit, a in zip(limits, _axes(input_size, values), strict=True)]
    now = {**values, **_told(axes)}
    if padding in NAMED:  # the sliders of the sides show what the name comes to
        sides = _setting(input_size, now).sides
        axes = [replace(a, before=b, after=e) for a, (b, e) in zip(axes, sides, strict=True)]
        now |= _told(axes)
    found: dict[str, tuple[int, ...]] = {
        key: (*limit.bounds(axis)[field], getattr(axis, field))
        for axis, limit, keys in zip(axes, limits, (ROWS, COLUMNS), strict=True)
        for field, key in zip(FIELDS, keys, strict=True)
    }
    geometry = _setting(input_size, now).geometry
    for key, count in zip(PLACES, geometry.output_size if geometry else (1, 1), strict=True):
        found[key] = 0, count - 1, min(values[key], count - 1)
    return found


def _values(controls: dict[str, Any]) -> dict[str, Any]:
    return {key: control.value for key, control in controls.items()}


def _axes(input_size: Pair, values: dict[str, Any]) -> list[Axis]:
    """The numbers of the sliders, for rows and for columns."""
    return [
        Axis(n, **{field: values[key] for field, key in zip(FIELDS, keys, strict=True)})
        for n, keys in zip(input_size, (ROWS, COLUMNS), strict=True)
    ]


def _told(axes: list[Axis]) -> dict[str, int]:
    """The same numbers by the names of the sliders."""
    return {
        key: getattr(axis, field)
        for axis, keys in zip(axes, (ROWS, COLUMNS), strict=True)
        for field, key in zip(FIELDS, keys, strict=True)
    }


def _setting(input_size: Pair, values: dict[str, Any]) -> Setting:
    rows, columns = _axes(input_size, values)
    sides = (rows.before, rows.after), (columns.before, columns.after)
    return Setting(
        input_size,
        (rows.kernel, columns.kernel),
        (rows.stride, columns.stride),
        sides if values["padding"] == "numbers" else values["padding"],
        (rows.dilation, columns.dilation),
        values["padding mode"],
        (values["row"], values["column"]),
        free=values["limits"] == FREE,
    )
