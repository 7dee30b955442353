"""The filter explorer: weights to edit over a photograph, and the filtered picture at once."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.explore.controls import Control, choice, place, slider, weights
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.filter_page import filter_page
from convlens.explore.space import Values
from convlens.scenes.filtered import CHANNELS, FilterScene, Setting, Weights
from convlib.arguments import as_array, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["filter"]

CAPTION = "The same in NumPy; photo is the array given to this explorer"
OWN = "your own"
MOST = 1024  # pixels a side: of more, no move could be answered at once


def filter(
    photo: ArrayLike, kernel: ArrayLike | None = None, *, at: tuple[int, int] | None = None
) -> Explorer:
    """Edit the weights of a kernel over a photograph, and see the filtered picture at once.

    Parameters
    ----------
    photo : array_like, (H, W) or (H, W, 3)
        Gray or in colour, at most 1024 pixels a side: numbers from 0 to 255, or from 0 to 1.
    kernel : array_like, (3, 3) or (5, 5)
        The weights to begin with; by default the one that changes nothing.
    at : (int, int), optional
        The pixel whose arithmetic is shown first; by default the one in the middle.

    Returns
    -------
    Explorer
        With a choice of kernels, a table of weights, sliders for the pixel's row and column, and of
        a photograph in colour a choice of the channel whose numbers are shown.

    Raises
    ------
    ValueError, TypeError
        For what is no photograph, and for kernels of other sizes.
    IndexError
        Where `at` is outside the photograph.

    Notes
    -----
    The result is as large as the photograph: beyond its edge the nearest pixel is repeated. Where
    the weights sum to ½ or more it is drawn like the photograph, else in purple and green around 0.

    Examples
    --------
    >>> photo = np.outer([0, 100, 200], [0, 0, 1, 1]).astype(np.uint8)
    >>> explorer = filter(photo, at=(1, 2))
    >>> explorer.controls["kernel"].value = "Sobel across"
    >>> "y[1, 2] is 400." in explorer.picture.label
    True
    """
    image, white = _photograph(photo)
    start = _kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]] if kernel is None else kernel)
    presets = _presets(len(start))
    controls = _controls(image, start, presets, _pixel(at, image))
    with np.errstate(all="ignore"):
        scene = FilterScene(image, white, len(start))
    own = {"weights": start}  # what the reader made last

    def draw(values: Values) -> Drawing:
        channel = CHANNELS.index(values["channel"]) if "channel" in values else 0
        pixel = values["row"], values["column"]
        setting = Setting(values["weights"], values["kernel"], pixel, channel)
        with np.errstate(all="ignore"):  # infinities are drawn, not warned of
            return scene.picture(setting), scene.source(setting)

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """A choice fills the table; what is written into the table is the reader's own."""
        if moved == "kernel":
            return {**wanted, "weights": presets.get(wanted["kernel"], own["weights"])}
        if moved == "weights":
            edited = _kernel(wanted["weights"], len(start))
            if edited != before["weights"]:
                own["weights"] = edited
                return {**wanted, "weights": edited, "kernel": OWN}
        return wanted

    about = f"photograph {'×'.join(map(str, image.shape))}, kernel {len(start)}×{len(start)}"
    look: dict[str, Any] = {"about": about, "caption": CAPTION, "play": ()}
    look["live"] = lambda: filter_page(scene, presets, OWN)
    return Explorer("filter", controls, draw, settle=settle, **look)


def _controls(
    photo: NDArray[Any], start: Weights, presets: dict[str, Weights], at: tuple[int, int]
) -> dict[str, Control]:
    """Kernel and weights, the pixel, and of a photograph in colour the channel."""
    name = next((name for name, preset in presets.items() if preset == start), OWN)
    found = {
        "kernel": choice("kernel", [OWN, *presets], name),
        "weights": weights("weights", start),
        "row": slider("row", 0, photo.shape[0] - 1, at[0]),
        "column": slider("column", 0, photo.shape[1] - 1, at[1]),
    }
    if photo.ndim == 3:
        found["channel"] = choice("channel", CHANNELS, "green")
    return found


