"""Cases that something must be notified about."""

from typing import Any

from incidents.models import Affected, Incident, Injury, InjuryDegree, StatutoryNotice
from tests.factories.incidents import report
from tests.factories.organisation import Town

GRAVE = {"affected": Affected.EMPLOYEE, "injury": Injury.PHYSICAL, "injury_degree": InjuryDegree.SERIOUS}


def grave_case(town: Town, **more: Any) -> Incident:
    """Report something after which both the Work Environment Authority and the insurance agency must be told."""
    return report(town, answers=GRAVE, **more)


def duty(incident: Incident, key: str = "work-environment") -> StatutoryNotice:
    """Return the case's duty of that rule, as it stands."""
    return incident.notices.select_related("rule", "incident").get(rule__key=key)


def duties(incident: Incident) -> dict[str, str]:
    """Return rule's key → state of the case's duties."""
    return dict(incident.notices.values_list("rule__key", "state"))
