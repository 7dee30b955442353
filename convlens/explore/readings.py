"""The readings explorer: one line of memory, read with the channels last and with them first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.space import Values
from convlens.scenes.readings import ReadingsScene
from convlib.arguments import as_array, refusal, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["readings"]

CAPTION = "The same in NumPy; line is the line of memory above"


def readings(x: ArrayLike, *, element: int = 0) -> Explorer:
    """Read one line of memory as (H, W, C) and as (C, H, W): which number is where.

    Parameters
    ----------
    x : array_like, (C, H, W)
        A small image. Its numbers are laid into one line pixel after pixel, channels last.
    element : int
        The place in that line to begin with.

    Returns
    -------
    Explorer
        With a slider along the line. The element lights up in the line and in both readings,
        and under each stands how its place is counted.

    Raises
    ------
    ValueError, TypeError
        Unless x has three axes, and few enough numbers to be drawn.
    IndexError
        Where there is no such element.

    See Also
    --------
    layouts : a window on an image that lies in both orders.

    Examples
    --------
    >>> explorer = readings([[[1, 2]], [[3, 4]], [[5, 6]]], element=3)
    >>> "Element 3 is 2. " in explorer.picture.label
    True
    """
    image = as_array("x", x)
    given: dict[str, Any] = {"x.shape": image.shape}
    if image.ndim != 3 or image.size == 0:
        change = "Give one image with its channels first."
        raise refusal(ValueError, "x is not (C, H, W)", change, given)
    scene = ReadingsScene(image.astype(np.uint8) if image.dtype == bool else image.copy())
    if not scene.fits:
        change = "Use a smaller image, or shorter numbers."
        raise refusal(ValueError, "too many numbers to be drawn", change, given)
    last, given["element"] = image.size - 1, element
    if not 0 <= whole("element", element, 0, given) <= last:
        raise refusal(IndexError, "there is no such element", f"Use 0 to {last}.", given)

    def draw(values: Values) -> Drawing:
        return scene.picture(values["element"]), scene.source(values["element"])

    controls = {"element": slider("element", 0, last, element)}
    about = f"{image.shape[0]} channels of {image.shape[1]}×{image.shape[2]}"
    return Explorer("readings", controls, draw, about=about, caption=CAPTION, play=("element",))
