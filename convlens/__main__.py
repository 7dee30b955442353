"""The command line: ``python -m convlens play`` and ``python -m convlens gif``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from convlens.terminal import perform
from convlib import Walk, __version__
from convlib.arguments import enough_memory, whole
from convlib.command import finish

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["main"]

FAMILIES = {"grid": "index_grid", "strides": "byte_strides"}
PADDINGS = ("valid", "same", "same_lower")


class Parser(argparse.ArgumentParser):
    """One that says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Leave with that sentence and exit code 2."""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def pair(typed: str) -> int | tuple[int, int]:
    """Read 2 or 1x2.

    >>> pair("2"), pair("1x2")
    (2, (1, 2))
    """
    try:
        numbers = tuple(int(part) for part in typed.lower().split("x"))
    except ValueError:
        numbers = ()
    if len(numbers) not in (1, 2):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number, or two like 1x2")
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def size(typed: str) -> tuple[int, int]:
    """Read 5x7, or 5 for 5x5."""
    read = pair(typed)
    return (read, read) if isinstance(read, int) else read


def padding(typed: str) -> int | str | tuple[int, int]:
    """Read a number, two, or a name of conv2d's."""
    return typed if typed in PADDINGS else pair(typed)


def add_play(commands: Any) -> None:
    """Describe `play`."""
    about = "Animate the moving window of a cross-correlation (the kernel is not flipped)."
    keys = "Keys: space pauses, right or n steps forward, left or p back, + and - change the speed."
    parser = commands.add_parser(
        "play",
        help="animate the moving window in the terminal",
        description=about,
        epilog=f"{keys} q quits. Outside a terminal a few frames are printed as text.",
    )
    parser.set_defaults(run=play)

    def add(name: str, metavar: str, help: str, **reading: Any) -> None:
        shown = f"{help} (%(default)s)" if reading.get("default") is not None else help
        parser.add_argument(name, metavar=metavar, help=shown, **reading)

    add("--size", "HxW", "rows and columns of the input", type=size, default="5x7")
    add("--kernel", "HxW", "rows and columns of the kernel", type=size, default="2x3")
    add("--stride", "RxC", "steps of the window, down x right", type=pair, default="1")
    add("--padding", "RxC", "cells around; or same, same_lower", type=padding, default="0")
    add("--dilation", "RxC", "steps between the taps", type=pair, default="1")
    add("--channels", "C", "channels of the input", type=int, default=1)
    add("--filters", "O", "filters, an output each", type=int, default=1)
    add("--family", "NAME", "way to the window, index_grid or strided", default="index_grid")
    add("--speed", "S", "frames a second", type=float, default=4.0)
    add("--seed", "N", "of the random numbers in input and kernel", type=int, default=0)
    add("--frames", "WHICH", "all; or ends: first, middle, last (all in a terminal, else ends)")
    plain = "text without colours, keys and escape codes; NO_COLOR=1 takes the colours only"
    parser.add_argument("--plain", action="store_true", help=plain)


