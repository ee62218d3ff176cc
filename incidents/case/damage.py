"""Consequences, cost and claims on a case's pages: the row on the first one, and their own page."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.forms.damage import DamageForm
from incidents.models import Claim, ClaimState, Incident
from incidents.money import kronor
from incidents.permissions import KEEP_FUND, VIEW_FUND
from incidents.services.fund import balance_of, has_fund
from incidents.sight import Sight
from organisation import clock
from organisation.access import Scope
from organisation.models import User
from policies.models import Dimension

TONES = {
    ClaimState.TO_SEND: "new",
    ClaimState.SENT: "wait",
    ClaimState.ACCEPTED: "done",
    ClaimState.REJECTED: "off",
}


def damage_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return what is known of the cost, to those who keep it."""
    if not sight.keeps_damage:
        return None
    url = reverse("incidents:damage", args=[incident.public_id])
    if incident.cost_ore is not None:
        return CaseRow(_("Consequences and costs"), url, kronor(incident.cost_ore))
    status = _("Judged") if incident.consequences.exists() else _("Not judged yet")
    return CaseRow(_("Consequences and costs"), url, status)


def dimensions_of(incident: Incident) -> list[Dimension]:
    """Return the municipality's dimensions on the day of the event, and any in which it has been judged since."""
    named = Dimension.objects.filter(municipality=incident.municipality).order_by("position", "pk")
    judged = set(incident.consequences.values_list("dimension_id", flat=True))
    return [one for one in named if one.is_in_force(incident.occurred_on) or one.pk in judged]


def damage_form(incident: Incident, data: Any = None) -> DamageForm:
    """Return the form of the case's consequences as they stand."""
    return DamageForm(data, dimensions=dimensions_of(incident), standing=incident.consequences.all())


def damage_page(incident: Incident, person: User, form: DamageForm) -> dict[str, Any]:
    """Return the context of the page."""
    sight, scope = Sight.of(incident, person), Scope.of(person)
    claims = incident.claims.prefetch_related("fund_entries")
    return {
        "case": incident,
        "form": form,
        "rows": form.rows(),
        "total": kronor(incident.cost_ore),
        "claims": [_claim(one, scope.allows(KEEP_FUND, incident) and not sight.is_reporter) for one in claims],
        "sees_fund": scope.holds(VIEW_FUND) and has_fund(incident.municipality, clock.today()),
        "way_here": way_to_part(incident, sight),
    }


def pay_page(claim: Claim, person: User) -> dict[str, Any]:
    """Return what stands beside the payment of a deductible: the case, the amount and the fund's balance."""
    incident = claim.incident
    return {
        "case": incident,
        "claim": claim,
        "amount": kronor(claim.deductible_ore),
        "balance": kronor(balance_of(incident.municipality)),
        "way_here": way_to_damage(incident, person),
    }


def way_to_damage(incident: Incident, person: User) -> list[tuple[str, str]]:
    """Return the way to a page below that of consequences and costs."""
    here = (_("Consequences and costs"), reverse("incidents:damage", args=[incident.public_id]))
    return [*way_to_part(incident, Sight.of(incident, person)), here]


def _claim(claim: Claim, may_pay: bool) -> dict[str, Any]:
    paid = [entry for entry in claim.fund_entries.all() if entry.amount_ore < 0]
    facts = [
        (_("Claim number"), claim.number),
        (_("Sent"), _day(claim.sent_on)),
        (_("Claimed"), kronor(claim.claimed_ore)),
        (_("Decided"), _day(claim.decided_on)),
        (_("Paid by the insurer"), kronor(claim.paid_ore)),
        (_("Deductible"), kronor(claim.deductible_ore)),
    ]
    if paid:
        facts.append((_("Deductible paid from the fund"), _day(paid[0].on)))
    return {
        "claim": claim,
        "tone": TONES[ClaimState(claim.state)],
        "facts": [{"key": key, "value": value} for key, value in facts],
        "may_pay": may_pay and bool(claim.deductible_ore) and not paid,
    }


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""
