"""The strip of memory: elements in address order, windows and jumps at their bytes."""

import numpy as np
import pytest
from matplotlib.patches import PathPatch

from convlens import draw
from convlib import Walk
from tests.draw.looking import assert_legible, patches, texts, written

X = np.arange(20, dtype=np.float32).reshape(4, 5) * 3 % 10
FRAME = Walk(X, np.ones((2, 3))).frame(1, 1)


def strip(x, **how):
    fig, ax = draw.figure()
    draw.memory(ax, x, **how)
    return fig, ax


def addresses(ax):
    """What is written under the strip, by place."""
    return {t.xy[0]: t.get_text() for t in texts(ax) if abs(t.xy[1] - 0.84) < 1e-9}


def plated(ax, count):
    """Which of the tiles stand on a plate."""
    boxes = patches(ax, "window")
    return [k for k in range(count) if any(x0 < k - 0.4 and k + 0.4 < x1 for x0, _, x1, _ in boxes)]


def arcs(ax):
    found = {}
    for p in ax.get_children():
        if isinstance(p, PathPatch) and str(p.get_gid()).startswith("arc"):
            ends = p.get_path().vertices[[0, -1], 0]
            found[p.get_gid()[-1]] = tuple(int(np.rint(e)) for e in ends)
    return found


@pytest.mark.parametrize("order", ["C", "F"])
def test_elements_stand_in_address_order(order):
    fig, ax = strip(np.asarray(X, order=order))
    flat = X.ravel(order=order)
    assert written(ax, (1, 20)) == [[str(int(v)) for v in flat]]
    assert list(addresses(ax).values()) == [str(4 * k) for k in range(20)]
    names = {t.get_text() for t in texts(ax)}
    assert {"row 0", "row 3"} <= names if order == "C" else {"column 0", "column 4"} <= names
    assert_legible(fig)


def test_a_slice_leaves_gaps_and_counts_from_its_first_element():
    _, ax = strip(X[::-1, ::2])
    read = written(ax, (1, 20))[0]
    assert addresses(ax)[0.0] == "−60"
    assert [k for k, text in enumerate(read) if text is None] == [
        k for k in range(20) if k % 5 in (1, 3)
    ]


@pytest.mark.parametrize("unit", ["bytes", "elements"])
def test_plates_and_arcs_are_the_frames(unit):
    fig, ax = strip(FRAME.walk.padded, frame=FRAME, unit=unit)
    assert plated(ax, 20) == (FRAME.byte_offsets.ravel() // 4).tolist() == [6, 7, 8, 11, 12, 13]
    assert arcs(ax) == {"i": (0, 5), "j": (5, 6), "u": (6, 11), "v": (11, 12)}
    read = {t.get_text() for t in texts(ax)}
    if unit == "bytes":
        assert {"i +20 bytes", "j +4", "u +20 bytes", "v +4"} <= read
    else:
        assert {"i +5", "j +1", "u +5", "v +1"} <= read
    assert_legible(fig)


def test_jumps_can_be_chosen():
    _, ax = strip(FRAME.walk.padded, frame=FRAME, jumps="uv")
    assert arcs(ax) == {"u": (6, 11), "v": (11, 12)}
    _, ax = strip(FRAME.walk.padded, frame=FRAME, jumps="")
    assert arcs(ax) == {}


def test_the_first_window_jumps_onward():
    frame = FRAME.walk.frame(0, 0)
    fig, ax = strip(frame.walk.padded, frame=frame)
    assert arcs(ax) == {"i": (0, 5), "j": (0, 1), "u": (0, 5), "v": (5, 6)}
    assert_legible(fig)


def test_channels():
    x = np.arange(32, dtype=np.int16).reshape(2, 4, 4)
    frame = Walk(x, np.ones((1, 2, 2, 2))).frame(1, 1)
    fig, ax = strip(frame.walk.padded, frame=frame)
    assert plated(ax, 32) == (frame.byte_offsets.ravel() // 2).tolist()
    assert arcs(ax) == {"i": (0, 4), "j": (4, 5), "c": (5, 21), "u": (21, 25), "v": (25, 26)}
    assert_legible(fig)


def test_a_strided_dilated_padded_walk():
    walk = Walk(X, np.ones((2, 2)), stride=(2, 1), dilation=(1, 2), padding=((0, 1), (0, 0)))
    frame = walk.frame(1, 1)
    _, ax = strip(walk.padded, frame=frame)
    assert plated(ax, 25) == (frame.byte_offsets.ravel() // 4).tolist() == [11, 13, 16, 18]
    assert arcs(ax) == {"i": (0, 10), "j": (10, 11), "u": (11, 16), "v": (16, 18)}


def test_what_lies_beyond_is_hatched_and_never_read():
    how = {"view_shape": (4, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (3, 1)}
    fig, ax = strip(X, **how)
    assert plated(ax, 24) == [16, 17, 18]
    assert written(ax, (1, 24))[0][20:] == [None] * 4
    beyond = patches(ax, "outside")
    assert [round(float(x0 + x1) / 2) for x0, _, x1, _ in beyond] == [20, 21, 22, 23]
    assert addresses(ax)[21.0] == "84"
    assert_legible(fig)


def test_a_view_by_hand_equals_the_frame():
    by_hand = strip(X, view_shape=(3, 3, 2, 3), byte_strides=(20, 4, 20, 4))[1]
    framed = strip(FRAME.walk.padded, frame=FRAME)[1]
    assert arcs(by_hand) == arcs(framed)
    assert plated(by_hand, 20) == plated(framed, 20)


def test_long_memory_is_elided_around_the_window():
    x = np.arange(3 * 7 * 9).reshape(3, 7, 9) % 10
    frame = Walk(x, np.ones((1, 3, 3, 2))).frame(1, 1)
    fig, ax = strip(frame.walk.padded, frame=frame)
    assert "…" in {t.get_text() for t in texts(ax)}
    boxes = patches(ax, "window")
    assert len(boxes) == 9
    assert_legible(fig)


def test_a_broadcast_array_has_one_tile_for_what_it_repeats():
    _, ax = strip(np.broadcast_to(np.arange(3), (4, 3)))
    assert written(ax, (1, 3)) == [["0", "1", "2"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"view_shape": (2, 2), "byte_strides": (4,)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 3, 20, 4)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (1,)},
        {"view_shape": (3, 3, 2, 3), "byte_strides": (20, 4, 20, 4), "position": (3, 0)},
        {"unit": "bits"},
        {"frame": Walk(X, np.ones((2, 2)), padding=1).frame(0, 0)},
        {"frame": FRAME, "jumps": "c?"},
    ],
)
def test_wrong_views_are_refused(wrong):
    with pytest.raises(ValueError, match="Given: "):
        strip(X, **wrong)
