"""What the tests of the fast methods share: random arguments, and how far an answer may be off."""

from types import SimpleNamespace

import numpy as np

from convlib import conv2d
from convlib.fast import METHODS, rule
from convlib.operands import read

NAMES = tuple(METHODS)
CHOOSING = rule
MODES = ("zeros", "reflect", "replicate", "circular")

# The error that each docstring allows, over the largest output, of unit-normal numbers up to 5x5.
ALLOWED = {
    "float32": {"winograd": 2e-5, "fft": 1e-6},
    "float64": {"winograd": 5e-14, "fft": 3e-15},
}
OF_A_SUM = {"float32": 1e-6, "float64": 2e-15}


def allowed(method, dtype):
    name = np.dtype(dtype).name
    if method == "auto":
        return ALLOWED[name]["winograd"]
    return ALLOWED[name].get(method, OF_A_SUM[name])


def geometry(x, w, **arguments):
    return read(x, w, **arguments).geometry


def normal(shape, dtype="float32", seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def in_layout(x, w, layout):
    """Give (N, C, H, W) and (O, C, KH, KW) the axes of a layout, in memory as those stand."""
    if layout == "NCHW":
        return x, w
    return np.array(x.transpose(0, 2, 3, 1), order="C"), np.array(
        w.transpose(2, 3, 1, 0), order="C"
    )


def drawn(seed, *, kernel=None, plain=False, dtype="float64"):
    """Draw x, w, bias and arguments: all axes, steps, paddings, groups and layouts.

    `plain`: stride, dilation and groups are 1.
    """
    rng = np.random.default_rng(seed)
    kh, kw = (int(k) for k in (kernel or rng.integers(1, 6, 2)))
    one = (1, 1)
    stride, dilation = (
        one if plain or rng.random() < 0.4 else tuple(int(s) for s in rng.integers(1, 4, 2))
        for _ in range(2)
    )
    eh, ew = ((k - 1) * d + 1 for k, d in zip((kh, kw), dilation, strict=True))
    sides = rng.integers(0, 4, 4) * (rng.random() < 0.7)
    top, bottom, left, right = (int(s) for s in sides)
    h = max(eh - top - bottom, top + 1, bottom + 1, 1) + int(rng.integers(0, 12))
    w = max(ew - left - right, left + 1, right + 1, 1) + int(rng.integers(0, 14))
    flat = rng.random() < 0.2
    groups = 1 if plain or flat else int(rng.choice([1, 1, 2, 3]))
    depthwise = groups > 1 and rng.random() < 0.5
    of_group = 1 if flat or depthwise else int(rng.choice([1, 2, 5, 18]))
    filters = groups if depthwise else groups * int(rng.integers(1, 5))
    x = rng.normal(size=(int(rng.integers(1, 4)), groups * of_group, h, w)).astype(dtype)
    weights = rng.normal(size=(filters, of_group, kh, kw)).astype(dtype)
    layout = str(rng.choice(["NCHW", "NHWC"]))
    arguments = {
        "stride": stride,
        "dilation": dilation,
        "padding": ((top, bottom), (left, right)),
        "padding_mode": str(rng.choice(MODES)),
        "groups": groups,
        "layout": layout,
    }
    bias = rng.normal(size=filters).astype(dtype) if rng.random() < 0.5 else None
    if flat:
        return x[0, 0], weights[0, 0], None if bias is None else bias[0], arguments
    x, weights = in_layout(x, weights, layout)
    if rng.random() < 0.3:
        x = x[0]
    if groups == 1 and rng.random() < 0.2:
        weights = weights[..., 0] if layout == "NHWC" else weights[0]
        bias = None if bias is None else bias[:1]
    return x, weights, bias, arguments


def off(y, x, w, bias=None, **arguments):
    """The largest error of `y` over the largest output, both of numbers of about 1.

    What is right is "strided" in float64. A single output may by chance be next to nothing, and no
    measure of anything: the least that counts as its size is what such sums are on average.
    """
    wider = [None if a is None else np.asarray(a).astype(np.float64) for a in (x, w, bias)]
    right = conv2d(*wider, method="strided", **arguments)
    assert y.shape == right.shape
    kernel = geometry(x, w, **arguments)
    usual = np.sqrt(kernel.channels // kernel.groups * np.prod(kernel.kernel_size))
    return abs(y - right).max() / max(abs(right).max(), usual)


def agrees(method, seed, *, dtype="float64", threads=1, **how):
    """Hold one method against "strided" in float64, with what `drawn` draws."""
    x, w, bias, arguments = drawn(seed, dtype=dtype, **how)
    y = conv2d(x, w, bias, method=method, threads=threads, **arguments)
    assert y.dtype == np.dtype(dtype)
    assert off(y, x, w, bias, **arguments) <= allowed(method, dtype), arguments
    return y


def held(monkeypatch, module, name):
    """Count the calls of a function, which goes on to do what it did."""
    calls = []
    original = getattr(module, name)

    def spy(*args, **kwargs):
        calls.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, spy)
    return calls


def spied(tell):
    """The methods, as `convlib.fast.run` has them, which `tell` their names and arguments."""

    def spy_on(name, module):
        def spy(*args):
            tell(name, *args)
            return module.correlate(*args)

        return SimpleNamespace(correlate=spy, refuses=module.refuses)

    return {name: spy_on(name, module) for name, module in METHODS.items()}
