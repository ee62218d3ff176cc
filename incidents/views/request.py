"""The request of someone who has logged in."""

from django.http import HttpRequest

from organisation.models import User


class PersonsRequest(HttpRequest):
    """What a view behind ``login_required`` gets: its user is a person. Never made, only named in signatures."""

    user: User
