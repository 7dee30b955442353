import dataclasses
import itertools
import math

import numpy as np
import pytest

from convlib.geometry import LAYOUTS, Geometry, as_batch, pad


def valid_starts(padded, kernel, stride, dilation):
    """Try every start on one axis, as a child would: does the last tap still fall inside?"""
    return [s for s in range(0, padded, stride) if s + (kernel - 1) * dilation <= padded - 1]


AXES = [
    (size, kernel, stride, dilation, before, after)
    for size, kernel, stride, dilation, before, after in itertools.product(
        (1, 2, 5, 8), (1, 2, 3), (1, 2, 3, 9), (1, 2, 3), (0, 1, 2), (0, 3)
    )
    if (kernel - 1) * dilation + 1 <= size + before + after
]


def test_output_size_counts_the_places_where_the_window_fits():
    # The columns take the next case of the list, so that rows and columns differ.
    for rows, columns in zip(AXES, AXES[1:] + AXES[:1], strict=True):
        h, kh, sh, dh, top, bottom = rows
        w, kw, sw, dw, left, right = columns
        g = Geometry(
            (h, w),
            (kh, kw),
            stride=(sh, sw),
            dilation=(dh, dw),
            padding=((top, bottom), (left, right)),
        )
        assert g.padded_size == (h + top + bottom, w + left + right)
        assert g.output_size == (
            len(valid_starts(h + top + bottom, kh, sh, dh)),
            len(valid_starts(w + left + right, kw, sw, dw)),
        )


def tensorflow_same(size, kernel, stride):
    """SAME of one axis as TensorFlow's documentation writes it ("Notes on padding")."""
    if size % stride == 0:
        total = max(kernel - stride, 0)
    else:
        total = max(kernel - (size % stride), 0)
    return total // 2, total - total // 2


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3, 7])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_same_follows_the_rule_of_tensorflow(kernel, stride, dilation):
    extent = (kernel - 1) * dilation + 1
    for size in range(1, 12):
        steps = {"stride": (stride, stride + 1), "dilation": (dilation, 1)}
        end = Geometry((size, size + 3), (kernel, 2), padding="same", **steps)
        start = Geometry((size, size + 3), (kernel, 2), padding="same_lower", **steps)
        wanted = math.ceil(size / stride), math.ceil((size + 3) / (stride + 1))
        assert end.output_size == start.output_size == wanted
        rows = tensorflow_same(size, extent, stride)
        columns = tensorflow_same(size + 3, 2, stride + 1)
        assert end.padding == (rows, columns)
        assert start.padding == (rows[::-1], columns[::-1])


def test_same_puts_an_odd_cell_at_the_end_and_same_lower_at_the_start():
    assert Geometry((5, 6), (2, 4), padding="same").padding == ((0, 1), (1, 2))
    assert Geometry((5, 6), (2, 4), padding="same_lower").padding == ((1, 0), (2, 1))


