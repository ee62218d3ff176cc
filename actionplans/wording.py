"""How money, days and differences of a plan are written for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actionplans.content import Change, PlanContent, ResourceContent
from actionplans.models import MeasureState, MeasureType, VersionState

VERSION_TONE: Mapping[str, str] = {
    VersionState.DRAFT: "wait",
    VersionState.SUBMITTED: "new",
    VersionState.PRELIMINARY: "go",
    VersionState.IN_FORCE: "done",
    VersionState.REFERRED_BACK: "late",
    VersionState.REJECTED: "off",
    VersionState.REPLACED: "off",
}
MEASURE_TONE: Mapping[str, str] = {
    MeasureState.PLANNED: "wait",
    MeasureState.STARTED: "go",
    MeasureState.DONE: "done",
    MeasureState.DROPPED: "off",
}

FIELDS: Mapping[str, str | Promise] = {
    "what": gettext_lazy("What"),
    "how": gettext_lazy("How"),
    "starts_on": gettext_lazy("Start"),
    "due_on": gettext_lazy("When"),
    "responsible": gettext_lazy("Who"),
    "holder": gettext_lazy("Person in the seat"),
    "type": gettext_lazy("Type"),
    "area": gettext_lazy("Area"),
    "risks": gettext_lazy("Risks"),
    "resources": gettext_lazy("Resources"),
    "title": gettext_lazy("Title of the plan"),
    "further_points": gettext_lazy("Further points of the proposed decision"),
    "counts_before": gettext_lazy("Risks before measures"),
    "counts_after": gettext_lazy("Risks after measures"),
    "added": gettext_lazy("New measure"),
    "removed": gettext_lazy("Removed measure"),
}


def kronor(ore: int) -> str:
    """Return an amount in öre as kronor, "970 000 kr"; öre are written only when there are any."""
    whole, rest = divmod(ore, 100)
    number = number_format(whole, force_grouping=True) if not rest else number_format(ore / 100, 2, force_grouping=True)
    return _("SEK %(amount)s") % {"amount": number}


def day(iso: str | date | None) -> str:
    """Return an ISO date in words."""
    if not iso:
        return ""
    return date_format(iso if isinstance(iso, date) else date.fromisoformat(iso), "DATE_FORMAT")


def resource(line: ResourceContent, *, year: bool = False) -> str:
    """Return one resource in words, with its budget year when ``year`` is true."""
    if line.amount_ore is not None:
        words = kronor(line.amount_ore)
    else:
        hours = line.hours or 0
        words = ngettext("%(hours)s hour", "%(hours)s hours", hours) % {
            "hours": number_format(hours, force_grouping=True)
        }
    if line.note:
        words = f"{words}, {line.note}"
    return f"{line.budget_year}: {words}" if year else words


@dataclass(frozen=True)
class Difference:
    """A difference as the component draws it: which field, the one value, the other."""

    field: str
    theirs: str
    yours: str


def differences(
    changes: Iterable[Change], *contents: PlanContent, names: Mapping[str, str] | None = None
) -> list[Difference]:
    """Return ``changes`` in words; ``names``, and the risks and bands of ``contents``, give keys their names."""
    labels = {risk.key: risk.label for content in contents for risk in content.risks}
    bands = {key: word for content in contents for key, word, _severity in content.scale.bands}
    names = {**labels, **bands, **(names or {})}
    return [
        Difference(
            field=f"{change.measure}: {FIELDS[change.field]}" if change.measure else str(FIELDS[change.field]),
            theirs=_value(change.field, change.before, names),
            yours=_value(change.field, change.after, names),
        )
        for change in changes
    ]


def _value(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", ()):
        return "–"
    if field in ("starts_on", "due_on"):
        return day(value)
    if field == "type":
        return str(MeasureType(value).label)
    if field == "resources":
        return "\n".join(resource(line, year=True) for line in value)
    if isinstance(value, dict):
        return ", ".join(f"{names.get(key, key)} {count}" for key, count in value.items())
    if isinstance(value, tuple):
        return "\n".join(names.get(one, one) for one in value)
    return str(value)
