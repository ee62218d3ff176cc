"""The pages of the follow-up in a real browser: accessible at both widths and themes, and usable without script."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from followup.models import Edition, Report
from followup.services import start_report
from tests.factories.followup import YEAR, make_followed_up_town
from tests.factories.organisation import Town
from tests.followup.making import finish


@pytest.fixture
def town(transactional_db: None, on_the_day: date) -> Town:
    return make_followed_up_town()


def started(town: Town, edition: str) -> Report:
    return start_report(municipality=town.municipality, year=YEAR, edition=edition, by=town.safety_coordinator)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_every_page_is_accessible(
    town: Town,
    files: Path,
    quick_pdf: None,
    new_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    width: int,
    dark: bool,
) -> None:
    ready = finish(started(town, Edition.SECRET))
    making = started(town, Edition.PUBLIC)
    page = new_page(town.safety_coordinator, width=width, dark=dark)
    for name, args in (("reports", []), ("report", [making.public_id]), ("summary", [ready.public_id])):
        page.goto(reverse(f"followup:{name}", args=args))
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_report_is_started_and_found_again_without_script(
    town: Town, files: Path, quick_pdf: None, new_page: Callable[..., Page]
) -> None:
    page = new_page(town.safety_coordinator, javascript=False)
    page.goto(reverse("followup:reports"))
    page.select_option("select[name=year]", str(YEAR))
    page.check("input[name=edition][value=secret]")
    page.click("main form button[type=submit]")
    report = Report.objects.get()
    assert str(report.public_id) in page.url
    finish(report)
    page.goto(reverse("followup:reports"))
    page.click(f"a[href='{reverse('followup:summary', args=[report.public_id])}']")
    assert page.locator("h1").inner_text()


def test_progress_renews_itself(
    town: Town, files: Path, quick_pdf: None, new_page: Callable[..., Page], settings: Any
) -> None:
    report = started(town, Edition.SECRET)
    page = new_page(town.safety_coordinator)
    page.goto(reverse("followup:report", args=[report.public_id]))
    assert page.locator("progress").get_attribute("value") == "0"
    finish(report)
    page.wait_for_selector(f"a[href='{reverse('followup:summary', args=[report.public_id])}']", timeout=15_000)
    assert page.locator("progress").get_attribute("value") == "9"
