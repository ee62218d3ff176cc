"""Two municipalities with one of everything; the rows of the matrix name what they are asked of."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest import mock

from django.urls import reverse

from followup.models import Edition
from followup.services import start_report
from incidents.models import Incident
from incidents.services import disclosing, exporting
from incidents.services.damage import ClaimValues, open_claim
from incidents.services.entering import Told, ToldBy, enter_report
from incidents.services.retaining import propose_disposal
from notifications.jobs import run_job
from organisation import clock
from organisation.matters import CAN_BE_INVOLVED
from organisation.models import (
    GROUPS,
    PLANNING_BODIES,
    WORKPLACES,
    Absence,
    Appointment,
    Body,
    ChartPaper,
    SeatKind,
    User,
)
from organisation.responsibility import handling_kind
from organisation.services.papers import ask_for_paper
from organisation.services.people import end_person
from organisation.services.saved_filters import save_filter
from policies.models import GoverningDocument
from risks.models import Scale
from tests.factories import actionplans as plans
from tests.factories import (
    attachments,
    case_import,
    clocks,
    groups,
    importing,
    incidents,
    login,
    retention,
    risks,
    union,
)
from tests.factories.organisation import Town, appoint, make_municipality, make_seat, make_user
from tests.followup.making import blank_pdf, finish

# A namespace of a library is asked for at its door.
FIRST_PAGES = {
    "admin": "admin:login",
    "account": "account_login",
    "mfa": "mfa_index",
    "openid_connect": "openid_connect_callback",
    "saml": "saml_metadata",
}
SECRECY_PAGES = (
    "secrecy",
    "lift_mark",
    "disclosures",
    "disclosure_new",
    "purge",
    "purge_ask",
    "case_readings",
    "case_register",
)
CARE_PAGES = (
    "support",
    "support_offer",
    "support_answer",
    "support_given",
    "crisis_group",
    "escalation",
    "escalation_answer",
    "precautions",
    "threat",
    "investigation",
)
HANDLING_PAGES = ("hand_over", "merge", "again", "messages", "tasks", "task_end")
BODY_PAGES = ("body", "reorganise", "rename", "move", "merge", "split", "close")


@dataclass
class World:
    """People by role, and the arguments of each URL that takes any."""

    people: dict[str, User | None]
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Role to the key of a session, for those who ask often.
    sessions: dict[str, str] = field(default_factory=dict)

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
    people["chief_safety_representative"] = union.add_chief(town, "care-dept")
    return World(people=people, arguments=arguments_of(town))


def arguments_of(town: Town) -> dict[str, dict[str, Any]]:
    """Make one of everything in ``town`` and return the arguments of each URL that takes any."""
    parts = (
        _organisation,
        _saved_filter,
        _login,
        _groups,
        _matters,
        _union,
        _administered,
        _disposals,
        _arriving,
        _cases,
        _clocks,
        _risks,
        _plans,
        _report,
        _protection,
    )
    return {url: arguments for part in parts for url, arguments in part(town).items()}


def arguments_at(body: Body, elsewhere: Body) -> dict[str, dict[str, Any]]:
    """Make one of everything that can stand at ``body`` and return the arguments of each URL about one of them.

    Those who make it hold seats of their own there and are nobody whom a test asks. A matter lies between ``body``
    and ``elsewhere``.
    """
    town = _seen_from(body, elsewhere)
    parts = [_seat_page, _risks]
    parts += [_cases, _clocks, _union] if body.kind in WORKPLACES else []
    parts += [_matters] if body.kind in CAN_BE_INVOLVED and body != elsewhere else []
    parts += [_plans] if body.kind in PLANNING_BODIES else []
    parts += [_groups] if body.kind in GROUPS else []
    about = {f"organisation:{page}": {"public_id": body.public_id} for page in BODY_PAGES}
    return about | {url: arguments for part in parts for url, arguments in part(town).items()}


def _saved_filter(town: Town) -> dict[str, dict[str, Any]]:
    """A filter of the inbox that the unit manager has saved."""
    saved = save_filter(page="incidents:inbox", name="Hot", query="kind=threat", person=town.unit_manager)
    return {"organisation:filter_delete": {"public_id": saved.public_id}}


def _seat_page(town: Town) -> dict[str, dict[str, Any]]:
    return {"organisation:seat": {"public_id": town.seats["unit_ombud"].public_id}}


def _seen_from(body: Body, elsewhere: Body) -> Town:
    """Return a town in which everything happens at ``body``: reported, watched, and all else done by one person.

    That person also holds the seat from which reports are read, so that none is shared with somebody above.
    """
    names = ("Maja", "Omar", "Lisa", "Pia")
    maker, representative, reporter, outside = (make_user(body.municipality, f"{name} {body.key}") for name in names)
    kinds = [SeatKind.SAFETY_COORDINATOR, SeatKind.UNIT_MANAGER, SeatKind.HEAD, handling_kind(body)]
    kinds += [SeatKind.SECRETARY] if body.kind in PLANNING_BODIES else []
    kinds += [SeatKind.GROUP_LEADER] if body.kind in GROUPS else []
    seats = {str(kind): make_seat(body, kind, key=f"making-{kind}") for kind in dict.fromkeys(kinds)}
    for seat in seats.values():
        appoint(maker, seat)
    watched = make_seat(body, SeatKind.SAFETY_REPRESENTATIVE, key="making-representative")
    union.note_union(appoint(representative, watched))
    seats["outside_member"] = make_seat(body, SeatKind.OUTSIDE_MEMBER, key="making-outside")
    seats["unit_ombud"] = make_seat(body, SeatKind.UNIT_OMBUD, key="making-ombud")
    appoint(outside, seats["outside_member"])
    appoint(reporter, make_seat(body, SeatKind.EMPLOYEE, key="making-employee"))
    others = {"safety_representative": representative, "outside_member": outside, "employee": reporter}
    people = defaultdict(lambda: maker, others)
    bodies = defaultdict(lambda: body, {"school-unit": elsewhere})
    return Town(body.municipality, bodies=bodies, people=people, seats=seats)


def _login(town: Town) -> dict[str, dict[str, Any]]:
    """One provider of each protocol, and somebody who may have lost a second factor."""
    by_oidc, by_saml = login.make_oidc_provider(town.municipality), login.make_saml_provider(town.municipality)
    return {
        "openid_connect": {"provider_id": by_oidc.public_id},
        "saml": {"organization_slug": by_saml.public_id},
        "organisation:second_factor_reset": {"public_id": town.employee.public_id},
    }


def _chart_paper(town: Town) -> ChartPaper:
    """A finished paper of the organisation chart; it is not laid out, which the rights don't depend on."""
    paper = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
    with mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf()):
        run_job(paper.job_id)
    return paper


