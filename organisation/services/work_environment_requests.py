"""A safety representative's request to the employer: filed, answered, referred, withdrawn (AML 6:6a)."""

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.models import Body, RequestState, RequestStatus, User, WorkEnvironmentRequest
from organisation.numbers import lock_series, next_number
from organisation.permissions import ANSWER_REQUEST, FILE_REQUEST
from organisation.transitions import REQUEST
from organisation.union import asked as union
from organisation.union import notices as union_notices
from organisation.union.representatives import mandate_at


class RequestRefused(DomainError):
    """Words or a day are missing, or can't be true."""

    message = gettext_lazy("The request can't be changed so.")


class OwnRequest(NotAllowed):
    """Nobody answers for the employer what they asked for themselves."""

    message = gettext_lazy("You filed this request yourself, so somebody else answers for the employer.")


@transaction.atomic
def file_request(
    *, body: Body, wanted: str, text: str, reason: str, by: User, submission_key: uuid.UUID
) -> WorkEnvironmentRequest:
    """File a request for ``body``, confirm its receipt at once, and ask the one who acts for the employer to answer.

    ``wanted`` is a measure or an investigation. The same ``submission_key`` by the same person returns the same
    request. Raises ``NotAllowed``, ``RequestRefused``.
    """
    require(by, FILE_REQUEST, body)
    now, today = clock.now(), clock.today()
    mandate = mandate_at(by, body, today)
    if mandate is None:
        raise NotAllowed
    if not (text.strip() and reason.strip()):
        raise RequestRefused(_("Write what you ask for, and why."))
    series = lock_series(body.municipality, WorkEnvironmentRequest.LETTER, today.year)
    # Looked up under the lock: whoever sent the same form a moment ago is done by now.
    if already := WorkEnvironmentRequest.objects.filter(submission_key=submission_key).first():
        if not union.is_filer(by, already):
            raise NotAllowed
        return already
    request = WorkEnvironmentRequest.objects.create(
        municipality=body.municipality,
        year=today.year,
        number=next_number(series),
        body=body,
        appointment=mandate,
        wanted=WorkEnvironmentRequest.Wanted(wanted),
        text=text.strip(),
        reason=reason.strip(),
        filed_at=now,
        answer_by=today + timedelta(days=body.municipality.rules(today).request_answer_days),
        submission_key=submission_key,
    )
    _append(request, "", by=by)
    union_notices.confirm_receipt(request)
    union_notices.ask_to_answer(request)
    union_notices.plan_reminders(request)
    return request


@transaction.atomic
def answer_request(*, request: WorkEnvironmentRequest, outcome: str, answer: str, by: User) -> WorkEnvironmentRequest:
    """Answer for the employer: ``outcome`` is accepted, partly or rejected, ``answer`` what will be done, and why.

    Raises ``NotAllowed``, ``OwnRequest``, ``RequestRefused``, ``WrongState`` when it has been answered or withdrawn.
    """
    request = _locked(request)
    require(by, ANSWER_REQUEST, request)
    if union.is_filer(by, request):
        raise OwnRequest
    if outcome not in union.ANSWERS or not answer.strip():
        raise RequestRefused(_("Write the employer's answer and its reasons."))
    if not union.may_answer(by, request):
        raise WrongState
    request.answer, request.answered_by, request.answered_at = answer.strip(), by, clock.now()
    _move(request, outcome, by=by)
    union_notices.tell_of_answer(request)
    return request


@transaction.atomic
def refer_request(*, request: WorkEnvironmentRequest, on: date, reference: str, by: User) -> WorkEnvironmentRequest:
    """Note that the representative asked the Work Environment Authority to examine the matter on the day ``on``.

    The authority examines what the employer has not answered, or does not heed within reasonable time. ``reference``
    is the authority's, and may be added later. Raises ``NotAllowed``, ``RequestRefused``, ``WrongState``.
    """
    request = _locked(request)
    require(by, FILE_REQUEST, request)
    today = clock.today()
    if request.state == RequestState.FILED and not request.is_late(today):
        raise RequestRefused(_("It can be referred when it is answered, or when the answer is late."))
    if not union.may_refer(by, request, today):
        raise WrongState
    if not localtime(request.filed_at).date() <= on <= today:
        raise RequestRefused(_("Choose a day from when the request was filed up to today."))
    is_new = request.state != RequestState.REFERRED
    request.referred_on, request.referral_reference = on, reference.strip()
    _move(request, RequestState.REFERRED, by=by)
    if is_new:
        union_notices.tell_of_referral(request)
    return request


@transaction.atomic
def withdraw_request(*, request: WorkEnvironmentRequest, reason: str, by: User) -> WorkEnvironmentRequest:
    """Take the request back, since nothing is asked for any more.

    Raises ``NotAllowed``, ``RequestRefused``, ``WrongState``.
    """
    request = _locked(request)
    require(by, FILE_REQUEST, request)
    if not reason.strip():
        raise RequestRefused(_("Write why."))
    if not union.may_withdraw(by, request):
        raise WrongState
    _move(request, RequestState.WITHDRAWN, by=by, note=reason.strip())
    union_notices.tell_of_withdrawal(request)
    return request


def _locked(request: WorkEnvironmentRequest) -> WorkEnvironmentRequest:
    rows = WorkEnvironmentRequest.objects.select_for_update(of=("self",))
    return rows.select_related("body__municipality", "municipality", "appointment__person").get(pk=request.pk)


def _move(request: WorkEnvironmentRequest, wanted: str, *, by: User, note: str = "") -> None:
    """Change the state by the table of transitions and append the row that says who and why."""
    before = RequestState(request.state)
    if wanted != before and wanted not in REQUEST[before]:
        raise WrongState
    request.state = wanted
    request.save()
    _append(request, before, by=by, note=note)


def _append(request: WorkEnvironmentRequest, before: str, *, by: User, note: str = "") -> RequestStatus:
    return request.statuses.create(from_state=before, to_state=request.state, by=by, at=clock.now(), note=note)
