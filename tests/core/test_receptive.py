"""What deep cells see: known networks, and cells marked one by one through real windows."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlib import Field, cells_seen, max_pool2d, receptive_field, strided
from tests.core.pools import as_pair, sizes

CONV, POOL = (3, 1, 1), (2, 2)
VGG_16 = [layer for n in (2, 2, 3, 3, 3) for layer in (*[CONV] * n, POOL)]
ALEXNET_V2 = [(11, 4), (3, 2), (5, 1, 2), (3, 2), CONV, CONV, CONV, (3, 2)]


def resnet(*blocks):
    """The longest path of a first version: each block but the last strides in its last unit."""
    odd = ((0, 1), (0, 1))  # TensorFlow's SAME padding of an even size
    layers = [(7, 2, 3), (3, 2, odd)]
    for number, units in enumerate(blocks):
        stride = 1 if number == len(blocks) - 1 else 2
        layers += [CONV] * (units - 1) + [(3, stride, 1)]
    return layers


@pytest.mark.parametrize(
    ("layers", "size", "jump", "padding"),
    [
        # Araujo, Norris and Sim (2019): receptive field, effective stride, effective padding.
        (ALEXNET_V2, 195, 32, 64),
        (VGG_16, 212, 32, 90),
        (resnet(3, 4, 6, 3), 483, 32, 239),
        (resnet(3, 4, 23, 3), 1027, 32, 511),
        (resnet(3, 8, 36, 3), 1507, 32, 751),
        # By hand.
        ([], 1, 1, 0),
        ([(3,)], 3, 1, 0),
        ([(3, 2, 1, 4)], 9, 2, 1),
        ([(3, 2), (3, 2), (3, 2)], 15, 8, 0),
        ([(3,), (3, 1, 0, 2), (3, 1, 0, 4)], 15, 1, 0),
    ],
)
def test_known_networks(layers, size, jump, padding):
    assert receptive_field(layers) == Field((size,) * 2, (jump,) * 2, (-padding,) * 2)


def test_rows_and_columns_have_numbers_of_their_own():
    layers = [((3, 1), (1, 2), (1, 0), (2, 1)), ((1, 4), 3, ((0, 9), (2, 9)))]
    assert receptive_field(layers) == Field(size=(5, 7), jump=(3, 6), start=(-1, -4))


def test_the_range_of_a_cell_moves_on_by_the_jump():
    field = Field(size=(5, 3), jump=(2, 4), start=(-3, -1))
    assert [field.rows(i) for i in (0, 1, 5)] == [range(-3, 2), range(-1, 4), range(7, 12)]
    assert [field.columns(j) for j in (0, 2)] == [range(-1, 2), range(7, 10)]
    assert [field.rows(i, height=9) for i in (0, 5)] == [range(2), range(7, 9)]
    assert field.columns(0, width=1) == range(1)
    assert len(field.rows(50, height=9)) == 0
    assert len(Field((1, 1), (1, 1), (-5, -5)).rows(0, height=9)) == 0


layers_of_axes = st.tuples(sizes(1, 4), sizes(1, 3), sizes(0, 3), sizes(1, 3))
stacks = st.lists(
    layers_of_axes.flatmap(lambda a: st.integers(1, 4).map(lambda n: a[:n])), max_size=4
)


@settings(deadline=None)
@given(stacks, st.integers(0, 5), st.integers(0, 5))
def test_a_field_reaches_from_the_first_cell_seen_to_the_last(layers, i, j):
    for depth, (rows, columns) in enumerate(cells_seen(layers, (i, j))):
        field = receptive_field(layers[depth:])
        assert (field.rows(i)[0], field.rows(i)[-1]) == (rows[0], rows[-1])
        assert (field.columns(j)[0], field.columns(j)[-1]) == (columns[0], columns[-1])
        dense = all(len(layer) < 4 and (len(layer) < 2 or layer[1] == 1) for layer in layers)
        if dense:
            assert rows.tolist() == list(field.rows(i))


@given(stacks, stacks)
def test_fields_compose(below, above):
    one, two, whole = map(receptive_field, (below, above, below + above))
    for axis in 0, 1:
        assert whole.jump[axis] == one.jump[axis] * two.jump[axis]
        assert whole.size[axis] == one.size[axis] + (two.size[axis] - 1) * one.jump[axis]
        assert whole.start[axis] == one.start[axis] + two.start[axis] * one.jump[axis]


def ways_in(images, layer):
    """Add up each window of a layer: how many ways lead to a marked cell."""
    kernel, stride, padding, dilation = (*layer, *(None, 1, 0, 1)[len(layer) :])
    rows, columns = as_pair(padding)
    padded = np.pad(images, ((0, 0), (0, 0), (rows, rows), (columns, columns)))
    windows = strided.windows(padded, kernel, stride=stride, dilation=dilation)
    return windows.sum((3, 4, 5))[:, None]


@settings(deadline=None, max_examples=60)
@given(stacks, st.tuples(st.integers(1, 9), st.integers(1, 9)), st.data())
def test_the_cells_seen_are_those_that_reach_the_cell(layers, input_size, data):
    h, w = input_size
    marked = np.eye(h * w).reshape(h * w, 1, h, w)  # one image for each cell
    try:
        for layer in layers:
            marked = ways_in(marked, layer)
    except ValueError:  # a layer does not fit
        with pytest.raises(ValueError, match="the kernel spans"):
            cells_seen(layers, (0, 0), input_size)
        return
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in marked.shape[2:])
    reached = (marked[:, 0, *cell] > 0).reshape(h, w)
    rows, columns = cells_seen(layers, cell, input_size)[0]
    wanted = np.zeros((h, w), bool)
    wanted[np.ix_(rows, columns)] = True
    np.testing.assert_array_equal(reached, wanted)
    field = receptive_field(layers)
    assert set(rows) <= set(field.rows(cell[0], height=h))
    assert set(columns) <= set(field.columns(cell[1], width=w))


def test_every_layer_between_is_told():
    seen = cells_seen([(3, 2, 1), (2, 2), (3, 1, 1)], (0, 1), (9, 12))
    assert [rows.tolist() for rows, _ in seen] == [[*range(8)], [*range(4)], [0, 1], [0]]
    assert [columns.tolist() for _, columns in seen] == [[*range(12)], [*range(6)], [0, 1, 2], [1]]


def test_a_cell_of_the_padding_of_a_layer_between_sees_nothing():
    # 5 cells give 2 windows of 2; the third would see cell 4, but the layer above has a zero there.
    layers = [(2, 2), (2, 1, 1)]
    assert cells_seen(layers, (0, 2), (5, 5))[0][1].tolist() == [2, 3]
    assert list(receptive_field(layers).columns(2, width=5)) == [2, 3, 4]
    assert cells_seen(layers, (0, 2))[0][1].tolist() == [2, 3, 4, 5]


def test_a_pooling_is_a_layer_like_any_other():
    x = np.zeros((9, 9))
    for i, j in np.ndindex(9, 9):
        x[i, j] = 1
        y = max_pool2d(max_pool2d(x, 3, stride=2, padding=1), 2)
        seen = {
            cell
            for cell in np.ndindex(y.shape)
            if i in cells_seen([(3, 2, 1), (2, 2)], cell, 9)[0][0]
            and j in cells_seen([(3, 2, 1), (2, 2)], cell, 9)[0][1]
        }
        assert seen == set(zip(*map(np.ndarray.tolist, y.nonzero()), strict=True))
        x[i, j] = 0


@pytest.mark.parametrize(
    ("layers", "kind", "message"),
    [
        (
            [3],
            ValueError,
            "a layer is a tuple of one to four entries. Given: layer=0, entries=3. Use",
        ),
        (3, TypeError, "layers are no sequence. Given: layers=3. Use a list of tuples"),
        (None, TypeError, "layers are no sequence. Given: layers=None"),
        ([CONV, ()], ValueError, "a layer is a tuple of one to four entries. Given: layer=1"),
        ([(1, 1, 1, 1, 1)], ValueError, "a layer is a tuple of one to four entries"),
        (["ab"], ValueError, "a layer is a tuple of one to four entries"),
        ([CONV, (0,)], ValueError, "kernel_size is out of range (0). Given: layer=1, entries=(0,)"),
        ([(1.5,)], TypeError, "kernel_size must be made of integers"),
        ([(3, 0)], ValueError, "stride is out of range (0)"),
        ([(3, (1, 2, 3))], ValueError, "stride has 3 entries, not 2"),
        ([(3, 1, -1)], ValueError, "padding is out of range (-1)"),
        ([(3, 1, "same")], TypeError, "padding must be made of integers here"),
        ([(3, 1, 0, None)], TypeError, "dilation must be made of integers"),
    ],
)
def test_a_bad_layer_is_refused(layers, kind, message):
    for call in (lambda: receptive_field(layers), lambda: cells_seen(layers, (0, 0))):
        with pytest.raises(kind, match=re.escape(message)) as caught:
            call()
        assert " Use " in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "input_size", "kind", "message"),
    [
        (
            (3, 0),
            6,
            ValueError,
            "the last layer has (3, 3) rows and columns, none of them at (3, 0)",
        ),
        ((0, -1), 6, ValueError, "cell is out of range (-1)"),
        ((0, 1.5), 6, TypeError, "cell must be made of integers"),
        ((0, 0), 0, ValueError, "input_size is out of range (0)"),
        (
            (0, 0),
            (6, 1),
            ValueError,
            "the kernel spans (2, 2) but the padded input is (6, 1). Given: layer=0",
        ),
    ],
)
def test_a_bad_cell_or_image_is_refused(cell, input_size, kind, message):
    with pytest.raises(kind, match=re.escape(message)) as caught:
        cells_seen([POOL], cell, input_size)
    assert " Use " in str(caught.value)


def test_a_bad_place_in_a_field_is_refused():
    field = receptive_field([CONV])
    for call in (lambda: field.rows(-1), lambda: field.columns(0, width=0)):
        with pytest.raises(ValueError, match="out of range"):
            call()


def test_cells_without_number_are_refused_before_they_are_listed(monkeypatch):
    pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}
    monkeypatch.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)
    with pytest.raises(ValueError, match="not enough memory") as caught:
        cells_seen([(2**31 - 1,)], (0, 0))
    assert "layers=[(2147483647,)]" in str(caught.value)
