"""Random arrays in every explorer, and every control swept: nothing raises or leaves the page."""

import io
import warnings

import numpy as np
from PIL import Image

from convlens import explore
from convlens.picture.code import plain
from convlib import conv2d
from tests.explore import layout
from tests.explore.steady import Steady
from tests.explore.sweep import sweep
from tests.fuzz.draw import DTYPES, Draw, given, numbers
from tests.fuzz.judge import WORDS, Verdict

MOST = 3  # places of a control


def arrays(d, *shapes):
    """Draw arrays for these shapes, of one dtype or of several."""
    dtype = d.one(*DTYPES)
    return [given(d, shape, d.one(dtype, dtype, d.one(*DTYPES))).typed for shape in shapes]


def layer(d):
    """Draw x, w and steps, from one cell up to a large image."""
    if d.maybe(0.1):
        shapes = (513, 777), (d.whole(1, 5), d.whole(1, 5))
    elif d.maybe(0.15):
        shapes = (1, 1), (1, 1)
    else:
        kernel, c, o = (d.whole(1, 4), d.whole(1, 4)), d.whole(1, 3), d.whole(1, 3)
        size = [k + d.whole(0, 12) for k in kernel]
        shapes = d.one(
            ((c, *size), (o, c, *kernel)), (size, kernel), ((2, c, *size), (o, c, *kernel))
        )
    steps = {"stride": d.one(1, 1, 2, (1, 3))} | (
        {"padding": d.whole(1, 2)} if d.maybe(0.3) else {}
    )
    return *arrays(d, *shapes), steps


def over_layer(kind):
    def made(d):
        x, w, steps = layer(d)
        return kind, (x, w), steps

    return made


def way_back(d):
    x, w, steps = layer(d)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        shape = conv2d(np.zeros(np.shape(x)), np.zeros(np.shape(w)), **steps).shape
    return "way_back", (*arrays(d, shape), x, w), steps


def filter_(d):
    shape = d.one((513, 777), (d.whole(1, 40), d.whole(1, 40)), (1, 1), (5, 1), (20, 30, 3))
    style = d.one("uint8", "float", "any")
    if style == "uint8":
        photo = d.rng.integers(0, 256, shape, np.uint8)
    else:
        photo = d.rng.random(shape).astype(d.one("f2", "f4", "f8", "g"))
        photo = photo if style == "float" else numbers(d, shape, np.dtype(d.one(*DTYPES)))
    size = d.one(3, 5)
    weights = given(d, (size, size), d.one("i4", "f4", "f8", "f2", "bool", "i8"), "whole").typed
    return "filter", (photo, d.one(None, weights)), {}


def plane(d, low=1, high=9):
    shape = d.one((d.whole(low, high), d.whole(low, high)), (1, 1), (1, d.whole(low, high)))
    return arrays(d, shape)[0]


def pool(d):
    steps = {"padding": d.one(0, 0, 1), "dilation": d.one(1, 1, 2), "stride": d.one(None, 1, 2)}
    x = d.one(plane(d), plane(d, 9, 30), numbers(d, (513, 777), np.dtype(d.one(*DTYPES))))
    return "pool", (x, d.one(1, 2, 3, (2, 3))), steps


def small(kind):
    def made(d):
        x = plane(d, 1, 5)
        if kind == "updates":  # numbers that 1 can be added to
            x = given(d, np.shape(x), d.one("i8", "u1", "f4", "f8", "bool"), "whole").typed
        return kind, (x, d.one(1, 2, (1, 2), (2, 1))), {}

    return made


def readings(d):
    return "readings", tuple(arrays(d, (d.whole(1, 4), d.whole(1, 4), d.whole(1, 4)))), {}


def stops(d):
    size = d.one(d.whole(1, 20), *arrays(d, (d.whole(1, 12),)))
    steps = {"stride": d.whole(1, 4), "padding": d.whole(0, 2), "dilation": d.whole(1, 3)}
    return "stops", (size, d.whole(1, 4)), {"vary": d.one(*steps), **steps}


def output_size(d):
    return "output_size", (plane(d, 1, 12), d.one(1, 2, 3, (2, 3))), {}