@pytest.mark.parametrize(
    ("padding", "sides"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        (np.int8(2), ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (np.array([1, 2]), ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        (np.array([[1, 2], [3, 4]]), ((1, 2), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
    ],
)
def test_every_spelling_of_padding_becomes_four_sides(padding, sides):
    assert Geometry((7, 9), (3, 2), padding=padding).padding == sides


def test_pairs_are_row_then_column():
    g = Geometry((20, 30), (3, 5), stride=(2, 4), dilation=(3, 2))
    assert (g.kernel_size, g.stride, g.dilation) == ((3, 5), (2, 4), (3, 2))
    assert g.extent == (7, 9)
    assert g.output_size == (7, 6)  # (20-7)//2 + 1, (30-9)//4 + 1
    assert g.window_shape == (1, 7, 6, 1, 3, 5)


def test_counts_are_of_one_image():
    g = Geometry((5, 6), (2, 3), padding=1, batch=7, channels=4, filters=10, groups=2)
    assert g.counts == (4 * 7 * 8, 10 * 6 * 6, 6 * 6 * 4 * 2 * 3)


def test_group_slices_share_out_channels_and_filters_in_order():
    g = Geometry((3, 3), 1, channels=6, filters=4, groups=2)
    assert [(range(6)[c], range(4)[o]) for c, o in g.group_slices()] == [
        (range(3), range(2)),
        (range(3, 6), range(2, 4)),
    ]


def test_a_geometry_is_frozen_hashable_and_comparable():
    g = Geometry((5, 6), 3, stride=2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        g.stride = (1, 1)
    assert g == Geometry((5, 6), (3, 3), stride=(2, 2))
    assert hash(g) == hash(Geometry((5, 6), (3, 3), stride=(2, 2)))
    assert g != Geometry((6, 5), 3, stride=2)


def test_replace_changes_one_size_and_works_out_the_others():
    g = Geometry((5, 6), (2, 3), stride=2, padding=((1, 0), (2, 1)), channels=4, layout="NHWC")
    wider = dataclasses.replace(g, stride=(1, 3))
    assert wider.output_size == (5, 3)
    assert (wider.padding, wider.channels, wider.layout) == (g.padding, 4, "NHWC")
    with pytest.raises(ValueError, match="kernel spans"):
        dataclasses.replace(g, dilation=9)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pad_widens_rows_and_columns_and_nothing_else(layout):
    x = np.arange(1, 2 * 3 * 4 * 5 + 1).reshape((2, 3, 4, 5) if layout == "NCHW" else (2, 4, 5, 3))
    g = Geometry((4, 5), 2, padding=((1, 0), (2, 3)), batch=2, channels=3, layout=layout)
    images = pad(x, g).transpose(0, *LAYOUTS[layout])
    assert images.shape == (2, 3, 5, 10)
    np.testing.assert_array_equal(images[:, :, 1:, 2:7], x.transpose(0, *LAYOUTS[layout]))
    assert images.sum() == x.sum()  # so all the rest is zero


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("zeros", [0, 0, 1, 2, 3, 0, 0, 0]),
        ("reflect", [3, 2, 1, 2, 3, 2, 1, None]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1, 2, 3]),
    ],
)
def test_each_padding_mode_by_hand(mode, wanted):
    after = 2 if mode == "reflect" else 3  # reflect cannot reach further than the far edge
    sides = ((0, 0), (2, after))
    g = Geometry((1, 3), 1, padding=sides, padding_mode=mode)
    row = pad(np.array([[[[1, 2, 3]]]]), g)[0, 0, 0]
    assert row.tolist() == wanted[: 5 + after]


@pytest.mark.parametrize("batch", [0, 1])
def test_images_that_no_address_reaches_are_refused_even_if_there_are_none(batch):
    with pytest.raises(ValueError, match="too big for any computer"):
        Geometry((2**31 - 1, 2**31 - 1), 1, batch=batch)
    assert Geometry((2**29, 2**28), 1, batch=batch).output_size == (2**29, 2**28)


def test_pad_of_nothing_is_the_array_itself():
    x = np.ones((1, 1, 2, 3))
    assert pad(x, Geometry((2, 3), 1)) is x


@pytest.mark.parametrize(
    ("shape", "layout", "batch"),
    [
        ((4, 5), "NCHW", (1, 1, 4, 5)),
        ((4, 5), "NHWC", (1, 4, 5, 1)),
        ((3, 4, 5), "NCHW", (1, 3, 4, 5)),
        ((4, 5, 3), "NHWC", (1, 4, 5, 3)),
        ((2, 3, 4, 5), "NCHW", (2, 3, 4, 5)),
    ],
)
def test_one_image_is_viewed_as_a_batch_of_one(shape, layout, batch):
    x = np.zeros(shape)
    assert as_batch(x, layout).shape == batch
    assert np.shares_memory(as_batch(x, layout), x)
