"""What to say under an error: the calls that may have been meant, of those that would run."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from convlib.geometry import LAYOUTS
from convlib.slips import names, shapes
from convlib.slips.call import Call, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convlib.geometry import Geometry

__all__ = ["add_hint"]

LOWER = "'same_lower'"


def add_hint(
    error: Exception, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Write what was probably meant under the message of an error that a call ended with."""
    here = error.__traceback__.tb_frame if error.__traceback__ else None
    try:
        arguments, says = names.arguments(args, kwargs)
        call = typed(function, arguments, here and here.f_back).but(says)
        calls = _by_tiles(call) if isinstance(error.__cause__, MemoryError) else _meant(call)
        text = _worded(calls)
    except Exception:  # a call may hold anything, and what is wrong with it has been said
        return
    if text and error.args == (str(error),):
        error.args = (f"{error}\n{text}",)


def _meant(call: Call) -> list[Call]:
    """Find the calls that would run and may be meant; none where the slip is not known.

    >>> call = typed("conv2d", {"x": [[1, 2]], "w": [[3]], "layout": "channels_last"}, None)
    >>> print(*_meant(call))
    conv2d(x, w, layout='NHWC')
    """
    calls = [call]
    for named in names.SLIPS:
        calls = list(chain.from_iterable(map(named, calls)))
    run = [settled for c in calls for settled in _settled(c)]
    for of_shape in shapes.SLIPS:
        run = run or [s for c in calls for other in of_shape(c) for s in _settled(other)]
    return [c for c in run if c.says]


def _by_tiles(call: Call) -> list[Call]:
    """What is larger than memory has a conv2d of its own."""
    lazy = call.function == "conv2d" and getattr(call.get("x"), "chunks", None)
    says = "What is not in memory need not be read there at once."
    return [Call("tiles.conv2d", call.arguments, says)] if lazy else []


def _settled(call: Call) -> list[Call]:
    """Fill in what depends on sizes. Nothing is left of a call that would not run."""
    if call.get("padding") in ("centred", "full"):
        g = call.but(padding="'same'", padding_mode="'zeros'").geometry()
        rows, columns = (extent - 1 for extent in g.extent) if g else (0, 0)
        if call.get("padding") == "full":
            call = call.but(padding=repr((rows, columns)))
        elif rows % 2 or columns % 2:  # SciPy's functions differ
            end = call.but(comment="as signal.correlate2d", padding="'same'")
            start = call.but(comment="as signal.correlate, ndimage.correlate", padding=LOWER)
            return _settled(end) + _settled(start)
        else:
            call = call.but(padding="'same'")
    if call.get("padding_mode") != "symmetric":
        return [call] if call.geometry() else []
    g = call.but(padding_mode="'zeros'").geometry()
    return [_padded(call, g)] if g else []


def _padded(call: Call, g: Geometry) -> Call:
    """Let NumPy pad, before the call."""
    widths = [(0, 0)] * len(call.shape("x"))
    _, *axes = LAYOUTS[g.layout if len(widths) > 2 else "NCHW"]
    widths[axes[0] - 4], widths[axes[1] - 4] = g.padding
    call = call.but(padding=None, padding_mode=None)
    return call.but(x=f"np.pad({{}}, {tuple(widths)}, mode='symmetric')") if g.pads else call


def _worded(calls: list[Call]) -> str:
    """Write the calls under what is said of them, with what each of them takes for granted."""
    lines = {str(call): call for call in calls}
    width = max(map(len, lines), default=0)
    listed = [
        f"    {line:{width}}  # {call.comment}: {call.result()}" if call.comment else f"    {line}"
        for line, call in lines.items()
    ]
    return "\n".join([call.says for call in calls[:1]] + listed)
