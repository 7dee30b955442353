"""Questions on a page: what may be typed, and what is said of the gap."""

import json
from pathlib import Path

import pytest

from tests.needs import need_module

need_module("playwright.sync_api")
need_module("anywidget")

from convlens.questions import PLAYER, Questions  # noqa: E402

SCRIPT = (Path(PLAYER) / "ask.js").read_text("utf-8")
MOUNTED = """
window.sent = [];
window.compare = compare;
window.show = (held) => {
  const model = { heard: {}, get: (name) => held[name], off() {}, send: (m) => sent.push(m),
    on: (event, tell) => { model.heard[event] = tell; } };
  window.tell = (told) => { held.told = told; model.heard["change:told"](); };
  window.leave = mount(document.getElementById("here"), model);
};
window.alone = (bundle) => mount(document.getElementById("here"), standing(bundle));
window.ready = true;
"""


@pytest.fixture
def asking(page):
    """A page with the module and no question yet."""
    page.set_content(
        f"<!doctype html><html lang=en><title>ask</title><style>{Questions._css}</style>"
        f"<main><h1>Question</h1><div id=here></div></main>"
        f"<script type=module>{SCRIPT}{MOUNTED}</script>"
    )
    page.wait_for_function("window.ready")
    return page


RIGHT = [
    ("4, 5", [4, 5]),
    ("(4, 5)", [4, 5]),
    ("4x5", [4, 5]),
    ("4 × 5", [4, 5]),
    ("4 by 5", [4, 5]),
    ("[4 5]", [4, 5]),
    ("(4,)", [4]),
    ("-4 and 5", [-4, 5]),
    ("4 rows, 5 columns", [4, 5]),
    ("4*5", [4, 5]),
    ("230/70/50", [230, 70, 50]),
    ("- 5", -5),
    ("–5", -5),
    ("12 bytes.", 12),
    ("=12", 12),
    ("1'000", 1000),
    ("25%", 25),
    ("−3", -3),
    ("20 bytes", 20),
    ("about 20", 20),
    ("1,000", 1000),
    ("1 000", 1000),
    ("1e3", 1000),
    ("0,5", 0.5),
    (".5", 0.5),
    ("1/4", 0.25),
    ("25 %", 0.25),
    ("24", 24.4),
    ("Median ", "median"),
    ("yes", "yes"),
]


def compared(page, said, answer):
    return page.evaluate("([s, a]) => compare(s, a)", [said, answer])


def test_what_may_be_typed(asking):
    for said, answer in RIGHT:
        assert compared(asking, said, answer)["right"], said


MISSED = [
    ("5, 4", [4, 5], "It is (4, 5): yours the other way round."),
    ("5", [4, 5], "It is (4, 5): 2 numbers, and you gave 1."),
    ("5, 5", [4, 5], "It is (4, 5): the first of yours is 1 too high."),
    ("4, 7", [4, 5], "It is (4, 5): the second of yours is 2 too high."),
    ("70, 230, 50", [230, 70, 50], "It is (230, 70, 50): the same numbers in another order."),
    ("144", 36, "It is 36: yours is 4 times as much."),
    ("12", 36, "It is 36: 3 times as much as yours."),
    ("35", 36, "It is 36: yours is 1 too low."),
    ("9", -9, "It is −9: yours has the other sign."),
    ("0", 3, "It is 3: yours is 3 too low."),
    ("24", 25.3, "It is 25.3: yours is 1.3 too low."),
    ("mean", "median", "It is median; you said mean."),
]  # fmt: skip


def test_the_gap_in_a_sentence(asking):
    for said, answer, text in MISSED:
        assert compared(asking, said, answer) == {"right": False, "text": text}


def test_what_is_no_number_is_not_compared(asking):
    for said, answer in [
        ("many", 3),
        ("rows, columns", [4, 5]),
        ("1/0", 3),
        ("--3", 3),
        ("3-4", 3),
    ]:
        found = compared(asking, said, answer)
        assert "right" not in found, said
        assert "cannot be read" in found["text"]


def held(question="How large?", choices=None):
    items = [{"question": question, "choices": choices}]
    return {"items": items, "told": {}, "notes": [], "recalls": 0}


def test_an_answer_is_asked_for_once_and_after_a_guess(asking):
    asking.evaluate("show", held())
    asking.get_by_role("button", name="Compare").click()
    assert "Make a guess first" in asking.get_by_role("status").inner_text()
    assert asking.evaluate("sent") == []
    field = asking.get_by_label("How large?").get_by_role("textbox")
    field.fill("5, 4")
    field.press("Enter")
    assert asking.evaluate("sent") == [{"item": 0}]
    asking.evaluate("tell", {"0": {"answer": [4, 5], "because": "It fits so often."}})
    told = "It is (4, 5): yours the other way round. It fits so often."
    assert asking.get_by_role("status").inner_text() == told
    assert asking.evaluate("sent")[1:] == [{"item": 0, "said": "5, 4", "right": False}]
    assert field.is_disabled()


def test_what_failed_may_be_asked_again(asking):
    asking.evaluate("show", held())
    field = asking.get_by_label("How large?").get_by_role("textbox")
    field.fill("3")
    field.press("Enter")
    asking.evaluate("tell", {"0": {"failed": "Run the cells above first."}})
    assert "Run the cells above" in asking.get_by_role("status").inner_text()
    field.press("Enter")
    asking.evaluate("tell", {"0": {"answer": 3, "because": None}})
    assert asking.get_by_role("status").inner_text() == "Right: 3."


def test_a_second_view_is_not_answered_by_the_first(asking):
    asking.evaluate("show", held())
    asking.evaluate("tell", {"0": {"answer": [4, 5], "because": None}})
    assert asking.get_by_role("status").inner_text() == ""
    field = asking.get_by_label("How large?").get_by_role("textbox")
    field.fill("4, 5")
    field.press("Enter")
    assert asking.get_by_role("status").inner_text() == "Right: (4, 5)."
    assert asking.evaluate("sent") == [{"item": 0, "said": "4, 5", "right": True}]


def test_without_python_choices_are_compared_and_what_was_missed_comes_back(asking):
    asking.evaluate("""() => Object.defineProperty(window, "localStorage", { value: {
        kept: {}, getItem: (k) => localStorage.kept[k] ?? null,
        setItem: (k, v) => { localStorage.kept[k] = v; } } })""")
    item = {
        "question": "Which?",
        "choices": ["mean", "median"],
        "answer": "median",
        "because": "B.",
    }
    asking.evaluate("alone", {"items": [item], "recalls": 0})
    asking.get_by_label("mean", exact=True).check()
    asking.get_by_role("button", name="Compare").click()
    assert asking.get_by_role("status").inner_text() == "It is median; you said mean. B."
    asking.evaluate("document.getElementById('here').replaceChildren()")
    asking.evaluate("alone", {"items": [], "recalls": 2})
    asking.get_by_label("median", exact=True).check()
    asking.get_by_role("button", name="Compare").click()
    assert asking.get_by_role("status").inner_text() == "Right: median. B."
    kept = json.loads(asking.evaluate("localStorage.getItem('convlens')"))
    assert [line["right"] for line in kept] == [False, True]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everyone(asking, scheme):
    from axe_playwright_python.sync_playwright import Axe

    asking.emulate_media(color_scheme=scheme)
    asking.evaluate("show", held(choices=["mean", "median"]))
    assert Axe().run(asking).response["violations"] == []
