"""Images on disk are opened as they are, and what cannot be read is told in one error."""

import pickle
import re

import numpy as np
import pytest
import zarr

from convlib.tiles import open_image
from tests.needs import need_module
from tests.tiles.images import damage, image, write_ome, write_zarr

tifffile = need_module("tifffile")


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("dtype", [np.uint8, ">u2", np.float32, bool])
def test_a_zarr_array(tmp_path, version, dtype):
    x = image(30, 40, dtype=dtype)
    y = open_image(write_zarr(tmp_path / "x.zarr", x, (16, 10), version))
    assert (y.shape, y.dtype.name) == (x.shape, x.dtype.name)
    assert y.chunks == ((16, 14), (10,) * 4)
    np.testing.assert_array_equal(y.compute(scheduler="sync"), x)


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_the_levels_of_an_ome_zarr_image(tmp_path, version):
    x = image(1, 2, 3, 32, 40)
    path = write_ome(tmp_path / "x.ome.zarr", [x, x[..., ::2, ::2]], (1, 1, 1, 16, 16), version)
    np.testing.assert_array_equal(open_image(path).compute(scheduler="sync"), x)
    half = open_image(str(path), level=1)
    assert half.shape == (1, 2, 3, 16, 20)
    np.testing.assert_array_equal(half.compute(scheduler="sync"), x[..., ::2, ::2])


@pytest.mark.parametrize("how", [{"tile": (16, 32)}, {"rowsperstrip": 10}, {}])
@pytest.mark.parametrize("suffix", [".tif", ".TIFF"])
def test_a_tiff_in_tiles_or_strips(tmp_path, how, suffix):
    x = image(64, 96)
    tifffile.imwrite(tmp_path / f"x{suffix}", x, **how)
    y = open_image(tmp_path / f"x{suffix}")
    np.testing.assert_array_equal(y.compute(scheduler="sync"), x)
    if "tile" in how:
        assert y.chunks == ((16,) * 4, (32,) * 3)


def test_a_tiff_in_colours_and_levels(tmp_path):
    x = image(64, 96, 3)
    with tifffile.TiffWriter(tmp_path / "x.tif") as tiff:
        tiff.write(x, tile=(32, 32), photometric="rgb", subifds=1)
        tiff.write(x[::2, ::2], tile=(32, 32), photometric="rgb", subfiletype=1)
    np.testing.assert_array_equal(open_image(tmp_path / "x.tif").compute(scheduler="sync"), x)
    half = open_image(tmp_path / "x.tif", level=1)
    np.testing.assert_array_equal(half.compute(scheduler="sync"), x[::2, ::2])


def test_a_relative_path_is_that_of_now(tmp_path, monkeypatch):
    write_zarr(tmp_path / "x.zarr", image(4, 4), (2, 2))
    monkeypatch.chdir(tmp_path)
    y = open_image("x.zarr")
    monkeypatch.chdir("/")
    np.testing.assert_array_equal(y.compute(scheduler="sync"), image(4, 4))


def test_an_image_is_known_again_unless_it_was_changed(tmp_path):
    path = write_zarr(tmp_path / "x.zarr", image(4, 4), (2, 2))
    name = open_image(path).name
    assert open_image(path).name == name
    assert open_image(write_zarr(tmp_path / "y.zarr", image(4, 4), (2, 2))).name != name


def test_a_graph_holds_the_path_and_not_the_image(tmp_path):
    y = open_image(write_zarr(tmp_path / "x.zarr", image(500, 500), (250, 250)))
    assert len(pickle.dumps(y)) < 10_000
    again = pickle.loads(pickle.dumps(y))
    np.testing.assert_array_equal(again.compute(scheduler="processes"), image(500, 500))


def of_kind(kind, folder):
    path = folder / kind
    if kind in ("text.txt", "text.tif"):
        path.write_text("no image\n")
    elif kind == "x.npy":
        np.save(path, np.ones((3, 3)))
    elif kind == "empty.tif":
        path.touch()
    elif kind in ("folder", "folder.tif"):
        path.mkdir()
    elif kind == "group.zarr":
        zarr.open_group(path, mode="w")
    elif kind == "listed.zarr":
        write_ome(path, [image(4, 4)], (2, 2))
        (path / "s0" / "zarr.json").unlink()
    elif kind == "broken.zarr":
        write_zarr(path, image(4, 4), (2, 2))
        (path / "zarr.json").write_text('{"zarr_format": 3,')
    return path


@pytest.mark.parametrize(
    "kind",
    [
        "text.txt",
        "text.tif",
        "x.npy",
        "empty.tif",
        "folder",
        "folder.tif",
        "group.zarr",
        "listed.zarr",
        "broken.zarr",
    ],
)
def test_what_is_no_image(tmp_path, kind):
    path = of_kind(kind, tmp_path)
    with pytest.raises(ValueError, match="this cannot be opened as an image") as raised:
        open_image(path)
    assert "Use a zarr array, an OME-Zarr image or a TIFF file" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["missing.zarr", "missing.tif", "missing"])
def test_a_missing_file(tmp_path, name):
    with pytest.raises(ValueError, match=r"there is no such file or folder.*level=0"):
        open_image(tmp_path / name)


@pytest.mark.parametrize(
    ("level", "kind", "wrong"),
    [
        (1, ValueError, "cannot be opened"),
        (-1, ValueError, "level is out of range"),
        (1.0, TypeError, "level must be made of integers"),
        ("0", TypeError, "level must be made of integers"),
    ],
)
def test_a_level_that_is_not_there(tmp_path, level, kind, wrong):
    array = write_zarr(tmp_path / "x.zarr", image(4, 4), (2, 2))
    group = write_ome(tmp_path / "y.ome.zarr", [image(4, 4)], (2, 2))
    tifffile.imwrite(tmp_path / "x.tif", image(4, 4))
    for path in (array, group, tmp_path / "x.tif"):
        with pytest.raises(kind, match=f"{wrong}.*level={level!r}"):
            open_image(path, level=level)


@pytest.mark.parametrize("version", [2, 3])
def test_a_damaged_chunk_is_told(tmp_path, version):
    path = write_zarr(tmp_path / "x.zarr", image(40, 40), (10, 10), version)
    damage(path)
    y = open_image(path)
    for scheduler in ("sync", "threads"):
        with pytest.raises(ValueError, match="a part of the image cannot be read") as raised:
            y.compute(scheduler=scheduler)
        assert str(path) in str(raised.value) or "path='" in str(raised.value)
        assert re.search(r"part=\(slice\(\d+, \d+, None\)", str(raised.value))
        assert "may be damaged" in str(raised.value)


def test_a_damaged_tiff_is_told(tmp_path):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, image(64, 64), tile=(16, 16), compression="zlib")
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(ValueError, match="cannot be"):
        open_image(path).compute(scheduler="sync")


def test_a_file_that_goes_away_is_told(tmp_path):
    path = write_zarr(tmp_path / "x.zarr", image(4, 4), (2, 2))
    y = open_image(path)
    path.rename(tmp_path / "elsewhere.zarr")
    with pytest.raises(ValueError, match="a part of the image cannot be read"):
        y.compute(scheduler="sync")
