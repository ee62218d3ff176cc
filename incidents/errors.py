"""What the field's rules refuse about reports and cases."""

from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError, NotAllowed


class NotAWorkplace(DomainError):
    """Reports are sent at departments, units and companies that are in force."""

    message = _("Reports can't be sent for this workplace. Choose another one.")


class NotYetHappened(DomainError):
    """The day lies ahead."""

    message = _("The day can't be in the future.")


class SentBySomeoneElse(DomainError):
    """The form's key belongs to another person's report."""

    message = _("This form has already been sent. Open the form again and send it from there.")


class ReasonMissing(DomainError):
    """The change needs words that explain it."""

    message = _("Write why.")


class OwnReport(NotAllowed):
    """A person does not answer their own report."""

    message = _("You reported this yourself, so your superior handles the case.")
