"""The figures of cases in words: findings, spans of time, ratios."""

from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.figures.groups import label_of
from organisation.figure_words import HIDDEN, change, shown

HOURS_OF_TWO_DAYS = 48


def headline(total: int | None, before: int | None, year: int) -> str:
    """Return the finding of the year."""
    if total == 0:
        return _("No incidents are reported for %(year)s") % {"year": year}
    if total is None or before is None:
        return _("What happened during %(year)s") % {"year": year}
    words = {"count": shown(total), "change": change(total, before, year)}
    return (
        ngettext("%(count)s incident was reported, %(change)s", "%(count)s incidents were reported, %(change)s", total)
        % words
    )


def of_chart(key: str, now: int | None, before: int | None, year: int) -> str:
    """Return the finding of one drawing of months."""
    return _("%(what)s: %(change)s") % {"what": label_of(key), "change": change(now, before, year)}


def span(time: timedelta | None) -> str:
    """Return a time in hours, from two days on in whole days; a dash where there is none to tell."""
    if time is None:
        return "–"
    hours = round(time.total_seconds() / 3600)
    if not hours:
        return _("under an hour")
    if hours >= HOURS_OF_TWO_DAYS:
        days = round(hours / 24)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": shown(days)}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": shown(hours)}


def per_injury(near_misses: int | None, injured: int | None) -> str:
    """Return how many near misses were reported for each event with an injury (a dash: none was injured)."""
    if near_misses is None or injured is None:
        return HIDDEN
    return "–" if not injured else str(number_format(near_misses / injured, decimal_pos=1))


def share(part: int | None, whole: int | None) -> str:
    """Return a part of a whole in per cent, a dash where there is no whole."""
    if part is None or whole is None:
        return HIDDEN
    return "–" if not whole else _("%(share)s%%") % {"share": round(100 * part / whole)}


def in_time(part: int | None, whole: int | None) -> str:
    """Say how many of those that had to be answered were so in time; nothing where none had to be."""
    told = share(part, whole)
    return "" if told in ("–", HIDDEN) else _("%(share)s answered in time") % {"share": told}


def last_year(value: str, year: int) -> str:
    """Say what the figure was in ``year``; nothing where there was none."""
    return "" if value in ("–", HIDDEN) else _("%(value)s in %(year)s") % {"value": value, "year": year}
