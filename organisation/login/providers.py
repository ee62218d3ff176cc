"""The providers that people may log in by, and the one that an address names."""

import uuid
from itertools import groupby

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import Provider
from django.http import Http404, HttpRequest
from django.urls import reverse

from organisation.login.provided import NoSuchProvider
from organisation.models import LoginProvider


def providers_offered() -> list[tuple[str, list[LoginProvider]]]:
    """Return the active providers under the name of their municipality."""
    found = LoginProvider.objects.filter(is_active=True).select_related("municipality")
    found = found.order_by("municipality__name", "name", "pk")
    return [(name, list(rows)) for name, rows in groupby(found, key=lambda row: row.municipality.name)]


def login_address(provider: LoginProvider) -> str:
    """Return the address at which a person begins to log in by ``provider``."""
    protocol = "openid_connect" if provider.kind == LoginProvider.Kind.OIDC else "saml"
    return reverse(f"{protocol}_login", args=[provider.public_id])


def speaker_or_404(request: HttpRequest, key: uuid.UUID, kind: str) -> Provider:
    """Return the active provider of that key and protocol, ready to talk; closed and unknown ones are not there."""
    try:
        speaker: Provider = get_adapter(request).get_provider(request, str(key))
    except NoSuchProvider as error:
        raise Http404 from error
    if speaker.app.login_provider.kind != kind:
        raise Http404
    return speaker
