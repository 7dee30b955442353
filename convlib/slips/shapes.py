"""Arrays whose axes are not those that `conv2d` reads, and what they may have been meant to be.

A slip yields calls. Those that would run are shown, of the first slip that has any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convlib.slips.call import Call

__all__ = ["SLIPS"]

COLOURS = (1, 3, 4)  # channels of a photograph: gray, RGB, RGBA
NHWC = "'NHWC'"


def _channels_last(call: Call) -> Iterator[Call]:
    """Photographs (H, W, C) or a batch of them, with weights in either order."""
    w, nhwc = call.shape("w"), call.get("layout") == "NHWC"
    if min(len(w), len(call.shape("x"))) < 3:
        return
    says = "layout='NHWC' goes with w (KH, KW, C, O)." if nhwc else "x has its channels last."
    # Most kernels are square, which may tell what axes hold them.
    if not nhwc and (w[0] == w[1] or w[-1] != w[-2]):
        yield call.but(says, "if w is (KH, KW, C, O)", layout=NHWC)
    if w[0] != w[1] or w[-1] == w[-2]:
        to_last = "{}.transpose(2, 3, 1, 0)" if len(w) == 4 else "{}.transpose(1, 2, 0)"
        yield call.but(says, "if w is (O, C, KH, KW)", w=to_last, layout=NHWC)
        if len(w) == 4 and not nhwc:
            yield call.but(says, "if w is (O, C, KH, KW)", x="np.moveaxis({}, -1, -3)")


def _one_kernel(call: Call) -> Iterator[Call]:
    """One kernel (KH, KW) for channels, or for a batch of gray images.

    >>> import numpy as np
    >>> from convlib.slips.call import typed
    >>> call = typed("conv2d", {"x": np.ones((3, 20, 30)), "w": np.ones((2, 3))}, None)
    >>> for meant in _one_kernel(call):
    ...     print(meant)
    conv2d(x, np.tile(w, (3, 1, 1, 1)), groups=3)
    conv2d(x, np.tile(w, (3, 1, 1)))
    conv2d(x.mean(axis=0), w)
    """
    x, axis = call.shape("x"), _channels(call)
    if len(call.shape("w")) != 2 or len(x) not in (3, 4):
        return
    if axis is None:
        says = "Gray images have an axis of one channel here, and so has their kernel."
        if _may_be_gray(x):
            yield call.but(says, x="{}[:, None]", w="{}[None]")
        return
    c = x[axis]
    says = f"w is one kernel (KH, KW), and x has {c} channels."
    if axis == -1:
        each, total = f"np.tile({{}}[..., None, None], {c})", f"np.tile({{}}[..., None], {c})"
        call = call.but(layout=NHWC)
    else:
        each, total = f"np.tile({{}}, ({c}, 1, 1, 1))", f"np.tile({{}}, ({c}, 1, 1))"
    yield call.but(says, "each channel by itself", w=each, groups=str(c))
    yield call.but(says, "summed over the channels", w=total)
    gray = f"{{}}.mean(axis={-1 if axis == -1 else len(x) - 3})"
    if len(x) == 4:
        call, gray = call.but(w="{}[None]"), f"{gray}[:, None]"
    yield call.but(says, "made gray first", x=gray, layout=None)


def _one_channel(call: Call) -> Iterator[Call]:
    """Filters that read one channel, for gray images without an axis of it, or for each of more."""
    x, w, nhwc = call.shape("x"), call.shape("w"), call.get("layout") == "NHWC"
    if len(w) < 3 or w[2 if nhwc else -3] != 1:
        return
    says, axis = "w reads one channel.", _channels(call)
    if len(x) == 2:
        yield call.but(says, x="{}[..., None]" if nhwc else "{}[None]")
    elif len(x) == 3 and axis == -1 and not nhwc:
        yield call.but(says, "made gray first", x="{}.mean(axis=-1)[None]")
        yield call.but(says, "each channel as an image", x="np.moveaxis({}, -1, 0)[:, None]")
    else:
        if _may_be_gray(x):
            batch = "{}[..., None]" if nhwc else "{}[:, None]"
            yield call.but(says, "if x is a batch of gray images", x=batch)
        count = str(x[-1 if nhwc else -3])
        yield call.but(says, "if each channel has filters of its own", groups=count)


def _channels(call: Call) -> int | None:
    """Which axis of x holds channels, as far as its shape tells; None if none seems to."""
    x = call.shape("x")
    if call.get("layout") == "NHWC" or len(x) < 3:
        return -1
    first, last = x[-3] in COLOURS, x[-1] in COLOURS
    if first or last:
        return -3 if first else -1
    return -3 if len(x) == 4 else None


def _may_be_gray(x: tuple[int, ...]) -> bool:
    """Whether it is the shape of a batch (N, H, W), and of no image with its channels last."""
    return len(x) == 3 and x[2] not in COLOURS and 4 * x[2] >= x[1]


SLIPS = (_channels_last, _one_kernel, _one_channel)
