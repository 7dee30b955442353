"""What an output holds besides what a reader at the keyboard needs, when someone stores it.

Two tools run notebooks for others to read: one stores pictures that move where no kernel is, the
other collects what lives on the site without Python. Each says so in the environment of the kernel.
"""

from __future__ import annotations

import os

__all__ = ["BUNDLE", "RECORDING", "STORING", "recording", "storing"]

#: Kind of output: what the site is told, beside the text and the picture that are stored.
BUNDLE = "application/vnd.convlens+json"
RECORDING, STORING = {"CONVLENS_FOR": "site"}, {"CONVLENS_FOR": "page"}


def recording() -> bool:
    """Whether the site is being made."""
    return os.environ.get("CONVLENS_FOR") == "site"


def storing() -> bool:
    """Whether outputs are being stored with a notebook, to be read where no kernel is."""
    return os.environ.get("CONVLENS_FOR") == "page"
