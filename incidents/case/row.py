"""One part of a case on its first page."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class CaseRow:
    """One part of a case: what it is called, where it stands, and its page.

    ``tone`` colours the status: "late", "new", "go", "done", or "" for plain words. ``hint`` is a line below the title.
    """

    title: str | Promise
    url: str
    status: str | Promise
    tone: str = ""
    hint: str | Promise = ""
