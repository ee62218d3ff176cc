"""The report flow in a real browser: few keystrokes, no script needed, nothing for the accessibility rules to find."""

import re

import pytest

from incidents.models import Incident
from tests.factories.incidents import make_incidents, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYSTROKES = 12
SMALLEST_TARGET = 44


@pytest.fixture
def address(town):
    return f"/r/{town.bodies['care-north'].report_code}/"


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")


def tab_to(page, name):
    """Press Tab until the control called ``name`` has focus; return how many it took."""
    for pressed in range(1, 20):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return pressed
    raise AssertionError(f"no way to {name} by keyboard")


def test_a_report_takes_at_most_twelve_keystrokes(town, new_page, address):
    page = new_page(town.employee, width=320)
    page.goto(address)
    strokes = tab_to(page, "kind")
    page.keyboard.press("Space")
    strokes += 1 + tab_to(page, "occurred_when")
    page.keyboard.press("Space")
    strokes += 1 + tab_to(page, page.get_by_role("button").filter(has_text=re.compile("Skicka|Send")).inner_text())
    page.keyboard.press("Enter")
    strokes += 1
    page.wait_for_url("**/receipt/**")
    assert strokes <= MOST_KEYSTROKES
    assert Incident.objects.get().occurred_when == "just_now"


@pytest.mark.parametrize("javascript", [True, False])
def test_another_day_asks_for_the_date_also_without_script(town, new_page, address, javascript):
    page = new_page(town.employee, width=320, javascript=javascript)
    page.goto(address)
    day = page.locator("[name=occurred_on_day]")
    assert not day.is_visible()
    page.locator("#id_kind_0").check()
    page.locator("#id_occurred_when_2").check()
    assert day.is_visible()
    for part, value in (("day", "2"), ("month", "3"), ("year", "2026")):
        page.locator(f"[name=occurred_on_{part}]").fill(value)
    page.locator("form[action^='/r/'] button").click()
    page.wait_for_url("**/receipt/**")
    assert Incident.objects.get().occurred_on.isoformat() == "2026-03-02"


def test_back_and_send_again_gives_the_same_receipt(town, new_page, address):
    page = new_page(town.employee)
    page.goto(address)
    page.locator("#id_kind_1").check()
    page.locator("#id_occurred_when_0").check()
    page.locator("form[action^='/r/'] button").click()
    page.wait_for_url("**/receipt/**")
    receipt = page.url
    page.reload()
    assert page.url == receipt
    assert Incident.objects.count() == 1


def test_every_target_is_large_enough_for_a_shaking_thumb(town, new_page, address):
    page = new_page(town.employee, width=320)
    page.goto(address)
    small = page.evaluate(
        """least => [...document.querySelectorAll("main form button, main .govuk-radios__item, main textarea")]
           .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < least)
           .map(one => one.outerHTML.slice(0, 80))""",
        SMALLEST_TARGET,
    )
    assert small == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_of_the_flow_breaks_the_accessibility_rules(town, new_page, address, assert_accessible, width, dark):
    incident = report(town, text="Något hände.")
    make_incidents(town.bodies["care-north"], 3, serious=True)
    employee = new_page(town.employee, width=width, dark=dark)
    for path in ("/r/?all=1&q=hem", address, f"/r/receipt/{incident.public_id}/", "/incidents/mine/"):
        _check(employee, path, assert_accessible)
    employee.goto(address)
    employee.locator("form[action^='/r/'] button").click()
    employee.wait_for_selector(".govuk-error-summary")
    assert_accessible(employee)
    manager = new_page(town.unit_manager, width=width, dark=dark)
    for path in ("/incidents/", "/incidents/?kind=fire", f"/incidents/{incident.public_id}/"):
        _check(manager, path, assert_accessible)


def _check(page, path, assert_accessible):
    page.goto(path)
    assert_accessible(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
