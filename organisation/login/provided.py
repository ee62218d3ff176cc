"""Log-in by a municipality's provider: the one door through which every such log-in passes."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess, Provider
from django.http import HttpRequest

from organisation.login.matching import person_meant
from organisation.login.oidc import MunicipalOpenIDConnect
from organisation.login.refusals import (
    ContradictedLink,
    LoginRefused,
    NobodyLetIn,
    ProviderFault,
    WrongPurpose,
    refusal_page,
)
from organisation.login.saml import MunicipalSAML
from organisation.models import LoginProvider

SPEAKERS: dict[str, type[Provider]] = {
    LoginProvider.Kind.OIDC: MunicipalOpenIDConnect,
    LoginProvider.Kind.SAML: MunicipalSAML,
}


class NoSuchProvider(SocialApp.DoesNotExist, ValueError):
    """No active provider has that key. A log-in that waits for its second factor is dropped by the ValueError."""


class ProvidedLoginAdapter(DefaultSocialAccountAdapter):
    """Finds the person by the municipality and the configured claim at every log-in.

    Nobody signs up, nothing is tied by e-mail or merged, and no tie is stored: what the provider says today is
    all there is.
    """

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the apps of active providers alone: an app that belongs to no municipality lets nobody in."""
        apps = SocialApp.objects.filter(login_provider__is_active=True).select_related("login_provider__municipality")
        if provider:
            apps = apps.filter(provider_id=provider)
        if client_id:
            apps = apps.filter(client_id=client_id)
        return list(apps)

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        """Return the provider with that key, ready to talk; raises ``NoSuchProvider``."""
        try:
            app = self.get_app(request, provider=provider, client_id=client_id)
        except SocialApp.DoesNotExist as error:
            raise NoSuchProvider from error
        return SPEAKERS[app.login_provider.kind](request, app=app)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Nobody is found by an e-mail address that a provider asserts, save by the configured claim."""
        return

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person anew, whatever is stored; stop with a page that says what to do when there is none."""
        provider: LoginProvider = sociallogin.provider.app.login_provider
        try:
            if sociallogin.state.get("process") != AuthProcess.LOGIN:
                raise WrongPurpose
            person = person_meant(provider, sociallogin.account.extra_data)
            if sociallogin.is_existing and sociallogin.user != person:
                raise ContradictedLink
        except LoginRefused as refusal:
            raise ImmediateHttpResponse(refusal_page(request, provider, refusal)) from refusal
        sociallogin.user = person

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer with our own page when the talk with the provider fails."""
        if isinstance(exception, LoginRefused):
            refusal: LoginRefused = exception
        elif error in (AuthError.CANCELLED, AuthError.DENIED):
            refusal = NobodyLetIn()
        else:
            refusal = ProviderFault(type(exception).__name__ if exception else "state")
        raise ImmediateHttpResponse(refusal_page(request, provider.app.login_provider, refusal))
