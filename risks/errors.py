"""Named refusals about risks."""

from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError


class NoScale(DomainError):
    """The municipality has no risk scale in force on the day."""

    message = _("The municipality has no risk scale in force. Ask your administrator to add one.")


class OutsideScale(DomainError):
    """A likelihood or consequence is not a step of the scale in force."""

    message = _("The answer is not a step of the municipality's scale. Reload the page and answer again.")


class ConsequenceMissing(DomainError):
    """No consequence has been judged."""

    message = _("Choose how serious the consequence would be, for at least one of the rows.")


class NotOurs(DomainError):
    """Something that is tied to the risk belongs to another municipality, or is no longer in force."""

    message = _("This choice is not one of your municipality's any longer. Choose again.")


class ReasonMissing(DomainError):
    """A risk is closed or opened again without saying why."""

    message = _("Say why, in a few words.")
