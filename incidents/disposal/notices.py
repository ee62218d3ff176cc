"""What people are told about a disposal: that something waits for them, and where; never which cases."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import DisposalProposal, ProposalState
from incidents.permissions import PROPOSE_DISPOSAL
from notifications.mail import send_mail_to
from organisation.access import holders_of
from organisation.models import User


def ask_to_decide(proposal: DisposalProposal, people: Iterable[User]) -> None:
    """Ask those who record the decision to put the proposal to whoever decides."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(proposal)
        for person in people:
            send_mail_to(
                person=person,
                subject=_("Proposal to dispose of cases, %(body)s %(year)s") % facts,
                body=_(
                    "Cases of %(body)s have been kept as long as the disposal decisions say, and can be disposed of "
                    "when that is approved. You are the one who records the decision.\n\n"
                    "Log in to the safety portal and open %(path)s"
                )
                % facts,
                once_key=f"disposal-proposed:{proposal.public_id}",
            )


def tell_of_decision(proposal: DisposalProposal) -> None:
    """Tell those who propose what was decided."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(proposal)
        approved = proposal.state == ProposalState.APPROVED
        subject = (
            _("Approved: disposal of cases, %(body)s %(year)s")
            if approved
            else _("Rejected: disposal of cases, %(body)s %(year)s")
        )
        body = (
            _("The disposal is approved and can be carried out.\n\nLog in to the safety portal and open %(path)s")
            if approved
            else _("The disposal was rejected. The reason is there.\n\nLog in to the safety portal and open %(path)s")
        )
        for person in holders_of(PROPOSE_DISPOSAL, proposal.body):
            send_mail_to(
                person=person,
                subject=subject % facts,
                body=body % facts,
                once_key=f"disposal-decided:{proposal.public_id}",
            )


def _facts(proposal: DisposalProposal) -> dict[str, object]:
    return {
        "body": proposal.body.name,
        "year": proposal.year,
        "path": reverse("incidents:disposal", args=[proposal.public_id]),
    }
