"""Check counts: what a layer costs in weights, in multiplications and in bytes."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

import numpy as np

from convlens.check.case import Arguments, Case
from convlens.check.constraints import Asked
from convlens.check.examine import examine
from convlens.check.mistakes.costs import costs
from convlens.check.mistakes.multiplications import multiplications as product_mistakes
from convlens.check.mistakes.patch_bytes import patch_bytes
from convlens.check.report import Report
from convlens.check.task import Task
from convlib.geometry import Geometry

__all__ = ["layer_cost", "multiplications", "patch_and_grid_bytes"]

Pair = tuple[int, int]
Shape = tuple[int, int, int]


def layer_cost(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that counts the weights and the multiplications of a layer.

    Parameters
    ----------
    function : callable
        Takes the number of channels and of filters, the kernel's size (KH, KW) and the output's
        (OH, OW); and groups, if its signature has it. Returns a tuple of two ints: the weights of
        all filters, without bias, and the multiplications on one image.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def cost(channels, filters, kernel_size, output_size):
    ...     weights = channels * kernel_size[0] * kernel_size[1]
    ...     return weights, weights * output_size[0] * output_size[1]
    >>> layer_cost(cost).diagnosis
    'the weights of one filter are counted, not those of all'
    """
    task = Task(
        _layer_cost,
        LAYERS,
        costs,
        parts=("weights", "multiplications"),
        draws=8,
        then="give each channel a group of its own: what is left of the cost?",
    )
    return examine(task, function, **asked)


