"""Errors that know the usual slips: every call that they show is run, and gives what was meant."""

import inspect
import pickle
import re
import subprocess
import sys
from contextlib import suppress

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal

from convlib import conv2d, tiles
from tests.needs import need_module

RANDOM = np.random.default_rng(0)


def integers(*shape):
    """Random integers of either sign: sums are exact, so equal means equal."""
    return RANDOM.integers(-9, 9, shape)


def last(array):
    """Put the channels last, where they stand before rows and columns."""
    return np.moveaxis(array, -3, -1)


chw, nchw, grays, gray = (
    integers(3, 9, 11),
    integers(2, 3, 9, 11),
    integers(5, 9, 11),
    integers(9, 11),
)
oihw, oblong, one, kernel = (
    integers(5, 3, 2, 2),
    integers(4, 3, 2, 5),
    integers(6, 1, 3, 2),
    integers(2, 3),
)
colour, odd, each = integers(3, 4, 4), integers(3, 5), integers(3, 1, 3, 2)
square, bias, cube = integers(6, 1, 2, 2), integers(5), integers(5, 3, 3, 3)
STEPS = {"stride": (2, 1), "padding": ((1, 0), (2, 3)), "dilation": (1, 2)}
HAVE = {
    "np": np, "conv2d": conv2d, "tiles": tiles, "integers": integers,
    "chw": chw, "photo": last(chw), "nchw": nchw, "photos": last(nchw),
    "gray": gray, "grays": grays,
    "oihw": oihw, "hwio": oihw.transpose(2, 3, 1, 0), "one": one, "kernel": kernel, "odd": odd,
    "oblong": oblong, "hwio_oblong": oblong.transpose(2, 3, 1, 0), "each": each,
    "colour": colour, "colour_last": last(colour), "bias": bias, "square": square,
    "STEPS": STEPS, "rows": last(chw).tolist(), "narrow": colour[:, :, :2], "single": one[2],
    "two": oihw[:2], "cube": cube, "one_last": one.transpose(2, 3, 1, 0),
}  # fmt: skip
PER_CHANNEL = np.array([conv2d(channel, kernel) for channel in chw])


def shown(source, have=HAVE):
    """Run a call that fails: its error, and what the calls that it shows give."""
    with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
        eval(source, dict(have))
    assert caught.value.__context__ is caught.value.__cause__  # no noise of looking for a slip
    _, *calls = str(caught.value).split("\n    ")
    results = [eval(call, dict(have)) for call in calls]
    for call, result in zip(calls, results, strict=True):
        assert "  # " not in call or call.endswith(f": {result.shape}")
    return str(caught.value), results


