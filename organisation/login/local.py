"""Local accounts: log-in by e-mail and password; nobody signs up, accounts are given."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.services.passwords import tell_of_change

MFA_STAGE = "allauth.mfa.stages.AuthenticateStage"
OUR_STAGE = "organisation.login.second_factor.SecondFactorStage"
# The library's name of what was done → what the person is told by mail.
CHANGES: dict[str, str | Promise] = {
    "account/email/password_changed": _("The password was changed."),
    "account/email/password_set": _("A password was chosen."),
    "account/email/password_reset": _("A new password was chosen by a link in a mail."),
    "mfa/email/totp_activated": _("A code app was added as second factor."),
    "mfa/email/totp_deactivated": _("The code app was removed as second factor."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made. The earlier ones no longer work."),
}
# That the person is logged in, or out; the codes themselves stand on the page.
SHOWN_ANYWAY = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
)
WAYS_TO_CONFIRM: dict[str, str | Promise] = {
    "reauthenticate": _("Confirm with your password"),
    "mfa_reauthenticate": _("Confirm with a code"),
    "mfa_reauthenticate:webauthn": _("Confirm with a passkey"),
}


class LocalAccountAdapter(DefaultAccountAdapter):
    """Closes sign-up: people come from the municipality's own lists. Says what is wrong in our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong. Check both and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "incorrect_password": _("The password is wrong. Check it and try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The log-in is the e-mail address; there is no user name to fill."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing of what the page shows anyway."""
        if message_template not in SHOWN_ANYWAY:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_login_stages(self) -> list[str]:
        """The library's stages, with ours for the second factor."""
        return [OUR_STAGE if stage == MFA_STAGE else stage for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt: first for this account from here, then for the account and for the address.

        The first is the lowest, so that somebody who guesses from one place doesn't lock the account for its owner.
        """
        if not ratelimit.consume(request, action="login_failed_here", key=self._here(request, credentials)):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A right password takes back what its attempt counted, so that people who share an address are not limited."""
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person is not None:
            ratelimit.clear(request, action="login_failed_here", key=self._here(request, credentials))
        return person

    def _here(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        return f"{credentials.get('email', '').lower()} {self.get_client_ip(request)}"

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password lifts the limit of the account: whoever chose it came by mail, or was logged in."""
        super().set_password(user, password)
        key = self._get_login_attempts_cache_key(self.request, email=user.get_username())
        ratelimit.clear(self.request, action="login_failed", key=key)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who has just logged in: they have proved who they are within the same minutes."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        fresh = time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The library's ways to confirm, in our words."""
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS_TO_CONFIRM[way["id"]]} for way in ways]

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person by mail, through the outbox, what was changed of their way to log in."""
        tell_of_change(person=user, what=CHANGES[template_prefix])
