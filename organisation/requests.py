"""The request of a page that takes a log-in."""

from django.http import HttpRequest

from organisation.models import User


class PersonRequest(HttpRequest):
    """A request after ``login_required``: its user is a person, never anonymous. For types only."""

    user: User
