"""What goes wrong around a layer's image."""

from __future__ import annotations

from convlens.check.mistakes.layer import NONE, Layer
from convlens.check.slips import Slips


def _turned_and_wrapped(a: Layer) -> Layer:
    """Turn the kernel by half a turn, and let the image be a ring, if nothing surrounds it yet."""
    if a.padding != NONE:
        return a
    return a.weighing(lambda w: w[..., ::-1, ::-1]).wrapped(before=True)


def _set_inside(a: Layer) -> Layer:
    """Write the image into zeros, from the padding to the same from the end."""
    sides = a.geometry.padding
    room = a.around("constant")
    room.x[a.pixels(*(slice(before, -after) for before, after in sides))] = a.x
    return room if a.padding_mode == "zeros" else a


padding = Slips(Layer.of, Layer.answer)

#: A word for the odd cell on the other side.
OTHER = {"same": "same_lower", "same_lower": "same"}

padding(
    "windows that hang over the edges are counted, down to a single tap",
    'Keep to the places where the whole kernel lies on the image: "valid" in SciPy\'s words.',
    lambda a: a.unasked(tuple((k - 1, k - 1) for k in a.geometry.kernel_size)),
)
padding(
    "the output is as large as the image: windows that hang over the edges are counted",
    'Keep to the places where the whole kernel lies on the image: "valid" in SciPy\'s words.',
    lambda a: a.unasked("same"),
)
padding(
    "the output is as large as the image: it is padded all round, though no padding is asked for",
    "Without padding the output has H - KH + 1 rows and W - KW + 1 columns.",
    lambda a: a.unasked("same_lower"),
)
padding(
    "the image is padded by one cell all round, though no padding is asked for",
    "Pad only by what `padding` says; without it the image stays as it is.",
    lambda a: a.unasked(((1, 1), (1, 1))),
)
padding(
    "windows that leave the image come in at its other end, as an FFT without zeros has them",
    "Keep to the places where the whole kernel lies on the image, y[: H - KH + 1, : W - KW + 1].",
    lambda a: a.wrapped(before=False),
)
padding(
    "the kernel is flipped, and windows that leave the image come in at its other end, as in a "
    "product of FFTs",
    "Take np.conj of the kernel's FFT, and keep the places where all of it lies on the image.",
    _turned_and_wrapped,
)
padding(
    "the kernel is flipped as in a product of FFTs, and the places that wrap round are kept",
    "Take np.conj of the kernel's FFT; without it, the first KH - 1 rows and KW - 1 columns wrap.",
    lambda a: _turned_and_wrapped(a).but(most=a.geometry.output_size),
)
padding(
    "the image is written into its padding at [p:-p], and where p is 0 that is no place",
    "Write from p to p + H: -0 is 0, and [0:0] is empty.",
    _set_inside,
)
padding(
    "the output is cut with [p:-p], and where p is 0 nothing is left",
    "Cut from p to p + OH: -0 is 0, and [0:0] is empty.",
    shape=lambda y, a: y[a.cells(*(slice(None if k > 1 else 0) for k in a.geometry.kernel_size))],
)
padding(
    "the padding is ignored",
    "Surround the image with padding before the windows move.",
    lambda a: a.but(padding=NONE),
)
padding(
    "the padding is added on top and on the left only",
    "A padding of 1 adds a row above and one below, a column on the left and one on the right.",
    lambda a: a.sided(lambda p: ((p[0][0], 0), (p[1][0], 0))),
)
padding(
    "the padding is added at the bottom and on the right only",
    "A padding of 1 adds a row above and one below, a column on the left and one on the right.",
    lambda a: a.sided(lambda p: ((0, p[0][1]), (0, p[1][1]))),
)
padding(
    "the padding is added twice",
    "Pad once: look for a second place where the size or the image grows.",
    lambda a: a.sided(lambda p: tuple((2 * before, 2 * after) for before, after in p)),
)
padding(
    "the padding of the rows is given to the columns, and the other way round",
    "padding is (rows, columns): the first number goes above and below.",
    lambda a: a.sided(lambda p: p[::-1]),
)
padding(
    "the padding repeats the edge of the image",
    "Pad with zeros: np.pad(..., mode='constant').",
    lambda a: a.but(padding_mode="replicate") if a.padding_mode == "zeros" else a,
)
padding(
    "the padding is zeros, whatever padding_mode says",
    'Fill it from the image: "reflect" without repeating the edge, "replicate" with the edge, '
    '"circular" from the other side.',
    lambda a: a.but(padding_mode="zeros"),
)
padding(
    "the reflection repeats the edge",
    "In a reflection the edge stands once: np.pad calls that 'reflect', not 'symmetric'.",
    lambda a: a.around("symmetric") if a.padding_mode == "reflect" else a,
)
padding(
    "the odd cell of the padding is on the other side",
    'With "same" the odd cell goes to the bottom and the right, with "same_lower" to the top '
    "and the left.",
    lambda a: a.but(padding=OTHER.get(str(a.padding), a.padding)),
)
