"""The only source of time in the domain, so that a test can set the day."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, with time zone."""
    return timezone.now()


def today() -> date:
    """Return today's date in the municipality's (Swedish) time zone."""
    return timezone.localdate()
