"""Reads the expectations and asks the portal: every URL × method × role, one answer each.

The expectations (``expectations.csv``) are written by hand from the documents and from
``docs/access.md``; nothing here imports ``organisation.roles``. A cell is

``ok``     the person may: the page is shown, or the form answers (also with errors in it)
``login``  sent to log in
``403``    may see it, but not do this
``404``    not there for this person
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

EXPECTATIONS = Path(__file__).with_name("expectations.csv")
# Whole namespaces that libraries answer for: everyone, or the operator alone.
BY_NAMESPACE = {"admin"}
# The log-in library has no namespaces; its names begin alike. Only what urls_account.py names is reachable.
BY_PREFIX = ("account", "mfa", "openid_connect", "saml")


@dataclass(frozen=True)
class Row:
    """One URL by one method on one object, with the expected answer per role."""

    url: str
    method: str
    on: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.url}-{self.method}-{self.on or 'all'}"


def read_rows() -> list[Row]:
    """Return the rows of the expectations, comments left out."""
    with EXPECTATIONS.open(newline="") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    rows = []
    for record in csv.DictReader(lines):
        url, method, on = record.pop("url"), record.pop("method"), record.pop("on")
        rows.append(Row(url=url, method=method, on=on, cells={role: cell.strip() for role, cell in record.items()}))
    return rows


def url_names() -> set[str]:
    """Return the name of every URL of the portal, namespaces of libraries as one name each."""
    return set(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list, prefix: str):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = pattern.namespace
            if namespace in BY_NAMESPACE:
                yield namespace
                continue
            yield from _walk(pattern.url_patterns, f"{prefix}{namespace}:" if namespace else prefix)
        elif isinstance(pattern, URLPattern):
            name = f"{prefix}{pattern.name}"
            yield next((prefix for prefix in BY_PREFIX if name.startswith(f"{prefix}_")), name)


def answer_of(response: HttpResponse) -> str:
    """Return the kind of answer that a response is."""
    if response.status_code == 302 and "/account/login/" in response.get("Location", ""):
        return "login"
    if response.status_code in (403, 404, 405):
        return str(response.status_code)
    return "ok" if response.status_code < 500 else "500"
