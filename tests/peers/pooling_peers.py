"""The poolings by PyTorch: forward, and backward by its autograd."""

from collections import Counter
from functools import partial

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import convlib
from tests.core.pools import EVERY_DIVISOR, as_pair, pools

EXAMPLES = 400  # of each function
FLOATS = ("float32", "float64")
DTYPES = ("float16", *FLOATS)
#: With NumPy's reductions that leave out NaN, the mark of a cell that does not exist.
REDUCTIONS = (
    (np.median, np.nanmedian), (np.min, np.nanmin), (np.sum, np.nansum), (np.mean, np.nanmean)
)  # fmt: skip


def tensor(array, pool, **options):
    """Copy (N, C, H, W) into a tensor whose memory is in the order of the layout."""
    import torch

    torch.set_num_threads(1)  # on arrays this small, threads only wait for each other
    # PyTorch has other code for channels last. In bytes it takes images of 127 pixels at most.
    last = pool.get("layout") == "NHWC" and array.itemsize > 1
    order = torch.channels_last if last else torch.contiguous_format
    return torch.tensor(array, **options).contiguous(memory_format=order)


def steps_of(pool):
    """The arguments as PyTorch takes them: one that it lacks is left out."""
    steps = {name: value for name, value in pool.arguments.items() if name != "layout"}
    return {"kernel_size": pool.kernel_size, **steps}


def convlib_of(function, pool, *arrays, ndim=4, **arguments):
    """Call a function of convlib on arrays of `ndim` axes; return canonical ones."""
    first = (0,) * (4 - ndim)  # of the images, and of the channels
    typed = (array[first] if ndim < 3 else pool.typed(array)[first] for array in arrays)
    y = function(*typed, kernel_size=pool.kernel_size, **pool.arguments, **arguments)
    return pool.canonical(y.reshape(*(1,) * (4 - ndim), *y.shape)) if ndim > 2 else y[None, None]


def one_image(pool, ndim):
    """Leave the batch and the channels that an array of `ndim` axes cannot hold."""
    images = pool.x[: 1 if ndim < 4 else None, : 1 if ndim < 3 else None]
    return type(pool)(images, pool.kernel_size, pool.arguments)


def forward(name, pool, **arguments):
    """The output of torch.nn.functional.`name`."""
    from torch.nn import functional

    return getattr(functional, name)(tensor(pool.x, pool), **steps_of(pool), **arguments).numpy()


def backward(name, pool, grad, **arguments):
    """The gradient of x, by autograd."""
    from torch.nn import functional

    x = tensor(pool.x, pool).requires_grad_()
    getattr(functional, name)(x, **steps_of(pool), **arguments).backward(tensor(grad, pool))
    return x.grad.numpy()


def compare_max(pool, ndim, count):
    wanted = forward("max_pool2d", pool)
    return convlib_of(convlib.max_pool2d, pool, pool.x, ndim=ndim), wanted


def compare_avg(pool, ndim, count):
    wanted = forward("avg_pool2d", pool, count_include_pad=count)
    arguments = {"count_include_pad": count, "ndim": ndim}
    return convlib_of(convlib.avg_pool2d, pool, pool.x, **arguments), wanted


def compare_any(pool, ndim, count):
    """The windows of unfold, on an image in a frame of NaN, whose width max_pool2d tells."""
    from torch.nn import functional

    output, frame = forward("max_pool2d", pool).shape, []
    for number in 1, 0:  # torch begins with the last axis
        size, kernel, stride, padding, dilation = pool.axis(number)
        reach = (output[2 + number] - 1) * stride + (kernel - 1) * dilation + 1
        # A window may also end before the padding does.
        frame += [padding, max(reach - size - padding, 0)]
    framed = functional.pad(tensor(pool.x, pool), frame, value=np.nan)
    down, right = as_pair(pool.kernel_size)
    steps = {"stride": pool.get("stride"), "dilation": pool.get("dilation")}
    columns = functional.unfold(framed, (down, right), **steps).numpy()
    windows = columns.reshape(*output[:2], down * right, *output[2:])
    reduce, without_nan = REDUCTIONS[int(abs(pool.x).sum()) % len(REDUCTIONS)]
    y = convlib_of(partial(convlib.pool2d, reduce=reduce), pool, pool.x, ndim=ndim)
    return y, without_nan(windows, axis=2)


