"""Tile by tile is the whole image: for every stack, and however the image is cut."""

import pickle
import subprocess
import sys
import tracemalloc
from functools import partial

import dask
import dask.array as da
import numpy as np
import pytest

from convlib import conv2d, max_pool2d, pool2d, prepare
from convlib.tiles import apply, plan, save
from convlib.tiles import conv2d as tiled
from tests.tiles.cases import random_case

MODES = ("zeros", "reflect", "replicate", "circular")
W = np.arange(9).reshape(3, 3) - 3


def compute_blocks(y):
    """Compute every block by itself, and see that it has the shape and dtype that it declares."""
    graph = dict(y.__dask_graph__())
    keys = [(y.name, *index) for index in np.ndindex(*y.numblocks)]
    whole = np.empty(y.shape, y.dtype)
    for key, block in zip(keys, dask.get(graph, keys), strict=True):
        of = tuple(sizes[i] for sizes, i in zip(y.chunks, key[1:], strict=True))
        assert (block.shape, block.dtype) == (of, y.dtype)
        start = [sum(sizes[:i]) for sizes, i in zip(y.chunks, key[1:], strict=True)]
        whole[tuple(slice(a, a + n) for a, n in zip(start, of, strict=True))] = block
    return whole


def assert_like_the_whole(case):
    y = apply(da.from_array(case.x, chunks=case.chunks), case.layers, tile=case.tile)
    assert (y.shape, y.dtype) == (case.whole.shape, case.whole.dtype)
    found, whole = compute_blocks(y), case.whole
    if whole.dtype.kind in "biu":
        np.testing.assert_array_equal(found, whole)
    else:
        most = case.rounding * np.abs(whole).max(initial=1, where=np.isfinite(whole))
        np.testing.assert_allclose(found, whole, rtol=case.rounding, atol=float(most))


def check(seeds):
    for seed in seeds:
        case = random_case(seed)
        try:
            with np.errstate(all="ignore"):
                assert_like_the_whole(case)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {case}") from error


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_random_stacks_in_random_chunks_give_the_whole(start):
    with np.errstate(all="ignore"):  # the small types overflow alike
        check(range(start, start + 50))


@pytest.mark.wide
@pytest.mark.parametrize("start", range(1000, 4000, 250))
def test_many_more_stacks_and_chunks(start):
    with np.errstate(all="ignore"):
        check(range(start, start + 250))


@pytest.mark.parametrize("mode", MODES)
def test_the_border_is_what_is_asked_for(mode):  # dask#8391: reflect, unless told otherwise
    x = np.arange(70).reshape(7, 10)
    for chunks in (2, (3, 10), ((1, 6), (4, 1, 5))):
        y = tiled(da.from_array(x, chunks=chunks), W, padding=3, padding_mode=mode)
        np.testing.assert_array_equal(compute_blocks(y), conv2d(x, W, padding=3, padding_mode=mode))


@pytest.mark.parametrize("padding", ["same", "same_lower", ((0, 3), (2, 1))])
@pytest.mark.parametrize("mode", MODES)
def test_even_kernels_lose_no_row(padding, mode):  # dask#5448: asymmetric depth
    x, w = np.arange(63).reshape(7, 9), np.arange(8).reshape(4, 2)
    arguments = {"padding": padding, "padding_mode": mode}
    y = tiled(da.from_array(x, chunks=(3, 4)), w, **arguments)
    np.testing.assert_array_equal(compute_blocks(y), conv2d(x, w, **arguments))


@pytest.mark.parametrize("mode", MODES)
def test_chunks_smaller_than_the_halo_are_taken(mode):  # dask#11580, dask#11934
    x, w = np.arange(13 * 11).reshape(13, 11), np.arange(81).reshape(9, 9)
    arguments = {"padding": "same", "padding_mode": mode}
    y = tiled(da.from_array(x, chunks=1), w, **arguments)
    np.testing.assert_array_equal(y.compute(), conv2d(x, w, **arguments))
    assert y.numblocks == (13, 11)