#: A call that fails, what its error says, and what the calls give that it shows.
AXES = [
    ("conv2d(photo, hwio)", "x has its channels last", [last(conv2d(chw, oihw))]),
    (
        "conv2d(photo, oihw, bias, **STEPS)",
        "x has its channels last",
        [last(conv2d(chw, oihw, bias, **STEPS)), conv2d(chw, oihw, bias, **STEPS)],
    ),
    ("conv2d(photos, hwio)", "x has its channels last", [last(conv2d(nchw, oihw))]),
    (
        "conv2d(photos, oihw)",
        "if w is (O, C, KH, KW): (2, 8, 10, 5)",
        [last(conv2d(nchw, oihw)), conv2d(nchw, oihw)],
    ),
    ("conv2d(photo, hwio_oblong)", "channels last", [last(conv2d(chw, oblong))]),
    (
        "conv2d(photo, oblong)",
        "channels last",
        [last(conv2d(chw, oblong)), conv2d(chw, oblong)],
    ),
    ("conv2d(photo, cube)", "channels last", [last(conv2d(chw, cube)), conv2d(chw, cube)]),
    (
        "conv2d(photo, two, (1, 2))",
        "channels last",
        [last(conv2d(chw, oihw[:2], (1, 2))), conv2d(chw, oihw[:2], (1, 2))],
    ),
    ("conv2d(photo, colour)", "channels last", [conv2d(chw, colour)]),
    ("conv2d(photo, colour_last)", "channels last", [conv2d(chw, colour)]),
    (
        "conv2d(photos, oihw, layout='NHWC')",
        "goes with w (KH, KW, C, O)",
        [last(conv2d(nchw, oihw))],
    ),
    (
        "conv2d(rows, narrow, padding=2)",
        "channels last",
        [conv2d(chw, colour[:, :, :2], padding=2)],
    ),
    (
        "conv2d(photo, kernel)",
        "x has 3 channels",
        [last(PER_CHANNEL), PER_CHANNEL.sum(0), conv2d(chw.mean(0), kernel)],
    ),
    (
        "conv2d(chw, kernel)",
        "made gray first: (8, 9)",
        [PER_CHANNEL, PER_CHANNEL.sum(0), conv2d(chw.mean(0), kernel)],
    ),
    (
        "conv2d(photos, kernel)",
        "each channel by itself: (2, 8, 9, 3)",
        [
            np.array([[conv2d(c, kernel) for c in image] for image in nchw]).transpose(0, 2, 3, 1),
            np.array([sum(conv2d(c, kernel) for c in image) for image in nchw]),
            np.array([conv2d(image.mean(0), kernel) for image in nchw]),
        ],
    ),
    ("conv2d(grays, kernel)", "one channel", [np.array([conv2d(x, kernel) for x in grays])]),
    ("conv2d(grays, one)", "one channel", [np.array([conv2d(x[None], one) for x in grays])]),
    ("conv2d(grays, single)", "one channel", [np.array([conv2d(x, one[2, 0]) for x in grays])]),
    (
        "conv2d(grays, one_last, layout='NHWC')",
        "one channel",
        [np.array([last(conv2d(x[None], one)) for x in grays])],
    ),
    ("conv2d(gray, one)", "one channel", [conv2d(gray[None], one)]),
    ("conv2d(nchw, each)", "filters of its own", [conv2d(nchw, each, groups=3)]),
    (
        "conv2d(chw, each)",
        "if x is a batch of gray images",
        [np.array([conv2d(x[None], each) for x in chw]), conv2d(chw, each, groups=3)],
    ),
    (
        "conv2d(photo, square)",
        "made gray first",
        [conv2d(chw.mean(0)[None], square), np.array([conv2d(x[None], square) for x in chw])],
    ),
]


def scipy(mode, w=kernel, **boundary):
    return signal.correlate2d(gray, w, mode, **boundary)


def pads(sides, **steps):
    return conv2d(chw, oihw, padding=sides, **steps)


