"""Functions that do what no function should, and the state of the process."""

import builtins
import gc
import os
import pdb
import random
import sys
import threading
import warnings

import numpy as np

import convlib
from convlens import check


def judged(function, seconds=0.5):
    return check.conv2d(function, x="HW", w="HW", seconds=seconds)


def state():
    return (
        random.getstate(),
        tuple(map(str, np.random.get_state())),  # noqa: NPY002
        dict(os.environ),
        os.getcwd(),
        sys.getrecursionlimit(),
        (sys.stdin, sys.stdout, sys.stderr, pdb.set_trace, threading.Thread.start, input),
        (sys.breakpointhook, sys.excepthook, sys.displayhook, sys.unraisablehook),
        (threading.excepthook, gc.isenabled(), list(sys.path), np.random.get_bit_generator()),
        list(warnings.filters),
        np.geterr(),
        threading.active_count(),
    )


def endless(x, w):
    while True:
        pass


def deep(x, w):
    return deep(x, w)


def leaving(x, w):
    sys.exit(3)


def interrupted(x, w):
    raise KeyboardInterrupt


def debugged(x, w):
    breakpoint()
    pdb.set_trace()
    return convlib.conv2d(x, w)


def threaded(x, w):
    threading.Thread(target=endless, args=(x, w)).start()
    return convlib.conv2d(x, w)


def unsettling(x, w):
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    np.seterr(all="raise")
    warnings.simplefilter("error")
    os.environ["CONVLENS_TEST"] = "1"
    os.chdir("/")
    sys.setrecursionlimit(5000)
    sys.stdout = None
    return convlib.conv2d(x, w)


def unhinging(x, w):
    sys.excepthook = sys.displayhook = sys.unraisablehook = threading.excepthook = print
    sys.stdin = None
    sys.path.append("nowhere")
    gc.disable()
    np.random.set_bit_generator(np.random.PCG64())
    builtins.input = print
    y = convlib.conv2d(x, w)
    builtins.max = np.sum = np.abs = None
    return y


def cramped(x, w):
    sys.setrecursionlimit(60)
    return convlib.conv2d(x, w)


def closing(x, w):
    sys.stdout.close()
    sys.stderr.close()
    print("here")
    return convlib.conv2d(x, w)


def threads_in_threads(x, w):
    outer = threading.Thread(target=lambda: threaded(x, w))
    outer.start()
    outer.join()
    return convlib.conv2d(x, w)


def asking(x, w):
    input("how? ")


def spoiling(x, w):
    x *= 0
    return convlib.conv2d(x, w)


def enormous(x, w):
    return np.ones((10**6, 10**6)).sum()


def lying(x, w):
    return np.broadcast_to(0.0, (10**6, 10**6))


class Loops:
    def __array__(self, *given, **named):
        while True:
            pass


class Exits:
    def __repr__(self):
        sys.exit()


def looping_answer(x, w):
    return Loops()


def exiting_answer(x, w):
    return Exits()


class Liar:
    __class__ = property(lambda self: int)

    def __array__(self, *given, **named):
        while True:
            pass


class Unspeakable(Exception):
    __traceback__ = property(lambda self: 5)

    def __str__(self):
        raise SystemExit


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def lying_about_its_class(x, w):
    return Liar()


def unspeakable(x, w):
    raise Unspeakable


def slow_to_say(x, w):
    raise Slow


def checking_itself(x, w):
    judged(checking_itself)


RIGHT = [debugged, threaded, unsettling, unhinging, cramped, closing, threads_in_threads]
WRONG = [
    *(endless, deep, leaving, interrupted, spoiling, enormous, lying, asking),
    *(looping_answer, exiting_answer, lying_about_its_class, unspeakable, slow_to_say),
    checking_itself,
]
