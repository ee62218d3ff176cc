"""How long cases are kept, which are proposed for disposal, and what was decided about a proposal."""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from incidents.disposal import notices
from incidents.disposal.due import BATCH, cases_merged_with, due_cases
from incidents.errors import DecidedTooEarly, NothingToDispose, NotInProposal, ReasonMissing, RuleStandsAlready
from incidents.models import DisposalItem, DisposalProposal, ProposalState, RetentionRule
from incidents.permissions import DECIDE_DISPOSAL, PROPOSE_DISPOSAL
from organisation import clock
from organisation.access import Scope, holders_of, require
from organisation.errors import NotAllowed, WrongState
from organisation.models import AUTHORITIES, Body, Municipality, User
from organisation.tree import lock_municipality

# Proposals that nobody has ended: an authority has one at a time.
STANDING = (ProposalState.PROPOSED, ProposalState.APPROVED)
ARCHIVE_BYLAW = "archive_bylaw"


@transaction.atomic
def set_retention(
    *,
    municipality: Municipality,
    kind: str,
    keep_years: int | None,
    decided_by: Body,
    decided_on: date,
    paragraph: str,
    registry_number: str,
    valid_from: date,
    by: User,
) -> RetentionRule:
    """Record a disposal decision: cases of ``kind`` ("": all without a rule of their own) are kept ``keep_years``.

    None: for ever. The rule before it ends on ``valid_from``. The same rule twice is one. Raises ``NotAllowed``,
    ``RuleStandsAlready``.
    """
    require(by, PROPOSE_DISPOSAL)
    if by.municipality_id != municipality.pk or decided_by.municipality_id != municipality.pk:
        raise NotAllowed
    municipality = lock_municipality(municipality)
    of_kind = RetentionRule.objects.filter(municipality=municipality, kind=kind)
    said = {
        "keep_years": keep_years,
        "decided_by": decided_by,
        "decided_on": decided_on,
        "paragraph": paragraph.strip(),
        "registry_number": registry_number.strip(),
    }
    if already := of_kind.filter(valid_from=valid_from, **said).first():
        return already
    if of_kind.filter(valid_from__gte=valid_from).exists():
        raise RuleStandsAlready
    before = of_kind.filter(valid_to__isnull=True).first()
    if before is not None:
        before.valid_to = valid_from
        before.save()
    return RetentionRule.objects.create(municipality=municipality, kind=kind, valid_from=valid_from, **said)


