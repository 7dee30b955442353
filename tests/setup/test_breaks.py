"""tools/breaks.py: its list fits the files that it breaks. None of the breaks is made here."""

import ast

import pytest

from tools import breaks

LIST = breaks.load()


@pytest.mark.parametrize("broken", LIST, ids=lambda b: f"{b.file}: {b.breaks}")
def test_what_is_replaced_stands_once_in_the_file_and_is_code(broken):
    assert not broken.stale()
    source = (breaks.ROOT / broken.file).read_text(encoding="utf-8")
    changed = source.replace(broken.old, broken.new)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source))


def test_the_list_is_long_and_covers_what_computes():
    assert len(LIST) >= 40
    files = {f.relative_to(breaks.ROOT).as_posix() for f in breaks.ROOT.glob("convlib/**/*.py")}
    covered = {broken.file for broken in LIST}
    assert covered >= files - {"convlib/__init__.py", "convlib/later.py"}


def test_no_two_breaks_are_the_same_or_are_called_the_same():
    assert len({(b.file, b.old, b.new) for b in LIST}) == len(LIST)
    assert len({(b.file, b.breaks) for b in LIST}) == len(LIST)


def test_a_text_that_has_changed_is_an_error(capsys, monkeypatch):
    gone = breaks.Break(7, "convlib/loops.py", "what is no more", "x = no_more()", "")
    assert "7 convlib/loops.py: what is no more: 0 times" in gone.stale()
    monkeypatch.setattr(breaks, "load", lambda choices: [LIST[0], gone])
    assert breaks.main(["--list"]) == 1
    assert "no_more" in capsys.readouterr().out


def test_breaks_are_chosen_by_number_and_by_file():
    assert [b.number for b in breaks.load(["3", "1"])] == [1, 3]
    assert {b.file for b in breaks.load(["winograd", "loops"])} == {
        "convlib/fast/winograd.py",
        "convlib/loops.py",
    }
    assert breaks.load() == LIST


def test_the_nearest_tests_are_there():
    for broken in LIST:
        assert all((breaks.ROOT / tests).exists() for tests in breaks.nearest(broken))
    for names in breaks.FIRST.values():
        for name in names.split():
            assert any(breaks.ROOT.glob(f"tests/*/test_{name}.py")), name
