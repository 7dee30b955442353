"""The NumPy lines that do what a picture shows, ready to copy, their parts marked by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture.code import Line, plain
from convlib import index_grid
from convlib.geometry import PADDING_MODES

if TYPE_CHECKING:
    from convlens.facts.cell import Cell, Memory
    from convlib.frames import Frame, Walk

__all__ = [
    "channels_of",
    "filter_of",
    "grid_source",
    "index",
    "input_name",
    "layouts_source",
    "number",
    "output_name",
    "padding_line",
    "slices",
    "view_source",
    "window_source",
]


def number(value: Any) -> str:
    """Write a number the way NumPy prints it."""
    kind = np.asarray(value).dtype.kind
    if kind == "c":
        return f"{complex(value):.4g}"
    return f"{float(value):.5g}" if kind == "f" else str(int(value))


def slices(places: Any) -> str:
    """Write evenly spaced places as a slice: 2:5, or 2:7:2."""
    first, last = int(places[0]), int(places[-1])
    step = int(places[1]) - first if len(places) > 1 else 1
    stop = last + 1
    return f"{first}:{stop}" if step == 1 else f"{first}:{stop}:{step}"


def padding_line(walk: Walk) -> list[Line]:
    """Pad as the convolution does, where it does: one line or none."""
    g = walk.geometry
    if not g.pads:
        return []
    channel, image = ("(0, 0)" * (walk.x_ndim > axes) for axes in (2, 3))
    rows, columns = map(str, g.padding)
    sides = index(g.layout, rows, columns, channel, image)[1:-1]
    mode = "" if g.padding_mode == "zeros" else f', mode="{PADDING_MODES[g.padding_mode]}"'
    return [[(f"xp = np.pad(x, ({sides}){mode})", "")]]


def input_name(walk: Walk) -> str:
    """Name the array that the windows are cut from: padded, where it is."""
    return "xp" if walk.geometry.pads else "x"


def index(layout: str, rows: str, columns: str, channel: str = "", image: str = "") -> str:
    """Write an index in the order of a layout, with the axes that the array has.

    >>> index("NHWC", "2", "0:3", channel=":"), index("NCHW", "2", "0:3", image="1")
    ('[2, 0:3, :]', '[1, 2, 0:3]')
    """
    places = [rows, columns, channel] if layout == "NHWC" else [channel, rows, columns]
    return f"[{', '.join(place for place in (image, *places) if place)}]"


def channels_of(f: Frame) -> str:
    """Write the channels that the filter reads as a slice; all of them where it is one group."""
    whole = len(f.channels) == f.walk.geometry.channels
    return ":" if whole else f"{f.channels.start}:{f.channels.stop}"


def filter_of(f: Frame, layout: str, name: str = "w") -> str:
    """Write the weights of the frame's filter."""
    if f.walk.w_ndim < 4:
        return name
    return f"{name}[..., {f.filter}]" if layout == "NHWC" else f"{name}[{f.filter}]"


def window_source(f: Frame) -> list[Line]:
    """Write the one output number of a frame as NumPy computes it."""
    dot = _dot(f, f.walk.geometry.layout, (input_name(f.walk), "w"), f.walk.x_ndim)
    given: Line = [(output_name(f), "output"), (" = ", "")]
    return [*padding_line(f.walk), [*given, *dot, (f"   # {number(f.sum)}", "comment")]]


def layouts_source(f: Frame) -> list[Line]:
    """Write the same number from the reader's arrays and from their twins in the other layout."""
    walk = f.walk
    if walk.geometry.layout == "NCHW":
        other, twins = "NHWC", ("x_last", "w_last")
        images = {2: "[:, :, None]", 3: ".transpose(1, 2, 0)", 4: ".transpose(0, 2, 3, 1)"}
        kernels = images | {4: ".transpose(2, 3, 1, 0)"}
    else:
        other, twins = "NCHW", ("x_first", "w_first")
        images = {2: "[None]", 3: ".transpose(2, 0, 1)", 4: ".transpose(0, 3, 1, 2)"}
        kernels = images | {4: ".transpose(3, 2, 0, 1)"}
    moved = f"{input_name(walk)}{images[walk.x_ndim]}, w{kernels[walk.w_ndim]}"
    twin = _dot(f, other, twins, max(walk.x_ndim, 3))
    return [
        *window_source(f),
        [(f"{twins[0]}, {twins[1]} = {moved}", ""), (f"   # {other}", "comment")],
        [*twin, (f"   # {number(f.sum)} again", "comment")],
    ]


