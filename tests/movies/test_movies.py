"""Pictures in a row: none is missing, the first comes first, and a file is whole or not there."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from tests.needs import need_module

need_module("anywidget")

from convlens import draw, explore, movie  # noqa: E402
from convlens.__main__ import main  # noqa: E402
from convlens.explore import Explorer  # noqa: E402
from convlens.movies import SVG  # noqa: E402
from convlib import Walk  # noqa: E402

X = np.arange(15).reshape(3, 5)
W = [[1, -1], [0, 2]]


@pytest.fixture(scope="module")
def moving():
    return movie(explore.window(X, W))


def opened(written):
    return Image.open(io.BytesIO(written))


def on_white(image):
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return np.asarray(ground.convert("RGB"), int)


def test_an_explorer_is_played_from_where_it_stands_and_round_again():
    explorer = explore.window(X, W, at=(1, 2))
    told = [picture.label for picture in explorer.story()]
    assert len(told) == len(set(told)) == 8
    assert told[0] == explorer.picture.label
    for values, label in (((1, 3), told[1]), ((0, 0), told[2])):
        explorer.move(row=values[0], column=values[1])
        assert explorer.picture.label == label


def test_of_many_positions_some_are_told_and_of_none_the_first_control():
    story = explore.window(np.arange(63).reshape(7, 9), W).story()
    assert len({picture.label for picture in story}) == len(story) == 20
    photo = np.arange(64, dtype=np.uint8).reshape(8, 8)
    explorer = explore.filter(photo)
    kernels = len(explorer.controls["kernel"].options)
    assert len({picture.label for picture in explorer.story()}) == kernels


def test_png_and_gif_show_every_picture_three_times_and_rest_on_the_first(moving):
    png, gif = opened(moving.png()), opened(moving.gif())
    assert (png.n_frames, png.info["loop"], png.info["duration"]) == (9, 3, 250)
    assert (gif.n_frames, gif.info["loop"], gif.info["duration"]) == (9, 2, 250)
    for image in (png, gif):
        frames = []
        for k in range(9):
            image.seek(k)
            frames.append(np.asarray(image.convert("RGBA")).copy())
        assert np.array_equal(frames[0], frames[8])
        assert len({frame.tobytes() for frame in frames}) == 8
    png = opened(moving.png())
    assert np.abs(on_white(png) - on_white(opened(moving.pictures[0].png(1.0)))).mean() < 3


def test_what_is_stored_is_small_and_loses_pictures_evenly(moving):
    small = moving.png(60_000)
    assert len(small) <= 60_000 < len(moving.png())
    assert 2 < opened(small).n_frames < 9


def expanded(root):
    """A picture of an SVG with its pieces put back where they are used."""
    pieces = {}
    for piece in root.iter():
        if number := piece.attrib.pop("id", None):
            pieces[f"#{number}"] = piece
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == f"{{{SVG}}}use":
                parent[place] = pieces[child.get("href")]
    return [group for group in root if group.get("class")]


def test_each_picture_of_an_svg_is_the_picture_itself(moving):
    groups = expanded(ElementTree.fromstring(moving.svg()))
    assert len(groups) == 8
    for group, picture in zip(groups, moving.pictures, strict=True):
        whole = ElementTree.fromstring(picture.page())
        assert [*map(ElementTree.tostring, group)] == [*map(ElementTree.tostring, whole)]


def test_dark_pictures_have_light_ink(moving):
    dark = movie(moving.pictures, dark=True)
    assert dark.pictures[0].page() != dark.pictures[0].page(dark=True)
    corner = opened(dark.gif()).convert("RGB").getpixel((0, 0))
    assert max(corner) < 32
    assert min(opened(moving.gif()).convert("RGB").getpixel((0, 0))) > 250


def test_frames_of_a_walk_are_a_movie_and_show_themselves():
    moving = movie((draw.frame(frame) for frame in Walk(X, W)), seconds=0.5, rounds=1)
    data, told = moving._repr_mimebundle_()
    assert opened(base64.b64decode(data["image/png"])).n_frames == 9
    assert told["image/png"]["alt"] == moving.pictures[0].label
    assert data["text/plain"] == "movie: 8 pictures, 1 round of 4 seconds"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (([],), ValueError),
        ((3,), TypeError),
        ((["a"],), TypeError),
        (([draw.frame(Walk(X, W).frame(0, 0))], 0), ValueError),
        (([draw.frame(Walk(X, W).frame(0, 0))], 0.25, 0), ValueError),
        (([draw.frame(Walk(X, W).frame(0, 0))], 0.25, 1.5), TypeError),
        (([draw.frame(Walk(X, W).frame(0, 0))], 0.25, 2000), ValueError),
        (([draw.frame(Walk(X, W).frame(0, 0))], "a"), ValueError),
        (([draw.frame(Walk(X, W).frame(0, 0))], 700), ValueError),
    ],
)
def test_what_does_not_move_is_refused(given, error):
    with pytest.raises(error, match="Given: "):
        movie(*given)


@pytest.mark.parametrize("kind", ["png", "gif", "svg"])
@pytest.mark.parametrize("more", [[], ["--transposed"], ["--family", "grid"]])
def test_the_command_writes_what_the_name_says(tmp_path, kind, more):
    file = tmp_path / f"moving.{kind}"
    size = ["--input", "3x4", "--kernel", "2x2"]
    assert main(["gif", str(file), *size, *more]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    if kind == "svg":
        assert ElementTree.parse(file).getroot().tag == f"{{{SVG}}}svg"
    else:
        assert opened(file.read_bytes()).format == kind.upper()


@pytest.mark.parametrize(
    ("out", "more", "said"),
    [
        ("a.jpg", [], "End its name with .png, .gif, .svg"),
        ("a", [], "End its name with"),
        ("a.gif", ["--kernel", "9x9"], "the padded input is (5, 7)"),
        ("a.gif", ["--stride", "0"], "stride is out of range"),
        ("a.gif", ["--family", "loops"], "invalid choice"),
        ("a.gif", ["--transposed", "--padding", "1"], "no picture of padding"),
        ("nowhere/a.gif", [], "No such file or directory"),
    ],
)
def test_the_command_says_in_a_line_what_is_wrong_and_leaves_no_file(
    tmp_path, monkeypatch, capsys, out, more, said
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["gif", out, *more])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert said in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_replaced_stays(tmp_path, moving):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(OSError, match=r"a\.svg"):
        moving.save(tmp_path / "a.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_a_link_is_written_through_and_a_file_keeps_its_mode(tmp_path, moving):
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    moving.save(link)
    assert link.is_symlink()
    assert real.read_text().startswith("<svg")
    assert real.stat().st_mode & 0o777 == 0o600
    long = tmp_path / f"{'a' * 240}.svg"
    moving.save(long)
    assert sorted(p.name for p in tmp_path.iterdir()) == [long.name, "link.svg", "real.svg"]


def test_of_what_is_stored_the_first_explorer_moves_and_all_say_how(monkeypatch):
    monkeypatch.setenv("CONVLENS_FOR", "page")
    monkeypatch.setattr(Explorer, "shown", False)
    stored = [explore.window(X, W)._repr_mimebundle_()[0]["image/png"] for _ in range(2)]
    first, second = (opened(base64.b64decode(png)) for png in stored)
    assert first.n_frames == 9
    assert getattr(second, "n_frames", 1) == 1
    monkeypatch.delenv("CONVLENS_FOR")
    live = opened(explore.window(X, W).png())
    assert second.height > live.height  # a line more: run this cell to move it
