"""Sentences about decisions, periods and reviews, with dates as people write them."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.actors import Actors
from policies.models import DocumentVersion
from policies.reviews import NextReview, parsed


def decision_text(version: DocumentVersion | None) -> str:
    """Who decided, on which day, under which § and registry number, as far as it is stated."""
    if version is None:
        return ""
    return _decision(version.decided_by, version.decided_on, version.section, version.registry_number)


def in_force_text(version: DocumentVersion) -> str:
    """The period in which the version is in force, as far as it is stated."""
    start, end = version.stated_from, version.valid_to
    if start and end:
        return _("From %(start)s, up to and not including %(end)s") % {"start": day_text(start), "end": day_text(end)}
    if end:
        return _("Up to and not including %(end)s") % {"end": day_text(end)}
    if start:
        return _("From %(start)s, until further notice") % {"start": day_text(start)}
    return _("Until further notice; the first day isn't stated")


def review_text(review: NextReview) -> str:
    """When the next review is due and by which rule, or why no day can be told."""
    text = _rule_text(review)
    if review.missed:
        years = ", ".join(str(year) for year in review.missed)
        text += " " + _("No review is recorded for: %(years)s.") % {"years": years}
    return text


def _rule_text(review: NextReview) -> str:
    day = {"day": day_text(review.due)} if review.due else {}
    match review.rule:
        case "first_year_of_term" if day:
            return _("By %(day)s: it is decided anew in the first year of every term.") % day
        case "every_term" if day:
            return _("By %(day)s: it is reviewed once in every term.") % day
        case "first_year_of_term" | "every_term":
            return _("Every term; the municipality's election isn't recorded, so no day can be told.")
        case "every_n_years":
            number = review.years or 0
            if not day:
                return _("No day can be told: it is reviewed some years after a decision, and none is recorded.")
            text = ngettext("By %(day)s: every year.", "By %(day)s: every %(number)d years.", number)
            return text % (day | {"number": number})
        case "by_date" if day:
            return _("By %(day)s.") % day
        case "when_needed":
            return _("When it is needed; no day is set.")
        case "until_further_notice":
            return _("In force until further notice; no day is set.")
    return _("The documents don't say when it is reviewed.")


def replaced_text(earlier: Any, actors: Actors) -> str:
    """What a version replaces, which need not be in the portal, and how that was decided (R30)."""
    if not isinstance(earlier, dict):
        return str(earlier)
    said = [str(earlier.get("text") or earlier.get("document") or ""), noted(earlier.get("decision") or {}, actors)]
    return ", ".join(part for part in said if part)


def noted(decision: dict[str, Any], actors: Actors) -> str:
    """A decision that stands inside a JSON column; a day that is no date is shown as typed."""
    day, body = decision.get("date"), str(decision.get("body") or "")
    who = str(decision.get("body_name") or decision.get("body_text") or "") or (actors.name(body) if body else "")
    return _decision(who, parsed(day) or str(day or ""), decision.get("section", ""), decision.get("dnr", ""))


def _decision(who: str, day: date | str | None, section: str, registry_number: str) -> str:
    said = [
        who,
        day_text(day) if isinstance(day, date) else (day or ""),
        # The § is kept as typed; a bare number gets the sign that says what it is.
        f"§ {section}" if section[:1].isdigit() else section,
        _("registry number %(number)s") % {"number": registry_number} if registry_number else "",
    ]
    return str(capfirst(", ".join(part for part in said if part)))


def day_text(day: date) -> str:
    """The day in the way of the language in use: 21 september 2023."""
    return date_format(day, "j F Y")
