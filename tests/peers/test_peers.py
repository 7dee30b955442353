import json

import pytest

from convlib import convolution
from tests.needs import need_module
from tests.peers.peers import PEERS
from tests.peers.table import LEAST, run


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_every_method_agrees_with_the_peer_in_a_few_cases(peer):
    need_module(peer.module)
    run(peer, share=12)


@pytest.mark.wide
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_every_method_agrees_with_the_peer(peer, record_property):
    need_module(peer.module)
    tally = run(peer)
    record_property("peer", json.dumps({peer.name: tally}))  # for the table at the end of the run
    rare = {tag: tally[tag] for tag in peer.tags if tag != "padding, none" and tally[tag] < LEAST}
    assert not rare


@pytest.mark.parametrize("method", ["index_grid", "strided"])
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_a_peer_notices_a_wrong_method(peer, method, monkeypatch):
    need_module(peer.module)
    right = convolution.PLAIN[method]
    monkeypatch.setitem(convolution.PLAIN, method, lambda x, w, g: right(x, w, g) + 1)
    with pytest.raises(AssertionError, match=method):
        run(peer)
