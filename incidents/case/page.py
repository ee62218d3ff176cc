"""What stands on a case's page for one person: facts, story, and the forms of what they can do."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.case.facts import facts_of
from incidents.case.rows import rows_of
from incidents.case.similar import earlier_similar
from incidents.case.story import story_of
from incidents.forms import ClosingForm, ReopeningForm, SeriousForm
from incidents.models import TOLD, Incident
from incidents.services.handling import open_decisions
from incidents.sight import Sight
from organisation import clock
from organisation.access import Scope
from organisation.models import User
from organisation.permissions import VIEW_BODY
from organisation.responsibility import who_handles
from organisation.sharing import share_with, shares_of


def case_page(incident: Incident, person: User, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the case's page for ``person``; ``sent`` is a form to show again with its errors."""
    sight = Sight.of(incident, person)
    forms = _forms(incident, sent) if sight.handles else {}
    shares = shares_of(incident)
    return {
        "case": incident,
        "sight": sight,
        "text": _text(incident) if sight.reads_text else "",
        "facts": facts_of(incident, sight, person),
        # The workplace's, whoever reported: who reads this very report stands among the facts, for those who may know.
        "handler": who_handles(incident.body, clock.today()),
        "sees_seats": Scope.of(person).holds(VIEW_BODY),
        "story": story_of(incident, sight),
        "rows": rows_of(incident, sight),
        "similar": earlier_similar(incident, person),
        "undecided": open_decisions(incident) if sight.handles and not incident.is_closed else [],
        "may_repeat": sight.is_reporter or sight.handles,
        "forms": forms,
        "sent": sent,
        # What was typed in a form that can't be shown again, since the case has changed meanwhile.
        "unsaved": "" if sent is None or sent in forms.values() else _typed(sent),
        "page_error": sent is not None,
        "way_here": _way_here(sight),
        "may_log_risk": Scope.of(person).allows("risks.add_risk", incident),
        "shares": shares if sight.handles else [],
        "shared_with_me": share_with(person, shares),
    }


def _way_here(sight: Sight) -> list[tuple[str, str]]:
    if sight.is_reporter:
        return [(_("My reports"), reverse("incidents:mine"))]
    return [(_("Cases"), reverse("incidents:inbox"))]


def _text(incident: Incident) -> str:
    return incident.narratives.filter(key=TOLD).values_list("text", flat=True).first() or ""


def _typed(sent: Any) -> str:
    return "\n".join(str(field.value() or "") for field in sent)


def _forms(incident: Incident, sent: Any) -> dict[str, Any]:
    """Return the forms of what can be done now, with ``sent`` in place of an empty one."""
    kinds: dict[str, Any] = (
        {"reopen": ReopeningForm}
        if incident.is_closed
        else {
            "close": ClosingForm,
            "serious": SeriousForm,
        }
    )
    return {name: sent if isinstance(sent, kind) else kind() for name, kind in kinds.items()}
