"""Words for what a reader's function gives: short, and safe to print and to put on a page."""

from __future__ import annotations

from typing import Any

__all__ = ["LONGEST", "READ", "named", "one_line", "printable", "type_name"]

LONGEST = 200  # characters of a message
READ = 1000  # characters of it that are looked at

_true_name = type.__dict__["__name__"].__get__  # whatever a metaclass says


def printable(text: str) -> str:
    r"""Write what cannot be printed as its escape: colours of a terminal, half a character.

    >>> print(printable("a\x1b[31m\ud800"))
    a\x1b[31m\ud800
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Bring a text to one line, and cut it off where it is long."""
    # A slice by `str` itself is a plain text, whatever a subclass makes of one.
    head = str.__getitem__(text, slice(READ))
    said = printable(" ".join(head.split()))
    return said if len(said) <= longest else f"{said[:longest]}..."


def type_name(value: Any) -> str:
    """Name the type of an object as it is, and not as it says.

    >>> type_name(3), type_name(type("", (), {})())
    ('int', 'object without a name')
    """
    return one_line(str(_true_name(type(value)))) or "object without a name"


def named(error: BaseException, said: str) -> str:
    """Name an exception with the first line of its message."""
    head = str.__getitem__(said, slice(READ)).strip()
    first = one_line(head.split("\n")[0])
    return f"{type_name(error)}: {first}" if first else type_name(error)
