"""What becomes of a group's actions on the floors above, and what can be made of them: told through one registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from organisation.models import GroupAction


@dataclass(frozen=True)
class Became:
    """What an action became: its name, where it stands, and its address for those who may open it ("" else)."""

    title: str
    where: str
    status: str | Promise
    tone: str
    url: str = ""


@dataclass(frozen=True)
class Offer:
    """Something that the person can make of an action, verb first."""

    label: str | Promise
    url: str


BecameOf = Callable[[GroupAction, Any], Iterable[Became]]
OffersFor = Callable[[GroupAction, Any], Iterable[Offer]]

_became: list[BecameOf] = []
_offers: list[OffersFor] = []


def register(became_of: BecameOf, offers_for: OffersFor) -> None:
    """Add what one app makes of actions; called when it is ready."""
    _became.append(became_of)
    _offers.append(offers_for)


def became_of(action: GroupAction, user: Any) -> list[Became]:
    """Return what ``action`` became, each with an address only where ``user`` may open it."""
    return [one for source in _became for one in source(action, user)]


def offers_for(action: GroupAction, user: Any) -> list[Offer]:
    """Return what ``user`` can make of ``action``."""
    return [one for source in _offers for one in source(action, user)]
