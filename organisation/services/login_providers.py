"""Identity providers of a municipality: set up, renewed and closed by the operator of the installation.

What is wrong with what was given is told by ``ProviderRefused``; who may do this is who may run ``manage.py``.
"""

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialApp
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError
from organisation.login.oidc import SEALED_FOR
from organisation.login.sealing import seal
from organisation.models import LoginProvider, Municipality, new_public_id

# The library's names of the protocols.
PROTOCOLS = {LoginProvider.Kind.OIDC: "openid_connect", LoginProvider.Kind.SAML: "saml"}
LONGEST_APP_NAME = 40


class ProviderRefused(DomainError):
    """The provider can't be set up so."""

    message = _("The provider can't be set up so.")


@dataclass(frozen=True)
class Agreement:
    """What is agreed with a municipality's provider: which claim says who a person is, and what it stands for."""

    claim: str
    matched_by: str
    asks_second_factor: bool = False


@transaction.atomic
def add_oidc_provider(
    *, municipality: Municipality, name: str, agreed: Agreement, issuer: str, client_id: str, secret: str
) -> LoginProvider:
    """Set up a provider that speaks OpenID Connect; its secret is kept sealed. Raises ``ProviderRefused``."""
    if not secret or not client_id:
        raise ProviderRefused(_("A provider needs both a client id and a secret."))
    key = new_public_id()
    app = SocialApp(
        provider_id=str(key),
        client_id=client_id,
        settings={"server_url": issuer, "sealed_secret": seal(secret, SEALED_FOR)},
    )
    return _add(LoginProvider(kind=LoginProvider.Kind.OIDC, public_id=key, app=app), municipality, name, agreed)


@transaction.atomic
def add_saml_provider(
    *, municipality: Municipality, name: str, agreed: Agreement, metadata: dict[str, Any]
) -> LoginProvider:
    """Set up a provider that speaks SAML by its ``metadata`` (``saml.read_metadata``); raises ``ProviderRefused``."""
    key = new_public_id()
    app = SocialApp(provider_id=str(key), client_id=str(key), settings=metadata)
    return _add(LoginProvider(kind=LoginProvider.Kind.SAML, public_id=key, app=app), municipality, name, agreed)


@transaction.atomic
def renew_metadata(*, provider: LoginProvider, metadata: dict[str, Any]) -> LoginProvider:
    """Take in new certificates and addresses of the same SAML provider; raises ``ProviderRefused``."""
    provider = _locked(provider)
    if provider.kind != LoginProvider.Kind.SAML or provider.app.settings["entity_id"] != metadata["entity_id"]:
        raise ProviderRefused(_("That is the metadata of another provider."))
    provider.app.settings = metadata
    provider.app.save()
    return provider


@transaction.atomic
def renew_secret(*, provider: LoginProvider, secret: str) -> LoginProvider:
    """Take in a new secret of an OpenID Connect provider; raises ``ProviderRefused``."""
    provider = _locked(provider)
    if provider.kind != LoginProvider.Kind.OIDC or not secret:
        raise ProviderRefused(_("Only a provider that speaks OpenID Connect has a secret, and it can't be empty."))
    provider.app.settings["sealed_secret"] = seal(secret, SEALED_FOR)
    provider.app.save()
    return provider


@transaction.atomic
def set_active(*, provider: LoginProvider, active: bool) -> LoginProvider:
    """Open or close log-in by the provider; people who are logged in by it stay so."""
    provider = _locked(provider)
    if provider.is_active != active:
        provider.is_active = active
        provider.save()
    return provider


def _add(provider: LoginProvider, municipality: Municipality, name: str, agreed: Agreement) -> LoginProvider:
    provider.municipality, provider.name = municipality, name.strip()
    provider.claim, provider.matched_by = agreed.claim.strip(), agreed.matched_by
    provider.asks_second_factor = agreed.asks_second_factor
    provider.app.provider = PROTOCOLS[LoginProvider.Kind(provider.kind)]
    provider.app.name = provider.name[:LONGEST_APP_NAME]
    _refuse_unsound(provider.app)
    provider.app.save()
    # The tie is set anew, now that the app has a key of its own.
    provider.app = provider.app
    _refuse_unsound(provider)
    provider.save()
    return provider


def _refuse_unsound(row: models.Model) -> None:
    """Refuse what the columns can't hold: too long, empty, taken, or none of the choices."""
    try:
        row.full_clean()
    except ValidationError as error:
        told = "; ".join(f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())
        raise ProviderRefused(told) from error


def _locked(provider: LoginProvider) -> LoginProvider:
    return LoginProvider.objects.select_for_update(of=("self",)).select_related("app").get(pk=provider.pk)
