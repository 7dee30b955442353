"""The command line: ``python -m convlens.site --only 00 --out site``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from convlens.site.build import build

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m convlens.site", description="Write the static site."
    )
    parser.add_argument("--only", metavar="NN", nargs="+", help="these notebooks, as in 00 03")
    parser.add_argument("--out", metavar="FOLDER", help="where to (%(default)s)", default="site")
    options = parser.parse_args(arguments)
    try:
        build(Path(options.out), options.only)
    except (ValueError, RuntimeError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"{options.out}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
