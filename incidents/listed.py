"""A case as one row of a list: the inbox's, and that of one's own reports."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models import IncidentQuerySet
from organisation.models import Body

COLUMNS = (
    "public_id",
    "year",
    "number",
    "kind",
    "reported_at",
    "answer_by",
    "first_answered_at",
    "state",
    "serious",
    "secret",
)


@dataclass(frozen=True, slots=True)
class ListedCase:
    """What a row says of a case, in words; ``handler`` is empty for those who are not told who has it."""

    public_id: uuid.UUID
    url: str
    label: str
    kind: str
    workplace: str
    came_in: str
    answer_by: str
    tone: str
    status: str
    is_secret: bool
    handler: str
    is_unopened: bool


# Not joined: what a row names is asked for once the page is cut, for its few rows alone.
_workplace = Subquery(Body.objects.filter(pk=OuterRef("body_id")).order_by().values("name"))


def as_listed(cases: IncidentQuerySet, **more: Any) -> IncidentQuerySet:
    """Return the cases with what a row says and ``more`` annotations, and no more of their columns."""
    return cases.only(*COLUMNS).annotate(workplace=_workplace, **more)


def listed(cases: Iterable[Any]) -> list[ListedCase]:
    """Return the rows of cases read ``as_listed``; in the inbox also ``as_rows``, with who has each."""
    address, language = _address(), get_language() or ""
    return [_row(case, address, language) for case in cases]


def _row(case: Any, address: str, language: str) -> ListedCase:
    handler = getattr(case, "handler_name", "")
    tone, status = case.standing
    return ListedCase(
        public_id=case.public_id,
        url=address.format(case.public_id),
        label=case.label,
        kind=case.get_kind_display(),
        workplace=case.workplace,
        came_in=_in_words(localtime(case.reported_at), "SHORT_DATETIME_FORMAT", language),
        answer_by=_in_words(case.answer_by, "SHORT_DATE_FORMAT", language) if case.answer_by else "",
        tone=tone,
        status=status,
        is_secret=case.secret,
        handler=_("Nobody") if handler is None else handler,
        is_unopened=bool(handler) and case.opened_at is None and not case.is_closed,
    )


@lru_cache(maxsize=10_000)
def _in_words(day: date, form: str, _language: str) -> str:
    """Return the day or moment as it is written in the language that is spoken now; the first pages hold the same."""
    return date_format(day, form)


def _address() -> str:
    """Return the address of a case with a place for its id."""
    nobody = uuid.UUID(int=0)
    return reverse("incidents:case", args=(nobody,)).replace(str(nobody), "{}")
