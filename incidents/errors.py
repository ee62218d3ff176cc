"""What the field's rules refuse about reports and cases."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError, NotAllowed, StaleVersion


class NotAWorkplace(DomainError):
    """Reports are sent at departments, units and companies that are in force."""

    message = _("Reports can't be sent for this workplace. Choose another one.")


class NotYetHappened(DomainError):
    """The day lies ahead."""

    message = _("The day can't be in the future.")


class SentBySomeoneElse(DomainError):
    """The form's key belongs to another person's report."""

    message = _("This form has already been sent. Open the form again and send it from there.")


class ReasonMissing(DomainError):
    """The change needs words that explain it."""

    message = _("Write why.")


class OwnReport(NotAllowed):
    """A person does not answer their own report."""

    message = _("You reported this yourself, so your superior handles the case.")


class ProvisionMissing(DomainError):
    """A mark or a refusal cites the provision that it rests on."""

    message = _("Choose or write the provision.")


class MarkedAlready(DomainError):
    """The same provision is marked once."""

    message = _("The case carries that mark already.")


class UnknownCode(DomainError):
    """No report has the code."""

    message = _("No report has that code. Check the digits on your receipt.")


class TooManyTries(DomainError):
    """Too many wrong codes came from one address during the hour."""

    message = _("Too many wrong codes have been tried from here. Wait an hour, or log in.")


class NoWithoutLogin(NotAllowed):
    """The municipality takes reports from those who are logged in."""

    message = _("Log in to report here.")


class WithdrawnAlready(DomainError):
    """The report has been withdrawn once."""

    message = _("The report has been withdrawn already.")


class NothingWritten(DomainError):
    """A message holds words."""

    message = _("Write something.")


class SupportNotOffered(DomainError):
    """The case concerns nobody who needs support, or was withdrawn; or nothing was asked."""

    message = _("No support is offered in this case.")


class NotYourAnswer(NotAllowed):
    """Whether support is wanted is said by the one affected, or by whoever handles the case on their behalf."""

    message = _("Only the reporter, or whoever handles the case, answers this.")


class NoCrisisGroup(DomainError):
    """The municipality has no crisis support group."""

    message = _("The municipality has no crisis support group here. Turn to the contacts on this page instead.")


class ThreatEnded(DomainError):
    """Precautions are noted while a threat remains."""

    message = _("Say first that a threat remains. Precautions are noted while it does.")


class NotCalled(NotAllowed):
    """An escalation is answered by those who were asked."""

    message = _("Only those who were asked answer an escalation.")


class InvestigationChanged(StaleVersion):
    """Somebody else has saved the investigation meanwhile."""

    message = _("Somebody else has changed the investigation since you opened it. Compare, and save what shall stand.")


class CannotHandle(DomainError):
    """A case is handed over to somebody who may handle it."""

    message = _("That person can't handle the case. Choose somebody else.")


class RuleStandsAlready(DomainError):
    """A retention rule ends the one before it; it is not put in before one that is later."""

    message = _("A rule for the same kind begins on that day, or later. Choose a later day.")


class NothingToDispose(DomainError):
    """No case has been kept as long as its rule says."""

    message = _("No case has been kept long enough yet.")


class NotInProposal(DomainError):
    """The number is none of those that would be disposed of."""

    message = _("No case with that number would be disposed of by this proposal.")


class DecidedTooEarly(DomainError):
    """A decision is made after its proposal, and not in the future."""

    message = _("Choose a day from when it was proposed up to today.")


class DecidedWithAnother(DomainError):
    """The steps of one event are decided once, at the first of them."""

    message = _("This is decided together with the first step of the same event.")


class TimeRefused(DomainError):
    """The moment lies ahead, or before the event."""

    message = _("Choose a time from when it happened up to now.")


class DecisionsOpen(DomainError):
    """A case is not closed while it is undecided whether an authority must be notified."""

    def __init__(self, waiting: Sequence[str]) -> None:
        super().__init__(_("Decide first, with a reason: %(which)s.") % {"which": "; ".join(waiting)})


class FileNotTaken(DomainError):
    """The file is refused for what it is; the words are those of ``attachments.errors``."""


class TooManyFiles(DomainError):
    """A case holds so many files and no more."""

    def __init__(self, most: int) -> None:
        super().__init__(_("There are %(most)s files already, and there is room for no more.") % {"most": most})


class FileNotScanned(DomainError):
    """A file is handed out once the scanner has found nothing in it, and while it is there."""

    message = _("A file that you chose to hand out is not scanned, or is gone. Choose again.")


class NothingToRemove(DomainError):
    """Nothing of what was chosen is there any more."""

    message = _("Nothing of what you chose is left in the case.")


class AnswersChanged(StaleVersion):
    """Somebody else has given another answer to the same questions; ``keys`` are theirs."""

    message = _("Someone else has answered the same questions since you opened the page. Choose what shall stand.")

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys
        super().__init__()


class ClaimRefused(DomainError):
    """The days of a claim follow each other."""

    message = _("The days must lie between the event and today, and the decision not before the claim was sent.")


class NoFund(DomainError):
    """The municipality has no fund for deductibles."""

    message = _("The municipality has no fund for deductibles.")


class DeductibleRefused(DomainError):
    """A deductible is paid from its claim, once, when its amount is known."""

    message = _("State the deductible of the claim first. It can be paid once, on a day from the event up to today.")


class FundWouldBeNegative(DomainError):
    """More would be paid than there is in the fund; ``balance_ore`` is what would be left."""

    message = _("There is not that much in the fund.")

    def __init__(self, balance_ore: int) -> None:
        self.balance_ore = balance_ore
        super().__init__()


class CannotMerge(DomainError):
    """Two reports are merged within one authority, and so that nobody comes to see what is kept from them."""

    message = _("These two can't be merged. They may belong to different authorities, or be seen by different people.")


class OutcomeNotClosed(DomainError):
    """A workplace is told how it went when the case is closed, and of merged reports once."""

    message = _("The workplace can be told when the case is closed. Of merged reports it is told once.")


class NotForTheWorkplace(DomainError):
    """The case is secret, or kept from somebody."""

    message = _("This case is not told to the workplace.")


class WouldBeRecognised(DomainError):
    """Few work there, so everybody may know whom it is about."""

    message = _("Fewer than five people work here. Make sure that nobody can be recognised, and tick the box.")


class NamesSomebody(DomainError):
    """The text for the workplace holds a name of somebody whom the case concerns."""

    message = _("The text names somebody whom the case concerns. Write it without names.")


class QuotesTheReport(DomainError):
    """The text for the workplace repeats what was reported in confidence."""

    message = _("The text repeats what was reported. Write with your own words what has been done.")


class MappingNameTaken(DomainError):
    """A saved mapping belongs to one system."""

    message = _("There is a mapping of that name for another system. Choose another name.")


class ChangedSince(DomainError):
    """What would be written is no longer what was shown."""

    message = _("Something has changed since you looked. Look at it again.")
