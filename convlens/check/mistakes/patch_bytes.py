"""What goes wrong when the bytes of patches and of their index grid are counted."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from convlens.check.mistakes.multiplications import Factors, counts
from convlens.check.mistakes.rule import Pair, rule
from convlens.check.slips import Slips


@dataclass(frozen=True)
class Patches(Factors):
    """The numbers of all patches, and how many bytes a number and an index take."""

    item: int = 0
    index: int = 8  # an int64

    @property
    def nbytes(self) -> Any:
        """The bytes of the patches and those of the grid."""
        return self.count * self.item, self.count * self.index


def _made(shape: tuple[int, int, int], kernel_size: Pair, stride: Pair, item: int) -> Patches:
    axes = rule(shape[1:], kernel_size, stride).axes
    return Patches(axes, None, shape, prod(kernel_size), shape[0], item=item)


patch_bytes = Slips(_made, lambda p: p.nbytes)
counts(patch_bytes)
patch_bytes(
    "numbers are counted, not bytes",
    "A number of the image takes item bytes, and an int64 index 8.",
    lambda p: p.but(item=1, index=1),
)
patch_bytes(
    "the indices are counted as large as the numbers of the image",
    "An int64 index takes 8 bytes, whatever the image holds.",
    lambda p: p.but(index=p.item),
)
patch_bytes(
    "the index grid is counted for numbers of 4 bytes: as twice the patches",
    "An int64 index takes 8 bytes, whatever the image holds: count entries, then bytes.",
    lambda p: p.but(index=2 * p.item),
)
patch_bytes(
    "the channels are left out",
    "A patch holds KH*KW numbers of every channel: multiply by C.",
    lambda p: p.but(reads=1),
)
patch_bytes(
    "the index grid is counted for one channel only",
    "The grid has an index for each number of a patch, in all channels.",
    shape=lambda y, p: (y[0], y[1] // p.reads),
)
patch_bytes(
    "the two answers have changed places",
    "Return the bytes of the patches first, then those of the index grid.",
    shape=lambda y, p: y[::-1],
)
patch_bytes(
    "the taps are left out: one number is counted for each channel of a window",
    "A patch holds KH*KW numbers of every channel.",
    lambda p: p.but(taps=1),
)
patch_bytes(
    "the bytes of a single patch are counted",
    "There is a patch for every place of the window: multiply by OH*OW.",
    lambda p: p.each(lambda a: a.but(size=a.extent)),
)
patch_bytes(
    "the index grid is counted with one index for each place of the window",
    "The grid has an index for each number of a patch: as many as the patches have numbers.",
    shape=lambda y, p: (y[0], p.places * p.index),
)
patch_bytes(
    "the index grid is counted with one index for each pixel of the image",
    "The grid has an index for each number of a patch, and a pixel stands in many patches.",
    shape=lambda y, p: (y[0], prod(p.shape) * p.index),
)
patch_bytes(
    "the bytes of the patches are multiplied with those of an index",
    "An index takes 8 bytes in place of item, not times item.",
    lambda p: p.but(index=p.index * p.item),
)
patch_bytes(
    "the patches are counted for numbers of 4 bytes",
    "A number takes item bytes: multiply by item.",
    lambda p: p.but(item=4),
)
patch_bytes(
    "the patches are counted as large as the indices, 8 bytes a number",
    "The patches hold numbers of the image, of item bytes each.",
    lambda p: p.but(item=p.index),
)
patch_bytes(
    "the bytes of the image are given for those of its patches",
    "A patch is a copy of KH*KW numbers of every channel: there are OH*OW of them.",
    shape=lambda y, p: (prod(p.shape) * p.item, y[1]),
)
patch_bytes(
    "an index is taken to have 4 bytes",
    "The grid is of int64: 8 bytes an index.",
    lambda p: p.but(index=4),
)
patch_bytes(
    "the shape is read as (H, W, C)",
    "Here the channels come first: the shape is (C, H, W).",
    lambda p: p.at(0, size=p.shape[0]).at(1, size=p.shape[1]).but(reads=p.shape[2]),
)
