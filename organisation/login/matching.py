"""Which person a provider's answer means: found anew at every log-in, in the provider's own municipality alone."""

from collections.abc import Mapping
from typing import Any

from organisation.login.refusals import UnclearClaim, UnknownPerson
from organisation.models import LoginProvider, User

LONGEST_VALUE = 254


def person_meant(provider: LoginProvider, claims: Mapping[str, Any]) -> User:
    """Return the active person whom ``claims`` mean.

    Found by (the provider's municipality, its configured claim), never by name, never in another municipality,
    whatever e-mail is asserted. Raises ``UnclearClaim`` or ``UnknownPerson``.
    """
    value = value_of(provider, claims)
    people = User.objects.filter(municipality=provider.municipality, is_active=True)
    if provider.matched_by == LoginProvider.MatchedBy.EMAIL:
        found = people.filter(email=value.lower()).first()
    else:
        found = people.filter(external_id=value).first()
    if found is None:
        raise UnknownPerson
    return found


def value_of(provider: LoginProvider, claims: Mapping[str, Any]) -> str:
    """Return the claim's one value; raises ``UnclearClaim`` for none, several, or one that is not text."""
    value = claims.get(provider.claim)
    if isinstance(value, list) and provider.kind == LoginProvider.Kind.SAML and len(value) == 1:
        # Every attribute of SAML is a list.
        value = value[0]
    if not isinstance(value, str) or not (value := value.strip()) or len(value) > LONGEST_VALUE:
        raise UnclearClaim
    by_email = provider.matched_by == LoginProvider.MatchedBy.EMAIL
    # Said by OpenID Connect of the claim "email"; a provider that doubts the address must not be believed.
    if by_email and claims.get("email_verified") in (False, "false"):
        raise UnclearClaim
    return value
