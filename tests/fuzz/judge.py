"""One call, judged: the right answer within what is promised, or a refusal in the usual words."""

import hashlib
import os
import re
import warnings
from dataclasses import dataclass
from unittest import mock

import numpy as np

from convlib.fast import Explanation
from tests.fast.test_accuracy import sums_of_tiles
from tests.fuzz import right
from tests.fuzz.calls import ARRAYS, call
from tests.fuzz.draw import bits

SHARE = {"float32": 1e-5, "float64": 1e-13}  # of the sum of magnitudes, promised by "auto"
SPREADING = ("banded", "matrix", "winograd", "fft")  # what is not finite spreads, if they are named
#: What is wrong, what was given, what to change; and perhaps the call that was meant.
WORDS = re.compile(r"[a-zA-Z0-9'].+\. Given: .+\. [A-Z].+\.(\n.+\.\n {4}.+)?$", re.DOTALL)
TOP = 2**63 - 1
FORWARD = ("conv2d", "Walk", "tiles.conv2d")
PROMISED = (*FORWARD, "conv2d_backward", "conv_transpose2d", "WayBack")


@dataclass(frozen=True)
class Verdict:
    """What came of the call of a seed; `wrong` says what should not have."""

    seed: int
    name: str
    outcome: str  # valid, or refused
    print: str  # of the numbers that came out, or of the kind of error
    wrong: str = ""


def small_machine():
    """Let convlib ask for half of 256 MB at most: what is tried by mistake is soon refused."""
    own, pages = os.sysconf, {"SC_PHYS_PAGES": 2**16, "SC_PAGE_SIZE": 2**12}
    return mock.patch("os.sysconf", lambda name: pages[name] if name in pages else own(name))


def judge(seed, *drawn):
    """Make the call of a seed, and say what is wrong with what came of it."""
    made = call(seed, *drawn)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = made.right(**made.arguments)
    except (right.Refused, right.TooLarge) as none:
        wanted = none
    outcome, seen, wrong = "valid", "", ""
    if isinstance(wanted, right.TooLarge) and made.name == "tiles.conv2d":
        return Verdict(seed, made.name, "refused", "")  # lazy, and true for ever so many tiles
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            given = made.function(**made.arguments)
        answers = given if isinstance(given, tuple) else (given,)
        seen = _print(answers)
        wrong = _compare(made, answers, wanted, [str(t.message) for t in told])
    except (ValueError, TypeError) as error:
        outcome, seen = "refused", type(error).__name__
        wrong = _refused(made, str(error), wanted, error)
    except Exception as error:
        outcome, wrong = "refused", f"{type(error).__name__}: {error}"
    if not wrong and not all(m.unchanged for m in made.memory):
        wrong = "an argument was written to"
    return Verdict(seed, made.name, outcome, seen, wrong and _described(made, wrong))


def _print(answers):
    found = hashlib.sha1()
    for a in answers:
        found.update(bits(a) if isinstance(a, np.ndarray) else repr(a).encode())
    return found.hexdigest()


def _described(made, wrong):
    shown = (
        f"{n}={v.dtype}{v.shape}{v.strides}" if isinstance(v, np.ndarray) and v.size > 6
        else f"{n}={v!r:.200}"
        for n, v in made.arguments.items()
    )  # fmt: skip
    return f"{made.name}({', '.join(shown)}): {wrong}"


def _refused(made, said, wanted, error):
    """An error must be in the words of all, and have a reason."""
    if not WORDS.match(said):
        return f"not worded: {type(error).__name__}: {said}"
    excuses = ("could reach", "cannot do", "not enough memory", "too big for any", "prepared for")
    if isinstance(wanted, list) and not any(e in said for e in excuses):
        return f"refused: {said}"
    if isinstance(wanted, list) and "could reach" in said:
        reach = int(re.search(r"could reach (\d+)", said)[1])
        # The walk there, which a way back has, is one of integers where grad alone is not.
        if reach <= TOP or (wanted[0].dtype != np.int64 and made.name != "WayBack"):
            return f"refused: {said}"
    return ""


