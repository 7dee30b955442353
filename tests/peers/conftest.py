"""Print at the end of the run how often each argument was compared with each peer."""

import json

from tests.peers import adjoint_peers, pooling_peers, table

TABLES = {
    "peer": ("cases compared with each peer", table.markdown),
    "adjoint": ("cases of the way back", adjoint_peers.markdown),
    "pooling": ("cases of the poolings", pooling_peers.markdown),
}


def pytest_terminal_summary(terminalreporter):
    tallies = {kind: {} for kind in TABLES}
    for report in terminalreporter.stats.get("passed", []):
        for kind, value in report.user_properties:
            if kind in TABLES:
                tallies[kind] |= json.loads(value)
    for kind, (title, markdown) in TABLES.items():
        if tallies[kind]:
            terminalreporter.section(title)
            terminalreporter.write_line(markdown(tallies[kind]))
