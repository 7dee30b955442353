"""Images on disk, written by hand or by the libraries that own the formats."""

import json

import numpy as np
import zarr


def image(*shape, dtype=np.uint8):
    """Fill an image with numbers that no two neighbours share."""
    return (np.arange(np.prod(shape)).reshape(shape) * 7 % 251).astype(dtype)


def write_zarr(path, x, chunks, version=3):
    array = zarr.create_array(
        path, shape=x.shape, chunks=chunks, dtype=x.dtype, zarr_format=version
    )
    array[...] = x
    return path


def write_ome(path, levels, chunks, version="0.5"):
    """Write a pyramid: its arrays by zarr, its metadata by hand, as the specification has it."""
    axes = [{"name": a, "type": kind} for a, kind in zip("tczyx", KINDS, strict=True)]
    axes = axes[-levels[0].ndim :]
    datasets = [
        {
            "path": f"s{n}",
            "coordinateTransformations": [{"type": "scale", "scale": [2.0**n] * x.ndim}],
        }
        for n, x in enumerate(levels)
    ]
    shown = {"axes": axes, "datasets": datasets}
    path.mkdir()
    if version == "0.4":
        (path / ".zgroup").write_text('{"zarr_format": 2}')
        (path / ".zattrs").write_text(json.dumps({"multiscales": [shown | {"version": "0.4"}]}))
    else:
        ome = {"ome": {"version": "0.5", "multiscales": [shown]}}
        group = {"zarr_format": 3, "node_type": "group", "attributes": ome}
        (path / "zarr.json").write_text(json.dumps(group))
    for n, x in enumerate(levels):
        write_zarr(path / f"s{n}", x, chunks, 2 if version == "0.4" else 3)
    return path


KINDS = ("time", "channel", "space", "space", "space")


def damage(path, wanted=None):
    """Cut the end off one chunk of a zarr array, and say which."""
    chunks = [f for f in sorted(path.rglob("*")) if f.is_file() and "json" not in f.name]
    chunks = [f for f in chunks if not f.name.startswith(".")]
    chosen = chunks[len(chunks) // 2] if wanted is None else path / wanted
    chosen.write_bytes(chosen.read_bytes()[: chosen.stat().st_size // 2])
    return chosen
