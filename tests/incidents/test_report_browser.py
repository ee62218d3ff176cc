"""The report flow in a real browser: few keystrokes, no script needed, nothing for the accessibility rules to find."""

import gzip
import io
import uuid

import pytest
from PIL import Image

from incidents import services
from incidents.models import Incident
from organisation.models import Ruleset
from tests.factories.incidents import make_incidents, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYSTROKES = 12
SMALLEST_TARGET = 44
# Over the wire, with style sheet and script.
HEAVIEST = 60_000
SEND = "button[value=send]:not([aria-hidden])"


@pytest.fixture
def address(town):
    return f"/r/{town.bodies['care-north'].report_code}/"


def picture():
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    return drawn.getvalue()


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
    strokes += 1 + tab_to(page, "go")
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
    page.locator(SEND).click()
    page.wait_for_url("**/receipt/**")
    assert Incident.objects.get().occurred_on.isoformat() == "2026-03-02"


def test_back_and_send_again_gives_the_same_receipt(town, new_page, address):
    page = new_page(town.employee)
    page.goto(address)
    page.locator("#id_kind_1").check()
    page.locator("#id_occurred_when_0").check()
    page.locator(SEND).click()
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


@pytest.mark.parametrize("javascript", [True, False])
def test_a_full_report_without_login_and_back_by_code(town, new_page, address, javascript):
    """Given a poster, when somebody reports fully on a phone, then the code leads back to the report."""
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"reports_without_login": True})
    page = new_page(width=320, javascript=javascript)
    page.goto(address)
    page.locator("#id_kind_4").check()
    page.locator("[name=other_kind]").select_option("fire")
    page.locator("#id_occurred_when_1").check()
    page.locator("[name=keep_from_manager]").check()
    page.locator("button[value=more]").click()
    page.locator("[name=q-damaged]").fill("En papperskorg.")
    page.locator("button[value=check]:not([aria-hidden])").click()
    page.get_by_text("En papperskorg.").wait_for()
    page.locator("summary").click()
    page.locator("[name=upload]").set_input_files({"name": "bild.png", "mimeType": "image/png", "buffer": picture()})
    page.locator("[name=unclassified]").check()
    page.locator(SEND).click()
    page.wait_for_url("**/receipt/**")
    incident = Incident.objects.get()
    assert (incident.kind, incident.channel) == ("fire", "poster")
    assert incident.withheld.get().person == town.unit_manager
    assert incident.attachments.get().from_reporter
    code = page.locator(".tp-code").inner_text()
    other = new_page(width=320, javascript=javascript)
    other.goto("/r/code/")
    other.locator("[name=code]").fill(code)
    other.locator("main button[type=submit]").click()
    other.wait_for_url("**/status/**")
    assert incident.label in other.locator("h1").inner_text()


def test_a_lost_line_loses_nothing(town, new_page, address):
    """The answer to the sending gets lost: the page says so, keeps every word, and sends when the line is back."""
    page = new_page(town.employee, width=320)
    page.goto(address)
    page.locator("#id_kind_0").check()
    page.locator("#id_occurred_when_0").check()
    page.locator("[name=text]").fill("Orden som inte får gå förlorade.")
    page.route("**/r/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator(SEND).click()
    page.locator(".tp-unsent").wait_for(state="visible")
    assert page.locator("[name=text]").input_value() == "Orden som inte får gå förlorade."
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    assert not Incident.objects.exists()
    page.unroute("**/r/**")
    page.wait_for_url("**/receipt/**", timeout=20_000)
    assert Incident.objects.get().narratives.get().text == "Orden som inte får gå förlorade."


def test_an_answer_lost_after_it_was_taken_gives_the_same_receipt(town, new_page, address):
    page = new_page(town.employee, width=320)
    page.goto(address)
    page.locator("#id_kind_0").check()
    page.locator("#id_occurred_when_0").check()

    def take_and_lose(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/r/**", take_and_lose)
    page.locator(SEND).click()
    page.locator(".tp-unsent").wait_for(state="visible")
    assert Incident.objects.count() == 1
    page.unroute("**/r/**")
    page.wait_for_url("**/receipt/**", timeout=20_000)
    assert Incident.objects.count() == 1


def test_without_a_connection_the_numbers_to_call_are_shown(town, new_page, address):
    page = new_page(town.employee, width=320)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/r/code/")
    assert page.locator("a[href='tel:112']").is_visible()
    assert page.locator("a[href='tel:11414']").is_visible()


def test_the_first_page_is_light(town, new_page, address):
    """Everything that the first page fetches, as it goes over the wire; nothing from another host."""
    page, sizes = new_page(town.employee, width=320), {}
    page.on("response", lambda answer: sizes.setdefault(answer.url, len(gzip.compress(answer.body()))))
    page.goto(address, wait_until="networkidle")
    assert all("localhost" in url or "127.0.0.1" in url for url in sizes)
    fetched = {url: size for url, size in sizes.items() if "worker" not in url and "offline" not in url}
    assert sum(fetched.values()) <= HEAVIEST, sizes


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_no_page_of_the_flow_breaks_the_accessibility_rules(town, new_page, address, assert_accessible, width, dark):
    incident = report(town, text="Något hände.", answers={"place": "workplace"})
    services.add_from_reporter(incident=incident, text="En sak till.", submission_key=uuid.uuid4())
    make_incidents(town.bodies["care-north"], 3, serious=True)
    employee = new_page(town.employee, width=width, dark=dark)
    own = [f"/r/{page}/{incident.public_id}/" for page in ("receipt", "status")]
    own += [f"/r/status/{incident.public_id}/withdraw/", f"/incidents/{incident.public_id}/told/"]
    for path in ("/r/?all=1&q=hem", address, "/r/code/", "/r/offline/", "/incidents/mine/", *own):
        _check(employee, path, assert_accessible)
    _look_at_further_screens(employee, address, assert_accessible)
    employee.goto(address)
    employee.locator(SEND).click()
    employee.wait_for_selector(".govuk-error-summary")
    assert_accessible(employee)
    manager = new_page(town.unit_manager, width=width, dark=dark)
    poster = f"/incidents/posters/{town.bodies['care-north'].public_id}/"
    for path in (
        "/incidents/",
        "/incidents/?kind=fire",
        "/incidents/posters/",
        poster,
        f"/incidents/{incident.public_id}/",
    ):
        _check(manager, path, assert_accessible)


def _look_at_further_screens(page, address, assert_accessible):
    """The second screen with everything unfolded and with a mistake, and the third."""
    page.goto(address)
    page.locator("#id_kind_0").check()
    page.locator("#id_occurred_when_0").check()
    page.locator("button[value=more]").click()
    page.wait_for_selector("details")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    _fits(page, assert_accessible)
    page.locator("[name=q-injured_count]").fill("x")
    page.locator("button[value=check]:not([aria-hidden])").click()
    page.wait_for_selector(".govuk-error-summary")
    _fits(page, assert_accessible)
    page.locator("[name=q-injured_count]").fill("1")
    page.locator("button[value=check]:not([aria-hidden])").click()
    page.wait_for_selector("input[type=file]", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    _fits(page, assert_accessible)


def _check(page, path, assert_accessible):
    page.goto(path)
    _fits(page, assert_accessible)


def _fits(page, assert_accessible):
    path = page.url
    assert_accessible(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
