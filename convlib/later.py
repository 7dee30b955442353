"""Names of a package that are loaded when they are first named.

Type checkers and completion see them all the same: the package imports them under `TYPE_CHECKING`,
and its `dir` lists them.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["later"]


def later(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make `__getattr__` and `__dir__` of a package.

    `homes` says which names each of its modules defines. The modules are names too.

    >>> getattr_, dir_ = later("json", {"tool": "main"})
    >>> getattr_("main").__module__, "tool" in dir_(), "dumps" in dir_()
    ('json.tool', True, True)
    """
    home = {name: module for module, names in homes.items() for name in names.split()}

    def load(name: str) -> Any:
        if name in homes:
            return importlib.import_module(f"{package}.{name}")
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, found)  # so that this is not asked again
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes, *home})

    return load, names
