"""Named refusals of the domain: what was asked can't be done, and why, in the person's language."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the field refuses the change; ``message`` may be shown to the person."""

    message: str | Promise = _("This can't be done now.")

    def __init__(self, message: str | Promise | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError, PermissionDenied):
    """The person holds no seat, and no grant, that permits this."""

    message = _("You don't have the right to do this.")


class WrongState(DomainError):
    """The object is not in a state from which this can be done."""

    message = _("This has already changed. Reload the page to see how it stands now.")


class StaleVersion(DomainError):
    """Someone else saved the same object since the person opened it."""

    message = _("Someone else has changed this since you opened it.")


class TreeError(DomainError):
    """A placement would make a loop, overlap in time or cross municipalities."""

    message = _("The body can't be placed there.")