def _organisation(town: Town) -> dict[str, dict[str, Any]]:
    document = GoverningDocument.objects.create(
        municipality=town.municipality, key="policy", kind="policy", title="Säkerhetspolicy"
    )
    appointment = Appointment.objects.get(seat=town.seats["unit_ombud"])
    absence = Absence.objects.create(
        municipality=town.municipality,
        appointment=appointment,
        valid_from=clock.today(),
        valid_to=clock.today() + timedelta(days=7),
    )
    paper = {"public_id": _chart_paper(town).public_id}
    seat, held = {"public_id": appointment.seat.public_id}, {"public_id": appointment.public_id}
    return {
        **dict.fromkeys(
            [f"organisation:{page}" for page in BODY_PAGES],
            {"public_id": town.bodies["care-north"].public_id},
        ),
        "organisation:chart_paper": paper,
        "organisation:chart_file": paper,
        "organisation:seat": seat,
        "organisation:seat_type": {"public_id": appointment.seat.seat_type.public_id},
        "organisation:appoint": seat,
        "organisation:seat_needed": seat,
        "organisation:appointment_end": held,
        "organisation:absence": held,
        "organisation:absence_end": {"public_id": absence.public_id},
        "policies:document": {"public_id": document.public_id},
    }


def _administered(town: Town) -> dict[str, dict[str, Any]]:
    """An employee, a unit manager who has left, and an import that waits to be confirmed."""
    employee = {"public_id": town.employee.public_id}
    left = make_user(town.municipality, "Lars Lämnat")
    appoint(left, make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER))
    end_person(person=left, by=town.administrator)
    gone, run = {"public_id": left.public_id}, {"public_id": importing.make_ready(town).public_id}
    return {
        **dict.fromkeys(("organisation:person", "organisation:person_edit", "organisation:person_end"), employee),
        **dict.fromkeys(("organisation:person_back", "organisation:handover"), gone),
        **dict.fromkeys(("organisation:import", "organisation:import_errors"), run),
        "organisation:import_template": {"kind": "people"},
    }


