"""Each method of convolution, ours or a library's, in its own colour and with its own marker."""

from __future__ import annotations

import re
import zlib

from convlens.palette import NEUTRAL

__all__ = ["METHODS", "Marker", "method"]

#: Corners, 1 for a star, degrees turned: what matplotlib calls a marker, and a polygon in SVG.
Marker = tuple[int, int, float]

#: Each method's colour and marker, one for the whole series. No colour is near a role's; each
#: stands out from white and from black, and those often compared stay apart (Machado et al. 2009)
#: for eyes without red or green cones. Where two colours are near, their markers differ.
METHODS: dict[str, tuple[str, Marker]] = {
    "loops": ("#246cb4", (6, 0, 0)),
    "index_grid": ("#548454", (4, 0, 0)),
    "take": ("#cc789c", (24, 0, 0)),
    "strided": ("#00a86c", (5, 0, 0)),
    "tensordot": ("#1890fc", (4, 0, 45)),
    "sliding_window_view": ("#846c18", (3, 0, 90)),
    "einsum": ("#b43c90", (4, 0, 0)),
    "matmul": ("#6c9c60", (5, 0, 0)),
    "taps": ("#8478c0", (3, 0, 0)),
    "banded": ("#246c6c", (3, 0, 180)),
    "im2col": ("#6054c0", (4, 1, 0)),
    "fft": ("#a89054", (4, 1, 45)),
    "winograd": ("#b4609c", (3, 0, 270)),
    "matrix": ("#906c90", (24, 0, 0)),
    "shifted": ("#546090", (4, 0, 45)),
    "auto": ("#486c0c", (5, 1, 0)),
    "scipy": ("#8448c0", (6, 0, 0)),
    "opencv": ("#9c6060", (3, 0, 270)),
    "pytorch": ("#00849c", (24, 0, 0)),
    "numba": ("#84900c", (6, 1, 0)),
}
ALIASES = {"sliding": "sliding_window_view", "torch": "pytorch", "cv2": "opencv", "convlib": "auto"}
LIBRARIES = ("scipy", "opencv", "cv2", "pytorch", "torch", "numba", "convlib")  # in longer names
SPARE: tuple[Marker, ...] = ((4, 1, 20), (5, 0, 180), (5, 1, 180), (8, 1, 0))


def method(name: str) -> tuple[str, Marker]:
    """Find the colour and the marker of a method, in any spelling of its name.

    A library's name counts wherever it stands. A name that is not in the table gets the neutral
    gray, and always the same one of the markers that no method has.

    >>> method("SciPy FFT") == method("scipy"), method("FFT") == METHODS["fft"]
    (True, True)
    >>> method("mine")[0] == NEUTRAL
    True
    """
    key = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    words = key.split("_")
    known = next((w for w in LIBRARIES if w in words), key)
    known = ALIASES.get(known, known)
    return METHODS.get(known) or (NEUTRAL, SPARE[zlib.crc32(key.encode()) % len(SPARE)])
