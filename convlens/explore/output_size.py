"""The output-size explorer: padding, stride and dilation, and the stops that they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convlens.explore.bounds import FIELDS, bounds, settled
from convlens.explore.controls import Control, choice, place, slider
from convlens.explore.explorer import Drawing, Explorer
from convlens.explore.given import one_plane
from convlens.explore.space import Ends, Values
from convlens.facts.setting import NAMED, Axis, Setting
from convlens.scenes.output_size import OutputSizeScene
from convlib.arguments import Pair, Sides, refusal
from convlib.geometry import PADDING_MODES, Geometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["COLUMNS", "FREE", "POSSIBLE", "ROWS", "output_size"]

#: The controls of each axis, in the order of `FIELDS`, and those of the output position.
ROWS = ("kernel rows", "stride down", "dilation down", "top", "bottom")
COLUMNS = ("kernel columns", "stride right", "dilation right", "left", "right")
PLACES = ("row", "column")
SIDES = (*ROWS[3:], *COLUMNS[3:])
#: Rows beside columns, four in a line.
STEPS = (key for pair in zip(ROWS[:3], COLUMNS[:3], strict=True) for key in pair)
ORDER = (*STEPS, *PLACES, *SIDES)
SAID = {"row": "stop row", "column": "stop column"} | {key: f"pad {key}" for key in SIDES}
POSSIBLE, FREE = "keep it possible", "let me break it"
#: On a page without Python: along one axis all that decides how many windows there are.
FEW = ("stride right", "padding", "dilation right", "kernel columns", "column")
CAPTION = "The same in Python: Geometry is convlib.Geometry, x the array given to this explorer"


def output_size(
    x: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: int | str | Pair | Sides = 0,
    dilation: int | Pair = 1,
    padding_mode: str = "zeros",
    at: Pair = (0, 0),
) -> Explorer:
    """Change padding, stride and dilation: where the window stops, what it skips, how often.

    Parameters
    ----------
    x : array_like, (H, W)
        Your own image, from 1x1 to a photograph.
    kernel_size, stride, padding, dilation, padding_mode
        As for `convlib.Geometry`: what to begin with.
    at : (int, int)
        The output row and column to begin with.

    Returns
    -------
    Explorer
        With a choice of paddings and sliders for every number of the size formula. As long as
        "limits" says "keep it possible", each slider goes as far as the others allow. Otherwise an
        impossible setting is drawn with the message of the error that `Geometry` raises for it.

    Raises
    ------
    ValueError, TypeError
        As `Geometry`, for a setting that is impossible to begin with; and unless `x` is one plane.
    IndexError
        Where `at` is outside the output.

    Examples
    --------
    >>> explorer = output_size([[1, 2, 3], [4, 5, 6]], (1, 2))
    >>> explorer.controls["stride right"].value = 2
    >>> "The output is 2 by 1." in explorer.picture.label
    True
    """
    image = one_plane("x", x)
    steps: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    size = image.shape[0], image.shape[1]
    g = Geometry(size, kernel_size, padding_mode=padding_mode, **steps)
    at = place(at)
    if not all(0 <= k < n for k, n in zip(at, g.output_size, strict=True)):
        change = f"Stay inside the output, {g.output_size}."
        raise refusal(IndexError, "there is no window at this position", change, {"at": at})
    down, right = (max(2, n // 8, *sides) for n, sides in zip(size, g.padding, strict=True))
    room = down, right
    scene = OutputSizeScene(image, room)

    def draw(values: Values) -> Drawing:
        setting = _setting(size, values)
        return scene.picture(setting), scene.source(setting)

    def settle(moved: str, wanted: Values, before: Values) -> Values:
        """Take back what a move made impossible."""
        if moved in SIDES:
            wanted = {**wanted, "padding": "numbers"}
        limits = _limits(settled(_setting(size, wanted), room), room)
        return wanted | {key: value for key, (_, _, value) in limits.items()}

    def ends(values: Values) -> Ends:
        """Every slider goes as far as the others let it."""
        limits = _limits(settled(_setting(size, values), room), room)
        return {key: (low, high) for key, (low, high, _) in limits.items()}

    controls = _controls(g, padding if isinstance(padding, str) else "numbers", at)
    about = f"input {size[0]}×{size[1]}, kernel {g.kernel_size}, output {g.output_size}"
    look: dict[str, Any] = {"about": about, "caption": CAPTION, "few": FEW}
    return Explorer("output_size", controls, draw, settle=settle, bounds=ends, **look)


# -- controls ------------------------------------------------------------------------------------


def _controls(g: Geometry, padding: str, at: Pair) -> dict[str, Control]:
    """Make the choices, and the sliders, whose bounds follow from one another."""
    given = dict(zip(PLACES, at, strict=True))
    axes = zip(g.kernel_size, g.stride, g.dilation, g.padding, strict=True)
    for keys, (*three, sides) in zip((ROWS, COLUMNS), axes, strict=True):
        given |= zip(keys, (*three, *sides), strict=True)
    return {
        "padding": choice("padding", ("numbers", *NAMED), padding),
        "padding mode": choice("padding mode", tuple(PADDING_MODES), g.padding_mode),
        "limits": choice("limits", (POSSIBLE, FREE)),
        **{key: slider(SAID.get(key, key), 0, given[key], given[key]) for key in ORDER},
    }


# -- what follows from what ----------------------------------------------------------------------


def _limits(s: Setting, room: Pair) -> dict[str, tuple[int, ...]]:
    """Least, greatest and present value of each slider."""
    found: dict[str, tuple[int, ...]] = {}
    for axis, most, keys in zip(s.axes, room, (ROWS, COLUMNS), strict=True):
        ends = bounds(s, axis, most)
        found |= {key: (*ends[f], getattr(axis, f)) for key, f in zip(keys, FIELDS, strict=True)}
    counts = s.geometry.output_size if s.geometry else (1, 1)
    for key, count, k in zip(PLACES, counts, s.at, strict=True):
        found[key] = 0, count - 1, k
    return found


def _setting(input_size: Pair, values: Values) -> Setting:
    """What the controls say."""
    rows, columns = (
        Axis(n, **{field: values[key] for field, key in zip(FIELDS, keys, strict=True)})
        for n, keys in zip(input_size, (ROWS, COLUMNS), strict=True)
    )
    at, free = (values["row"], values["column"]), values["limits"] == FREE
    return Setting((rows, columns), values["padding"], values["padding mode"], at, free)
