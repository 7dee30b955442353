"""What a reader may put into an explorer: sizes, memory orders, number types, steps, paddings."""

import numpy as np
import pytest

rng = np.random.default_rng(0)


def whole(*shape):
    return rng.integers(0, 10, shape)


def weights(*shape):
    return rng.integers(-3, 4, shape)


def real(*shape):
    return rng.normal(size=shape)


def photo(*shape):
    return rng.integers(0, 256, shape, dtype=np.uint8)


def case(x, w, bias=None, **arguments):
    return x, w, bias, arguments


odd = real(5, 6)
odd[1, 2], odd[3, 3], odd[4, 5] = np.nan, np.inf, -np.inf

#: Pictures that the notebooks use, or could.
TYPICAL = {
    "4x5": case(whole(4, 5).astype(np.float32), np.array([[1, 0, -1], [2, 0, -2]], np.float32)),
    "7x9": case(whole(7, 9), np.array([[1, -1], [2, -2], [0, 1]])),
    "6x6": case(whole(6, 6), weights(3, 3)),
    "16x16 floats": case(real(16, 16), real(3, 3)),
    "17x17": case(whole(17, 17), weights(3, 3)),
    "two channels": case(whole(2, 4, 4), weights(2, 2, 2)),
    "padded, strided": case(whole(3, 6, 7), weights(2, 3, 3, 3), [1, -1], padding=1, stride=2),
    "channels last": case(whole(5, 6, 3), weights(2, 3, 3, 2), layout="NHWC"),
    "dilated": case(whole(7, 7), weights(3, 3), dilation=2),
    "groups": case(whole(4, 5, 5), weights(4, 2, 2, 2), groups=2),
    "batch": case(whole(2, 3, 5, 4), weights(2, 3, 2, 2), [0.5, -0.5]),
    "batch, channels last": case(whole(2, 5, 4, 3), weights(2, 2, 3, 2), layout="NHWC"),
    "signal": case(whole(1, 20), weights(1, 4)),
    "column": case(whole(20, 1), weights(4, 1)),
    "short signal": case(whole(1, 9), weights(1, 3), bias=2),
    "reversed, Fortran": case(np.asfortranarray(whole(5, 6))[::-1], weights(2, 2)),
    "sliced": case(whole(8, 12)[::2, 1::2], weights(2, 3)),
    "broadcast": case(np.broadcast_to(whole(1, 6), (4, 6)), weights(2, 2)),
    "photograph": case(photo(3, 512, 512), np.ones((3, 3, 3), int)),
    "photograph, channels last": case(photo(512, 512, 3), weights(3, 3, 3, 2), layout="NHWC"),
    "gray photograph": case(photo(512, 512), np.ones((5, 5)) / 25),
    "1x1": case(np.array([[5]]), np.array([[2]])),
    "same": case(whole(5, 6), weights(2, 4), padding="same"),
    "same_lower": case(whole(5, 6), weights(2, 4), padding="same_lower", stride=2),
    "reflect": case(whole(5, 6), weights(3, 3), padding=2, padding_mode="reflect"),
    "replicate": case(whole(1, 5, 6), weights(1, 3, 3), padding=1, padding_mode="replicate"),
    "circular": case(
        whole(5, 6, 1), weights(3, 3, 1), padding=1, padding_mode="circular", layout="NHWC"
    ),
}

#: Whatever else must not break them.
UNUSUAL = {
    "bool": case(whole(4, 5) > 4, weights(2, 2) > 0),
    "uint8": case(photo(6, 7), photo(2, 3)),
    "uint8 and a float bias": case(photo(6, 7), photo(2, 3), 0.5),
    "int8": case(photo(4, 5).astype(np.int8), photo(2, 2).astype(np.int8)),
    "float16": case(real(6, 6).astype(np.float16) * 40, real(3, 3).astype(np.float16) * 40),
    "float16, wider bias": case(
        real(4, 6).astype(np.float16) * 99, real(2, 3).astype(np.float16), np.float32(0.5)
    ),
    "float32": case(real(3, 8, 8).astype(np.float32), real(2, 3, 3, 3).astype(np.float32)),
    "complex": case(real(5, 6) + 1j * real(5, 6), real(2, 2) - 1j),
    "nan and inf": case(odd, real(2, 2)),
    "all nan": case(np.full((4, 4), np.nan), real(2, 2)),
    "zeros": case(np.zeros((4, 5)), np.zeros((2, 2))),
    "negative": case(-whole(5, 5) - 1, weights(2, 2)),
    "large": case(whole(5, 5) * 123456789, weights(2, 2)),
    "huge": case(real(5, 5) * 1e200, real(2, 2) * 1e-100),
    "swapped bytes": case(whole(4, 5).astype(">f4"), weights(2, 2).astype(">f4")),
    "kernel as large": case(whole(5, 7), weights(5, 7)),
    "31x31 kernel": case(whole(64, 64), real(31, 31)),
    "31x31 kernel on its own": case(whole(31, 31), real(31, 31)),
    "16x16 kernel": case(whole(20, 20), weights(16, 16)),
    "many filters": case(whole(3, 6, 6), weights(12, 3, 2, 2), list(range(12))),
    "many channels": case(whole(9, 5, 5), weights(2, 9, 2, 2)),
    "window apart": case(whole(9, 9), weights(2, 2), stride=4),
    "one of a stride": case(whole(3, 3), weights(1, 1), stride=(3, 5)),
    "dilated, strided, padded": case(
        whole(2, 8, 9), weights(3, 2, 2, 3), dilation=(2, 3), stride=(2, 1), padding=(1, 2)
    ),
    "reversed both ways": case(whole(5, 6)[::-1, ::-1], weights(2, 3)),
    "reversed, padded": case(whole(5, 6)[::-1, ::-1], weights(2, 3), padding=1),
    "Fortran, padded": case(np.asfortranarray(whole(5, 6)), weights(2, 3), padding=1),
    "transposed batch": case(whole(2, 5, 4, 3).transpose(0, 3, 1, 2), weights(2, 3, 2, 2)),
    "field of a record": case(
        np.zeros((4, 5), dtype=[("a", "i2"), ("b", "f4")])["b"], real(2, 2).astype(np.float32)
    ),
    "every other column": case(whole(4, 7)[:, ::2], weights(2, 2)),
    "broadcast from one": case(np.broadcast_to(np.array(3.5), (4, 6)), weights(2, 2)),
    "wide": case(whole(3, 300), weights(3, 5)),
    "tall": case(whole(300, 3), weights(5, 3)),
    "padded 1x1": case(np.array([[5]]), weights(3, 3), padding=1),
    "depthwise": case(whole(4, 6, 6), weights(4, 1, 3, 3), groups=4, padding=1),
}

ALL = TYPICAL | UNUSUAL


def swept(typical, unusual, turn=slice(None)):
    """Names of cases, and at how many places of each control they are looked at.

    Typical ones are looked at where a control ends, every third in the middle too; of those that
    differ from them in their numbers or sizes alone every other one whose `turn` it is. The wide
    tests look at all of them, at more places.
    """
    few = [(name, 2 if k % 3 else 3) for k, name in enumerate(typical)]
    few += [(name, 2) for name in list(unusual)[turn][::2]]
    wide = [pytest.param(name, 5, marks=pytest.mark.wide) for name in (*typical, *unusual)]
    return [pytest.param(*case) for case in few] + wide


KINDS = ("window", "index_grid", "byte_strides")
#: Explorers of the same arrays take turns with the unusual ones.
FIRST, SECOND, THIRD = TURNS = [slice(n, None, 3) for n in range(3)]