def small_numbers(
    size: tuple[int, int], kernel: tuple[int, int], channels: int, filters: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Make an input (C, H, W) and kernels (O, C, KH, KW) of small whole numbers.

    The first tap is 3 and no other is, so that no kernel looks the same when flipped; no row and no
    column of a kernel is all zeros, for it would seem to do nothing.

    >>> x, w = small_numbers((5, 7), (2, 3), 1, 2, seed=0)
    >>> x.shape, w.shape, w[:, 0, 0, 0].tolist()
    ((1, 5, 7), (2, 1, 2, 3), [3, 3])
    """
    given = {"size": size, "kernel": kernel, "channels": channels, "filters": filters, "seed": seed}
    sizes = {"size": size, "kernel": kernel, "channels": (channels,), "filters": (filters,)}
    for name, numbers in sizes.items():
        for number in numbers:
            whole(name, number, 1, given)
    whole("seed", seed, 0, given)
    rng = np.random.default_rng(seed)
    with enough_memory(given):
        x = rng.integers(0, 10, (channels, *size))
        w = rng.integers(-2, 3, (filters, channels, *kernel))
        w[:, :, 0, 0] = 3
        empty = ~(w.any(axis=2, keepdims=True) & w.any(axis=3, keepdims=True))
        w = np.where(empty, rng.choice([-2, -1, 1, 2], w.shape), w)
    return x, w


def play(options: argparse.Namespace) -> None:
    """Run `play` with the options read."""
    o = options
    x, w = small_numbers(o.size, o.kernel, o.channels, o.filters, o.seed)
    walk = Walk(x, w, stride=o.stride, padding=o.padding, dilation=o.dilation)
    perform(walk, family=o.family, speed=o.speed, frames=o.frames, plain=o.plain)


def add_gif(commands: Any) -> None:
    """Describe `gif`."""
    about = "Write the moving window as a picture that moves: the file's name says of which kind."
    parser = commands.add_parser(
        "gif", help="write a picture that moves: .gif, .png or .svg", description=about
    )
    parser.set_defaults(run=gif)

    def add(name: str, metavar: str, help: str, default: Any, reading: Any = pair) -> None:
        shown = f"{help} (%(default)s)"
        parser.add_argument(name, metavar=metavar, help=shown, type=reading, default=default)

    parser.add_argument("out", metavar="OUT", help="file to write: .gif, .png or .svg")
    add("--input", "HxW", "rows and columns of the input", "5x7", size)
    add("--kernel", "HxW", "rows and columns of the kernel", "2x3", size)
    add("--stride", "RxC", "steps of the window, down x right", "1")
    add("--padding", "RxC", "cells around; or same, same_lower", "0", padding)
    add("--dilation", "RxC", "steps between the taps", "1")
    add("--seed", "N", "of the random numbers in input and kernel", 0, int)
    parser.add_argument("--dark", action="store_true", help="for a dark page")
    kinds = parser.add_mutually_exclusive_group()
    families = "the way to the window: the index grid, or byte strides"
    kinds.add_argument("--family", choices=tuple(FAMILIES), help=families)
    turned = "a transposed convolution: each number is spread over a window"
    kinds.add_argument("--transposed", action="store_true", help=turned)


def gif(options: argparse.Namespace) -> None:
    """Run `gif` with the options read."""
    from convlens import explore
    from convlens.movies import kind_of, movie

    o = options
    kind_of(o.out)  # a wrong name is told before anything is drawn
    x, w = small_numbers(o.input, o.kernel, 1, 1, o.seed)
    if o.transposed:
        if o.padding != 0 or o.dilation != 1:
            raise ValueError("with --transposed there is no picture of padding and dilation")
        scene = explore.transposed(x[0], w[0, 0], stride=o.stride)
    else:
        draw = getattr(explore, FAMILIES.get(o.family, "window"))
        scene = draw(x[0], w[0, 0], stride=o.stride, padding=o.padding, dilation=o.dilation)
    movie(scene, dark=o.dark).save(o.out)


def read(arguments: Sequence[str] | None) -> tuple[Parser, argparse.Namespace]:
    """Read the command line."""
    parser = Parser(prog="python -m convlens", description="See convolution, one window at a time.")
    parser.add_argument("--version", action="version", version=f"convlens {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="command", parser_class=Parser)
    add_play(commands)
    add_gif(commands)
    return parser, parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    parser, options = read(arguments)
    run: Callable[[argparse.Namespace], None] | None = getattr(options, "run", None)
    if run is None:
        parser.print_help()
        return 0
    try:
        run(options)
    except BrokenPipeError:
        raise  # the reader of the pipe has seen enough: nothing to be told
    except (ValueError, TypeError, ImportError, OSError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(finish(main, "python -m convlens"))
