"""What the municipality says of a kind of seat, in words: how many, who appoints, what it falls back to."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.actors import Actors
from organisation.models import REPRESENTATIVES, Appointment, Municipality, SeatType


def holders_in_words(seat_type: SeatType) -> str:
    """Return how many holders the seat must and may have (R131, R200, R205)."""
    low, high = seat_type.min_holders, seat_type.max_holders
    if not low:
        words = _("Filled where needed")
        return _("%(words)s, at most %(most)s") % {"words": words, "most": high} if high else words
    if high is None:
        return _("At least %(least)s") % {"least": low}
    if low == high:
        return ngettext("%(count)s holder", "%(count)s holders", low) % {"count": low}
    return _("From %(least)s to %(most)s holders") % {"least": low, "most": high}


def holder_in_words(held: Appointment) -> str:
    """Return the name of the one who holds a seat; a deputy is called so."""
    return _("%(name)s (deputy)") % {"name": held.person.name} if held.is_deputy else held.person.name


def actors_of(municipality: Municipality, seat_types: Iterable[SeatType], more: Iterable[str] = ()) -> Actors:
    """Return the local names of all whom the rules of ``seat_types`` speak of, and of the words ``more``."""
    words = set(more)
    for seat_type in seat_types:
        words |= {seat_type.appointed_by, reports_to_word(seat_type), *seat_type.sits_at}
    return Actors(municipality, words)


def reports_to_word(seat_type: SeatType) -> str:
    """Return the key of the body that the seat reports to; empty when it reports to a seat, or nothing is said."""
    return str(seat_type.details.get("reports_to", "")) if seat_type.reports_to_id is None else ""


def rule_of(seat_type: SeatType, actors: Actors) -> dict[str, str]:
    """Return the rule in words; what the municipality has not said is empty."""
    boss = seat_type.reports_to.title if seat_type.reports_to else _named(reports_to_word(seat_type), actors)
    return {
        "title": seat_type.title,
        "kind": capfirst(str(seat_type.get_kind_display())),
        "holders": holders_in_words(seat_type),
        "appointed_by": _named(seat_type.appointed_by, actors) or _by_law(seat_type),
        "reports_to": boss,
        "falls_back_to": seat_type.falls_back_to.title if seat_type.falls_back_to else "",
        "sits_at": capfirst(", ".join(actors.names(seat_type.sits_at))),
    }


def _by_law(seat_type: SeatType) -> str:
    """Return who appoints whatever the municipality says: safety representatives are the unions' own (AML 6:2)."""
    return _("The union") if seat_type.kind in REPRESENTATIVES else ""


def _named(word: str, actors: Actors) -> str:
    return capfirst(actors.name(word)) if word else ""
