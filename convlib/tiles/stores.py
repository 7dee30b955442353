"""Images on disk as dask arrays: zarr, OME-Zarr and TIFF, read a chunk at a time."""

from __future__ import annotations

import functools
import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import zarr
from dask import base

from convlib.arguments import refusal, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["open_image"]

TIFFS = (".tif", ".tiff", ".svs", ".ndpi")


def open_image(path: str | os.PathLike[str], *, level: int = 0) -> da.Array:
    """Open an image on disk as a dask array, in the chunks that it has there. Nothing is read yet.

    Parameters
    ----------
    path : str or path
        A zarr array; an OME-Zarr image (a zarr group that lists its arrays, from the largest down;
        version 0.4 or 0.5); or a TIFF file, in tiles or strips.
    level : int
        Which of the arrays of a pyramid: 0 is the largest.

    Returns
    -------
    dask array
        Of the shape and dtype on disk. A chunk that cannot be read raises a ValueError that says
        where, when it is read. Equal files make arrays of equal name, so that `save` can tell
        whether it goes on with the same work.

    Raises
    ------
    ValueError
        No such file or folder; one of another kind; a level that is not there.

    Notes
    -----
    OME-Zarr: J. Moore et al., "OME-Zarr: a cloud-optimized bioimaging file format" (2023).
    """
    where = os.fspath(Path(path).absolute())
    given = {"path": os.fspath(path), "level": level}
    if not os.path.exists(where):
        change = "Look at how it is spelt, and from where."
        raise refusal(ValueError, "there is no such file or folder", change, given)
    source = _OnDisk(where, whole("level", level, 0, given))
    try:
        array = source.array
    except Exception as error:  # every format has its own ways of not being one
        wrong = f"this cannot be opened as an image ({_first_line(error)})"
        change = "Use a zarr array, an OME-Zarr image or a TIFF file, and a level that it has."
        raise refusal(ValueError, wrong, change, given) from error
    chunks = array.chunks
    name = f"image-{base.tokenize(where, level, array.shape, str(array.dtype), source.made)}"
    meta = np.empty((0,) * array.ndim, array.dtype)
    opened: da.Array = da.from_array(source, chunks, name=name, meta=meta)
    return opened


class _OnDisk:
    """An array on disk that is opened where it is read: here, or in a worker that got its path."""

    def __init__(self, path: str, level: int) -> None:
        self.path, self.level = path, level
        self.made = os.stat(path).st_mtime_ns

    @property
    def array(self) -> Any:
        return _opened(self.path, self.level, self.made)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self.array.dtype
        return dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __getitem__(self, part: Any) -> NDArray[Any]:
        try:
            os.stat(self.path)  # of a zarr array that is gone, every chunk would be read as zeros
            return np.asarray(self.array[part])
        except Exception as error:  # of the file system, or of whatever decodes the chunk
            wrong = f"a part of the image cannot be read ({_first_line(error)})"
            change = "The file may be damaged, or no longer there: make it again."
            raise refusal(ValueError, wrong, change, {"path": self.path, "part": part}) from error


@functools.lru_cache(maxsize=8)
def _opened(path: str, level: int, made: int) -> Any:
    """Open an array, once in each process."""
    if path.lower().endswith(TIFFS):
        import tifffile

        store = tifffile.imread(path, aszarr=True, level=level)
        opened = zarr.open(store, mode="r")
        weakref.finalize(opened, store.close)
    else:
        opened = zarr.open(path, mode="r")
    if isinstance(opened, zarr.Array):
        if level and not path.lower().endswith(TIFFS):
            raise refusal(ValueError, "one array has no further levels", "Use level=0.", {})
        return opened
    described: Any = opened.attrs.get("ome", opened.attrs)
    return opened[described["multiscales"][0]["datasets"][level]["path"]]


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
