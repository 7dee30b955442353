"""One prepared kernel in many hands: threads at the same time, and processes made afterwards."""

import multiprocessing
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from convlib import conv2d, conv2d_backward, prepare
from tests.fuzz.draw import Draw, bits

THREADS = 8


def work(seed):
    """Draw a kernel, and calls that keep several things with it."""
    d = Draw(seed)
    dtype, layout = d.one("float32", "float64"), d.one("NCHW", "NHWC")
    w = d.rng.normal(size=d.one((4, 3, 3, 3), (2, 1, 13, 11), (33, 32, 3, 3))).astype(dtype)
    sizes = [(d.whole(14, 30), d.whole(14, 30)) for _ in range(4 if w.shape[0] < 9 else 2)]
    images = [d.rng.normal(size=(1, w.shape[1], *size)).astype(dtype) for size in sizes]
    if layout == "NHWC":
        w, images = w.transpose(2, 3, 1, 0), [x.transpose(0, 2, 3, 1) for x in images]
    calls = [(x, {"layout": layout, "padding": p, "threads": t})
             for x in images for p in (0, "same") for t in (1, 2)]  # fmt: skip
    return prepare(w, layout=layout), calls


def answers(kernel, calls, order):
    """Make the calls in this order, there and back; return their bits in their own order."""
    found = {}
    for k in order:
        x, arguments = calls[k]
        y = conv2d(x, kernel, **arguments)
        back = {name: v for name, v in arguments.items() if name != "threads"}
        found[k] = bits(y), *(bits(d) for d in conv2d_backward(y, x, kernel, **back))
    return [found[k] for k in range(len(calls))]


def alone(seed):
    """What another process makes of the same seed."""
    kernel, calls = work(seed)
    return answers(kernel, calls, range(len(calls)))


def threads_agree(seed):
    """Let eight threads share a kernel, each with an order of its own; say who is wrong."""
    kernel, calls = work(seed)
    wanted = alone(seed)
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(calls)).tolist() for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda order: answers(kernel, calls, order), orders))
    wrong = [n for n, own in enumerate(found) if own != wanted]
    return f"threads {wrong} of {THREADS} found other numbers" if wrong else ""


def processes_agree(seed, how):
    """Make a process after threads were used; say if it finds other numbers."""
    wanted = alone(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Python: threads and fork
        with multiprocessing.get_context(how).Pool(1) as pool:
            found = pool.apply_async(alone, (seed,)).get(120)
    return "" if found == wanted else f"a process made by {how} found other numbers"
