"""Amounts as they are read: in kronor, with öre only when there are any."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def kronor(ore: int | None) -> str:
    """Return an amount in öre as kronor; an unknown one is said to be that."""
    if ore is None:
        return _("Not known yet")
    return _("SEK %(amount)s") % {"amount": _number(ore)}


def plain_kronor(ore: int) -> str:
    """Return an amount as a spreadsheet reads it: a comma before öre, a minus sign for what leaves."""
    whole, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole},{rest:02d}"


def _number(ore: int) -> str:
    whole, rest = divmod(abs(ore), 100)
    written = number_format(whole, force_grouping=True) + (f",{rest:02d}" if rest else "")
    # The sign for minus, not a hyphen.
    return f"−{written}" if ore < 0 else written
