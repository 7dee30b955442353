"""What `save` writes, on every scheduler; how it goes on; and what it leaves when it fails."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap

import dask
import dask.array as da
import numpy as np
import pytest
import zarr

from convlib import conv2d
from convlib.tiles import conv2d as tiled
from convlib.tiles import open_image, save, saving
from tests.needs import need_module
from tests.tiles.images import image, write_zarr

distributed = need_module("distributed")
models = need_module("ome_zarr_models.v05")

W = np.array([[1, 2, 0], [0, -1, 3], [5, 0, -2]])


@pytest.fixture(scope="module")
def cluster():
    settings = {"distributed.admin.system-monitor.gil.enabled": False}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as made,
    ):
        yield made


def filtered(path, size=40, chunk=10):
    """Filter an image that lies on disk; give that, and the expected result."""
    x = image(size, size)
    if not path.exists():
        write_zarr(path, x, (chunk, chunk))
    return tiled(open_image(path), W, padding="same"), conv2d(x, W, padding="same")


@pytest.mark.parametrize("scheduler", ["synchronous", "threads", "processes"])
def test_every_scheduler_writes_the_same(tmp_path, scheduler):
    y, expected = filtered(tmp_path / "x.zarr", 20)
    with dask.config.set(scheduler=scheduler, num_workers=2):
        save(y, tmp_path / "y.zarr")
    written = zarr.open(tmp_path / "y.zarr", mode="r")
    assert (written.chunks, written.dtype) == ((10, 10), np.int64)
    np.testing.assert_array_equal(written[...], expected)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zarr", "y.zarr"]


def test_a_cluster_writes_the_same(tmp_path, cluster):
    y, expected = filtered(tmp_path / "x.zarr")
    with distributed.Client(cluster):
        save(y, tmp_path / "y.zarr")
    np.testing.assert_array_equal(zarr.open(tmp_path / "y.zarr", mode="r")[...], expected)


def kill_once(block, flag):
    """End this worker at once, with no farewell, the first time that it is asked."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return block
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_that_is_killed_costs_nothing_but_time(tmp_path, cluster):
    y, expected = filtered(tmp_path / "x.zarr")
    killer = y.map_blocks(kill_once, str(tmp_path / "killed"), meta=y._meta, name="killer")
    with distributed.Client(cluster) as client:
        client.wait_for_workers(2)
        save(killer, tmp_path / "y.zarr")
        assert (tmp_path / "killed").exists()
        client.wait_for_workers(2)
    np.testing.assert_array_equal(zarr.open(tmp_path / "y.zarr", mode="r")[...], expected)


@pytest.mark.parametrize(
    ("shape", "chunks"),
    [
        ((12, 10), ((5, 4, 3), (10,))),
        ((12, 10), ((1, 6, 5), (3, 3, 4))),
        ((12, 10), ((5, 5, 2), (4, 4, 2))),
        ((12, 10), 1),
        ((3, 12, 10), (2, 5, 5)),
        ((2, 3, 12, 10), (1, 3, 7, 4)),
    ],
)
@pytest.mark.parametrize("name", ["y.zarr", "y.ome.zarr", "no suffix"])
def test_any_chunks_are_written_right(tmp_path, shape, chunks, name):
    x = image(*shape, dtype=np.float32)
    with dask.config.set(scheduler="synchronous"):
        save(da.from_array(x, chunks=chunks), tmp_path / name)
    np.testing.assert_array_equal(open_image(tmp_path / name).compute(scheduler="sync"), x)


@pytest.mark.parametrize("ndim", [2, 3, 4, 5])
def test_an_ome_zarr_image_is_valid(tmp_path, ndim):
    x = image(*(2, 3, 2, 6, 8)[5 - ndim :])
    path = tmp_path / "y.ome.zarr"
    with dask.config.set(scheduler="synchronous"):
        save(da.from_array(x, chunks=4), path)
    checked = models.Image.from_zarr(zarr.open_group(path, mode="r"))
    axes = checked.attributes.ome.multiscales[0].axes
    assert "".join(axis.name for axis in axes) == ["yx", "cyx", "tcyx", "tczyx"][ndim - 2]
    np.testing.assert_array_equal(open_image(path).compute(scheduler="sync"), x)


