"""Kinds of event that are read together; each kind in exactly one group, so that the parts add up."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import IncidentKind

GROUPS: Mapping[str, tuple[IncidentKind, ...]] = {
    "threats_violence": (IncidentKind.THREAT, IncidentKind.VIOLENCE),
    "pressure": (IncidentKind.HARASSMENT, IncidentKind.UNDUE_INFLUENCE),
    "warnings": (IncidentKind.NEAR_MISS, IncidentKind.RISK_OBSERVATION),
    "accidents": (IncidentKind.ACCIDENT, IncidentKind.OCCUPATIONAL_DISEASE, IncidentKind.FIRE),
    "property": (IncidentKind.VANDALISM, IncidentKind.THEFT, IncidentKind.ECONOMIC_CRIME),
    "operations": (IncidentKind.INFORMATION_SECURITY, IncidentKind.DISRUPTION, IncidentKind.ENVIRONMENT),
    "other": (IncidentKind.OTHER,),
}
GROUP_OF: Mapping[str, str] = {kind.value: group for group, kinds in GROUPS.items() for kind in kinds}

GROUP_LABELS: Mapping[str, str | Promise] = {
    "threats_violence": gettext_lazy("Threats and violence"),
    "pressure": gettext_lazy("Harassment and undue influence"),
    "warnings": gettext_lazy("Near misses and risk observations"),
    "accidents": gettext_lazy("Accidents, illness and fires"),
    "property": gettext_lazy("Vandalism, theft and economic crime"),
    "operations": gettext_lazy("Disruptions, information and environment"),
    "other": gettext_lazy("Something else"),
}


def label_of(key: str) -> str:
    """Return the name of a kind of event, a group of kinds, or all together ("all", "total")."""
    if key in ("all", "total"):
        return _("All incidents")
    if key in GROUP_LABELS:
        return str(GROUP_LABELS[key])
    return str(IncidentKind(key).label)