def receptive_field(d):
    layers = [(d.whole(1, 3), d.whole(1, 2), d.whole(0, 1)) for _ in range(d.whole(1, 3))]
    return "receptive_field", (layers, (d.whole(1, 14), d.whole(1, 14))), {}


def tiles(d):
    x = d.one(plane(d, 1, 16), (d.whole(1, 16), d.whole(1, 24)))
    return "tiles", (x,), {"tile": d.whole(2, 6), "kernel_size": d.whole(1, 7)}


def groups(d):
    count = d.whole(1, 4)
    sizes = count * d.whole(1, 4), count * d.whole(1, 4), d.one(1, 3, (2, 3))
    return "groups", sizes, {"groups": count, "output_size": d.one(1, (4, 5))}


def transposed(d):
    return "transposed", (plane(d, 1, 5), *arrays(d, (d.whole(1, 3), d.whole(1, 3)))), {}


LAYERS = ("window", "index_grid", "byte_strides", "layouts", "memory_orders")
DRAWN = (
    *map(over_layer, LAYERS), way_back, filter_, pool, small("patches"), small("updates"), readings,
    stops, output_size, receptive_field, tiles, groups, transposed,
)  # fmt: skip


def judge(seed):
    """Make the explorer of a seed, move every control, and hold each picture to all that holds."""
    d = Draw(seed)
    kind, arguments, steps = d.one(*DRAWN)(d)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made = getattr(explore, kind)(*arguments, **steps)
            look(kind, made)
            runs(kind, made, arguments, steps)
            if d.maybe(0.1):
                Image.open(io.BytesIO(made.png())).verify()
    except (ValueError, TypeError) as error:
        wrong = "" if WORDS.match(str(error)) else f"not worded: {type(error).__name__}: {error}"
        return Verdict(
            seed, f"explore.{kind}", "refused", "", wrong and told(kind, arguments, steps, wrong)
        )
    except Exception as error:
        wrong = f"{type(error).__name__}: {str(error)[:600]}"
        return Verdict(seed, f"explore.{kind}", "valid", "", told(kind, arguments, steps, wrong))
    return Verdict(seed, f"explore.{kind}", "valid", "")


def look(kind, made):
    """Sweep all controls, and look at every picture."""
    if kind == "output_size":  # what it shows grows with the numbers that are set
        sweep(made, lambda shown: on_the_page(shown.picture), MOST)
        return
    if kind == "layouts":  # small cells: a ring may run through the number beside it
        sweep(made, lambda shown: on_the_page(shown.picture), MOST)
        return
    looked = Steady(apart=False)
    looked(made)
    sweep(made, looked, MOST)
    if kind != "transposed":  # whose lines of numbers begin where their place says
        looked.assert_nothing_jumped()


def on_the_page(picture):
    assert layout.outside_the_page(picture) == []
    assert layout.unreadable(layout.ground(picture)) == []


def told(kind, arguments, steps, wrong):
    shown = [
        f"{a.dtype}{a.shape}" if isinstance(a, np.ndarray) and a.size > 30 else repr(a)
        for a in arguments
    ]
    return f"explore.{kind}({', '.join(shown)}, {steps}): {wrong}"


def runs(kind, made, arguments, steps):
    """Run the line of NumPy under the picture of a window: it gives the number of conv2d."""
    if kind != "window":
        return
    x, w = (np.asarray(a) for a in arguments)
    found = {"np": np, "x": x, "w": w, "y": {}}
    with np.errstate(all="ignore"):
        exec(plain(made.lines), found)
    (value,) = found["y"].values()
    wanted = made.walk.frame(*(made.values()[n] for n in ("row", "column")),
        image=made.values().get("image", 0), filter=made.values().get("filter", 0))  # fmt: skip
    with np.errstate(all="ignore"):
        size = np.abs(wanted.products.astype(complex)).sum()
        off = abs(complex(value) - complex(wanted.sum))
    assert off <= 1e-2 * size or not np.isfinite(complex(wanted.sum)), (
        f"{value} is not {wanted.sum}"
    )
