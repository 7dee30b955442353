"""Functions as learners write them: none is named falsely, taken for right, or for wrong."""

from collections import Counter

import pytest

from convlens import check
from tools.checker_rates import attempts, judged

CHECKS = sorted({attempt.check for attempt, _ in attempts()})


@pytest.mark.parametrize("name", CHECKS)
def test_no_function_is_judged_falsely(name):
    came = Counter()
    for attempt, report, kind, _ in judged(name):
        assert kind in ("named", "unnamed", "accepted"), (kind, attempt, report)
        came[kind] += 1
    assert came["named"] > came["unnamed"]
    assert came["accepted"]


def test_every_check_has_its_learners():
    assert set(CHECKS) == {name for name in check.__all__ if name.islower()}
