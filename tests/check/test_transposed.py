"""The checks of transposed convolutions, of their sizes, of the matrix, and of fold."""

import numpy as np
import pytest

import convlib
from convlens import check
from convlens.check.mistakes.folding import folding
from convlens.check.mistakes.matrix import matrix
from convlens.check.mistakes.transposed import transposed
from convlens.check.mistakes.transposed_sizes import transposed_sizes
from tests.check.judge import (
    assert_each_mistake_is_named,
    assert_named,
    assert_nothing_written,
    assert_right,
    each,
)

CHECKS = {
    check.conv_transpose2d: transposed,
    check.convolution_matrix: matrix,
    check.fold: folding,
    check.transposed_size: transposed_sizes,
}


@pytest.mark.parametrize("judge", CHECKS)
def test_each_mistake_is_named(judge):
    assert_each_mistake_is_named(judge, CHECKS[judge])


@pytest.mark.parametrize("m", each(transposed))
def test_each_mistake_is_named_for_one_image(m):
    assert_named(check.conv_transpose2d, m, x="CHW")


@pytest.mark.parametrize("judge", CHECKS)
def test_nothing_is_written_yet(judge):
    assert_nothing_written(judge)


def spread(x, w, stride=(1, 1), padding=(0, 0)):
    (H, W), (down, right), (_, count, KH, KW) = x.shape[1:], stride, w.shape
    y = np.zeros((count, (H - 1) * down + KH, (W - 1) * right + KW))
    for i, j in np.ndindex(H, W):
        window = y[:, i * down : i * down + KH, j * right : j * right + KW]
        window += np.tensordot(x[:, i, j].astype(float), w, axes=1)
    (_, OH, OW), (top, left) = y.shape, padding
    return y[:, top : OH - top, left : OW - left]


def with_zeros(x, w, stride=1):
    """Zeros between, and a full correlation with the flipped kernel."""
    apart = np.zeros([(n - 1) * stride + 1 for n in x.shape], x.dtype)
    apart[::stride, ::stride] = x
    return convlib.conv2d(apart, w[::-1, ::-1], padding=(len(w) - 1, len(w[0]) - 1))


def test_right_layers_are_right():
    assert_right(check.conv_transpose2d, convlib.conv_transpose2d)
    assert_right(check.conv_transpose2d, spread, x="CHW")
    assert_right(check.conv_transpose2d, with_zeros, x="HW")
    assert "padding" in check.conv_transpose2d(with_zeros, x="HW").untried


def test_right_folds_are_right():
    def by_taps(cols, output_size, kernel_size, stride=(1, 1)):
        (H, W), (KH, KW), (down, right) = output_size, kernel_size, stride
        OH, OW = (H - KH) // down + 1, (W - KW) // right + 1
        windows = cols.reshape(-1, KH, KW, OH, OW)
        image = np.zeros((len(windows), H, W))
        for u, v in np.ndindex(KH, KW):
            rows = slice(u, u + OH * down, down)
            image[:, rows, v : v + OW * right : right] += windows[:, u, v]
        return image

    assert_right(check.fold, convlib.fold, by_taps)


def test_right_sizes_and_matrices_are_right():
    def by_trying(size, kernel, stride=1):
        return 1 + max(k * stride + u for k in range(size) for u in range(kernel))

    def by_loops(w, image_size, stride=(1, 1)):
        (H, W), (KH, KW) = image_size, w.shape
        OH, OW = (H - KH) // stride[0] + 1, (W - KW) // stride[1] + 1
        A = np.zeros((OH, OW, H, W))
        for i, j in np.ndindex(OH, OW):
            top, left = i * stride[0], j * stride[1]
            A[i, j, top : top + KH, left : left + KW] = w
        return A.reshape(OH * OW, H * W)

    def by_columns(w, image_size):
        pixels = np.eye(image_size[0] * image_size[1]).reshape(-1, *image_size)
        return np.stack([convlib.conv2d(p, w).ravel() for p in pixels], axis=1)

    assert_right(check.transposed_size, by_trying)
    assert_right(check.convolution_matrix, by_loops, by_columns)


def test_an_unknown_shape_is_refused():
    with pytest.raises(ValueError, match="x"):
        check.conv_transpose2d(spread, x="CHWN")
