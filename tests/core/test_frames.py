import ctypes
import itertools

import numpy as np
import pytest

from convlib import Walk, conv2d
from tests.core.arrays import absurd_where_single, counting, memory_orders


def walks():
    """Name the arguments of walks that differ in all that a frame has to get right."""
    x, w, bias = counting((2, 4, 5, 7)) % 23 - 9, counting((6, 2, 2, 3)) % 7 - 3, np.arange(6) - 2
    steps = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2)}
    yield "plain", (x[:, :2], w[:2]), {}
    yield "groups", (x, w, bias), {"groups": 2}
    yield "all", (x, w, bias), {"groups": 2, **steps}
    last = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0), bias
    yield "channels last", last, {"groups": 2, "layout": "NHWC", **steps}
    contiguous = tuple(np.ascontiguousarray(a) for a in last)
    yield "channels last, contiguous", contiguous, {"groups": 2, "layout": "NHWC"}
    for mode in "reflect", "replicate", "circular":
        yield mode, (x[0], w, bias), {"groups": 2, "padding": (1, 2), "padding_mode": mode}
    yield "same", (x[0, :2], w[0], 5), {"padding": "same", "dilation": (2, 1)}
    yield "2-D", (x[0, 0], w[0, 0]), {"stride": (1, 2), "padding": "same_lower"}
    yield "bytes", (x.astype(np.uint8)[0, 0], w[0, 0]), {}
    yield "floats", (x / 4, w.astype(np.float32), bias / 2), {"groups": 2}
    yield "complex", (x + 1j, w - 2j), {"groups": 2}
    yield "padded bytes", (x.astype(np.uint8), w, bias), {"groups": 2, **steps}
    for order, array in memory_orders(x).items():
        yield order, (array, w, bias), {"groups": 2, "stride": (1, 2)}
    yield "length one", (absurd_where_single(counting((1, 1, 1, 5))), [[[[1, 2]]]]), {}
    yield "broadcast", (np.broadcast_to(np.arange(7), (2, 4, 5, 7)), w), {"groups": 2}


WALKS = [pytest.param(arrays, arguments, id=name) for name, arrays, arguments in walks()]
every_walk = pytest.mark.parametrize(("arrays", "arguments"), WALKS)


