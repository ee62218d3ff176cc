"""What came of the actions that a group agreed on: done, or taken up again."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.errors import DomainError, NotAllowed
from organisation.groups import may_finish
from organisation.models import GroupAction, User


class ActionRefused(DomainError):
    """The day on which the action was done can't be true."""

    message = _("An action can't be done on a day that has not come yet.")


@transaction.atomic
def finish_action(*, action: GroupAction, note: str = "", done_on: date | None = None, by: User) -> GroupAction:
    """Note that the action is done, by default today; again corrects the day and the note.

    For those who run the group, and for the one who was to do it. Raises ``NotAllowed``, ``ActionRefused``.
    """
    action = _locked(action, by)
    done_on = done_on or clock.today()
    if done_on > clock.today():
        raise ActionRefused
    if (action.done_on, action.note) != (done_on, note.strip()):
        action.done_on, action.note = done_on, note.strip()
        action.save()
    return action


@transaction.atomic
def reopen_action(*, action: GroupAction, by: User) -> GroupAction:
    """Take up again an action that was noted as done; raises ``NotAllowed``."""
    action = _locked(action, by)
    if action.done_on is not None:
        action.done_on = None
        action.save()
    return action


def _locked(action: GroupAction, by: User) -> GroupAction:
    rows = GroupAction.objects.select_for_update(of=("self",)).select_related("meeting__body")
    action = rows.get(pk=action.pk)
    if not may_finish(by, action):
        raise NotAllowed
    return action
