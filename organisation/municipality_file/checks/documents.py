"""Governing documents: no circle, one version at a time, and dates in an order that can be true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.periods import loops, overlapping
from organisation.municipality_file.checks.rules import check_review
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.nouns import Document, Version
from organisation.municipality_file.problems import Problems


def check_documents(documents: Sequence[Document], problems: Problems) -> None:
    """Check hierarchy, versions and dates; oddities that real documents have are warnings (R59)."""
    by_key = {document.key: document for document in documents}
    for circle in loops({key: document.parent for key, document in by_key.items()}):
        template = _("The documents are built on each other in a circle: %(circle)s.")
        fix = _("The topmost document has no parent.")
        place = by_key[circle[0]].at
        problems.error_at(Problem.LOOP, place, "parent", template, fix, circle=" → ".join((*circle, circle[0])))
    for document in documents:
        if document.review:
            check_review(document.review, problems)
        for first, second in overlapping(document.versions):
            template = _("The version is in force at the same time as the one on line %(other)s.")
            fix = _("End the older version where the newer begins.")
            problems.error_at(Problem.OVERLAP, second.at, "from", template, fix, other=first.at.line)
        for version in document.versions:
            _check_version_dates(version, problems)
        parent = by_key.get(document.parent or "")
        if parent and parent is not document:
            _check_older_than_parent(document, parent, problems)


def _decided(document: Document) -> list[dt.date]:
    return [version.decision.date for version in document.versions if version.decision and version.decision.date]


def _check_older_than_parent(document: Document, parent: Document, problems: Problems) -> None:
    """Real documents do this (R59): a guideline decided before the policy that it is built on."""
    if _decided(document) and _decided(parent) and min(_decided(document)) < min(_decided(parent)):
        template = _("It was decided %(day)s, before the document it is built on (“%(parent)s”, %(parent_day)s).")
        fix = _("Check both dates; if the documents say so, leave them as they are.")
        first = next(version.decision for version in document.versions if version.decision and version.decision.date)
        values = {"day": min(_decided(document)), "parent": parent.title, "parent_day": min(_decided(parent))}
        problems.warn_at(first.at, "date", template, fix, **values)


def _check_version_dates(version: Version, problems: Problems) -> None:
    decided = version.decision.date if version.decision else None
    if decided and version.decision and version.valid_from and version.valid_from < decided:
        template = _("The version is in force from %(from)s, before it was decided (%(decided)s).")
        problems.warn_at(version.decision.at, "date", template, **{"from": version.valid_from, "decided": decided})
    for review in version.reviews:
        if decided and review.date and review.date < decided:
            template = _("The review of %(review)s is older than the decision (%(decided)s).")
            problems.warn_at(review.at, "date", template, review=review.date, decided=decided)
