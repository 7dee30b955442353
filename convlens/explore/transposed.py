"""The transposed-convolution explorer: numbers spread over windows of a larger plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.controls import place, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.facts.spread import Spread
from convlens.scenes.transposed import TransposedScene
from convlib.arguments import as_pair, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["transposed"]

Pair = tuple[int, int]

MOST_TAPS = 12  # a side: of more, numbers cannot be read
#: On a page without Python: along one axis all that decides where kernels overlap.
FEW = ("row", "column", "kernel columns", "stride right")
CAPTION = "The same in NumPy; x and w are the arrays given to this explorer"


def transposed(
    x: ArrayLike,
    w: ArrayLike,
    *,
    kernel_size: int | Pair | None = None,
    stride: int | Pair = 1,
    at: Pair = (0, 0),
) -> Explorer:
    """Choose a number of a small plane, and see where a transposed convolution spreads it.

    Parameters
    ----------
    x : array_like, (H, W)
        The input, from 1x1 on. Of a large one the part around the number is shown; beyond 30
        numbers the matrix is not drawn.
    w : array_like, (KH, KW)
        The largest kernel, at most 12 a side. Smaller ones are its upper left part.
    kernel_size : int or (row, column), optional
        How much of the kernel to begin with; by default all of it.
    stride : int or (row, column)
        Steps of the windows on the output to begin with: at most one more than the kernel has
        cells, where the windows stand apart.
    at : (int, int)
        The row and column of x to begin with.

    Returns
    -------
    Explorer
        With sliders for the row and column of x, for the kernel's rows and columns and for both
        strides; without those that have one place only.

    Raises
    ------
    ValueError, TypeError
        Unless x and w are one plane each; for a kernel or a stride that is not among the choices.
    IndexError
        Where `at` is outside x.

    See Also
    --------
    convlib.conv_transpose2d : the same with channels, batches, padding and dilation.

    Examples
    --------
    >>> explorer = transposed([[1, 1, 1]], [[1, 1, 1]], stride=(1, 2))
    >>> explorer.controls["column"].value = 1
    >>> "spread over rows 0 to 0 and columns 2 to 4" in explorer.picture.label
    True
    """
    image, kernel = one_plane("x", x), one_plane("w", w)
    at = place(at)
    most = kernel.shape[0] + 1, kernel.shape[1] + 1
    given: dict[str, Any] = {"kernel_size": kernel_size, "stride": stride, "at": at}
    size = kernel.shape if kernel_size is None else as_pair("kernel_size", kernel_size, 1, given)
    steps = as_pair("stride", stride, 1, given)
    _check((size[0], size[1]), steps, at, image, kernel, given)
    scene = TransposedScene(image, kernel, most)

    def draw(values: dict[str, Any]) -> Drawing:
        kh, kw = values["kernel rows"], values["kernel columns"]
        step = values["stride down"], values["stride right"]
        spread = Spread(image, kernel[:kh, :kw], step, (values["row"], values["column"]))
        return scene.picture(spread), scene.source(spread)

    about = f"input {image.shape[0]}×{image.shape[1]}, kernel up to {kernel.shape}"
    down, right = (m if n > 1 else 1 for m, n in zip(most, image.shape, strict=True))
    controls = {
        "row": slider("row", 0, image.shape[0] - 1, at[0]),
        "column": slider("column", 0, image.shape[1] - 1, at[1]),
        "kernel rows": slider("kernel rows", 1, kernel.shape[0], size[0]),
        "kernel columns": slider("kernel columns", 1, kernel.shape[1], size[1]),
        "stride down": slider("stride down", 1, down, steps[0]),
        "stride right": slider("stride right", 1, right, steps[1]),
    }
    return Explorer("transposed", controls, draw, about=about, caption=CAPTION, few=FEW)


def _check(
    size: Pair, stride: Pair, at: Pair, x: NDArray[Any], w: NDArray[Any], given: dict[str, Any]
) -> None:
    """Refuse what no slider could be set to."""
    given = {"x.shape": x.shape, "w.shape": w.shape, **given}
    if max(w.shape) > MOST_TAPS:
        change = f"Use a part of it, such as w[:{MOST_TAPS}, :{MOST_TAPS}]."
        raise refusal(ValueError, f"w has more than {MOST_TAPS} taps a side", change, given)
    if any(k > n for k, n in zip(size, w.shape, strict=True)):
        change = "Give a larger w, or use less of it."
        raise refusal(ValueError, "the kernel is larger than w", change, given)
    if any(s > n + 1 for s, n in zip(stride, w.shape, strict=True)):
        change = f"Use at most {(w.shape[0] + 1, w.shape[1] + 1)}."
        raise refusal(ValueError, "with this stride most cells would stay empty", change, given)
    if not all(0 <= k < n for k, n in zip(at, x.shape, strict=True)):
        change = f"Stay inside x, {x.shape}."
        raise refusal(IndexError, "there is no number at this position", change, given)
