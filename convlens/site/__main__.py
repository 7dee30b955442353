"""The command line: ``python -m convlens.site --only 00 --out site``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from convlib.command import finish

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
        from convlens.site.build import build  # it needs Sphinx, and the help does not

        build(Path(options.out), options.only)
    except ModuleNotFoundError as error:
        change = 'In a clone of the project, pip install -e ".[test]" brings it.'
        parser.exit(1, f"{parser.prog}: {error.name} is not installed. {change}\n")
    except (ValueError, RuntimeError, OSError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"{options.out}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(finish(main, "python -m convlens.site"))
