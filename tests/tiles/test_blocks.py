"""How chunks are cut into tiles, and a part is taken out of several blocks."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib import conv2d, max_pool2d
from convlib.tiles.blocks import batches, cut, taken, touched
from convlib.tiles.stack import read_stack

SAME = partial(conv2d, w=np.ones((3, 3)), padding="same")


@given(st.lists(st.integers(0, 4), min_size=1, max_size=8).filter(any), st.data())
def test_the_chunks_that_hold_a_run(chunks, data):
    size = sum(chunks)
    start = data.draw(st.integers(0, size - 1))
    stop = data.draw(st.integers(start + 1, size))
    of_row = np.repeat(np.arange(len(chunks)), chunks)
    found = touched(tuple(chunks), (range(start, stop),))
    assert [index for index, _ in found] == np.unique(of_row[start:stop]).tolist()
    assert all(list(held) == np.flatnonzero(of_row == index).tolist() for index, held in found)


def test_runs_around_a_circle_are_not_joined():
    assert [index for index, _ in touched((2,) * 5, (range(1), range(9, 10)))] == [0, 4]


@pytest.mark.parametrize(
    ("rows", "layers", "tile", "lengths"),
    [
        ((4, 4, 4), [SAME], None, [4, 4, 4]),
        ((5, 5, 2), [SAME], None, [5, 5, 2]),
        ((5, 1, 6), [SAME], None, [5, 1, 6]),
        ((4, 4, 4), [SAME], 5, [5, 5, 2]),
        ((4, 4, 4), [SAME], 100, [12]),
        ((4, 4, 4), [partial(max_pool2d, kernel_size=2)], None, [2, 2, 2]),
        ((1,) * 12, [partial(max_pool2d, kernel_size=4)], None, [1, 1, 1]),
        ((7, 5), [partial(max_pool2d, kernel_size=2)], None, [3, 3]),
    ],
)
def test_tiles_lie_as_the_chunks_do(rows, layers, tile, lengths):
    stages = read_stack((12, 12), float, layers)
    found, _ = cut((rows, (12,)), stages, tile)
    assert [len(cells) for cells in found] == lengths
    assert [row for cells in found for row in cells] == list(range(stages[-1].shape[0]))


def test_a_batch_is_one_task_where_its_images_become_channels():
    chunks = ((1, 2), (1,), (6,), (6,))
    kept = read_stack((3, 1, 6, 6), float, [partial(max_pool2d, kernel_size=2)])
    lost = read_stack((3, 1, 6, 6), float, [partial(conv2d, w=np.ones((1, 3, 3)))])
    assert batches(chunks, kept) == [[0], [1]]
    assert batches(chunks, lost) == [[0, 1]]


@given(st.data())
def test_a_part_of_several_blocks(data):
    x = np.arange(7 * 9).reshape(7, 9)
    rows = [*sorted(data.draw(st.sets(st.integers(1, 6)))), 7]
    columns = [*sorted(data.draw(st.sets(st.integers(1, 8)))), 9]
    corners = [(a, b) for a in [0, *rows[:-1]] for b in [0, *columns[:-1]]]
    blocks = [x[a:c, b:d] for a, c in zip([0, *rows], rows, strict=False)
              for b, d in zip([0, *columns], columns, strict=False)]  # fmt: skip
    low = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 8))
    part = [range(a, data.draw(st.integers(a + 1, n))) for a, n in zip(low, (7, 9), strict=True)]
    found = taken(blocks, corners, {0: part[0], 1: part[1]})
    np.testing.assert_array_equal(found, x[np.ix_(*part)])
    assert x.flags.writeable


def test_what_one_block_holds_is_a_view_that_cannot_be_written():
    x = np.arange(12).reshape(3, 4)
    part = taken([x], [(0, 0)], {0: range(1, 3), 1: range(2)})
    assert np.shares_memory(part, x)
    assert not part.flags.writeable


@pytest.mark.parametrize("size", [(2, 60_000), (600, 600)])  # many columns; many tiles
def test_more_tiles_than_can_be_listed_are_refused(monkeypatch, size):
    pages = {"SC_PHYS_PAGES": 2**11, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)
    chunks, last = ((size[0],), (size[1],)), read_stack(size, np.dtype(float), [np.abs])
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"not enough memory .*Given: tile=1, output="):
        cut(chunks, last, 1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000  # nor were they listed to be counted
    assert [len(ranges) for ranges in cut(chunks, last, 100)] == [-(-n // 100) for n in size]
