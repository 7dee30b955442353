"""Questions: refused where nobody could answer, told when asked, remembered in a file."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from tests.needs import need_module

need_module("anywidget")

from convlens import ask, questions, recall, remembered  # noqa: E402


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder without a past, and a kernel that has asked nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(questions.Questions, "asked", set())
    return tmp_path


def compared(asked, said, right):
    """Answer the first question, as the page does."""
    asked._heard(None, {"item": 0}, None)
    asked._heard(None, {"item": 0, "said": said, "right": right}, None)


def lines(folder):
    return [
        json.loads(line) for line in (folder / ".convlens.json").read_text().split("\n") if line
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((4, 5), [4, 5]),
        (np.shape(np.zeros((2, 3))), [2, 3]),
        (np.int8(3), 3),
        (np.array(2.5), 2.5),
        (np.array([230, 70, 50]), [230, 70, 50]),
        (Fraction(1, 4), 0.25),
        (np.bool_(True), "yes"),
        ("median", "median"),
    ],
)
def test_answers_that_can_be_compared(answer, told):
    assert ask("What?", lambda: answer).answers() == [{"answer": told, "because": None}]


NUMBERLESS = [None, {}, [[1, 2]], 1j, ["a"], (), [True, False], float("nan"), float("inf")]


@pytest.mark.parametrize("answer", [*NUMBERLESS, 10**400, 2**53 + 1])
def test_answers_that_cannot_be_compared_say_so(answer):
    (told,) = ask("What?", lambda: answer).answers()
    assert "cannot be compared" in told["failed"]


def test_an_answer_that_is_not_there_yet_says_what_to_do():
    (told,) = ask("What?", lambda: not_there).answers()  # noqa: F821
    assert "NameError" in told["failed"]
    assert "Run the cells above first" in told["failed"]


def test_the_page_hears_of_an_answer_that_says_what_the_last_one_said():
    asked = ask("How many?", lambda: 5)
    heard = []
    asked.observe(heard.append, "told")
    for _ in range(2):  # the first time with something that could not be read
        asked._heard(None, {"item": 0}, None)
    assert len(heard) == 2


def test_choices_may_be_numbers():
    assert ask("How many?", lambda: 3, choices=[2, 3]).answers()[0]["answer"] == 3
    assert ask("Is it?", lambda: True, choices=[True, False]).items[0]["choices"] == ["yes", "no"]


def test_an_answer_that_is_no_choice_is_a_mistake_of_the_question():
    (told,) = ask("Which?", lambda: "mode", choices=["mean", "median"]).answers()
    assert "'mode', is none of the choices" in told["failed"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("What?", (4, 5)), TypeError, "answer is not callable. Given: answer=(4, 5)"),
        (("", lambda: 1), TypeError, "question is no text"),
        ((3, lambda: 1), TypeError, "question is no text. Given: question=3"),
        (("Which?", lambda: "a", ["a"]), ValueError, "nothing to choose"),
        (("Which?", lambda: "a", ["a", "A "]), ValueError, "nothing to choose"),
        (("Which?", lambda: "a", "ab"), ValueError, "nothing to choose. Given: choices='ab'"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, error, said):
    with pytest.raises(error, match=re.escape(said)):
        ask(*arguments)


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_no_such_number_of_questions(n):
    with pytest.raises((ValueError, TypeError), match="Given: n="):
        recall(n)


def test_nothing_of_the_answer_is_stored_and_nothing_computed_before_it_is_asked_for():
    computed = []
    asked = ask("How many?", lambda: computed.append(1) or 7654, because="it is 1234 more")
    data, _ = asked._repr_mimebundle_()
    shown = json.dumps({**data, "state": asked.get_state(["items", "told", "notes"])})
    assert "7654" not in shown
    assert "1234" not in shown
    assert "How many?" in data["text/html"]
    assert "Shift+Enter" in data["text/html"]
    assert computed == []
    compared(asked, "3", False)
    assert asked.told["0"].items() >= {"answer": 7654, "because": "it is 1234 more"}.items()


def test_the_question_is_text_wherever_it_is_shown():
    asked = ask("Is 1 < 2?", lambda: "a < b", choices=["a < b", "b < a"])
    assert "Is 1 &lt; 2?" in asked._html()
    assert "<li>a &lt; b</li>" in asked._html()


def test_how_it_went_is_remembered_and_its_place_told(folder):
    asked = ask("How large?", lambda: (4, 5), because="it fits")
    compared(asked, "5, 4", False)
    (line,) = lines(folder)
    assert {**line, "when": ""} == {
        "question": "How large?", "choices": None, "answer": [4, 5], "because": "it fits",
        "said": "5, 4", "right": False, "when": "",
    }  # fmt: skip
    assert str(folder / ".convlens.json") in asked.notes[0]


def test_recall_asks_what_was_missed_first_and_nothing_of_this_notebook():
    for name, right in (("a", True), ("b", False), ("c", True), ("d", False)):
        compared(ask(name, lambda: 1), "1", right)
    questions.Questions.asked.clear()  # another notebook
    ask("b", lambda: 1)
    assert [item["question"] for item in recall(3).items] == ["d", "a", "c"]
    again = recall(1)
    assert again.answers() == [{"answer": 1, "because": None}]
    compared(again, "1", True)  # known by now: the one after it comes first
    assert [item["question"] for item in recall(2).items] == ["a", "c"]


def test_recall_is_the_same_text_whatever_is_remembered():
    before = recall(2)
    compared(ask("a", lambda: 1), "1", False)
    questions.Questions.asked.clear()
    after = recall(2)
    assert len(after.items) == 1
    assert repr(before) == repr(after)
    assert before._html() == after._html()


def test_a_broken_line_is_told_and_left_out_and_loses_no_other(folder):
    compared(ask("a", lambda: 1), "2", False)
    file = folder / ".convlens.json"
    file.write_bytes(file.read_bytes() + b'{"question": "half\xff')
    compared(ask("b", lambda: 2), "2", True)
    with file.open("a") as out:
        out.write('[]\n3\n{"question": 3, "right": true}\n')
    questions.Questions.asked.clear()
    again = recall(5)
    assert [item["question"] for item in again.items] == ["a", "b"]
    assert again.notes[0].startswith("4 lines of ")


GOOD = {"question": "a", "choices": None, "answer": 1, "because": None, "said": "1"}
GOOD |= {"right": True, "when": "2026-01-01"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": 3},
        {"question": "half a character \ud800"},
        {"question": "x" * 20_000},
        {"choices": "abc"},
        {"choices": {"a": 1, "b": 2}},
        {"choices": ["2", "3"]},
        {"choices": []},
        {"answer": [[1]]},
        {"answer": []},
        {"answer": {"a": 1}},
        {"answer": float("nan")},
        {"because": {"x": 1}},
        {"right": "yes"},
        {"when": None},
    ],
)
def test_a_line_of_another_hand_is_left_out(folder, wrong):
    bad = json.dumps({**GOOD, "question": "b", **wrong})
    (folder / ".convlens.json").write_text(f"{json.dumps(GOOD)}\n{bad}\n" + "[" * 9_000)
    again = recall(5)
    assert [item["question"] for item in again.items] == ["a"]
    assert again.notes[0].startswith("2 lines")


def test_a_file_that_cannot_be_read_or_written_is_told_and_ends_nothing(folder):
    (folder / ".convlens.json").mkdir()
    assert "cannot be read" in recall().notes[0]
    asked = ask("a", lambda: 1)
    compared(asked, "1", True)
    assert "cannot be written" in asked.notes[0]
    assert asked.told["0"]["answer"] == 1


def test_two_that_write_at_the_same_time_lose_nothing(folder):
    from concurrent.futures import ThreadPoolExecutor

    def write(writer):
        for k in range(50):
            remembered.add({"question": f"{writer}.{k}", "said": "x" * 500})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len({line["question"] for line in lines(folder)}) == 400
