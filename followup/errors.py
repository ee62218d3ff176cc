"""Refusals of the follow-up."""

from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError


class ReportYearError(DomainError):
    """A report is asked for a year that has not begun, or that lies before the portal's time."""

    message = _("A report can only be made for a year that has begun.")
