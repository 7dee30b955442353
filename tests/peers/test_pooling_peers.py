import json

import numpy as np
import pytest

from convlib.pooling import backward, forward, windows
from tests.needs import need_module
from tests.peers.pooling_peers import FUNCTIONS, TAGS, expresses, run
from tests.peers.table import LEAST


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_pooling_agrees_with_torch_in_a_few_cases(name):
    need_module("torch")
    run(name, share=12)


@pytest.mark.wide
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_pooling_agrees_with_torch(name, record_property):
    need_module("torch")
    tally = run(name)
    record_property("pooling", json.dumps({name: tally}))  # for the table at the end of the run
    asked = [tag for tag in TAGS if expresses(name, tag)]
    assert not {tag: tally[tag] for tag in asked if tally[tag] < LEAST}


def no_more_padding(size, kernel, stride, padding, dilation):
    """Forget what ceil_mode adds."""
    return 0


def every_tap(g, margin=(0, 0)):
    """Count the taps in the padding too."""
    measures = zip(g.output_size, g.kernel_size, strict=True)
    return tuple((np.zeros(count, int), np.full(count, taps)) for count, taps in measures)


def without_nan(values, axis):
    """Let a number win against NaN."""
    return np.nan_to_num(values, nan=0).max(axis)


def first_nan(x, g, right=backward._winners):
    """Let the first NaN win, as the largest number would."""
    return right(np.nan_to_num(x, nan=np.inf), g)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("name", "module", "part", "wrong"),
    [
        *((name, windows, "_missing", no_more_padding) for name in FUNCTIONS),
        ("max_pool2d", windows, "taps_inside", every_tap),
        ("avg_pool2d", windows, "taps_inside", every_tap),
        ("pool2d", windows, "taps_inside", every_tap),
        ("max_pool2d_backward", backward, "taps_inside", every_tap),
        ("avg_pool2d_backward", windows, "taps_inside", every_tap),
        ("max_pool2d", forward, "_largest", without_nan),
        ("max_pool2d_backward", backward, "_winners", first_nan),
    ],
)
def test_torch_notices_a_wrong_part(name, module, part, wrong, monkeypatch):
    need_module("torch")
    monkeypatch.setattr(module, part, wrong)
    with pytest.raises((AssertionError, ValueError)):
        run(name)
