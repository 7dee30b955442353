"""Which rows a range of rows reads: against NumPy's padding, and window by window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib.geometry import Geometry
from convlib.tiles.halo import behind, by_pooling, by_window

PADS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", PADS)
@pytest.mark.parametrize("size", [2, 5, 9])
def test_the_row_behind_each_row_is_that_of_numpy(mode, size):
    pad = size - 1
    fill = {"constant_values": -1} if mode == "zeros" else {}
    expected = np.pad(np.arange(size), pad, mode=PADS[mode], **fill)
    assert behind(np.arange(-pad, size + pad), size, mode).tolist() == expected.tolist()


@st.composite
def windows(draw):
    """Draw one axis of a convolution, with a range of its rows."""
    mode, size = draw(st.sampled_from(sorted(PADS))), draw(st.integers(1, 20))
    most = {"reflect": size - 1, "circular": size}.get(mode, 30)
    before, after = draw(st.integers(0, most)), draw(st.integers(0, most))
    kernel, dilation = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    extent = (kernel - 1) * dilation + 1
    size = max(size, extent - before - after)
    steps = {"stride": draw(st.integers(1, 5)), "dilation": (dilation, 1)}
    pads = {"padding": ((before, after), (0, 0)), "padding_mode": mode}
    g = Geometry((size, 10), (kernel, 1), **steps, **pads)
    start = draw(st.integers(0, g.output_size[0] - 1))
    return g, range(start, draw(st.integers(start + 1, g.output_size[0])))


@given(windows())
def test_the_rows_of_a_range_of_windows(drawn):
    g, cells = drawn
    reads = by_window(g, 0, cells)
    rows = np.concatenate([list(run) for run in reads.runs])
    assert (np.diff(rows) > 0).all()  # sorted, and none twice
    found = rows if reads.places is None else np.where(reads.places < 0, -1, rows[reads.places])
    start = cells[0] * g.stride[0] - g.padding[0][0]
    stop = cells[-1] * g.stride[0] - g.padding[0][0] + g.extent[0]
    expected = behind(np.arange(start, stop), g.input_size[0], g.padding_mode)
    assert found.tolist() == expected.tolist()
    assert set(rows) == set(expected[expected >= 0]) or (expected < 0).all()


def test_a_tile_in_the_padding_alone_reads_one_row_for_its_type():
    reads = by_window(Geometry((5, 5), 3, padding=10), 0, range(2))
    assert reads.runs == (range(1),)
    assert (reads.places == -1).all()


def test_a_pooling_begins_at_a_window_and_pads_by_itself():
    g = Geometry((20, 20), 4, stride=3, padding=2)
    assert by_pooling(g, 0, range(2)) == ((range(5),), None, 0)
    assert by_pooling(g, 0, range(3, 5)) == ((range(6, 14),), None, 1)
