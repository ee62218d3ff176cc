"""The sessions of a person: on which device each was begun, and ending them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from organisation.models import User

# First match wins: every browser also names those that it wants to be taken for.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class Visit:
    """One session as the person is shown it."""

    number: int
    device: str
    address: str
    began: datetime
    is_this: bool


def visits_of(request: HttpRequest, person: User) -> list[Visit]:
    """Return the person's sessions that are still in force, this one first, then the newest."""
    visits = [
        Visit(
            number=session.pk,
            device=device_in_words(session.user_agent),
            address=session.ip,
            began=session.created_at,
            is_this=session.session_key == request.session.session_key,
        )
        for session in UserSession.objects.purge_and_list(person)
    ]
    return sorted(visits, key=lambda visit: (not visit.is_this, -visit.began.timestamp()))


def device_in_words(user_agent: str) -> str:
    """Return browser and system as a person would say them; what is not recognised is said so."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def end_visit(request: HttpRequest, person: User, number: int) -> bool:
    """End another one of the person's sessions; false when the person has none of that number."""
    return _end(_others(request, person).filter(pk=number)) > 0


def end_other_visits(request: HttpRequest, person: User) -> int:
    """End all of the person's sessions but this one; return how many there were."""
    return _end(_others(request, person))


def end_all_visits(people: Iterable[User]) -> int:
    """End every session of ``people`` now; return how many there were."""
    return _end(UserSession.objects.filter(user__in=[person.pk for person in people]))


def _others(request: HttpRequest, person: User) -> "QuerySet[UserSession]":
    return UserSession.objects.filter(user=person).exclude(session_key=request.session.session_key)


def _end(visits: "QuerySet[UserSession]") -> int:
    keys = list(visits.values_list("session_key", flat=True))
    SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def forget_old_visits() -> None:
    """Delete sessions whose time is out, and what is known of them (address and browser)."""
    SessionStore.clear_expired()
    kept = SessionStore.get_model_class().objects.values("session_key")
    UserSession.objects.exclude(session_key__in=kept).delete()
