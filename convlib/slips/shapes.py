"""Arrays whose axes are not those that `conv2d` reads: what they may have been meant to be.

A slip yields calls; those that would run are shown, of the first slip that has any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convlib.slips.call import Call

__all__ = ["SLIPS"]

COLOURS = (1, 3, 4)  # channels of a photograph: grey, RGB, RGBA


def _channels_last(call: Call) -> Iterator[Call]:
    """Photographs (H, W, C), or a batch of them, with weights in either order."""
    if call.get("layout") == "NCHW":
        yield from _either_order(call, "x has its channels last.")
    elif len(w := call.shape("w")) > 2:
        says = "With layout='NHWC' the weights are (KH, KW, C, O)."
        yield call.but(says, w="{}.transpose(2, 3, 1, 0)" if len(w) == 4 else FIRST_LAST)


def _alpha(call: Call) -> Iterator[Call]:
    """RGBA for filters that read RGB."""
    if call.shape("x")[-1] == 4 and call.get("layout") == "NCHW":
        yield from _either_order(call, "x has a fourth channel, alpha.", x="{}[..., :3]")
    elif call.shape("x")[-1] == 4:
        yield call.but("x has a fourth channel, alpha.", x="{}[..., :3]")


FIRST_LAST = "{}.transpose(1, 2, 0)"


def _either_order(call: Call, says: str, **x: str) -> Iterator[Call]:
    """Channels last with weights (KH, KW, C, O) or (O, C, KH, KW): kernels are mostly square."""
    w = call.shape("w")
    if len(w) < 3 or len(call.shape("x")) < 3:
        return
    if w[0] == w[1] or w[-2] != w[-1]:
        order = "(KH, KW, C, O)" if len(w) == 4 else "(KH, KW, C)"
        yield call.but(says, f"if w is {order}", layout="'NHWC'", **x)
    if w[-2] == w[-1] or w[0] != w[1]:
        if len(w) == 3:
            yield call.but(says, "if w is (C, KH, KW)", w=FIRST_LAST, layout="'NHWC'", **x)
            return
        comment = "if w is (O, C, KH, KW)"
        yield call.but(says, comment, w="{}.transpose(2, 3, 1, 0)", layout="'NHWC'", **x)
        part = x.get("x", "{}")
        yield call.but(says, comment, x=f"np.moveaxis({part}, -1, -3)")


def _weights_last(call: Call) -> Iterator[Call]:
    """Channels first, but the weights as TensorFlow has them."""
    w = call.shape("w")
    if len(w) == 4 and w[0] == w[1] and w[2] != w[3] and call.get("layout") == "NCHW":
        says = "The weights are (O, C, KH, KW), unless layout='NHWC'."
        yield call.but(says, w="{}.transpose(3, 2, 0, 1)")


def _one_kernel(call: Call) -> Iterator[Call]:
    """One kernel (KH, KW) for channels, or for a batch of grey images."""
    x, axis = call.shape("x"), _colours(call)
    if len(call.shape("w")) != 2 or len(x) not in (3, 4):
        return
    if axis is None and len(x) == 3 and 4 * x[2] >= x[1]:
        says = "A batch of grey images has an axis of one channel, and so has their kernel."
        yield call.but(says, x="{}[:, None]", w="{}[None]")
    if axis is None:
        return
    c, says = x[axis], f"w is one kernel (KH, KW), x has {x[axis]} channels."
    each, total = f"np.tile({{}}, ({c}, 1, 1, 1))", f"np.tile({{}}, ({c}, 1, 1))"
    grey, layout = {"x": f"{{}}.mean(axis={axis})"}, {}
    if axis == -1:
        each, total = f"np.tile({{}}[..., None, None], {c})", f"np.tile({{}}[..., None], {c})"
        layout = {"layout": "'NHWC'"}
    if len(x) == 4:
        grey = {"x": f"{{}}.mean(axis={axis})[:, None]", "w": "{}[None]"}
    yield call.but(says, "each channel by itself", w=each, groups=str(c), **layout)
    yield call.but(says, "summed over the channels", w=total, **layout)
    yield call.without("layout").but(says, "made grey first", **grey)


def _one_channel(call: Call) -> Iterator[Call]:
    """Filters that read one channel."""
    x, w, last = call.shape("x"), call.shape("w"), call.get("layout") == "NHWC"
    if len(w) < 3 or w[2 if last else -3] != 1:
        return
    says, axis = "w reads one channel.", _colours(call)
    if len(x) == 2:
        yield call.but(says, x="{}[..., None]" if last else "{}[None]")
        return
    if len(x) == 3 and axis == -1 and not last:
        yield call.but(says, "made grey first", x="{}.mean(axis=-1)[None]")
        yield call.but(says, "each channel as an image", x="np.moveaxis({}, -1, 0)[:, None]")
        return
    if len(x) == 3 and (not last or x[-1] not in COLOURS):
        batch = "{}[..., None]" if last else "{}[:, None]"
        yield call.but(says, "if x is a batch of grey images", x=batch)
    channels = x[-1 if last else -3]
    yield call.but(says, "if each channel has filters of its own", groups=str(channels))


def _colours(call: Call) -> int | None:
    """The axis that holds the channels, as far as the shape of x can tell."""
    shape = call.shape("x")
    if call.get("layout") == "NHWC" or len(shape) < 3:
        return -1
    first, last = shape[-3] in COLOURS, shape[-1] in COLOURS
    if first == last:
        return -3 if len(shape) == 4 and not last else None
    return -3 if first else -1


SLIPS = (_channels_last, _alpha, _weights_last, _one_kernel, _one_channel)
