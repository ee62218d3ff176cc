"""Why a reorganisation can't be carried out as it was asked for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.errors import TreeError


class ChangeRefused(TreeError):
    """The change can't be true; ``field`` names the answer that speaks against it ("": all of it)."""

    message = _("The change can't be made so.")

    def __init__(self, message: str | Promise | None = None, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class DecisionMissing(ChangeRefused):
    """Cases pass from one authority to another: a disclosure, which rests on a decision."""

    message = _(
        "The change passes cases from one authority to another. Write the decision that it rests on, "
        "for example § 12, KF 2026-14."
    )


class CountsChanged(ChangeRefused):
    """What goes along is no longer what the person confirmed."""

    message = _("Something has changed since you checked. See what goes along now, and confirm again.")
