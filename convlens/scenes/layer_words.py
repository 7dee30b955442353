"""Layers of a stack, and what a cell sees of them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.picture.image import times

if TYPE_CHECKING:
    from convlib.receptive import Field
    from convlib.traces import Stack

__all__ = ["layer_words", "listed", "reach", "words"]


def words(stack: Stack, number: int) -> list[str]:
    """Title and lines for a level: its name, its size, and the windows that made it.

    >>> from convlib.traces import Stack
    >>> words(Stack([(3, 2, 1)], (7, 9)), 1)
    ['Layer 1', '4 × 5', '3 × 3, stride 2, padding 1']
    """
    size = times(stack.sizes[number])
    if number == 0:
        return ["Input", size]
    return [f"Layer {number}", size, ", ".join(layer_words(stack.layers[number - 1]))]


def layer_words(layer: Any) -> list[str]:
    """Name the window of a layer, and of stride, padding and dilation what is not plain.

    >>> from convlib.traces import Stack
    >>> layer_words(Stack([(3, 2, (1, 0))], 8).layers[0])
    ['3 × 3', 'stride 2', 'padding (1, 0)']
    """
    kernel, stride, padding, dilation = layer
    found = [times(kernel)]
    if stride != (1, 1):
        found.append(f"stride {_short(stride)}")
    if padding != ((0, 0), (0, 0)):
        even = all(before == after for before, after in padding)
        found.append(f"padding {_short(tuple(p[0] for p in padding)) if even else padding}")
    if dilation != (1, 1):
        found.append(f"dilation {_short(dilation)}")
    return found


def listed(places: Any) -> str:
    """Write places, neighbours as a range.

    >>> listed([2, 3, 4]), listed([1, 3]), listed([5]), listed([])
    ('2 to 4', '1, 3', '5', 'none')
    """
    if len(places) == 0:
        return "none"
    first, last = int(places[0]), int(places[-1])
    if len(places) > 1 and last - first + 1 == len(places):
        return f"{first} to {last}"
    return ", ".join(map(str, places))


def reach(field: Field, along: int, cell: int, size: int) -> str:
    """Say where the field of a cell lies along one axis, and how much of it is padding."""
    places = (field.rows if along == 0 else field.columns)(cell)
    inside = [p for p in (places[0], places[-1]) if 0 <= p < size]
    text = f"from {places[0]} to {places[-1]}".replace("-", "−")
    outside = sum(1 for p in places if not 0 <= p < size) if len(inside) < 2 else 0
    return text + (f", {outside} outside the input" if outside else "")


def _short(pair: Any) -> str:
    """Write a pair of equal numbers as one."""
    return str(pair[0]) if pair[0] == pair[1] else str(pair)
