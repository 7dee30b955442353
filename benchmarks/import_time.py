"""How much `import convlib` costs over `import numpy`: fresh interpreters, turn and turn about."""

import argparse
import statistics
import subprocess
import sys

CODE = "from time import perf_counter as now; t = now(); import {}; print(now() - t)"


def seconds(module):
    """Time one import in an interpreter of its own; the interpreter's start is not counted."""
    run = [sys.executable, "-c", CODE.format(module)]
    return float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=31, help="fresh interpreters of each kind")
    pairs = parser.parse_args().pairs
    seconds("convlib"), seconds("numpy")  # bytecode is written and the disk is warm
    times = [(seconds("convlib"), seconds("numpy")) for _ in range(pairs)]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    # The ratio within a pair: a slow moment of the machine slows both.
    ratio = statistics.median(one / other for one, other in times)
    print(f"import convlib {ours * 1e3:.0f} ms, import numpy {theirs * 1e3:.0f} ms")
    print(f"median ratio of {pairs} pairs: {ratio:.2f}")


if __name__ == "__main__":
    main()
