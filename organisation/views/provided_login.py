"""Log-in by the municipality's provider: leaving for it, and coming back.

Leaving is a link and not a form: a form's answer may only lead to this portal (form-action 'self'), and no provider's
address needs to stand in the policy of a page.
"""

import uuid
from functools import wraps

from allauth.core.internal.httpkit import deserialize_request
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.saml.views import acs as keep_response
from allauth.socialaccount.sessions import LoginSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from organisation.login.oidc import Exchange
from organisation.login.providers import speaker_or_404
from organisation.login.refusals import LoginRefused, ProviderFault, refusal_page
from organisation.login.saml import checked_response, own_metadata, request_answered
from organisation.models import LoginProvider

OIDC, SAML = LoginProvider.Kind.OIDC, LoginProvider.Kind.SAML
# Characters of a response; real ones have some ten thousand.
LONGEST_RESPONSE = 200_000


@never_cache
@require_safe
def oidc_begin(request: HttpRequest, provider_id: uuid.UUID) -> HttpResponse:
    """Send the person to a provider that speaks OpenID Connect."""
    return _begin(request, provider_id, OIDC)


@never_cache
@require_safe
def oidc_finish(request: HttpRequest, provider_id: uuid.UUID) -> HttpResponse:
    """Take the person back from the provider and log them in, or say why not."""
    speaker = speaker_or_404(request, provider_id, OIDC)
    try:
        return OAuth2CallbackView.adapter_view(Exchange(request, str(provider_id)))(request)
    except ProviderFault as fault:
        return refusal_page(request, speaker.app.login_provider, fault)


@never_cache
@require_safe
def saml_begin(request: HttpRequest, organization_slug: uuid.UUID) -> HttpResponse:
    """Send the person to a provider that speaks SAML."""
    return _begin(request, organization_slug, SAML)


@require_POST
# wraps: the library's view takes a form that is posted by another site, and so must this one.
@wraps(keep_response)
def saml_response(request: HttpRequest, organization_slug: uuid.UUID) -> HttpResponse:
    """Keep the response that the provider let the browser post here, until ``saml_finish`` reads it.

    The browser sends no session along with another site's form; the next address is asked for with it.
    """
    speaker_or_404(request, organization_slug, SAML)
    if not 0 < len(request.POST.get("SAMLResponse", "")) <= LONGEST_RESPONSE:
        return HttpResponseBadRequest()
    return keep_response(request, organization_slug)


@never_cache
@require_safe
def saml_finish(request: HttpRequest, organization_slug: uuid.UUID) -> HttpResponse:
    """Read the response that was kept and log the person in, or say why not."""
    speaker = speaker_or_404(request, organization_slug, SAML)
    try:
        response = checked_response(request, speaker, _take_kept(request))
        state = speaker.unstash_redirect_state(request, request_answered(response))
    except LoginRefused as refusal:
        return refusal_page(request, speaker.app.login_provider, refusal)
    except PermissionDenied:
        fault = ProviderFault("answers no request of this session")
        return refusal_page(request, speaker.app.login_provider, fault)
    login = speaker.sociallogin_from_response(request, response)
    login.state = state
    return complete_social_login(request, login)


@require_safe
def saml_metadata(request: HttpRequest, organization_slug: uuid.UUID) -> HttpResponse:
    """The XML by which the provider's people set up the portal at their end."""
    speaker = speaker_or_404(request, organization_slug, SAML)
    return HttpResponse(own_metadata(request, speaker), content_type="application/samlmetadata+xml")


def _begin(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    speaker = speaker_or_404(request, key, kind)
    try:
        return speaker.redirect_from_request(request)
    except ProviderFault as fault:
        return refusal_page(request, speaker.app.login_provider, fault)


def _take_kept(request: HttpRequest) -> QueryDict:
    """Return what was posted, once; raises ``ProviderFault`` when nothing is kept for this browser."""
    kept = LoginSession(request, "saml_acs_session", "saml-acs-session")
    posted = kept.store.get("request")
    kept.delete()
    if posted is None:
        raise ProviderFault("no response kept")
    return deserialize_request(posted, HttpRequest()).POST
