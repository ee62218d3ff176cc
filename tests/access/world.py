"""Two municipalities with one of everything; the rows of the matrix name what they are asked of."""

from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.urls import reverse

from followup.models import Edition
from followup.services import start_report
from incidents.models import Incident
from organisation.models import User
from policies.models import GoverningDocument
from tests.factories import actionplans as plans
from tests.factories import incidents, risks
from tests.factories.organisation import Town, make_municipality, make_user
from tests.followup.making import blank_pdf, finish

# A namespace of a library is asked for at its door.
FIRST_PAGES = {"admin": "admin:login", "account": "account_login"}


@dataclass
class World:
    """People by role, and the arguments of each URL that takes any."""

    people: dict[str, User | None]
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, url: str) -> str:
        """Return the address of the named URL at this world's object."""
        return reverse(FIRST_PAGES.get(url, url), kwargs=self.arguments.get(url, {}))


def build_world() -> World:
    """Make Exempelby with its objects at the nursing unit and its committee, and a neighbour with a strong role."""
    town, neighbour = make_municipality(), make_municipality("Grannby kommun")
    people: dict[str, User | None] = dict(town.people)
    people |= {
        "anonymous": None,
        "neighbour": neighbour.safety_coordinator,
        "operator": User.objects.create_superuser("drift@example.se", "x" * 20, name="Drift Driftsson"),
        "without_seat": make_user(town.municipality, "Utan Uppdrag"),
    }
    return World(
        people=people, arguments=_organisation(town) | _cases(town) | _risks(town) | _plans(town) | _report(town)
    )


def _organisation(town: Town) -> dict[str, dict[str, Any]]:
    document = GoverningDocument.objects.create(
        municipality=town.municipality, key="policy", kind="policy", title="Säkerhetspolicy"
    )
    return {
        "organisation:body": {"public_id": town.bodies["care-north"].public_id},
        "policies:document": {"public_id": document.public_id},
    }


def _cases(town: Town) -> dict[str, dict[str, Any]]:
    case: Incident = incidents.report(town, by="employee", at="care-north", text="En text")
    about = {"public_id": case.public_id}
    names = ("incidents:case", "incidents:serious", "incidents:close", "incidents:reopen", "report:receipt")
    form = {"report:form": {"report_code": town.bodies["care-north"].report_code}}
    return form | dict.fromkeys(names, about)


def _risks(town: Town) -> dict[str, dict[str, Any]]:
    risks.make_scale(town.municipality)
    about = {"public_id": risks.make_risk(town.unit_manager, town.bodies["care-north"]).public_id}
    return dict.fromkeys(("risks:risk", "risks:assess", "risks:edit", "risks:close", "risks:reopen"), about)


def _plans(town: Town) -> dict[str, dict[str, Any]]:
    draft = plans.make_plan(town, year=2028)
    measure = plans.make_measure(town, draft)
    submitted = plans.make_submitted(town, year=2027)
    decided = plans.make_in_force(town, year=2026)
    about_draft = {"public_id": draft.public_id}
    about_submitted = {"public_id": submitted.plan.public_id}
    carried_out = decided.measures.first()
    return {
        "actionplans:plan": about_submitted,
        "actionplans:edit": about_draft,
        "actionplans:measure_add": about_draft,
        "actionplans:submit": about_draft,
        "actionplans:withdraw": about_submitted,
        "actionplans:decide": about_submitted,
        "actionplans:minutes": about_submitted,
        "actionplans:measure_edit": {"public_id": measure.public_id},
        "actionplans:measure_remove": {"public_id": measure.public_id},
        "actionplans:measure_progress": {"public_id": carried_out.public_id},
        "actionplans:version": {"public_id": submitted.public_id},
        "actionplans:correct": {"public_id": decided.decisions.get().public_id},
    }


def _report(town: Town) -> dict[str, dict[str, Any]]:
    """A finished report; its paper is drawn but not laid out, which the rights don't depend on."""
    started = start_report(
        municipality=town.municipality, year=2025, edition=Edition.PUBLIC, by=town.safety_coordinator
    )
    with mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf()):
        about = {"public_id": finish(started).public_id}
    pages = ("report", "summary", "pdf", "figures_json", "figures_csv")
    return {f"followup:{page}": about for page in pages}
