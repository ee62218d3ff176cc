"""Figures as they are read, in the language of the moment; one that must not be shown has a sign of its own."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# The sign of Swedish official statistics for a figure that is not given out.
HIDDEN = ".."


def shown(count: int | None) -> str:
    """Return the number as it is read, or the sign for one that is not given out."""
    return HIDDEN if count is None else str(number_format(count, force_grouping=True))


def kronor(ore: int | None) -> str:
    """Return an amount in whole kronor."""
    return HIDDEN if ore is None else _("SEK %(amount)s") % {"amount": shown(round(ore / 100))}


def percent(share: int | None) -> str:
    """Return a share in per cent, or a dash when there is nothing to take a share of."""
    return "–" if share is None else _("%(share)s%%") % {"share": share}


def change(now: int | None, before: int | None, year: int) -> str:
    """Say how a count of ``year`` differs from the year before's."""
    if now is None or before is None:
        return _("change is not given")
    if now == before:
        return _("as in %(year)s") % {"year": year - 1}
    words = {"count": shown(abs(now - before)), "year": year - 1}
    if now < before:
        return _("%(count)s fewer than %(year)s") % words
    return _("%(count)s more than %(year)s") % words
