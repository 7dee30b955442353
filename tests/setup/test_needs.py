"""What is missing is skipped on a reader's machine, and fails where nothing may be skipped."""

import json

import pytest

from tests.needs import need_chromium, need_module


@pytest.mark.parametrize("need", [lambda: need_module("no_such_module"), need_chromium])
@pytest.mark.parametrize(("no_skip", "outcome"), [("0", pytest.skip), ("1", pytest.fail)])
def test_missing_need(need, no_skip, outcome, monkeypatch):
    monkeypatch.setenv("CONVLIB_NO_SKIP", no_skip)
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(outcome.Exception):
        need()


def test_what_is_here_is_returned(tmp_path, monkeypatch):
    assert need_module("json") is json
    browser = tmp_path / "browser"
    browser.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert need_chromium() == str(browser)
