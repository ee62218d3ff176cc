"""The organisation's own nouns: municipality, rules, bodies and their places, seats."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.loading.parts import LoaderPart, Noun, Row
from organisation.loading.plain import plain
from organisation.models import ALWAYS, Body, BodyName, Municipality, Placement, Ruleset, Seat, SeatType
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.kinds import ActorKind
from organisation.municipality_file.nouns import Body as FileBody
from organisation.municipality_file.nouns import Dated, Entry, Sourced
from organisation.municipality_file.nouns import Ruleset as FileRuleset
from organisation.municipality_file.nouns import SeatType as FileSeatType
from organisation.tree import rebuild_closure, refuse_loops
from organisation.vacancies import rebuild_vacancies

DEFAULT_PROMISE_DAYS = 3


def sourced(entry: Entry) -> dict[str, Any]:
    """The two columns that every row of a file has."""
    return {"from_document": entry.from_document, "source": list(entry.source)}


def dated(entry: Dated) -> dict[str, Any]:
    """The two columns of a period; an unsaid first day is "always"."""
    return {"valid_from": entry.valid_from or ALWAYS, "valid_to": entry.valid_to}


def municipality_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The municipality itself."""
    entry = file.municipality
    columns = ("key", "name", "legal_name", "code", "colour", "election")
    sections = {field.name for field in dataclasses.fields(file)} - {"source", "from_document"}
    notes = {
        "file": plain(file, leave_out=sections),
        "election": plain(entry.election, leave_out=("every_years", "last")),
        "reporting": plain(file.reporting, leave_out=("promise_days", "whistleblowing_url", "support_contacts")),
        "whistleblowing_url": plain(file.reporting.whistleblowing_url, leave_out=("value",)),
    }
    values = {
        "key": entry.key,
        "name": entry.name,
        "legal_name": entry.legal_name,
        "code": entry.code,
        "colour": entry.colour,
        "election_cycle_years": entry.election.every_years,
        "last_election": entry.election.last,
        "words": plain(file.words),
        "details": plain(entry, leave_out=columns) | {key: note for key, note in notes.items() if note},
    }
    yield Row(values, entry.at)


def reporting_rows(file: MunicipalityFile) -> Iterator[Row]:
    """Where whoever reports is pointed; what is promised stands in the rules."""
    values = {
        "key": file.municipality.key,
        "support_contacts": plain(file.reporting.support_contacts),
        "whistleblowing_url": file.reporting.whistleblowing_url.value or "",
    }
    yield Row(values, file.reporting.at)


def responsibility_rows(file: MunicipalityFile) -> Iterator[Row]:
    """Matters given to one body or seat beside its ordinary field."""
    at = file.responsibilities[0].at if file.responsibilities else file.municipality.at
    yield Row({"key": file.municipality.key, "responsibilities": plain(file.responsibilities)}, at)


SETTINGS = (
    "overall_responsibility",
    "supplements_notified_to",
    "followup_every_months",
    "followup_reported_to",
    "committee_plans_required",
    "ombud_minimum",
    "request_answer_days",
    "deductible_fund",
    "reports_without_login",
    "archive_bylaw",
)
COLUMNS = ("persons_rank", "followup_anchor", "companies_in_scope")


