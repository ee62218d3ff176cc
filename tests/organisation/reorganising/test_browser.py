"""Reorganising in a real browser: every step without accessibility findings, by keyboard, and without JavaScript."""

import pytest
from django.urls import reverse

from organisation import clock
from organisation.forms import choosing
from organisation.models import BodyKind
from organisation.services.reorganising import rename_body
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body, make_order
from tests.organisation.reorganising.reading import fresh, parent_on

pytestmark = pytest.mark.django_db(transaction=True)

SUBMIT = "main form button.govuk-button:not(.govuk-button--secondary)"


@pytest.fixture(autouse=True)
def many_to_choose_among(monkeypatch):
    """Let a town of few bodies be searched like a large one."""
    monkeypatch.setattr(choosing, "FEW", 2)


def address(town, verb: str, key: str = "care-north") -> str:
    return reverse(f"organisation:{verb}", args=[town.bodies[key].public_id])


@pytest.fixture
def steps(town):
    """Each state that is reached by sending a form: its page, and what is done there."""
    make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"])
    rebuild_closure(town.municipality)
    rename_body(body=town.bodies["care-south"], name="Tallmon", order=make_order(town, reference="§ 3"))

    def search(page, words: str) -> None:
        page.fill("[name$=_words] >> nth=0", words)
        page.click("[name=search_in] >> nth=0")

    def check_of_a_close(page) -> None:
        search(page, "tallmon")
        page.fill("[name=reference]", "§ 12, KF 2026-14")
        page.click(SUBMIT)

    def shares(page) -> None:
        page.fill("[name=parts]", "Dag\nNatt")
        page.click(SUBMIT)

    def shares_with_errors(page) -> None:
        shares(page)
        page.click(SUBMIT)

    return [
        (address(town, "close"), lambda page: page.click(SUBMIT)),
        (address(town, "close"), lambda page: search(page, "förvaltning")),
        (address(town, "close"), lambda page: search(page, "finns inte")),
        (address(town, "close"), check_of_a_close),
        (address(town, "merge"), lambda page: search(page, "a")),
        (address(town, "split"), shares),
        (address(town, "split", "care-dept"), shares_with_errors),
        (reverse("organisation:changes"), lambda _page: None),
        (address(town, "body", "care-south"), lambda _page: None),
        (reverse("organisation:tree") + "?all=on&on=2026-01-02", lambda _page: None),
    ]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_every_state_is_accessible(town, steps, new_page, assert_accessible, width, dark):
    page = new_page(town.administrator, width=width, dark=dark)
    for url, act in steps:
        page.goto(url)
        act(page)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url


def test_a_unit_is_moved_without_javascript(town, new_page):
    page = new_page(town.administrator, width=320, javascript=False)
    page.goto(address(town, "move"))
    page.fill("[name=parent_words]", "utbildningsförv")
    page.fill("[name=reference]", "§ 12, KF 2026-14")
    page.click("[name=search_in]")
    assert page.input_value("[name=reference]") == "§ 12, KF 2026-14"
    assert page.locator("[name=parent]").count() == 1
    assert page.evaluate("document.activeElement.name") == "parent"
    page.click(SUBMIT)
    page.click("button[value=confirm]")
    assert page.url.endswith(reverse("organisation:body", args=[town.bodies["care-north"].public_id]))
    assert parent_on(town.bodies["care-north"], clock.today()) == "school-dept"


def test_enter_in_the_search_searches_and_elsewhere_goes_on(town, new_page):
    """The search's own button is not the one that Enter presses in another field."""
    page = new_page(town.administrator)
    page.goto(address(town, "close"))
    page.fill("[name=successor_words]", "tallmon")
    page.press("[name=successor_words]", "Enter")
    assert page.locator("[name=successor]").is_checked()
    page.fill("[name=reference]", "§ 1")
    page.press("[name=reference]", "Enter")
    page.locator("button[value=confirm]").wait_for()
    page.click("button[value=confirm]")
    assert fresh(town.bodies["care-north"]).successor == town.bodies["care-south"]
