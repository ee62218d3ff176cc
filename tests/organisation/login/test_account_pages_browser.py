"""Every page of accounts in our look: accessible at 1280 px in light and 320 px in dark, usable without script."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36
from playwright.sync_api import expect

from tests.factories.login import add_app, code_of, make_oidc_provider, make_saml_provider
from tests.factories.organisation import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize(
    "look", [{"width": 1280, "dark": False}, {"width": 320, "dark": True}], ids=["1280 light", "320 dark"]
)


@pytest.fixture
def look_at(assert_accessible):
    """Open an address and check what is shown there."""

    def look(page, address: str, width: int) -> None:
        answer = page.goto(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert_accessible(page)

    return look


def give_password(page, person) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form").first.get_by_role("button").click()


@LOOKS
def test_for_who_is_not_logged_in(new_page, town, neighbour, look_at, look):
    make_oidc_provider(town.municipality)
    make_saml_provider(neighbour.municipality, "Grannby kommuns gemensamma inloggningstjänst för medarbetare")
    key = default_token_generator.make_token(town.head)
    page = new_page(**look)
    for name in ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive"):
        look_at(page, reverse(name), look["width"])
    link = reverse("account_reset_password_from_key", args=[int_to_base36(town.head.pk), key])
    look_at(page, link, look["width"])
    look_at(page, reverse("account_reset_password_from_key", args=["1", "no-key"]), look["width"])
    look_at(page, reverse("account_reset_password_from_key_done"), look["width"])


@LOOKS
def test_for_who_is(new_page, town, look_at, look):
    page = new_page(**look)
    give_password(page, town.head)
    for name in (
        "my_account",
        "my_sessions",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    ):
        look_at(page, reverse(name), look["width"])


@LOOKS
def test_for_who_has_a_second_factor(new_page, town, look_at, assert_accessible, look):
    secret = add_app(town.head)
    kept = Authenticator.objects.create(user=town.head, type="webauthn", data={"name": "Min telefon", "credential": {}})
    page = new_page(**look)
    page.goto("/account/login/")
    Authenticator.objects.filter(pk=kept.pk).delete()
    give_password(page, town.head)
    expect(page.locator("[name=code]")).to_be_visible()
    assert_accessible(page)
    page.locator("[name=code]").fill("000000")
    page.locator("main form").first.get_by_role("button").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("[name=code]").fill(code_of(secret, time.time()))
    page.locator("main form").first.get_by_role("button").click()
    expect(page.locator("header")).to_contain_text(town.head.name)
    kept.pk = None
    kept.save()
    for name in (
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
    ):
        look_at(page, reverse(name), look["width"])
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        look_at(page, reverse(name, args=[kept.pk]), look["width"])


@LOOKS
def test_the_administrators_page(new_page, town, look_at, look):
    make_oidc_provider(town.municipality)
    page = new_page(town.administrator, **look)
    look_at(page, "/organisation/login/", look["width"])


def test_a_code_app_is_added_without_script_and_its_square_needs_no_picture(new_page, town):
    page = new_page(javascript=False)
    give_password(page, town.head)
    page.goto(reverse("mfa_activate_totp"))
    expect(page.locator("svg.tp-qr title")).to_have_count(1)
    assert page.locator("main img").count() == 0
    page.locator("[name=code]").fill(code_of(page.locator(".tp-secret").inner_text(), time.time()))
    page.locator("main form").get_by_role("button").click()
    expect(page.locator(".tp-codes li")).to_have_count(10)


def test_the_square_can_be_read_from_the_screen(new_page, town):
    """Dark on white in the dark theme too, with a quiet edge."""
    page = new_page(dark=True)
    give_password(page, town.head)
    page.goto(reverse("mfa_activate_totp"))
    square = page.locator("svg.tp-qr")
    assert square.evaluate("drawing => getComputedStyle(drawing.querySelector('rect')).fill") == "rgb(255, 255, 255)"
    assert square.evaluate("drawing => getComputedStyle(drawing.querySelector('path')).fill") == "rgb(0, 0, 0)"


def test_too_many_attempts_are_told_on_a_page_of_ours(new_page, town, settings, assert_accessible):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password": "1/m/key"}
    page = new_page(width=320)
    for _time in range(2):
        page.goto(reverse("account_reset_password"))
        page.locator("[name=email]").fill(town.head.email)
        page.locator("main form").get_by_role("button").click()
    assert_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
