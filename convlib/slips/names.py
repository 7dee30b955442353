"""What others call the arguments of `conv2d`, and their values.

A slip turns a call into calls: as it was where it does not apply, several where it may mean those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlib.operands import DEFAULTS
from convlib.slips.call import ARRAYS, Call, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SLIPS", "arguments"]


def _table(**rows: str) -> dict[str, str]:
    return {theirs: ours for ours, names in rows.items() for theirs in names.split()}


#: Ours, and the names of PyTorch, TensorFlow, JAX, ONNX and SciPy.
KEYWORDS = _table(
    x="input inputs image images img lhs in1",
    w="weight weights kernel kernels filter filters rhs in2",
    stride="strides window_strides",
    padding="pad pads auto_pad border_mode",
    dilation="dilations dilation_rate rhs_dilation",
    groups="group feature_group_count",
    padding_mode="boundary pad_mode",
    layout="data_format",
)
FILL = ("fillvalue", "fill_value", "cval", "constant_values")  # lies outside the image
VALUES = {
    "layout": _table(NHWC="nhwc hwc channels_last", NCHW="nchw chw channels_first"),
    "padding": _table(valid="valid", same="same same_upper", same_lower="same_lower", full="full"),
    "padding_mode": _table(
        zeros="zeros zero constant fill grid-constant",
        replicate="replicate edge nearest extend border",
        circular="circular wrap grid-wrap periodic",
        reflect="reflect mirror",
        symmetric="symmetric symm grid-mirror",
    ),
}
#: What takes more than another name.
SAYS = {
    "full": "'full' has all windows that touch the image: KH - 1 rows around it, KW - 1 columns.",
    "symmetric": "'symmetric' repeats the cells of the edge, 'reflect' does not: pad with NumPy.",
}
#: What makes numbers of a PyTorch tensor with gradients, on another device or of 16 bits, of a CuPy
#: array, and of an image that names its colours by numbers.
CONVERSIONS = (
    ".detach().numpy()",
    ".detach().cpu().numpy()",
    ".detach().cpu().float().numpy()",
    ".get()",
    ".convert('RGB')",
)


def arguments(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Give the arguments of a call our names; say which were none, or had no name where needed.

    >>> arguments(("image", "filters", None, 2), {"dilations": 3})[0]
    {'x': 'image', 'w': 'filters', 'stride': 2, 'dilation': 3}
    """
    names, says = ["x", "w", "bias", *DEFAULTS, "more"], ""
    if len(args) > 2 and _is_no_bias(args[2], getattr(args[1], "shape", ()), kwargs.get("layout")):
        names[2:] = ["mode", "padding_mode", "more"] if isinstance(args[2], str) else names[3:]
        says = "The third argument is bias; what follows goes by name."
    elif len(args) > 3:
        says = "What follows bias goes by name."
    found = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        ours = KEYWORDS.get(name, name)
        if ours != name and ours not in {*found, *kwargs}:
            found[ours], says = value, f"{says} {name} is {ours} here."
        elif not (name in FILL and value == 0):
            found["more" if name in found else name] = value  # given twice: what was meant?
    if "boundary" in kwargs and not {"padding", "mode"} & kwargs.keys():
        found["padding"] = "full"  # SciPy's default
    return {n: v for n, v in found.items() if n != "bias" or v is not None}, says.strip()


def _is_no_bias(third: Any, w: tuple[int, ...], layout: Any) -> bool:
    """Whether it is a stride, or one of SciPy's modes: it fits no filters as their bias."""
    if isinstance(third, str) or len(w) != 4:
        return isinstance(third, str)
    filters = w[3 if layout == "NHWC" else 0]
    return type(third) is int or (isinstance(third, tuple | list) and len(third) == 2 != filters)


def _mode(call: Call) -> Iterator[Call]:
    """SciPy's mode: how much is returned; or ndimage's: what lies outside the image."""
    value = call.get("mode")
    returned = str(value).lower() in ("same", "valid", "full")
    if not isinstance(value, str) or (returned and "padding" in call.arguments):
        yield call
        return
    call, value = call.but(mode=None), value.lower()
    says = "mode is {} here. As in SciPy's correlate, the kernel is not flipped."
    if returned:
        padding = "centred" if value == "same" else value
        yield call.but(says.format("padding"), padding=repr(padding))
        return
    if "padding" not in call.arguments:
        call = call.but(padding="'centred'")
    says = says.format("padding_mode")
    if value == "reflect":
        says += " ndimage's 'reflect' is NumPy's 'symmetric'."
        yield call.but(says, "as ndimage's 'reflect'", padding_mode="'symmetric'")
        yield call.but(says, "as NumPy's 'reflect'", padding_mode="'reflect'")
    else:
        yield call.but(says, padding_mode=repr(value))


def _values(call: Call) -> Iterator[Call]:
    """Names of paddings, of what they hold and of layouts, in capitals or others'."""
    for name, table in VALUES.items():
        theirs = call.get(name)
        ours = table.get(theirs.lower()) if isinstance(theirs, str) else None
        if ours in SAYS or (ours and ours != theirs):
            says = SAYS.get(ours, f"{theirs!r} is {ours!r} here.")
            call = call.but(says, **{name: repr(ours)})
    yield call


def _four(call: Call) -> Iterator[Call]:
    """Four steps or pairs of padding: for batch, rows, columns and channels, in either order."""
    for name, none in (("stride", 1), ("dilation", 1), ("padding", (0, 0))):
        four = call.get(name)
        if isinstance(four, list | tuple) and len(four) == 4:
            n, a, b, c = (tuple(v) if isinstance(v, list) else v for v in four)
            last, first = (n, c) == (none, none), (n, a) == (none, none)
            if last != first or (last and a == b):
                pair = (a, b) if last else (b, c)
                call = call.but(f"{name} is for (row, column).", **{name: repr(pair)})
    yield call


def _four_pads(call: Call) -> Iterator[Call]:
    """Four numbers of padding, in the order of ONNX or of PyTorch's `pad`."""
    four = call.get("padding")
    if not (isinstance(four, list | tuple) and len(four) == 4):
        yield call
        return
    a, b, c, d = four
    says = "padding is ((top, bottom), (left, right)) here."
    for order, sides in {
        "(top, left, bottom, right)": ((a, c), (b, d)),
        "(left, right, top, bottom)": ((c, d), (a, b)),
    }.items():
        yield call.but(says, f"if it was {order}", padding=repr(sides))


def _unread(call: Call) -> Iterator[Call]:
    """Arrays of other packages that NumPy does not read as they are."""
    for name in set(ARRAYS) & call.arguments.keys():
        text, value = call.arguments[name]
        if not _reads(name, value, ""):
            says = f"{name} is no array of numbers as it is."
            for how in CONVERSIONS:
                if _reads(name, value, how):
                    made = (f"{text}{how}", eval(f"value{how}", {"value": value}))
                    call = Call(call.function, {**call.arguments, name: made}, call.says).but(says)
                    break
    yield call


def _reads(name: str, value: Any, how: str) -> bool:
    """Whether a value, or what is made of it, can be read as an array."""
    try:
        readable(name, eval(f"value{how}", {"value": value}))
    except Exception:  # each package raises what it likes
        return False
    return True


SLIPS = (_mode, _values, _four, _four_pads, _unread)
