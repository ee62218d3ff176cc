"""A unit manager handles a threat to its closing, and the safety representative is told that something happened.

Given a report of violence with an injury, the manager finds it under "My work", opens it, decides whether it must be
notified, offers support, asks the reporter, notes what was done and closes with an answer. The safety representative
has had a mail with the number alone, and reads no text.
"""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from incidents.models import Incident, NoticeState
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.models import User
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "En besökare slog mig på armen."
ANSWER = "Vi har pratat med besökaren och ändrat rutinen i receptionen."


@pytest.fixture
def town(transactional_db):
    made = make_municipality()
    for role in ("unit_manager", "safety_representative", "employee"):
        User.objects.filter(pk=made.people[role].pk).update(email=f"{role}@kommun.local")
        made.people[role].refresh_from_db()
    return made


@pytest.fixture
def case(town):
    made = report(town, kind="violence", text=TEXT)
    Incident.objects.filter(pk=made.pk).update(affected="employee", injury="physical", injury_degree="serious")
    made.refresh_from_db()
    return made


@pytest.fixture
def open_as(town, new_page, live_server):
    def opened(role, **look):
        page = new_page(town.people[role], **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def deliver_all() -> None:
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        deliver_message(message.pk)


def test_from_my_work_to_closing(town, case, open_as, assert_accessible):
    page = open_as("unit_manager")
    page.goto("/")
    page.get_by_role("link", name=re.compile(case.label)).first.click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    assert_accessible(page)

    page.goto(f"/incidents/{case.public_id}/answers/")
    assert_accessible(page)
    page.goto(f"/incidents/{case.public_id}/support/")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("ffer")).first.click()
    assert case.support_offers.exists()

    page.goto(f"/incidents/{case.public_id}/messages/")
    page.locator("main textarea").first.fill("Hur mår du i dag?")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Hur mår du i dag?")).to_be_visible()
    assert_accessible(page)

    page.goto(f"/incidents/{case.public_id}/")
    for notice in case.notices.filter(state=NoticeState.TO_DECIDE):
        page.goto(f"/incidents/{case.public_id}/notices/{notice.public_id}/decide/")
        assert_accessible(page)
        page.locator("main input[type=radio]").last.check()
        page.locator("main textarea").first.fill("Ingen allvarlig skada.")
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".govuk-error-summary")).to_have_count(0)

    page.goto(f"/incidents/{case.public_id}/")
    page.locator("[name=close-feedback]").fill(ANSWER)
    page.get_by_role("button", name="Answer and close the case").click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    case.refresh_from_db()
    assert case.is_closed
    assert case.closed_at
    assert case.first_answered_at

    reporter = open_as("employee", width=320)
    reporter.goto(f"/incidents/{case.public_id}/")
    expect(reporter.get_by_text(ANSWER).first).to_be_visible()
    assert_accessible(reporter)


def test_the_safety_representative_is_told_and_reads_no_text(town, case, open_as, assert_accessible):
    deliver_all()
    told = [one for one in mail.outbox if one.to == ["safety_representative@kommun.local"]]
    assert len(told) == 1
    assert case.label in told[0].body
    assert TEXT not in f"{told[0].subject} {told[0].body}"
    assert town.employee.name not in f"{told[0].subject} {told[0].body}"

    page = open_as("safety_representative", width=320)
    page.goto("/incidents/")
    page.get_by_role("link", name=case.label).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(town.bodies["care-north"].name)
    expect(page.get_by_text(TEXT)).to_have_count(0)
    expect(page.get_by_text(town.employee.name)).to_have_count(0)
    expect(page.get_by_role("button", name="Answer and close the case")).to_have_count(0)
    assert_accessible(page)
