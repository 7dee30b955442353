"""One stop of a window: what it sees and what comes out, in two dimensions, in one, in pooling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.draw.panels import Cells, kernel, row
from convlens.palette import label
from convlens.picture.grid import Grid, painter
from convlens.picture.marks import LEFT
from convlens.picture.panel import Panel
from convlens.picture.shapes import Picture
from convlens.scenes.window import WindowScene
from convlens.words import times
from convlib.arguments import as_array, as_pair, refusal
from convlib.frames import Frame
from convlib.pooling.forward import pool2d
from convlib.pooling.windows import read

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["frame", "line", "pooled"]

NAMES = 96.0  # room for the names of the rows


def frame(frame: Frame, channel: int = 0) -> Picture:
    """Draw a `Frame` as the window explorer does: input, kernel, products, output so far.

    Parameters
    ----------
    frame : Frame
    channel : int
        Which of the channels that the filter reads, counted from the first of them.

    Examples
    --------
    >>> from convlib import Walk
    >>> walk = Walk(np.arange(20).reshape(4, 5), [[1, 0, -1], [2, 0, -2]])
    >>> "Output cell y[1, 2] is −6." in frame(walk.frame(1, 2)).label
    True
    """
    if not isinstance(frame, Frame):
        change = "Give a stop of a walk, such as Walk(x, w).frame(1, 2)."
        raise refusal(TypeError, "not a Frame", change, {"frame": frame})
    if not 0 <= channel < len(frame.kernel):
        change = f"Use 0 to {len(frame.kernel) - 1}."
        raise refusal(ValueError, "no such channel", change, {"channel": channel})
    return WindowScene(frame.walk).picture(frame, channel)


def line(
    x: ArrayLike, w: ArrayLike, position: int, *, flip: bool = False, title: str = ""
) -> Picture:
    """Draw one stop of a one-dimensional correlation: numbers, taps under them, products, sum.

    Parameters
    ----------
    x, w : array_like, (W,) and (KW,)
    position : int
        Where the first tap stands, 0 to W - KW.
    flip : bool
        Turn the taps round first: convolution (``np.convolve``) in place of cross-correlation
        (``np.correlate``), which is what the layers of networks compute.
    title : str
        By default the name of the operation.

    Examples
    --------
    >>> line([3, 1, 4, 1], [1, -2], 2).label  # doctest: +ELLIPSIS
    'Cross-correlation of [3, 1, 4, 1] with ...: ... the products are [4, -2], their sum 2.'
    """
    x, w = _row("x", x), _row("w", w)
    if not 0 <= position <= len(x) - len(w):
        given = {"position": position, "x.shape": x.shape, "w.shape": w.shape}
        raise refusal(ValueError, "the taps do not fit there", "Use 0 to len(x) - len(w).", given)
    taps = w[::-1] if flip else w
    with np.errstate(all="ignore"):  # an overflow shows itself as ∞
        y = np.correlate(x, np.conj(taps), "valid")
        products = x[position : position + len(w)] * taps
    seen = np.ma.array(y, mask=np.arange(len(y)) > position)
    name = "Convolution" if flip else "Cross-correlation"
    plain: dict[str, Any] = {"index": (False, False)}
    window = [0], range(position, position + len(w))
    signed = painter(y, "signed")
    panels = [
        ("x", 0, Panel(values=x[None], title=title or name, window=window, index=(False, True))),
        ("× w reversed" if flip else "× w", position, kernel(taps)),
        ("= products", position, Panel(values=products[None], kind="signed", **plain)),
        ("sum: y", 0, Panel(values=seen[None], paint=signed, ring=(0, position), **plain)),
    ]
    said = (
        f"{name} of {x.tolist()} with taps {w.tolist()}{', reversed' if flip else ''}: at position "
        f"{position} the products are {products.tolist()}, their sum {label(y[position])}."
    )
    return _under_each_other(panels, said)


def _under_each_other(panels: list[tuple[str, int, Panel]], said: str) -> Picture:
    """Draw rows of cells in common columns, each with its name at the left."""
    pitch = max(max(panel.pitch() for *_, panel in panels), 32.0)
    p = Picture(0, 0, said)
    for k, (name, first, panel) in enumerate(panels):
        x, y = LEFT + NAMES + first * pitch, 58 + 47.0 * k
        grid = panel.draw(p, Grid(x, y, *panel.shape, (pitch, 32), 5.0), head=36)
        p.text(LEFT + NAMES - 16, y + 18, name, 13, anchor="end", opacity=0.72)
        p.width, p.height = max(p.width, grid.right + 24), grid.bottom + 18
    return p


def _row(name: str, value: ArrayLike) -> NDArray[Any]:
    array = as_array(name, value)
    if array.ndim != 1 or array.size == 0:
        change = "Use a flat sequence of numbers."
        raise refusal(ValueError, f"{name} is not one row", change, {f"{name}.shape": array.shape})
    return array.astype(np.result_type(array, np.int64)) if array.dtype.kind in "biu" else array


def pooled(
    x: ArrayLike,
    kernel_size: int | tuple[int, int],
    reductions: Mapping[str, Callable[..., Any]],
    *,
    at: tuple[int, int] = (0, 0),
    **steps: Any,
) -> Picture:
    """Draw a plane with one of its windows, and the outputs of several poolings beside it.

    Parameters
    ----------
    x : array_like, (H, W)
    kernel_size : int or (row, column)
    reductions : mapping of str to callable
        Titles, and functions as `convlib.pool2d` takes them.
    at : (int, int)
        The output cell whose window is marked.
    **steps
        stride, padding, dilation and ceil_mode, as for `convlib.pool2d`. Cells outside the image
        are drawn dashed and empty: no reduction sees them.

    Examples
    --------
    >>> pooled([[1, 2, 9], [4, 5, 6]], 2, {"Max": np.max}, stride=1).label[-37:]
    'Max, 2 in a row: 5 9. Ringed: (0, 0).'
    """
    plain = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
    x, g, given = read(x, kernel_size, layout="NCHW", **{**plain, **steps})
    if x.ndim != 2:
        change = "Choose one image and one channel, for example x[0, 0]."
        raise refusal(ValueError, "x is not one plane", change, given)
    i, j = as_pair("at", at, 0, given)
    if i >= g.output_size[0] or j >= g.output_size[1]:
        change = f"Stay inside the output, {g.output_size}."
        raise refusal(ValueError, "there is no window at this position", change, given)
    places = [
        k * step + np.arange(n) * apart
        for k, step, n, apart in zip((i, j), g.stride, g.kernel_size, g.dilation, strict=True)
    ]
    beyond, paint = g.is_padding(), painter(x)  # one scale of grays for input and outputs
    shown = Cells(
        values=np.ma.array(np.pad(x, g.padding), mask=beyond),
        title="Input x",
        subtitle=times(x.shape),
        paint=paint,
        window=(places[0].tolist(), places[1].tolist()),
        padding=beyond if beyond.any() else None,
    )
    outputs = [
        Cells(values=y, title=title, subtitle=times(y.shape), paint=paint, ring=(i, j))
        for title, reduce in reductions.items()
        for y in [pool2d(x, kernel_size, reduce, **steps)]
    ]
    return row(shown, *outputs)
