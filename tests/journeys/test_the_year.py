"""The yearly round in a browser, each step by the right person, each page looked at by axe.

Given a municipality with its own scale and areas, an employee reports a threat from a phone, the manager answers,
the coordinator logs a risk and prepares the committee's plan, the secretary records the decision, the board reads.
"""

import re

import pytest
from playwright.sync_api import expect

from actionplans.models import PlanVersion, VersionState
from followup.models import Report, ReportState
from incidents.models import Incident, IncidentState
from risks.models import Risk
from tests.factories import actionplans as plans
from tests.factories import incidents, risks
from tests.factories.organisation import make_municipality
from tests.services.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db):
    made = make_municipality()
    risks.make_scale(made.municipality)
    risks.make_dimensions(made.municipality)
    risks.make_areas(made.municipality)
    return made


@pytest.fixture
def read_by(new_page, live_server):
    """Open a page as someone, in English."""

    def opened(person, **look):
        page = new_page(person, **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def test_an_employee_reports_a_threat_from_a_phone(town, read_by, assert_accessible):
    phone = read_by(town.employee, width=320)
    phone.goto("/r/")
    assert_accessible(phone)
    phone.get_by_label("Threat", exact=True).check()
    phone.get_by_label("Just now").check()
    phone.get_by_role("textbox").first.fill("Någon sa att de väntar utanför.")
    phone.get_by_role("button", name="Send now").click()
    expect(phone).to_have_url(re.compile("/r/receipt/"))
    incident = Incident.objects.get()
    expect(phone.get_by_text(incident.label)).to_be_visible()
    expect(phone.get_by_text("Maja Exempelsson").first).to_be_visible()
    assert_accessible(phone)
    receipt = phone.url
    # Back and send again, and a reload: the same report, the same receipt.
    phone.go_back()
    phone.get_by_role("button", name="Send now").click()
    expect(phone).to_have_url(receipt)
    phone.reload()
    expect(phone.get_by_text(incident.label)).to_be_visible()
    assert Incident.objects.count() == 1


def test_the_unit_manager_reads_and_answers(town, read_by, assert_accessible):
    incident = incidents.report(town, text="Någon sa att de väntar utanför.")
    page = read_by(town.unit_manager)
    page.goto("/")
    expect(page.get_by_text(incident.label).first).to_be_visible()
    assert_accessible(page)
    page.goto("/incidents/")
    page.get_by_role("link", name=incident.label).click()
    expect(page.get_by_text("Någon sa att de väntar utanför.")).to_be_visible()
    page.get_by_label(re.compile("Answer", re.IGNORECASE)).first.fill("Vi har bytt lås och går två.")
    page.get_by_role("button", name=re.compile("close", re.IGNORECASE)).first.click()
    assert_accessible(page)
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED
    reporter = read_by(town.employee, width=320)
    reporter.goto(f"/incidents/{incident.public_id}/")
    expect(reporter.get_by_text("Vi har bytt lås och går två.")).to_be_visible()
    assert_accessible(reporter)


def test_the_coordinator_logs_a_risk_and_sees_it_in_the_matrix(town, read_by, assert_accessible):
    page = read_by(town.coordinator)
    page.goto("/risks/new/")
    page.get_by_label("What can happen, and to whom?").fill("Personal som arbetar ensam på natten kan bli hotad")
    page.get_by_label("Unit", exact=True).select_option(label="Ängsgläntans hemtjänst")
    page.get_by_label("4 Sannolik", exact=False).first.check()
    for group in page.get_by_role("group").all():
        choice = group.get_by_label("4 Allvarlig", exact=False)
        if choice.count() == 1:
            choice.check()
    page.get_by_label("Don't know").check()
    page.get_by_role("button", name="Save the risk", exact=True).click()
    expect(page).to_have_url(re.compile(r"/risks/[0-9a-f-]{36}/"))
    risk = Risk.objects.get()
    assert risk.cell_before == "4x4"
    assert_accessible(page)
    page.goto("/risks/")
    assert_accessible(page)
    expect(page.get_by_role("link", name="Personal som arbetar ensam på natten kan bli hotad")).to_be_visible()


def test_the_secretary_records_what_the_meeting_decided(town, read_by, assert_accessible):
    version = plans.make_submitted(town)
    page = read_by(town.committee_secretary)
    page.goto(f"/plans/{version.plan.public_id}/decision/")
    assert_accessible(page)
    page.get_by_label("Approve", exact=True).check()
    day = plans.yesterday()
    page.get_by_label("Day").first.fill(str(day.day))
    page.get_by_label("Month").first.fill(str(day.month))
    page.get_by_label("Year").first.fill(str(day.year))
    page.get_by_label("§", exact=False).first.fill("139/2026")
    page.locator("main form button[type=submit]").first.click()
    assert_accessible(page)
    page.locator("main form button[type=submit]").first.click()
    version = PlanVersion.objects.get(pk=version.pk)
    assert version.state == VersionState.PRELIMINARY
    page.goto(f"/plans/{version.plan.public_id}/minutes/")
    today = plans.clock.today()
    page.get_by_label("Day").first.fill(str(today.day))
    page.get_by_label("Month").first.fill(str(today.month))
    page.get_by_label("Year").first.fill(str(today.year))
    page.locator("main form button[type=submit]").first.click()
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE
    assert version.hash_matches()
    # The politician reads it on a tablet, and finds nothing to change.
    tablet = read_by(town.committee_member, width=820)
    tablet.goto(f"/plans/{version.plan.public_id}/")
    expect(tablet.get_by_text("139/2026").first).to_be_visible()
    assert tablet.locator("main a[href$='/edit/'], main form").count() == 0
    assert_accessible(tablet)


def test_the_board_follows_the_report_and_opens_it(town, read_by, assert_accessible, worker):
    """Started by the coordinator, watched by the board, made by a real worker; the page can be left and found again."""
    coordinator = read_by(town.safety_coordinator)
    coordinator.goto("/followup/")
    assert_accessible(coordinator)
    coordinator.get_by_role("button", name="Start the report").click()
    member = read_by(town.board_member)
    member.goto(coordinator.url)
    assert_accessible(member)
    report = wait_until(lambda: Report.objects.filter(state=ReportState.READY).first(), seconds=90, what="the report")
    member.goto(f"/followup/{report.public_id}/summary/")
    assert_accessible(member)
    answer = member.request.get(f"/followup/{report.public_id}/pdf/")
    assert answer.body().startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"


def test_people_of_another_municipality_find_nothing(town, read_by):
    incident = incidents.report(town)
    neighbour = make_municipality("Grannby kommun")
    page = read_by(neighbour.safety_coordinator)
    for address in (f"/incidents/{incident.public_id}/", f"/organisation/bodies/{town.bodies['care'].public_id}/"):
        assert page.goto(address).status == 404


def test_every_step_works_without_javascript(town, new_page, live_server):
    page = new_page(town.employee, width=320, javascript=False)
    page.goto("/r/")
    page.locator("input[type=radio]").first.check()
    page.locator("input[name=occurred_when]").first.check()
    page.locator("main button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/r/receipt/"))
    assert Incident.objects.get().label in page.content()
