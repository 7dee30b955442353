"""What a plan promises: tiles, halo, bytes; and a peak that comes true."""

import re
import tracemalloc
from functools import partial

import dask
import dask.array as da
import numpy as np
import pytest
from dask.optimization import cull

from convlib import avg_pool2d, conv2d, max_pool2d, prepare
from convlib.tiles import apply, plan

F4, U1 = np.float32, np.uint8
RNG = np.random.default_rng(0)


def weights(*shape, dtype=F4):
    return RNG.integers(-3, 4, shape).astype(dtype)


def test_a_plan_by_hand():
    x = da.zeros((100, 60), chunks=(20, 30), dtype=U1)
    planned = plan(x, [partial(conv2d, w=np.ones((5, 2)), padding="same")])
    assert (planned.tile, planned.tiles) == ((20, 30), (5, 2))
    assert planned.halo == ((2, 2), (0, 1))
    # Inner rows of tiles read three chunks, the outer two; the left column two, the right one.
    assert planned.read == (3 * 60 + 2 * 40) * (60 + 30)
    assert (planned.shape, planned.dtype, planned.written) == ((100, 60), np.dtype(float), 48_000)


@pytest.mark.parametrize(
    ("layers", "halo"),
    [
        ([partial(conv2d, w=weights(3, 3), padding="same")], ((1, 1), (1, 1))),
        ([partial(conv2d, w=weights(4, 2), padding="same")], ((1, 2), (0, 1))),
        ([partial(conv2d, w=weights(4, 2), padding="same_lower")], ((2, 1), (1, 0))),
        ([partial(conv2d, w=weights(3, 3))], ((0, 2), (0, 2))),
        ([partial(conv2d, w=weights(3, 3), padding="same", dilation=(4, 2))], ((4, 4), (2, 2))),
        ([partial(conv2d, w=weights(3, 3), padding="same")] * 4, ((4, 4), (4, 4))),
        ([partial(max_pool2d, kernel_size=2)], ((0, 0), (0, 0))),
        ([partial(max_pool2d, kernel_size=3, stride=2, padding=1)], ((1, 0), (1, 0))),
        ([np.abs], ((0, 0), (0, 0))),
        ([partial(conv2d, w=weights(1, 1), stride=3)], ((0, -2), (0, -2))),
    ],
)
def test_halo(layers, halo):
    assert plan(da.zeros((40, 40), chunks=20), layers).halo == halo


def test_a_plan_shows_itself():
    x = da.zeros((4000, 4000), chunks=500, dtype=F4)
    lines = repr(plan(x, [partial(conv2d, w=weights(3, 3), padding="same")])).splitlines()
    assert lines[0] == "64 tiles of at most 500 x 500, to (4000, 4000) float32"
    assert [line.split()[0] for line in lines[1:]] == ["halo", "read", "written", "peak"]


SAME = {"padding": "same"}
CASES = {
    "grey 3x3": ((1024, 1024), F4, [partial(conv2d, w=weights(3, 3), **SAME)]),
    "grey 3x3 float64": ((1024, 1024), float, [partial(conv2d, w=weights(3, 3), **SAME)]),
    "grey 7x7 prepared": ((1024, 1024), F4, [partial(conv2d, w=prepare(weights(7, 7)), **SAME)]),
    "fft 15x15": ((1024, 1024), F4, [partial(conv2d, w=weights(15, 15), **SAME)]),
    "uint8 by integers": (
        (1024, 1024),
        U1,
        [partial(conv2d, w=weights(3, 3, dtype="i8"), **SAME)],
    ),
    "uint8 by floats": ((1024, 1024), U1, [partial(conv2d, w=weights(3, 3), **SAME)]),
    "rgb to 16": ((3, 512, 512), F4, [partial(conv2d, w=weights(16, 3, 3, 3), **SAME)]),
    "rgb to 16, NHWC": (
        (512, 512, 3),
        F4,
        [partial(conv2d, w=weights(3, 3, 3, 16), layout="NHWC", **SAME)],
    ),
    "32 to 32": ((32, 256, 256), F4, [partial(conv2d, w=weights(32, 32, 3, 3), **SAME)]),
    "max pool": ((1024, 1024), F4, [partial(max_pool2d, kernel_size=3, stride=1, padding=1)]),
    "max pool 2": ((4, 512, 512), F4, [partial(max_pool2d, kernel_size=2)]),
    "mean pool": ((1024, 1024), U1, [partial(avg_pool2d, kernel_size=3, stride=1, padding=1)]),
    "abs": ((1024, 1024), F4, [np.abs]),
    "stack of 4": (
        (3, 512, 512),
        F4,
        [
            partial(conv2d, w=weights(8, 3, 3, 3), **SAME),
            np.abs,
            partial(max_pool2d, kernel_size=2),
            partial(conv2d, w=weights(4, 8, 3, 3), **SAME),
        ],
    ),
    "circular": (
        (2, 1024, 1024),
        F4,
        [partial(conv2d, w=weights(2, 2, 3, 3), padding_mode="circular", **SAME)] * 2,
    ),
    "stride 2": ((1024, 1024), F4, [partial(conv2d, w=weights(5, 5), padding=2, stride=2)]),
    "batch": ((4, 3, 512, 512), F4, [partial(conv2d, w=weights(4, 3, 3, 3), padding=1)]),
}


