"""What the parts of convlens need besides NumPy, and what to do where it is missing."""

from __future__ import annotations

import importlib

__all__ = ["need"]


def need(name: str, purpose: str) -> None:
    """Import a package that `purpose` needs, or say which extra brings it.

    >>> need("numpy", "To count")
    >>> need("abacus", "To count")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ModuleNotFoundError: To count, convlens needs abacus, which is not installed. In a clone of ...
    """
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:  # it is there, and something that it needs is not
            raise
        missing = f"{purpose}, convlens needs {name}, which is not installed."
        change = 'In a clone of the project, pip install -e ".[notebooks]" brings it.'
        raise ModuleNotFoundError(f"{missing} {change}", name=name) from None
