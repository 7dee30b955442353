"""What others call the arguments of `conv2d`, and their values: each slip turns a call into calls.

A slip yields the call as it is where it does not apply, and several where it may mean several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlib.arguments import as_array
from convlib.operands import DEFAULTS
from convlib.slips.call import stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from convlib.slips.call import Call

__all__ = ["SLIPS", "arguments"]


def _table(rows: Mapping[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, names in rows.items() for theirs in names.split()}


#: Ours, and the names of PyTorch, TensorFlow, JAX, ONNX and SciPy.
KEYWORDS = _table(
    {
        "x": "input inputs image images img lhs in1",
        "w": "weight weights kernel kernels filter filters rhs in2",
        "stride": "strides window_strides",
        "padding": "pad pads auto_pad border_mode",
        "dilation": "dilations dilation_rate rhs_dilation",
        "groups": "group feature_group_count",
        "padding_mode": "pad_mode",
        "layout": "data_format",
    }
)
VALUES = {
    "layout": _table({"NHWC": "nhwc hwc channels_last", "NCHW": "nchw chw channels_first"}),
    "padding": _table({"valid": "valid", "same": "same same_upper", "same_lower": "same_lower"}),
    "padding_mode": _table(
        {
            "zeros": "zeros zero constant fill grid-constant",
            "replicate": "replicate edge nearest extend border",
            "circular": "circular wrap grid-wrap periodic",
            "reflect": "reflect mirror",
            "symmetric": "symmetric symm grid-mirror",  # `settled` pads first
        }
    ),
}
CONVERSIONS = (
    "{}.detach().numpy()",
    "{}.detach().cpu().numpy()",
    "{}.get()",
    "{}.convert('RGB')",
)
FILL = ("fillvalue", "fill_value", "cval", "constant_values")  # of what lies outside


def arguments(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Give every argument of a call our name for it; and say which were no names of ours."""
    listed, says = list(args), ""
    if len(args) > 2 and isinstance(args[2], int | str | tuple | list) and _no_bias(args, kwargs):
        listed.insert(2, None)
        says = "The third argument is bias; what follows goes by name."
    elif len(args) > 3:
        says = "What follows bias goes by name."
    found = dict(zip(("x", "w", "bias", *DEFAULTS), listed, strict=False))
    if isinstance(found.get("stride"), str):  # conv2d(x, w, "same")
        found["padding"] = found.pop("stride")
    for name, value in kwargs.items():
        ours = KEYWORDS.get(name, name)
        if ours != name and ours not in found and ours not in kwargs:
            says = f"{says} {name} is {ours} here.".strip()
            name = ours
        found[name] = value
    return {name: v for name, v in found.items() if (name, v is None) != ("bias", True)}, says