def _groups(town: Town) -> dict[str, dict[str, Any]]:
    """A group with an assignment, and a meeting whose action the unit manager's seat is to do."""
    group = {"public_id": town.bodies["group"].public_id}
    meeting = groups.make_meeting(town)
    notes, assignment = {"public_id": meeting.public_id}, {"public_id": groups.make_assignment(town).public_id}
    action = {"public_id": meeting.actions.get().public_id}
    outside = {"public_id": town.seats["outside_member"].appointments.get().public_id}
    names = ("group", "group_member_new", "group_outside_new", "assignment_new", "group_meeting_new")
    return (
        {f"organisation:{name}": group for name in names}
        | {f"organisation:{name}": notes for name in ("group_meeting", "group_meeting_edit")}
        | {f"organisation:{name}": assignment for name in ("assignment", "assignment_edit", "assignment_done")}
        | {f"organisation:{name}": action for name in ("group_action", "group_action_done", "group_action_reopen")}
        | {"organisation:group_member_end": outside, "actionplans:from_action": action}
    )


def _matters(town: Town) -> dict[str, dict[str, Any]]:
    """An open matter between the nursing unit and the school's unit, raised by the safety unit."""
    about = {"public_id": groups.make_matter(town).public_id}
    steps = ("matter", "matter_note", "matter_take_over", "matter_add_body", "matter_close", "matter_reopen")
    return {f"organisation:{name}": about for name in steps}


def _union(town: Town) -> dict[str, dict[str, Any]]:
    """The nursing unit's representative, with a request that waits, one that is rejected, and a stop that stands."""
    mandate = {"public_id": union.mandate_of(town.safety_representative).public_id}
    waiting, rejected = union.file_request(town), union.file_request(town)
    union.reject(rejected, by=town.unit_manager)
    request, stop = {"public_id": waiting.public_id}, {"public_id": union.stop_work(town).public_id}
    pages = ("request", "request_pdf", "request_answer", "request_withdraw")
    return (
        {f"organisation:{name}": mandate for name in ("mandate", "mandate_area", "mandate_end")}
        | {f"organisation:{name}": request for name in pages}
        | {f"organisation:{name}": stop for name in ("stop", "stop_authority", "stop_lift")}
        | {"organisation:request_refer": {"public_id": rejected.public_id}}
    )


def _cases(town: Town) -> dict[str, dict[str, Any]]:
    case: Incident = incidents.report(town, by="employee", at="care-north", text="En text")
    about = {"public_id": case.public_id}
    file = {"incidents:file": {"public_id": attachments.attach(case).attachment.public_id}}
    steps = ("case", "files", "serious", "close", "outcome", "outcome_take_back", "reopen", "share", "unshare")
    pages = (*steps, "told", *HANDLING_PAGES, *CARE_PAGES, *SECRECY_PAGES)
    own = ("receipt", "receipt_pdf", "status", "withdraw", "support")
    names = (*(f"incidents:{page}" for page in pages), *(f"report:{page}" for page in own))
    here: dict[str, Any] = {"public_id": town.bodies["care-north"].public_id}
    form: dict[str, dict[str, Any]] = {"report:form": {"report_code": town.bodies["care-north"].report_code}}
    form |= {"incidents:enter": here, "incidents:enter_paper": here}
    form |= dict.fromkeys(("incidents:poster", "incidents:poster_a4", "incidents:poster_a6"), here)
    return form | {"incidents:disclosure_file": _disclosure(town, case)} | file | dict.fromkeys(names, about)


