"""Errors that know the usual slips, and show the call that was meant.

What is known of them is loaded by the first call that fails: a call that works pays for a `try`.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["hinted"]

P = ParamSpec("P")
R = TypeVar("R")


def hinted(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let the errors of a function like `conv2d` show the call that was meant.

    The error stays what it is and where it was raised. Its message gets a few lines more, if it is
    a slip that is known and the call that is shown would run.

    >>> import numpy as np
    >>> from convlib import conv2d
    >>> x, w = np.ones((5, 6)), np.ones((2, 3))
    >>> conv2d(x, w, padding="SAME")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: padding is not known. Given: x.shape=(5, 6), ... Use one of 'valid', 'same', ...
    'SAME' is 'same' here.
        conv2d(x, w, padding='same')
    """

    def decorator(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                from convlib.slips.hint import add_hint

                add_hint(error, name, args, kwargs)
                raise

        return call

    return decorator
