"""A police officer in a risk-management group (R207): she sees her group and what is shared with it, until she leaves.

Given a group whose convener adds her by name and e-mail, she logs in, reads the notes and the shared plan, and does her
action. When her membership ends, her next request shows nothing.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from organisation import clock
from organisation.models import GroupAction, GroupMeeting, User
from organisation.services.appointing import end_appointment
from organisation.services.sharing import share_with_group
from tests.factories import actionplans as plans
from tests.factories.groups import make_matter
from tests.factories.organisation import PASSWORD, make_municipality

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "paula.patrullen@polisen.example.se"


@pytest.fixture
def town(transactional_db):
    return make_municipality()


@pytest.fixture
def read_by(new_page, live_server):
    """Open a page as someone, in English."""

    def opened(person=None, **look) -> Page:
        page = new_page(person, **look)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def fill_day(page: Page, name: str, day) -> None:
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name={name}_{part}]").fill(str(value))


def add_the_officer(page: Page, town) -> User:
    """The convener adds her: name, address at work, organisation."""
    page.goto(f"/organisation/groups/{town.bodies['group'].public_id}/")
    page.get_by_role("link", name="Add someone from outside").click()
    page.get_by_label("What is the person's name?").fill("Paula Patrullén")
    page.get_by_label("The person's e-mail address at work").fill(EMAIL)
    page.get_by_label("Which organisation does the person represent?").fill("Polisen i Exempelby")
    page.get_by_role("button", name="Add the member").click()
    expect(page.get_by_text("Paula Patrullén sits in the group")).to_be_visible()
    return User.objects.get(email=EMAIL)


def write_the_notes(page: Page, town) -> None:
    """The convener writes what was decided, and what Paula does."""
    page.goto(f"/organisation/groups/{town.bodies['group'].public_id}/meetings/new/")
    page.get_by_label("Paula Patrullén").check()
    page.get_by_label("Notes").fill("Läget vid resecentrum är lugnare än i våras.")
    page.locator("[name=decisions-0-text]").fill("Gruppen går en trygghetsvandring i oktober.")
    page.locator("[name=actions-0-what]").fill("Ta fram karta över anmälda brott")
    page.locator("[name=actions-0-who]").select_option(label="Paula Patrullén")
    fill_day(page, "actions-0-due_on", clock.today() + timedelta(days=20))
    page.get_by_role("button", name="More rows for actions").click()
    expect(page.locator("[name=actions-4-what]")).to_be_visible()
    page.locator("[name=actions-4-what]").fill("Byt lamporna i gångtunneln")
    page.get_by_role("button", name="Save the notes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 decision and 2 actions")


def test_the_officer_sees_her_group_until_she_leaves(town, read_by, assert_accessible):
    convener = read_by(town.group_leader)
    officer = add_the_officer(convener, town)
    assert_accessible(convener)
    write_the_notes(convener, town)
    assert_accessible(convener)
    plan = plans.make_in_force(town).plan
    share_with_group(
        obj=plan,
        group=town.bodies["group"],
        reason="Gruppen ger råd om planen.",
        until=clock.today() + timedelta(days=60),
        by=town.safety_coordinator,
    )
    matter = make_matter(town)
    officer.set_password(PASSWORD)
    officer.save()

    page = read_by(width=820)
    page.goto("/")
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    menu = page.get_by_role("navigation", name="Main menu").get_by_role("link")
    assert menu.all_inner_texts() == ["My work", "My groups"]
    assert_accessible(page)

    page.get_by_role("link", name="My groups").click()
    assert_accessible(page)
    page.get_by_role("link", name="Riskhanteringsgruppen").click()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(str(clock.today().year))).first.click()
    expect(page.get_by_text("Läget vid resecentrum är lugnare än i våras.")).to_be_visible()
    assert_accessible(page)
    page.go_back()
    page.get_by_role("link", name=plan.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(plan.title)
    assert page.locator("main a[href$='/edit/'], main form").count() == 0
    assert_accessible(page)

    for hidden in ("/organisation/", "/risks/", "/documents/", "/incidents/", "/organisation/matters/", "/followup/"):
        assert page.goto(hidden).status == 403, hidden
    for hidden in (f"/organisation/matters/{matter.public_id}/", f"/organisation/bodies/{plan.body.public_id}/"):
        assert page.goto(hidden).status == 404, hidden

    page.goto("/")
    page.get_by_role("link", name="Ta fram karta över anmälda brott").click()
    page.get_by_role("button", name="Note as done").click()
    page.get_by_label("What was done?").fill("Kartan är skickad.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kartan är skickad.")).to_be_visible()
    assert GroupAction.objects.get(person=officer).done_on == clock.today()

    held = town.seats["outside_member"].appointments.get(person=officer)
    end_appointment(appointment=held, on=clock.today(), by=town.group_leader)
    assert page.reload().status == 404
    assert page.goto(f"/plans/{plan.public_id}/").status == 404
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You hold no seat now")
    assert page.get_by_role("navigation", name="Main menu").count() == 0
    assert_accessible(page)


def test_the_notes_are_written_without_javascript_on_a_phone(town, read_by):
    page = read_by(town.group_leader, width=320, javascript=False)
    page.goto(f"/organisation/groups/{town.bodies['group'].public_id}/meetings/new/")
    page.locator("[name=decisions-0-text]").fill("Beslut ett")
    page.get_by_role("button", name="More rows for decisions").click()
    page.locator("[name=decisions-4-text]").fill("Beslut två")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Save the notes").click()
    assert [row.text for row in GroupMeeting.objects.get().decisions.all()] == ["Beslut ett", "Beslut två"]
