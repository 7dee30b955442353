"""What a layer's answer is made of, wherever its axes stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from convlens.check.mistakes.axes import ONE, ZERO, Pair, Stepped, pair
from convlib.convolution import conv2d
from convlib.geometry import Geometry
from convlib.operands import as_filters, read

__all__ = ["NONE", "Layer", "Sides"]

Sides = tuple[Pair, Pair]

#: No padding.
NONE = ZERO, ZERO


@dataclass(frozen=True)
class Layer(Stepped):
    """What `conv2d` is given; its steps are pairs, its padding four sides or a word."""

    x: Any
    w: Any
    bias: Any = None
    stride: Pair = ONE
    padding: Any = NONE
    dilation: Pair = ONE
    groups: int = 1
    padding_mode: str = "zeros"
    layout: str = "NCHW"
    most: Pair | None = None  # rows and columns of the output that are worked out

    @classmethod
    def of(
        cls,
        x: Any,
        w: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        **more: Any,
    ) -> Self:
        """Read the arguments of `conv2d`."""
        if not isinstance(padding, str):
            rows, columns = pair(padding)
            padding = pair(rows), pair(columns)
        return cls(x, w, bias, pair(stride), padding, pair(dilation), **more)

    def answer(self) -> Any:
        """Cross-correlate."""
        y = conv2d(self.x, self.w, self.bias, **self.steps)
        return y if self.most is None else y[self.cells(*map(slice, self.most))]

    @property
    def steps(self) -> dict[str, Any]:
        """Those arguments that have a default."""
        names = ("stride", "padding", "dilation", "groups", "padding_mode", "layout")
        return {name: getattr(self, name) for name in names}

    @property
    def geometry(self) -> Geometry:
        """All sizes."""
        return read(self.x, self.w, **self.steps).geometry

    # -- the kernel and the bias

    @property
    def filters(self) -> Any:
        """The weights as (O, C/groups, KH, KW), whatever axes they have."""
        return as_filters(self.w, self.layout)

    @property
    def taps(self) -> Pair:
        """Axes of the kernel's rows and columns."""
        return (-2, -1) if self.layout == "NCHW" or self.w.ndim == 2 else (0, 1)

    def weighing(self, change: Callable[[Any], Any]) -> Self:
        """Change the weights, seen as `filters`."""
        w = change(self.filters)
        if self.w.ndim == 2:
            return self.but(w=w[0, 0])
        if self.layout == "NHWC":
            return self.but(
                w=w.transpose(2, 3, 1, 0) if self.w.ndim == 4 else w[0].transpose(1, 2, 0)
            )
        return self.but(w=w if self.w.ndim == 4 else w[0])

    def biased(self, times: int) -> Self:
        """Add the bias so many times."""
        return self if self.bias is None else self.but(bias=self.bias * times)

    @property
    def added(self) -> Any:
        """The bias as it is added to the output."""
        if self.bias is None:
            return 0
        return self.bias.reshape(-1, 1, 1) if self.filters_first else self.bias

    # -- the image

    @property
    def channels(self) -> int:
        """How many channels x has."""
        return int(self.filters.shape[1] * self.groups)

    def dealt(self, order: Any) -> Self:
        """Read the channels of x in another order; a plane has none."""
        axis = -3 if self.layout == "NCHW" else -1
        return self if self.x.ndim == 2 else self.but(x=self.x.take(order, axis))

    def pixels(self, rows: Any, columns: Any) -> Any:
        """Index rows and columns of x."""
        last = self.layout == "NCHW" or self.x.ndim == 2
        return np.s_[..., rows, columns] if last else np.s_[..., rows, columns, :]

    def sided(self, change: Callable[[Sides], Any]) -> Self:
        """Change the padding on its four sides; a word such as "same" stays."""
        return self if isinstance(self.padding, str) else self.but(padding=change(self.padding))

    def unasked(self, padding: Any, mode: str = "zeros") -> Self:
        """Pad where no padding is asked for."""
        return self.but(padding=padding, padding_mode=mode) if self.padding == NONE else self

    def wrapped(self, *, before: bool) -> Self:
        """Let what leaves the image, before it or after it, come in at its other end."""
        reach = [extent - 1 for extent in self.geometry.extent]
        return self.unasked(tuple((n, 0) if before else (0, n) for n in reach), "circular")

    def around(self, mode: str) -> Self:
        """Let x itself have its padding."""
        widths: list[Pair] = [ZERO] * self.x.ndim
        first = -2 if self.layout == "NCHW" or self.x.ndim == 2 else -3
        widths[first], widths[first + 1] = self.geometry.padding
        x = np.pad(self.x, widths, mode=mode)  # type: ignore[call-overload]
        return self.but(x=x, padding=NONE, padding_mode="zeros")

    # -- the output

    @property
    def filters_first(self) -> bool:
        """Whether the output has an axis of filters before its rows."""
        return bool(self.w.ndim == 4 and self.layout == "NCHW")

    @property
    def filters_of_batch(self) -> bool:
        """Whether it has an axis of images before that."""
        return bool(self.x.ndim == 4 and self.filters_first)

    @property
    def places(self) -> Pair:
        """Axes of the output's rows and columns."""
        return (-3, -2) if self.w.ndim == 4 and self.layout == "NHWC" else (-2, -1)

    def cells(self, rows: Any, columns: Any) -> Any:
        """Index rows and columns of the output."""
        last = self.places == (-2, -1)
        return np.s_[..., rows, columns] if last else np.s_[..., rows, columns, :]
