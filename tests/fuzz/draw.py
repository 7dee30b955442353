"""Random choices that a seed repeats, and arrays of every dtype that lie in memory in odd ways."""

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

WHOLE = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
FLOATS = ("float16", "float32", "float64", "longdouble")
COMPLEX = ("complex64", "complex128", "clongdouble")
DTYPES = (*WHOLE, *FLOATS, *COMPLEX, "float32", "float64", "float32", "float64")


class Draw:
    """What one seed draws, always the same."""

    def __init__(self, seed):
        self.seed, self.rng = seed, np.random.default_rng(seed)

    def whole(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def one(self, *choices):
        return choices[self.whole(0, len(choices) - 1)]

    def maybe(self, share):
        return bool(self.rng.random() < share)

    def pair(self, low, high):
        """Two whole numbers, in one of the ways to write them."""
        a, b = self.whole(low, high), self.whole(low, high)
        return self.one(a, (a, b), (a, b), [a, b], np.int64(a), np.array([a, b]), (np.int8(a), b))


@dataclass(frozen=True)
class Given:
    """An array as it is handed over, and the memory behind it as it was before."""

    typed: Any
    owner: Any
    before: bytes

    @property
    def unchanged(self):
        return self.owner is None or self.owner.tobytes() == self.before


class Own(np.ndarray):
    """A subclass, which results must not become."""


class Like:
    """What is no array, and can be made one."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def given(d, shape, dtype, style=None, plain=False):
    """Draw an array of this shape and dtype, its numbers, and how it lies in memory."""
    values = numbers(d, shape, np.dtype(dtype), style)
    typed, owner = (values, values) if plain else d.one(*MEMORY, *MEMORY[:3])(d, values)
    return Given(typed, owner, b"" if owner is None else owner.tobytes())


def numbers(d, shape, dtype, style=None):
    """Draw numbers: small and whole, of every size, not finite, at the ends of what there is."""
    if dtype.kind == "b":
        return d.rng.random(shape) < 0.5
    if dtype.kind in "iu":
        return _integers(d, shape, np.iinfo(dtype), style)
    if dtype.kind == "c":
        real = np.dtype(f"f{dtype.itemsize // 2}")
        made = np.empty(shape, dtype)
        made.real, made.imag = (numbers(d, shape, real, style) for _ in range(2))
        return made
    style = style or d.one("whole", "normal", "normal", "wide", "mask", "special", "huge", "tiny")
    return _floats(d, shape, dtype, style)


def _integers(d, shape, ends, style):
    style = style or d.one("small", "small", "small", "any", "ends")
    if style == "any":
        return d.rng.integers(ends.min, ends.max, shape, ends.dtype, endpoint=True)
    if style == "ends":
        few = [ends.min, ends.max, 0, 1, ends.max - 1]
        return np.array(few, ends.dtype)[d.rng.integers(0, len(few), shape)]
    return d.rng.integers(max(ends.min, -9), 10, shape).astype(ends.dtype)


def _floats(d, shape, dtype, style):
    rng, ends = d.rng, np.finfo(dtype)
    made = rng.normal(size=shape).astype(dtype)
    if style == "whole":
        return rng.integers(-9, 10, shape).astype(dtype)
    if style == "wide":
        most = min(float(np.log10(ends.max)), 300) * d.one(0.02, 0.1, 0.45)
        return (made * 10.0 ** rng.uniform(-most, most, shape)).astype(dtype)
    if style == "mask":
        return np.where(rng.random(shape) < d.one(0.01, 0.3), abs(made), dtype.type(0))
    if style == "special":
        odd = np.array(d.one([np.nan], [np.inf], [-np.inf, np.inf, np.nan, -0.0]), dtype)
        return np.where(rng.random(shape) < 0.1, odd[rng.integers(0, len(odd), shape)], made)
    if style == "huge":
        return made * (ends.max / d.one(8, 8, 1000))
    if style == "tiny":
        return made * ends.tiny * d.one(0.01, 1, 100)
    return made


def bits(a):
    """All that two equal arrays have in common; of long doubles without the bytes between them."""
    if a.dtype.type in (np.longdouble, np.clongdouble):
        with np.errstate(all="ignore"):
            high = a.astype(np.complex128)
            return high.tobytes() + (a - high).astype(np.complex128).tobytes()
    return str(a.dtype).encode() + a.tobytes()


# -- how numbers lie in memory: each takes values, and returns what is typed and who owns it --


def _as_it_is(d, a):
    return a, a


def _fortran(d, a):
    made = np.array(a, order="F")
    return made, made


def _turned(d, a):
    order = d.rng.permutation(a.ndim)
    owner = np.array(a.transpose(order), order="C")
    return owner.transpose(np.argsort(order)), owner


def _reversed(d, a):
    ways = tuple(slice(None, None, d.one(1, -1, -1)) for _ in a.shape)
    owner = np.array(a[ways], order="C")
    return owner[ways], owner


def _sliced(d, a):
    steps = [d.one(1, 2, 3) for _ in a.shape]
    owner = np.zeros([n * s + 1 for n, s in zip(a.shape, steps, strict=True)], a.dtype)
    part = tuple(slice(1, n * s + 1, s) for n, s in zip(a.shape, steps, strict=True))
    owner[part] = a
    return owner[part], owner


def _broadcast(d, a):
    once = tuple(slice(0, d.one(1, None)) for _ in a.shape)
    owner = a[once].copy()
    return np.broadcast_to(owner, a.shape), owner


def _overlapping(d, a):
    if a.size == 0 or a.ndim == 0:
        return a, a
    owner = a.ravel()[: sum(a.shape)].copy()
    steps = [owner.itemsize * (sum(a.shape) <= owner.size)] * a.ndim
    return as_strided(owner, a.shape, steps, writeable=False), owner


def _swapped(d, a):
    made = a.astype(a.dtype.newbyteorder())
    return made, made


def _unaligned(d, a):
    owner = np.zeros(a.nbytes + 1, np.uint8)
    view = np.ndarray(a.shape, a.dtype, owner, 1)
    view[...] = a
    return view, owner


def _read_only(d, a):
    made = a.copy()
    made.flags.writeable = False
    return made, made


def _field(d, a):
    owner = np.zeros(a.shape, [("before", "u1"), ("here", a.dtype), ("after", "f4")])
    owner["here"] = a
    return owner["here"], owner


def _subclass(d, a):
    made = a.copy().view(Own)
    return made, made


def _mapped(d, a):
    if a.size == 0 or d.maybe(0.8):
        return a, a
    with tempfile.TemporaryFile() as file:
        made = np.memmap(file, a.dtype, "w+", shape=a.shape or (1,)).reshape(a.shape)
    made[...] = a
    return made, made


def _absurd(d, a):
    """Axes of length 1 may have any stride."""
    steps = [s if n > 1 else 2**40 + 3 for s, n in zip(a.strides, a.shape, strict=True)]
    return as_strided(a, a.shape, steps), a


def _lists(d, a):
    return (a.tolist(), None) if a.dtype in (bool, int, float, complex) else (a, a)


def _like(d, a):
    return Like(a), a


MEMORY = (
    _as_it_is, _turned, _sliced, _fortran, _reversed, _broadcast, _overlapping, _swapped,
    _unaligned, _read_only, _field, _subclass, _mapped, _absurd, _lists, _like,
)  # fmt: skip
