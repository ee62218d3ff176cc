"""What waits in "my work": a decision to be recorded, an approved disposal to be carried out."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.disposal.page import proposals_seen
from incidents.models import DisposalProposal, ProposalState
from incidents.permissions import DECIDE_DISPOSAL, PROPOSE_DISPOSAL
from incidents.services.retaining import may_decide
from organisation.access import Scope
from organisation.work import WorkItem

MOST_SHOWN = 10


def disposals_waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the proposals that wait for the person."""
    if not (scope.holds(PROPOSE_DISPOSAL) or scope.holds(DECIDE_DISPOSAL)):
        return
    seen = proposals_seen(user).order_by("proposed_at", "pk")
    for proposal in seen.filter(state=ProposalState.PROPOSED)[:MOST_SHOWN]:
        if may_decide(proposal, user):
            yield _item(proposal, _("Record what was decided about disposal of cases"))
    if scope.holds(PROPOSE_DISPOSAL):
        for proposal in seen.filter(state=ProposalState.APPROVED, job__isnull=True)[:MOST_SHOWN]:
            yield _item(proposal, _("Carry out the approved disposal of cases"))


def _item(proposal: DisposalProposal, title: str) -> WorkItem:
    url = reverse("incidents:disposal", args=[proposal.public_id])
    return WorkItem(title=title, url=url, why=f"{proposal.body.name}, {proposal.year}")