def _layer_cost(
    channels: int, filters: int, kernel_size: Pair, output_size: Pair, groups: int = 1
) -> Pair:
    weights = filters * (channels // groups) * kernel_size[0] * kernel_size[1]
    return weights, weights * output_size[0] * output_size[1]


def _draw(groups: int, each: Pair, number: int) -> Arguments:
    """Draw a layer whose groups have `each` channels and filters, and more in later draws."""
    rng = np.random.default_rng([number, groups, *each])
    channels, filters = (groups * (count + number * (count > 1)) for count in each)
    rows, columns = (int(n) for n in rng.permutation([2, 3, 5, 7])[:2])
    down, right = (int(n) for n in rng.permutation([4, 6, 9, 11])[:2])
    sizes = {"kernel_size": (rows, columns), "output_size": (down, right)}
    given = {"groups": groups} if groups > 1 else {}
    return {"channels": channels, "filters": filters, **sizes, **given}


#: One filter alone, several, then groups up to the depthwise layer.
LAYERS = (
    Case("several filters", partial(_draw, 1, (4, 8))),
    Case("one channel", partial(_draw, 1, (1, 6))),
    Case("two groups", partial(_draw, 2, (2, 5))),
    Case("three groups", partial(_draw, 3, (2, 3))),
    Case("a group for each channel", partial(_draw, 7, (1, 1))),
    Case("a layer of 10 thousand million products", partial(_draw, 1, (9_000, 4_000))),
)


def multiplications(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that counts the multiplications of a layer from the shape of its image.

    Parameters
    ----------
    function : callable
        Takes the shape (C, H, W), the number of filters and the kernel's size (KH, KW); of stride
        (down, right) and groups those that its signature has. Returns an int.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def products(shape, filters, kernel_size):
    ...     (C, H, W), (KH, KW) = shape, kernel_size
    ...     return filters * C * H * W * KH * KW
    >>> multiplications(products).diagnosis
    'every pixel is counted as a place of the window'
    """
    cases = [Case(what, partial(_draw_image, names)) for what, names in IMAGES]
    task = Task(
        _multiplications,
        cases,
        product_mistakes,
        draws=8,
        then="double the stride: by how much does the number fall?",
    )
    return examine(task, function, **asked)


def patch_and_grid_bytes(function: Any, **asked: Unpack[Asked]) -> Report:
    """Check a function that counts the bytes of all patches, and of an int64 index grid for them.

    Parameters
    ----------
    function : callable
        Takes the shape (C, H, W) of an image, the kernel's size (KH, KW), the stride (down, right)
        and the bytes of a number. Returns a tuple of two ints: the bytes of the patches, and those
        of the grid.
    **asked
        Constraints and a time limit: see `convlens.check.Asked`.

    Returns
    -------
    Report

    Examples
    --------
    >>> def count(shape, kernel_size, stride, item):
    ...     (C, H, W), (KH, KW) = shape, kernel_size
    ...     numbers = (H - KH + 1) * (W - KW + 1) * C * KH * KW
    ...     return numbers * item, numbers * 8
    >>> patch_and_grid_bytes(count).diagnosis
    'the stride is ignored'
    """
    cases = [Case(what, partial(_draw_patches, what)) for what in PATCHES]
    parts = ("patches", "grid")
    task = Task(
        _patch_and_grid_bytes,
        cases,
        patch_bytes,
        parts=parts,
        draws=8,
        then="find the smallest kernel whose grid is larger than its image.",
    )
    return examine(task, function, **asked)


def _multiplications(
    shape: Shape, filters: int, kernel_size: Pair, stride: Pair = (1, 1), groups: int = 1
) -> int:
    output = Geometry(shape[1:], kernel_size, stride=stride).output_size
    return _layer_cost(shape[0], filters, kernel_size, output, groups)[1]


def _patch_and_grid_bytes(shape: Shape, kernel_size: Pair, stride: Pair, item: int) -> Pair:
    numbers = _multiplications(shape, 1, kernel_size, stride)
    return numbers * item, numbers * 8


#: What is tried, and which arguments it needs.
IMAGES = (
    ("one channel and one filter", "plain"),
    ("channels and filters", ""),
    ("a stride", "stride"),
    ("groups", "groups"),
    ("a stride and groups", "stride groups"),
    ("a layer of 10 thousand million products", "large"),
)

#: What is tried: the stride, and the bytes of a number.
PATCHES: dict[str, tuple[Pair, int]] = {
    "numbers of 4 bytes": ((1, 1), 4),
    "numbers of 1 byte": ((1, 1), 1),
    "stride=(2, 3)": ((2, 3), 4),
    "numbers of 8 bytes, stride=(3, 1)": ((3, 1), 8),
    "patches of 10 GB": ((2, 1), 4),
}


def _draw_image(names: str, number: int) -> Arguments:
    """Draw a layer; its image is a little larger than its windows need."""
    rng = np.random.default_rng([number, *names.encode()])
    plain, groups = names == "plain", int(rng.integers(2, 5)) if "groups" in names else 1
    channels, filters = (1 if plain else groups * int(n) for n in rng.permutation([2, 3, 5])[:2])
    stride = tuple(int(n) for n in rng.permutation([1, 2, 3])[:2]) if "stride" in names else (1, 1)
    size, kernel = _sizes(rng, stride)  # type: ignore[arg-type]
    if names == "large":
        channels, filters, size = 128 * channels, 256 * filters, (size[0] + 60, size[1] + 90)
    given = {"stride": stride, "groups": groups}
    given = {name: value for name, value in given.items() if name in names}
    return {"shape": (channels, *size), "filters": filters, "kernel_size": kernel, **given}


def _draw_patches(what: str, number: int) -> Arguments:
    """Draw an image of 2 to 5 channels."""
    rng = np.random.default_rng([number, *what.encode()])
    stride, item = PATCHES[what]
    size, kernel = _sizes(rng, stride)
    if "GB" in what:
        size = size[0] + 4000, size[1] + 6000
    shape = (int(rng.integers(2, 6)), *size)
    return {"shape": shape, "kernel_size": kernel, "stride": stride, "item": item}


def _sizes(rng: np.random.Generator, stride: Pair) -> tuple[Pair, Pair]:
    """Draw the sizes of an image and of a kernel that has several places in both directions."""
    kh, kw = (int(n) for n in rng.permutation([2, 3, 4, 5])[:2])
    oh, ow = (int(n) for n in rng.permutation([3, 4, 5, 6])[:2])
    left = [int(rng.integers(step)) for step in stride]
    size = (oh - 1) * stride[0] + kh + left[0], (ow - 1) * stride[1] + kw + left[1]
    return size, (kh, kw)
