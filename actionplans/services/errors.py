"""Named refusals of the work with plans."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from actionplans.content import Change
from actionplans.models import Measure
from organisation.errors import DomainError, StaleVersion, WrongState


class PlanExists(DomainError):
    """The body has a plan for the year already; a year has one plan, in versions."""

    message = _("There is a plan for that body and year already.")


class OutsidePlan(DomainError):
    """A risk or a seat that is not below the body whose plan it is."""

    message = _("Choose risks and responsible seats within the plan's own organisation.")


class PlanLocked(WrongState):
    """The plan is with the meeting, or decided and waiting for its minutes."""

    message = _("The plan has been submitted for decision and can't be changed. Withdraw it first.")


class AlreadyDecided(WrongState):
    """The version is not, or no longer, waiting for a decision."""

    message = _("This version is no longer waiting for a decision. Reload the page to see how it stands now.")


class ContentChanged(DomainError):
    """The content of a frozen version no longer gives its hash."""

    message = _("The content of this version is not what was submitted. It can't be decided or come into force.")


class PlanChanged(StaleVersion):
    """The plan is not the one that the person looked at; ``changes`` says what differs."""

    message = _("The plan has been changed since you opened it. Check the differences before you go on.")

    def __init__(self, changes: Sequence[Change] = ()) -> None:
        super().__init__()
        self.changes = list(changes)


class MeasureChanged(StaleVersion):
    """Someone else saved the measure since the form was opened; ``saved`` is how it stands."""

    def __init__(self, saved: Measure) -> None:
        super().__init__()
        self.saved = saved


class Incomplete(DomainError):
    """The plan can't be submitted yet; ``problems`` says why, one sentence each."""

    message = _("The plan is not complete.")

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self.problems = list(problems)