STRIDED = conv2d(chw, oihw, stride=(2, 3))
SAME = conv2d(chw, oihw, padding="same")
NAMES = [
    ("conv2d(chw, oihw, padding='SAME')", "'SAME' is 'same' here", [SAME]),
    ("conv2d(chw, oihw, padding='VALID')", "'VALID' is 'valid' here", [conv2d(chw, oihw)]),
    ("conv2d(chw, oihw, auto_pad='SAME_UPPER')", "auto_pad is padding here", [SAME]),
    (
        "conv2d(photo, hwio, data_format='channels_last')",
        "data_format is layout",
        [last(conv2d(chw, oihw))],
    ),
    ("conv2d(input=chw, weight=oihw)", "weight is w here", [conv2d(chw, oihw)]),
    (
        "conv2d(gray, kernel, mode='same')",
        "as signal.correlate2d",
        [scipy("same"), signal.correlate(gray, kernel, "same")],
    ),
    ("conv2d(gray, odd, mode='same')", "mode is padding", [scipy("same", odd)]),
    ("conv2d(gray, odd, 'same')", "third argument is bias", [scipy("same", odd)]),
    ("conv2d(gray, odd, 'same', 'wrap')", "what follows", [scipy("same", odd, boundary="wrap")]),
    ("conv2d(gray, odd, mode='VALID')", "mode is padding", [scipy("valid", odd)]),
    ("conv2d(gray, odd, mode='full')", "kernel is not flipped", [scipy("full", odd)]),
    ("conv2d(gray, odd, padding='full')", "KH - 1 rows", [scipy("full", odd)]),
    (
        "conv2d(gray, kernel, padding='full', dilation=(3, 2))",
        "'full' has all windows",
        [scipy("full", np.kron(kernel, [[1, 0], [0, 0], [0, 0]])[:4, :5])],
    ),
    (
        "conv2d(gray, odd, mode='same', boundary='symm')",
        "'symmetric' repeats the cells of the edge, 'reflect' does not",
        [scipy("same", odd, boundary="symm")],
    ),
    ("conv2d(gray, odd, boundary='wrap')", "'full' has", [scipy("full", odd, boundary="wrap")]),
    ("conv2d(gray, odd, mode='same', fillvalue=0)", "mode is padding", [scipy("same", odd)]),
    (
        "conv2d(photo, hwio, padding=1, padding_mode='symmetric', layout='NHWC')",
        "pad with NumPy",
        [last(conv2d(np.pad(chw, ((0, 0), (1, 1), (1, 1)), "symmetric"), oihw))],
    ),
    ("conv2d(chw, oihw, padding_mode='symmetric')", "pad with NumPy", [conv2d(chw, oihw)]),
    ("conv2d(chw, oihw, 2)", "third argument is bias", [conv2d(chw, oihw, stride=2)]),
    ("conv2d(chw, oihw, (2, 3))", "third argument is bias", [STRIDED]),
    ("conv2d(chw, oihw, 2, 1)", "goes by name", [conv2d(chw, oihw, stride=2, padding=1)]),
    (
        "conv2d(chw, oihw, bias, (2, 3), 1)",
        "What follows bias goes by name",
        [conv2d(chw, oihw, bias, stride=(2, 3), padding=1)],
    ),
    ("conv2d(chw, oihw, strides=(1, 2, 3, 1))", "stride is for (row, column)", [STRIDED]),
    ("conv2d(chw, oihw, stride=[1, 1, 2, 3])", "stride is for (row, column)", [STRIDED]),
    (
        "conv2d(chw, oihw, dilations=(1, 1, 1, 1))",
        "dilations is dilation here",
        [conv2d(chw, oihw)],
    ),
    (
        "conv2d(chw, oihw, padding=[[0, 0], [1, 2], [3, 0], [0, 0]])",
        "padding is for (row, column)",
        [pads(((1, 2), (3, 0)))],
    ),
    ("conv2d(chw, oihw, padding=(1, 1, 1, 1))", "(left, right)) here", [pads(1)]),
    (
        "conv2d(chw, oihw, pads=[1, 2, 3, 4])",
        "if it was (top, left, bottom, right): (5, 12, 16)",
        [pads(((1, 3), (2, 4))), pads(((3, 4), (1, 2)))],
    ),
    (
        "conv2d(grays, kernel, strides=2, padding='SAME')",
        "strides is stride here. 'SAME' is 'same' here. Gray images",
        [np.array([conv2d(x, kernel, stride=2, padding="same") for x in grays])],
    ),
]
EDGES = {
    "nearest": "'replicate'",
    "mirror": "'reflect'",
    "wrap": "'circular'",
    "constant": "'zeros'",
}


@pytest.mark.parametrize(
    ("source", "says", "right"), AXES + NAMES, ids=[row[0] for row in AXES + NAMES]
)
def test_the_calls_that_an_error_shows_give_what_was_meant(source, says, right):
    said, results = shown(source)
    assert says in said
    assert len(results) == len(right)
    for result, meant in zip(results, right, strict=True):
        assert np.array_equal(result, meant)
        assert result.shape == meant.shape


@pytest.mark.parametrize("mode", EDGES)
@pytest.mark.parametrize("name", ["odd", "kernel"])
def test_modes_of_ndimage_are_known(mode, name):
    w = HAVE[name]
    said, results = shown(f"conv2d(gray, {name}, mode={mode!r}, cval=0.0)")
    assert f"{mode!r} is {EDGES[mode]} here" in said
    # Of an even kernel the middle is not in the middle: the other call is for the other half.
    assert np.array_equal(results[-1], ndimage.correlate(gray, w, mode=mode))
    assert len(results) == (1 if name == "odd" else 2)
    flipped = w[::-1, ::-1]
    assert np.array_equal(results[0], ndimage.convolve(gray, flipped, mode=mode))


def test_reflect_means_one_thing_to_numpy_and_another_to_ndimage():
    said, results = shown("conv2d(gray, odd, mode='reflect')")
    assert "ndimage's 'reflect' is NumPy's 'symmetric'" in said
    assert np.array_equal(results[0], ndimage.correlate(gray, odd, mode="reflect"))
    assert np.array_equal(results[1], ndimage.correlate(gray, odd, mode="mirror"))


class Tensor:
    """A tensor on another device, or one that requires a gradient, as NumPy sees it."""

    def __init__(self, array, where):
        self.array, self.where, self.shape = array, where, array.shape

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    def detach(self):
        return Tensor(self.array, self.where - {"graph"})

    def cpu(self):
        return Tensor(self.array, self.where - {"device"})

    def numpy(self):
        if self.where:
            raise TypeError(f"can't convert: {self.where}")
        return self.array


