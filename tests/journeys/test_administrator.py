"""A municipality's administrator: imports people from the staff system, then merges two units, with a real worker.

Given a staff list that lacks one who held a seat, the administrator sees what would change, confirms, and finds what is
handed over. Then a unit closes into its neighbour from today: what goes along is shown first, and the manager there
sees the case on the next request.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from organisation.forms import choosing
from organisation.models import Body, SeatKind, User
from tests.factories import incidents
from tests.factories.importing import csv_of
from tests.factories.importing import run as import_now
from tests.factories.organisation import Town, appoint, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MAJA = "100;Maja Exempelsson;{email};care-north;;"
NEW = "101;Nora Nyanställdén;nora@exempelby.example.se;care-south;;"


@pytest.fixture
def town(transactional_db, monkeypatch) -> Town:
    """A town whose unit manager is known by a personnel id, with a neighbour unit and its own manager."""
    monkeypatch.setattr(choosing, "FEW", 2)
    made = make_municipality()
    import_now(made.municipality, people=[MAJA.format(email="ny.adress@exempelby.example.se")])
    left = User.objects.get(external_id="100")
    appoint(left, make_seat(made.bodies["care-south"], SeatKind.UNIT_OMBUD))
    neighbour = make_user(made.municipality, "Stina Söderdahl")
    appoint(neighbour, make_seat(made.bodies["care-south"], SeatKind.UNIT_MANAGER))
    made.people["neighbour_manager"] = neighbour
    return made


@pytest.fixture
def read_by(new_page, live_server):
    """Open a page as someone, in English."""

    def opened(person, **look) -> Page:
        page = new_page(person, **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def test_a_staff_list_is_imported(town, read_by, worker, tmp_path: Path, assert_accessible):
    path = tmp_path / "personal.csv"
    path.write_bytes(csv_of("people", NEW).decode().encode("cp1252"))
    page = read_by(town.administrator)
    page.goto("/organisation/administer/")
    assert_accessible(page)
    page.get_by_role("link", name="Import from files").click()
    page.get_by_label("People", exact=True).set_input_files(str(path))
    page.get_by_label(re.compile("full list")).check()
    page.get_by_role("button", name="See what they would change").click()
    # The page follows the worker by itself.
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name="See the result").click()
    expect(heading).to_have_text("The files would add 1, change 0 and end 1")
    expect(page.get_by_text("Nora Nyanställdén")).to_be_visible()
    assert_accessible(page)
    assert not User.objects.filter(external_id="101").exists()
    for seen in page.get_by_label(re.compile("I have seen")).all():
        seen.check()
    page.get_by_role("button", name="Write the changes").click()
    page.get_by_role("button", name="See the result").click()
    expect(heading).to_have_text("Written: 1 added, 0 changed and 1 ended")
    expect(page.get_by_role("heading", name="To hand over after those who left")).to_be_visible()
    assert_accessible(page)
    gone = User.objects.get(external_id="100")
    assert not gone.is_active
    assert User.objects.get(external_id="101").name == "Nora Nyanställdén"


def test_a_unit_closes_into_its_neighbour(town, read_by, assert_accessible):
    case = incidents.report(town, by="employee", at="care-north", text="Någon skrek i receptionen.")
    neighbour = read_by(town.neighbour_manager)
    assert neighbour.goto(f"/incidents/{case.public_id}/").status == 404
    page = read_by(town.administrator)
    page.goto("/organisation/tree/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Äldrenämnden$")).last.click()
    page.get_by_role("link", name="Ängsgläntans hemtjänst").first.click()
    page.get_by_role("link", name="Reorganise").click()
    page.get_by_role("link", name=re.compile("^Close")).click()
    page.locator("[name=successor_words]").fill("tallmo")
    page.get_by_role("button", name="Search").first.click()
    page.get_by_label(re.compile("Tallmo")).check()
    page.get_by_label("Decision (optional)").fill("§ 44, ON 2026-31")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("heading", name="What goes along")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=re.compile("case|incident", re.IGNORECASE)).first).to_contain_text(
        "1"
    )
    expect(page.get_by_role("heading", name=re.compile("leave"))).to_be_visible()
    assert_accessible(page)
    # Nothing has changed before it is confirmed.
    assert neighbour.goto(f"/incidents/{case.public_id}/").status == 404
    page.get_by_role("button", name="Make the change").click()
    assert_accessible(page)
    assert Body.objects.get(pk=town.bodies["care-north"].pk).successor == town.bodies["care-south"]
    # Who took over sees the case on the next request; the administrator reads it neither before nor after.
    assert neighbour.goto(f"/incidents/{case.public_id}/").status == 200
    expect(neighbour.get_by_text("Någon skrek i receptionen.")).to_be_visible()
    assert page.goto(f"/incidents/{case.public_id}/").status == 404
    former = read_by(town.unit_manager)
    assert former.goto(f"/incidents/{case.public_id}/").status == 404
