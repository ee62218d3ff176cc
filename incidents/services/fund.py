"""The municipality's fund for deductibles: paid in, paid out, corrected; never negative by oversight (R108, R124)."""

import uuid
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.errors import DeductibleRefused, FundWouldBeNegative, NoFund, OwnReport, ReasonMissing, SentBySomeoneElse
from incidents.models import Claim, FundEntry, IncidentStatus
from incidents.permissions import KEEP_FUND
from incidents.services.locking import locked, note
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError
from organisation.models import Municipality, User
from organisation.tree import lock_municipality

OUTWARDS = frozenset({FundEntry.Kind.DEDUCTIBLE, FundEntry.Kind.PREVENTION})


def has_fund(municipality: Municipality, on: date) -> bool:
    """Tell whether the municipality has a fund: unless its rules say that it has none."""
    return municipality.rules(on).settings.get("deductible_fund") is not False


def balance_of(municipality: Municipality) -> int:
    """Return what is in the fund, in öre."""
    return FundEntry.objects.filter(municipality=municipality).aggregate(total=Sum("amount_ore"))["total"] or 0


@transaction.atomic
def enter(
    *,
    municipality: Municipality,
    kind: str,
    on: date,
    amount_ore: int,
    by: User,
    submission_key: uuid.UUID,
    note_text: str = "",
    below_zero: bool = False,
) -> FundEntry:
    """Pay into the fund, pay a contribution to prevention out of it, or correct it (a ``FundEntry.Kind``).

    ``amount_ore`` is what is paid, above zero; of a correction it is the change, with its sign. ``below_zero`` says
    that the fund may become negative. The same ``submission_key`` gives the same entry. Raises ``NotAllowed``,
    ``NoFund``, ``ReasonMissing`` for a correction without a note, ``FundWouldBeNegative``, ``DomainError``.
    """
    require(by, KEEP_FUND)
    if by.municipality_id != municipality.pk or not has_fund(municipality, clock.today()):
        raise NoFund
    if kind == FundEntry.Kind.DEDUCTIBLE:
        raise DeductibleRefused
    if kind == FundEntry.Kind.CORRECTION and not note_text.strip():
        raise ReasonMissing
    if on > clock.today() or amount_ore == 0 or (amount_ore < 0 and kind != FundEntry.Kind.CORRECTION):
        raise DomainError(_("Choose a day up to today, and an amount above zero."))
    entry = FundEntry(
        municipality=municipality,
        kind=FundEntry.Kind(kind),
        on=on,
        amount_ore=-amount_ore if kind in OUTWARDS else amount_ore,
        note=note_text.strip(),
        by=by,
        submission_key=submission_key,
    )
    return _write(entry, below_zero=below_zero)


@transaction.atomic
def pay_deductible(
    *, claim: Claim, on: date, by: User, submission_key: uuid.UUID, below_zero: bool = False
) -> FundEntry:
    """Pay a claim's deductible from the fund, once.

    Raises ``NotAllowed``, ``OwnReport``, ``NoFund``, ``DeductibleRefused`` when none is stated or it is paid already,
    ``FundWouldBeNegative``.
    """
    incident = locked(claim.incident)
    require(by, KEEP_FUND, incident)
    if incident.is_reported_by(by):
        raise OwnReport
    if not has_fund(incident.municipality, clock.today()):
        raise NoFund
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    paid = claim.fund_entries.filter(kind=FundEntry.Kind.DEDUCTIBLE).first()
    if paid is not None and paid.submission_key == submission_key:
        return paid
    if paid is not None or not claim.deductible_ore or not incident.occurred_on <= on <= clock.today():
        raise DeductibleRefused
    with override(settings.LANGUAGE_CODE):
        words = _("Deductible of case %(number)s") % {"number": incident.label}
    entry = FundEntry(
        municipality=incident.municipality,
        kind=FundEntry.Kind.DEDUCTIBLE,
        on=on,
        amount_ore=-claim.deductible_ore,
        claim=claim,
        note=words,
        by=by,
        submission_key=submission_key,
    )
    entry = _write(entry, below_zero=below_zero)
    note(incident, IncidentStatus.Change.CLAIM, by=by)
    return entry


def _write(entry: FundEntry, *, below_zero: bool) -> FundEntry:
    """Write one entry at a time: the balance that is looked at is the one that is changed."""
    lock_municipality(entry.municipality)
    if already := FundEntry.objects.filter(submission_key=entry.submission_key).first():
        if already.by_id != entry.by_id:
            raise SentBySomeoneElse
        return already
    balance = balance_of(entry.municipality) + entry.amount_ore
    if entry.amount_ore < 0 and balance < 0 and not below_zero:
        raise FundWouldBeNegative(balance)
    entry.at = clock.now()
    entry.save()
    return entry