@transaction.atomic
def propose_disposal(*, authority: Body, by: User | None) -> DisposalProposal:
    """Propose to dispose of the authority's cases that have been kept long enough, and ask whoever decides.

    Cases that must wait stand in it with the reason. ``by`` is none for the portal itself. Proposed again before
    the first is ended, it is the same proposal. Raises ``NotAllowed``, ``NothingToDispose``.
    """
    if authority.kind not in AUTHORITIES:
        raise NotAllowed
    if by is not None:
        require(by, PROPOSE_DISPOSAL, authority)
    municipality, today = lock_municipality(authority.municipality), clock.today()
    standing = DisposalProposal.objects.filter(municipality=municipality, body=authority, state__in=STANDING).first()
    if standing is not None:
        return standing
    proposal = DisposalProposal.objects.create(
        municipality=municipality,
        year=today.year,
        body=authority,
        approver=approver_of(municipality, today),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    if not _fill(proposal, today):
        raise NothingToDispose
    notices.ask_to_decide(proposal, deciders_of(proposal))
    return proposal


def propose_everywhere(municipality: Municipality) -> int:
    """Let the portal propose for each of the municipality's authorities; return how many proposals were made.

    Done twice, the second time makes none.
    """
    made, year = 0, clock.today().year
    authorities = Body.objects.of(municipality).filter(kind__in=AUTHORITIES).order_by("pk")
    # Rejected ones too: what was decided this year is not asked again by itself.
    proposals = DisposalProposal.objects.filter(municipality=municipality)
    asked = set(proposals.filter(Q(year=year) | Q(state__in=STANDING)).values_list("body_id", flat=True))
    for authority in authorities.select_related("municipality"):
        if authority.pk in asked:
            continue
        try:
            propose_disposal(authority=authority, by=None)
        except NothingToDispose:
            continue
        made += 1
    return made


@transaction.atomic
def keep_case(*, proposal: DisposalProposal, number: str, reason: str, by: User) -> DisposalProposal:
    """Take the case with that number out of the proposal, and those merged with it; it is proposed anew next time.

    Raises ``NotAllowed``, ``WrongState`` once it is being carried out, ``ReasonMissing``, ``NotInProposal``.
    """
    proposal = _locked(proposal)
    if not may_take_out(proposal, by):
        raise NotAllowed
    if proposal.state not in STANDING or proposal.job_id is not None:
        raise WrongState
    if not reason.strip():
        raise ReasonMissing
    item = proposal.items.select_related("incident").filter(label=number.strip().upper(), kept_reason="").first()
    if item is None:
        raise NotInProposal
    together = cases_merged_with(item.incident)
    proposal.items.filter(incident__in=together, kept_reason="").update(kept_reason=reason.strip())
    return proposal


@transaction.atomic
def decide_disposal(
    *,
    proposal: DisposalProposal,
    approve: bool,
    decided_on: date,
    paragraph: str,
    registry_number: str,
    reason: str,
    by: User,
) -> DisposalProposal:
    """Record what the committee, or the archive authority, decided; a rejection says why.

    The same decision twice is one. Raises ``NotAllowed``, ``WrongState``, ``DecidedTooEarly``, ``ReasonMissing``.
    """
    proposal = _locked(proposal)
    if not may_decide(proposal, by):
        raise NotAllowed
    wanted = ProposalState.APPROVED if approve else ProposalState.REJECTED
    if proposal.state == wanted and (proposal.decided_by, proposal.decided_on) == (by, decided_on):
        return proposal
    if proposal.state != ProposalState.PROPOSED:
        raise WrongState
    if not timezone.localtime(proposal.proposed_at).date() <= decided_on <= clock.today():
        raise DecidedTooEarly
    if not approve and not reason.strip():
        raise ReasonMissing
    proposal.state, proposal.decided_by, proposal.decided_at = wanted, by, clock.now()
    proposal.decided_on, proposal.paragraph = decided_on, paragraph.strip()
    proposal.registry_number, proposal.reason = registry_number.strip(), reason.strip()
    proposal.save()
    notices.tell_of_decision(proposal)
    return proposal


def approver_of(municipality: Municipality, on: date) -> str:
    """Return whom the archive by-law names on the day: the committee, where the municipality states nothing."""
    stated = municipality.rules(on).settings.get(ARCHIVE_BYLAW)
    known = DisposalProposal.Approver.values
    return stated if stated in known else DisposalProposal.Approver.COMMITTEE


def may_decide(proposal: DisposalProposal, person: User) -> bool:
    """Tell whether the person records this decision.

    The committee's is recorded by its own secretary, the archive authority's by whoever holds the right everywhere:
    the archivist does not record what a committee decided, unless by its secretary's seat as well.
    """
    scope = Scope.of(person)
    if proposal.approver == DisposalProposal.Approver.ARCHIVE_AUTHORITY:
        return DECIDE_DISPOSAL in scope.everywhere and scope.municipality_id == proposal.municipality_id
    # By the seat at the committee alone, whatever the person records everywhere else.
    return replace(scope, everywhere=scope.everywhere - {DECIDE_DISPOSAL}).allows(DECIDE_DISPOSAL, proposal.body)


def may_take_out(proposal: DisposalProposal, person: User) -> bool:
    """Tell whether the person may take single cases out: whoever proposes, and whoever records the decision."""
    return Scope.of(person).allows(PROPOSE_DISPOSAL, proposal.body) or may_decide(proposal, person)


def deciders_of(proposal: DisposalProposal) -> list[User]:
    """Return the people who record the decision."""
    return [person for person in holders_of(DECIDE_DISPOSAL, proposal.body) if may_decide(proposal, person)]


def _fill(proposal: DisposalProposal, today: date) -> int:
    """Write the proposal's cases; return how many of them would be disposed of."""
    count, rows = 0, []
    # Kept as words of the municipality's language, whoever proposes.
    with override(settings.LANGUAGE_CODE):
        for due in due_cases(proposal.body, today):
            rows.append(
                DisposalItem(
                    proposal=proposal,
                    incident=due.case,
                    rule=due.rule,
                    label=due.case.label,
                    closed_on=due.closed_on,
                    kept_reason=str(due.kept),
                )
            )
            count += not due.kept
            if len(rows) == BATCH:
                DisposalItem.objects.bulk_create(rows)
                rows = []
        DisposalItem.objects.bulk_create(rows)
    return count


def _locked(proposal: DisposalProposal) -> DisposalProposal:
    rows = DisposalProposal.objects.select_for_update(of=("self",))
    return rows.select_related("municipality", "body__municipality", "job", "decided_by").get(pk=proposal.pk)
