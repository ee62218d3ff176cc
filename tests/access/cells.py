"""Tells at the end of a run how many cells of the access matrices were asked."""

from collections import Counter

import pytest

# The property by which a test says what it asked and how often.
ASKED = "access cells"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    asked: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for _name, (where, number) in (found for found in report.user_properties if found[0] == ASKED):
                asked[where] += number
    if asked:
        told = ", ".join(f"{number:,} {where}" for where, number in sorted(asked.items()))
        terminalreporter.write_line(f"access: cells asked: {told}")
