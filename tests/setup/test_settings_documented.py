""".env.example names every variable that the settings read, and none that nothing reads."""

import re

from scripts.steps import ROOT

READ_BY_OTHERS = {"WEB_CONCURRENCY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def test_the_example_names_exactly_the_variables_that_are_read() -> None:
    settings = (ROOT / "safety_portal" / "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|_required)\(\s*"([A-Z_]+)"', settings))
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert "SECRET_KEY" in read
    assert named == read | READ_BY_OTHERS
