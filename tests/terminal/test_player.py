"""Keys and timing, without a terminal and without sleeping."""

import pytest

from convlens.terminal.player import FASTEST, SLOWEST, Player

RIGHT, LEFT = "\x1b[C", "\x1b[D"


class Desk:
    """A clock that moves only by waiting, and keys pressed at given times."""

    def __init__(self, presses=(), stop=100.0):
        self.now = 0.0
        self.presses = [*presses, (stop, "q")]
        self.shown = []

    def clock(self):
        return self.now

    def wait(self, seconds):
        assert seconds >= 0
        when, key = self.presses[0]
        if when <= self.now + seconds:
            self.now = max(when, self.now)
            self.presses.pop(0)
            return key
        self.now += seconds
        return ""

    def show(self, place, state):
        if not self.shown or self.shown[-1][1:] != (place, state):
            self.shown.append((self.now, place, state))

    def run(self, count, **options):
        player = Player(count, self.show, self.wait, clock=self.clock, **options)
        player.run()
        return player

    @property
    def places(self):
        return [place for _, place, _ in self.shown]


def test_plays_at_its_speed_and_ends():
    desk = Desk()
    desk.run(5, speed=4.0, hold=False)
    assert desk.shown == [
        (0.0, 0, "4/s"),
        (0.25, 1, "4/s"),
        (0.5, 2, "4/s"),
        (0.75, 3, "4/s"),
        (1.0, 4, "the end"),
    ]
    assert desk.now == 1.25  # the last frame is seen as long as the others


def test_slow_play_looks_at_the_terminal_meanwhile_and_keeps_time():
    desk = Desk()
    desk.run(2, speed=0.5, hold=False)
    assert [when for when, _, _ in desk.shown] == [0.0, 2.0]


def test_holds_the_last_frame_until_q():
    desk = Desk(stop=50.0)
    desk.run(3, speed=1.0)
    assert desk.places == [0, 1, 2]
    assert desk.now == 50.0


def test_space_pauses_and_resumes():
    desk = Desk([(1.5, " "), (10.0, " ")], stop=11.5)
    desk.run(9, speed=1.0)
    assert desk.shown == [
        (0.0, 0, "1/s"),
        (1.0, 1, "1/s"),
        (1.5, 1, "paused"),
        (10.0, 1, "1/s"),
        (11.0, 2, "1/s"),
    ]


@pytest.mark.parametrize(("forward", "back"), [(RIGHT, LEFT), ("n", "p"), ("\x1bOC", "\x1bOD")])
def test_steps_pause_and_stay_within(forward, back):
    keys = [back, forward, forward, forward, forward, back]
    desk = Desk([(0.1 * n, key) for n, key in enumerate(keys)], stop=30.0)
    desk.run(4, speed=1.0)
    assert desk.places == [0, 0, 1, 2, 3, 2]
    assert desk.shown[-1][2] == "paused"


def test_space_at_the_end_starts_again():
    desk = Desk([(10.0, " ")], stop=11.5)
    desk.run(2, speed=1.0)
    assert desk.places == [0, 1, 0, 1]


def test_space_after_stepping_to_the_end_starts_again():
    desk = Desk([(0.1, "n"), (0.2, " ")], stop=0.9)
    desk.run(2, speed=1.0)
    assert desk.shown[1:] == [(0.1, 1, "paused"), (0.2, 0, "1/s")]


def test_plus_and_minus_change_the_speed():
    assert Desk([(0.0, "+"), (0.0, "=")], stop=0.1).run(99, speed=3.0).speed == 12.0
    assert Desk([(0.0, "-")], stop=0.1).run(99, speed=3.0).speed == 1.5
    assert Desk([(0.0, "+")] * 20, stop=0.0).run(99).speed == FASTEST
    assert Desk([(0.0, "-")] * 20, stop=0.0).run(99).speed == SLOWEST


@pytest.mark.parametrize(("speed", "key"), [(500.0, "+"), (0.01, "-")])
def test_a_speed_beyond_the_limits_does_not_turn_round(speed, key):
    changed = Desk([(0.0, key)], stop=0.0).run(99, speed=speed).speed
    assert changed == speed


def test_other_keys_change_nothing_and_do_not_delay():
    desk = Desk([(0.3 * n, key) for n, key in enumerate("xQ\x1b\n\x1a\x04é")], stop=2.5)
    desk.run(9, speed=1.0)
    assert [when for when, _, _ in desk.shown] == [0.0, 1.0, 2.0]


def test_one_frame():
    desk = Desk([(1.0, "n"), (2.0, "p"), (3.0, " ")], stop=4.0)
    desk.run(1)
    assert set(desk.places) == {0}
