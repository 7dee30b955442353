"""The NumPy lines under a picture are run: they give the very number that the picture shows."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from tests.needs import need_module

need_module("anywidget")

from convlens import explore  # noqa: E402
from convlens.explore.byte_strides import REQUESTS  # noqa: E402
from convlens.picture.code import plain  # noqa: E402
from convlens.scenes.byte_strides import ByteStridesScene  # noqa: E402
from convlens.scenes.index_grid import IndexGridScene  # noqa: E402
from convlens.scenes.window import WindowScene  # noqa: E402
from convlib import Walk, conv2d, strided  # noqa: E402
from tests.explore.cases import ALL, KINDS  # noqa: E402

SMALL = [name for name in ALL if "photograph" not in name]
MOST = 12  # positions looked at in one walk


def namespace(x, w, bias):
    given = {} if bias is None else {"b": np.asarray(bias)}
    return {"np": np, "as_strided": as_strided, "x": np.asarray(x), "w": np.asarray(w)} | given


def positions(walk):
    every = list(np.ndindex(walk.output.shape))
    for n, o, i, j in every[:: 1 + len(every) // MOST]:
        yield walk.frame(i, j, image=n, filter=o)


@pytest.mark.parametrize("name", ALL)
def test_window_lines_give_the_output(name):
    x, w, bias, arguments = ALL[name]
    walk = Walk(x, w, bias, **arguments)
    y, scene = conv2d(x, w, bias, **arguments), WindowScene(walk)
    for f in positions(walk):
        lines = plain(scene.source(f))
        found = namespace(x, w, bias) | {"y": y.astype(np.result_type(y, np.float32))}
        before = found["y"].copy()
        exec(lines, found)
        rough = 1e-3 if y.dtype == np.float16 else 1e-6
        np.testing.assert_allclose(found["y"], before, rtol=rough, atol=1e-9)
        computed = {}
        exec(lines, namespace(x, w, bias) | {"y": computed})
        (value,) = computed.values()
        np.testing.assert_allclose(value, f.sum, rtol=rough, atol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_grid_lines_fetch_the_window(name):
    x, w, bias, arguments = ALL[name]
    walk = Walk(x, w, bias, **arguments)
    scene = IndexGridScene(walk)
    for f in positions(walk):
        lines = plain(scene.source(f)).splitlines()
        found = namespace(x, w, bias)
        exec("\n".join(lines[:-1]), found)
        np.testing.assert_array_equal(eval(lines[-1], found), f.window.ravel())
        assert found["grid"].shape == (walk.output[0, 0].size, f.window.size)


@pytest.mark.parametrize("name", SMALL)
def test_view_lines_read_the_cell_or_are_refused(name):
    x, w, bias, arguments = ALL[name]
    walk = Walk(x, w, bias, **arguments)
    scene = ByteStridesScene(walk)
    for f in positions(walk):
        kh, kw = walk.geometry.kernel_size
        for more in REQUESTS.values():
            tap, channel = (kh - 1, kw // 2), len(f.channels) - 1
            cell = scene.cell(f, channel, tap, more=more)
            lines = plain(scene.source(f, cell)).splitlines()
            axes = scene.memory.axes
            shape = tuple(cell.shape[k] for k in axes)
            strides = tuple(cell.strides[k] for k in axes)
            found = namespace(x, w, bias)
            if lines[-1].startswith("#"):
                assert lines[-2].startswith("# view = as_strided(")
                exec("\n".join(lines), found)
                assert "view" not in found
                with pytest.raises(ValueError, match="the view would touch"):
                    strided.safe_view(walk.padded, cell.shape, cell.strides)
            else:
                exec("\n".join(lines[:-1]), found)
                np.testing.assert_array_equal(eval(lines[-1], found), f.window[channel][tap])
                assert (found["view"].shape, found["view"].strides) == (shape, strides)
                assert not found["view"].flags.writeable
                strided.safe_view(walk.padded, cell.shape, cell.strides)


def test_both_kinds_of_view_were_seen():
    x, w, *_ = ALL["4x5"]
    scene = ByteStridesScene(walk := Walk(x, w))
    seen = [
        plain(scene.source(walk.frame(0, 0), scene.cell(walk.frame(0, 0), 0, (0, 0), more=more)))
        for more in REQUESTS.values()
    ]
    assert [text.startswith("# view") for text in seen] == [False, True, True]
    assert "bytes 0 to 99 asked for, x has only 0 to 79" in seen[1]


@pytest.mark.parametrize("kind", KINDS)
def test_box_shows_those_lines(kind):
    x, w, bias, arguments = ALL["padded, strided"]
    explorer = getattr(explore, kind)(x, w, bias, **arguments)
    assert "xp = np.pad(x, ((0, 0), (1, 1), (1, 1)))" in explorer.state["code"]
    assert plain(explorer.lines).count("\n") == explorer.state["code"].count("\n")
