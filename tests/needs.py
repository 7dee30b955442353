"""What some tests need and a reader's machine may lack: skipped there, required where it must be.

With CONVLIB_NO_SKIP=1 in the environment, a missing need fails the test. Continuous integration
sets it, so that a test cannot stop running unnoticed.
"""

import importlib
import os
import shutil
from types import ModuleType
from typing import NoReturn

import pytest

#: What a Chromium is called, and where macOS and Windows have Chrome: on no PATH.
CHROMIUM = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
]


def _missing(what: str) -> NoReturn:
    if os.environ.get("CONVLIB_NO_SKIP") == "1":
        pytest.fail(f"{what}, and CONVLIB_NO_SKIP=1 allows no skip", pytrace=False)
    pytest.skip(what, allow_module_level=True)


def need_module(name: str) -> ModuleType:
    """Return the imported module `name`; without it, skip."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        _missing(f"{name} cannot be imported ({error})")


def need_chromium() -> str:
    """Return the path of a Chromium, from $CHROMIUM, PATH or its usual place; else skip."""
    asked = os.environ.get("CHROMIUM")
    names = [asked] if asked else CHROMIUM
    for name in names:
        if found := shutil.which(name):
            return found
    _missing(f"no Chromium here (looked for {', '.join(names)}; CHROMIUM=... names another)")
