"""Paint the picture of the README: the window explorer, half way over a small image.

python tools/readme_picture.py [FILE]
"""

import sys
from pathlib import Path

import numpy as np

from convlens import explore

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "window.png"


def paint() -> bytes:
    """Return the PNG."""
    x = np.random.default_rng(0).integers(0, 10, size=(7, 9))
    explorer = explore.window(x, [[1, -1], [2, -2], [0, 1]])
    explorer.controls["row"].value = 2
    explorer.controls["column"].value = 4
    return explorer.png()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(paint())
