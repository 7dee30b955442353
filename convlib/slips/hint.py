"""What to say beside an error: the calls that may have been meant, of those that would run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlib.geometry import LAYOUTS
from convlib.slips import names, shapes
from convlib.slips.call import Call, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["add_hint"]


def add_hint(
    error: Exception, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Write what was probably meant under the message of an error that a call ended with."""
    here = error.__traceback__.tb_frame if error.__traceback__ else None
    try:
        arguments, says = names.arguments(args, kwargs)
        call = typed(function, arguments, here.f_back if here else None)
        calls = _meant(call.but(says), error)
        text = _worded(calls) if calls else ""
    except Exception:  # whatever a call may hold that is no argument: the error stands for itself
        return
    if text and error.args == (str(error),):
        error.args = (f"{error}\n{text}",)


def _meant(call: Call, error: Exception) -> list[Call]:
    """Find the calls that would run and may be meant; none where the slip is not known."""
    if isinstance(error.__cause__, MemoryError):
        return _by_tiles(call)
    calls = [call]
    for slip in names.SLIPS:
        calls = [after for before in calls for after in slip(before)]
    run = [s for c in calls if (s := _settled(c))]
    for of_shape in shapes.SLIPS:
        run = run or [s for c in calls for after in of_shape(c) if (s := _settled(after))]
    return [c for c in run if c.says]


def _by_tiles(call: Call) -> list[Call]:
    """An array that is larger than memory has its own conv2d."""
    if call.function != "conv2d" or not getattr(call.values["x"], "chunks", None):
        return []
    says = "x is not in memory, and need not be:"
    return [Call("tiles.conv2d", call.texts, call.values, says)]


def _settled(call: Call) -> Call | None:
    """Fill in what takes sizes; None where the call would not run."""
    centred, full = call.get("padding") == "centred", call.get("padding") == "full"
    symmetric = call.get("padding_mode") == "symmetric"
    if centred or full:
        g = call.but(padding="'same'", padding_mode="'zeros'").geometry()
        if g is None:
            return None
        rows, columns = (extent - 1 for extent in g.extent)
        # The odd cell of an even kernel is at the start, as SciPy has it.
        same = "'same_lower'" if rows % 2 or columns % 2 else "'same'"
        call = call.but(padding=repr((rows, columns)) if full else same)
    return _padded_first(call) if symmetric else call if call.geometry() else None


def _padded_first(call: Call) -> Call | None:
    """Have NumPy pad in a way that `conv2d` does not know."""
    g = call.but(padding_mode="'zeros'").geometry()
    if g is None:
        return None
    widths = [(0, 0)] * len(call.shape("x"))
    _, *axes = LAYOUTS[g.layout] if len(widths) > 2 else LAYOUTS["NCHW"]
    for axis, sides in zip(axes, g.padding, strict=True):
        widths[axis - 4] = sides
    call = call.without("padding", "padding_mode")
    return call.but(x=f"np.pad({{}}, {tuple(widths)}, mode='symmetric')") if g.pads else call


def _worded(calls: list[Call]) -> str:
    """Write the calls under what is said of them, and where there are several what each gives."""
    lines = dict.fromkeys(map(str, calls))
    if len(lines) == 1:
        return f"{calls[0].says}\n    {calls[0]}"
    width = max(map(len, lines))
    listed = {str(c): f"    {c!s:{width}}  # {c.comment}: {c.result()}" for c in calls}
    return "\n".join([calls[0].says, *listed.values()])
