"""The request of a page that takes a log-in."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from organisation.errors import NotAllowed
from organisation.models import Municipality, User


class PersonRequest(HttpRequest):
    """A request after ``login_required``: its user is a person, never anonymous. For types only."""

    user: User


def municipality_of(request: PersonRequest) -> Municipality:
    """Return the person's municipality; raises ``NotAllowed`` for an operator, who belongs to none."""
    if request.user.municipality is None:
        raise NotAllowed
    return request.user.municipality


def address_of(request: HttpRequest) -> str:
    """Return the network address that asks, as the one proxy in front says, or the connection without one."""
    address: str = get_adapter(request).get_client_ip(request)
    return address
