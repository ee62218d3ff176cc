"""The municipality's fund for deductibles in the demo: paid in each year, used for deductibles and for prevention."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from followup.demo.bulk import append, dated, write
from followup.demo.chance import Chance, days, texts
from followup.demo.people import People
from incidents.models import Claim, FundEntry, Identity, IncidentStatus
from incidents.permissions import KEEP_FUND
from incidents.services.fund import has_fund
from organisation import clock
from organisation.models import Municipality, User
from organisation.roles import kinds_with

Kind = FundEntry.Kind
# In öre: what is paid in each January, least and most for prevention, and what was entered wrongly once.
CONTRIBUTION, PREVENTION, CORRECTION = 20_000_000, (1_500_000, 3_500_000), -240_000
ROUND = 50_000
PAID_IN, PREVENTED, CORRECTED = (1, 15), ((4, 24), (10, 9)), (3, 3)
# The deductible is paid some days after the insurer has decided; those decided just now still wait.
PAID_AFTER = days(12)


def fill_fund(municipality: Municipality, year: int, people: People) -> list[FundEntry]:
    """Write the fund's entries of three years and since, in the name of somebody who keeps it.

    None where the municipality has no fund, or nobody who may keep one.
    """
    keepers = [person for kind in sorted(kinds_with(KEEP_FUND)) for person in people.holders(kind)]
    if not keepers or not has_fund(municipality, clock.today()):
        return []
    fund = _Fund(municipality, year, keepers)
    entries = [entry for entry in (*fund.planned(), *fund.deductibles()) if entry.on <= clock.today()]
    append(IncidentStatus, [_noted(entry, entry.claim) for entry in entries if entry.claim is not None])
    return write(sorted(entries, key=lambda entry: entry.at))


class _Fund:
    """Draws the entries, apart from the rest of the demo, which stays as it was."""

    def __init__(self, municipality: Municipality, year: int, keepers: Sequence[User]) -> None:
        self.municipality, self.year, self.keepers = municipality, year, keepers
        self.chance = Chance(f"{municipality.key}-{year}-fund")
        self.words = texts("cases")["fund"]

    def planned(self) -> Iterator[FundEntry]:
        """Yield what is paid in and what prevention gets each year, and one correction; also days to come."""
        for year in range(self.year - 2, clock.today().year + 1):
            yield self._entry(Kind.CONTRIBUTION, date(year, *PAID_IN), CONTRIBUTION, self.words["contribution"])
            for month_and_day in PREVENTED:
                amount = self.chance.number(*(limit // ROUND for limit in PREVENTION)) * ROUND
                words = self.chance.one(self.words["prevention"])
                yield self._entry(Kind.PREVENTION, date(year, *month_and_day), -amount, words)
        yield self._entry(Kind.CORRECTION, date(self.year, *CORRECTED), CORRECTION, self.words["correction"])

    def deductibles(self) -> Iterator[FundEntry]:
        """Yield a payment for each claim with a deductible, never by whoever reported the case; also days to come."""
        claims = Claim.objects.filter(municipality=self.municipality, deductible_ore__isnull=False)
        of_reporter = Identity.objects.filter(role=Identity.Role.REPORTER, incident__claims__in=claims)
        reporters = dict(of_reporter.values_list("incident_id", "person_id"))
        for claim in claims.exclude(decided_on=None).select_related("incident").order_by("decided_on", "pk"):
            by = next((one for one in self.keepers if one.pk != reporters.get(claim.incident_id)), None)
            if by is not None and claim.decided_on and claim.deductible_ore:
                with override(settings.LANGUAGE_CODE):
                    words = _("Deductible of case %(number)s") % {"number": claim.incident.label}
                on = claim.decided_on + PAID_AFTER
                yield self._entry(Kind.DEDUCTIBLE, on, -claim.deductible_ore, words, by=by, claim=claim)

    def _entry(
        self, kind: str, on: date, amount_ore: int, words: str, *, by: User | None = None, claim: Claim | None = None
    ) -> FundEntry:
        at, by = self.chance.moment(on), by or self.keepers[0]
        entry = FundEntry(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            kind=kind,
            on=on,
            amount_ore=amount_ore,
            claim=claim,
            note=words,
            by=by,
            at=at,
            submission_key=self.chance.key(),
        )
        return dated(entry, at, by)


def _noted(entry: FundEntry, claim: Claim) -> IncidentStatus:
    """Return the row that a paid deductible leaves in the case's story."""
    case, change = claim.incident, IncidentStatus.Change.CLAIM
    return IncidentStatus(
        incident=case, change=change, from_state=case.state, to_state=case.state, by=entry.by, at=entry.at
    )
