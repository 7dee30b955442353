"""A piece of work: the sizes of one convolution, its operands, and the right answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Operands", "Work"]


@dataclass(frozen=True)
class Work:
    """The sizes of one convolution of square images with square kernels."""

    channels: int
    size: int
    filters: int
    kernel: int
    batch: int = 1
    stride: int = 1
    padding: int = 0
    groups: int = 1
    dtype: str = "float32"
    grey: bool = False  # the operands have two axes: one image, one kernel

    @property
    def label(self) -> str:
        """Say the sizes in a few words."""
        images = f"{self.batch}×{self.channels}×{self.size}×{self.size}"
        words = [images, f"{self.filters} of {self.kernel}×{self.kernel}"]
        words += [f"stride {self.stride}"] if self.stride > 1 else []
        words += [f"padding {self.padding}"] if self.padding else []
        words += [f"groups {self.groups}"] if self.groups > 1 else []
        return ", ".join(words + ([self.dtype] if self.dtype != "float32" else []))

    @property
    def output(self) -> int:
        """Rows, and columns, of the output."""
        return (self.size + 2 * self.padding - self.kernel) // self.stride + 1

    @property
    def taps(self) -> int:
        """Numbers in all windows: what a copy of them holds."""
        return self.batch * self.output**2 * self.channels * self.kernel**2

    @property
    def multiplications(self) -> int:
        """What the definition multiplies."""
        return self.taps * self.filters // self.groups

    @property
    def steps(self) -> dict[str, int]:
        """The arguments, as `conv2d` and PyTorch both call them."""
        return {"stride": self.stride, "padding": self.padding, "groups": self.groups}


@dataclass(frozen=True)
class Operands:
    """The numbers of a piece of work, and how they are to be used.

    Attributes
    ----------
    work : Work
    kind : {"forward", "dx", "dw"}
    prepared : bool
        Whether convlib gets its weights prepared.
    threads : int
    """

    work: Work
    kind: str = "forward"
    prepared: bool = False
    threads: int = 1
    seed: int = field(default=0, repr=False)

    @cached_property
    def x(self) -> NDArray[Any]:
        """The batch, (N, C, H, W)."""
        s = self.work
        return self._numbers((s.batch, s.channels, s.size, s.size), 0)

    @cached_property
    def w(self) -> NDArray[Any]:
        """The filters, (O, C/groups, K, K)."""
        s = self.work
        return self._numbers((s.filters, s.channels // s.groups, s.kernel, s.kernel), 1)

    @cached_property
    def grad(self) -> NDArray[Any]:
        """A gradient that comes back to the output, (N, O, OH, OW)."""
        s = self.work
        return self._numbers((s.batch, s.filters, s.output, s.output), 2)

    def _numbers(self, shape: tuple[int, ...], which: int) -> NDArray[Any]:
        random = np.random.default_rng((self.seed, which))
        if np.dtype(self.work.dtype).kind in "iu":
            return random.integers(0, 100, shape).astype(self.work.dtype)
        return random.standard_normal(shape, dtype="float64").astype(self.work.dtype)