def test_a_circle_closes_across_chunks():  # dask-image#242
    x = da.from_array(np.arange(5)[None] * np.ones((1, 1), int), chunks=(1, 2))
    y = tiled(x, [[1, 0, 0]], padding="same", padding_mode="circular")
    assert y.compute().tolist() == [[4, 0, 1, 2, 3]]


def test_the_declared_shape_is_the_computed_one():  # dask#7776
    x = da.ones((11, 13), chunks=(4, 5), dtype=np.uint8)
    y = tiled(x, np.ones((2, 3), np.uint8), stride=(2, 3), padding=((1, 0), (0, 2)))
    assert y.shape == compute_blocks(y).shape == (6, 5)
    assert y.dtype == conv2d(np.ones((2, 2), np.uint8), np.ones((1, 1), np.uint8)).dtype


def test_a_strided_tile_lies_where_its_input_does():
    x = da.zeros((64, 96), chunks=(16, 24), dtype="f4")
    layers = [partial(conv2d, w=W, stride=2, padding=1), partial(max_pool2d, kernel_size=2)]
    assert apply(x, layers).chunks == ((4,) * 4, (6,) * 4)
    assert plan(x, layers).halo == ((1, 0), (1, 0))


def counted(tiles, w, layers=1):
    x = da.zeros((tiles, tiles), chunks=1, dtype="f4")
    y = apply(x, [partial(conv2d, w=w, padding="same")] * layers)
    assert y.npartitions == tiles**2
    return len(y.__dask_graph__()) - len(x.__dask_graph__())


@pytest.mark.parametrize("size", [1, 3, 8, 31])
def test_a_tile_is_one_task_whatever_the_kernel(size):  # dask#11423: 3**ndim
    w = np.ones((size, size), "f4")
    assert counted(8, w) == counted(8, w, layers=3) == 65
    assert counted(16, w) == 257


def test_channels_and_batch_add_no_tasks():
    x = da.zeros((4, 6, 20, 20), chunks=(1, 2, 5, 5), dtype="f4")
    y = tiled(x, np.ones((3, 6, 5, 5), "f4"), padding="same")
    assert len(y.__dask_graph__()) - len(x.__dask_graph__()) == 4 * 4 * 4 + 1


def test_the_graph_is_smaller_than_that_of_map_overlap():
    x = da.zeros((16, 16), chunks=2, dtype="f4")
    peer = da.map_overlap(np.asarray, x, depth=1, boundary=0, dtype="f4")
    mine = tiled(x, np.ones((3, 3), "f4"), padding="same")
    assert 3 * len(mine.__dask_graph__()) < len(peer.__dask_graph__())


def test_a_raster_of_160_gb_is_lazy():
    x = da.zeros((200_000, 200_000), chunks=4096, dtype="f4")
    w = np.ones((7, 7), "f4")
    y = tiled(x, w, padding="same")
    assert y.shape == x.shape
    planned = plan(x, [partial(conv2d, w=w, padding="same")])
    assert planned.written == 160_000_000_000
    assert planned.tiles == (49, 49)
    assert y[100_000, 100_000:100_003].shape == (3,)


@pytest.mark.parametrize("size", [256, 512, 1024])
def test_the_peak_of_save_does_not_grow_with_the_image(tmp_path, size):  # dask#3671
    x = da.ones((size, size), chunks=128, dtype="f4").map_blocks(np.array)
    y = tiled(x, np.ones((3, 3), "f4"), padding="same")
    with dask.config.set(scheduler="synchronous"):
        save(tiled(x[:256, :256], np.ones((3, 3), "f4")), tmp_path / "warm.zarr")
        tracemalloc.start()
        try:
            save(y, tmp_path / "y.zarr")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 2_500_000