def lazy(shape, dtype):
    rows = -3 if shape[-1] == 3 else -2
    chunks = list(shape)
    chunks[rows] = chunks[rows + 1] = max(shape) // 4
    chunks[0] = 1 if len(shape) == 4 else chunks[0]
    return da.ones(shape, chunks=chunks, dtype=dtype).map_blocks(np.array), max(shape) // 2


def measured(x, layers, tile):
    """Bytes that a middle tile takes, as `save` computes it: by itself."""
    y = apply(x, layers, tile=tile)
    key = (y.name, *(n // 2 for n in y.numblocks))
    graph, _ = cull(dict(y.__dask_graph__()), [key])
    dask.get(graph, key)  # what a first call makes is not held for the tile
    tracemalloc.start()
    try:
        dask.get(graph, key)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", CASES)
def test_the_peak_comes_true_within_a_fifth(name):
    shape, dtype, layers = CASES[name]
    x, tile = lazy(shape, dtype)
    promised, found = plan(x, layers, tile=tile).peak, measured(x, layers, tile)
    assert 0.8 < found / promised < 1.2, f"{found / promised:.2f}"


@pytest.mark.parametrize("name", [*CASES, "chunks alone"])
@pytest.mark.parametrize("share", [0.7, 0.2])
def test_the_tile_that_is_named_fits_and_twice_it_does_not(name, share):
    shape, dtype, layers = CASES.get(name, ((4000, 3000), F4, [np.sqrt]))
    x, _ = lazy(shape, dtype)
    whole = max(shape)
    memory = int(plan(x, layers, tile=whole).peak * share)
    with pytest.raises(ValueError, match="more than the memory allowed") as raised:
        plan(x, layers, tile=whole, memory=memory)
    assert f"memory={memory}" in str(raised.value)
    fits = re.search(r"Use tile=(\d+)\.", str(raised.value))
    if fits is None:
        assert "No tile fits" in str(raised.value)
        assert plan(x, layers, tile=1).peak > memory
        return
    fits = int(fits[1])
    assert plan(x, layers, tile=fits, memory=memory).peak <= memory
    assert plan(x, layers, tile=2 * fits).peak > memory


def test_chunks_too_large_for_any_tile():
    x = da.zeros((1000, 1000), chunks=1000)
    with pytest.raises(ValueError, match="No tile fits: cut x into smaller chunks first"):
        plan(x, [np.abs], memory="1MB")


@pytest.mark.parametrize("memory", ["100 MB", "100MB", 100_000_000, 1e8])
def test_memory_in_words_and_numbers(memory):
    x = da.zeros((1000, 1000), chunks=500)
    assert plan(x, [np.abs], memory=memory) == plan(x, [np.abs])


@pytest.mark.parametrize("memory", ["lots", [1], "1 fortnight"])
def test_memory_that_says_nothing(memory):
    with pytest.raises(ValueError, match="memory cannot be read as bytes") as raised:
        plan(da.zeros((4, 4)), [np.abs], memory=memory)
    assert f"memory={memory!r}" in str(raised.value)
