"""What a municipality file says of policies: its words, laws, goals and governing documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.loading import LoaderPart, Noun, Row, named_body, plain, title_of
from organisation.models import ALWAYS
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.nouns import Dated, Document, Entry, Version
from policies.models import (
    Area,
    Clause,
    Dimension,
    DocumentVersion,
    Goal,
    GoverningDocument,
    Law,
    ProtectedValue,
    ReadingDuty,
)


def sourced(entry: Entry) -> dict[str, Any]:
    """The two columns that every row of a file has."""
    return {"from_document": entry.from_document, "source": list(entry.source)}


def dated(entry: Dated) -> dict[str, Any]:
    """The two columns of a period; an unsaid first day is "always"."""
    return {"valid_from": entry.valid_from or ALWAYS, "valid_to": entry.valid_to}


def words(section: str) -> Callable[[MunicipalityFile], Iterable[Row]]:
    """Rows of a section whose entries are a name and a text: areas, protected values."""

    def rows(file: MunicipalityFile) -> Iterator[Row]:
        entries: Sequence[Any] = getattr(file, section)
        for position, entry in enumerate(entries):
            yield Row(
                {
                    "key": entry.key,
                    "name": entry.name,
                    "note": entry.text,
                    "position": position,
                    **dated(entry),
                    **sourced(entry),
                },
                entry.at,
            )

    return rows


def dimension_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The dimensions of consequence, with the one about people marked."""
    named = words("dimensions")(file)
    for entry, row in zip(file.dimensions, named, strict=True):
        yield Row({**row.values, "about_persons": entry.persons}, entry.at)


def goal_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The goals, each with its indicator."""
    for position, entry in enumerate(file.goals):
        indicator = entry.indicator
        yield Row(
            {
                "key": entry.key,
                "name": entry.text,
                "position": position,
                "document": entry.document,
                "area": entry.area,
                "taken_from": entry.taken_from,
                "indicator": indicator.text if indicator else "",
                "indicator_unit": indicator.unit if indicator else "",
                "indicator_trend": str(indicator.trend or "") if indicator else "",
                "details": plain(indicator, leave_out=("text", "unit", "trend")) if indicator else {},
                **dated(entry),
                **sourced(entry),
            },
            entry.at,
        )


def law_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The laws that the work rests on, with what they demand."""
    for entry in file.laws:
        yield Row(
            {
                "key": entry.key,
                "number": entry.sfs,
                "title": entry.title,
                "short": entry.short,
                "replaced_by": entry.replaced_by or "",
                "obligations": plain(entry.obligations),
                **dated(entry),
                **sourced(entry),
            },
            entry.at,
        )


def document_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The governing documents; an owner that is one body is tied to it, any other is named."""
    for entry in file.documents:
        owner = named_body(file, entry.owner)
        yield Row(
            {
                "key": entry.key,
                "kind": str(entry.kind),
                "title": entry.title,
                "parent": entry.parent,
                "owner": owner,
                "owner_title": entry.owner_text or ("" if owner else title_of(file, entry.owner)),
                "applies_to": plain(entry.applies_to),
                "applies_to_text": entry.applies_to_text,
                "review": {"rule": str(entry.review.rule), **plain(entry.review)} if entry.review else {},
                "details": {"owner": entry.owner.key} if entry.owner else {},
                **sourced(entry),
            },
            entry.at,
        )


def version_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The versions of every document, as each was decided."""
    for document in file.documents:
        for entry in document.versions:
            yield Row(_version(file, document, entry), entry.at)


def _version(file: MunicipalityFile, document: Document, entry: Version) -> dict[str, Any]:
    decision = entry.decision
    details = plain(entry, leave_out=VERSION_COLUMNS)
    if decision:
        details["decision"] = plain(decision, leave_out=("date", "section", "dnr"))
    if entry.publisher:
        details["publisher"] = entry.publisher.key
    return {
        "document": document.key,
        "label": entry.version,
        "decided_by": title_of(file, decision.body) if decision else "",
        "decided_on": decision.date if decision else None,
        "section": decision.section if decision else "",
        "registry_number": decision.dnr if decision else "",
        "replaces": plain(entry.replaces),
        "reviews": [
            plain(review) | ({"body_name": title_of(file, review.body)} if review.body else {})
            for review in entry.reviews
        ],
        "updated_on": entry.updated,
        "publisher": title_of(file, entry.publisher),
        "note": entry.note,
        "details": details,
        **dated(entry),
    }


VERSION_COLUMNS = (
    "version",
    "decision",
    "replaces",
    "reviews",
    "updated",
    "publisher",
    "clauses",
    "note",
    "valid_from",
    "valid_to",
)


def clause_rows(file: MunicipalityFile) -> Iterator[Row]:
    """What every version says, in the order of the file."""
    for document in file.documents:
        for version in document.versions:
            for position, entry in enumerate(version.clauses):
                yield Row(
                    {
                        "version": f"{document.key}/{version.version}",
                        "key": entry.key,
                        "kind": str(entry.kind),
                        "text": entry.text,
                        "strength": str(entry.strength),
                        "applies_to": plain(entry.applies_to),
                        "areas": list(entry.areas),
                        "every_months": entry.every_months,
                        "position": position,
                        **sourced(entry),
                    },
                    entry.at,
                )


def reading_duty_rows(file: MunicipalityFile) -> Iterator[Row]:
    """Who is to read which document, and when."""
    for entry in file.reading_duties:
        yield Row(
            {
                "key": entry.key,
                "document": entry.document,
                "occasion": str(entry.occasion),
                "who": plain(entry.who),
                **dated(entry),
                **sourced(entry),
            },
            entry.at,
        )


PART = LoaderPart(
    floor=2,
    nouns=(
        Noun("area", _("Area"), Area, words("areas")),
        Noun("protected_value", _("Protected value"), ProtectedValue, words("protected_values")),
        Noun("dimension", _("Dimension"), Dimension, dimension_rows),
        Noun("law", _("Law"), Law, law_rows),
        Noun(
            "document",
            _("Governing document"),
            GoverningDocument,
            document_rows,
            refs={"parent": "document", "owner": "body"},
        ),
        Noun("goal", _("Goal"), Goal, goal_rows, refs={"document": "document", "area": "area"}),
        Noun(
            "version",
            _("Document version"),
            DocumentVersion,
            version_rows,
            identity=("document", "label"),
            refs={"document": "document"},
        ),
        Noun("clause", _("Clause"), Clause, clause_rows, identity=("version", "key"), refs={"version": "version"}),
        Noun("reading_duty", _("Reading duty"), ReadingDuty, reading_duty_rows, refs={"document": "document"}),
    ),
)
