"""One colour, one thing, in every picture; and numbers written the same way everywhere.

Window sky blue and solid, kernel orange and doubled, output position bold, outside vermillion,
dashed and hatched. The first three hues are of M. Okabe and K. Ito, "Color universal design"
(2008), and stay apart under the common colour blindnesses; no meaning rests on colour alone.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "KERNEL",
    "KERNEL_LINE",
    "NEUTRAL",
    "OUTSIDE",
    "OUTSIDE_DARK",
    "PALE",
    "WINDOW",
    "WINDOW_LINE",
    "cividis",
    "contrast",
    "digits",
    "grain",
    "gray",
    "ink",
    "label",
    "pale",
    "quantity",
    "signed",
    "steady",
]

RGB = tuple[int, int, int]

WINDOW = "#56B4E9"
WINDOW_LINE = "#3D8FC4"  # the same hue for lines, which must stand out from white and from black
KERNEL = "#E69F00"
KERNEL_LINE = "#B37400"
OUTSIDE = "#D55E00"
OUTSIDE_DARK = "#7F3800"
NEUTRAL = "#8A8A8A"
PALE = "#e6e6e6"

#: Purple to green through near-white: neither end is the colour of a role.
DIVERGING = ("#7b3294", "#c2a5cf", "#f4f4f4", "#a6dba0", "#008837")
#: Blue to yellow, for counts: nine steps of J. R. Nunez and others, "cividis" (2018).
COUNTS = (
    "#00224e",
    "#1a386f",
    "#434e6c",
    "#61656f",
    "#7d7c78",
    "#9b9476",
    "#bcae6c",
    "#dec958",
    "#fee838",
)
DARKEST, LIGHTEST = 56, 242  # grays that leave room for a black or a white number


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def gray(value: float, low: float, high: float) -> str:
    """Colour an unsigned value: larger is lighter. NaN is neutral, infinities are clipped."""
    if math.isnan(value):
        return NEUTRAL
    share = 0.5 if high <= low else min(max((value - low) / (high - low), 0.0), 1.0)
    level = round(DARKEST + share * (LIGHTEST - DARKEST))
    return _hex((level, level, level))


def signed(value: float, limit: float) -> str:
    """Colour a signed value between -limit and limit: purple below zero, green above."""
    if math.isnan(value):
        return NEUTRAL
    share = 0.0 if limit <= 0 else min(max(value / limit, -1.0), 1.0)
    return _between(DIVERGING, (share + 1) / 2)


def cividis(value: float, low: float, high: float) -> str:
    """Colour a count: blue for few, yellow for many."""
    if math.isnan(value):
        return NEUTRAL
    return _between(COUNTS, 0.5 if high <= low else min(max((value - low) / (high - low), 0), 1))


def _between(colours: tuple[str, ...], share: float) -> str:
    """Mix the two of some colours that a share from 0 to 1 lies between."""
    place = share * (len(colours) - 1)
    left = min(int(place), len(colours) - 2)
    pairs = zip(_rgb(colours[left]), _rgb(colours[left + 1]), strict=True)
    r, g, b = (round(a + (place - left) * (z - a)) for a, z in pairs)
    return _hex((r, g, b))


def pale(colour: str, share: float = 0.7) -> str:
    """Mix a colour with a pale gray: cells that step back behind the data, on any page."""
    pairs = zip(_rgb(colour), _rgb(PALE), strict=True)
    r, g, b = (round(a + share * (z - a)) for a, z in pairs)
    return _hex((r, g, b))


def grain(a: ArrayLike, limits: ArrayLike | None = None) -> float:
    """Find the step to which numbers are rounded before they are coloured.

    The last bits of a sum differ from one processor to the next. A number just between two colours
    would get one here and the other there, and so would a difference that is 0 here and 1e-17
    there. The step is far above those bits and far below a colour. It is a power of two: whole
    numbers, halves and quarters stay what they are, thirds and tenths are never half-way between
    two steps.

    Parameters
    ----------
    a : array_like
        Real numbers; those of single precision are rounded to 12 bits, others to 26.
    limits : array_like, optional
        Values at the ends of the colours; by default the largest number itself.

    >>> math.log2(grain([0, 255])), math.log2(grain([0.5], limits=(-200.5, 9)))
    (-18.0, -19.0)
    """
    kind = np.asarray(a).dtype
    with np.errstate(over="ignore"):  # long doubles may be as good as infinite
        sizes = np.abs(np.asarray(a if limits is None else limits).astype(np.float64))
    most = float(sizes[np.isfinite(sizes)].max(initial=0))
    if most == 0:
        return 0.0
    bits = 12 if kind.kind == "f" and kind.itemsize <= 4 else 26
    # The third keeps the step from doubling at 1, 2, 4 ..., which are usual for the largest number.
    return math.ldexp(1.0, math.floor(math.log2(most) + 1 / 3) - bits)


def steady(a: ArrayLike, step: float | None = None) -> NDArray[np.float64]:
    """Round real numbers to multiples of a `step`, by default their own `grain`.

    >>> steady([1 - 1e-16, 1e-17, 1 + 3e-16]).tolist()
    [1.0, 0.0, 1.0]
    """
    step = grain(a) if step is None else step
    with np.errstate(over="ignore"):  # the largest number there is would be rounded to infinity
        values = np.asarray(a).astype(np.float64)
        if not step:
            return values
        rounded = np.rint(values / step) * step
    return np.where(np.isfinite(rounded), rounded, values)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.1 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)  # an explorer asks for each number of each picture
def ink(background: str) -> str:
    """Choose black or white for a number on `background`, whichever stands out more."""
    black, white = "#000000", "#ffffff"
    return black if contrast(black, background) >= contrast(white, background) else white


def label(value: Any, digits: int = 3) -> str:
    """Write a number for a cell: whole numbers up to 99999 in full, others to a few digits.

    >>> label(-3), label(0.125), label(1 / 3), label(1234.5), label(1234567.0)
    ('−3', '0.125', '0.333', '1234', '1.23e6')
    >>> label(True), label(1 - 2j)
    ('1', '1−2i')
    """
    if isinstance(value, complex | np.complexfloating):
        imaginary = label(value.imag, digits)
        sign = "" if imaginary.startswith("−") else "+"
        return f"{label(value.real, digits)}{sign}{imaginary}i"
    number = float(value)
    if math.isnan(number) or math.isinf(number):
        return "nan" if math.isnan(number) else ("∞" if number > 0 else "−∞")
    if number == int(number) and abs(number) < 100_000:
        return str(int(number)).replace("-", "−")
    if 10**digits - 0.5 <= abs(number) < 100_000:  # 999.5 is not 1e3
        return f"{number:.0f}".replace("-", "−")
    text = f"{number:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return (mantissa + (f"e{int(exponent)}" if exponent else "")).replace("-", "−")


def digits(count: int) -> str:
    """Write an index or a byte count in full, with a true minus sign."""
    return str(count).replace("-", "−")


def quantity(value: float, unit: str) -> str:
    """Write a measured quantity with three digits and the prefix of its size.

    >>> quantity(19_305_216, "B"), quantity(0.00512, "s"), quantity(0.1, "s")
    ('19.3 MB', '5.12 ms', '100 ms')
    """
    if not value > 0 or math.isinf(value):
        return f"{label(value)} {unit}"
    prefixes = {-3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "G", 4: "T"}
    rounded = float(f"{value:.3g}")  # first, so that 999.6 is 1 k and not 1000
    power = min(max(math.floor(math.log10(rounded) / 3 + 1e-9), -3), 4)
    if unit == "B":
        power = max(power, 0)  # there is no part of a byte
    return f"{label(float(f'{rounded / 1000.0**power:.3g}'))} {prefixes[power]}{unit}"
