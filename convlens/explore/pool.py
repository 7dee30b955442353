"""The pooling explorer: one window, and three ways to make one number of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import choice, place, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.explore.space import Values
from convlens.scenes.pooled import MOST_TAPS, PooledScene
from convlib import avg_pool2d, max_pool2d, pool2d
from convlib.arguments import Pair, refusal
from convlib.geometry import Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["pool"]

CAPTION = "The same in NumPy; x is the array given to this explorer"


def pool(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    at: Pair = (0, 0),
) -> Explorer:
    """Move a window, and take the maximum, the mean or the median of its numbers.

    Parameters
    ----------
    x : array_like, (H, W)
        Real numbers. Of a large one the part around the window is shown.
    kernel_size : int or (row, column)
        At most 25 numbers in all.
    stride : int or (row, column), optional
        Steps of the window; by default `kernel_size`, so that windows lie side by side.
    padding, dilation : int or (row, column)
        As for `convlib.max_pool2d`. Cells of the padding hold nothing and are not counted, in a
        mean as little as in a median.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With a choice of statistics, and sliders for the row and the column of the output.

    Raises
    ------
    ValueError, TypeError
        As `convlib.pool2d` and `convlib.max_pool2d`; unless `x` is one plane; for a window that is
        too large to be drawn.
    IndexError
        Where `at` is outside the output.

    See Also
    --------
    convlib.max_pool2d, convlib.avg_pool2d, convlib.pool2d : the same for batches and channels.

    Examples
    --------
    >>> explorer = pool([[1, 2, 9], [4, 5, 6]], 2, stride=1)
    >>> explorer.controls["statistic"].value = "median"
    >>> explorer.picture.label[-50:]
    'The median takes [2, 4]. Output cell y[0, 0] is 3.'
    """
    image, at = one_plane("x", x), place(at)
    steps: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    outputs = _outputs(image, kernel_size, steps)
    steps["stride"] = kernel_size if stride is None else stride
    geometry = Geometry((image.shape[0], image.shape[1]), kernel_size, **steps)
    given = {"x.shape": image.shape, "kernel_size": kernel_size, **steps, "at": at}
    _check(geometry, at, given)
    scene = PooledScene(image, geometry, outputs)
    if not scene.legible:
        change = "Use a smaller kernel or dilation."
        raise refusal(ValueError, "the window is too large to be drawn", change, given)

    def draw(values: Values) -> Drawing:
        chosen = (values["row"], values["column"]), values["statistic"]
        return scene.picture(*chosen), scene.source(*chosen)

    (rows, columns), (h, w), (kh, kw) = geometry.output_size, image.shape, geometry.kernel_size
    controls = {
        "statistic": choice("statistic", tuple(outputs)),
        "row": slider("row", 0, rows - 1, at[0]),
        "column": slider("column", 0, columns - 1, at[1]),
    }
    about = f"input {h}×{w}, windows {kh}×{kw}, output {rows}×{columns}"
    return Explorer("pool", controls, draw, about=about, caption=CAPTION)


def _outputs(x: NDArray[Any], size: Any, steps: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """The whole output of each statistic, none of which counts the padding."""
    largest = max_pool2d(x, size, **steps)
    with np.errstate(all="ignore"):  # the mean of ∞ and −∞ shows itself as nan
        middle = pool2d(x, size, np.median, **steps)  # refuses windows that hold nothing
        if steps["dilation"] in (1, (1, 1)):
            plain = {name: steps[name] for name in ("stride", "padding")}
            mean = avg_pool2d(x, size, count_include_pad=False, **plain)
        else:
            mean = pool2d(x, size, np.mean, **steps)
    return {"max": largest, "mean": mean, "median": middle}


def _check(g: Geometry, at: Pair, given: dict[str, Any]) -> None:
    """Refuse what cannot be drawn, and a place where there is no window."""
    if g.kernel_size[0] * g.kernel_size[1] > MOST_TAPS:
        wrong = f"a window has more than {MOST_TAPS} numbers"
        raise refusal(ValueError, wrong, "Use a smaller kernel.", given)
    if not all(0 <= k < n for k, n in zip(at, g.output_size, strict=True)):
        change = f"Stay inside the output, {g.output_size}."
        raise refusal(IndexError, "there is no window at this position", change, given)
