"""Fills one municipality with its demo year, once, in one transaction."""

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from actionplans.models import Plan
from followup.demo.chance import Chance
from followup.demo.fund import fill_fund
from followup.demo.groups import GroupLife
from followup.demo.headcounts import count_employees
from followup.demo.incidents import report_incidents
from followup.demo.matters import BetweenChairs
from followup.demo.password import demo_password
from followup.demo.people import appoint_people, workplaces
from followup.demo.plans import Planning
from followup.demo.risks import RiskLog
from followup.demo.union import Unions, share_one_case_and_one_plan
from incidents.models import Incident
from organisation import clock
from organisation.errors import DomainError
from organisation.models import Municipality, User
from organisation.tree import lock_municipality, rebuild_closure
from organisation.vacancies import rebuild_vacancies


class DemoRefused(DomainError):
    """The municipality can't be filled with invented data."""


@dataclass(frozen=True)
class Seeded:
    """What was written; nothing when the municipality was filled before."""

    counts: Counter[str]

    @property
    def is_new(self) -> bool:
        """Tell whether anything was written."""
        return self.counts.total() > 0


@transaction.atomic
def seed_demo(*, municipality: Municipality, year: int) -> Seeded:
    """Fill ``municipality`` with invented people, and with what happened up to the end of ``year``.

    Again changes nothing. Raises ``DemoRefused`` for a year to come, and for a municipality that has people
    and is no demo.
    """
    municipality = lock_municipality(municipality)
    if municipality.is_demo and Incident.objects.of(municipality).exists():
        return Seeded(Counter())
    if year > clock.today().year:
        raise DemoRefused(_("The year has not begun."))
    has_people = User.objects.filter(municipality=municipality).exists()
    has_work = Incident.objects.of(municipality).exists() or Plan.objects.filter(municipality=municipality).exists()
    if not municipality.is_demo and (has_people or has_work):
        raise DemoRefused(
            _("The municipality has people or cases of its own; invented ones are never mixed with them.")
        )
    return Seeded(_fill(municipality, year))


def _fill(municipality: Municipality, year: int) -> Counter[str]:
    if not municipality.is_demo:
        municipality.is_demo = True
        municipality.save()
    rebuild_closure(municipality)
    chance = Chance(f"{municipality.key}-{year}")
    password_hash = make_password(demo_password())
    people = appoint_people(municipality, year, chance, password_hash)
    groups = GroupLife(municipality, year, people, password_hash)
    groups.appoint()
    rebuild_vacancies(municipality)
    places = workplaces(municipality)
    incidents = report_incidents(municipality, year, chance, people, places)
    fill_fund(municipality, year, people)
    risks = RiskLog(municipality, year, chance, people).log(places, incidents) if people.everyone else []
    plans = Planning(municipality, year, chance, people).adopt(risks) if people.everyone else []
    groups.write()
    BetweenChairs(municipality, year, people).write()
    Unions(municipality, year, people).write()
    count_employees(municipality, year, places)
    share_one_case_and_one_plan(municipality, people)
    return Counter(
        {"people": len(people.everyone), "incidents": len(incidents), "risks": len(risks), "plans": len(plans)}
    )
