"""The account pages' forms as the rest of the portal writes them: an empty field is told by its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BooleanField, CharField, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organisation.login.second_factor import first_use
from organisation.services.passwords import ask_for_password_link
from safety_portal.forms import PortalFormMixin

# A code of the app is taken this long, early or late; so long is it remembered as used.
CODE_LIVES = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)


def code_field(label: Any) -> CharField:
    """A box for a code: digits on a phone, offered by the code app, never remembered by the browser."""
    return CharField(label=label, widget=TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}))


class NewPassword(PortalFormMixin):
    """A form in which a password is chosen: the rules in one breath, and what makes one easy to remember."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 12 characters. Not a common password, and not mostly your own name, your municipality's or the "
            "portal's. Four words that have nothing to do with each other are easy to remember."
        )


class LoginForm(PortalFormMixin, forms.LoginForm):
    """Log in."""


class ResetPasswordForm(PortalFormMixin, forms.ResetPasswordForm):
    """Ask for a link to a new password, or to a first one."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Do the same for every address, and leave the mail to the outbox."""
        email: str = self.cleaned_data["email"]
        ask_for_password_link(email=email, portal=request.build_absolute_uri("/"))
        return email


class ResetPasswordKeyForm(NewPassword, forms.ResetPasswordKeyForm):
    """Choose a new password by the link."""


class ChangePasswordForm(NewPassword, forms.ChangePasswordForm):
    """Change the password."""


class SetPasswordForm(NewPassword, forms.SetPasswordForm):
    """Choose a first password."""


class ReauthenticateForm(PortalFormMixin, forms.ReauthenticateForm):
    """Say the password again before something that needs it."""


class CodeOnce(PortalFormMixin):
    """A code of the app is good once, also within the time in which it is shown."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not first_use(self.user, code, seconds=CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        return code


class GiveCodeForm(CodeOnce, mfa.AuthenticateForm):
    """Give the second factor while logging in: a code of the app, or one from paper."""

    code = code_field(_("Code from your app, or a recovery code"))


class ConfirmByCodeForm(CodeOnce, mfa.ReauthenticateForm):
    """Give the second factor again, or for the first time in this session."""

    code = code_field(_("Code from your app, or a recovery code"))


class AddAppForm(PortalFormMixin, app.ActivateTOTPForm):
    """Show that the code app has the key."""

    code = code_field(_("The code that the app shows"))


@contextmanager
def told_of_passkeys() -> Iterator[None]:
    """Say of a passkey that it was not accepted, also when what was sent is none: the library speaks of codes."""
    try:
        yield
    except ValidationError as error:
        if error.code != "incorrect_code":
            raise
        raise get_adapter().validation_error("passkey_refused") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("passkey_refused") from error


class PasskeyGiven(PortalFormMixin):
    """A passkey as the browser hands it over."""

    def clean_credential(self) -> Authenticator:
        with told_of_passkeys():
            given: Authenticator = super().clean_credential()  # type: ignore[misc]
            return given


class GivePasskeyForm(PasskeyGiven, passkeys.AuthenticateWebAuthnForm):
    """Give a passkey as second factor while logging in."""


class LoginByPasskeyForm(PasskeyGiven, passkeys.LoginWebAuthnForm):
    """Log in by a passkey alone."""


class ConfirmByPasskeyForm(PasskeyGiven, passkeys.ReauthenticateWebAuthnForm):
    """Give a passkey again, or for the first time in this session."""


class AddPasskeyForm(PortalFormMixin, passkeys.AddWebAuthnForm):
    """Add a passkey; unless it is a key without PIN, it may also be logged in by alone."""

    name = CharField(label=_("What do you call it?"), required=False, max_length=80)
    passwordless = BooleanField(
        label=_("I want to log in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("It must then ask for your finger, your face or a PIN. Untick for a simple security key."),
    )

    def clean(self) -> dict[str, Any]:
        with told_of_passkeys():
            answers: dict[str, Any] = super().clean()
            return answers


class NamePasskeyForm(PortalFormMixin, passkeys.EditWebAuthnForm):
    """Rename a passkey."""

    name = CharField(label=_("What do you call it?"), max_length=80)
