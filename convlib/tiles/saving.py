"""`save`: a lazy array is computed and written tile by tile, and can be gone on with.

A tile is one task: it reads its chunks, computes, writes and forgets. So memory depends on the tile
alone and not on the image, and what is lost with a worker is the tile that it worked on.
"""

from __future__ import annotations

import json
import os
import uuid
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import numpy as np
import zarr
from dask.optimization import cull
from tqdm.auto import tqdm

from convlib.arguments import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import dask.array as da

__all__ = ["save"]

AT_ONCE = 4  # tiles handed out for each thread, so that none waits for the slowest for long
AXES = {2: "yx", 3: "cyx", 4: "tcyx", 5: "tczyx"}  # in the order that OME-Zarr allows


def save(array: da.Array, path: str | os.PathLike[str], *, progress: bool = False) -> None:
    """Compute a dask array and write it as zarr, holding a few tiles at a time.

    It runs on the scheduler that dask would take: threads, or the cluster of a
    `dask.distributed.Client`. Until all is done the array is called ``path + ".partial"``, beside
    a list of the tiles that are finished: called again for the same array, `save` does the rest,
    and once more those that were under way, four for each thread.

    Parameters
    ----------
    array : dask array
        Chunks of equal sizes are written as they are. Where they are not, a task makes a chunk of
        the file from whatever it needs, and some tiles are computed for several of them.
    path : str or path
        A new folder. With a name that ends in .ome.zarr it is an OME-Zarr image of one level
        (version 0.5), otherwise a plain zarr array.
    progress : bool
        Whether to show a bar.

    Raises
    ------
    ValueError
        `path` is there already; or unfinished, and of another array.
    OSError
        The disk is full, or not to be written to. What is finished stays.
    """
    target, partial = Path(path), Path(f"{os.fspath(path)}.partial")
    journal, given = Path(f"{partial}.tiles"), {"path": os.fspath(path), "axes": array.ndim}
    if target.exists() or (partial.exists() and not journal.exists()):
        change = "Remove it, or save elsewhere."
        raise refusal(ValueError, f"there is something already: {target}*", change, given)
    if _is_ome(target) and array.ndim not in AXES:
        wrong, change = "an OME-Zarr image has 2 to 5 axes", "Save with another name, as zarr."
        raise refusal(ValueError, wrong, change, given)
    array = _regular(array)
    identity = {"name": array.name, "shape": array.shape, "chunks": array.chunksize}
    partial.parent.mkdir(parents=True, exist_ok=True)
    done = _done(journal, identity, given) if partial.exists() else _begin(journal, identity)
    store = _open(partial) if done else _create(partial, array)
    left = [index for index in product(*map(range, array.numblocks)) if index not in done]
    with (
        journal.open("a", encoding="utf-8") as log,
        tqdm(total=array.npartitions, initial=len(done), disable=not progress, unit="tile") as bar,
    ):
        for finished in _written(array, store, left):
            log.writelines(json.dumps(index) + "\n" for index in finished)
            log.flush()
            bar.update(len(finished))
    partial.rename(target)
    journal.unlink()


def _is_ome(path: Path) -> bool:
    return path.name.endswith((".ome.zarr", ".ome.zarr.partial"))


def _regular(array: da.Array) -> da.Array:
    """Give an array the chunks that a file can have: of one size, but for the last."""
    if all(len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0] for sizes in array.chunks):
        return array
    rechunked: da.Array = array.rechunk(array.chunksize)
    return rechunked


def _begin(journal: Path, identity: Mapping[str, Any]) -> set[tuple[int, ...]]:
    """Begin a list of finished tiles with what they are tiles of."""
    journal.write_text(json.dumps(identity) + "\n", encoding="utf-8")
    return set()


def _done(
    journal: Path, identity: Mapping[str, Any], given: Mapping[str, Any]
) -> set[tuple[int, ...]]:
    """Read which tiles are finished, and end the last line where it was cut short."""
    text = journal.read_text(encoding="utf-8")
    first, *rest = text.splitlines() or [""]
    if first != json.dumps(identity):
        wrong = "something else was begun there and is not finished"
        change = f"Remove {journal} and what it lists, or save elsewhere."
        raise refusal(ValueError, wrong, change, given)
    if not text.endswith("\n"):
        journal.write_text(text + "\n", encoding="utf-8")
    return {tuple(json.loads(line)) for line in rest if line.endswith("]")}


def _create(path: Path, array: da.Array) -> zarr.Array[Any]:
    """Make the array on disk, still empty."""
    chunks = tuple(max(1, size) for size in array.chunksize)  # an empty array has none of 0 there
    how: dict[str, Any] = {"shape": array.shape, "chunks": chunks, "dtype": array.dtype}
    if not _is_ome(path):
        return zarr.create_array(path, overwrite=True, **how)
    group = zarr.open_group(path, mode="w")
    kinds = {"t": {"type": "time"}, "c": {"type": "channel"}}
    axes = [{"name": a, **kinds.get(a, {"type": "space"})} for a in AXES[array.ndim]]
    scale = [{"type": "scale", "scale": [1.0] * array.ndim}]
    level: Any = {"path": "0", "coordinateTransformations": scale}
    group.attrs["ome"] = {"version": "0.5", "multiscales": [{"axes": axes, "datasets": [level]}]}
    return group.create_array("0", dimension_names=list(AXES[array.ndim]), **how)


def _open(path: Path) -> zarr.Array[Any]:
    """Open the array on disk to go on with it."""
    opened = zarr.open(path, mode="r+")
    return opened if isinstance(opened, zarr.Array) else opened["0"]  # type: ignore[return-value]


def _written(
    array: da.Array, store: zarr.Array[Any], left: list[tuple[int, ...]]
) -> Iterator[list[tuple[int, ...]]]:
    """Compute and write these tiles, and say which of them are finished."""
    graph = dict(array.__dask_graph__())
    starts = [np.cumsum([0, *sizes]).tolist() for sizes in array.chunks]
    size = AT_ONCE * _threads()
    for k in range(0, len(left), size):
        tasks = []
        for index in left[k : k + size]:
            key = (array.name, *index)
            where = tuple(slice(s[i], s[i + 1]) for s, i in zip(starts, index, strict=True))
            tile = _Tile(cull(graph, [key])[0], key, store, where)
            name = "-".join(map(str, ("write", *key, uuid.uuid4().hex)))
            tasks.append(dask.delayed(tile, name=f"{name}-tile")(dask_key_name=name))
        dask.compute(*tasks)
        yield left[k : k + size]


def _threads() -> int:
    """How many tasks the scheduler that dask would take can run at once."""
    try:
        from distributed import get_client

        return sum(get_client().nthreads().values()) or 1
    except (ImportError, ValueError):
        return int(dask.config.get("num_workers", None) or os.cpu_count() or 1)


class _Tile:
    """One tile: all of its tasks, and where to write what they make.

    A class of its own, since dask would look for tasks of its own in a dict or a tuple.
    """

    def __init__(self, graph: Any, key: Any, store: zarr.Array[Any], where: Any) -> None:
        self.graph, self.key, self.store, self.where = graph, key, store, where

    def __call__(self) -> None:
        self.store[self.where] = dask.get(self.graph, self.key)
