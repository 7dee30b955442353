"""``python -m convlib.tiles`` as it is typed: what comes out, and how it fails."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import zarr

from convlib import conv2d
from convlib.tiles import open_image
from convlib.tiles.__main__ import main
from tests.needs import need_module
from tests.tiles.images import damage, image, write_ome, write_zarr

tifffile = need_module("tifffile")

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def run(*words, **more):
    command = [sys.executable, "-m", "convlib.tiles", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


@pytest.fixture
def quick(capsys):
    """Give what runs the command in this process, where that is no difference."""

    def call(*words):
        code = main([*map(str, words)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return call


def told(ran):
    """List the lines on stderr beside the plan and the bar."""
    known = ("halo ", "read ", "written ", "peak ")
    lines = [part for line in ran.stderr.splitlines() for part in line.split("\r") if part.strip()]
    return [
        line
        for line in lines
        if not line.startswith(known)
        and " tiles of at most " not in line
        and "tile/s" not in line
        and "?tile" not in line
        and "s/tile" not in line
    ]


def fails(ran, out, wrong):
    """See that it failed in one line, and left no finished array."""
    assert (ran.returncode, ran.stdout) == (1, ""), ran.stderr
    lines = told(ran)
    assert len(lines) == 1, ran.stderr
    assert wrong in lines[0]
    assert not out.exists()


def succeeds(ran):
    assert (ran.returncode, ran.stdout, told(ran)) == (0, "", []), ran.stderr


def test_a_plane_by_name(tmp_path):
    x = image(60, 70)
    ran = run(write_zarr(tmp_path / "x.zarr", x, (20, 20)), tmp_path / "y.zarr", "--kernel=sobel-x")
    succeeds(ran)
    assert "to (1, 1, 60, 70) int64" in ran.stderr or "to (60, 70) int64" in ran.stderr
    written = zarr.open(tmp_path / "y.zarr", mode="r")[...]
    np.testing.assert_array_equal(written, conv2d(x, SOBEL, padding="same"))


def test_an_rgb_tiff_by_a_file_on_workers(tmp_path):
    x, w = image(64, 80, 3), np.arange(12).reshape(4, 3)
    tifffile.imwrite(tmp_path / "x.tif", x, tile=(32, 32), photometric="rgb")
    np.save(tmp_path / "w.npy", w)
    out = tmp_path / "y.zarr"
    how = ["--kernel", tmp_path / "w.npy", "--padding-mode=reflect", "--workers=2"]
    succeeds(run(tmp_path / "x.tif", out, *how))
    expected = [conv2d(x[..., c], w, padding="same", padding_mode="reflect") for c in range(3)]
    np.testing.assert_array_equal(open_image(out).compute(), np.stack(expected, -1))


def test_filters_of_all_channels(tmp_path, quick):
    x, w = image(3, 40, 50), np.arange(54).reshape(2, 3, 3, 3)
    np.save(tmp_path / "w.npy", w)
    out = tmp_path / "y.ome.zarr"
    how = ["--kernel", tmp_path / "w.npy", "--stride=2", "--padding=1", "--tile=7"]
    succeeds(quick(write_zarr(tmp_path / "x.zarr", x, (3, 16, 16)), out, *how))
    np.testing.assert_array_equal(open_image(out).compute(), conv2d(x, w, stride=2, padding=1))


def test_every_plane_of_an_ome_zarr_image(tmp_path, quick):
    x = image(2, 2, 3, 24, 20)
    path = write_ome(tmp_path / "x.ome.zarr", [x, x[..., ::2, ::2]], (1, 1, 1, 12, 12))
    for level, of_level in enumerate((x, x[..., ::2, ::2])):
        out = tmp_path / f"y{level}.ome.zarr"
        succeeds(quick(path, out, "--kernel=laplace", "--level", level))
        planes = of_level.reshape(-1, 1, *of_level.shape[-2:])
        w = np.array([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
        expected = conv2d(planes, w, padding="same").reshape(of_level.shape)
        np.testing.assert_array_equal(open_image(out).compute(), expected)


@pytest.mark.parametrize(
    ("how", "wrong"),
    [
        (["--kernel=sobel"], "there is no such kernel. Given: kernel='sobel'"),
        (["--kernel=w3.npy"], "a kernel of 3 axes"),
        (["--kernel=w4.npy"], "do not go together"),
        (["--kernel=words.npy"], "w must hold numbers"),
        (["--kernel=text.txt"], "there is no such kernel"),
        (["--kernel=blur", "--memory=1kB"], "No tile fits: cut x into smaller chunks first"),
        (["--kernel=blur", "--memory=20kB", "--tile=60"], "Use tile="),
        (["--kernel=blur", "--memory=lots"], "memory cannot be read as bytes"),
        (["--kernel=blur", "--level=3"], "level"),
        (["--kernel=blur", "--padding=full"], "padding is not known"),
        (["--kernel=blur", "--padding-mode=mirror"], "padding_mode is not known"),
        (["--kernel=blur", "--stride=0"], "stride is out of range (0)"),
        (["--kernel=blur", "--tile=-1"], "tile is out of range (-1)"),
        (["--kernel=blur", "--tile=0"], "tile is out of range (0)"),
        (["--kernel=blur", "--workers=0"], "workers is out of range (0)"),
    ],
)
def test_it_fails_in_one_line(tmp_path, monkeypatch, quick, how, wrong):
    write_zarr(tmp_path / "x.zarr", image(60, 60), (20, 20))
    np.save(tmp_path / "w3.npy", np.ones((2, 3, 3)))
    np.save(tmp_path / "w4.npy", np.ones((1, 2, 3, 3)))
    np.save(tmp_path / "words.npy", np.array([["a"]]))
    (tmp_path / "text.txt").write_text("1 2 3\n")
    monkeypatch.chdir(tmp_path)
    fails(quick("x.zarr", "y.zarr", *how), tmp_path / "y.zarr", wrong)


def test_a_cluster_that_is_not_there(tmp_path):
    path, out = write_zarr(tmp_path / "x.zarr", image(20, 20), (10, 10)), tmp_path / "y.zarr"
    soon = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    ran = run(path, out, "--kernel=blur", "--scheduler=tcp://127.0.0.1:1", env=soon)
    fails(ran, out, "tcp://127.0.0.1:1")


def test_no_input_and_an_output_that_is_there(tmp_path, quick):
    out = tmp_path / "y.zarr"
    fails(quick(tmp_path / "x.zarr", out, "--kernel=blur"), out, "there is no such file or folder")
    write_zarr(tmp_path / "x.zarr", image(20, 20), (10, 10))
    out.mkdir()
    ran = quick(tmp_path / "x.zarr", out, "--kernel=blur")
    assert ran.returncode == 1
    assert len(told(ran)) == 1
    assert "there is something already" in told(ran)[0]
    assert not list(out.iterdir())


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.wide)])
def test_a_damaged_chunk(tmp_path, workers):
    path = write_zarr(tmp_path / "x.zarr", image(60, 60), (20, 20))
    damage(path)
    ran = run(path, tmp_path / "y.zarr", "--kernel=blur", "--workers", workers)
    fails(ran, tmp_path / "y.zarr", "a part of the image cannot be read")
    assert "x.zarr" in told(ran)[0]


def test_help_needs_no_dask_and_its_absence_is_told_in_one_line():
    code = "import sys; sys.modules['dask'] = None; from convlib.tiles.__main__ import main\n"
    code += "sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code]
    helped = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=60)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "usage: python -m convlib.tiles" in helped.stdout
    words = ["x.zarr", "y.zarr", "--kernel=blur"]
    ran = subprocess.run([*command, *words], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "needs dask" in ran.stderr
    assert "[tiles]" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell of this kind")
def test_with_its_messages_closed_it_still_writes(tmp_path):
    x = image(20, 30)
    path, out = write_zarr(tmp_path / "x.zarr", x, (10, 10)), tmp_path / "y.zarr"
    command = '"$0" -m convlib.tiles "$1" "$2" --kernel=sobel-x 2>&-'
    subprocess.run(["/bin/sh", "-c", command, sys.executable, path, out], check=True, timeout=60)
    np.testing.assert_array_equal(open_image(out).compute(), conv2d(x, SOBEL, padding="same"))


def test_bad_words_are_told_by_their_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["x.zarr"])
    assert capsys.readouterr().err.startswith("usage: python -m convlib.tiles")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_an_interrupt_and_then_the_rest(tmp_path):
    x = image(160, 160)
    path, out = write_zarr(tmp_path / "x.zarr", x, (16, 16)), tmp_path / "y.zarr"
    journal = tmp_path / "y.zarr.partial.tiles"
    words = [str(path), str(out), "--kernel=sobel-x", "--tile=16"]
    command = [sys.executable, "-m", "convlib.tiles", *words]
    reset = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **reset) as begun:
        until = time.monotonic() + 60
        while not journal.exists() or journal.read_text().count("\n") < 5:
            assert time.monotonic() < until
            time.sleep(0.01)
        begun.send_signal(signal.SIGINT)
        said = begun.communicate(timeout=60)[1]
    assert begun.returncode == 1
    assert "interrupted: run it again to go on" in said
    assert "Traceback" not in said
    assert not out.exists()
    finished = journal.read_text().count("\n") - 1
    assert 0 < finished < 100
    ran = run(*words)
    succeeds(ran)
    assert f"{finished}/100" in ran.stderr
    np.testing.assert_array_equal(open_image(out).compute(), conv2d(x, SOBEL, padding="same"))