def _compare(made, answers, wanted, told):
    if isinstance(wanted, right.Refused):
        return f"taken, though wrong: {wanted}"
    if isinstance(wanted, right.TooLarge):
        return ""
    if isinstance(answers[0], Explanation):
        return "" if repr(answers[0]) and not told else f"warned: {told}"
    if len(answers) != len(wanted):
        return f"{len(answers)} answers"
    wild = False
    for y, answer in zip(answers, wanted, strict=True):
        wrong, beyond = differs(made, y, answer)
        wild |= beyond
        if wrong:
            return wrong
    return f"warned: {told}" if told and not wild else ""


def differs(made, y, answer):
    """Say how `y` differs from what it should be; and whether numbers leave what the type holds."""
    view = made.name in ("strided.windows", "strided.safe_view")
    windows = view or made.name.endswith("windows")
    if type(y) is not np.ndarray or y.shape != answer.values.shape:
        return f"{type(y)} of shape {np.shape(y)}, not {answer.values.shape}", False
    if y.dtype != answer.dtype or not (windows or y.dtype.isnative):
        return f"dtype {y.dtype}, not {answer.dtype}", False
    x = made.arguments.get("x")
    if view and (y.flags.writeable or (isinstance(x, np.ndarray) and not _touch(x, y))):
        return "no view", False
    if not view and (not y.flags.c_contiguous or _shared(made, y)):
        return "not C-contiguous, or in memory that was given", False
    with np.errstate(all="ignore"):
        if y.dtype.kind in "biu" or answer.sizes is None:
            same = (y == answer.values) | ((y != y) & (answer.values != answer.values))
            return "" if np.all(same) else f"{np.sum(~same)} wrong numbers", False
        return _far(made, y, answer)


def _shared(made, y):
    return any(m.owner is not None and np.may_share_memory(y, m.owner) for m in made.memory)


def _touch(x, y):
    return y.size == 0 or np.may_share_memory(y, x)


def _far(made, y, answer):
    """Compare numbers that may be off by a share of the sums of magnitudes."""
    dtype, method = y.dtype, made.arguments.get("method", "auto")
    real = np.zeros(0, dtype).real.dtype
    works = np.dtype(np.float32) if real == np.float16 and made.name != "pool2d" else real
    kind = np.clongdouble if dtype.kind == "c" else np.longdouble
    values, sizes = answer.values.astype(kind), abs(answer.sizes.astype(kind))
    most = _allowed(made, answer, sizes, works)
    small = np.finfo(real).smallest_subnormal * (answer.products + 2)
    near_zero = works != np.longdouble or method in SPREADING
    lost = np.where(sizes > 0, small + 40 * np.finfo(works).tiny * near_zero, 0)
    rounded = np.finfo(real).eps * abs(values)
    # Where a sum of magnitudes overflows, so may a part of the sum; and products may.
    room = np.finfo(works).max / 8
    top, all_finite = _largest(made)
    wild = not all_finite or top > room**0.5 or bool(np.any(sizes >= min(room, np.finfo(real).max)))
    if method in SPREADING and (not all_finite or top > room**0.5):
        return "", True
    if made.arguments.get("output_padding") is not None and not all_finite:
        return "", True  # windows that x has no number for are windows of zeros: 0 * inf is NaN
    if method == "fft" and works == np.longdouble:  # as doubles, some are 0 or infinite
        return "", True
    finite = np.isfinite(values)
    added = sizes * answer.products if "avg" in made.name else sizes  # before they are divided
    off = abs(y.astype(kind) - values)
    wrong = (
        finite
        & ~(off <= most + lost + rounded)
        & ~(~(added < np.finfo(real).max) & ~np.isfinite(y))
    )
    if top < room**0.5:  # else a product may overflow in one of the two types alone
        # BLAS may leave out what is multiplied by 0: then it is no NaN.
        left_out = dtype.kind == "c" or _has_zeros(made)
        same = left_out | (y == values) | ((y != y) & (values != values))
        wrong |= ~finite & ~same
    if wrong.any():
        k = np.argmax(wrong)
        given = y.flat[k], values.flat[k], sizes.flat[k], np.broadcast_to(most, y.shape).flat[k]
        return "{} wrong numbers: {} for {}, of sums of {}, allowed {}".format(
            wrong.sum(), *given
        ), wild
    if wild or method != "auto" or made.name != "conv2d":
        return "", wild
    return _broken_promise(made, y, values, sizes), wild


