"""A head of department fills a vacant seat: told on the start page, appoints by name, and the vacancy is gone.

Given a coordinator's seat that has stood vacant for 47 days, the head finds it under "My work", searches for a person,
gives the decision and the day, and sees who answers now. Nobody else was asked: the rule names the head.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from organisation import clock
from organisation.forms import choosing
from organisation.models import Appointment, SeatKind, SeatType
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import make_municipality, make_user

pytestmark = pytest.mark.django_db(transaction=True)
VACANT = re.compile("Fill the vacant seat: Säkerhetshandläggare, Äldreförvaltningen")


@pytest.fixture
def town(transactional_db, monkeypatch):
    """A town in which the coordinator's seat stands empty, and in which people are searched for as in a large one."""
    monkeypatch.setattr(choosing, "FEW", 2)
    made = make_municipality()
    types = SeatType.objects.filter(municipality=made.municipality, kind=SeatKind.DEPARTMENT_COORDINATOR)
    types.update(min_holders=1, max_holders=1, appointed_by="head")
    ended, begun = clock.today() - timedelta(days=47), clock.today() - timedelta(days=400)
    Appointment.objects.filter(seat=made.seats["coordinator"]).update(valid_from=begun, valid_to=ended)
    rebuild_vacancies(made.municipality)
    return made


@pytest.fixture
def head(town, new_page, live_server):
    def opened(**look):
        page = new_page(town.head, **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def test_the_head_appoints_a_coordinator_and_sees_the_vacancy_go(town, head, assert_accessible):
    siri = make_user(town.municipality, "Siri Samordnarsson")
    page = head()
    page.goto("/organisation/vacancies/")
    row = page.get_by_role("row").filter(has_text="Säkerhetshandläggare")
    expect(row).to_contain_text("47 days")
    expect(row).to_contain_text("Nils Påhittsson")
    page.goto("/")
    page.get_by_role("link", name=VACANT).click()
    assert_accessible(page)
    page.locator("[name=person_words]").fill("siri")
    page.get_by_label("Decision (optional)").fill("§ 12, ON 2026-14")
    page.get_by_role("button", name="Search").first.click()
    page.get_by_label("Siri Samordnarsson").check()
    expect(page.get_by_label("Decision (optional)")).to_have_value("§ 12, ON 2026-14")
    assert_accessible(page)
    page.get_by_role("button", name="Appoint", exact=True).click()

    expect(page).to_have_url(re.compile(f"/{town.seats['coordinator'].public_id}/$"))
    expect(page.get_by_text("Siri Samordnarsson").first).to_be_visible()
    assert_accessible(page)
    page.goto("/")
    expect(page.get_by_role("link", name=VACANT)).to_have_count(0)
    page.goto("/organisation/vacancies/")
    expect(page.get_by_role("row").filter(has_text="Säkerhetshandläggare")).to_have_count(0)
    page.goto("/organisation/")
    expect(page.get_by_text("Siri Samordnarsson").first).to_be_visible()
    made = Appointment.objects.get(seat=town.seats["coordinator"], person=siri)
    assert (made.valid_from, made.reference) == (clock.today(), "§ 12, ON 2026-14")


def test_on_a_phone_without_javascript(town, head):
    make_user(town.municipality, "Siri Samordnarsson")
    page = head(width=320, javascript=False)
    page.goto("/")
    page.get_by_role("link", name=VACANT).click()
    page.locator("[name=person_words]").fill("siri")
    page.locator("[name=search_in]").first.click()
    page.get_by_label("Siri Samordnarsson").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Appoint", exact=True).click()
    expect(page.get_by_text("Siri Samordnarsson").first).to_be_visible()


def test_control_another_departments_head_is_not_asked(town, new_page, live_server):
    page = new_page(town.other_head)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto("/")
    expect(page.get_by_role("link", name=VACANT)).to_have_count(0)
    assert page.goto(f"/organisation/seats/{town.seats['coordinator'].public_id}/appoint/").status == 403
