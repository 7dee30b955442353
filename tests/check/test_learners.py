"""Functions as learners write them: none is named falsely, taken for right, or for wrong."""

from collections import Counter

import pytest

from convlens import check
from tools.checker_rates import attempts, judged

CHECKS = sorted({attempt.check for attempt, _ in attempts()})
NAMED = 0.9  # of the wrong ones, at least


@pytest.mark.parametrize("name", CHECKS)
def test_no_function_is_judged_falsely(name):
    came = Counter()
    for attempt, report, kind, _ in judged(name):
        assert kind not in ("false", "passed", "rejected"), (kind, attempt, report)
        came[kind] += 1
    assert came["named"]
    assert came["accepted"]


def test_most_are_named():
    """One of each check is looked at here; `tools/checker_rates.py` counts all."""
    assert set(CHECKS) == {n for n in check.__all__ if n.islower()}