def ruleset_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The rules; a promise to whoever reports is one, also in a file without other rules."""
    promise = file.reporting.promise_days
    rulesets = file.rulesets
    if not rulesets and promise.value is not None:
        rulesets = (FileRuleset(from_document=promise.from_document, source=promise.source, at=file.reporting.at),)
    for entry in rulesets:
        said = {name: getattr(entry, name) for name in (*COLUMNS, *SETTINGS)}
        adopts = {name: getattr(entry.adopts, name) for name in ADOPTED}
        said_adopts = {f"adopts.{name}": value for name, value in adopts.items()}
        sources = _sources({**said, **said_adopts, "promise_days": promise})
        if note := plain(entry.adopts, leave_out=ADOPTED):
            sources["adopts"] = note
        settings = {name: plain(said[name].value) for name in SETTINGS if said[name].value is not None}
        if entry.escalation:
            settings["escalation"] = plain(entry.escalation)
        yield Row(
            {
                **dated(entry),
                **sourced(entry),
                "persons_rank": str(entry.persons_rank.value or ""),
                "followup_anchor": str(entry.followup_anchor.value or ""),
                "companies_in_scope": entry.companies_in_scope.value,
                "adopts": {name: plain(value.value) for name, value in adopts.items() if value.value is not None},
                "review": {"rule": str(entry.review.rule), **plain(entry.review)},
                "answer_within_days": promise.value or DEFAULT_PROMISE_DAYS,
                "settings": settings | ({"sources": sources} if sources else {}),
            },
            entry.at,
        )


ADOPTED = (
    "policy",
    "guidelines",
    "supplements",
    "programmes",
    "plans",
    "instructions",
    "action_plans",
    "financial_frames",
)


def _sources(values: dict[str, Sourced[Any]]) -> dict[str, Any]:
    """Where each value comes from, for those that say so."""
    notes = {name: plain(value, leave_out=("value",)) for name, value in values.items()}
    return {name: note for name, note in notes.items() if note}


def body_rows(file: MunicipalityFile) -> Iterator[Row]:
    """Every body; its places follow when all bodies are there."""
    columns = ("key", "kind", "name", "note", "successor", "parent", "valid_from", "valid_to", "source")
    for entry in file.bodies:
        details = plain(entry, leave_out=(*columns, "from_document", "placements"))
        if notes := [plain(place) for place in entry.placements if place.source or not place.from_document]:
            details["placements"] = notes
        yield Row(
            {
                "key": entry.key,
                "kind": str(entry.kind),
                "name": entry.name,
                "note": entry.note,
                "successor": entry.successor,
                "details": details,
                **dated(entry),
                **sourced(entry),
            },
            entry.at,
        )


def placement_rows(file: MunicipalityFile) -> Iterator[Row]:
    """Where each body stands, and when."""
    for entry in file.bodies:
        for place in entry.standing():
            values = {
                "body": entry.key,
                "parent": place.parent,
                "valid_from": place.valid_from or entry.valid_from or ALWAYS,
                "valid_to": place.valid_to or entry.valid_to,
            }
            yield Row(values, place.at)


def seat_type_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The kinds of seat, under the municipality's own titles."""
    for entry in file.seat_types:
        boss = entry.reports_to
        details = {
            "note": entry.note,
            "from": plain(entry.valid_from),
            "to": plain(entry.valid_to),
            # A seat that reports to a body has no other seat to refer to.
            "reports_to": boss.key if boss and boss.kind != ActorKind.SEAT_TYPE else None,
        }
        yield Row(
            {
                "key": entry.key,
                "kind": str(entry.kind),
                "title": entry.title,
                "sits_at": plain(entry.sits_at),
                "min_holders": entry.min_holders,
                "max_holders": entry.max_holders,
                "appointed_by": entry.appointed_by.key if entry.appointed_by else "",
                "reports_to": boss.key if boss and boss.kind == ActorKind.SEAT_TYPE else None,
                "falls_back_to": entry.falls_back_to,
                "details": {key: value for key, value in details.items() if value},
                **sourced(entry),
            },
            entry.at,
        )


def seat_rows(file: MunicipalityFile) -> Iterator[Row]:
    """One seat at each body where the seat type sits, while both exist."""
    for seat_type in file.seat_types:
        for body in file.bodies:
            if not _sits_at(seat_type, body):
                continue
            valid_from = max(seat_type.valid_from or ALWAYS, body.valid_from or ALWAYS)
            valid_to = min((day for day in (seat_type.valid_to, body.valid_to) if day), default=None)
            if valid_to is None or valid_from < valid_to:
                period: dict[str, dt.date | None] = {"valid_from": valid_from, "valid_to": valid_to}
                yield Row({"seat_type": seat_type.key, "body": body.key, **period}, seat_type.at)


def _sits_at(seat_type: FileSeatType, body: FileBody) -> bool:
    return any(
        actor.key == (body.kind if actor.kind == ActorKind.BODY_KIND else body.key) for actor in seat_type.sits_at
    )


def follow(municipality: Municipality, changed: Collection[str]) -> None:
    """Refuse loops with places that people have given, then write today's tree and vacancies anew, once."""
    if {"body", "placement"} & set(changed):
        _correct_names(municipality)
        first = Placement.objects.filter(municipality=municipality).order_by("valid_from").first()
        refuse_loops(municipality, since=first.valid_from if first else ALWAYS)
        rebuild_closure(municipality)
    if {"body", "seat_type", "seat"} & set(changed):
        rebuild_vacancies(municipality)


def _correct_names(municipality: Municipality) -> None:
    """Let a name that the file has corrected be today's name also of a body that has been renamed."""
    names = BodyName.objects.filter(municipality=municipality).in_force(clock.today()).select_related("body")
    for name in names.exclude(name=F("body__name")):
        name.name = name.body.name
        name.save()


PART = LoaderPart(
    floor=1,
    nouns=(
        Noun("municipality", _("Municipality"), Municipality, municipality_rows),
        Noun("reporting", _("Contacts for those who report"), Municipality, reporting_rows),
        Noun("responsibilities", _("Responsibilities"), Municipality, responsibility_rows),
        Noun("ruleset", _("Rules"), Ruleset, ruleset_rows, identity=("valid_from",), apart=()),
        Noun("body", _("Body"), Body, body_rows, refs={"successor": "body"}),
        Noun(
            "placement",
            _("Place in the tree"),
            Placement,
            placement_rows,
            identity=("body", "valid_from"),
            refs={"body": "body", "parent": "body"},
            apart=("body",),
        ),
        Noun(
            "seat_type",
            _("Seat type"),
            SeatType,
            seat_type_rows,
            refs={"reports_to": "seat_type", "falls_back_to": "seat_type"},
        ),
        Noun(
            "seat",
            _("Seat"),
            Seat,
            seat_rows,
            identity=("seat_type", "body", "valid_from"),
            refs={"seat_type": "seat_type", "body": "body"},
        ),
    ),
    follow=follow,
)
