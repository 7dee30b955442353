"""The receptive-field explorer: a cell of any layer, and what it sees of all the layers below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from convlens.explore.explorer import Drawing, Explorer
from convlens.scenes.receptive import ReceptiveFieldScene
from convlib.arguments import refusal
from convlib.traces import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convlib.arguments import Pair

__all__ = ["receptive_field"]

MOST_LAYERS = 8
CAPTION = (
    "The same in NumPy, layer by layer downward; k kernel size, s stride, p padding, d dilation, "
    "n cells below"
)


def receptive_field(
    layers: Sequence[Any],
    input_size: int | Pair,
    *,
    layer: int | None = None,
    at: Pair = (0, 0),
) -> Explorer:
    """Choose a cell of a layer, and see which cells it sees of every layer below it.

    Parameters
    ----------
    layers : sequence of tuples (kernel_size, stride, padding, dilation)
        As in `convlib.receptive_field`, from the input upward; one to eight of them.
    input_size : int or (row, column)
        Of the image. Where there are many cells they are drawn without numbers.
    layer : int, optional
        The layer to begin with, counted from 1; by default the last.
    at : (int, int)
        Row and column of the cell to begin with.

    Returns
    -------
    Explorer
        With sliders for the layer and for the row and column of its cell. Another layer has another
        number of cells: the place moves with it, so that it stays where it was within the image.

    Raises
    ------
    ValueError, TypeError
        As in `convlib.cells_seen`; more than eight layers.

    See Also
    --------
    convlib.receptive_field, convlib.cells_seen : the same as numbers.

    Examples
    --------
    >>> explorer = receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    >>> "It sees of the input, 6 by 8: rows 2 to 5; columns 4 to 7." in explorer.picture.label
    True
    """
    stack = Stack(layers, input_size)
    count = len(stack.layers)
    if count > MOST_LAYERS:
        change = "Choose a part of the stack, such as layers[:8]."
        raise refusal(ValueError, "too many layers to be drawn", change, {"layers": count})
    first = count if layer is None else layer
    stack.trace(at, first)  # refuses a layer and a cell that do not exist
    scene = ReceptiveFieldScene(stack)

    def draw(values: dict[str, Any]) -> Drawing:
        cell, number = (values.get("row", 0), values.get("column", 0)), values.get("layer", 1)
        return scene.picture(cell, number), scene.source(cell, number)

    sizes = ", ".join(f"{h}×{w}" for h, w in stack.sizes)
    about = f"{count} layer{'s' * (count > 1)}, sizes {sizes}"
    return Explorer(
        None,
        _controls(stack, first, at),
        draw,
        "receptive_field",
        _Follower(stack, first),
        about,
        CAPTION,
    )


def _controls(stack: Stack, layer: int, at: Pair) -> dict[str, Any]:
    """Make the sliders: layers from 1, then the row and the column in the layer chosen."""
    most = [max(size[along] for size in stack.sizes[1:]) for along in (0, 1)]
    here = stack.sizes[layer]
    return {
        "layer": _slider("layer", 1, len(stack.layers), layer),
        "row": _slider("row", 0, most[0] - 1, at[0], here[0] - 1),
        "column": _slider("column", 0, most[1] - 1, at[1], here[1] - 1),
    }


class _Follower:
    """Stays at the same place of the image when the layer becomes another."""

    def __init__(self, stack: Stack, layer: int) -> None:
        self.stack, self.layer = stack, layer

    def __call__(self, explorer: Explorer, moved: str) -> None:
        """Move row and column with the layer: the middle of a cell to the cell that holds it."""
        if moved != "layer":
            return
        before, self.layer = self.layer, explorer.controls["layer"].value
        sizes = zip(self.stack.sizes[before], self.stack.sizes[self.layer], strict=True)
        for name, (old, new) in zip(("row", "column"), sizes, strict=True):
            if name in explorer.controls:
                control = explorer.controls[name]
                _bound(control, new - 1, (2 * control.value + 1) * new // (2 * old))


def _slider(
    name: str, low: int, most: int, value: int, high: int | None = None
) -> ipywidgets.IntSlider | None:
    """Make a slider; None where it could never move, hidden where it cannot move now."""
    if most <= low:
        return None
    control = ipywidgets.IntSlider(
        value=value,
        min=low,
        max=most,
        description=name,
        layout=ipywidgets.Layout(width="270px"),
        style={"description_width": "64px"},
    )
    _bound(control, most if high is None else high, value)
    return control


def _bound(control: ipywidgets.IntSlider, high: int, value: int) -> None:
    """Set the upper bound and the value, in an order in which the value is never outside."""
    control.max = max(high, control.max)
    control.value = value
    control.max = high
    control.layout.visibility = "visible" if high > control.min else "hidden"
