"""Memory at the peak: asked for beside right numbers."""

import tracemalloc

import numpy as np
import pytest

from convlens import check
from convlens.check.mistakes.memory import all_channels_held, patches_copied
from convlib import conv2d


def taps(x, w, stride):
    """The solution of notebook 08."""
    (_, H, W), (_, KH, KW), (down, right) = x.shape, w.shape, stride
    OH, OW = (H - KH) // down + 1, (W - KW) // right + 1
    y = np.zeros((OH, OW))
    for c, u, v in np.ndindex(w.shape):
        rows = slice(u, u + (OH - 1) * down + 1, down)
        columns = slice(v, v + (OW - 1) * right + 1, right)
        y += float(w[c, u, v]) * x[c, rows, columns]
    return y


def judged(function, most=2):
    return check.conv2d(function, x="CHW", w="CHW", memory=most)


def test_taps_need_little():
    report = judged(taps)
    assert report.ok
    assert report.tried[-1] == "memory at the peak"


def test_patches_are_seen():
    report = judged(patches_copied.wrong)
    assert report.verdict.startswith("not yet: memory at the peak")
    assert "bytes at the peak; fewer than 96,176 are asked for" in report.wrong
    assert (report.diagnosis, report.remedy) == (patches_copied.diagnosis, patches_copied.remedy)
    assert judged(lambda x, w: conv2d(x, w, method="strided")).diagnosis == report.diagnosis


def test_other_waste_is_not_called_patches():
    def wasteful(x, w, stride):
        room = np.zeros(100_000)
        return taps(x, w, stride) + room[0]

    report = judged(wasteful)
    assert not report.ok
    assert report.diagnosis is None


def test_more_may_be_allowed():
    def widened(x, w, stride):
        return taps(x.astype(float), w, stride)

    assert judged(widened, 2).diagnosis == all_channels_held.diagnosis
    assert judged(widened, 4).ok


def test_wrong_numbers_come_first():
    report = judged(lambda x, w: patches_copied.wrong(x, w[:, ::-1, ::-1]))
    assert "flipped" in report.diagnosis


def test_numbers_of_the_large_image_count_too():
    report = judged(lambda x, w: conv2d(x, w) * (1 + (x.shape[1] > 40)))
    assert report.verdict.startswith("not yet: memory")
    assert "numbers differ" in report.wrong


def test_loop_that_never_ends_is_stopped():
    def stuck(x, w):
        while x.shape[1] > 40:
            pass
        return conv2d(x, w)

    report = check.conv2d(stuck, x="CHW", w="CHW", memory=2, seconds=0.3)
    assert report.wrong.startswith("it was stopped after 0.3 s")


def test_tracing_that_was_on_stays_on():
    tracemalloc.start()
    try:
        assert judged(taps).ok
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()
    assert judged(taps).ok
    assert not tracemalloc.is_tracing()


def test_memory_is_asked_of_one_image_and_kernel():
    with pytest.raises(ValueError, match='Give x="CHW" and w="CHW"'):
        check.conv2d(taps, x="NCHW", w="CHW", memory=2)
