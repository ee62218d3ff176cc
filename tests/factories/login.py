"""Identity providers of a municipality, and second factors of a person."""

from functools import cache

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from organisation.models import LoginProvider, Municipality, User
from organisation.services.login_providers import Agreement, add_oidc_provider, add_saml_provider
from tests.providers.keys import make_certificate

BY_ID, BY_EMAIL = LoginProvider.MatchedBy.EXTERNAL_ID, LoginProvider.MatchedBy.EMAIL
SECRET = "en hemlighet som ingen ska se"


def make_oidc_provider(
    municipality: Municipality,
    name: str = "Exempelby kommun",
    *,
    issuer: str = "https://login.exempelby.example.se",
    client_id: str = "portal",
    secret: str = SECRET,
    claim: str = "employee_number",
    matched_by: str = BY_ID,
    asks_second_factor: bool = False,
) -> LoginProvider:
    """Set up a provider that speaks OpenID Connect."""
    agreed = Agreement(claim, matched_by, asks_second_factor)
    return add_oidc_provider(
        municipality=municipality, name=name, agreed=agreed, issuer=issuer, client_id=client_id, secret=secret
    )


def make_saml_provider(
    municipality: Municipality,
    name: str = "Exempelby kommun, SAML",
    *,
    metadata: dict[str, object] | None = None,
    claim: str = "employee_number",
    matched_by: str = BY_ID,
) -> LoginProvider:
    """Set up a provider that speaks SAML; without ``metadata`` one that nobody answers for."""
    metadata = metadata or {
        "entity_id": "https://idp.exempelby.example.se/entity",
        "sso_url": "https://idp.exempelby.example.se/saml",
        "certificates": [_certificate()],
    }
    return add_saml_provider(
        municipality=municipality, name=name, agreed=Agreement(claim, matched_by), metadata=metadata
    )


@cache
def _certificate() -> str:
    return make_certificate()[1]


def add_app(person: User) -> str:
    """Give the person a code app and recovery codes; return the app's key."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str, at: float, *, periods: int = 0) -> str:
    """The code that an app shows at the moment ``at``, or some periods of 30 seconds from it."""
    return format_hotp_value(hotp_value(secret, int(at) // 30 + periods))


def recovery_codes_of(person: User) -> list[str]:
    """The codes on the person's paper that are not used."""
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = kept.wrap().get_unused_codes()
    return codes
