"""Where a person can report: their own workplaces first, else any workplace of the municipality."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404

from incidents.permissions import ENTER_REPORT, REPORT_INCIDENT
from incidents.services import takes_without_login
from organisation import clock
from organisation.access import Scope
from organisation.models import Appointment, Body, BodyClosure, BodyQuerySet, User, parents_on
from organisation.searching import holding

MOST_FOUND = 20


@dataclass(frozen=True)
class Workplace:
    """A workplace as it is offered: its name, what it belongs to, and the code of its form."""

    name: str
    belongs_to: str
    code: str


def workplaces_for(person: User) -> BodyQuerySet:
    """Return the workplaces at which ``person`` can report today."""
    mine = Scope.of(person).condition(REPORT_INCIDENT, body="pk")
    return Body.objects.filter(mine).in_force(clock.today()).workplaces().select_related("municipality")


def workplaces_to_enter(person: User) -> BodyQuerySet:
    """Return the workplaces for which ``person`` enters what others have told, today."""
    own = Scope.of(person).condition(ENTER_REPORT, body="pk")
    return Body.objects.filter(own).in_force(clock.today()).workplaces().select_related("municipality")


def own_workplaces(person: User) -> list[Workplace]:
    """Return the workplaces at which ``person`` holds a seat today, in order of name."""
    held = Appointment.objects.in_force(clock.today()).filter(person=person).values("seat__body_id")
    return _offered(workplaces_for(person).filter(pk__in=held).order_by("name"))


def search_workplaces(person: User, words: str) -> tuple[list[Workplace], bool]:
    """Return the workplaces whose names hold ``words``, and whether there are more than are shown."""
    found = list(workplaces_for(person).filter(holding(words, "name")).order_by("name", "pk")[: MOST_FOUND + 1])
    return _offered(found[:MOST_FOUND]), len(found) > MOST_FOUND


def workplace_of(person: User, report_code: str) -> Body:
    """Return the workplace of a poster's code, or of a closed one the workplace that has taken over at last.

    Raises ``Http404`` for a code that ``person`` can't report at.
    """
    mine = workplaces_for(person)
    heirs = BodyClosure.objects.filter(descendant__report_code=report_code, taken_over=True).values("ancestor_id")
    found = mine.filter(report_code=report_code).first() or mine.filter(pk__in=heirs).first()
    if found is None:
        raise Http404
    return found


def workplace_without_login(report_code: str) -> Body | None:
    """Return the workplace of a poster's code, or its heir, where reports are taken without log-in; else none."""
    today = clock.today()
    standing = Body.objects.in_force(today).workplaces().select_related("municipality")
    heirs = BodyClosure.objects.filter(descendant__report_code=report_code, taken_over=True).values("ancestor_id")
    found = standing.filter(report_code=report_code).first() or standing.filter(pk__in=heirs).first()
    return found if found and takes_without_login(found.municipality.rules(today)) else None


def _offered(bodies: Iterable[Body]) -> list[Workplace]:
    bodies = list(bodies)
    if not bodies:
        return []
    parents = parents_on(bodies[0].municipality, clock.today())
    names = dict(
        Body.objects.filter(pk__in={parents[body.pk] for body in bodies if body.pk in parents}).values_list(
            "pk", "name"
        )
    )
    return [Workplace(body.name, names.get(parents.get(body.pk, 0), ""), body.report_code) for body in bodies]
