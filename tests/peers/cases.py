"""Random arguments of conv2d, as a reader may spell them, with all that a peer needs to know."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

MODES = ("zeros", "reflect", "replicate", "circular")
PADDINGS = ("none", "int", "pair", "four sides", "valid", "same", "same_lower")


@dataclass(frozen=True)
class Case:
    """The arguments as typed, and the same convolution in canonical axes.

    `images` is (N, C, H, W), `filters` (O, C/groups, KH, KW), `biases` (O,) and `sides`
    ((top, bottom), (left, right)): worked out here and not by convlib.
    """

    x: Any
    w: Any
    bias: Any
    arguments: dict[str, Any]
    images: Any
    filters: Any
    biases: Any
    stride: tuple[int, int]
    dilation: tuple[int, int]
    sides: tuple[tuple[int, int], tuple[int, int]]
    mode: str
    groups: int
    spelling: str

    @property
    def extent(self):
        """Rows and columns from a window's first tap to its last."""
        sizes = zip(self.filters.shape[2:], self.dilation, strict=True)
        return tuple((k - 1) * d + 1 for k, d in sizes)

    def canonical(self, y):
        """Give a result of conv2d the axes (N, O, OH, OW)."""
        y = y[None] if self.x.ndim < 4 else y
        if self.w.ndim < 4:
            return y[:, None]
        return y.transpose(0, 3, 1, 2) if self.arguments.get("layout") == "NHWC" else y

    def tags(self):
        """Which arguments have another value than the default."""
        yield "every case"
        if self.bias is not None:
            yield "bias"
        if self.stride != (1, 1):
            yield "stride"
        # Padding that adds no cell is no test of padding; "valid" never adds one.
        padded = self.sides != ((0, 0), (0, 0))
        if self.spelling != "none" and (padded or self.spelling == "valid"):
            yield f"padding, {self.spelling}"
        if self.dilation != (1, 1):
            yield "dilation"
        if self.groups > 1:
            yield "groups"
        if self.mode != "zeros" and padded:
            yield f"padding_mode, {self.mode}"
        if self.arguments.get("layout") == "NHWC":
            yield "layout, NHWC"
        if self.x.ndim < 4:
            yield "one image"
        if self.w.ndim < 4:
            yield "one kernel"
        if self.x.ndim == 2:
            yield "2-D"


TAGS = (
    "every case", "bias", "stride", *(f"padding, {p}" for p in PADDINGS[1:]), "dilation", "groups",
    *(f"padding_mode, {m}" for m in MODES[1:]), "layout, NHWC", "one image", "one kernel", "2-D",
)  # fmt: skip


def same_sides(size, extent, stride, lower):
    """SAME padding of one axis, by the documented rule of TensorFlow; ONNX's SAME_LOWER."""
    total = max(extent - stride, 0) if size % stride == 0 else max(extent - size % stride, 0)
    less, more = total // 2, total - total // 2
    return (more, less) if lower else (less, more)


def pairs(low, high):
    """1, one number for both, or a (row, column) pair of different numbers."""
    several = st.tuples(st.integers(low, high), st.integers(low, high))
    several = several.filter(lambda pair: pair[0] != pair[1])
    return st.one_of(st.just(1), st.integers(low, high), several, several)


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)