def _dot(f: Frame, layout: str, names: tuple[str, str], axes: int) -> Line:
    """Write window times kernel, summed, with the bias, for arrays of one layout."""
    walk = f.walk
    channels, image = channels_of(f) if axes > 2 else "", str(f.image) if axes == 4 else ""
    window = index(layout, slices(f.rows), slices(f.columns), channels, image)
    bias = "" if not walk.has_bias else f" + b[{f.filter}]" if walk.w_ndim == 4 else " + b"
    return [
        ("(", ""),
        (f"{names[0]}{window}{_wider(walk)}", "window"),
        (" * ", ""),
        (filter_of(f, layout, names[1]), "kernel"),
        (f").sum(){bias}", ""),
    ]


def output_name(f: Frame) -> str:
    """Write the output position with the axes that the reader's output has."""
    channel = str(f.filter) if f.walk.w_ndim == 4 else ""
    image = str(f.image) if f.walk.x_ndim == 4 else ""
    return "y" + index(f.walk.geometry.layout, str(f.row), str(f.column), channel, image)


def _wider(walk: Walk) -> str:
    """Widen small numbers before they are multiplied, as conv2d does: uint8 products would wrap."""
    given, working = walk.padded.dtype, walk.filters.dtype
    # Where neither is so, the product with w takes on the working type by itself.
    narrow = working.kind == "i" or walk.has_bias or walk.output.dtype == np.float16
    return f".astype(np.{working.name})" if narrow and given != working else ""


def grid_source(f: Frame) -> list[Line]:
    """Write the index grid as NumPy builds it, and the row of a frame taken with it."""
    walk, g = f.walk, f.walk.geometry
    image, channel, row, column = index_grid.steps(g)
    (oh, ow), (kh, kw) = g.output_size, g.kernel_size
    (down, right), (tap_down, tap_right) = g.stride, g.dilation
    offsets = f"{_ramp(kh, tap_down * row)}[:, None] + {_ramp(kw, tap_right * column)}"
    if g.channels > 1:
        channels = _ramp(len(f.channels), channel, f.channels.start * channel)
        offsets = f"{channels}[:, None, None] + {offsets}"
    batch = f"{f.image * image} + " if f.image else ""
    taken = " ".join([*map(number, f.window.flat[:9]), *["..."] * (f.window.size > 9)])
    return [
        *padding_line(walk),
        [
            ("starts", "output"),
            (f" = ({_ramp(oh, down * row)}[:, None] + {_ramp(ow, right * column)}).ravel()", ""),
        ],
        [("offsets", "kernel"), (f" = ({offsets}).ravel()", "")],
        [
            ("grid", "window"),
            (" = ", ""),
            ("starts[:, None]", "output"),
            (" + ", ""),
            ("offsets[None, :]", "kernel"),
            (f"   # shape {(oh * ow, f.offsets.size)}", "comment"),
        ],
        [
            (f"{input_name(walk)}.take({batch}grid[", ""),
            (str(f.number), "output"),
            ("])", ""),
            (f"   # [{taken}]", "comment"),
        ],
    ]


def _ramp(count: int, step: int, first: int = 0) -> str:
    """Write `count` evenly spaced numbers with np.arange."""
    if step == 1 and first == 0:
        return f"np.arange({count})"
    return f"np.arange({first}, {first + count * step}, {step})"


def view_source(f: Frame, cell: Cell, memory: Memory) -> list[Line]:
    """Write the window view and the address of one cell of it, or why it is refused."""
    name, axes = memory.name, memory.axes
    outer = ", ".join(str(cell.strides[k]) for k in axes if k < 3)
    inner = ", ".join(str(cell.strides[k]) for k in axes if k >= 3)
    view: Line = [
        (f"view = as_strided({name}, shape={tuple(cell.shape[k] for k in axes)}, strides=(", ""),
        (outer, "output"),
        (", ", ""),
        (inner, "kernel"),
        ("), writeable=False)", ""),
    ]
    low, high = memory.reach(cell)
    if memory.low <= low and high <= memory.high:
        index = ", ".join(str(cell.index[k]) for k in axes)
        terms = " + ".join(f"{cell.index[k]}*{cell.strides[k]}" for k in axes)
        why = f"   # base + {terms} = base + {cell.address}"
        return [*padding_line(f.walk), view, [(f"view[{index}]", "window"), (why, "comment")]]
    refused = "# " + plain([view])
    has = f"{name} has only {memory.low} to {memory.high - 1}"
    why = f"# bytes {low} to {high - 1} asked for, {has}: not read here"
    return [*padding_line(f.walk), [(refused, "outside")], [(why, "comment")]]
