"""What stands on the fund's page: its balance, its years and its entries."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import FundEntry, Incident
from incidents.money import kronor, plain_kronor
from incidents.permissions import KEEP_FUND
from incidents.services.fund import balance_of, has_fund
from organisation import clock
from organisation.access import Scope
from organisation.keyset import Page
from organisation.models import Municipality, User

NEWEST_FIRST = ("-on", "-pk")
MOST_YEARS = 6


def fund_page(municipality: Municipality, person: User, page: Page[FundEntry]) -> dict[str, Any]:
    """Return the context of the fund's page."""
    balance = balance_of(municipality)
    stands = has_fund(municipality, clock.today())
    seen = _cases_seen(page.rows, person)
    return {
        "stands": stands,
        "heading": _("There is %(amount)s in the deductible fund") % {"amount": kronor(balance)},
        "negative": balance < 0,
        "page": page,
        "rows": [_row(entry, seen) for entry in page.rows],
        "years": _years(municipality),
        "may_keep": stands and Scope.of(person).holds(KEEP_FUND),
    }


def fund_lines(municipality: Municipality) -> Iterator[Sequence[Any]]:
    """Yield the entries as lines of a file, oldest first, each with the balance after it."""
    balance = 0
    entries = FundEntry.objects.filter(municipality=municipality).order_by("on", "pk")
    for entry in entries.iterator(chunk_size=1000):
        balance += entry.amount_ore
        kind = entry.get_kind_display()
        yield entry.on.isoformat(), kind, plain_kronor(entry.amount_ore), plain_kronor(balance), entry.note


def _row(entry: FundEntry, seen: set[int]) -> dict[str, Any]:
    case = entry.claim.incident if entry.claim else None
    return {
        "on": entry.on,
        "kind": entry.get_kind_display(),
        "note": entry.note,
        "url": reverse("incidents:damage", args=[case.public_id]) if case and case.pk in seen else "",
        "amount": kronor(entry.amount_ore),
    }


def _cases_seen(entries: Sequence[FundEntry], person: User) -> set[int]:
    """Return the ids of the entries' cases that the person keeps the damage of, so that a link leads somewhere."""
    cases = {entry.claim.incident_id for entry in entries if entry.claim}
    if not cases:
        return set()
    kept = Incident.objects.permitted(person, KEEP_FUND).filter(pk__in=cases)
    return set(kept.values_list("pk", flat=True))


def _years(municipality: Municipality) -> list[dict[str, Any]]:
    """Return what was paid in and out in each of the last years, newest first."""
    by_year = (
        FundEntry.objects.filter(municipality=municipality)
        .order_by()
        .annotate(year=ExtractYear("on"))
        .values("year")
        .annotate(
            paid_in=Sum("amount_ore", filter=Q(kind=FundEntry.Kind.CONTRIBUTION)),
            deductibles=Sum("amount_ore", filter=Q(kind=FundEntry.Kind.DEDUCTIBLE)),
            prevention=Sum("amount_ore", filter=Q(kind=FundEntry.Kind.PREVENTION)),
            corrections=Sum("amount_ore", filter=Q(kind=FundEntry.Kind.CORRECTION)),
        )
        .order_by("-year")[:MOST_YEARS]
    )
    return [
        {
            "year": str(row["year"]),
            "paid_in": kronor(row["paid_in"] or 0),
            "deductibles": kronor(row["deductibles"] or 0),
            "prevention": kronor(row["prevention"] or 0),
            "corrections": kronor(row["corrections"] or 0),
        }
        for row in by_year
    ]
