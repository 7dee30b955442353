"""The way back from windows to image: whatever stands in a window is added where it came from.

Taking windows copies one pixel into every window that covers it. The adjoint of a copy is a sum:
going back, a pixel collects from all of its copies. It does so twice, once from the windows
(`on_grid` or `by_taps`) and once from the padding, whose cells are copies too (`unpad`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlib import index_grid
from convlib.arguments import reserve
from convlib.geometry import LAYOUTS, PADDING_MODES, Geometry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["by_taps", "from_channels_last", "on_grid", "sources", "taps", "unpad"]


def on_grid(windows: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Add every window to a padded image, by the index grid that `take` would fetch it with.

    Parameters
    ----------
    windows : ndarray, (N, OH, OW, C, KH, KW)
    g : Geometry

    Returns
    -------
    ndarray, (N, C, PH, PW) or (N, PH, PW, C)
        Padded, in the layout of `g`; a new array. The grid takes 8 bytes for each number added.

    Notes
    -----
    ``flat[grid] += windows`` would keep one of the numbers that meet in a cell; `np.add.at` adds
    them all, in the dtype that they have. `np.bincount` would do so in float64 alone.

    Examples
    --------
    >>> g = Geometry((1, 4), (1, 2))
    >>> on_grid(np.ones(g.window_shape, dtype=int), g).ravel()
    array([1, 2, 2, 1])
    """
    reserve(windows.size * np.dtype(np.intp).itemsize)
    image, *_ = index_grid.steps(g)
    flat = np.zeros(g.batch * image, dtype=windows.dtype)
    np.add.at(flat, index_grid.batch_grid(g).ravel(), windows.ravel())
    shape = (*g.padded_size, g.channels) if g.layout == "NHWC" else (g.channels, *g.padded_size)
    return flat.reshape(g.batch, *shape)


def taps(padded: NDArray[Any], g: Geometry) -> Iterator[tuple[int, int, NDArray[Any]]]:
    """Yield tap by tap the cells that it visits, one in every window.

    Two windows share a cell through different taps, never through the same one. So ``cells += ...``
    is right for one tap, while on the view of all windows it loses what overlaps.

    Parameters
    ----------
    padded : ndarray, (N, PH, PW, C)
        In any memory order.

    Yields
    ------
    u, v : int
        The tap.
    cells : ndarray, (N, OH, OW, C)
        A view of `padded`, to be read or added to.

    Examples
    --------
    >>> g = Geometry((1, 5), (1, 3), stride=2)
    >>> for u, v, cells in taps(np.arange(5).reshape(1, 1, 5, 1), g):
    ...     print(u, v, cells.ravel())
    0 0 [0 2]
    0 1 [1 3]
    0 2 [2 4]
    """
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    for u in range(kh):
        rows = slice(u * tap_down, u * tap_down + (oh - 1) * down + 1, down)
        for v in range(kw):
            columns = slice(v * tap_right, v * tap_right + (ow - 1) * right + 1, right)
            yield u, v, padded[:, rows, columns]


def by_taps(windows: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Add every window to a padded image, one slice of the image for each tap.

    Parameters and result as in `on_grid`, but without a grid: no memory beyond the result.

    >>> g = Geometry((1, 4), (1, 2))
    >>> by_taps(np.ones(g.window_shape, dtype=int), g).ravel()
    array([1, 2, 2, 1])
    """
    padded = np.zeros((g.batch, g.channels, *g.padded_size), dtype=windows.dtype)
    for u, v, cells in taps(padded.transpose(0, 2, 3, 1), g):
        cells += windows[..., u, v]
    return padded if g.layout == "NCHW" else padded.transpose(0, 2, 3, 1)


def from_channels_last(images: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """View a batch (N, rows, columns, C) in the layout of `g`."""
    return images if g.layout == "NHWC" else images.transpose(0, 3, 1, 2)


def sources(g: Geometry) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Say which row of the image each padded row shows, and which column each padded column.

    Padding the numbers 0, 1, 2, ... tells; -1 stands for the zeros, which come from nowhere.

    >>> sources(Geometry((3, 4), 3, padding=(0, 2), padding_mode="reflect"))
    (array([0, 1, 2]), array([2, 1, 0, 1, 2, 3, 2, 1]))
    """
    nowhere: dict[str, Any] = {"constant_values": -1} if g.padding_mode == "zeros" else {}
    rows, columns = (
        np.pad(np.arange(size), sides, mode=PADDING_MODES[g.padding_mode], **nowhere)  # type: ignore[call-overload]
        for size, sides in zip(g.input_size, g.padding, strict=True)
    )
    return rows, columns


def unpad(padded: NDArray[Any], g: Geometry) -> NDArray[Any]:
    """Give each padded cell back to the pixel that it shows: the adjoint of `pad`.

    Parameters
    ----------
    padded : ndarray, (N, C, PH, PW) or (N, PH, PW, C)
        In the layout of `g`.
    g : Geometry

    Returns
    -------
    ndarray, (N, C, H, W) or (N, H, W, C)
        What lay inside, plus what lay on reflected, replicated or wrapped cells; the cells of
        zeros are dropped. A view of `padded` where nothing is to be added.

    Examples
    --------
    >>> g = Geometry((1, 4), 1, padding=(0, 1), padding_mode="reflect")
    >>> unpad(np.array([[[[20, 1, 2, 3, 4, 30]]]]), g)
    array([[[[ 1, 22, 33,  4]]]])
    """
    _, *axes = LAYOUTS[g.layout]
    for axis, source, size, (before, _) in zip(
        axes, sources(g), g.input_size, g.padding, strict=True
    ):
        lines = np.moveaxis(padded, axis, 0)
        image = lines[before : before + size]
        if g.padding_mode != "zeros" and len(lines) > size:
            image = image.copy(order="K")
            for outside in (*range(before), *range(before + size, len(lines))):
                image[source[outside]] += lines[outside]
        padded = np.moveaxis(image, 0, axis)
    return padded
