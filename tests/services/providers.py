"""Real identity providers, run as processes of their own: OpenID Connect (oidc-provider) and SAML (samlp).

``providers.know("anna", employee_number="1001")`` lets a user log in there by the name "anna"; claims can be changed
at any time. ``make test`` installs what they need (tests/providers/package-lock.json).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from scripts.machine import TEST_PROVIDERS
from scripts.processes import Child, start, stop_all
from tests.providers.keys import make_certificate


@dataclass
class Providers:
    """What runs: the issuers, the SAML provider, and the users that they know."""

    accounts: Path
    # Says all claims in the ID token; says them by the userinfo endpoint alone, as the standard has it.
    issuer: str
    userinfo_issuer: str
    saml_entity_id: str
    saml_metadata: str
    saml_key: str
    saml_certificate: str
    users: dict[str, dict[str, Any]] = field(default_factory=dict)

    def know(self, login: str, **claims: Any) -> None:
        """Let ``login`` log in at every provider, and say ``claims`` of them from now on."""
        self.users[login] = claims
        self.accounts.write_text(json.dumps(self.users))

    def register_client(self, callback: str, *, issuer: str = "") -> tuple[str, str]:
        """Register a client at the issuer, as its administrators would; return its id and secret."""
        asked = {
            "redirect_uris": [callback],
            "token_endpoint_auth_method": "client_secret_post",
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        }
        answer = requests.post(f"{issuer or self.issuer}/reg", json=asked, timeout=10)
        answer.raise_for_status()
        made = answer.json()
        return made["client_id"], made["client_secret"]


@pytest.fixture(scope="session")
def _running_providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    if not (TEST_PROVIDERS / "node_modules").exists():
        pytest.fail("the test providers are not installed: `make test` brings them")
    folder = tmp_path_factory.mktemp("providers")
    key, certificate = make_certificate()
    accounts, key_file, certificate_file = folder / "accounts.json", folder / "key.pem", folder / "certificate.pem"
    accounts.write_text("{}")
    key_file.write_text(key)
    certificate_file.write_text(certificate)
    oidc = start("The OIDC provider", ["node", TEST_PROVIDERS / "oidc.mjs", accounts], log=folder / "oidc.log")
    saml = start(
        "The SAML provider",
        ["node", TEST_PROVIDERS / "saml.mjs", accounts, key_file, certificate_file],
        log=folder / "saml.log",
    )
    try:
        issuers, entity = _said(oidc), _said(saml)
        yield Providers(
            accounts=accounts,
            issuer=issuers["idToken"],
            userinfo_issuer=issuers["userinfo"],
            saml_entity_id=entity["entityId"],
            saml_metadata=entity["metadata"],
            saml_key=key,
            saml_certificate=certificate,
        )
    finally:
        stop_all([oidc, saml])


def _said(child: Child) -> dict[str, str]:
    """The JSON object that the process prints when it is ready."""

    def line() -> str:
        return next((line for line in child.output().splitlines() if line.startswith("{") and line.endswith("}")), "")

    child.wait_until(lambda: bool(line()), seconds=60)
    found: dict[str, str] = json.loads(line())
    return found


@pytest.fixture
def providers(_running_providers: Providers) -> Providers:
    """The running providers; each test begins with no users there."""
    _running_providers.users.clear()
    return _running_providers
