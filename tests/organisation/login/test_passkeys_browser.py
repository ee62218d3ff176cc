"""Passkeys in a real browser with a virtual authenticator: added, used as second factor, and to log in alone."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from organisation.models import SeatKind
from tests.factories.organisation import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_with_key(new_page):
    """Open a page in a browser that has a security key: ``open_with_key(user=None, with_pin=True)``."""

    def open_page(user=None, *, with_pin: bool = True) -> tuple[Page, object]:
        page = new_page(user)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        key = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": with_pin,
            "hasUserVerification": with_pin,
            "isUserVerified": with_pin,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
        return page, devtools

    return open_page


def give_password(page: Page, person) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form").first.get_by_role("button").click()


def add_passkey(page: Page, *, name: str = "Min telefon", alone: bool = True) -> None:
    page.goto("/account/second-factor/passkeys/add/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=passwordless]").set_checked(alone)
    page.locator("[data-passkey=add]").click()
    expect(page).not_to_have_url(re.compile("/add/"))


def log_out(page: Page) -> None:
    page.locator("header form[action$='/logout/'] button").click()
    expect(page).to_have_url(re.compile("/account/login/"))


def test_added_then_asked_for_after_the_password(open_with_key, town):
    page, _devtools = open_with_key()
    give_password(page, town.head)
    add_passkey(page)
    assert Authenticator.objects.get(user=town.head, type="webauthn").wrap().name == "Min telefon"
    log_out(page)
    give_password(page, town.head)
    expect(page).to_have_url(re.compile("/second-factor/give/"))
    page.locator("[data-passkey=authenticate]").click()
    expect(page.locator("header")).to_contain_text(town.head.name)


def test_it_logs_in_alone(open_with_key, town):
    page, _devtools = open_with_key()
    give_password(page, town.head)
    add_passkey(page)
    log_out(page)
    page.locator("[data-passkey=login]").click()
    expect(page.locator("header")).to_contain_text(town.head.name)


def test_that_is_two_factors_where_two_are_asked_for(open_with_key, town):
    town.municipality.second_factor_for = [SeatKind.HEAD]
    town.municipality.save()
    page, _devtools = open_with_key()
    give_password(page, town.head)
    expect(page).to_have_url(re.compile(r"/account/second-factor/\?next="))
    add_passkey(page)
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/account/$"))
    log_out(page)
    page.locator("[data-passkey=login]").click()
    expect(page.locator("header")).to_contain_text(town.head.name)
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/account/$"))


def test_a_simple_key_is_a_second_factor_only(open_with_key, town):
    page, _devtools = open_with_key(with_pin=False)
    give_password(page, town.head)
    add_passkey(page, alone=False)
    log_out(page)
    page.locator("[data-passkey=login]").click()
    expect(page.locator("#passkey-failed")).to_be_visible()
    give_password(page, town.head)
    page.locator("[data-passkey=authenticate]").click()
    expect(page.locator("header")).to_contain_text(town.head.name)


def test_a_session_without_one_gives_it(open_with_key, new_page, town):
    """Somebody who was logged in before the rule came: the passkey is asked for, and leads on."""
    page, _devtools = open_with_key()
    give_password(page, town.head)
    add_passkey(page)
    town.municipality.second_factor_for = [SeatKind.HEAD]
    town.municipality.save()
    # The same browser, with a session that was made by the password alone.
    session = new_page(town.head).context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies(session)
    page.goto("/account/sessions/")
    expect(page).to_have_url(re.compile(r"/passkeys/confirm/\?next="))
    page.locator("[data-passkey=authenticate]").click()
    expect(page).to_have_url(re.compile("/account/sessions/$"))


def test_one_that_is_removed_opens_nothing(open_with_key, town):
    page, _devtools = open_with_key()
    give_password(page, town.head)
    add_passkey(page)
    page.goto("/account/second-factor/passkeys/")
    page.get_by_role("link", name=re.compile("Ta bort|Remove")).click()
    page.locator("main form").get_by_role("button").click()
    assert not Authenticator.objects.filter(user=town.head).exists()
    log_out(page)
    page.locator("[data-passkey=login]").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    expect(page.locator("header")).not_to_contain_text(town.head.name)


def test_one_of_somebody_who_has_left_opens_nothing(open_with_key, town):
    page, _devtools = open_with_key()
    give_password(page, town.head)
    add_passkey(page)
    log_out(page)
    town.head.is_active = False
    town.head.save()
    page.locator("[data-passkey=login]").click()
    expect(page).to_have_url(re.compile("/account/inactive/"))


def test_breaking_off_is_said_calmly(open_with_key, town, assert_accessible):
    page, _devtools = open_with_key()
    page.goto("/account/login/")
    page.locator("[data-passkey=login]").click()
    expect(page.locator("#passkey-failed")).to_be_visible()
    assert_accessible(page)


def test_without_script_no_button_promises_what_it_can_not_do(new_page, town):
    page = new_page(javascript=False)
    give_password(page, town.head)
    page.goto("/account/second-factor/passkeys/add/")
    expect(page.locator("[data-passkey=add]")).to_be_hidden()
    expect(page.locator("noscript")).to_have_count(1)
    page.context.clear_cookies()
    page.goto("/account/login/")
    expect(page.locator("[data-passkey=login]")).to_be_hidden()
