import numpy as np
import pytest

from convlib import conv2d
from convlib.fast import im2col, shifted
from convlib.geometry import Geometry
from tests.core.arrays import absurd_where_single, memory_orders
from tests.fast.agree import agrees, held, in_layout, normal, off


@pytest.fixture(autouse=True)
def in_blocks(request, monkeypatch):
    """Images this small would have all their windows copied at once."""
    if "at_once" not in request.node.name:
        monkeypatch.setattr(im2col, "AT_ONCE", 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_windows_copied_at_once_agree_with_the_definition(monkeypatch, seed, dtype):
    monkeypatch.setattr(im2col, "AT_ONCE", 10**9)
    agrees("im2col", seed, dtype=dtype)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_windows_of_any_memory_order_at_once(monkeypatch, layout):
    own = held(monkeypatch, im2col, "at_once")
    x, w = in_layout(normal((1, 3, 7, 9)), normal((4, 3, 2, 3), seed=1), layout)
    orders = [*memory_orders(x).values(), absurd_where_single(x)]
    for order in orders:
        for more in ({}, {"padding": ((1, 0), (0, 2)), "padding_mode": "reflect"}):
            y = conv2d(order, w, layout=layout, method="im2col", **more)
            assert off(y, x, w, layout=layout, **more) <= 1e-6
    assert len(own) == 2 * len(orders)


def test_only_few_windows_are_copied_at_once(monkeypatch):
    own = held(monkeypatch, im2col, "at_once")
    images, w = normal((4, 40, 41)), normal((4, 3, 3), seed=1)
    conv2d(images[:, :20, :20], w, method="im2col")  # 18 * 18 * 36 * 4 bytes
    assert len(own) == 1
    conv2d(images, w, method="im2col")
    conv2d(images[:, :20, :20], normal((4, 2, 3, 3)), groups=2, method="im2col")
    assert len(own) == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(40))
def test_blocks_of_columns_agree_with_the_definition(seed, dtype):
    agrees("im2col", seed, dtype=dtype)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("block", [1, 3000, 20_000])
@pytest.mark.parametrize("seed", range(12))
def test_small_blocks_agree_as_well(monkeypatch, seed, block, threads):
    for module in (im2col, shifted):
        monkeypatch.setattr(module, "BLOCK", block)
    monkeypatch.setattr(im2col, "ENOUGH", 1)
    agrees("im2col", seed, threads=threads)


@pytest.mark.parametrize("seed", range(30))
def test_kernels_of_one_tap_need_no_columns(monkeypatch, seed):
    own = held(monkeypatch, im2col, "pointwise")
    agrees("im2col", seed, kernel=(1, 1))
    assert len(own) == 1


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize(
    ("channels", "dilation", "way"),
    [(3, 1, "shifted_rows"), (20, 1, "windows_as_rows"), (3, 2, "windows_as_rows")],
)
def test_few_channels_are_copied_by_row_and_many_by_window(
    monkeypatch, layout, channels, dilation, way
):
    own = held(monkeypatch, im2col, way)
    x, w = in_layout(
        normal((2, channels, 9, 11), "float64"), normal((4, channels, 2, 3), "float64", 1), layout
    )
    arguments = {"dilation": dilation, "layout": layout}
    assert off(conv2d(x, w, method="im2col", **arguments), x, w, **arguments) <= 2e-15
    assert len(own) == 1


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("groups", [1, 2, 6])
@pytest.mark.parametrize("stride", [1, (2, 3)])
def test_pointwise_with_groups_and_strides(layout, groups, stride):
    x, w = normal((2, 6, 7, 8), "float64"), normal((12, 6 // groups, 1, 1), "float64", 1)
    x, w = in_layout(x, w, layout)
    arguments = {"groups": groups, "stride": stride, "layout": layout, "padding": ((1, 0), (0, 2))}
    assert off(conv2d(x, w, method="im2col", **arguments), x, w, **arguments) <= 2e-15


def test_what_lies_beside_the_columns_in_the_buffer_is_never_read(monkeypatch):
    def dirty(shape, dtype):
        return np.full(shape, np.nan, dtype)

    for module in (im2col, shifted):
        monkeypatch.setattr(module, "aligned", dirty)
    for seed in range(20):
        agrees("im2col", seed)


@pytest.mark.parametrize("each", [1, 16_464, 100_000, 500_000, 10**6, 10**7])
def test_filters_are_multiplied_in_the_fewest_parts_that_blas_need_not_pack(each):
    for filters in range(1, 100):
        divisors = [n for n in range(1, filters + 1) if filters % n == 0]
        small = [n for n in divisors if filters // n * each <= 10**6]
        assert shifted._parts(filters, each) == (small[0] if small else 1)


def test_only_integers_are_refused():
    g = Geometry((9, 9), (3, 2), stride=2, dilation=2, channels=4, filters=4, groups=4)
    assert im2col.refuses(g, np.dtype("int64"))
    assert not im2col.refuses(g, np.dtype("float32"))
    assert not im2col.refuses(g, np.dtype("complex64"))
