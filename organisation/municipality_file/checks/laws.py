"""Laws: each once, and a replaced one says when."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.rules import check_review
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.nouns import Law
from organisation.municipality_file.problems import Problems


def check_laws(laws: Sequence[Law], problems: Problems) -> None:
    """Check numbers and replacements (R8: laws are dated data)."""
    first: dict[str, Law] = {}
    for law in laws:
        if law.sfs in first:
            template = _("The law %(sfs)s is already on line %(other)s.")
            problems.error_at(
                Problem.DUPLICATE_ENTRY, law.at, "sfs", template, sfs=law.sfs, other=first[law.sfs].at.line
            )
        first.setdefault(law.sfs, law)
    for law in laws:
        for obligation in law.obligations:
            check_review(obligation.every, problems)
        if law.replaced_by == law.sfs:
            problems.error_at(Problem.LOOP, law.at, "replaced_by", _("A law can't replace itself."))
        elif law.replaced_by and not law.valid_to:
            template = _("The law is replaced, but the file doesn't say when.")
            problems.error_at(Problem.MISSING_KEY, law.at, "to", template, _("Write “to”: the new law's first day."))
        elif law.replaced_by and law.replaced_by not in first:
            template = _("The law that replaces it, %(sfs)s, is not in the file.")
            problems.warn_at(law.at, "replaced_by", template, _("Add it to the laws."), sfs=law.replaced_by)
