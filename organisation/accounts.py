"""Local accounts: log-in by e-mail and password; nobody signs up, accounts are given."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class LocalAccountAdapter(DefaultAccountAdapter):
    """Closes sign-up: people come from the municipality's own lists."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The log-in is the e-mail address; there is no user name to fill."""
