"""Which cases have been kept as long as their rule says, and which of them must wait all the same."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import (
    Claim,
    ClaimState,
    Disclosure,
    DisposalItem,
    Incident,
    IncidentQuerySet,
    IncidentState,
    NoticeState,
    ProposalState,
    RetentionRule,
    StatutoryNotice,
)
from organisation import clock
from organisation.models import Body, BodyClosure, Municipality

# After this long nobody appeals a decision about disclosure any more: three weeks, and the time of the post.
DISCLOSURE_RESTS = timedelta(days=92)
BATCH = 500

OPEN_CLAIM = _("An insurance claim is not settled.")
OPEN_NOTICE = _("A notification to an authority is not done.")
LATE_DISCLOSURE = _("A request to see the case was decided less than three months ago.")
REOPENED = _("The case has been taken up again.")
TARGET_KEPT = _("The case that it was merged with is kept.")


@dataclass(frozen=True)
class Due:
    """One case that has been kept long enough by ``rule``; with ``kept`` it must wait all the same."""

    case: Incident
    rule: RetentionRule
    closed_on: date
    kept: str | Promise = ""


def years_before(day: date, years: int) -> date:
    """Return the latest day whose ``years``-th anniversary is not after ``day``.

    What was closed on 29 February has its anniversary on 1 March in other years: it is kept no shorter.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        # 29 February, in a year without one.
        return day.replace(year=day.year - years, day=28)


def rules_on(municipality: Municipality, on: date) -> Mapping[str, RetentionRule]:
    """Return kind → the rule in force on the day; "" is the rule of all kinds without one of their own."""
    rules = RetentionRule.objects.filter(municipality=municipality).in_force(on).select_related("decided_by")
    return {rule.kind: rule for rule in rules}


def cases_of(authority: Body) -> IncidentQuerySet:
    """Return the cases at the authority and at all that lies below it today."""
    below = BodyClosure.objects.filter(ancestor=authority).values("descendant_id")
    return Incident.objects.of(authority.municipality).filter(Q(body=authority) | Q(body_id__in=below))


def due_cases(authority: Body, on: date) -> Iterator[Due]:
    """Yield the authority's cases that may be disposed of on the day, each followed by those merged with it."""
    rules = rules_on(authority.municipality, on)
    for kind, rule in rules.items():
        if rule.keep_years is None:
            continue
        of_kind = Q(kind=kind) if kind else ~Q(kind__in=[other for other in rules if other])
        before = _end_of(years_before(on, rule.keep_years))
        found = cases_of(authority).filter(of_kind, state=IncidentState.CLOSED, closed_at__lt=before)
        found = found.kept().filter(merged_into__isnull=True).exclude(_already_proposed())
        yield from _in_batches(found.order_by("closed_at", "pk"), rule)


def _in_batches(found: IncidentQuerySet, rule: RetentionRule) -> Iterator[Due]:
    batch: list[Incident] = []
    for case in found.iterator(chunk_size=BATCH):
        batch.append(case)
        if len(batch) == BATCH:
            yield from _with_merged(batch, rule)
            batch = []
    if batch:
        yield from _with_merged(batch, rule)


def _with_merged(cases: list[Incident], rule: RetentionRule) -> Iterator[Due]:
    """Yield each case, then those merged with it: they follow it, whatever kind and day they have themselves."""
    merged = _merged_into([case.pk for case in cases])
    ids = [one.pk for case in cases for one in (case, *merged[case.pk])]
    reasons = reasons_to_keep(ids)
    for case in cases:
        group = (case, *merged[case.pk])
        # What one of them must wait for, all wait for: they are one matter.
        kept = next((reasons[one.pk] for one in group if one.pk in reasons), "")
        closed_on = closing_day(case)
        for one in group:
            yield Due(one, rule, closed_on, reasons.get(one.pk, TARGET_KEPT if kept else ""))


def _merged_into(targets: list[int]) -> dict[int, list[Incident]]:
    """Return target id → the cases merged into it, in however many steps."""
    found: dict[int, list[Incident]] = defaultdict(list)
    root = dict(zip(targets, targets, strict=True))
    step = list(targets)
    while step:
        merged = list(Incident.objects.kept().filter(merged_into__in=step).exclude(pk__in=root).order_by("pk"))
        for case in merged:
            root[case.pk] = root[case.merged_into_id or 0]
            found[root[case.pk]].append(case)
        step = [case.pk for case in merged]
    return found


def cases_merged_with(case: Incident) -> list[int]:
    """Return the ids of the case, of the one that it was merged into in the end, and of all merged into that."""
    while case.merged_into is not None:
        case = case.merged_into
    return [case.pk, *(one.pk for one in _merged_into([case.pk])[case.pk])]


def reasons_to_keep(case_ids: Collection[int]) -> dict[int, str | Promise]:
    """Return case id → why the case must wait, for those that must; three queries."""
    rests = clock.now() - DISCLOSURE_RESTS
    notices = StatutoryNotice.objects.filter(state__in=(NoticeState.TO_DECIDE, NoticeState.DUE))
    claims = Claim.objects.filter(state__in=(ClaimState.TO_SEND, ClaimState.SENT))
    disclosures = Disclosure.objects.filter(decided_at__gt=rests)
    reasons: dict[int, str | Promise] = {}
    for rows, why in ((disclosures, LATE_DISCLOSURE), (notices, OPEN_NOTICE), (claims, OPEN_CLAIM)):
        # The last one told is the first to be looked at.
        reasons |= dict.fromkeys(rows.filter(incident__in=case_ids).values_list("incident_id", flat=True), why)
    return reasons


def closing_day(case: Incident) -> date:
    """Return the day on which a closed case was closed, in the municipality's time."""
    return timezone.localtime(cast(datetime, case.closed_at)).date()


def _end_of(day: date) -> datetime:
    """Return the first moment after the day, in the municipality's time."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _already_proposed() -> Exists:
    standing = (ProposalState.PROPOSED, ProposalState.APPROVED)
    return Exists(DisposalItem.objects.filter(incident=OuterRef("pk"), proposal__state__in=standing, kept_reason=""))
