"""The receptive-field explorer: a cell of any layer, and what it sees of all the layers below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import place, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.space import Ends, Values
from convlens.facts.traces import Stack
from convlens.scenes.receptive import ReceptiveFieldScene
from convlib.arguments import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convlib.arguments import Pair

__all__ = ["receptive_field"]

PLACES = ("row", "column")
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
    at = place(at)
    stack.trace(at, first)  # refuses a layer and a cell that do not exist
    scene = ReceptiveFieldScene(stack)

    sizes = stack.sizes

    def draw(values: Values) -> Drawing:
        cell, number = (values["row"], values["column"]), values["layer"]
        return scene.picture(cell, number), scene.source(cell, number)

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """Move row and column with the layer: the middle of a cell to the cell that holds it."""
        if moved == "layer":
            ways = zip(PLACES, sizes[before["layer"]], sizes[wanted["layer"]], strict=True)
            wanted = wanted | {k: (2 * wanted[k] + 1) * new // (2 * old) for k, old, new in ways}
        return wanted

    def bounds(values: Values) -> Ends:
        """The place stays within its layer."""
        size = sizes[values["layer"]]
        return {key: (0, n - 1) for key, n in zip(PLACES, size, strict=True)}

    controls = {"layer": slider("layer", 1, count, first)}
    controls |= {key: slider(key, 0, k, k) for key, k in zip(PLACES, at, strict=True)}
    about = f"{count} layer{'s' * (count > 1)}, sizes {', '.join(f'{h}×{w}' for h, w in sizes)}"
    return Explorer(
        "receptive_field",
        controls,
        draw,
        settle=settle,
        bounds=bounds,
        about=about,
        caption=CAPTION,
    )
