"""What was decided of a change, apart from the change itself."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from organisation.errors import NotAllowed
from organisation.models import Reorganisation, User


@dataclass(frozen=True, kw_only=True)
class Order:
    """From which day a change takes effect (past, today or to come), on what it rests, and who carries it out.

    ``reference`` is the decision as typed. The same ``submission_key`` again is the same change. ``confirmed`` is the
    fingerprint of what the person saw on the check page; empty, nothing is compared. ``more_follow``: whoever carries
    out many changes in one transaction makes today's tree true at last, once, by ``tree.rebuild_closure``.
    """

    on: date
    by: User
    submission_key: UUID
    reference: str = ""
    note: str = ""
    confirmed: str = ""
    more_follow: bool = False


def carried_out(order: Order) -> Reorganisation | None:
    """Return the change that the same order has made already; raises ``NotAllowed`` for another person's."""
    made = Reorganisation.objects.filter(submission_key=order.submission_key).first()
    if made is not None and made.by_id != order.by.pk:
        raise NotAllowed
    return made
