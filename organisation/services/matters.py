"""What can be done to a matter between chairs: raise, note, add a body, take over, close, open again (R22).

It is the safety unit's until one of the bodies that it concerns has taken it over. Every step is a row that says who,
when and why; the same step with the same words, sent twice by the same person, is one step.
"""

import uuid
from collections.abc import Collection, Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from notifications.mail import send_mail_to
from organisation import clock
from organisation.access import Scope, require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.matters import CAN_BE_INVOLVED, may_take_over_for, may_take_part
from organisation.models import Body, CoordinationMatter, MatterBody, MatterState, MatterStatus, User
from organisation.permissions import COORDINATE_MATTER, RAISE_MATTER
from organisation.responsibility import who_handles
from organisation.transitions import MATTER


class MatterRefused(DomainError):
    """The matter, or the step, lacks something that it needs."""

    message = gettext_lazy("Say why, in a few words.")


@transaction.atomic
def raise_matter(
    *, question: str, background: str = "", bodies: Collection[Body], submission_key: uuid.UUID, by: User
) -> CoordinationMatter:
    """Raise a question that falls between ``bodies``, at least two; those who answer there are told once by mail.

    One of the bodies must be one that ``by`` may raise matters for. The same key gives the same matter. Raises
    ``NotAllowed``, ``MatterRefused``.
    """
    require(by, RAISE_MATTER)
    scope = Scope.of(by)
    if not any(scope.allows(RAISE_MATTER, body) for body in bodies):
        raise NotAllowed(_("One of the bodies must be one that you answer for."))
    # One form of one person at a time.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if kept := CoordinationMatter.objects.filter(submission_key=submission_key, raised_by=by).first():
        return kept
    named = list({body.pk: body for body in bodies}.values())
    _refuse_strangers(by, named)
    if len(named) < 2:
        raise MatterRefused(_("A matter stands between bodies: choose at least two."))
    matter = CoordinationMatter.objects.create(
        municipality=named[0].municipality,
        question=question.strip(),
        background=background.strip(),
        raised_by=by,
        raised_at=clock.now(),
        submission_key=submission_key,
    )
    for body in named:
        MatterBody.objects.create(municipality=matter.municipality, matter=matter, body=body)
    _append(matter, "", by=by)
    _tell_those_who_answer(matter, named, but_not=by)
    return matter


@transaction.atomic
def note_on_matter(*, matter: CoordinationMatter, note: str, by: User) -> CoordinationMatter:
    """Write a note on the matter: the safety unit, the bodies that it concerns, and who raised it.

    Raises ``NotAllowed``, ``MatterRefused`` for an empty note.
    """
    matter = _locked(matter)
    if not may_take_part(by, matter):
        raise NotAllowed
    note = _wanted(note)
    if not _is_repeated(matter, matter.state, note, by):
        _append(matter, matter.state, note=note, by=by)
    return matter


@transaction.atomic
def add_body(*, matter: CoordinationMatter, body: Body, note: str = "", by: User) -> CoordinationMatter:
    """Let an open matter concern ``body`` too; who answers there is told once. The safety unit only.

    Raises ``NotAllowed``, ``WrongState`` for a settled matter, ``MatterRefused``.
    """
    matter = _locked(matter)
    require(by, COORDINATE_MATTER, matter)
    if not matter.is_open:
        raise WrongState
    _refuse_strangers(by, [body])
    _row, added = MatterBody.objects.get_or_create(municipality=matter.municipality, matter=matter, body=body)
    if added:
        _append(matter, matter.state, body=body, note=note.strip(), by=by)
        _tell_those_who_answer(matter, [body], but_not=by)
    return matter


@transaction.atomic
def take_over(*, matter: CoordinationMatter, body: Body, note: str, by: User) -> CoordinationMatter:
    """Take the matter over for ``body``, which from now on answers for it; ``note`` says how it goes on.

    Raises ``NotAllowed`` unless the matter concerns the body and ``by`` may take over for it, ``WrongState`` when it is
    no longer open, ``MatterRefused`` without a note.
    """
    matter = _locked(matter)
    if body not in may_take_over_for(by, matter):
        raise NotAllowed
    return _become(matter, MatterState.TAKEN_OVER, note, by, body=body)


@transaction.atomic
def close_matter(*, matter: CoordinationMatter, note: str, by: User) -> CoordinationMatter:
    """Note that there is no question any more, and why. The safety unit only; raises as ``take_over``."""
    matter = _locked(matter)
    require(by, COORDINATE_MATTER, matter)
    return _become(matter, MatterState.CLOSED, note, by)


@transaction.atomic
def reopen_matter(*, matter: CoordinationMatter, note: str, by: User) -> CoordinationMatter:
    """Make the matter the safety unit's again: it was settled wrongly, or has come back. Raises as ``close_matter``."""
    matter = _locked(matter)
    require(by, COORDINATE_MATTER, matter)
    return _become(matter, MatterState.OPEN, note, by)


def _locked(matter: CoordinationMatter) -> CoordinationMatter:
    rows = CoordinationMatter.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=matter.pk)


def _become(
    matter: CoordinationMatter, state: str, note: str, by: User, *, body: Body | None = None
) -> CoordinationMatter:
    note, came_from = _wanted(note), matter.state
    if came_from == state and _is_repeated(matter, state, note, by):
        return matter
    if state not in MATTER[MatterState(came_from)]:
        raise WrongState
    matter.state, matter.taken_over_by = state, body
    matter.settled_at = None if state == MatterState.OPEN else clock.now()
    matter.save()
    _append(matter, came_from, body=body, note=note, by=by)
    return matter


def _append(matter: CoordinationMatter, came_from: str, *, by: User, body: Body | None = None, note: str = "") -> None:
    MatterStatus.objects.create(
        matter=matter, from_state=came_from, to_state=matter.state, body=body, by=by, at=clock.now(), note=note
    )


def _is_repeated(matter: CoordinationMatter, state: str, note: str, by: User) -> bool:
    """Tell whether the last step is this very one: the form was sent twice."""
    last = matter.statuses.order_by("-at", "-pk").first()
    return last is not None and (last.to_state, last.note, last.by_id) == (state, note, by.pk)


def _wanted(note: str) -> str:
    if not note.strip():
        raise MatterRefused
    return note.strip()


def _refuse_strangers(by: User, bodies: Iterable[Body]) -> None:
    today = clock.today()
    for body in bodies:
        ours = body.municipality_id == by.municipality_id and body.is_in_force(today)
        if not ours or body.kind not in CAN_BE_INVOLVED:
            raise MatterRefused(_("A matter stands between departments, units and companies of the municipality."))


def _tell_those_who_answer(matter: CoordinationMatter, bodies: Iterable[Body], *, but_not: User) -> None:
    """Mail the matter's address to whoever answers at each body, once; the question stays behind log-in."""
    address = reverse("organisation:matter", args=[matter.public_id])
    with override("sv"):
        for body in bodies:
            person = who_handles(body, clock.today()).person
            if person is None or person == but_not:
                continue
            subject = _("A matter between chairs concerns %(body)s") % {"body": body.name}
            text = _("Nobody answers for the question yet. Log in and read it, or take it over: %(address)s")
            once_key = f"matter-{matter.public_id}"
            send_mail_to(person=person, subject=subject, body=text % {"address": address}, once_key=once_key)
