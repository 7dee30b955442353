import json

import numpy as np
import pytest

from convlib.adjoint import backward, folding, gradients, transpose
from tests.needs import need_module
from tests.peers.adjoint_peers import FUNCTIONS, run
from tests.peers.table import LEAST

BY_NAME = {function.name: function for function in FUNCTIONS}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_way_back_agrees_with_torch_in_a_few_cases(name):
    need_module("torch")
    run(BY_NAME[name], share=12)


@pytest.mark.wide
@pytest.mark.parametrize("name", BY_NAME)
def test_the_way_back_agrees_with_torch(name, record_property):
    need_module("torch")
    tally = run(BY_NAME[name])
    record_property("adjoint", json.dumps({name: tally}))  # for the table at the end of the run
    asked = [tag for tag in BY_NAME[name].tags if tag != "padding, none"]
    assert not {tag: tally[tag] for tag in asked if tally[tag] < LEAST}


def one_more(function):
    """The same function with another first number."""

    def wrong(*arguments, **named):
        out = np.array(function(*arguments, **named))
        out.flat[0] += 1
        return out

    return wrong


@pytest.mark.wide
@pytest.mark.parametrize("method", ["loops", "index_grid", "strided"])
@pytest.mark.parametrize("table", ["INPUT_GRADIENTS", "KERNEL_GRADIENTS"])
def test_torch_notices_a_wrong_gradient(table, method, monkeypatch):
    need_module("torch")
    methods = getattr(gradients, table)
    monkeypatch.setitem(methods, method, one_more(methods[method]))
    with pytest.raises(AssertionError, match=method):
        run(BY_NAME["conv2d_backward"])


@pytest.mark.wide
@pytest.mark.parametrize(
    ("name", "module", "part"),
    [
        ("conv2d_backward", backward, "unpad"),
        ("conv_transpose2d", transpose, "input_gradient"),
        ("unfold", folding, "safe_view"),
        ("fold", folding, "by_taps"),
    ],
)
def test_torch_notices_a_wrong_part(name, module, part, monkeypatch):
    need_module("torch")
    monkeypatch.setattr(module, part, one_more(getattr(module, part)))
    with pytest.raises(AssertionError):
        run(BY_NAME[name])
