"""What lies outside the array's memory is drawn, and never read."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from tests.needs import need_module

need_module("anywidget")

from convlens import explore  # noqa: E402
from convlens.explore.byte_strides import REQUESTS  # noqa: E402
from convlens.facts.cell import Memory  # noqa: E402
from convlens.picture.shapes import Text  # noqa: E402
from convlib import Walk  # noqa: E402
from tests.explore import layout  # noqa: E402
from tests.explore.cases import ALL  # noqa: E402
from tests.explore.sweep import sweep  # noqa: E402

SENTINEL = 77777
ORDERS = {
    "c": lambda a: a,
    "reversed": lambda a: a[::-1],
    "reversed both ways": lambda a: a[::-1, ::-1],
    "transposed": lambda a: a.T,
    "every other": lambda a: a[::2, ::2],
}


def surrounded(shape):
    """An array in the middle of a buffer whose other numbers must never be seen."""
    buffer = np.full(1000, SENTINEL)
    size = int(np.prod(shape))
    buffer[480 : 480 + size] = np.arange(size) % 10
    step = buffer.itemsize
    inside = buffer[480:]
    return as_strided(inside, shape, (shape[1] * step, step))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("stride", [1, 2, 5])
def test_no_number_from_around_the_array_is_shown(order, stride):
    x = ORDERS[order](surrounded((6, 8)))
    explorer = explore.byte_strides(x, np.ones((2, 3), int), stride=stride)
    seen = set()

    def check(explorer):
        for shape in explorer.picture.shapes:
            if isinstance(shape, Text):
                assert "7777" not in shape.string
        assert "7777" not in explorer.picture.label
        seen.add(", inside, " in explorer.picture.label)

    for view in REQUESTS:
        explorer.controls["view"].value = view
        for key in set(explorer.controls) - {"view"}:
            for value in range(explorer.controls[key].max + 1):
                explorer.controls[key].value = value
                check(explorer)
    assert True in seen


def test_elements_are_looked_up_inside_only(monkeypatch):
    asked = []
    element = Memory.element

    def noted(memory, address):
        asked.append(address)
        assert memory.inside(address)
        return element(memory, address)

    monkeypatch.setattr(Memory, "element", noted)
    for name in ("4x5", "reversed, Fortran", "sliced", "batch", "broadcast", "padded, strided"):
        x, w, bias, arguments = ALL[name]
        sweep(explore.byte_strides(x, w, bias, **arguments))
    assert asked


@pytest.mark.parametrize("name", [name for name in ALL if "photograph" not in name])
def test_every_element_is_found_at_its_own_bytes(name):
    x, w, bias, arguments = ALL[name]
    walk = Walk(x, w, bias, **arguments)
    memory = Memory(walk)
    places = list(np.ndindex(walk.padded.shape))
    for place in places[:: 1 + len(places) // 200]:
        address = sum(k * s for k, s in zip(place, walk.padded.strides, strict=True))
        found, value = memory.element(address)
        np.testing.assert_array_equal(value, walk.padded[place])
        assert sum(k * s for k, s in zip(found, walk.padded.strides, strict=True)) == address


def test_bytes_between_elements_are_no_element():
    memory = Memory(Walk(np.arange(28).reshape(4, 7)[:, ::2], [[1, 1]]))
    with pytest.raises(KeyError):
        memory.element(8)
    explorer = explore.byte_strides(np.arange(32).reshape(4, 8)[:, :7:3], [[1, 1]])
    explorer.controls["view"].value = "one column of windows too many"
    explorer.controls["v"].value = 1
    assert "nothing of the array" in explorer.picture.label


@pytest.mark.parametrize("kind", ["byte_strides", "index_grid", "memory_orders"])
def test_long_numbers_stay_on_the_page_and_small_ones_legible(kind):
    x, w = np.zeros((3, 513, 777)), np.ones((3, 3, 3))
    for at in ((0, 0), (510, 774)):
        explorer = getattr(explore, kind)(x, w, at=at)
        if kind == "byte_strides":
            explorer.controls["view"].value = "one column of windows too many"
        p = explorer.picture
        assert layout.outside_the_page(p) == []
        written = layout.ground(p)
        assert layout.too_wide_for_their_tile(written) == []
        assert layout.colliding_texts(written) == []
        assert min(dict(t.style)["font_size"] for t, *_ in written) >= 11


def marks(explorer, what):
    return [n for n in explorer.picture.notes if n.what == what]


def test_the_element_that_is_read_is_framed_and_no_kernel_stands_on_the_input():
    explorer = explore.byte_strides(np.arange(20).reshape(4, 5), np.ones((2, 3)), at=(1, 1))
    explorer.controls["v"].value = 2
    array, view, memory = marks(explorer, "reading")
    assert array.y < memory.y
    assert view.y < memory.y
    assert len(marks(explorer, "start")) == 1
    assert marks(explorer, "kernel") == []
    explorer = explore.index_grid(np.arange(20).reshape(4, 5), np.ones((2, 3)), at=(1, 1))
    (offsets,) = marks(explorer, "kernel")
    assert offsets.x > 300  # over the columns of the grid
    assert len(marks(explorer, "start")) == 2  # in the image and in memory
    assert len(marks(explorer, "ring")) == 1  # of the output position that the row belongs to


def test_the_index_grid_can_keep_its_formulas_to_itself():
    told = explore.index_grid(np.ones((4, 5)), np.ones((2, 3)))
    silent = explore.index_grid(np.ones((4, 5)), np.ones((2, 3)), formulas=False)
    said = [{s.string for s in e.picture.shapes if isinstance(s, Text)} for e in (told, silent)]
    assert "= u·5 + v·1" in said[0]
    assert "= u·5 + v·1" not in said[1]
    assert told.lines
    assert not silent.lines
    assert silent.picture.height <= told.picture.height


def test_it_begins_at_the_tap_that_is_named():
    explorer = explore.byte_strides(np.arange(20).reshape(4, 5), np.ones((2, 3)), tap=(1, 2))
    assert (explorer.values()["u"], explorer.values()["v"]) == (1, 2)
    assert "view[0, 0, 1, 2]" in explorer.picture.label
    assert "inside, x[1, 2] = 7" in explorer.picture.label
    for tap, error in {(2, 0): IndexError, (0, -1): IndexError, (0.5, 0): TypeError}.items():
        with pytest.raises(error, match="Given: tap="):
            explore.byte_strides(np.zeros((4, 5)), np.ones((2, 3)), tap=tap)


def test_asking_for_more_windows_moves_the_bounds():
    explorer = explore.byte_strides(np.zeros((4, 5)), np.zeros((2, 3)))
    row, column, view = (explorer.controls[key] for key in ("row", "column", "view"))
    assert (row.max, column.max) == (2, 2)
    view.value = "one row of windows too many"
    assert (row.value, row.max, column.max) == (3, 3, 2)
    assert "never read" not in explorer.picture.label
    explorer.controls["u"].value = 1
    assert "outside the 160-byte buffer: never read" in explorer.picture.label
    view.value = "one column of windows too many"
    assert (row.max, column.value, column.max) == (2, 3, 3)
    view.value = "as many windows as fit"
    assert (row.value, row.max, column.value, column.max) == (2, 2, 2, 2)


def test_a_single_row_of_windows_can_be_followed_by_one_too_many():
    explorer = explore.byte_strides(np.zeros((1, 5)), np.zeros((1, 3)))
    assert explorer.controls["row"].disabled
    explorer.controls["view"].value = "one row of windows too many"
    assert "view[1, 0, 0, 0]" in explorer.picture.label
    assert "outside the 40-byte buffer: never read" in explorer.picture.label
