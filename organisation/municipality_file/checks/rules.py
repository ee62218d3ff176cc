"""The rules of the municipality, and the dimensions they lean on."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.periods import overlapping
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.kinds import ReviewRule
from organisation.municipality_file.nouns import Dimension, Review, Ruleset
from organisation.municipality_file.problems import Problems


def check_rulesets(rulesets: Sequence[Ruleset], problems: Problems) -> None:
    """One ruleset at a time, each with a review rule that says enough."""
    for first, second in overlapping(rulesets):
        template = _("The rules overlap those on line %(other)s.")
        fix = _("End the one where the other begins: “to” is the first day on which it no longer holds.")
        problems.error_at(Problem.OVERLAP, second.at, "from", template, fix, other=first.at.line)
    for ruleset in rulesets:
        check_review(ruleset.review, problems)


def check_review(review: Review, problems: Problems) -> None:
    """A rule that needs a number or a date has it, and no other rule has one."""
    needs = {ReviewRule.EVERY_N_YEARS: ("years", review.years), ReviewRule.BY_DATE: ("date", review.date)}
    for rule, (key, value) in needs.items():
        if review.rule == rule and value is None:
            template = _("The rule “%(rule)s” needs “%(needed)s”.")
            fix = _("Write it beside the rule.")
            problems.error_at(Problem.MISSING_KEY, review.at, key, template, fix, rule=rule, needed=key)
        if review.rule != rule and value is not None:
            template = _("“%(needed)s” says nothing when the rule is “%(rule)s”.")
            fix = _("Leave it out, or choose the rule “%(other)s”.")
            values = {"rule": review.rule, "needed": key, "other": rule}
            problems.error_at(Problem.CONTRADICTION, review.at, key, template, fix, **values)


def check_dimensions(dimensions: Sequence[Dimension], rulesets: Sequence[Ruleset], problems: Problems) -> None:
    """At most one dimension is about people (R3, R139 rank by it)."""
    about_people = [dimension for dimension in dimensions if dimension.persons]
    for first, second in overlapping(about_people):
        template = _("“%(other)s” is already the dimension about people.")
        fix = _("Keep “persons: true” on one of them.")
        problems.error_at(Problem.OVERLAP, second.at, "persons", template, fix, other=first.key)
    if dimensions and not about_people:
        for ruleset in rulesets:
            if ruleset.persons_rank.value:
                template = _("Persons are ranked, but no dimension is about people.")
                problems.warn_at(
                    ruleset.at, "persons_rank", template, _("Write “persons: true” on the dimension about people.")
                )
