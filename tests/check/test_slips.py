"""The rules behind the mistakes: each is right, and mistakes in it can be made together."""

from itertools import permutations

import numpy as np
import pytest

from convlens.check.answers import same
from convlens.check.calling import call
from convlens.check.slips import wrongly
from tests.check.judge import task_of
from tests.check.table import CHECKS


def outcome(function, task, arguments):
    positional = {name: arguments[name] for name in task.required}
    named = {name: value for name, value in arguments.items() if name not in positional}
    return call(function, positional, named, 5.0)


@pytest.mark.parametrize("name", CHECKS)
def test_the_rule_is_right(name):
    task = task_of(CHECKS[name])
    rules = {id(m.rule): m.rule for m in task.mistakes}.values()
    for rule in rules:
        for case in task.cases:
            arguments = case.make(1)
            made = outcome(lambda *a, r=rule, **k: r.answer(r.make(*a, **k)), task, arguments)
            assert made.error is None, case.title
            assert same(made.value, task.right(**arguments), task.parts), case.title


#: What a wrong shape, an index or a size raises; other errors are those of the slips themselves.
MEANT = ("ValueError", "IndexError", "AxisError", "OverflowError")


@pytest.mark.parametrize("name", CHECKS)
def test_two_mistakes_can_be_made_at_once(name):
    task = task_of(CHECKS[name])
    mistakes = [m for m in task.mistakes if m.shows is None]
    rng = np.random.default_rng(0)
    pairs = [(a, b) for a, b in permutations(mistakes, 2) if a.rule is b.rule]
    for k in rng.permutation(len(pairs))[:60]:
        for case in (task.cases[0], task.cases[-1]):
            raised = outcome(wrongly(*pairs[k]), task, case.make(0)).raised
            assert raised is None or raised.startswith(MEANT), (raised, *pairs[k])
