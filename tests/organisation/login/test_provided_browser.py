"""Log-in by the municipality's provider in a real browser: from our page to theirs and back, by both protocols."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(providers, anna):
    """Anna and her namesake, as the provider knows them; the portal tells them apart by number."""
    providers.know("anna.exempel", employee_number="1001", name="Anna Exempel")
    return anna


def leave(page, name: str) -> None:
    page.goto("/account/login/?next=/account/")
    page.get_by_role("button", name=re.compile(name)).click()


def log_in_at_oidc(page, login: str) -> None:
    page.get_by_placeholder(re.compile("login", re.I)).fill(login)
    page.get_by_placeholder(re.compile("password", re.I)).fill("any")
    page.get_by_role("button", name=re.compile("sign-in", re.I)).click()
    page.get_by_role("button", name=re.compile("continue", re.I)).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_by_openid_connect(new_page, live_server, town, neighbour, add_oidc, known, javascript):
    add_oidc(neighbour.municipality, name="Grannby kommun", portal=live_server.url)
    add_oidc(town.municipality, name="Exempelby kommun", portal=live_server.url)
    page = new_page(javascript=javascript)
    leave(page, "Exempelby kommun")
    log_in_at_oidc(page, "anna.exempel")
    expect(page).to_have_url(f"{live_server.url}/account/")
    expect(page.locator("header")).to_contain_text("Anna Exempel")


def test_by_saml(new_page, live_server, town, neighbour, add_saml, known):
    add_saml(neighbour.municipality, name="Grannby kommun")
    add_saml(town.municipality, name="Exempelby kommun")
    page = new_page()
    leave(page, "Exempelby kommun")
    page.get_by_label("User").fill("anna.exempel")
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{live_server.url}/account/")
    expect(page.locator("header")).to_contain_text("Anna Exempel")


def test_by_saml_without_script(new_page, live_server, town, add_saml, known):
    """The provider's page asks for one more click; ours need none."""
    add_saml(town.municipality, name="Exempelby kommun")
    page = new_page(javascript=False)
    leave(page, "Exempelby kommun")
    page.get_by_label("User").fill("anna.exempel")
    page.get_by_role("button").click()
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{live_server.url}/account/")
    expect(page.locator("header")).to_contain_text("Anna Exempel")


def test_somebody_unknown_is_told_what_to_do(
    new_page, live_server, town, providers, add_oidc, known, assert_accessible
):
    providers.know("ny.anstalld", employee_number="5555", name="Anna Exempel")
    add_oidc(town.municipality, portal=live_server.url)
    page = new_page(width=320)
    leave(page, "Exempelby kommun")
    log_in_at_oidc(page, "ny.anstalld")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/account/login/"))


def test_breaking_off_at_the_provider_leads_back_calmly(new_page, live_server, town, add_oidc, known):
    add_oidc(town.municipality, portal=live_server.url)
    page = new_page()
    leave(page, "Exempelby kommun")
    page.get_by_role("link", name=re.compile("cancel", re.I)).click()
    expect(page).to_have_url(re.compile(f"^{re.escape(live_server.url)}"))
    expect(page.get_by_role("link", name=re.compile("inloggning|log-in", re.I))).to_be_visible()


def test_a_form_that_would_lead_away_is_stopped(browser, live_server, town, add_oidc, known):
    """Why the doors are links: the browser follows no form's answer to another host."""
    provider = add_oidc(town.municipality, portal=live_server.url)
    # Not by ``new_page``, which fails a test for what the policy stops.
    page = browser.new_page(base_url=live_server.url)
    page.goto("/account/login/")
    stopped = []
    page.on("console", lambda message: stopped.append(message.text))
    page.evaluate(
        """address => {
            const form = document.createElement("form");
            form.action = address;
            document.body.append(form);
            form.submit();
        }""",
        f"/account/oidc/{provider.public_id}/login/",
    )
    page.wait_for_timeout(1500)
    assert page.url.startswith(live_server.url)
    page.close()
    assert any("form-action" in told for told in stopped)
