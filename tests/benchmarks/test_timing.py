import gc
from itertools import pairwise

import pytest

from benchmarks import timing
from benchmarks.timing import FEWEST, MOST, TURN, Contestant, order, race


class Clock:
    """A clock that goes on only while a contestant works."""

    def __init__(self):
        self.now, self.ran = 0.0, []

    def __call__(self):
        return self.now

    def contestant(self, name, seconds):
        def call():
            self.now += seconds
            self.ran.append(name)

        return Contestant(name, call)


def test_each_runs_once_a_round_turn_and_turn_about():
    clock = Clock()
    race([clock.contestant(name, 1.0) for name in "abc"], seconds=0, clock=clock)
    warm, rounds = clock.ran[:6], clock.ran[6:]
    assert sorted(warm) == list("aabbcc")
    assert rounds[::2] == rounds[1::2]  # each turn has a call that is not timed and one that is
    rounds = rounds[::2]
    assert len(rounds) == 3 * FEWEST
    turns = [rounds[i : i + 3] for i in range(0, len(rounds), 3)]
    assert all(sorted(turn) == ["a", "b", "c"] for turn in turns)
    assert {turn[0] for turn in turns} == {"a", "b", "c"}


@pytest.mark.parametrize("count", [2, 3, 5])
def test_nobody_always_follows_the_same_neighbour(count):
    follows = [pair for turn in range(2 * count) for pair in pairwise(order(count, turn))]
    before = {b: {a for a, second in follows if second == b} for b in range(count)}
    assert all(len(neighbours) == min(2, count - 1) for neighbours in before.values())


def test_time_is_that_of_one_call():
    clock = Clock()
    samples = race([clock.contestant("slow", 0.5), clock.contestant("quick", TURN / 7.5)], 0, clock)
    assert samples.seconds["slow"] == pytest.approx([0.5] * FEWEST)
    assert samples.seconds["quick"] == pytest.approx([TURN / 7.5] * FEWEST)
    assert clock.ran.count("quick") == 2 + FEWEST * 9  # repeated, to fill a turn
    assert clock.ran.count("slow") == 2 + FEWEST * 2


def test_rounds_fill_the_seconds_and_no_more():
    for seconds, rounds in ((0, FEWEST), (30, 16), (1e9, MOST)):
        clock = Clock()
        samples = race([clock.contestant("a", 1.0)], seconds, clock)
        assert len(samples.seconds["a"]) == rounds
        assert len(samples.faults["a"]) == rounds


def test_the_first_call_of_a_turn_is_not_timed():
    clock = Clock()
    samples = race([clock.contestant("a", 1.0)], 0, clock)
    assert samples.seconds["a"] == [1.0] * FEWEST
    assert len(clock.ran) == 2 + 2 * FEWEST


def test_no_collection_while_it_runs():
    seen = []
    race([Contestant("a", lambda: seen.append(gc.isenabled()))], 0)
    assert seen[2:] == [False] * (len(seen) - 2)
    assert gc.isenabled()


def test_page_faults_are_those_of_one_call(monkeypatch):
    pages = iter(range(0, 10_000, 6))
    monkeypatch.setattr(timing, "faults_so_far", lambda: next(pages))
    clock = Clock()
    samples = race([clock.contestant("a", TURN / 2), clock.contestant("b", 1.0)], 0, clock)
    assert set(samples.faults["a"]) == {3}
    assert set(samples.faults["b"]) == {6}
