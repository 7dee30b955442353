"""Random arguments of the poolings, and the poolings again, in plain loops over lists of cells."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

DEFAULTS = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False, "layout": "NCHW"}

#: Whole when divided by any number of cells that a window of up to 4x4 can have.
EVERY_DIVISOR = math.lcm(*(rows * columns for rows in (1, 2, 3, 4) for columns in (1, 2, 3, 4)))


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)


def begins(size, kernel, stride, padding, dilation, ceil_mode):
    """Say where the windows of one axis begin, one after the other until one does not fit."""
    extent, places = (kernel - 1) * dilation + 1, []
    missing = stride - 1 if ceil_mode else 0  # so many cells the last window may lack
    while len(places) * stride + extent <= size + 2 * padding + missing:
        if ceil_mode and len(places) * stride >= size + padding:
            break
        places.append(len(places) * stride - padding)
    return places


@dataclass(frozen=True)
class Pool:
    """A pooling: x as (N, C, H, W), and the arguments that are not the default, as typed."""

    x: Any
    kernel_size: Any
    arguments: dict[str, Any]

    def get(self, name):
        value = self.arguments.get(name, DEFAULTS[name])
        return self.kernel_size if name == "stride" and value is None else value

    def axis(self, number):
        """Size, kernel, stride, padding and dilation of the rows (0) or the columns (1)."""
        steps = (self.kernel_size, *map(self.get, ("stride", "padding", "dilation")))
        return self.x.shape[2 + number], *(as_pair(step)[number] for step in steps)

    def begins(self):
        """Where the windows begin: by row, by column."""
        return [begins(*self.axis(number), self.get("ceil_mode")) for number in (0, 1)]

    def reads(self, begin, number, margin=0):
        """List the rows (0) or columns (1) of a window that lie in the image or its margin."""
        size, kernel, _, _, dilation = self.axis(number)
        reads = [begin + tap * dilation for tap in range(kernel)]
        return [place for place in reads if -margin <= place < size + margin]

    def windows(self):
        """Yield each (n, c, i, j) with the (n, c, row, column) of its cells that exist."""
        below, beside = self.begins()
        for n, c, i, j in np.ndindex(*self.x.shape[:2], len(below), len(beside)):
            rows, columns = self.reads(below[i], 0), self.reads(beside[j], 1)
            yield (n, c, i, j), [(n, c, row, column) for row in rows for column in columns]

    @property
    def output_shape(self):
        return *self.x.shape[:2], *map(len, self.begins())

    @property
    def has_empty_window(self):
        return not all(cells for _, cells in self.windows())

    def divisor(self, i, j, count_include_pad):
        """Count the cells of window (i, j), with those of the padding or without."""
        margins = as_pair(self.get("padding")) if count_include_pad else (0, 0)
        places = self.begins()[0][i], self.begins()[1][j]
        return math.prod(len(self.reads(places[a], a, margins[a])) for a in (0, 1))

    def reduced(self, of, dtype=float):
        """Apply `of` to the list of the values of each window."""
        y = np.empty(self.output_shape, dtype)
        for place, cells in self.windows():
            y[place] = of([self.x[cell] for cell in cells])
        return y

    def mean(self, count_include_pad=True):
        y = self.reduced(sum)
        for i, j in np.ndindex(y.shape[2:]):
            y[:, :, i, j] /= self.divisor(i, j, count_include_pad)
        return y

    def max_backward(self, grad):
        """Give each gradient to the first of the largest cells, or to the last NaN."""
        dx = np.zeros(self.x.shape, grad.dtype)
        for place, cells in self.windows():
            values = [self.x[cell] for cell in cells]
            nans = [cell for cell, value in zip(cells, values, strict=True) if value != value]
            if cells:
                dx[nans[-1] if nans else cells[values.index(max(values))]] += grad[place]
        return dx

    def avg_backward(self, grad, count_include_pad=True):
        dx = np.zeros(self.x.shape)
        for place, cells in self.windows():
            for cell in cells:
                dx[cell] += grad[place] / self.divisor(*place[2:], count_include_pad)
        return dx

    def typed(self, array):
        """Give canonical axes the order that the layout asks for."""
        return array.transpose(0, 2, 3, 1) if self.get("layout") == "NHWC" else array

    def canonical(self, array):
        """Give axes in the order of the layout their canonical order."""
        return array.transpose(0, 3, 1, 2) if self.get("layout") == "NHWC" else array


def sizes(low, high):
    """One number for both, or a (row, column) pair."""
    number = st.integers(low, high)
    return st.one_of(number, st.tuples(number, number), st.tuples(number, number))


@st.composite
def pools(draw, *, dilated=True, special=False, dtypes=("float64",), empty=False):
    """Draw a pooling with a window; `special`: not finite numbers; `empty`: windows of no cell."""
    kernel = draw(sizes(1, 4))
    most = [k // 2 for k in as_pair(kernel)]
    several = st.tuples(*(st.integers(0, m) for m in most)).filter(any)
    one = st.integers(1, max(min(most), 1))
    arguments = {
        "stride": draw(st.one_of(st.none(), sizes(1, 4))),
        "padding": draw(st.one_of(st.just(0), *[one] * all(most), *[several] * any(most))),
        "dilation": draw(sizes(1, 3)) if dilated else 1,
        "ceil_mode": draw(st.booleans()),
        "layout": draw(st.sampled_from(["NCHW", "NHWC"])),
    }
    arguments = {name: value for name, value in arguments.items() if value != DEFAULTS[name]}

    # From the smallest image into which the first window fits.
    unsized = Pool(np.empty((1, 1, 1, 1)), kernel, arguments)
    shape = [draw(st.integers(1, 2)), draw(st.integers(1, 3))]
    for number in 0, 1:
        _, k, s, p, d = unsized.axis(number)
        missing = s - 1 if unsized.get("ceil_mode") else 0
        shape.append(max((k - 1) * d + 1 - 2 * p - missing, 1) + draw(st.integers(0, 5)))

    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    low, high = {"b": (0, 2), "u": (0, 10)}.get(dtype.kind, (-4, 5))  # few numbers: many ties
    x = rng.integers(low, high, shape).astype(dtype)
    if special and dtype.kind == "f" and draw(st.sampled_from([False, True, True, True])):
        x[rng.random(shape) < 0.3] = draw(st.sampled_from([np.nan, np.inf]))
        x[rng.random(shape) < draw(st.sampled_from([0, 0.3, 0.9]))] = -np.inf
    pool = Pool(x, kernel, arguments)
    assume(empty or not pool.has_empty_window)
    return pool