@every_walk
def test_the_sum_of_every_frame_is_the_output(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    y = conv2d(*arrays, method="loops", **arguments)
    sums = np.array([frame.sum for frame in walk]).reshape(walk.output.shape)
    if arguments.get("layout") == "NHWC":
        sums = sums.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(sums.reshape(y.shape), y)
    assert len(walk) == y.size


@every_walk
def test_the_window_is_what_the_kernel_is_multiplied_with(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    for frame in walk:
        np.testing.assert_array_equal(frame.kernel, walk.filters[frame.filter])
        np.testing.assert_array_equal(frame.products, frame.window * frame.kernel)
        assert frame.sum == frame.products.sum() + frame.bias
        assert frame.window.dtype == np.asarray(arrays[0]).dtype
        bias = 0 if len(arrays) < 3 else np.ravel(arrays[2])[frame.filter]
        assert frame.bias == bias


@every_walk
def test_the_grid_row_fetches_the_window(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    # The grid counts in the layout of the input, as take reads the padded input.
    nhwc = arguments.get("layout") == "NHWC"
    flat = (walk.padded.transpose(0, 2, 3, 1) if nhwc else walk.padded).ravel()
    for frame in walk:
        np.testing.assert_array_equal(frame.grid_row, frame.start + frame.offsets)
        np.testing.assert_array_equal(flat.take(frame.grid_row), frame.window.ravel())


@every_walk
def test_the_byte_offsets_lead_to_the_window_in_raw_memory(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    first = walk.padded.__array_interface__["data"][0]
    for frame in walk:
        addresses = (first + frame.byte_offsets).ravel().tolist()
        raw = b"".join(ctypes.string_at(a, walk.padded.itemsize) for a in addresses)
        read = np.frombuffer(raw, walk.padded.dtype).reshape(frame.window.shape)
        np.testing.assert_array_equal(read, frame.window)


def test_the_bytes_are_those_of_the_reader_s_own_array_where_nothing_is_padded():
    x = counting((4, 5), np.int16)[::-1]
    walk = Walk(x, [[1, 2]])
    assert np.shares_memory(walk.padded, x)
    assert walk.frame(1, 2).byte_offsets.ravel().tolist() == [-10 + 4, -10 + 6]
    # Padding makes a new array, in C order.
    assert Walk(x, [[1, 2]], padding=1).frame(1, 2).byte_offsets.ravel().tolist() == [18, 20]


@every_walk
def test_rows_and_columns_say_where_the_taps_fall(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    g = walk.geometry
    (top, _), (left, _) = g.padding
    for frame in walk:
        assert frame.rows.tolist() == [
            frame.row * g.stride[0] + u * g.dilation[0] for u in range(g.kernel_size[0])
        ]
        assert frame.columns.tolist() == [
            frame.column * g.stride[1] + v * g.dilation[1] for v in range(g.kernel_size[1])
        ]
        places = itertools.product(frame.rows - top, frame.columns - left)
        inside = [0 <= r < g.input_size[0] and 0 <= c < g.input_size[1] for r, c in places]
        assert frame.inside.ravel().tolist() == inside
        channels = walk.padded[frame.image, list(frame.channels)]
        np.testing.assert_array_equal(frame.window, channels[:, frame.rows[:, None], frame.columns])


@every_walk
def test_the_output_so_far_masks_exactly_what_comes_later(arrays, arguments):
    walk = Walk(*arrays, **arguments)
    _, _, oh, ow = walk.output.shape
    for frame in walk:
        assert frame.number == frame.row * ow + frame.column
        so_far = frame.output_so_far
        later = [(i, j) > (frame.row, frame.column) for i, j in np.ndindex(oh, ow)]
        assert np.ma.getmaskarray(so_far).ravel().tolist() == later
        np.testing.assert_array_equal(so_far.data, walk.output[frame.image, frame.filter])


def test_each_filter_reads_the_channels_of_its_group():
    walk = Walk(np.ones((6, 3, 4)), np.ones((4, 3, 1, 2)), groups=2)
    channels = [walk.frame(0, 0, filter=o).channels for o in range(4)]
    assert channels == [range(3), range(3), range(3, 6), range(3, 6)]


def test_frames_come_in_row_major_order():
    walk = Walk(np.ones((2, 1, 3, 4)), np.ones((2, 1, 2, 2)))
    places = [(f.image, f.filter, f.row, f.column) for f in walk]
    assert places == list(itertools.product(range(2), range(2), range(2), range(3)))


@pytest.mark.parametrize(
    "position",
    [
        {"row": 2, "column": 0},
        {"row": 0, "column": 3},
        {"row": -1, "column": 0},
        {"row": 0, "column": -1},
        {"row": 0, "column": 0, "image": 1},
        {"row": 0, "column": 0, "image": -1},
        {"row": 0, "column": 0, "filter": 5},
    ],
)
def test_there_is_no_window_outside_the_output(position):
    walk = Walk(np.ones((3, 4)), np.ones((2, 2)))
    with pytest.raises(IndexError, match="there is no window at this position") as caught:
        walk.frame(**position)
    assert all(f"{name}={value}" in str(caught.value) for name, value in position.items())
    assert "Stay inside the output, (1, 1, 2, 3) as (N, O, OH, OW)." in str(caught.value)


@pytest.mark.parametrize("padding", [0, 1])
def test_a_walk_never_writes_into_the_reader_s_arrays(padding):
    x, w, bias = counting((1, 2, 4, 5)), counting((3, 2, 2, 2)), np.arange(3)
    copies = x.copy(), w.copy(), bias.copy()
    walk = Walk(x, w, bias, padding=padding)
    for frame in walk:
        assert not np.shares_memory(frame.window, x)
        frame.window[...] = 99  # a reader may scribble on what a frame shows
    with pytest.raises(ValueError, match="read-only"):
        walk.padded[0, 0, 0, 0] = 99
    for array, copy in zip((x, w, bias), copies, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert array.flags.writeable


def test_an_empty_batch_is_a_walk_without_frames():
    walk = Walk(np.ones((0, 1, 3, 4)), np.ones((1, 1, 2, 2)), padding=1)
    assert (len(walk), list(walk), walk.output.shape) == (0, [], (0, 1, 4, 5))


@pytest.mark.parametrize("method", ["loops", "index_grid", "strided"])
def test_a_walk_may_be_told_its_method(method):
    walk = Walk(np.arange(12).reshape(3, 4), [[1, 2]], method=method)
    assert walk.output[0, 0, 0].tolist() == [2, 5, 8]