def counting(block, log, fail_at=None, block_id=None):
    """Count the calls in a file, and fail at one of the blocks."""
    if block_id == fail_at:
        raise RuntimeError("stopped here")
    with open(log, "a") as file:
        file.write(f"{block_id}\n")
    return block + 1


def counted(log, fail_at=None, name="counted"):
    x = da.from_array(image(40, 40), chunks=10, name="x")
    block = {"log": str(log), "fail_at": fail_at}
    return x.map_blocks(counting, **block, dtype=np.uint8, meta=np.empty((0, 0), "u1"), name=name)


def test_it_goes_on_where_it_stopped(tmp_path):
    target, log = tmp_path / "y.zarr", tmp_path / "log"
    with dask.config.set(scheduler="synchronous", num_workers=1):
        with pytest.raises(RuntimeError, match="stopped here"):
            save(counted(log, (2, 1)), target)
        assert not target.exists()
        assert (tmp_path / "y.zarr.partial").is_dir()
        # Four are handed out at a time, and those of the batch that failed are made again.
        finished = (tmp_path / "y.zarr.partial.tiles").read_text().splitlines()[1:]
        log.unlink()
        save(counted(log), target)
    again = log.read_text().splitlines()
    assert (len(finished), len(again)) == (8, 8)
    assert not set(again) & {str(tuple(json.loads(line))) for line in finished}
    np.testing.assert_array_equal(zarr.open(target, mode="r")[...], image(40, 40) + 1)
    assert not (tmp_path / "y.zarr.partial").exists()
    assert not (tmp_path / "y.zarr.partial.tiles").exists()


def test_a_list_that_was_cut_short_is_read_again_and_again(tmp_path):
    target, log = tmp_path / "y.zarr", tmp_path / "log"
    journal = tmp_path / "y.zarr.partial.tiles"
    with dask.config.set(scheduler="synchronous", num_workers=1):
        for stopped in ((1, 1), (2, 1), (3, 1)):
            with pytest.raises(RuntimeError, match="stopped here"):
                save(counted(log, stopped), target)
            journal.write_text(journal.read_text()[:-4])
        save(counted(log), target)
    np.testing.assert_array_equal(zarr.open(target, mode="r")[...], image(40, 40) + 1)


@pytest.mark.parametrize("name", ["y.zarr", "y.ome.zarr"])
@pytest.mark.parametrize("left", ["an empty list", "half a header", "no array", "half an array"])
def test_what_ended_at_the_very_start_is_begun_again(tmp_path, left, name):
    target, log = tmp_path / name, tmp_path / "log"
    partial, journal = tmp_path / f"{name}.partial", tmp_path / f"{name}.partial.tiles"
    with dask.config.set(scheduler="synchronous", num_workers=1):
        with pytest.raises(RuntimeError):
            save(counted(log, (0, 0)), target)
        (partial / "zarr.json").unlink()
        if left != "half an array":
            shutil.rmtree(partial)
        if left in ("an empty list", "half a header"):
            journal.write_text(journal.read_text()[: 20 * (left == "half a header")])
        save(counted(log), target)
    written = open_image(target).compute(scheduler="sync")
    np.testing.assert_array_equal(written, image(40, 40) + 1)


def test_a_list_without_its_array_is_not_believed(tmp_path):
    target, log = tmp_path / "y.zarr", tmp_path / "log"
    with dask.config.set(scheduler="synchronous", num_workers=1):
        with pytest.raises(RuntimeError):
            save(counted(log, (2, 1)), target)
        shutil.rmtree(tmp_path / "y.zarr.partial")
        save(counted(log), target)
    np.testing.assert_array_equal(zarr.open(target, mode="r")[...], image(40, 40) + 1)


