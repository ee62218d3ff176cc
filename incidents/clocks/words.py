"""Duties in words: what is to be done, by when, and how much time is left."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from incidents.models import ClockRule


def title_of(rule: ClockRule) -> str:
    """Return what is to be done, in the reader's language, else in Swedish."""
    return _spoken(rule.title) or rule.key


def law_says(rule: ClockRule) -> str:
    """Return by when, as the law puts it; empty where the rule says nothing beyond its time."""
    return _spoken(rule.due.get("words", {}))


def moment(at: datetime) -> str:
    """Return day and time in words, in the municipality's time."""
    return date_format(localtime(at), "DATETIME_FORMAT")


def time_left(due: datetime, now: datetime) -> str:
    """Return how much time is left, or has passed since, in whole days above two days, else in hours or minutes."""
    passed = due < now
    amount = _amount(abs(due - now))
    return (_("%(amount)s over time") if passed else _("%(amount)s left")) % {"amount": amount}


def _amount(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours = minutes // 60
    if hours >= 48:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _spoken(words: dict[str, str]) -> str:
    language = (get_language() or "sv").split("-")[0]
    return words.get(language) or words.get("sv") or ""
