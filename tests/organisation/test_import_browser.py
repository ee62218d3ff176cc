"""An import in a browser, on a narrow screen and without JavaScript; each state looked at by axe in both themes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from organisation.models import ImportRun, SeatKind, User
from organisation.services.people import end_person
from tests.factories import incidents
from tests.factories.importing import carry_out, csv_of
from tests.factories.importing import run as import_now
from tests.factories.organisation import Town, appoint, make_municipality, make_seat

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = "100;Anna Provgren;anna@exempelby.example.se;care-north"


@pytest.fixture
def town(transactional_db: None) -> Town:
    return make_municipality()


@pytest.fixture
def read_by(new_page, live_server):
    """Open a page as someone, in English."""

    def opened(person, **look):
        page = new_page(person, **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


@pytest.fixture
def file(tmp_path: Path):
    def write(*rows: str) -> str:
        path = tmp_path / "people.csv"
        path.write_bytes(csv_of("people", *rows))
        return str(path)

    return write


@pytest.fixture
def fits(assert_accessible):
    def check(page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        assert_accessible(page)

    return check


def do_the_job() -> None:
    carry_out(ImportRun.objects.latest("pk"))


def test_the_whole_import_without_javascript(town, read_by, file, fits):
    import_now(town.municipality, people=[ANNA, "101;Bo;bo@exempelby.example.se;care-north"])
    bo = User.objects.get(external_id="101")
    appoint(bo, make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER))
    case = incidents.report(town, by="employee", at="care-south", text="Hemligt")
    page = read_by(town.administrator, width=320, dark=True, javascript=False)
    page.goto("/organisation/administer/")
    page.get_by_role("link", name="Import from files").click()
    page.get_by_label("People", exact=True).set_input_files(file("100;;anna;nowhere"))
    page.get_by_role("button", name="See what they would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The files are being read")
    # Without script the page asks again by itself.
    assert page.locator("noscript meta[http-equiv=refresh]").count() or 'http-equiv="refresh"' in page.content()
    do_the_job()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 things are wrong|2 things are wrong"))
    page.get_by_role("button", name="Discard the files").click()
    page.get_by_label("People", exact=True).set_input_files(file(ANNA))
    page.get_by_label(re.compile("full list")).check()
    page.get_by_role("button", name="See what they would change").click()
    do_the_job()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("The files would add 0, change 0 and end 1")
    page.get_by_role("button", name="Write the changes").click()
    do_the_job()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Written: 0 added, 0 changed and 1 ended")
    expect(page.get_by_text(f"Open cases: {case.label}")).to_be_visible()
    expect(page.get_by_text("Hemligt")).to_have_count(0)


@pytest.mark.parametrize("look", [{"width": 1280}, {"width": 320, "dark": True}], ids=["wide", "narrow"])
def test_every_state_is_accessible(town, read_by, file, fits, look):
    page = read_by(town.administrator, **look)

    def give(*rows: str, full: bool = False) -> None:
        page.goto("/organisation/imports/")
        page.get_by_label("People", exact=True).set_input_files(file(*rows))
        if full:
            page.get_by_label(re.compile("full list")).check()
        page.get_by_role("button", name="See what they would change").click()

    page.goto("/organisation/imports/")
    page.get_by_text("Which columns the files have").click()
    fits(page)
    page.get_by_role("button", name="See what they would change").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one file.")
    fits(page)
    give("100;;anna;nowhere")
    fits(page)
    do_the_job()
    page.reload()
    fits(page)
    give(*(f"{n};P {n};p{n}@exempelby.example.se;care-north" for n in range(12)))
    do_the_job()
    page.reload()
    fits(page)
    page.get_by_role("button", name="Write the changes").click()
    fits(page)
    do_the_job()
    page.reload()
    fits(page)
    give("0;P 0;p0@exempelby.example.se;care-north", full=True)
    do_the_job()
    page.reload()
    page.get_by_role("button", name="Write the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick that you have seen how many leave.")
    fits(page)


@pytest.mark.parametrize("look", [{"width": 1280}, {"width": 320, "dark": True}], ids=["wide", "narrow"])
def test_people_and_hand_over_are_accessible(town, read_by, fits, look):
    incidents.report(town, by="employee", at="care-north", text="x")
    page = read_by(town.administrator, **look)
    person = f"/organisation/people/{town.unit_manager.public_id}/"
    for address in ("/organisation/people/?q=nobody", "/organisation/people/?state=all", f"{person}end/"):
        page.goto(address)
        fits(page)
    page.goto("/organisation/people/new/")
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in “Name”.")
    fits(page)
    end_person(person=town.unit_manager, by=town.administrator)
    page.goto(person)
    fits(page)
    head = read_by(town.head, **look)
    head.goto("/")
    head.get_by_role("link", name="Hand over after Maja Exempelsson").click()
    fits(head)
