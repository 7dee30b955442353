"""Filter an image on disk: ``python -m convlib.tiles IN OUT --kernel sobel-x``.

Exit codes: 0 done; 1 a failure, told in one line; 2 arguments that cannot be read.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import refusal, whole
from convlib.command import finish
from convlib.convolution import conv2d

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import dask.array as da
    from numpy.typing import NDArray

KERNELS = {
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplace": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "blur": np.full((3, 3), np.float32(1) / 9),
}


def main(words: Sequence[str] | None = None) -> int:
    """Read the command line, say the plan, carry it out."""
    told = _parser().parse_args(words)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # tasks that an interrupt leaves undone
    try:
        _filter(told)
    except KeyboardInterrupt:
        print("interrupted: run it again to go on", file=sys.stderr)
        return 1
    except BrokenPipeError:
        raise  # whoever read what is told has gone
    except Exception as error:  # a cluster, a disk or a format fails in its own ways
        said = " ".join(str(error).split()) or type(error).__name__
        print(f"convlib.tiles: {said}", file=sys.stderr)
        return 1
    return 0


def _filter(told: argparse.Namespace) -> None:
    """Say the plan, and carry it out."""
    # They need dask: loaded here, the help comes without it, and what is missing is told in a line.
    from convlib.tiles import apply, open_image, plan, save
    from convlib.tiles.planning import as_bytes, largest_tile
    from convlib.tiles.stack import read_stack

    image, w = open_image(told.input, level=told.level), _kernel(told.kernel)
    planes, back = _planes(image, w.ndim == 2)
    steps = {"stride": told.stride, "padding": told.padding, "padding_mode": told.padding_mode}
    layers = [partial(conv2d, w=w if w.ndim == 4 else w[None, None], **steps)]
    stages, allowed = read_stack(planes.shape, planes.dtype, layers), as_bytes(told.memory)
    tile = largest_tile(planes, stages, allowed) if told.tile is None else told.tile
    print(plan(planes, layers, tile=tile, memory=allowed), file=sys.stderr)
    y = back(apply(planes, layers, tile=tile))
    with _scheduler(told):
        save(y, told.output, progress=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m convlib.tiles",
        description="Filter an image larger than memory, tile by tile.",
    )
    add = parser.add_argument
    add("input", metavar="IN", help="a zarr array, an OME-Zarr image or a TIFF file")
    add("output", metavar="OUT", help="a new zarr array; OME-Zarr where it ends in .ome.zarr")
    add("--kernel", required=True, help=f"{', '.join(KERNELS)}; or a file made by np.save")
    add("--level", type=int, default=0, help="of a pyramid (0: the largest)")
    add("--stride", type=int, default=1)
    padding = "same (default), same_lower, valid; or rows and columns on all sides"
    add("--padding", default="same", type=lambda p: int(p) if p.isdigit() else p, help=padding)
    add("--padding-mode", default="zeros", help="zeros, reflect, replicate, circular")
    add("--tile", type=int, help="rows and columns of a tile; by default as many as fit")
    add("--memory", default="100MB", help="bytes of arrays that a worker may hold (%(default)s)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=1, help="processes on this machine")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a dask cluster that runs already")
    return parser


def _kernel(named: str) -> NDArray[Any]:
    """Give a kernel by its name or from a file."""
    kernel = np.asarray(KERNELS[named]) if named in KERNELS else None
    try:
        kernel = np.load(named, allow_pickle=False) if kernel is None else kernel
    except (OSError, ValueError) as error:
        change = f"Use {', '.join(KERNELS)}, or a file that np.save wrote."
        raise refusal(ValueError, "there is no such kernel", change, {"kernel": named}) from error
    if kernel.ndim not in (2, 4):
        change = "Use (KH, KW), for every plane by itself, or filters (O, C, KH, KW)."
        given = {"kernel": named, "shape": kernel.shape}
        raise refusal(ValueError, f"a kernel of {kernel.ndim} axes", change, given)
    return kernel


def _planes(image: da.Array, alone: bool) -> tuple[da.Array, Callable[[da.Array], da.Array]]:
    """View an image as `conv2d` reads it, and say how to view the result as the image was.

    Three or four channels at the end are moved to the front. Where each plane is filtered alone,
    whatever axes come before rows and columns are taken for a batch.
    """
    if image.ndim < 2:
        wrong, change = "this is no image", "Use two axes or more."
        raise refusal(ValueError, wrong, change, {"shape": image.shape})
    import dask.array as da

    last = image.ndim == 3 and image.shape[-1] in (3, 4)
    first = da.moveaxis(image, -1, 0) if last else image
    planes = first.reshape((-1, 1, *first.shape[-2:])) if alone else first

    def back(y: da.Array) -> da.Array:
        y = y.reshape((*first.shape[:-2], *y.shape[-2:])) if alone else y
        return da.moveaxis(y, 0, -1) if last else y

    return planes, back


@contextlib.contextmanager
def _scheduler(told: argparse.Namespace) -> Iterator[None]:
    """Have dask use the workers that were asked for."""
    import dask

    whole("workers", told.workers, 1, {"workers": told.workers})
    if told.scheduler is None and told.workers == 1:
        with dask.config.set(scheduler="synchronous"):
            yield
        return
    # What fails is told once, here, and not by every process that hears of it.
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")
    dask.config.refresh()
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as stack:
        address = told.scheduler
        if address is None:
            # A port of its own, wherever one is free: there may be another run.
            cluster = LocalCluster(
                n_workers=told.workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            )
            address = stack.enter_context(cluster)
        stack.enter_context(Client(address))
        yield


if __name__ == "__main__":
    sys.exit(finish(main, "convlib.tiles"))
