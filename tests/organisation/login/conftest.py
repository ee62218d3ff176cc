"""Exempelby, its neighbour, and its providers.

What they are made by is imported in each: pytest reads this file before the settings are known.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.services.providers import Providers

if TYPE_CHECKING:
    from organisation.models import LoginProvider, Municipality, User
    from tests.factories.organisation import Town


def made(name: str) -> "Town":
    from tests.factories.organisation import make_municipality

    return make_municipality(name)


@pytest.fixture
def town(db: None) -> "Town":
    return made("Exempelby kommun")


@pytest.fixture
def neighbour(db: None) -> "Town":
    return made("Grannby kommun")


@pytest.fixture
def anna(town: "Town") -> "User":
    """A person whom Exempelby's lists know as 1001."""
    from tests.factories.organisation import make_user

    return make_user(town.municipality, "Anna Exempel", external_id="1001", email="anna@exempelby.example.se")


@pytest.fixture
def add_oidc(providers: Providers) -> Callable[..., "LoginProvider"]:
    """Set up a municipality's OIDC provider, and register the portal there."""
    from organisation.services.login_providers import renew_secret
    from tests.factories.login import make_oidc_provider
    from tests.organisation.login.walking import PORTAL, callback_of

    def add(municipality: "Municipality", *, issuer: str = "", portal: str = PORTAL, **agreed: Any) -> "LoginProvider":
        issuer = issuer or providers.issuer
        provider = make_oidc_provider(municipality, issuer=issuer, **agreed)
        callback = callback_of(provider, portal=portal)
        provider.app.client_id, secret = providers.register_client(callback, issuer=issuer)
        provider.app.save()
        return renew_secret(provider=provider, secret=secret)

    return add


@pytest.fixture
def add_saml(providers: Providers) -> Callable[..., "LoginProvider"]:
    """Set up a municipality's SAML provider."""
    from organisation.login.saml import read_metadata
    from tests.factories.login import make_saml_provider

    def add(municipality: "Municipality", **agreed: Any) -> "LoginProvider":
        metadata = read_metadata(requests.get(providers.saml_metadata, timeout=10).content)
        return make_saml_provider(municipality, metadata=metadata, **agreed)

    return add