def _clocks(town: Town) -> dict[str, dict[str, Any]]:
    """A case in which an authority must be notified and a claim is made on the insurer."""
    case = clocks.grave_case(town)
    claim = open_claim(incident=case, values=ClaimValues(insurer="Försäkringsbolaget"), by=town.unit_manager)
    about = {"public_id": case.public_id}
    steps = dict.fromkeys(("decide", "done", "receipt"), {"public_id": clocks.duty(case).public_id})
    pages = dict.fromkeys(("answers", "notices", "aware", "damage", "claim_new"), about)
    claims = dict.fromkeys(("claim", "claim_pay"), {"public_id": claim.public_id})
    named = {f"notice_{step}": arguments for step, arguments in steps.items()} | pages | claims
    return {f"incidents:{page}": arguments for page, arguments in named.items()}


def _arriving(town: Town) -> dict[str, dict[str, Any]]:
    """A case that the unit manager entered for somebody else, and an import that waits to be confirmed."""
    told = Told(channel="phone", kind="threat", occurred_on=clock.today(), became_aware_at=clock.now())
    entered = enter_report(
        body=town.bodies["care-north"],
        told=told,
        told_by=ToldBy(name="En anställd"),
        answers={},
        by=town.unit_manager,
        submission_key=uuid.uuid4(),
    )
    run = {"public_id": case_import.make_read(town).public_id}
    pages = ("import", "import_mapping", "import_errors")
    return dict.fromkeys((f"incidents:{page}" for page in pages), run) | {
        "incidents:entered": {"public_id": entered.public_id}
    }


def _disposals(town: Town) -> dict[str, dict[str, Any]]:
    """One disposal that is done, with its package, and a proposal that waits for the committee."""
    retention.make_rule(town)
    retention.closed_case(town)
    done = retention.carried_out(town, retention.approved(town))
    retention.closed_case(town)
    waiting = propose_disposal(authority=town.bodies["care"], by=town.archivist)
    steps = ("disposal", "disposal_keep", "disposal_decide", "disposal_carry_out", "disposal_log")
    return dict.fromkeys((f"incidents:{step}" for step in steps), {"public_id": waiting.public_id}) | {
        "incidents:disposal_package": {"public_id": done.public_id}
    }


def _risks(town: Town) -> dict[str, dict[str, Any]]:
    if not Scale.objects.filter(municipality=town.municipality).exists():
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
        "actionplans:share": about_draft,
        "actionplans:unshare": about_draft,
        "actionplans:measure_add": about_draft,
        "actionplans:submit": about_draft,
        "actionplans:withdraw": about_submitted,
        "actionplans:decide": about_submitted,
        "actionplans:minutes": about_submitted,
        "actionplans:measure_edit": {"public_id": measure.public_id},
        "actionplans:measure_remove": {"public_id": measure.public_id},
        "actionplans:measure": {"public_id": carried_out.public_id},
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


def _disclosure(town: Town, case: Incident) -> dict[str, Any]:
    """A refusal to disclose the case, by the head who has it in charge."""
    decided = disclosing.decide_disclosure(
        incident=case,
        asked=disclosing.Asked(on=clock.today(), what="Ärendet"),
        refused=True,
        masked={},
        shown=frozenset(),
        provision="OSL 39:3",
        reason="Uppgifterna rör en medarbetare.",
        by=town.head,
        submission_key=uuid.uuid4(),
    )
    return {"public_id": decided.public_id}


def _protection(town: Town) -> dict[str, dict[str, Any]]:
    """What is held about an employee, collected by the officer; its paper is not laid out."""
    export = exporting.ask_for_export(about=town.employee, by=town.data_protection_officer, submission_key=uuid.uuid4())
    assert export.job_id is not None
    with mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf()):
        run_job(export.job_id)
    about = {"public_id": export.public_id}
    return dict.fromkeys([f"incidents:person_export{file}" for file in ("", "_json", "_pdf")], about)
