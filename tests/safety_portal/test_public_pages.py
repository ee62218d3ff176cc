"""Pages for everyone, error pages, the frame round them, and the gallery."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from safety_portal import errors
from tests.factories.organisation import make_municipality

PUBLIC = ("accessibility", "privacy", "whistleblowing", "help", "account_login", "account_reset_password")
FIRST_PAGE_BYTES = 60_000
NEXT_PAGE_BYTES = 15_000


def packed(content: bytes) -> int:
    return len(gzip.compress(content, mtime=0))


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_everyone_may_read(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert b'<main class="govuk-main-wrapper' in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_no_page_carries_a_style_or_a_script_of_its_own(client, name):
    html = client.get(reverse(name)).content.decode()
    assert "style=" not in html
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\bon[a-z]+=", html)


@pytest.mark.django_db
def test_the_first_page_and_the_next_are_light(client):
    page = client.get(reverse("help")).content
    files = re.findall(rf'(?:href|src)="{settings.STATIC_URL}([^"]+)"', page.decode())
    assert {"govuk.css", "portal.css", "portal.js", "htmx.min.js", "mark.svg"} <= set(files)
    weights = [packed(Path(str(finders.find(name))).read_bytes()) for name in files]
    assert packed(page) + sum(weights) <= FIRST_PAGE_BYTES
    assert packed(page) <= NEXT_PAGE_BYTES


@pytest.mark.django_db
def test_the_other_language_is_one_button_away(client):
    page = client.get(reverse("help"))
    assert b'lang="en">English</button>' in page.content
    client.post(reverse("set_language"), {"language": "en", "next": reverse("help")})
    assert b'<html lang="en"' in client.get(reverse("help")).content


@pytest.mark.django_db
def test_a_demo_says_so_twice_on_every_page(client):
    town = make_municipality()
    town.municipality.is_demo = True
    town.municipality.save()
    client.force_login(town.employee, backend="organisation.access.ScopeBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(reverse("help")).content.count("Demo – invented data".encode()) == 2


@pytest.mark.django_db
def test_the_page_of_a_fault_needs_neither_person_nor_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"112" in response.content


@pytest.mark.django_db
def test_a_form_that_was_too_old_gives_the_text_back_but_no_password():
    client = Client(enforce_csrf_checks=True)
    written = "Han sade att han skulle komma tillbaka <i>i kväll</i>."
    secret = "a long secret of many words"
    response = client.post(reverse("account_login"), {"login": "x", "password": secret, "text": written})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Han sade att han skulle komma tillbaka &lt;i&gt;i kväll&lt;/i&gt;." in page
    assert secret not in page


@pytest.mark.django_db
class TestGallery:
    def test_does_not_exist_for_others(self, client):
        assert client.get(reverse("gallery")).status_code == 404

    def test_exists_while_building(self, client, settings):
        settings.DEBUG = True
        assert client.get(reverse("gallery")).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_every_component_is_accessible(
    new_page: Callable[..., Page], assert_accessible: Callable[[Page], None], settings, width, dark
):
    settings.DEBUG = True
    page = new_page(width=width, dark=dark)
    page.goto(reverse("gallery"))
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"


@pytest.mark.django_db(transaction=True)
def test_an_error_leads_to_its_field_by_keyboard(new_page: Callable[..., Page], settings):
    settings.DEBUG = True
    page = new_page()
    page.goto(reverse("gallery"))
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_wrong-kind_0"


@pytest.mark.django_db
def test_an_empty_log_in_is_told_field_by_field(client):
    """Two errors in the same words would not say which field each is about."""
    form = client.post(reverse("account_login"), {}).context["form"]
    said = [str(error) for errors in form.errors.values() for error in errors]
    assert len(said) == len(set(said)) == 2
    assert all("”" in words for words in said)