def gradient(pool):
    """Draw a gradient, every share of which is whole."""
    rng = np.random.default_rng(pool.x.size)
    return (EVERY_DIVISOR * rng.integers(-9, 10, pool.output_shape)).astype(pool.x.dtype)


def compare_max_backward(pool, ndim, count):
    grad = gradient(pool)
    dx = convlib_of(convlib.max_pool2d_backward, pool, grad, pool.x, ndim=ndim)
    return dx, backward("max_pool2d", pool, grad)


def compare_avg_backward(pool, ndim, count):
    grad, arguments = gradient(pool), {"count_include_pad": count}
    dx = convlib_of(convlib.avg_pool2d_backward, pool, grad, pool.x, ndim=ndim, **arguments)
    return dx, backward("avg_pool2d", pool, grad, **arguments)


WHOLE = ("uint8", "int8", "int16", "int32", "int64")  # PyTorch's maximum knows no bool
# No windows of no cell on the way back: PyTorch's autograd writes beside the image for them, and
# may bring the whole process down.
FUNCTIONS = {
    "max_pool2d": (compare_max, st.one_of(
        pools(dtypes=DTYPES, special=True, empty=True), pools(dtypes=WHOLE, empty=True))),
    "avg_pool2d": (compare_avg, pools(dtypes=DTYPES, dilated=False)),
    "pool2d": (compare_any, pools(dtypes=FLOATS)),
    "max_pool2d_backward": (compare_max_backward, pools(dtypes=FLOATS, special=True)),
    "avg_pool2d_backward": (compare_avg_backward, pools(dtypes=FLOATS, dilated=False)),
}  # fmt: skip
TAGS = (
    "every case", "stride", "padding", "dilation", "ceil_mode", "count_include_pad",
    "layout, NHWC", "one image", "2-D", "not finite", "integers",
)  # fmt: skip


def tags(name, pool, ndim, count):
    """Which arguments have another value than the default, and what is special in x."""
    yield "every case"
    if as_pair(pool.get("padding")) != (0, 0):
        yield "padding"
    yield from (tag for tag in ("stride", "dilation", "ceil_mode") if tag in pool.arguments)
    if not count and name.startswith("avg"):
        yield "count_include_pad"
    if pool.get("layout") == "NHWC":
        yield "layout, NHWC"
    if ndim < 4:
        yield "one image"
    if ndim == 2:
        yield "2-D"
    if not np.isfinite(pool.x).all():
        yield "not finite"
    if pool.x.dtype.kind in "iu":
        yield "integers"


def expresses(name, tag):
    """Whether there are cases of a function with this tag."""
    known = {
        "dilation": not name.startswith("avg"),
        "count_include_pad": name.startswith("avg"),
        "not finite": name.startswith("max"),
        "integers": name == "max_pool2d",
    }
    return known.get(tag, True)


def run(name, share=1):
    """Compare random cases with PyTorch; return how often each argument took part."""
    compare, strategy = FUNCTIONS[name]
    tally = Counter()

    @settings(
        max_examples=EXAMPLES // share,
        deadline=None,
        # A failing example is shrunk as always; none is kept between runs.
        phases=(Phase.generate, Phase.shrink),
        database=None,
        report_multiple_bugs=False,
    )
    @given(strategy, st.sampled_from([4, 3, 2, 2]), st.booleans())
    def each(pool, ndim, count):
        pool = one_image(pool, ndim)
        got, wanted = compare(pool, ndim, count)
        # All numbers are whole and small, and a quotient is rounded once: no tolerance.
        np.testing.assert_array_equal(got, wanted, strict=True)
        tally.update(tags(name, pool, ndim, count))

    each()
    return tally


def counts():
    """Compare every function; return the number of its cases."""
    return {name: run(name)["every case"] for name in FUNCTIONS}


def markdown(tallies):
    """Write the counts as a table, with a dash where a function has no such argument."""
    rows = [["compared with PyTorch, by argument", *tallies], ["---", *["---:"] * len(tallies)]]
    for tag in TAGS:
        rows.append([tag, *(str(tallies[n][tag]) if expresses(n, tag) else "-" for n in tallies)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