@pytest.mark.parametrize(
    ("where", "how"),
    [({"graph"}, ".detach().numpy()"), ({"graph", "device"}, ".detach().cpu().numpy()")],
)
def test_tensors_that_numpy_cannot_read_are_converted(where, how):
    have = {**HAVE, "photo": Tensor(last(chw), where), "weight": Tensor(oihw, where)}
    said, results = shown("conv2d(photo, weight, padding='SAME')", have)
    assert f"np.moveaxis(photo{how}, -1, -3), weight{how}, padding='same')" in said
    assert np.array_equal(results[1], SAME)


def test_the_tensors_of_pytorch_are_read_or_converted():
    torch = need_module("torch")
    x, w = torch.tensor(gray), torch.tensor(kernel)
    assert np.array_equal(conv2d(x, w), conv2d(gray, kernel))
    have = {**HAVE, "x": x.double().requires_grad_(), "half": x.bfloat16()}
    for source in "conv2d(x, kernel)", "conv2d(half, kernel)":
        _, (result,) = shown(source, have)
        assert np.array_equal(result, conv2d(gray, kernel))


def test_what_numpy_reads_is_convolved():
    class Frame:  # as those of pandas and xarray do
        mode = "P.S."

        def __array__(self, dtype=None, copy=None):
            return gray

    assert np.array_equal(conv2d(Frame(), kernel), conv2d(gray, kernel))
    dask = need_module("dask.array")
    assert np.array_equal(conv2d(dask.asarray(gray, chunks=4), kernel), conv2d(gray, kernel))


def test_images_of_pillow_are_read_with_their_colours():
    pixels = np.random.default_rng(0).integers(0, 255, (9, 11, 3)).astype(np.uint8)
    image = PIL.Image.fromarray(pixels)
    grayed = image.convert("L")
    assert np.array_equal(conv2d(grayed, kernel), conv2d(np.asarray(grayed), kernel))
    have = {**HAVE, "image": image, "palette": image.convert("P")}
    _, results = shown("conv2d(image, kernel)", have)
    assert np.array_equal(results[0][..., 1], conv2d(pixels[..., 1], kernel))
    said, results = shown("conv2d(palette, kernel)", have)
    assert "the numbers of x name colours. Given: x.mode='P'" in said
    colours = np.asarray(have["palette"].convert("RGB"))
    assert np.array_equal(results[0][..., 2], conv2d(colours[..., 2], kernel))


def counted(array, chunks=4):
    """A dask array, and a list with an entry for every chunk that was read of it."""
    read = []

    def block(part):
        read.append(part.shape)
        return part

    chunked = need_module("dask.array").asarray(array, chunks=chunks)
    return chunked.map_blocks(block, meta=np.zeros((0,) * array.ndim, array.dtype)), read


def test_what_is_larger_than_memory_is_left_to_tiles(monkeypatch):
    large, read = counted(np.pad(gray, 200), chunks=100)
    with monkeypatch.context() as machine:
        pages = {"SC_PHYS_PAGES": 2**8, "SC_PAGE_SIZE": 2**12}
        machine.setattr("convlib.arguments.os.sysconf", pages.__getitem__, raising=False)
        said, (y,) = shown("conv2d(large, kernel, padding=1)", {**HAVE, "large": large})
    assert "not enough memory (0.00134 GB asked for" in said
    assert not read
    assert np.array_equal(y.compute(), conv2d(np.pad(gray, 200), kernel, padding=1))


def test_tiles_show_the_call_too_and_read_nothing_for_it():
    lazy, read = counted(last(chw))
    said, results = shown("tiles.conv2d(lazy, kernel, tile=5)", {**HAVE, "lazy": lazy})
    assert "    tiles.conv2d(lazy, " in said
    assert ", tile=5, " in said
    assert not read
    _, right = shown("conv2d(photo, kernel)")
    for y, meant in zip(results, right, strict=True):
        assert np.array_equal(y.compute(), meant)


def test_arrays_have_the_names_that_they_have_where_they_are_used():
    def of_a_reader(picture, edges):
        conv2d(picture, edges, padding="SAME")

    with pytest.raises(ValueError, match=r"conv2d\(picture, edges, padding='same'\)"):
        of_a_reader(gray, kernel)
    with pytest.raises(ValueError, match=r"conv2d\(x, w, stride=2, padding='same'\)"):
        conv2d(gray + 0, kernel + 0, stride=np.int64(2), padding="SAME")


