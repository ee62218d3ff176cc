"""A person's way through a real provider's pages without a browser: link, log-in there, and back."""

import html
import re
from urllib.parse import urlencode, urljoin

import requests
from django.test import Client

from organisation.login.providers import login_address
from organisation.models import LoginProvider

PORTAL = "http://testserver"


def callback_of(provider: LoginProvider, *, portal: str = PORTAL) -> str:
    """The address that a provider leads back to."""
    return f"{portal}{login_address(provider)}callback/"


def leave_for(client: Client, provider: LoginProvider, *, next_url: str = "") -> str:
    """Follow the log-in page's link; return the provider's address that it leads to."""
    onward = f"?{urlencode({'next': next_url})}" if next_url else ""
    answer = client.get(login_address(provider) + onward)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def oidc_answer(address: str, login: str) -> str:
    """Log in at the OIDC provider as ``login`` and consent; return the address that it leads back to."""
    with requests.Session() as browser:
        page = _go(browser, "GET", address)
        page = _go(browser, "POST", _action(page), {"prompt": "login", "login": login, "password": "any"})
        if not isinstance(page, str):
            page = _go(browser, "POST", _action(page), {"prompt": "consent"})
    assert isinstance(page, str), page.text[:2000]
    return page


def saml_answer(address: str, login: str) -> dict[str, str]:
    """Log in at the SAML provider as ``login``; return what its page posts back."""
    page = requests.get(address, params={"login": login}, timeout=10).text
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


def by_oidc(client: Client, provider: LoginProvider, login: str, *, next_url: str = ""):
    """Log in all the way; return the portal's answer to coming back."""
    return client.get(oidc_answer(leave_for(client, provider, next_url=next_url), login))


def by_saml(client: Client, provider: LoginProvider, login: str, *, next_url: str = ""):
    """Log in all the way; return the portal's answer after the response was posted."""
    return post_response(client, provider, saml_answer(leave_for(client, provider, next_url=next_url), login))


def post_response(client: Client, provider: LoginProvider, posted: dict[str, str]):
    """Post a response to the portal as another site's form does, and follow to where it is read."""
    kept = client.post(login_address(provider).replace("/login/", "/acs/"), posted)
    assert kept.status_code == 302, kept.status_code
    return client.get(kept["Location"])


def who_is_in(client: Client) -> int | None:
    """The id of the person whom the session belongs to, or none."""
    kept = client.session.get("_auth_user_id")
    return int(kept) if kept else None


def _go(browser: requests.Session, method: str, address: str, posted: dict[str, str] | None = None):
    """Ask for a page and follow redirects; the address as soon as it leads back to the portal."""
    for _step in range(12):
        answer = browser.request(method, address, data=posted, allow_redirects=False, timeout=10)
        if not answer.is_redirect:
            return answer
        address = urljoin(address, answer.headers["Location"])
        if address.startswith(PORTAL):
            return address
        method, posted = "GET", None
    raise AssertionError("too many redirects")


def _action(page: requests.Response) -> str:
    found = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return html.unescape(found[1])
