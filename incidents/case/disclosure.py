"""The disclosures of a case: the row on its first page, the list, and the form with its preview."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.secrecy import way_to
from incidents.disclosure.items import moment
from incidents.forms.disclosure import DisclosureForm
from incidents.models import Disclosure, Incident
from incidents.permissions import DISCLOSE_CASE
from incidents.services.disclosing import hidden_by, paper_rows
from incidents.sight import Sight
from organisation.access import Scope
from organisation.models import User

TONES = {Disclosure.Outcome.WHOLE: "done", Disclosure.Outcome.MASKED: "go", Disclosure.Outcome.REFUSED: "off"}


def disclosure_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """For those who handle the case: how often somebody has asked to see it."""
    if not sight.handles:
        return None
    number = incident.disclosures.count()
    words = ngettext("%(number)s decision", "%(number)s decisions", number) % {"number": number}
    return CaseRow(
        title=_("Disclosure"),
        url=reverse("incidents:disclosures", args=[incident.public_id]),
        status=words if number else _("Nobody has asked"),
    )


def disclosures_page(incident: Incident, person: User) -> dict[str, Any]:
    """Return the context of the list of decisions, the latest first."""
    decided = incident.disclosures.select_related("decided_by").order_by("-decided_at", "-pk")
    ties = incident.attachments.select_related("attachment")
    names = {tie.pk: tie.attachment.name or _("Removed file") for tie in ties}
    return {
        "case": incident,
        "rows": [_told(one, incident) | _files(one, names) for one in decided],
        "may_disclose": Scope.of(person).allows(DISCLOSE_CASE, incident),
        "way_here": way_to(incident),
    }


def _files(one: Disclosure, names: Mapping[int, str]) -> dict[str, Any]:
    """Return which files were handed out, and which were kept with why; ``names`` by the id of their tie."""
    kept = {pk: why for pk in names if (why := one.masked.get(f"CaseAttachment-{pk}-attachment"))}
    return {
        "handed_out": [names[pk] for pk in one.handed_out if pk in names],
        "kept": [{"name": names[pk], "why": why} for pk, why in kept.items()],
    }


def _told(one: Disclosure, incident: Incident) -> dict[str, Any]:
    return {
        "outcome": one.get_outcome_display(),
        "tone": TONES[Disclosure.Outcome(one.outcome)],
        "asked": date_format(one.asked_on, "j F Y"),
        "asked_for": one.asked_for,
        "decided": moment(one.decided_at),
        "by": f"{one.decided_by.name}, {one.decided_title}" if one.decided_title else one.decided_by.name,
        "paper_url": reverse("incidents:disclosure_file", args=[one.public_id]) if one.file or one.content else "",
        "paper": _paper_name(one),
    }


def _paper_name(one: Disclosure) -> str:
    """Return what is fetched; a copy with files that go along is a ZIP file of all of them."""
    if one.outcome == Disclosure.Outcome.REFUSED:
        return _("Written decision (PDF)")
    packed = one.file.endswith(".zip") if one.file else bool(one.content.get("along"))
    return _("Copy with files (ZIP)") if packed else _("Copy (PDF)")


def new_disclosure_page(incident: Incident, form: DisclosureForm, *, preview: bool) -> dict[str, Any]:
    """Return the context of the form; with ``preview`` also the lines of the paper that it would give."""
    shown = preview and form.is_valid()
    hidden: dict[str, str] = {}
    if shown and not form.refused:
        hidden = hidden_by(form.items, shown=form.shown(), masked=form.masked(), provision=form.meant())
    return {
        "case": incident,
        "form": form,
        "preview": paper_rows(form.items, hidden) if shown and not form.refused else None,
        "refusal": shown and form.refused,
        "way_here": [*way_to(incident), (_("Disclosure"), reverse("incidents:disclosures", args=[incident.public_id]))],
    }