NO_SLIPS = [
    "conv2d(gray, kernel, threads=0)",
    "conv2d(gray, kernel, stride=0)",
    "conv2d(gray, kernel, padding='SOME')",
    "conv2d(gray, kernel, padding='SAME', stride=object())",
    "conv2d(gray, kernel, padding='SAME', stride=1.5)",
    "conv2d(gray, kernel, colour='red')",
    "conv2d(gray, kernel, mode='same', cval=1)",
    "conv2d(gray, kernel, mode=3)",
    "conv2d(gray, kernel, stride=2, strides=2)",
    "conv2d(gray, kernel, padding=(1, 2, 3))",
    "conv2d(chw, oihw, strides=(1, 1, 2, 1))",  # in which order?
    "conv2d(chw, oihw, stride=(2, 1, 1, 2))",
    "conv2d(chw, oihw, padding='SAME', stride=2, method='winograd')",
    "conv2d(integers(7, 90, 9), kernel)",  # hardly a batch of images 90 x 9
    "conv2d(integers(7, 90, 9), one)",
    "conv2d(gray, oihw)",
    "conv2d(chw, integers(5, 4, 2, 2))",
    "conv2d([[1, 2], [3]], kernel)",
    "conv2d(gray * 2**60, kernel * 2**60)",
    "conv2d(gray)",
    "conv2d(chw, oihw, None, 2, stride=1)",
    "conv2d(gray, odd, 'same', 'wrap', 0, 0)",
    "conv2d(gray, odd, mode='same', padding=2)",
]


@pytest.mark.parametrize("source", NO_SLIPS)
def test_what_is_no_usual_slip_has_no_hint(source):
    said, results = shown(source)
    assert not results
    assert "\n" not in said


SIZES = st.sampled_from([1, 2, 3, 4, 5, 8, 13])
STEP = st.sampled_from([0, 1, 2, 2.5, (2, 1), [1, 2, 2, 1], (1, 1, 3, 1), (1, 1, 1, 1), "2", None])
WRONG = {
    "stride": STEP,
    "strides": STEP,
    "dilation": STEP,
    "padding": STEP | st.sampled_from(["SAME", "full", "Valid", "reflect", ((1, 2), (0, 1))]),
    "padding_mode": st.sampled_from(["edge", "reflect", "symmetric", "wrap", "zeros", 1]),
    "boundary": st.sampled_from(["symm", "fill", "wrap", None]),
    "mode": st.sampled_from(["same", "full", "valid", "nearest", "reflect", "mirror", 2]),
    "groups": st.integers(0, 4),
    "layout": st.sampled_from(["NCHW", "NHWC", "channels_last", "hwc"]),
    "method": st.sampled_from(["auto", "taps", "winograd", "strided", "matrix", "fft"]),
    "bias": st.sampled_from([None, 1, 0.5, (1, 2), np.ones(3)]),
}


@settings(max_examples=300, deadline=None)
@given(
    x=st.lists(SIZES, max_size=5),
    w=st.lists(SIZES, max_size=5),
    third=st.lists(st.sampled_from([None, 2, (2, 1), "same"]), max_size=2),
    wrong=st.fixed_dictionaries({}, optional=WRONG),
)
def test_whatever_is_wrong_a_call_that_is_shown_runs(x, w, third, wrong):
    if third:
        wrong.pop("bias", None)
    have = {**HAVE, "x": np.ones(x), "w": np.ones(w), "wrong": wrong, "third": third}
    have |= {"bias": wrong["bias"]} if "bias" in wrong else {}
    with suppress(TypeError, ValueError):
        eval("conv2d(x, w, *third, **wrong)", dict(have))
        return
    said, _ = shown("conv2d(x, w, *third, **wrong)", have)
    assert re.search(r"^conv2d\(\) (got|takes)|\. Given: ", said)


def test_conv2d_is_what_it_says_it_is():
    assert list(inspect.signature(conv2d).parameters)[:4] == ["x", "w", "bias", "stride"]
    assert conv2d.__annotations__["groups"] == "int"
    assert pickle.loads(pickle.dumps(conv2d)) is conv2d


def test_what_is_known_of_slips_is_loaded_by_the_first_that_fails():
    code = """if True:
        import sys, convlib
        convlib.conv2d([[1]], [[2]])
        assert "convlib.slips.hint" not in sys.modules
        try:
            convlib.conv2d([[1]], [[2]], mode="same")
        except TypeError:
            assert "convlib.slips.hint" in sys.modules
            print("seen")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "seen\n", done.stderr
