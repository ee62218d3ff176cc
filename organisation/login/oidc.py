"""OpenID Connect: what is demanded of a provider's answer beyond the library's flow.

The ID token is always checked, signature and nonce included, although it comes straight from the provider
(OpenID Connect Core 3.1.3.7 would let that be), and claims by the userinfo endpoint count only for the same subject.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from organisation.login.addresses import is_confidential
from organisation.login.refusals import ProviderFault
from organisation.login.sealing import BrokenSeal, unseal

# Signatures by a key pair; never "none", and never a shared key that the token itself could choose.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Seconds that the clocks may differ.
LEEWAY = 60
SCOPE = ["openid", "profile", "email"]
SEALED_FOR = "login-provider"
LONGEST_UID = 191
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def read_json(address: str, *, token: str = "") -> dict[str, Any]:
    """Return the JSON object at ``address``; raises ``ProviderFault`` when it can't be had."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
    except requests.RequestException as error:
        raise ProviderFault(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderFault("not an object")
    return found


def discover(issuer: str) -> dict[str, Any]:
    """Return what the provider says of itself; raises ``ProviderFault`` when that is not whole, or another's."""
    found = read_json(issuer.removesuffix("/") + WELL_KNOWN)
    if found.get("issuer") != issuer:
        raise ProviderFault("discovery names another issuer")
    if not all(isinstance(found.get(name), str) and is_confidential(found[name]) for name in ENDPOINTS):
        raise ProviderFault("discovery lacks an address")
    return found


def checked_claims(
    id_token: Any, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Return the claims of an ID token that was signed by one of ``keys``, for us, now, and for this log-in.

    Raises ``ProviderFault`` (OpenID Connect Core 3.1.3.7).
    """
    try:
        header = jwt.get_unverified_header(id_token)
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=_signing_key(keys, header),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, TypeError) as error:
        raise ProviderFault(type(error).__name__) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise ProviderFault("meant for another party")
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise ProviderFault("nonce")
    return claims


def _signing_key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> Any:
    """The key that the token names, or the only one there is when it names none."""
    if header.get("alg") not in ALGORITHMS:
        raise ProviderFault("algorithm")
    known = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in (None, "sig")]
    named = [key for key in known if key.key_id == header.get("kid")] if "kid" in header else known
    if len(named) != 1:
        raise ProviderFault("key")
    return named[0].key


def nonce_of(state_id: str) -> str:
    """Return the nonce that belongs to the state: nobody makes it without our key, and it need not be kept."""
    return salted_hmac("organisation.login.oidc.nonce", state_id, algorithm="sha256").hexdigest()


class Exchange(OpenIDConnectOAuth2Adapter):
    """The talk with one provider: sends the person there, and takes what comes back to pieces."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        return discover(self.get_provider().app.settings["server_url"])

    def get_client(self, request: HttpRequest, app: SocialApp) -> OAuth2Client:
        """Open the secret for this talk alone; the row keeps it sealed."""
        try:
            app.secret = unseal(app.settings["sealed_secret"], SEALED_FOR)
        except BrokenSeal as error:
            raise ProviderFault("secret sealed with another SECRET_KEY") from error
        return super().get_client(request, app)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Return the library's log-in made of checked claims; raises ``ProviderFault``."""
        claims = checked_claims(
            kwargs["response"].get("id_token"),
            read_json(self.openid_config["jwks_uri"]),
            issuer=app.settings["server_url"],
            client_id=app.client_id,
            nonce=nonce_of(request.GET.get("state", "")),
        )
        provider = self.get_provider()
        if provider.claim not in claims and self.openid_config.get("userinfo_endpoint"):
            claims = self._more(token.token, claims["sub"]) | claims
        return provider.sociallogin_from_response(request, claims)

    def _more(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the userinfo endpoint says of the same subject (OpenID Connect Core 5.3.2)."""
        claims = read_json(self.openid_config["userinfo_endpoint"], token=access_token)
        if claims.get("sub") != subject:
            raise ProviderFault("userinfo is about another subject")
        return claims


class MunicipalOpenIDConnect(OpenIDConnectProvider):
    """A municipality's provider that speaks OpenID Connect; ``claim`` says who a person is."""

    oauth2_adapter_class = Exchange
    # Always (RFC 9700, 2.1.1); nothing that is stored of a provider says otherwise.
    pkce_enabled_default = True

    def __init__(self, request: HttpRequest, app: SocialApp) -> None:
        super().__init__(request, app=app)
        self.claim: str = app.login_provider.claim

    def serialize(self) -> dict[str, Any]:
        """What a log-in that waits for its second factor keeps of the provider: the key alone."""
        return {"id": self.app.provider_id}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go afterwards may be said in the address; never scope, purpose or other parameters."""
        asked = super().get_redirect_from_request_kwargs(request)
        return {"process": AuthProcess.LOGIN, "next_url": asked.get("next_url"), "scope": SCOPE}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send the person to the provider, with state, nonce and PKCE."""
        state_id = get_random_string(32)
        kwargs |= {"state_id": state_id, "auth_params": {"nonce": nonce_of(state_id)}}
        return super().redirect(request, process, next_url, data, **kwargs)

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return str(data["sub"])[:LONGEST_UID]

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing of a provider is written to a person."""
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        return []