@st.composite
def cases(draw, spelling, mode, *, dtypes=("float64",), odd=False):
    """Draw one case whose padding is spelled so; `odd`: centred windows, as ndimage has them."""
    stride, dilation = draw(pairs(1, 3)), draw(pairs(1, 3))
    (sh, sw), (dh, dw) = as_pair(stride), as_pair(dilation)
    if odd:
        kh, kw = draw(st.sampled_from([(1, 3), (3, 1), (3, 5), (5, 3)]))
    else:
        kh = draw(st.integers(1, 4))
        kw = draw(st.integers(1, 4).filter(lambda k: k != kh))
    eh, ew = (kh - 1) * dh + 1, (kw - 1) * dw + 1

    side = st.integers(0, 3)
    if odd and spelling not in ("same", "same_lower"):
        padding = (eh // 2, ew // 2)
        if spelling == "four sides":
            padding = tuple((p, p) for p in padding)
    elif spelling == "int":
        padding = draw(st.integers(1, 3))
    elif spelling == "pair":
        padding = draw(st.tuples(side, side).filter(lambda p: p[0] != p[1]))
    elif spelling == "four sides":
        four = st.tuples(side, side, side, side).filter(lambda p: p[:2] != p[2:])
        padding = (lambda p: (p[:2], p[2:]))(draw(four))
    else:
        padding = 0 if spelling == "none" else spelling
    if odd and spelling in ("same", "same_lower"):
        stride, sh, sw = 1, 1, 1  # with larger steps SAME windows are not centred on every cell

    def most(extent, axis):
        """The widest side of one axis, or a bound of it that does not wait for the size."""
        if isinstance(padding, str):
            return 0 if padding == "valid" else extent // 2
        return max(as_pair(as_pair(padding)[axis]))

    def least(extent, axis):
        """The smallest image into which the kernel fits with any such padding."""
        fits = extent
        if not isinstance(padding, str):
            fits = extent - sum(as_pair(as_pair(padding)[axis]))
        elif padding != "valid":
            fits = 1
        return max(fits, 1, most(extent, axis) + 1 if mode in ("reflect", "circular") else 1)

    h = least(eh, 0) + draw(st.integers(0, 4))
    first = least(ew, 1)
    w = draw(st.sampled_from([size for size in range(first, first + 6) if size != h]))
    if isinstance(padding, str) and padding != "valid":
        lower = padding == "same_lower"
        sides = same_sides(h, eh, sh, lower), same_sides(w, ew, sw, lower)
    else:
        numeric = (0, 0) if isinstance(padding, str) else as_pair(padding)
        sides = as_pair(numeric[0]), as_pair(numeric[1])

    axes = [(4, 4), (3, 4), (4, 3), (3, 3), (2, 2)]  # of x and of w
    x_axes, w_axes = draw(st.sampled_from(axes))
    one_image, one_kernel, flat = x_axes < 4, w_axes < 4, x_axes == 2
    groups = 1 if one_kernel else draw(st.integers(1, 3))
    channels = 1 if flat else groups * draw(st.integers(1, 2))
    count = 1 if one_kernel else groups * draw(st.integers(1, 2))
    batch = 1 if one_image else draw(st.integers(1, 2))
    layout = draw(st.sampled_from(["NCHW", "NHWC"]))
    dtype = draw(st.sampled_from(dtypes))

    # Small whole numbers: every sum of products is exact in every dtype, so == is the comparison.
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    images = rng.integers(-9, 10, (batch, channels, h, w)).astype(dtype)
    filters = rng.integers(-9, 10, (count, channels // groups, kh, kw)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        images = images + 1j * rng.integers(-9, 10, images.shape)
        filters = filters + 1j * rng.integers(-9, 10, filters.shape)
    biases = rng.integers(-99, 100, count).astype(dtype) if draw(st.booleans()) else None

    x, kernels = images, filters
    if layout == "NHWC":
        x, kernels = x.transpose(0, 2, 3, 1), kernels.transpose(2, 3, 1, 0)
    if one_image:
        x = x[0]
    if one_kernel:
        kernels = kernels[..., 0] if layout == "NHWC" else kernels[0]
    if flat:
        x, kernels = images[0, 0], filters[0, 0]
    bias = biases
    if one_kernel and biases is not None and draw(st.booleans()):
        bias = biases[0]

    typed = {"stride": stride, "dilation": dilation, "padding": padding, "groups": groups}
    typed |= {"padding_mode": mode, "layout": layout}
    defaults = {"stride": 1, "dilation": 1, "padding": 0, "groups": 1}
    defaults |= {"padding_mode": "zeros", "layout": "NCHW"}
    return Case(
        x=x,
        w=kernels,
        bias=bias,
        # What has its default value is not spoken of at all.
        arguments={name: value for name, value in typed.items() if value != defaults[name]},
        images=images,
        filters=filters,
        biases=biases,
        stride=(sh, sw),
        dilation=(dh, dw),
        sides=sides,
        mode=mode,
        groups=groups,
        spelling=spelling,
    )


def count(tally: Counter, case: Case) -> None:
    """Add one case that has been compared."""
    tally.update(case.tags())