def _photograph(photo: ArrayLike) -> tuple[NDArray[Any], float]:
    """Read a photograph, and which value in it is white."""
    a = as_array("photo", photo)
    given: dict[str, Any] = {"photo.shape": a.shape, "photo.dtype": str(a.dtype)}
    if a.ndim not in (2, 3) or a.size == 0 or (a.ndim == 3 and a.shape[2] != 3):
        change = "Give (H, W), or (H, W, 3) for colour; photo[:, :, :3] leaves transparency out."
        if a.ndim == 3 and a.shape[0] == 3:
            change = "Its channels come first: give photo.transpose(1, 2, 0)."
        raise refusal(ValueError, "photo is not one photograph", change, given)
    if max(a.shape[:2]) > MOST:
        change = f"Cut out a part, such as photo[:{MOST}, :{MOST}], or thin it: photo[::4, ::4]."
        raise refusal(ValueError, f"photo has more than {MOST} pixels a side", change, given)
    if a.dtype.kind == "c":
        raise refusal(TypeError, "photo holds complex numbers", "Give np.abs(photo).", given)
    finite = a[np.isfinite(a)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    over = a.dtype.kind == "f" and 1 < high < 2  # nearly black, or rather somewhat more than white
    if low < 0 or high > 255 or over:
        change = "Numbers go from 0 to 255, or from 0 to 1: scale it, or cut it with np.clip."
        given |= {"smallest": low, "largest": high}
        raise refusal(ValueError, "photo does not hold a photograph's numbers", change, given)
    dim = high <= 1 and a.dtype != np.uint8
    return a.copy(order="K"), 1.0 if dim else 255.0  # a copy: what is drawn stays what was given


def _kernel(kernel: ArrayLike, taps: int | None = None) -> Weights:
    """Read the weights of a square kernel."""
    w = as_array("kernel", kernel)
    sizes = (3, 5) if taps is None else (taps,)
    if w.ndim != 2 or w.shape[0] != w.shape[1] or w.shape[0] not in sizes:
        change = f"Give {' or '.join(f'{k}×{k}' for k in sizes)} weights."
        raise refusal(ValueError, "kernel is not of this size", change, {"kernel.shape": w.shape})
    if w.dtype.kind == "c" or not np.isfinite(w).all():
        change = "Give real numbers, none of them NaN or infinite."
        given = {"kernel": kernel}
        raise refusal(ValueError, "kernel has weights that cannot be drawn", change, given)
    return tuple(map(tuple, (w + 0).tolist()))


def _pixel(at: Any, photo: NDArray[Any]) -> tuple[int, int]:
    """Read the place to begin with."""
    size = photo.shape[:2]
    if at is None:
        return size[0] // 2, size[1] // 2
    row, column = place(at)
    if not (0 <= row < size[0] and 0 <= column < size[1]):
        given = {"at": (row, column), "photo.shape": photo.shape}
        change = f"Stay inside the photograph, {size}."
        raise refusal(IndexError, "there is no pixel at this position", change, given)
    return row, column


def _presets(taps: int) -> dict[str, Weights]:
    """Kernels by name. Green is brighter to the right, or below."""
    one = np.zeros((taps, taps), int)
    one[taps // 2, taps // 2] = 1
    if taps == 3:
        smooth, slope = np.array([1, 2, 1]), np.array([-1, 0, 1])
        sharpen: Any = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
        emboss = [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
        laplace = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    else:
        smooth, slope = np.array([1, 4, 6, 4, 1]), np.array([-1, -2, 0, 2, 1])
        far, near = [-1, -1, -1, -1, -1], [-1, 2, 2, 2, -1]
        sharpen = np.array([far, near, [-1, 2, 8, 2, -1], near, far]) / 8
        emboss = np.sign(np.add.outer(range(5), range(5)) - 4) / 4 + one
        far, near = [0, 0, 1, 0, 0], [0, 1, 2, 1, 0]
        laplace = [far, near, [1, 2, -16, 2, 1], near, far]
    rng = np.random.default_rng(0)
    drawn = (rng.integers(-3, 4, (taps, taps)) for _ in count())
    found = {
        "identity": one,
        "blur": np.ones((taps, taps)) / taps**2,
        "Gauss": np.outer(smooth, smooth) / smooth.sum() ** 2,
        "sharpen": sharpen,
        "Sobel across": np.outer(smooth, slope),
        "Sobel down": np.outer(slope, smooth),
        "emboss": emboss,
        "Laplacian": laplace,
        "random": next(w for w in drawn if w.sum() == 0),
    }
    return {name: _kernel(w) for name, w in found.items()}
