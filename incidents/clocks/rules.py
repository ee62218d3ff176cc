"""The rules of a municipality as dated rows: written from a file, and read by the day."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.clocks.rule_file import PACKAGED, RuleVersion, parse_rules
from incidents.models import ClockRule
from organisation.errors import DomainError
from organisation.models import Municipality
from organisation.tree import lock_municipality

TOLD = (
    "position",
    "title",
    "authority",
    "basis",
    "url",
    "condition",
    "due",
    "needs_decision",
    "decided_with",
    "together",
    "unconfirmed",
)


class RuleInUse(DomainError):
    """A rule that cases rest on is never rewritten: a change is a new version from a later day."""

    message = _("Cases rest on the rule “%(key)s” from %(day)s. Give the changed rule a later valid_from.")

    def __init__(self, rule: ClockRule) -> None:
        super().__init__(str(self.message) % {"key": rule.key, "day": rule.valid_from})


def rules_in_force(municipality: Municipality, on: date) -> list[ClockRule]:
    """Return the rules of the day, in their order; a municipality that has none gets the packaged ones first."""
    rules = _read(municipality, on)
    if not rules and not ClockRule.objects.filter(municipality=municipality).exists():
        # Two first reports at once write the same rows; the second finds them there.
        _create(municipality, packaged_rules(), ignore_conflicts=True)
        rules = _read(municipality, on)
    return rules


@cache
def packaged_rules() -> tuple[RuleVersion, ...]:
    """Return the rules that come with the portal."""
    return tuple(parse_rules(PACKAGED))


@transaction.atomic
def load_rules(municipality: Municipality, versions: Sequence[RuleVersion]) -> dict[str, int]:
    """Write rules for one municipality; return how many were ``created``, ``changed`` and ``unchanged``.

    The same rules again write nothing. A version that no case rests on is rewritten; one that cases rest on is not.
    A later version ends the one before it. Raises ``RuleInUse``.
    """
    lock_municipality(municipality)
    standing = {(row.key, row.valid_from): row for row in ClockRule.objects.filter(municipality=municipality)}
    new = [one for one in versions if (one.key, one.valid_from) not in standing]
    changed = [one for one in versions if _differs(standing.get((one.key, one.valid_from)), one)]
    for one in changed:
        row = standing[one.key, one.valid_from]
        if row.notices.exists():
            raise RuleInUse(row)
        for name in TOLD:
            setattr(row, name, getattr(one, name))
        row.save(update_fields=TOLD)
    _create(municipality, new)
    return {"created": len(new), "changed": len(changed), "unchanged": len(versions) - len(new) - len(changed)}


def ensure_rules(municipality: Municipality) -> None:
    """Give a municipality that has no rules the packaged ones."""
    if not ClockRule.objects.filter(municipality=municipality).exists():
        load_rules(municipality, packaged_rules())


def _read(municipality: Municipality, on: date) -> list[ClockRule]:
    return list(ClockRule.objects.filter(municipality=municipality).in_force(on).order_by("position", "key"))


def _differs(row: ClockRule | None, version: RuleVersion) -> bool:
    if row is None:
        return False
    told: dict[str, Any] = asdict(version)
    return any(getattr(row, name) != told[name] for name in TOLD)


def _create(municipality: Municipality, versions: Sequence[RuleVersion], *, ignore_conflicts: bool = False) -> None:
    rows = [ClockRule(municipality=municipality, **asdict(one)) for one in versions]
    ClockRule.objects.bulk_create(rows, ignore_conflicts=ignore_conflicts)
    _end_each_at_the_next(municipality, {one.key for one in versions})


def _end_each_at_the_next(municipality: Municipality, keys: set[str]) -> None:
    """A version holds up to the day on which the next of its key begins."""
    later: dict[str, ClockRule] = {}
    rows = ClockRule.objects.filter(municipality=municipality, key__in=keys).order_by("-valid_from")
    for row in rows:
        following = later.get(row.key)
        if following is not None and row.valid_to != following.valid_from:
            row.valid_to = following.valid_from
            row.save(update_fields=["valid_to"])
        later[row.key] = row
