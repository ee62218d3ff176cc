"""Measures that people who leave were to see to, by the seats that stand empty after them."""

from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionplans.models import UNFINISHED, Measure
from organisation import clock
from organisation.handover import Leaver, OpenTask
from organisation.models import Municipality


def unfinished_measures(_municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """Yield the measures of plans in force that nobody holds the responsible seat for any more."""
    people = {seat.pk: one.person.pk for one in leavers for seat in one.seats}
    measures = Measure.objects.in_force(clock.today()).filter(responsible__in=people, state__in=UNFINISHED)
    for measure in measures.select_related("plan__body").order_by("due_on", "pk"):
        words = {"what": measure.what, "day": date_format(measure.due_on, "j F Y")}
        yield OpenTask(
            person_id=people[measure.responsible_id],
            what=_("Measure, due %(day)s: %(what)s") % words,
            where=measure.plan.body.name,
            seat_id=measure.responsible_id,
        )
