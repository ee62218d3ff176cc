"""Earlier cases like this one: of the same kind at the same workplace, and those that may be the same event."""

from datetime import date

from django.db.models import Case, IntegerField, Value, When

from incidents.models import Incident, IncidentQuerySet
from incidents.permissions import HANDLE_INCIDENT
from incidents.services.merging import authorities_of
from organisation.models import BodyClosure, User

LOOKED_BACK_YEARS = 2
MOST_SHOWN = 5
MOST_OFFERED = 15


def earlier_similar(incident: Incident, person: User) -> list[Incident]:
    """Return the latest cases of the same kind at the body during two years before it, that ``person`` may see."""
    alike = Incident.objects.visible_to(person).filter(body=incident.body_id, kind=incident.kind)
    since = _years_before(incident.occurred_on, LOOKED_BACK_YEARS)
    earlier = alike.filter(occurred_on__range=(since, incident.occurred_on), reported_at__lt=incident.reported_at)
    return list(earlier.exclude(pk=incident.pk).counted().order_by("-occurred_on", "-pk")[:MOST_SHOWN])


def mergeable(incident: Incident, person: User) -> IncidentQuerySet:
    """Return the open cases of the same authority that ``person`` handles: one of them may be the same event."""
    below = BodyClosure.objects.filter(ancestor__in=authorities_of(incident)).values("descendant_id")
    handled = Incident.objects.permitted(person, HANDLE_INCIDENT).open().filter(body_id__in=below)
    return handled.exclude(pk=incident.pk).exclude(pk__in=Incident.objects.reported_by(person).values("pk"))


def nearest(incident: Incident, among: IncidentQuerySet) -> list[Incident]:
    """Return the few of ``among`` that are likeliest to be the same event: same place, same kind, latest."""
    elsewhere = Case(When(body=incident.body_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    other_kind = Case(When(kind=incident.kind, then=Value(0)), default=Value(1), output_field=IntegerField())
    ordered = among.select_related("body").order_by(elsewhere, other_kind, "-occurred_on", "-pk")
    return list(ordered[:MOST_OFFERED])


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        # 29 February of a year that has none.
        return day.replace(year=day.year - years, day=28)
