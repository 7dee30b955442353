"""The arrays of one way back as panels: as many columns of each as a page has room for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens.picture.grid import finite_range, painter
from convlens.picture.panel import Panel
from convlens.picture.roles import linked
from convlens.scenes.fits import crop, longest, near, products
from convlens.scenes.input import Inputs
from convlens.words import times

if TYPE_CHECKING:
    from collections.abc import Callable

    from convlens.facts.way_back import Return, WayBack
    from convlens.picture.panel import Cell

__all__ = ["WayBackPanels"]

MOST_ROWS, MOST_COLUMNS = {1: 9, 2: 7}, 20  # of a panel, by halves; of more, those around
Shown = dict[str, tuple["Cell", "Cell"]]  # where each block begins, and its shape


class WayBackPanels:
    """Makes the panels of any product of one way back.

    Parameters
    ----------
    back : WayBack
    halves : tuple of str
        "x" for the gradient of the input, "w" for that of the kernel.

    Attributes
    ----------
    last : Return
        The product whose places have the longest numbers.
    """

    def __init__(self, back: WayBack, halves: tuple[str, ...]) -> None:
        self.back, self.halves, self.inputs = back, halves, Inputs(back.walk)
        self.geometry = g = back.walk.geometry
        self.padded = times(g.padded_size) + ", padded" * self.inputs.padded
        self._painters: dict[tuple[Any, ...], Callable[[Any], str]] = {}
        self._widest = _numbers(back)
        last, tap = ((n - 1, m - 1) for n, m in (g.output_size, g.kernel_size))
        self.last = back.at(*last, tap=tap, image=g.batch - 1, filter=g.filters - 1)
        sizes = {"cells": g.output_size, "taps": g.kernel_size, "pixels": g.padded_size}
        most = {name: min(size[1], MOST_COLUMNS) for name, size in sizes.items()}
        self._most = crop(most, lambda most: self.lines(self.last, True, most))

    def lines(
        self, r: Return, so_far: bool, most: dict[str, int] | None = None
    ) -> list[list[Panel]]:
        """Make the panels of each half; `most` are the columns of the arrays."""
        g, f, most = self.geometry, r.frame, most or self._most
        rows = MOST_ROWS[len(self.halves)]
        middle = _middle(f.rows, r.u, rows), _middle(f.columns, r.v, most["pixels"])
        shown = {
            "cells": near((f.row, f.column), g.output_size, (rows, most["cells"])),
            "taps": near((r.u, r.v), g.kernel_size, (rows, most["taps"])),
            "pixels": near(middle, g.padded_size, (rows, most["pixels"])),
        }
        makers = {"x": self._to_input, "w": self._to_kernel}
        return [makers[half](r, so_far, shown) for half in self.halves]

    def _to_input(self, r: Return, so_far: bool, shown: Shown) -> list[Panel]:
        """What the output cell sends: g, w, their products, and dx."""
        f, g, back = r.frame, self.geometry, self.back
        block, taps = _slices(shown["pixels"]), shown["taps"]
        look: dict[str, Any] = {"taps": [(r.u, r.v)], "index": (False, False)}
        w = self._panel("Kernel w", r, f.kernel[r.channel].conj(), times(g.kernel_size), **look)
        w = replace(w, title=w.title + self._conjugated(2), kernel=True, before="×")
        look |= {"before": "=", "ends": lambda: [_size(back.plane(r)) * _size(w.values)]}
        sent = self._panel("g × w", r, back.sent(r), f"what g[{f.row}, {f.column}] sends", **look)
        look = {"window": (f.rows.tolist(), f.columns.tolist()), "reading": (r.row, r.column)}
        look |= {"first": shown["pixels"][0], "longest": self._done(self.last, True, "x")}
        look |= {"padding": g.is_padding(*(range(s.start, s.stop) for s in block)), "before": "add"}
        look["ends"] = lambda: back.input_gradient(r)
        values = back.input_gradient(r, so_far=so_far, block=block)
        dx = self._panel("Input gradient dx", r, values, self._done(r, so_far, "x"), **look)
        dx = replace(dx, links=linked("x", self.inputs.places(f, r.channel)[block]))
        w, sent = self._of_taps(r, w), self._of_taps(r, sent)
        return [self._gradient(r, shown), w.part(*taps), sent.part(*taps), dx]

    def _of_taps(self, r: Return, panel: Panel) -> Panel:
        """A cell for each weight: a click chooses it."""
        f, size = r.frame, panel.values.size
        first = (f.filter * len(f.kernel) + r.channel) * size
        links = linked("w", np.arange(first, first + size).reshape(panel.shape))
        return replace(panel, links=links, go=(("u", 0, 1), ("v", 0, 1)))

    def _of_cells(self, panel: Panel) -> Panel:
        """A cell for each output: a click chooses it."""
        links = linked("g", np.arange(panel.values.size).reshape(panel.shape))
        return replace(panel, links=links, go=(("row", 0, 1), ("column", 0, 1)))

    def _to_kernel(self, r: Return, so_far: bool, shown: Shown) -> list[Panel]:
        """All that the weight met: x, times g, summed up in dw; alone, with g in between."""
        f, back, alone = r.frame, self.back, self.halves == ("w",)
        rows, columns = back.touched(r)
        met = f"{self.padded}, met by w"
        x = self.inputs.panel(
            f,
            r.channel,
            *shown["pixels"],
            title="Input x" + self._conjugated(1),
            subtitle=f"{met}[{r.u}, {r.v}]",
            longest=f"{met}[{self.last.u}, {self.last.v}]",
            window=(rows.tolist(), columns.tolist()),
            reading=(r.row, r.column),
            widest=self._widest["Input x"],
        )
        if self._conjugated(1):
            x = replace(x, values=x.values.conj())
        grad = back.plane(r)
        values = back.met(r) * grad
        later = np.arange(values.size).reshape(values.shape) > f.number
        values = np.ma.MaskedArray(values, later & so_far)
        look: dict[str, Any] = {"ring": (f.row, f.column), "before": "=" if alone else "× g"}
        plane = back.walk.padded[f.image, f.channels[r.channel]]
        look["ends"] = lambda: [_size(grad) * _size(plane)]
        product = self._of_cells(self._panel("x × g", r, values, "cell by cell", **look))
        values = back.kernel_gradient(r, so_far=so_far, block=_slices(shown["taps"]))
        look = {"first": shown["taps"][0], "taps": [(r.u, r.v)], "before": "Σ"}
        look |= {"longest": self._done(self.last, True, "w")}
        look["ends"] = lambda: back.kernel_gradient(r)
        dw = self._panel("Kernel gradient dw", r, values, self._done(r, so_far, "w"), **look)
        dw = replace(self._of_taps(r, replace(dw, first=(0, 0))), first=dw.first)
        middle = [replace(self._gradient(r, shown), before="×")] if alone else []
        return [x, *middle, product.part(*shown["cells"]), dw]

    def _gradient(self, r: Return, shown: Shown) -> Panel:
        """The gradient of the output, the sending cell ringed."""
        f, size = r.frame, self.geometry.output_size
        words = [f"{times(size)}, cell {n:,}" for n in (f.number + 1, size[0] * size[1])]
        look: dict[str, Any] = {"longest": words[1], "ring": (f.row, f.column)}
        panel = self._panel("Output gradient g", r, self.back.plane(r), words[0], **look)
        return self._of_cells(panel).part(*shown["cells"])

    def _conjugated(self, which: int) -> str:
        """Say of complex x (1) and w (2) that the way back needs them conjugated."""
        return ", conjugated" if self.back.given[which].kind == "c" else ""

    def _panel(
        self,
        name: str,
        r: Return,
        values: Any,
        subtitle: str,
        *,
        ends: Callable[[], Any] | None = None,
        **look: Any,
    ) -> Panel:
        """A panel of one quantity: one width and one scale, that of `ends`, whatever is chosen."""
        key = name, r.frame.image, r.frame.filter, r.channel
        if key not in self._painters:
            self._painters[key] = painter(ends() if ends else values, kind="signed")
        known: dict[str, Any] = {"paint": self._painters[key], "widest": self._widest[name]}
        return Panel(values=values, title=name, subtitle=subtitle, **known, **look)

    def _done(self, r: Return, so_far: bool, half: str) -> str:
        """Say how much of a gradient is shown: dx of one filter so far, dw of several images."""
        f, g = r.frame, self.geometry
        count, number = g.output_size[0] * g.output_size[1], f.number + 1
        if half == "w":
            number, count = number + f.image * count, count * g.batch
        words = self.padded if half == "x" else times(g.kernel_size)
        words += f", first {number:,} of {count:,}" if so_far else f", all {count:,}"
        if half == "w" or g.filters == g.groups:
            return words
        return words + (f", filter {f.filter}" if so_far else ", all filters")


def _numbers(back: WayBack) -> dict[str, list[Any]]:
    """Numbers as long as any that a panel has to hold, under every slider."""
    g, w, x = back.grad, back.walk.filters, back.walk.padded
    return {
        "Output gradient g": longest(g),
        "Kernel w": longest(w),
        "Input x": longest(x),
        "g × w": products(g, w),
        "x × g": products(g, x),
        "Input gradient dx": products(g, w, min(w[0, 0].size, 4)),
        "Kernel gradient dw": products(g, x, min(g[0, 0].size, 10)),
    }


def _slices(block: tuple[Cell, Cell]) -> tuple[slice, slice]:
    rows, columns = (slice(f, f + n) for f, n in zip(*block, strict=True))
    return rows, columns


def _size(a: Any) -> float:
    """The largest size of any finite number."""
    low, high = finite_range(a)
    return max(-low, high)


def _middle(places: Any, tap: int, most: int) -> int:
    """What to keep in view: the middle of the window where it fits, else the tap's own place."""
    extent = int(places[-1] - places[0]) + 1
    return int(places[0]) + extent // 2 if extent <= most else int(places[tap])