@pytest.mark.parametrize("kind", ["list", "ndarray", "dask", "divided", "zarr"])
def test_whatever_holds_an_image_is_read(kind, tmp_path):
    import zarr

    x = np.arange(48).reshape(6, 8)
    stored = zarr.create_array(tmp_path / "x.zarr", shape=x.shape, chunks=(4, 3), dtype=x.dtype)
    stored[...] = x
    lazy = da.from_array(x, chunks=3)
    given = {"list": x.tolist(), "ndarray": x, "dask": lazy, "divided": lazy / 1, "zarr": stored}
    y = tiled(given[kind], W, padding=1)
    np.testing.assert_array_equal(y.compute(), conv2d(given[kind], W, padding=1))


def test_an_image_of_one_cell():
    x = da.ones((1, 1), chunks=1, dtype=np.uint8)
    assert tiled(x, W, padding=1).compute().tolist() == [[1]]
    circle = tiled(x, W, padding=1, padding_mode="circular")
    assert circle.compute().tolist() == [[W.sum()]]


def test_windows_that_lie_in_the_padding_alone():
    x = np.arange(1, 13).reshape(3, 4)
    for mode in ("zeros", "replicate"):
        arguments = {"padding": 20, "padding_mode": mode, "stride": 2}
        y = tiled(da.from_array(x, chunks=1), W, **arguments, tile=1)
        np.testing.assert_array_equal(y.compute(), conv2d(x, W, **arguments))


def test_dilation_reads_over_gaps_wider_than_chunks():
    x = np.arange(400).reshape(20, 20)
    arguments = {"padding": "same", "dilation": 7, "padding_mode": "reflect"}
    y = tiled(da.from_array(x, chunks=2), W, **arguments)
    np.testing.assert_array_equal(y.compute(), conv2d(x, W, **arguments))


@pytest.mark.parametrize("method", ["auto", "taps", "im2col", "strided"])
def test_nan_and_infinity_stay_where_they_are(method):
    x = np.zeros((30, 30))
    x[4, 4], x[20, 11], x[29, 0] = np.nan, np.inf, -np.inf
    w = np.ones((3, 3))
    y = tiled(da.from_array(x, chunks=7), w, padding="same", method=method)
    expected = conv2d(x, w, padding="same", method=method)
    np.testing.assert_array_equal(y.compute(), expected)


def test_an_empty_batch():
    x = da.zeros((0, 3, 8, 8), chunks=(1, 3, 4, 4))
    y = tiled(x, np.ones((2, 3, 3, 3)), padding="same")
    assert y.compute().shape == y.shape == (0, 2, 8, 8)


def test_a_prepared_kernel_goes_to_other_processes():
    x = np.arange(400.0).reshape(20, 20)
    y = tiled(da.from_array(x, chunks=10), prepare(np.ones((5, 5))), padding="same")
    expected = conv2d(x, np.ones((5, 5)), padding="same")
    np.testing.assert_allclose(pickle.loads(pickle.dumps(y)).compute(), expected)


def test_thousands_of_chunks():
    x = np.arange(3600).reshape(60, 60)
    y = tiled(da.from_array(x, chunks=1), W, padding="same", tile=20)
    np.testing.assert_array_equal(y.compute(scheduler="sync"), conv2d(x, W, padding="same"))


def test_any_reduction_and_its_closures():
    x = np.arange(80).reshape(8, 10)
    layer = partial(pool2d, kernel_size=3, reduce=np.median, stride=1, padding=1)
    y = apply(da.from_array(x, chunks=3), [layer])
    np.testing.assert_array_equal(y.compute(), layer(x))


def test_equal_work_has_an_equal_name_and_other_work_another():
    x = da.zeros((8, 8), chunks=4)
    assert tiled(x, W).name == tiled(x, W.copy()).name
    names = {tiled(x, W).name, tiled(x, W + 1).name, tiled(x, W, tile=2).name, tiled(x, W, 1).name}
    assert len(names) == 4


def test_results_are_no_views_of_the_input():
    x = np.arange(16.0).reshape(4, 4)
    y = apply(da.from_array(x, chunks=2), [np.abs]).compute()
    y[...] = 0
    assert x[3, 3] == 15


def test_tiles_are_imported_when_they_are_asked_for():
    code = "import sys, convlib; assert 'dask' not in sys.modules; convlib.tiles.conv2d"
    code += "; assert 'dask' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