def _no_bias(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether the third argument fits the filters as no bias."""
    third, shape = args[2], getattr(args[1], "shape", ())
    if isinstance(third, str) or len(shape) != 4:
        return isinstance(third, str)
    last = kwargs.get("layout") == "NHWC" or kwargs.get("data_format") == "NHWC"
    few = isinstance(third, int) or len(third) == 2
    return few and (isinstance(third, int) or len(third) != shape[3 if last else 0])


def _boundary(call: Call) -> Iterator[Call]:
    """SciPy's boundary: what lies outside the image, of which SciPy returns all by default."""
    if "boundary" not in call.values or "padding_mode" in call.values:
        yield call
        return
    outside = repr(call.values["boundary"])
    call = call.without("boundary").but("boundary is padding_mode here.", padding_mode=outside)
    if "mode" in call.values or "padding" in call.values:
        yield call
    else:
        yield call.but(comment="as large as x", padding="'centred'")
        yield call.but(comment="as SciPy without a mode", padding="'full'")


def _mode(call: Call) -> Iterator[Call]:
    """SciPy's mode: how much of the output is returned; or ndimage's, what lies outside."""
    value = call.values.get("mode")
    if not isinstance(value, str):
        yield call
        return
    call, says = call.without("mode"), "mode is {} here. As in SciPy's correlate, the kernel is not flipped."
    if value.lower() in ("same", "valid", "full"):
        padding = "centred" if value.lower() == "same" else value
        yield call.but(says.format("padding"), padding=repr(padding))
        return
    says = says.format("padding_mode")
    if "padding" not in call.values:
        call = call.but(padding="'centred'")
    if value == "reflect":
        says = f"{says} ndimage's 'reflect' is NumPy's 'symmetric'."
        yield call.but(says, "as ndimage's 'reflect'", padding_mode="'symmetric'")
    yield call.but(says, f"as NumPy's {value!r}", padding_mode=repr(value))


def _fill(call: Call) -> Iterator[Call]:
    """Zeros are what there is."""
    yield call.without(*(name for name in FILL if call.values.get(name) == 0))


def _values(call: Call) -> Iterator[Call]:
    """Names of padding, of its modes and of layouts, in capitals or others'."""
    for name, table in VALUES.items():
        theirs = call.get(name)
        ours = table.get(theirs.lower()) if isinstance(theirs, str) else None
        if name == "padding" and isinstance(theirs, str) and theirs.lower() == "full":
            says = "'full' has all windows with a tap in the image: KH - 1 rows, KW - 1 columns."
            call = call.but(says, padding="'full'")
        elif ours == "symmetric":
            says = "'symmetric' repeats the cells of the edge and 'reflect' does not: pad first."
            call = call.but(says, padding_mode="'symmetric'")
        elif ours and ours != theirs:
            call = call.but(f"{theirs!r} is {ours!r} here.", **{name: repr(ours)})
    yield call


def _four(call: Call) -> Iterator[Call]:
    """Four steps, of which those of batch and channels are 1; four pairs of padding likewise."""
    for name, none in (("stride", 1), ("dilation", 1), ("padding", (0, 0))):
        four = call.get(name)
        if isinstance(four, list | tuple) and len(four) == 4:
            four = [tuple(v) if isinstance(v, list) else v for v in four]
            last = tuple(four[1:3]) if (four[0], four[3]) == (none, none) else None
            first = tuple(four[2:]) if (four[0], four[1]) == (none, none) else None
            pair = last or first
            if pair and (first is None or first == pair):
                says = f"{name} is for (row, column) alone."
                call = call.but(says, **{name: repr(pair)})
    yield call


def _four_pads(call: Call) -> Iterator[Call]:
    """Four numbers of padding, in the order of ONNX or of PyTorch's `pad`."""
    four = call.get("padding")
    if not (isinstance(four, list | tuple) and len(four) == 4 and not any(map(_sized, four))):
        yield call
        return
    a, b, c, d = four
    says = "padding is ((top, bottom), (left, right)) here."
    onnx, torch = ((a, c), (b, d)), ((c, d), (a, b))
    yield call.but(says, "if it was (top, left, bottom, right)", padding=repr(onnx))
    if torch != onnx:
        yield call.but(says, "if it was (left, right, top, bottom)", padding=repr(torch))


def _sized(value: Any) -> bool:
    return hasattr(value, "__len__")


def _unread(call: Call) -> Iterator[Call]:
    """What NumPy does not read as it is: gradients, other devices, palettes."""
    for name in ("x", "w", "bias"):
        if call.values.get(name) is not None and not _reads(call, name):
            for expression in CONVERSIONS:
                if _reads(call, name, expression):
                    call = call.but(f"NumPy does not read {name} as it is.", **{name: expression})
                    break
    yield call


def _reads(call: Call, name: str, expression: str = "{}") -> bool:
    """Whether an argument, or what an expression makes of it, can be read as an array."""
    try:
        made = (
            call.values[name] if expression == "{}" else call.but(**{name: expression}).values[name]
        )
        as_array(name, stand_in(made))
    except Exception:  # each package raises what it likes
        return False
    return True


SLIPS = (_boundary, _mode, _fill, _values, _four, _four_pads, _unread)
