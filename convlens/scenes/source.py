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
    "grid_source",
    "layouts_source",
    "output_name",
    "padding_line",
    "slices",
    "view_source",
    "window_source",
]


def values(a: Any, most: int = 9) -> str:
    """Write some numbers the way NumPy prints them, the rest elided."""
    flat = np.ravel(a)
    shown = [_number(v) for v in flat[:most]] + (["..."] if flat.size > most else [])
    return "[" + " ".join(shown) + "]"


def _number(value: Any) -> str:
    number = np.asarray(value)
    if number.dtype.kind == "c":
        return f"{complex(value):.4g}"
    return f"{float(value):.5g}" if number.dtype.kind == "f" else str(int(value))


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
    rows_columns = [str(g.padding[0]), str(g.padding[1])]
    none = ["(0, 0)"]
    axes = {2: rows_columns, 3: none + rows_columns, 4: none * 2 + rows_columns}[walk.x_ndim]
    if g.layout == "NHWC" and walk.x_ndim > 2:
        axes = none * (walk.x_ndim - 3) + rows_columns + none
    mode = "" if g.padding_mode == "zeros" else f', mode="{PADDING_MODES[g.padding_mode]}"'
    return [[(f"xp = np.pad(x, ({', '.join(axes)}){mode})", "")]]


def window_source(f: Frame) -> list[Line]:
    """Write the one output number of a frame as NumPy computes it."""
    name = "xp" if padding_line(f.walk) else "x"
    layout = f.walk.geometry.layout
    return [
        *padding_line(f.walk),
        [
            (output_name(f), "output"),
            (" = ", ""),
            *_dot(f, layout, (name, "w")),
            (f"   # {_number(f.sum)}", "comment"),
        ],
    ]


def layouts_source(f: Frame) -> list[Line]:
    """Write the same number from the reader's arrays and from their twins in the other layout."""
    walk, layout = f.walk, f.walk.geometry.layout
    name = "xp" if padding_line(walk) else "x"
    if layout == "NCHW":
        other, twins = "NHWC", ("x_last", "w_last")
        images = {2: "[:, :, None]", 3: ".transpose(1, 2, 0)", 4: ".transpose(0, 2, 3, 1)"}
        kernels = {**images, 4: ".transpose(2, 3, 1, 0)"}
    else:
        other, twins = "NCHW", ("x_first", "w_first")
        images = {2: "[None]", 3: ".transpose(2, 0, 1)", 4: ".transpose(0, 3, 1, 2)"}
        kernels = {**images, 4: ".transpose(3, 2, 0, 1)"}
    moved = f"{name}{images[walk.x_ndim]}, w{kernels[walk.w_ndim]}"
    twin = _dot(f, other, twins, axes=max(walk.x_ndim, 3))
    return [
        *window_source(f),
        [(f"{twins[0]}, {twins[1]} = {moved}", ""), (f"   # {other}", "comment")],
        [*twin, (f"   # {_number(f.sum)} again", "comment")],
    ]


def _dot(f: Frame, layout: str, names: tuple[str, str], axes: int = 0) -> Line:
    """Write window times kernel, summed, with the bias, for arrays of one layout."""
    walk, axes = f.walk, axes or f.walk.x_ndim
    places = [slices(f.rows), slices(f.columns)]
    if axes > 2:
        whole = len(f.channels) == walk.geometry.channels
        channels = ":" if whole else f"{f.channels.start}:{f.channels.stop}"
        places = [*places, channels] if layout == "NHWC" else [channels, *places]
    batch = [str(f.image)] if axes == 4 else []
    filters = walk.w_ndim == 4
    one = f"{names[1]}[..., {f.filter}]" if layout == "NHWC" else f"{names[1]}[{f.filter}]"
    bias = "" if not walk.has_bias else f" + b[{f.filter}]" if filters else " + b"
    return [
        ("(", ""),
        (f"{names[0]}[{', '.join(batch + places)}]{_wider(walk)}", "window"),
        (" * ", ""),
        (one if filters else names[1], "kernel"),
        (f").sum(){bias}", ""),
    ]


def output_name(f: Frame) -> str:
    """Write the output position with the axes that the reader's output has."""
    walk, g = f.walk, f.walk.geometry
    place = [str(f.row), str(f.column)]
    if walk.w_ndim == 4:
        place = [*place, str(f.filter)] if g.layout == "NHWC" else [str(f.filter), *place]
    batch = [str(f.image)] if walk.x_ndim == 4 else []
    return f"y[{', '.join(batch + place)}]"


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
    rows = _ramp(kh, tap_down * row) + "[:, None]"
    offsets = f"({rows} + {_ramp(kw, tap_right * column)}).ravel()"
    if g.channels > 1:
        channels = _ramp(len(f.channels), channel, f.channels.start * channel)
        offsets = f"({channels}[:, None, None] + {rows} + {_ramp(kw, tap_right * column)}).ravel()"
    batch = f"{f.image * image} + " if f.image else ""
    name = "xp" if padding_line(walk) else "x"
    return [
        *padding_line(walk),
        [
            ("starts", "output"),
            (f" = ({_ramp(oh, down * row)}[:, None] + {_ramp(ow, right * column)}).ravel()", ""),
        ],
        [("offsets", "kernel"), (f" = {offsets}", "")],
        [
            ("grid", "window"),
            (" = ", ""),
            ("starts[:, None]", "output"),
            (" + ", ""),
            ("offsets[None, :]", "kernel"),
            (f"   # shape {(g.output_size[0] * g.output_size[1], f.offsets.size)}", "comment"),
        ],
        [
            (f"{name}.take({batch}grid[", ""),
            (str(f.number), "output"),
            ("])", ""),
            (f"   # {values(f.window)}", "comment"),
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
    why = (
        f"# bytes {low} to {high - 1} asked for, {has}: as_strided would not notice; not read here"
    )
    return [*padding_line(f.walk), [(refused, "outside")], [(why, "comment")]]
