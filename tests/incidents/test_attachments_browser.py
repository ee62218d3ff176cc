"""Files of a case in a real browser: sent from a phone, shown or saved, and nothing in them runs."""

import pytest
from django.urls import reverse

from attachments.models import Attachment
from attachments.services import scan_waiting
from tests.factories.attachments import attach, picture
from tests.factories.incidents import report

pytestmark = pytest.mark.django_db(transaction=True)
# Seen if it ran: it would put a word into the title.
SCRIPT = b"<script>document.title = 'ran'</script>"


@pytest.fixture
def incident(town):
    return report(town)


def files_url(incident) -> str:
    return reverse("incidents:files", args=[incident.public_id])


@pytest.mark.parametrize("javascript", [True, False])
def test_a_picture_is_sent_from_a_phone_scanned_and_seen(
    town, incident, scanner, new_page, assert_accessible, javascript
):
    page = new_page(town.employee, width=320, javascript=javascript)
    page.goto(files_url(incident))
    page.set_input_files("input[type=file]", {"name": "dörren.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.locator("input[type=checkbox]").check()
    page.locator("form[enctype] button").click()
    assert page.get_by_text("dörren.jpg").is_visible()
    assert not page.get_by_role("link", name="dörren.jpg").count()

    scan_waiting()
    page.reload()
    if javascript:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="dörren.jpg").click()
    # Also under its own policy the browser shows the picture.
    assert page.locator("img").count() == 1


def test_the_picture_is_drawn_and_runs_nothing(town, incident, new_page):
    file = attach(incident, content=picture(size=(200, 100)) + SCRIPT)
    page = new_page(town.unit_manager)
    answer = page.goto(reverse("incidents:file", args=[file.attachment.public_id]))
    assert "sandbox" in answer.headers["content-security-policy"]
    assert page.evaluate("document.images[0].naturalWidth") == 200
    assert page.title() != "ran"


def test_text_is_saved_and_not_shown(town, incident, new_page):
    file = attach(incident, content=b"Hej. javascript:document.title='ran'", name="brev.html")
    page = new_page(town.unit_manager)
    page.goto(files_url(incident))
    with page.expect_download() as saved:
        page.get_by_role("link", name="brev.txt").click()
    assert saved.value.suggested_filename == file.attachment.name == "brev.txt"


def test_control_served_as_it_came_a_web_page_would_run(town, incident, new_page, monkeypatch):
    """Kept without its kind being asked, and handed out without our headers, the script runs: both protections."""
    monkeypatch.setattr("attachments.services.type_of", lambda _content: "text/plain")
    file = attach(incident, content=b"<!doctype html>" + SCRIPT, name="brev.html")
    Attachment.objects.update(content_type="text/html")
    address = reverse("incidents:file", args=[file.attachment.public_id])

    monkeypatch.setattr("attachments.services.SHOWN", frozenset({"text/html"}))
    page = new_page(town.unit_manager)
    page.goto(address)
    assert page.title() != "ran", "the headers alone stop it"

    monkeypatch.setattr("attachments.services.PICTURE_POLICY", "script-src 'unsafe-inline'")
    page.goto(address)
    assert page.title() == "ran"


def test_a_refused_file_is_told_at_the_field(town, incident, new_page, assert_accessible):
    page = new_page(town.employee, width=320)
    page.goto(files_url(incident))
    page.set_input_files("input[type=file]", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<html>" + SCRIPT})
    page.locator("input[type=checkbox]").check()
    page.locator("form[enctype] button").click()
    assert page.locator(".govuk-error-summary a[href='#id_upload']").count() == 1
    assert page.locator("input[type=checkbox]").is_checked()
    assert_accessible(page)
