"""What is wrong with a cell of a file of cases, and what would be right; never what a text says."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from organisation.people_import.telling import OF_ANY_FILE, FileProblem, Words

WORDS: Words = OF_ANY_FILE | {
    "too_many_rows": (
        _("The file has more than %(limit)s rows."),
        _("Split it: the same number is never written twice."),
    ),
    "empty": (_("The file has no line of headings, or no row below it."), _("Export it from the other system again.")),
    "no_column": (_("No column is chosen."), _("Choose it under “How the columns are read”.")),
    "gone_column": (_("The file has no column “%(value)s”."), _("Choose another under “How the columns are read”.")),
    "not_a_date": (_("“%(value)s” is not a date."), _("Write it as 2026-01-31 or 31.1.2026.")),
    "not_a_time": (_("“%(value)s” is not a time of day."), _("Write it as 14.30 or 14:30.")),
    "not_a_number": (_("“%(value)s” is not a number."), _("Write a whole number, 0 or more.")),
    "not_kronor": (_("“%(value)s” is not an amount."), _("Write it as 12500 or 12 500,50.")),
    "unknown_word": (_("“%(value)s” is not understood."), _("Say what it means under “How the columns are read”.")),
    "unknown_body": (_("No workplace is called “%(value)s”."), _("Write its key or its name in the portal.")),
    "two_bodies": (_("Several workplaces are called “%(value)s”."), _("Write the key of the one that is meant.")),
    "twice": (_("The number stands on line %(other)s already."), _("Keep one of the lines.")),
    "in_the_future": (_("%(value)s has not come yet."), _("Check the year.")),
    "before_it_happened": (_("The day comes before the day it happened."), _("Check both days.")),
}


@dataclass(frozen=True)
class Problem(FileProblem):
    """One thing that is wrong in a file of cases."""

    words = WORDS