def test_another_array_that_was_begun_there(tmp_path):
    target, log = tmp_path / "y.zarr", tmp_path / "log"
    with dask.config.set(scheduler="synchronous", num_workers=1):
        with pytest.raises(RuntimeError):
            save(counted(log, (2, 1)), target)
        with pytest.raises(ValueError, match="something else was begun there") as raised:
            save(counted(log, name="other"), target)
        assert "y.zarr" in str(raised.value)
        log.unlink()
        save(counted(log), target)
    assert len(log.read_text().splitlines()) == 8


@pytest.mark.parametrize("what", ["file", "folder", "array", "partial"])
def test_what_is_there_is_not_overwritten(tmp_path, what):
    target = tmp_path / ("y.zarr.partial" if what == "partial" else "y.zarr")
    if what == "file":
        target.write_text("mine")
    elif what == "array":
        write_zarr(target, image(4, 4), (2, 2))
    else:
        target.mkdir()
    with pytest.raises(ValueError, match=r"there is something already.*Remove it, or save"):
        save(da.zeros((4, 4)), tmp_path / "y.zarr")
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("shape", [(4,), (1, 1, 1, 1, 4, 4)])
def test_an_ome_zarr_image_of_other_axes(tmp_path, shape):
    with pytest.raises(ValueError, match="an OME-Zarr image has 2 to 5 axes"):
        save(da.zeros(shape), tmp_path / "y.ome.zarr")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_made(tmp_path):
    with dask.config.set(scheduler="synchronous"):
        save(da.ones((4, 4)), tmp_path / "a" / "b" / "y.zarr")
    assert zarr.open(tmp_path / "a" / "b" / "y.zarr", mode="r")[...].all()


def test_an_empty_batch_is_saved(tmp_path):
    with dask.config.set(scheduler="synchronous"):
        save(da.zeros((0, 3, 4, 4), chunks=(1, 3, 2, 2)), tmp_path / "y.zarr")
    saved = zarr.open(tmp_path / "y.zarr", mode="r")
    assert saved.shape == (0, 3, 4, 4)
    assert saved.chunks == (1, 3, 2, 2)


DISK_FULL = """
    import resource, signal, sys
    import dask, dask.array as da, numpy as np
    from convlib.tiles import save
    rng = np.random.default_rng(0)
    x = da.from_array(rng.integers(0, 255, (400, 400)).astype("u1"), chunks=100, name="x")
    x = x.map_blocks(np.negative)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
    with dask.config.set(scheduler="synchronous"):
        try:
            save(x, sys.argv[1])
        except OSError as error:
            print(type(error).__name__, error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for a file's size")
def test_a_full_disk_leaves_no_finished_array(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(DISK_FULL), str(tmp_path / "y.zarr")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.stdout.split(), ran.returncode) == (["OSError", "27"], 0), ran.stderr
    assert not (tmp_path / "y.zarr").exists()
    assert (tmp_path / "y.zarr.partial").is_dir()


def test_no_two_tasks_write_one_chunk_of_the_file(tmp_path, monkeypatch):
    written = []
    run = saving._Tile.__call__
    monkeypatch.setattr(saving._Tile, "__call__", lambda t: (written.append(t.where), run(t)))
    x = image(17, 12)
    lazy = tiled(da.from_array(x, chunks=((3, 1, 5, 8), (7, 5))), W)
    save(lazy, tmp_path / "y.zarr")
    rows, columns = zarr.open(tmp_path / "y.zarr", mode="r").chunks
    assert written
    assert all(i.start % rows == j.start % columns == 0 for i, j in written)
    np.testing.assert_array_equal(zarr.open(tmp_path / "y.zarr")[:], conv2d(x, W))
