"""Representatives, requests, stops and shares in a real browser: small screens, dark, keyboard, without script."""

from datetime import timedelta

import pytest

from organisation import clock
from organisation.models import WorkEnvironmentRequest, WorkStop
from organisation.services.sharing import share_with_person
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality
from tests.factories.union import add_chief, file_request, give_area, mandate_of, note_union, reject, stop_work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A phone of today, and what its browser leaves of it.
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def town(transactional_db):
    return make_municipality()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_no_page_breaks_the_accessibility_rules(town, new_page, assert_accessible, width, dark):
    note_union(mandate_of(town.safety_representative))
    add_chief(town, "care-dept", "school-dept")
    waiting, rejected, stop = file_request(town), reject(file_request(town), by=town.unit_manager), stop_work(town)
    case = report(town, text="Något hände.")
    share_with_person(
        obj=case,
        person=town.other_head,
        reason="Samma besökare",
        until=clock.today() + timedelta(days=9),
        assessment="Ingen lider men",
        by=town.unit_manager,
    )
    mandate = f"/organisation/representatives/{mandate_of(town.safety_representative).public_id}/"
    looks = {
        "administrator": [
            "/organisation/representatives/?q=tall",
            "/organisation/representatives/without/",
            "/organisation/representatives/new/",
            mandate,
            f"{mandate}area/",
            f"{mandate}end/",
            "/organisation/shared/?state=all",
        ],
        "safety_representative": [
            "/",
            "/organisation/requests/",
            "/organisation/requests/new/",
            f"/organisation/requests/{waiting.public_id}/",
            f"/organisation/requests/{rejected.public_id}/refer/",
            "/organisation/stops/",
            "/organisation/stops/new/",
            f"/organisation/stops/{stop.public_id}/",
            f"/organisation/stops/{stop.public_id}/lift/",
            f"/organisation/bodies/{town.bodies['care-north'].public_id}/",
        ],
        "unit_manager": [
            f"/organisation/requests/{waiting.public_id}/answer/",
            f"/incidents/{case.public_id}/",
            f"/incidents/{case.public_id}/share/",
        ],
    }
    for role, addresses in looks.items():
        page = new_page(town.people[role], width=width, dark=dark)
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is too wide"
    page.goto(f"/organisation/requests/{waiting.public_id}/answer/")
    page.locator("main form button").click()
    page.wait_for_selector(".govuk-error-summary")
    assert_accessible(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_work_is_stopped_on_one_screen_of_a_phone(town, new_page, javascript):
    page = new_page(town.safety_representative, width=PHONE["width"], javascript=javascript)
    page.set_viewport_size(PHONE)
    page.goto("/organisation/stops/new/")
    send = page.locator("main form button")
    assert send.bounding_box()["y"] + send.bounding_box()["height"] <= PHONE["height"]
    page.locator("#id_work").fill("Lyft utan hjälpmedel")
    page.locator("#id_reason_0").check()
    send.click()
    page.wait_for_url("**/stops/*-*/")
    stop = WorkStop.objects.get()
    assert (stop.work, stop.body) == ("Lyft utan hjälpmedel", town.bodies["care-north"])


def test_a_stop_takes_no_mouse(town, new_page):
    page = new_page(town.safety_representative, width=320)
    page.goto("/organisation/stops/new/")
    page.locator("#id_work").focus()
    page.keyboard.type("Lyft")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stops/*-*/")
    assert WorkStop.objects.get().reason == "danger"


def test_an_area_is_chosen_by_search_without_script(town, new_page):
    add_chief(town)
    page = new_page(town.administrator, javascript=False)
    mandate = mandate_of(town.safety_representative)
    give_area(mandate, town.bodies["care-north"])
    note_union(mandate)
    page.goto(f"/organisation/representatives/{mandate.public_id}/area/")
    page.locator("#id_area_words").fill("björkhagen")
    page.locator("[name=search_in]").click()
    page.get_by_label("Björkhagens förskola").check()
    page.locator("main form .govuk-button-group button").click()
    page.wait_for_selector("h1:has-text('skyddsombud')")
    held = set(mandate.area.in_force(clock.today()).values_list("body__key", flat=True))
    assert held == {"care-north", "school-unit"}


def test_a_request_that_is_sent_twice_is_one(town, new_page):
    page = new_page(town.safety_representative)
    page.goto("/organisation/requests/new/")
    page.locator("#id_text").fill("Larm")
    page.locator("#id_reason").fill("Två hot")
    page.locator("main form .govuk-button-group button").click()
    page.wait_for_url("**/requests/*-*/")
    page.go_back()
    page.locator("#id_text").fill("Larm")
    page.locator("#id_reason").fill("Två hot")
    page.locator("main form .govuk-button-group button").click()
    page.wait_for_url("**/requests/*-*/")
    assert WorkEnvironmentRequest.objects.count() == 1
