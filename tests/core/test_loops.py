import numpy as np

from convlib.geometry import Geometry
from convlib.loops import correlate


def test_rows_columns_and_filters_by_hand():
    # One 3x4 image; filter 0 takes the difference to the cell below, filter 1 adds two columns.
    x = np.array([[[[1, 2, 4, 8], [3, 5, 7, 9], [0, 6, 1, 2]]]])
    w = np.array([[[[1, 0], [-1, 0]]], [[[1, 1], [0, 0]]]])
    y = correlate(x, w, Geometry((3, 4), 2, filters=2))
    assert y.shape == (1, 2, 3, 2)
    assert y[0, :, :, 0].tolist() == [[-2, -3, -3], [3, -1, 6]]
    assert y[0, :, :, 1].tolist() == [[3, 6, 12], [8, 12, 16]]


def test_stride_and_dilation_step_rows_and_columns_apart():
    x = np.arange(35).reshape(1, 1, 5, 7)  # x[r, c] = 7r + c
    g = Geometry((5, 7), (2, 2), stride=(2, 3), dilation=(1, 2))
    # Windows begin at rows 0 and 2, columns 0 and 3; the last tap lies at +1 row, +2 columns.
    only_first = correlate(x, np.array([[[[1, 0], [0, 0]]]]), g)
    only_last = correlate(x, np.array([[[[0, 0], [0, 1]]]]), g)
    assert only_first[0, :, :, 0].tolist() == [[0, 3], [14, 17]]
    assert only_last[0, :, :, 0].tolist() == [[9, 12], [23, 26]]


def test_each_filter_reads_the_channels_of_its_group():
    x = np.array([1, 10, 100, 1000]).reshape(1, 4, 1, 1)
    w = np.array([[1, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    y = correlate(x, w, Geometry((1, 1), 1, channels=4, filters=4, groups=2))
    assert y.ravel().tolist() == [21, 43, 6500, 8700]


def test_channels_last_is_the_same_image():
    x = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    w = np.arange(2 * 3 * 2 * 3).reshape(2, 3, 2, 3)
    sizes = {"batch": 2, "channels": 3, "filters": 2, "stride": (2, 1)}
    first = correlate(x, w, Geometry((4, 5), (2, 3), **sizes))
    last = correlate(x.transpose(0, 2, 3, 1), w, Geometry((4, 5), (2, 3), layout="NHWC", **sizes))
    np.testing.assert_array_equal(first, last)


def test_the_kernel_is_not_flipped():
    x = np.array([[[[1, 10, 100]]]])
    y = correlate(x, np.array([[[[1, 2]]]]), Geometry((1, 3), (1, 2)))
    assert y.ravel().tolist() == [21, 210]
