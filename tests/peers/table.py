"""Compare with a peer over random arguments, and count: `python -m tests.peers.table`."""

import importlib
from collections import Counter

import numpy as np
from hypothesis import Phase, given, settings

from convlib import METHODS, conv2d
from tests.peers import adjoint_peers, pooling_peers
from tests.peers.cases import TAGS, cases, count
from tests.peers.peers import PEERS

LEAST = 50  # cases in which each argument has another value than the default
EXAMPLES = 240  # of each spelling of the padding


def compare(case, peer):
    """Hold every method against the peer. All numbers are whole and small: no tolerance."""
    wanted = peer.convolve(case)
    for method in (*METHODS, "auto"):
        y = conv2d(case.x, case.w, case.bias, method=method, **case.arguments)
        np.testing.assert_array_equal(case.canonical(y), wanted, err_msg=method)


def run(peer, share=1):
    """Compare random cases of every spelling of padding and every mode; return the counts.

    With `share` only one in so many, here and in the other two tables.
    """
    tally = Counter()
    for spelling in peer.spellings:
        padded = spelling not in ("none", "valid")
        modes = peer.modes if padded else ("zeros",)
        for mode in modes:

            @settings(
                max_examples=EXAMPLES // len(modes) // share,
                # A failing example is shrunk as always; none is kept between runs.
                phases=(Phase.generate, Phase.shrink),
                database=None,
            )
            @given(cases(spelling, mode, **peer.strategy))
            def each(case):
                compare(case, peer)
                count(tally, case)

            each()
    return tally


def markdown(tallies):
    """Write the counts as a table, with a dash where a peer has no such thing."""
    names = list(tallies)
    rows = [["argument with another value than the default", *names]]
    rows.append(["---", *["---:"] * len(names)])
    peers = {peer.name: peer for peer in PEERS}
    for tag in TAGS:
        cells = [str(tallies[n][tag]) if peers[n].expresses(tag) else "-" for n in names]
        rows.append([tag, *cells])
    methods = "method: each of " + ", ".join((*METHODS, "auto"))
    rows.append([methods, *(str(tallies[n]["every case"]) for n in names)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main():
    tallies = {}
    for peer in PEERS:
        try:
            importlib.import_module(peer.module)
        except ImportError:
            print(f"{peer.name} is not installed: left out")
            continue
        tallies[peer.name] = run(peer)
    print(markdown(tallies))
    if "torch" in tallies:
        way_back = {f.name: adjoint_peers.run(f) for f in adjoint_peers.FUNCTIONS}
        print(f"\n{adjoint_peers.markdown(way_back)}")
        poolings = {name: pooling_peers.run(name) for name in pooling_peers.FUNCTIONS}
        print(f"\n{pooling_peers.markdown(poolings)}")


if __name__ == "__main__":
    main()
