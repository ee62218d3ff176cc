"""The account pages' forms as the rest of the portal writes them: an empty field is told by its name."""

from allauth.account import forms

from safety_portal.forms import PortalFormMixin


class LoginForm(PortalFormMixin, forms.LoginForm):
    """Log in."""


class ResetPasswordForm(PortalFormMixin, forms.ResetPasswordForm):
    """Ask for a link to a new password."""


class ResetPasswordKeyForm(PortalFormMixin, forms.ResetPasswordKeyForm):
    """Choose a new password by the link."""


class ChangePasswordForm(PortalFormMixin, forms.ChangePasswordForm):
    """Change the password."""


class SetPasswordForm(PortalFormMixin, forms.SetPasswordForm):
    """Choose a first password."""


class ReauthenticateForm(PortalFormMixin, forms.ReauthenticateForm):
    """Say the password again before something that needs it."""
