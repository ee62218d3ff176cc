"""Retention rules, cases that were closed long ago, and proposals to dispose of them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from attachments.services import DELETE
from incidents.disposal.stored import DROP
from incidents.models import DisposalProposal, Incident, IncidentState, RetentionRule
from incidents.services import disposing, retaining
from notifications.jobs import run_job
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.models import ALWAYS
from tests.factories.incidents import report
from tests.factories.organisation import Town

# Noon of the day on which old cases were closed.
LONG_AGO = date(2010, 5, 4)


def make_rule(town: Town, *, kind: str = "", years: int | None = 5, **fields: Any) -> RetentionRule:
    """Make a rule that the town's council has decided, in force from the beginning unless ``fields`` says otherwise."""
    said = {
        "decided_by": town.bodies["council"],
        "decided_on": date(2012, 3, 19),
        "paragraph": "41/2012",
        "registry_number": "2012.117",
        "valid_from": ALWAYS,
    }
    return RetentionRule.objects.create(municipality=town.municipality, kind=kind, keep_years=years, **(said | fields))


def closed_case(town: Town, closed_on: date = LONG_AGO, **answers: Any) -> Incident:
    """Let a case be reported by the service, and have been closed on the day."""
    case = report(town, **answers)
    return close_on(case, closed_on)


def close_on(case: Incident, closed_on: date) -> Incident:
    """Write that the case was closed on the day, as far as retention looks at it."""
    noon = timezone.make_aware(datetime.combine(closed_on, time(12)))
    Incident.objects.filter(pk=case.pk).update(state=IncidentState.CLOSED, closed_at=noon)
    case.refresh_from_db()
    return case


def approved(town: Town, body: str = "care") -> DisposalProposal:
    """Propose, and let the committee's secretary record that it was approved."""
    proposal = retaining.propose_disposal(authority=town.bodies[body], by=town.archivist)
    return approve(town, proposal)


def approve(town: Town, proposal: DisposalProposal, **fields: Any) -> DisposalProposal:
    """Record that the proposal was approved today."""
    said: dict[str, Any] = {"approve": True, "decided_on": clock.today(), "paragraph": "12"}
    said |= {"registry_number": "", "reason": ""}
    return retaining.decide_disposal(proposal=proposal, by=town.committee_secretary, **(said | fields))


def carried_out(town: Town, proposal: DisposalProposal) -> DisposalProposal:
    """Carry the proposal out in this process, and what the outbox then has to do with the stored files."""
    job_id = disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job_id
    assert job_id is not None
    run_job(job_id)
    deliver_removals()
    proposal.refresh_from_db()
    return proposal


def deliver_removals() -> None:
    """Do what the outbox has to do with stored files, as a worker does it soon after the commit."""
    for message in OutboxMessage.objects.filter(topic__in=(DROP, DELETE), done_at__isnull=True):
        deliver_message(message.pk)


def years_ago(years: int, *, days: int = 0) -> date:
    """Return the day that many years before today, and ``days`` later."""
    today = clock.today()
    if (today.month, today.day) == (2, 29):
        today -= timedelta(days=1)
    return today.replace(year=today.year - years) + timedelta(days=days)
