"""What goes wrong where windows stand centred on pixels: the first of them leave the image.

A convolution with the kernel turned round has these mistakes as well: see `turned`.
"""

from __future__ import annotations

from convlens.check.mistakes.layer import NONE, Layer
from convlens.check.slips import Slips

centred = Slips(Layer.of, Layer.answer)


def _begun(a: Layer, less: int, mode: str) -> Layer:
    """Begin half a kernel before the image, and end with as many windows as there should be."""
    before = tuple(((k - less) // 2, 0) for k in a.geometry.kernel_size)
    return a.unasked(before, mode).but(most=a.geometry.output_size)


def _mirrored(a: Layer, padding: str) -> Layer:
    """Surround the image with its mirror images, which repeat the edge."""
    return a.unasked(padding).around("symmetric") if a.padding == NONE else a


REMEDY = "Window (i, j) begins at x[i, j]: take nothing away from the index, which then stays >= 0."
ROLLED = "np.roll and x[-1] come back at the other end: keep to the H - KH + 1 places that fit."

centred(
    "the windows are centred on the pixels, x[i + u - KH//2], and what leaves the image by a "
    "negative index comes in at its other end",
    REMEDY,
    lambda a: _begun(a, 0, "circular"),
)
centred(
    "the windows are centred on the pixels, x[i + u - (KH - 1)//2], and what leaves the image by a "
    "negative index comes in at its other end",
    REMEDY,
    lambda a: _begun(a, 1, "circular"),
)
centred(
    "the windows are centred on the pixels, x[i + u - KH//2], so that the first hang over the edge",
    REMEDY,
    lambda a: _begun(a, 0, "zeros"),
)
centred(
    "the windows are centred on the pixels, x[i + u - (KH - 1)//2], so that the first hang over "
    "the edge",
    REMEDY,
    lambda a: _begun(a, 1, "zeros"),
)
centred(
    "the output is as large as the image: windows are centred with KH//2, and what leaves the "
    "image comes in at its other end",
    ROLLED,
    lambda a: a.unasked("same_lower", "circular"),
)
centred(
    "the output is as large as the image: windows are centred with (KH - 1)//2, and what leaves "
    "the image comes in at its other end",
    ROLLED,
    lambda a: a.unasked("same", "circular"),
)

LARGE = "the output is as large as the image: it is padded, though no padding is asked for, "
FITS = (
    "Keep to the H - KH + 1 rows and W - KW + 1 columns where the whole kernel lies on the image."
)

centred(
    f"{LARGE}by repeating the edge, with KH//2 rows above",
    FITS,
    lambda a: a.unasked("same_lower", "replicate"),
)
centred(
    f"{LARGE}by repeating the edge, with (KH - 1)//2 rows above",
    FITS,
    lambda a: a.unasked("same", "replicate"),
)
centred(
    f"{LARGE}by mirror images that repeat the edge, with KH//2 rows above",
    FITS,
    lambda a: _mirrored(a, "same_lower"),
)
centred(
    f"{LARGE}by mirror images that repeat the edge, with (KH - 1)//2 rows above",
    FITS,
    lambda a: _mirrored(a, "same"),
)
centred(
    f"{LARGE}by mirror images around the edge, with KH//2 rows above",
    FITS,
    lambda a: a.unasked("same_lower", "reflect"),
)
