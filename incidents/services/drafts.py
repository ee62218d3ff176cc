"""Answers typed after the session had ended: kept a day for the same person, then gone."""

from typing import Any

from django.db import transaction

from incidents.models import ReportDraft
from incidents.permissions import REPORT_INCIDENT
from organisation import clock
from organisation.access import require
from organisation.models import Body, User


@transaction.atomic
def keep_draft(*, body: Body, person: User, answers: dict[str, Any]) -> ReportDraft:
    """Keep what ``person`` had typed for ``body``, in place of an earlier draft. Raises ``NotAllowed``."""
    require(person, REPORT_INCIDENT, body)
    draft, _created = ReportDraft.objects.update_or_create(
        person=person,
        body=body,
        defaults={"municipality": body.municipality, "answers": answers, "written_at": clock.now()},
    )
    return draft


def delete_ended_drafts() -> int:
    """Delete the drafts that nobody came back to; return how many."""
    deleted, _by_model = ReportDraft.objects.ended().delete()
    return deleted
