"""Functions that are wrong in a way that nobody planned: `spoilt(right, family, seed)`."""

from functools import wraps

import numpy as np

from tests.check.changes import FAMILIES, OF_ARGUMENTS, OF_KEYWORDS

__all__ = ["FAMILIES", "spoilt"]

ATTEMPTS = 20


def spoilt(right, family, seed, when=None):
    """Make a function that answers as `right` does, but for one random wrongness.

    It depends on the seed and on shapes alone, so the function is wrong in the same way each time.
    With `when` it is wrong only where it is given the keyword argument of that name.
    """
    change = FAMILIES[family]

    @wraps(right)
    def wrong(*positional, **given):
        if when is not None and when not in given:
            return right(*positional, **given)
        if change in OF_KEYWORDS:
            return right(*positional, **_spoil_keyword(change, given, seed))
        if change in OF_ARGUMENTS:
            return right(*_spoil_arrays(change, positional, seed), **given)
        value = right(*positional, **given)
        if not isinstance(value, tuple):
            return _spoil(change, value, seed)
        part = seed % len(value)
        return (*value[:part], _spoil(change, value[part], seed), *value[part + 1 :])

    wrong.__name__ = f"wrong_by_{family}_{seed}"
    return wrong


def _spoil_keyword(change, given, seed):
    """Spoil one of the numbers or words that are passed by name."""
    names = sorted(n for n, v in given.items() if isinstance(v, int | str | tuple))
    if not names:
        return given
    name = names[seed % len(names)]
    return {**given, name: change(given[name], np.random.default_rng(seed))}


def _spoil_arrays(change, positional, seed):
    """Spoil one of the arrays among the arguments."""
    arrays = [k for k, v in enumerate(positional) if isinstance(v, np.ndarray)]
    if not arrays:
        return positional
    k = arrays[-1 - seed % len(arrays)]
    return (*positional[:k], _spoil(change, positional[k], seed), *positional[k + 1 :])


def _spoil(change, value, seed):
    """Change an array or a number, and keep it a number if it was one."""
    array = np.array(value)
    if array.dtype.kind not in "biufc" or array.size == 0:
        return value
    rng = np.random.default_rng([seed, *array.shape])
    # By chance a change may change nothing (a roll of one cell): then another is drawn.
    for attempt in range(ATTEMPTS):
        changed = np.asarray(change(rng, array, np.random.default_rng([seed, attempt])))
        if not np.array_equal(changed, array):
            break
    return changed if np.ndim(value) or changed.ndim else changed.item()
