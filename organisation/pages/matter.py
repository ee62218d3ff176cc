"""What the pages of matters tell: rows of the list with their age, and one matter with its story."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import Scope
from organisation.forms.matters import MatterFilter
from organisation.matters import (
    age_in_words,
    days_open,
    involved_bodies,
    matters_seen,
    may_take_over_for,
    may_take_part,
)
from organisation.models import (
    CoordinationMatter,
    CoordinationMatterQuerySet,
    MatterBody,
    MatterState,
    MatterStatus,
    User,
)
from organisation.permissions import COORDINATE_MATTER, VIEW_BODY
from organisation.responsibility import Answer, who_handles

TONES = {MatterState.OPEN: "wait", MatterState.TAKEN_OVER: "done", MatterState.CLOSED: "off"}


@dataclass(frozen=True)
class Row:
    """A matter in a list: whom it concerns, whose it is, and how long it has been open."""

    matter: CoordinationMatter
    bodies: str
    whose: str
    tone: str
    age: str
    days: int


@dataclass(frozen=True)
class Told:
    """One step of a matter, for the timeline."""

    at: datetime
    title: str
    who: str
    text: str

    @property
    def when(self) -> str:
        return date_format(localtime(self.at), "DATETIME_FORMAT")


def filtered(matters: CoordinationMatterQuerySet, form: MatterFilter) -> CoordinationMatterQuerySet:
    """Return ``matters`` as the filter asks, open ones when it asks for nothing; what isn't a choice is passed over."""
    form.is_valid()
    asked: Mapping[str, Any] = form.cleaned_data
    state = asked.get("state") or MatterState.OPEN
    if state != "all":
        matters = matters.filter(state=state)
    if body := asked.get("body"):
        matters = matters.filter(involved__body=body)
    return matters


def with_bodies(matters: CoordinationMatterQuerySet) -> CoordinationMatterQuerySet:
    """Return ``matters`` together with what a list shows of them; one query more, however many."""
    named = MatterBody.objects.select_related("body").order_by("pk")
    return matters.select_related("taken_over_by").prefetch_related(Prefetch("involved", named))


def listed(matters: Iterable[CoordinationMatter], on: date) -> list[Row]:
    """Return the rows of a list in its order; ``matters`` are read ``with_bodies``."""
    return [_row(matter, on) for matter in matters]


def _row(matter: CoordinationMatter, on: date) -> Row:
    return Row(
        matter=matter,
        bodies=", ".join(row.body.name for row in matter.involved.all()),
        whose=whose(matter),
        tone=TONES[MatterState(matter.state)],
        age=capfirst(age_in_words(matter, on)),
        days=days_open(matter, on),
    )


def whose(matter: CoordinationMatter) -> str:
    """Return whose the matter is, in words."""
    if matter.taken_over_by is not None:
        return _("Taken over by %(body)s") % {"body": matter.taken_over_by.name}
    return str(capfirst(matter.get_state_display()))


def oldest_open(user: User, on: date) -> int | None:
    """Return how many days the oldest open matter that ``user`` sees has been open; none when no one is."""
    oldest = matters_seen(user).open().order_by("raised_at", "pk").first()
    return days_open(oldest, on) if oldest else None


def header() -> list[str]:
    """Return the names of the file's columns."""
    return [_("Question"), _("Bodies"), _("Whose it is"), _("Raised"), _("Days open")]


def lines(matters: CoordinationMatterQuerySet, on: date) -> Iterator[Sequence[Any]]:
    """Yield one line per matter, read piece by piece."""
    for matter in with_bodies(matters).iterator(chunk_size=500):
        row = _row(matter, on)
        yield matter.question, row.bodies, row.whose, localtime(matter.raised_at).date().isoformat(), row.days


@dataclass(frozen=True)
class Involved:
    """A body that a matter concerns, and who answers there today."""

    name: str
    answer: Answer


def matter_page(matter: CoordinationMatter, user: User) -> dict[str, Any]:
    """Return what the page of one matter shows, and the steps that ``user`` may take."""
    on, scope = clock.today(), Scope.of(user)
    coordinates = scope.allows(COORDINATE_MATTER, matter)
    return {
        "matter": matter,
        "row": _row(matter, on),
        "involved": [Involved(body.name, who_handles(body, on)) for body in involved_bodies(matter)],
        "story": [_told(status) for status in _steps(matter)],
        "may_note": may_take_part(user, matter),
        "may_take_over": matter.is_open and bool(may_take_over_for(user, matter)),
        "may_coordinate": coordinates,
        "may_reopen": coordinates and not matter.is_open,
        "sees_bodies": scope.holds(VIEW_BODY),
    }


def _steps(matter: CoordinationMatter) -> "Iterable[MatterStatus]":
    return matter.statuses.select_related("by", "body").order_by("-at", "-pk")


def _told(status: MatterStatus) -> Told:
    return Told(status.at, _title(status), status.by.name, status.note)


def _title(status: MatterStatus) -> str:
    """Return what a step was, in words."""
    body = status.body.name if status.body else ""
    if not status.from_state:
        return _("Raised")
    if status.from_state == status.to_state:
        return _("%(body)s is concerned too") % {"body": body} if body else _("Noted")
    if status.to_state == MatterState.TAKEN_OVER:
        return _("Taken over by %(body)s") % {"body": body}
    if status.to_state == MatterState.CLOSED:
        return _("Closed: no longer a question")
    return _("With the safety unit again")
