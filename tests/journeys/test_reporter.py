"""An upset employee reports on a phone: by keyboard alone, with a picture, and comes back with the code.

Given a phone's screen and a workplace's poster, one screen is a whole report; whoever wants tells more, adds a
picture and checks the answers. The receipt has a number and a code; with the code the report is followed without
log-in. A session that ends loses nothing that was typed, and gives it back to the same person alone.
"""

import io
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import expect

from incidents import services
from incidents.models import Incident, Message
from organisation.models import Ruleset
from tests.factories.incidents import read
from tests.factories.organisation import PASSWORD, make_municipality

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320}
TYPED = "Någon skrek åt mig i receptionen."


@pytest.fixture
def town(transactional_db):
    return make_municipality()


@pytest.fixture
def poster(town):
    return f"/r/{town.bodies['care-north'].report_code}/"


@pytest.fixture
def phone(new_page, live_server):
    """Open a phone's browser in English, for a person or for nobody."""

    def opened(person=None, **look):
        page = new_page(person, **(PHONE | look))
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        return page

    return opened


def picture() -> dict:
    """A photograph as a phone makes it."""
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "#446688").save(made, "JPEG")
    return {"name": "IMG_0412.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def tab_to(page, words: str) -> None:
    """Press Tab until what has focus is called ``words``."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.name + ' ' + document.activeElement.textContent.trim()"):
            return
    raise AssertionError(f"no way to {words} by keyboard")


def test_a_quick_report_by_keyboard_alone(town, phone, poster, assert_accessible):
    page = phone(town.employee)
    page.goto(poster)
    expect(page.get_by_role("link", name="112")).to_be_visible()
    assert_accessible(page)
    tab_to(page, "kind")
    page.keyboard.press("Space")
    tab_to(page, "occurred_when")
    page.keyboard.press("Space")
    tab_to(page, "Send now")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/r/receipt/"))
    case = Incident.objects.get()
    expect(page.get_by_text(case.label)).to_be_visible()
    expect(page.locator(".tp-code")).to_have_text(re.compile(r"^\d{4} \d{4} \d{4} \d{4}$"))
    expect(page.get_by_text("Maja Exempelsson")).to_be_visible()
    expect(page.get_by_role("link", name="114 14")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_full_report_with_a_picture(town, phone, poster, assert_accessible):
    page = phone(town.employee)
    page.goto(poster)
    page.locator("[name=kind][value=violence]").check()
    page.locator("[name=occurred_when][value=today]").check()
    page.locator("[name=text]").fill(TYPED)
    page.get_by_role("button", name="Continue with more questions").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Tell more")
    assert_accessible(page)
    page.get_by_text("If somebody was injured").click()
    page.locator("[name=q-injury]").locator("visible=true").first.check()
    page.get_by_role("button", name="Continue to check your answers").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_text(TYPED)).to_be_visible()
    page.get_by_text("Add a picture or another file").click()
    page.locator("input[type=file]").set_input_files(picture())
    page.locator("[name=unclassified]").check()
    assert_accessible(page)
    page.get_by_role("button", name="Send the report").click()

    expect(page).to_have_url(re.compile("/r/receipt/"))
    case = Incident.objects.get()
    assert case.kind == "violence"
    assert case.injury
    assert case.narratives.get(key="told").text == TYPED
    assert case.attachments.get().attachment.content_type == "image/jpeg"
    expect(page.get_by_text("IMG_0412")).to_have_count(0)


def test_the_reporter_returns_with_the_code(town, phone, poster, assert_accessible):
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"reports_without_login": True})
    page = phone()
    page.goto(poster)
    page.locator("[name=kind][value=threat]").check()
    page.locator("[name=occurred_when][value=just_now]").check()
    page.get_by_role("button", name="Send now").click()
    expect(page).to_have_url(re.compile("/r/receipt/"))
    code = page.locator(".tp-code").inner_text()
    case = Incident.objects.get()
    read(case, town.unit_manager)
    question = {"text": "Hände det före klockan tolv?", "submission_key": uuid.uuid4()}
    services.ask_reporter(incident=case, by=town.unit_manager, **question)

    # Another day, another device: the code alone.
    later = phone()
    later.goto("/r/code/")
    assert_accessible(later)
    later.locator("[name=code]").fill("1111 2222 3333 4444")
    later.get_by_role("button", name="Show my report").click()
    expect(later.locator(".govuk-error-summary")).to_be_visible()
    later.locator("[name=code]").fill(code)
    later.get_by_role("button", name="Show my report").click()
    expect(later.get_by_role("heading", level=1)).to_contain_text(case.label)
    expect(later.get_by_text("Hände det före klockan tolv?")).to_be_visible()
    assert_accessible(later)
    later.locator("main textarea").first.fill("Ja, strax före.")
    later.get_by_role("button", name="Send", exact=True).click()
    expect(later.get_by_text("Ja, strax före.")).to_be_visible()
    assert Message.objects.filter(incident=case, from_reporter=True).get().by is None
    later.get_by_role("button", name="Close the report on this device").click()
    gone = later.goto(f"/r/status/{case.public_id}/")
    assert gone is not None
    assert case.label not in later.content()


def test_what_was_typed_when_the_session_ended_comes_back_to_the_same_person_alone(town, phone, poster):
    page = phone(town.employee)
    page.goto(poster)
    page.locator("[name=kind][value=threat]").check()
    page.locator("[name=occurred_when][value=today]").check()
    page.locator("[name=text]").fill(TYPED)
    Session.objects.all().delete()
    page.get_by_role("button", name="Send now").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    assert not Incident.objects.exists()

    other = phone(town.unit_ombud)
    other.goto(poster)
    expect(other.locator("[name=text]")).to_have_value("")

    page.locator("[name=login]").fill(town.employee.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("[name=text]")).to_have_value(TYPED)
    page.get_by_role("button", name="Send now").click()
    expect(page).to_have_url(re.compile("/r/receipt/"))
    assert Incident.objects.get().narratives.get(key="told").text == TYPED
