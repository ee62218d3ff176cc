"""The hub of the municipality's administrator: each thing to run, in one sentence, with its count where that helps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organisation import clock
from organisation.keyset import bounded_count
from organisation.models import Body, ImportRun, ImportState, LoginProvider, Municipality, SeatType, User

Told = Callable[[Municipality], str]


@dataclass(frozen=True)
class Duty:
    """One thing that the administrator runs: its name, its page, what is done there, and what there is of it."""

    label: str | Promise
    url_name: str
    sentence: str | Promise
    told: Told | None = None


def _bodies(municipality: Municipality) -> str:
    count = Body.objects.of(municipality).in_force(clock.today()).count()
    return ngettext("%(count)s body", "%(count)s bodies", count) % {"count": count}


def _people(municipality: Municipality) -> str:
    count, exact = bounded_count(User.objects.filter(municipality=municipality, is_active=True))
    if not exact:
        return _("over %(count)s people") % {"count": count}
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _seat_types(municipality: Municipality) -> str:
    count = SeatType.objects.filter(municipality=municipality).count()
    return ngettext("%(count)s kind", "%(count)s kinds", count) % {"count": count}


def _imports(municipality: Municipality) -> str:
    count = ImportRun.objects.filter(municipality=municipality, state=ImportState.READY).count()
    if not count:
        return ""
    return ngettext("%(count)s waits for you", "%(count)s wait for you", count) % {"count": count}


def _providers(municipality: Municipality) -> str:
    count = LoginProvider.objects.filter(municipality=municipality, is_active=True).count()
    if not count:
        return _("passwords only")
    return ngettext("%(count)s provider", "%(count)s providers", count) % {"count": count}


DUTIES = (
    Duty(
        gettext_lazy("Bodies"),
        "tree",
        gettext_lazy("The tree on any day. Bodies are created, renamed, moved, merged, split and closed from there."),
        _bodies,
    ),
    Duty(
        gettext_lazy("Changes of the tree"), "changes", gettext_lazy("Who has reorganised what, and on what decision.")
    ),
    Duty(
        gettext_lazy("Seat types"),
        "seat_types",
        gettext_lazy("What the seats are called, where they sit, how many hold them and who appoints."),
        _seat_types,
    ),
    Duty(
        gettext_lazy("Vacancies"),
        "vacancies",
        gettext_lazy("Seats that nobody holds. A seat's own page appoints to it, and ends it."),
    ),
    Duty(
        gettext_lazy("People"),
        "people",
        gettext_lazy("Add, change and end accounts. Who leaves is logged out at once, and hands over what is open."),
        _people,
    ),
    Duty(
        gettext_lazy("Import from files"),
        "imports",
        gettext_lazy("Bodies, people, seats and headcounts from CSV files. You see what changes before it is written."),
        _imports,
    ),
    Duty(
        gettext_lazy("Shared one by one"),
        "grants",
        gettext_lazy("Which cases and plans are shared with whom, and until when. You don't see what they say."),
    ),
    Duty(
        gettext_lazy("Log-in"),
        "login",
        gettext_lazy("How people log in, and who must use a second factor."),
        _providers,
    ),
)


def duties_of(municipality: Municipality) -> list[dict[str, Any]]:
    """Return what the hub's list draws: title, address, sentence and count."""
    return [
        {
            "title": duty.label,
            "url": reverse(f"organisation:{duty.url_name}"),
            "hint": duty.sentence,
            "status": duty.told(municipality) if duty.told else "",
        }
        for duty in DUTIES
    ]
