"""What the unions' representatives ask for and stop: who sees it, and who does what with it (AML 6:6a, 6:7)."""

from datetime import date

from django.db.models import QuerySet

from organisation.access import Scope
from organisation.models import RequestState, User, WorkEnvironmentRequest, WorkStop
from organisation.permissions import ANSWER_REQUEST, FILE_REQUEST, VIEW_REQUEST
from organisation.transitions import REQUEST

ANSWERS = (RequestState.ACCEPTED, RequestState.PARTLY, RequestState.REJECTED)


def requests_seen(user: User) -> "QuerySet[WorkEnvironmentRequest]":
    """Return the requests of workplaces within ``user``'s view, by seat."""
    return WorkEnvironmentRequest.objects.filter(Scope.of(user).condition(VIEW_REQUEST))


def stops_seen(user: User) -> "QuerySet[WorkStop]":
    """Return the stops of work at workplaces within ``user``'s view, by seat."""
    return WorkStop.objects.filter(Scope.of(user).condition(VIEW_REQUEST))


def is_filer(user: User, matter: WorkEnvironmentRequest | WorkStop) -> bool:
    """Tell whether ``user`` filed the request or stopped the work."""
    return matter.appointment.person_id == user.pk


def may_answer(user: User, request: WorkEnvironmentRequest) -> bool:
    """Tell whether ``user`` acts for the employer there, did not file it, and an answer is still wanted."""
    if request.answered_at is not None or is_filer(user, request):
        return False
    may_become = REQUEST[RequestState(request.state)]
    return not may_become.isdisjoint(ANSWERS) and Scope.of(user).allows(ANSWER_REQUEST, request)


def may_refer(user: User, request: WorkEnvironmentRequest, on: date) -> bool:
    """Tell whether ``user``, a representative there, can note that the authority has been asked by the day ``on``.

    After the employer's answer, whatever it was, and when there is none in time; a reference can be added later.
    """
    referable = RequestState.REFERRED in REQUEST[RequestState(request.state)]
    waits = request.state == RequestState.FILED and not request.is_late(on)
    lacks_reference = request.state == RequestState.REFERRED and not request.referral_reference
    asked = request.referred_on is not None and not lacks_reference
    if asked or waits or not (referable or lacks_reference):
        return False
    return Scope.of(user).allows(FILE_REQUEST, request)


def may_withdraw(user: User, request: WorkEnvironmentRequest) -> bool:
    """Tell whether ``user``, a representative there, can take the request back."""
    withdrawable = RequestState.WITHDRAWN in REQUEST[RequestState(request.state)]
    return withdrawable and Scope.of(user).allows(FILE_REQUEST, request)


def takes_part(user: User, stop: WorkStop) -> bool:
    """Tell whether ``user`` is one of the two parties: a representative there, or who acts for the employer there."""
    scope = Scope.of(user)
    return scope.allows(FILE_REQUEST, stop) or scope.allows(ANSWER_REQUEST, stop)


def ways_to_lift(user: User, stop: WorkStop) -> list[str]:
    """Return how ``user`` can lift the stop: only a representative says that they agree, both what was decided."""
    if not stop.stands or not takes_part(user, stop):
        return []
    agrees = Scope.of(user).allows(FILE_REQUEST, stop)
    return [WorkStop.Lifting.AGREED, WorkStop.Lifting.DECIDED] if agrees else [WorkStop.Lifting.DECIDED]
