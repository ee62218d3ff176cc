"""A safety representative stops dangerous work, the authority is told, and the stop is lifted (AML 6:7)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.models import Body, User, WorkStop
from organisation.numbers import lock_series, next_number
from organisation.permissions import FILE_REQUEST
from organisation.union import asked as union
from organisation.union import notices as union_notices
from organisation.union.representatives import mandate_at


class StopRefused(DomainError):
    """Words or a time are missing, or can't be true."""

    message = gettext_lazy("The stop can't be noted so.")


@transaction.atomic
def record_stop(
    *, body: Body, work: str, reason: str, stopped_at: datetime, by: User, submission_key: uuid.UUID, text: str = ""
) -> WorkStop:
    """Record that ``work`` at ``body`` has been stopped since ``stopped_at``, and tell the employer at once.

    ``reason`` is one of the law's three; ``text`` is what else the representative chooses to say. The same
    ``submission_key`` by the same person returns the same stop. Raises ``NotAllowed``, ``StopRefused``.
    """
    require(by, FILE_REQUEST, body)
    now, today = clock.now(), clock.today()
    mandate = mandate_at(by, body, today)
    if mandate is None:
        raise NotAllowed
    if not work.strip():
        raise StopRefused(_("Write which work is stopped."))
    if stopped_at > now:
        raise StopRefused(_("The time can't lie ahead."))
    series = lock_series(body.municipality, WorkStop.LETTER, today.year)
    # Looked up under the lock: whoever sent the same form a moment ago is done by now.
    if already := WorkStop.objects.filter(submission_key=submission_key).first():
        if not union.is_filer(by, already):
            raise NotAllowed
        return already
    stop = WorkStop.objects.create(
        municipality=body.municipality,
        year=today.year,
        number=next_number(series),
        body=body,
        appointment=mandate,
        reason=WorkStop.Reason(reason),
        work=work.strip(),
        text=text.strip(),
        stopped_at=stopped_at,
        recorded_at=now,
        submission_key=submission_key,
    )
    union_notices.tell_of_stop(stop)
    return stop


@transaction.atomic
def note_authority_told(*, stop: WorkStop, at: datetime, by: User) -> WorkStop:
    """Note when the Work Environment Authority was told and asked to decide; either side may.

    Raises ``NotAllowed``, ``StopRefused``, ``WrongState`` when that is noted already or the stop is lifted.
    """
    stop = _locked(stop, by)
    if not stop.stands or stop.authority_told_at is not None:
        raise WrongState
    if not stop.stopped_at <= at <= clock.now():
        raise StopRefused(_("Choose a time from when the work was stopped up to now."))
    stop.authority_told_at = at
    stop.save()
    return stop


@transaction.atomic
def lift_stop(*, stop: WorkStop, how: str, because: str, by: User) -> WorkStop:
    """Lift the stop: the danger is gone and the representative agrees, or the authority has decided.

    The employer alone can't say that they agree. Raises ``NotAllowed``, ``StopRefused``, ``WrongState``.
    """
    stop = _locked(stop, by)
    if not stop.stands:
        raise WrongState
    if how not in union.ways_to_lift(by, stop):
        raise NotAllowed(_("Only the safety representative says that they agree."))
    if not because.strip():
        raise StopRefused(_("Write what has been done, or what was decided."))
    stop.lifted_at, stop.lifted_by = clock.now(), by
    stop.lifted_how, stop.lifted_because = how, because.strip()
    stop.save()
    union_notices.tell_of_lifting(stop)
    return stop


def _locked(stop: WorkStop, by: User) -> WorkStop:
    """Lock the stop, check that ``by`` is one of its two parties, and return it as it stands."""
    rows = WorkStop.objects.select_for_update(of=("self",))
    stop = rows.select_related("body__municipality", "municipality", "appointment__person").get(pk=stop.pk)
    if not union.takes_part(by, stop):
        raise NotAllowed
    return stop
