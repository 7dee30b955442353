"""`play` as a function: its result, its arrays, what it prints in a file and in a notebook."""

import io
import re

import numpy as np
import pytest

from convlens.terminal import perform, play
from convlib import conv2d
from tests.needs import need_module
from tests.terminal.walks import ARGUMENTS, floats, numbers, walk


def printed(*arguments, **options):
    file = io.StringIO()
    play(*arguments, file=file, **options)
    return file.getvalue()


def windows(text):
    return [int(n) for n in re.findall(r"window (\d+) of", text)]


@pytest.mark.parametrize("family", ["strided", "index_grid"])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_returns_what_conv2d_returns(name, family):
    positional, named = ARGUMENTS[name]
    wanted = conv2d(*positional, **named)
    y = play(*positional, **named, family=family, file=io.StringIO())
    np.testing.assert_array_equal(y, wanted)
    assert (y.dtype, y.shape) == (wanted.dtype, wanted.shape)
    y[...] = 0  # the reader's own, to be written to


@pytest.mark.parametrize("writeable", [True, False])
@pytest.mark.parametrize("padding", [0, 1])
def test_arrays_are_left_alone(padding, writeable):
    x, w, bias = floats((2, 5, 6)), floats((3, 2, 2, 2)), floats(3)
    before = [a.copy() for a in (x, w, bias)]
    for array in (x, w, bias):
        array.flags.writeable = writeable
    printed(x, w, bias, padding=padding, frames="all")
    for array, copy in zip((x, w, bias), before, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert array.flags.writeable == writeable


def test_a_file_gets_first_middle_and_last():
    text = printed(numbers((5, 7)), numbers((2, 3)))
    assert windows(text) == [1, 11, 20]
    assert "\x1b" not in text
    assert max(map(len, text.split("\n"))) <= 100
    assert not any(line.endswith(" ") for line in text.split("\n"))


def test_all_frames_when_asked_for():
    text = printed(numbers((5, 7)), numbers((2, 3)), frames="all", speed=1e-9)  # and no sleeping
    assert windows(text) == list(range(1, 21))


@pytest.mark.parametrize(("width", "wanted"), [(3, [1]), (4, [1, 2]), (5, [1, 2, 3])])
def test_fewer_frames_where_there_are_fewer(width, wanted):
    assert windows(printed(numbers((2, width)), numbers((2, 3)))) == wanted


def test_an_empty_batch_says_so():
    text = printed(np.zeros((0, 1, 4, 4)), np.zeros((1, 1, 2, 2)))
    assert text == "No window to show: the batch is empty.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"family": "fft"}, "family is not known.*'strided', 'index_grid'"),
        ({"frames": "some"}, "frames is not known.*'all', 'ends'"),
        ({"speed": 0}, "speed must be positive"),
        ({"speed": float("nan")}, "speed must be positive"),
        ({"stride": 0}, "stride is out of range"),
        ({"padding": "sane"}, "padding is not known"),
    ],
)
def test_refuses_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        printed(numbers((5, 7)), numbers((2, 3)), **options)


def test_keeps_to_ascii_where_the_file_can_show_no_more():
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii", write_through=True) as file:
        perform(walk("padding"), file=file)
        text = raw.getvalue().decode("ascii")
    assert windows(text) == [1, 11, 21]
    unicode = io.StringIO()
    perform(walk("padding"), file=unicode)
    assert list(map(len, text.split("\n"))) == list(map(len, unicode.getvalue().split("\n")))


def test_a_large_image_takes_no_large_time():
    text = printed(numbers((2000, 1000)), numbers((3, 3)), stride=3)
    assert windows(text)[0] == 1
    assert max(map(len, text.split("\n"))) <= 100


NOTEBOOK = """\
import numpy as np
from convlens.terminal import play
y = play(np.arange(35).reshape(5, 7), [[1, 2, 0], [0, 1, -1]], stride=(1, 2), family={family!r})
"""


@pytest.mark.parametrize("family", ["strided", "index_grid"])
def test_a_notebook_gets_three_frames_of_plain_text(family, tmp_path):
    nbclient, nbformat = need_module("nbclient"), need_module("nbformat")
    need_module("ipykernel")
    cells = [nbformat.v4.new_code_cell(NOTEBOOK.format(family=family)) for _ in range(2)]
    cells.append(nbformat.v4.new_code_cell("y"))
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    first, second, result = (cell.outputs for cell in notebook.cells)
    assert [output.name for output in first] == ["stdout"]
    assert first == second
    text = first[0].text
    assert windows(text) == [1, 7, 12]
    assert text.startswith("By ")
    assert "\x1b" not in text
    assert max(map(len, text.split("\n"))) <= 100
    assert result[0].data["text/plain"].startswith("array([[ ")
