"""Print at the end of the run how often each argument was compared with each peer."""

import json

from tests.peers.table import markdown


def pytest_terminal_summary(terminalreporter):
    tallies = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "peer":
                tallies |= json.loads(value)
    if tallies:
        terminalreporter.section("cases compared with each peer")
        terminalreporter.write_line(markdown(tallies))