def _has_zeros(made):
    w = right.array(made.arguments["w"]) if made.arguments.get("w") is not None else np.ones(2)
    return not w.all() and (made.name not in FORWARD or w.size == 1)


def _broken_promise(made, y, values, sizes):
    """What "auto" promises besides: zeros, signs and whole numbers as sums of products have."""
    if y.dtype not in (np.float32, np.float64):
        return ""
    found = [right.array(made.arguments[name]) for name in ("x", "w", "bias")
             if made.arguments.get(name) is not None]  # fmt: skip
    if y[sizes == 0].any():
        return "windows of zeros do not give 0"
    if all((a >= 0).all() for a in found) and (y < 0).any():
        return f"a negative sum of what is not: {y.min()}"
    exact = np.max(sizes, initial=0) < (2**24 if y.dtype == np.float32 else 2**53)
    if exact and all((a == np.rint(a)).all() for a in found) and (y != values).any():
        return "whole numbers with a fraction"
    return ""


def _largest(made):
    """The largest magnitude in what was given, of what is finite; and whether all of it is."""
    found, finite = [np.longdouble(0)], True
    for name in ARRAYS & made.arguments.keys():
        if made.arguments[name] is not None:
            (a,) = right.wide(np.dtype(float), right.array(made.arguments[name]))
            found.append(np.max(abs(a), where=np.isfinite(a), initial=0))
            finite &= bool(np.isfinite(a).all())
    return max(found), finite


def _allowed(made, answer, sizes, works):
    """How far each number may be off: of a direct sum, or as the docstrings have it."""
    method, eps = made.arguments.get("method", "auto"), np.finfo(works).eps
    direct = (answer.products + 4) * eps * sizes * (4 if answer.dtype.kind == "c" else 1)
    if made.name in FORWARD and method == "fft":
        return direct + 2e-14 * _spread(made)
    if made.name not in PROMISED or answer.dtype.kind == "c" or works.name not in SHARE:
        return direct
    share, whole = SHARE[works.name], np.max(sizes, where=np.isfinite(sizes), initial=0)
    if made.name in FORWARD and (method == "winograd" or (method == "auto" and _tiled(made))):
        return 2 * share * _of_tiles(made)
    if method == "auto" and made.name in FORWARD:
        return share * sizes
    if method == "auto":
        return np.maximum(direct, 4 * share * whole)
    return direct


def _tiled(made):
    from convlib import explain

    arguments = {n: v for n, v in made.arguments.items() if n != "method"}
    return explain(**arguments).method == "winograd"


def _parts(made):
    steps = {n: v for n, v in made.arguments.items() if n in right.layer.__kwdefaults__}
    at = right.layer(right.array(made.arguments["x"]), right.array(made.arguments["w"]), **steps)
    images, filters = right.wide(np.dtype(float), at.images, at.filters)
    return at, abs(right.pad(images, at.sources)), abs(filters)


def _of_tiles(made):
    """The sum of |x| over the tile of each output, each channel times its largest |w|."""
    at, x, w = _parts(made)
    return at.typed(sums_of_tiles(x, w))


def _spread(made):
    """The most that any output could be: all of |w| times the largest |x|."""
    _, x, w = _parts(made)
    return np.max(x, initial=0) * np.max(w.sum(axis=(1, 2, 3)))
