"""Call everything with random arguments for some minutes: `make fuzz MINUTES=10`.

    python -m tests.fuzz [--minutes M] [--of functions|explorers] [SEED ...]

Each failure is printed with its seed; given as an argument, that runs again by itself.
"""

import argparse
import secrets
import sys

from tests.fuzz.run import Run


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10, help="for each of the two")
    parser.add_argument("--of", choices=["functions", "explorers", "threads", "fork", "spawn"])
    parser.add_argument("seeds", metavar="SEED", type=int, nargs="*")
    asked = parser.parse_args(arguments)
    run = Run()
    for what in [asked.of] if asked.of else ["functions", "explorers"]:
        for seed in asked.seeds:
            run.do(what, seed)
        if not asked.seeds:
            run.go_on(what, asked.minutes, secrets.randbelow(2**31))
    run.close()
    print(run.told())
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
