"""All that is shared one by one in a municipality, for its administrator: what, with whom, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from organisation.models import Municipality
from organisation.sharing import Shareable, last_day, shareables

# What ends last stands first: what is in force, then what has ended.
ORDER = ("-valid_to", "-pk")


@dataclass(frozen=True)
class SharesOf:
    """The shares of one noun, with persons or with groups."""

    key: str
    label: str | Promise
    shareable: Shareable
    to_groups: bool

    def rows(self, municipality: Municipality) -> "QuerySet[Any]":
        """Return one row per share in the municipality, each with ``receiver_name`` and ``by_rule``."""
        shareable = self.shareable
        if self.to_groups and shareable.share_model is not None:
            shares: Any = shareable.share_model.objects.annotate(receiver_name=F("group__name"))
        else:
            more = shareable.beyond().filter(
                content_object=OuterRef("content_object"), user=OuterRef("user"), valid_from=OuterRef("valid_from")
            )
            shares = shareable.grants().annotate(receiver_name=F("user__name"), by_rule=Exists(more))
        found: Any = shares.filter(content_object__municipality=municipality)
        return found.select_related("content_object", "given_by", "ended_by")


def kinds_of_shares() -> list[SharesOf]:
    """Return the lists that there are: each noun with persons, and those that groups can see with groups."""
    found = [SharesOf(one.key, one.label, one, to_groups=False) for one in shareables()]
    groups = [one for one in shareables() if one.share_model is not None]
    label = _("{what}, with groups")
    return found + [
        SharesOf(f"{one.key}-groups", format_lazy(label, what=one.label), one, to_groups=True) for one in groups
    ]


@dataclass(frozen=True)
class ListedShare:
    """One share as the administrator sees it: no link and no content; of a case the number alone."""

    name: str
    receiver: str
    given_by: str
    ended_by: str
    begins: date
    until: date
    in_force: bool
    by_rule: bool
    disclosed: bool
    reason: str


def listed(kind: SharesOf, rows: Iterable[Any], on: date) -> list[ListedShare]:
    """Return the rows as they are shown; a reason that may tell what a case is about stays in the case."""
    return [
        ListedShare(
            name=kind.shareable.name(row.content_object),
            receiver=row.receiver_name,
            given_by=row.given_by.name,
            ended_by=row.ended_by.name if row.ended_by else "",
            begins=row.valid_from,
            until=last_day(row),
            in_force=row.is_in_force(on),
            by_rule=getattr(row, "by_rule", False),
            disclosed=bool(getattr(row, "assessment", "")),
            reason=row.reason if kind.shareable.reason_is_open else "",
        )
        for row in rows
    ]
