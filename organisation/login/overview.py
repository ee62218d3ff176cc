"""How a municipality's people log in, for its administrator: providers, passwords, and who must prove it twice."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from organisation import clock
from organisation.login.second_factor import FACTORS
from organisation.models import Appointment, LoginProvider, Municipality, SeatType, User


@dataclass(frozen=True)
class KindOfSeat:
    """A kind of seat under the municipality's own titles: how many hold one, and how many of them lack a factor."""

    key: str
    titles: str
    holders: int
    lacking: int


@dataclass(frozen=True)
class LoginOverview:
    """What the page tells. ``lacking`` counts people who must have a second factor of their own and have none."""

    providers: list[LoginProvider]
    people: int
    without_password: int
    kinds: list[KindOfSeat]
    lacking: int


def login_overview(municipality: Municipality) -> LoginOverview:
    """Return how people log in, and what is asked of whom, in a constant number of queries."""
    people = User.objects.filter(municipality=municipality, is_active=True).aggregate(
        all=Count("pk"), without=Count("pk", filter=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))
    )
    asked = _held(municipality).filter(seat__seat_type__kind__in=municipality.second_factor_for, has_factor=False)
    return LoginOverview(
        providers=list(LoginProvider.objects.filter(municipality=municipality)),
        people=people["all"],
        without_password=people["without"],
        kinds=_kinds(municipality),
        lacking=asked.aggregate(number=Count("person", distinct=True))["number"],
    )


def _held(municipality: Municipality) -> "QuerySet[Any]":
    """Appointments of today, each with ``has_factor``."""
    factors = Authenticator.objects.filter(user=OuterRef("person"), type__in=FACTORS)
    held = Appointment.objects.in_force(clock.today()).filter(municipality=municipality, person__is_active=True)
    return held.annotate(has_factor=Exists(factors))


def _kinds(municipality: Municipality) -> list[KindOfSeat]:
    counted: Mapping[str, tuple[int, int]] = {
        row["seat__seat_type__kind"]: (row["holders"], row["lacking"])
        for row in _held(municipality)
        .order_by()
        .values("seat__seat_type__kind")
        .annotate(
            holders=Count("person", distinct=True),
            lacking=Count("person", distinct=True, filter=Q(has_factor=False)),
        )
    }
    titles = defaultdict(list)
    for kind, title in SeatType.objects.filter(municipality=municipality).values_list("kind", "title"):
        titles[kind].append(title)
    kinds = [KindOfSeat(kind, ", ".join(sorted(words)), *counted.get(kind, (0, 0))) for kind, words in titles.items()]
    return sorted(kinds, key=lambda kind: kind.titles)
