"""Rendering, on made-up numbers; and what is stored, against what it must hold."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.__main__ import RESULTS, rounded, store
from benchmarks.details import table
from benchmarks.judge import AUTO, judge, merge, row_of, verdict
from benchmarks.render import BRIEF, END, START, brief, page, quote, quoted
from benchmarks.rows import ROWS, Goal, Row

README = Path(__file__).parents[2] / "README.md"
ROW = Row("r", "work", "PyTorch", ("one", "two"), ("us",), ("p", "q"), Goal(1.5, 0.9), Goal(3))


def made(ours=1.0, p=2.0, q=4.0):
    seconds = {"us": [ours] * 3, "p": [p] * 3, "q": [q] * 3}
    faults = dict.fromkeys(seconds, 0.0)
    return {"label": "1×1", "seconds": seconds, "faults": faults, "peak": {"us": 5}, "auto": {}}


def results(**changed):
    libraries = {"NumPy": "2", "PyTorch": None}
    machine = {"processor": "P", "caches": "L1", "cores": 2, "python": "3", "blas": "B"}
    judged = {
        "quick": False,
        "machine": {**machine, "libraries": libraries},
        "missing": ["PyTorch"],
        "rows": [row_of(ROW, {"one": made(), "two": made()})],
        "races": {},
        "growth": {},
        "threads": [],
        "wide": [],
    }
    return judged | changed


def test_the_faster_peer_counts():
    (shape,) = row_of(ROW, {"one": made(p=6.0, q=4.0)})["shapes"]
    assert (shape["peer"], shape["ratio"]) == ("q", (4, 4, 4))


def test_goals_ask_for_the_mean_and_for_the_least():
    same = [(r, r, r) for r in (1.0, 4.0)]
    asked = verdict(same, Goal(2, 1), Goal(2, 1.1))
    assert asked["mean"] == pytest.approx(2)
    assert (asked["least"], asked["met"], asked["shot"]) == (1, True, False)
    assert verdict(same, Goal(2.1), Goal(3))["met"] is False
    assert verdict(same, Goal(), Goal())["met"] is None


def test_a_row_with_a_shape_missing_says_so():
    row = row_of(ROW, {"one": made()})
    assert not row["whole"]
    assert "met (some shapes only)" in quote(results(rows=[row]))


def test_a_row_without_its_peer_is_not_measured():
    race = made()
    race["seconds"] = {"us": [1.0]}
    row = row_of(ROW, {"one": race})
    assert "| not measured |" in quote(results(rows=[row]))


def test_quote():
    text = quote(results())
    assert text.startswith("Measured on P, L1, 2 cores, Python 3, NumPy 2, PyTorch missing,")
    assert "Not installed, so not compared: PyTorch." in text
    assert "quick run" not in text
    row = "| work | PyTorch | 1.5, none below 0.9 | 3 | 2.00, least 2.00 | 2.00 to 2.00 | met |"
    assert text.splitlines()[-1] == row
    assert "A quick run" in quote(results(quick=True))


def test_the_quote_says_when_others_were_at_work():
    machine = results()["machine"]
    assert "others" not in quote(results(machine=machine | {"others": 0.05}))
    assert "others kept 0.8 cores busy" in quote(results(machine=machine | {"others": 0.8}))


def test_the_quote_is_found_between_its_markers():
    text = quote(results())
    assert quoted(f"before\n{START}\n{text}\n{END}\nafter") == text
    assert quoted("no markers") is None


def test_every_line_of_a_table_has_as_many_cells():
    lines = table(("a", "b", "c"), [("1", "", "3")])
    assert {line.count("|") for line in lines} == {4}


def test_judge_works_out_growth_threads_and_auto():
    names = ("convlib NCHW", "convlib NHWC")
    on_two = made()
    on_two["seconds"] = {n: [1.0, 1.0] for n in names}
    on_two["seconds"] |= {f"{n}, one thread": [1.5, 1.5] for n in names}
    on_two["faults"] = dict.fromkeys(on_two["seconds"], 0.0)
    sizes = {str(s): made(ours=s**2 * 1e-6) for s in (8, 16, 32)}
    wide = [
        {"label": "w", "auto": "taps", "best": "fft", "ratio": [0.7, 0.8, 0.9],
         "medians": {"auto": 1.0, "fft": 0.8}},
    ]  # fmt: skip
    measured = {
        "machine": results()["machine"],
        "missing": [],
        "races": sizes,
        "growth": {"image size": {s: s for s in sizes}},
        "wide": wide,
    }
    judged = judge(merge(measured, {"races": {"layer 64 batch 8 on two": on_two}}), quick=False)
    assert judged["growth"]["image size"]["exponents"]["us"] == pytest.approx(2)
    assert judged["threads"][0]["gains"]["convlib NHWC"] == (1.5, 1.5, 1.5)
    assert [row["key"] for row in judged["rows"]] == [*(row.key for row in ROWS), AUTO]
    assert (judged["rows"][-1]["met"], judged["rows"][-1]["shot"]) == (True, False)
    text = page(json.loads(json.dumps(judged)))
    for title in ("Every shape", "Where each method is best", "Two threads", "How time grows"):
        assert f"## {title}" in text


def test_stored_is_what_was_rendered(tmp_path):
    pytest.importorskip("matplotlib")
    store(rounded(results()), "made", tmp_path)
    loaded = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert (tmp_path / "made.md").read_text(encoding="utf-8") == page(loaded)
    assert (tmp_path / "made.png").stat().st_size > 1000


def stored():
    """The results of the last full run; without one there is nothing to compare."""
    path = RESULTS / "latest.json"
    if not path.exists() and os.environ.get("CONVLIB_NO_SKIP") != "1":
        pytest.skip("no results are stored: make bench")
    return json.loads(path.read_text(encoding="utf-8"))


def test_stored_results_have_every_row():
    found = stored()
    assert [row["key"] for row in found["rows"]] == [*(row.key for row in ROWS), AUTO]
    assert not found["quick"]
    assert found["missing"] == []
    assert all(row["whole"] and row["shapes"] for row in found["rows"])
    assert set(found["growth"]) == {"image size", "kernel size", "channels"}
    assert len(found["wide"]) >= 150


def test_stored_goals_are_those_of_the_rows():
    goals = {row.key: (row.target.words, row.moonshot.words) for row in ROWS}
    for row in stored()["rows"][:-1]:
        assert (row["target"], row["moonshot"]) == goals[row["key"]]


def test_stored_page_and_readme_show_the_stored_numbers():
    found = stored()
    assert (RESULTS / "latest.md").read_text(encoding="utf-8") == page(found)
    assert quoted(README.read_text(encoding="utf-8")) == brief(found)


def test_brief_says_where_it_is_slower_too():
    found = stored()
    rows = {row["key"]: row["mean"] for row in found["rows"] if row["against"] == "PyTorch"}
    plain = {key: mean for key, mean in rows.items() if "tiny" not in key}
    shown = [rows[key] for key in BRIEF]
    assert (shown[0], shown[-1]) == (max(plain.values()), min(plain.values()))
