"""A case as one row of a list: the inbox's, and that of one's own reports."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.models import IncidentQuerySet

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


def as_listed(cases: IncidentQuerySet) -> IncidentQuerySet:
    """Return the cases with what a row says, and no more of their columns."""
    return cases.only(*COLUMNS).annotate(workplace=F("body__name"))


def listed(case: Any) -> ListedCase:
    """Return the row of a case read ``as_listed`` (in the inbox also ``with_handlers``)."""
    handler = getattr(case, "handler_name", "")
    tone, status = case.standing
    return ListedCase(
        public_id=case.public_id,
        url=reverse("incidents:case", args=(case.public_id,)),
        label=case.label,
        kind=case.get_kind_display(),
        workplace=case.workplace,
        came_in=date_format(localtime(case.reported_at), "SHORT_DATETIME_FORMAT"),
        answer_by=date_format(case.answer_by, "SHORT_DATE_FORMAT") if case.answer_by else "",
        tone=tone,
        status=status,
        is_secret=case.secret,
        handler=_("Nobody") if handler is None else handler,
        is_unopened=bool(handler) and not case.is_opened and not case.is_closed,
    )
