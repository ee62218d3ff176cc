"""A case's answers on its pages: the row on the first one, and the page on which they are corrected."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.clocks.keys import UNSAID
from incidents.forms.answers import AnswersForm, spoken
from incidents.models import INJURIES, Incident
from incidents.services.answers import answers_of, label_of
from incidents.sight import Sight
from organisation.models import User

GROUPS = (
    (gettext_lazy("What happened"), ("kind", "occurred_on", "occurred_at", "place", "event_channel", "other_party")),
    (
        gettext_lazy("Who was hurt"),
        ("affected", "injury", "injury_degree", "injured_count", "absence_days", "serious_danger"),
    ),
    (gettext_lazy("Around it"), ("working_alone", "happened_before", "threat_remains", "police_report")),
    (gettext_lazy("Personal data and digital systems"), ("personal_data", "significant_it")),
)


def answers_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return whether answers are missing that duties rest on; to those who handle the case."""
    if not sight.handles or incident.is_closed:
        return None
    url = reverse("incidents:answers", args=[incident.public_id])
    lacking = _lacking(incident)
    if not lacking:
        return CaseRow(_("Answers in the report"), url, _("Answered"))
    words = ngettext("%(n)s important answer is missing", "%(n)s important answers are missing", lacking)
    hint = _("The answers decide whether an authority must be notified.")
    return CaseRow(_("Answers in the report"), url, words % {"n": lacking}, "new", hint)


def _lacking(incident: Incident) -> int:
    if not incident.affects_persons:
        return 0
    asked = [incident.affected, incident.injury]
    if incident.injury in INJURIES:
        asked.append(incident.injury_degree)
    return sum(answer in ("", UNSAID) for answer in asked)


def answers_page(incident: Incident, person: User, form: AnswersForm, conflict: Sequence[str] = ()) -> dict[str, Any]:
    """Return the context of the page; ``conflict`` names the questions that somebody else has answered meanwhile."""
    standing = answers_of(incident) if conflict else {}
    differences = [
        {
            "field": label_of(key),
            "theirs": spoken(form, key, standing[key]),
            "yours": spoken(form, key, form.cleaned_data.get(key)),
        }
        for key in conflict
    ]
    if conflict:
        form.show_again(standing)
    groups = [(heading, [form[key] for key in keys if key in form.fields]) for heading, keys in GROUPS]
    return {
        "case": incident,
        "form": form,
        "groups": groups,
        "differences": differences,
        "way_here": way_to_part(incident, Sight.of(incident, person)),
    }
