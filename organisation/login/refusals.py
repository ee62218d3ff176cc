"""Why a log-in by the municipality's provider is refused: each says what to do, and nothing personal is logged."""

import logging
from typing import ClassVar

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError
from organisation.models import LoginProvider

log = logging.getLogger(__name__)


class LoginRefused(DomainError):
    """The provider's answer lets nobody in; ``code`` is what the log says of it."""

    code: ClassVar[str] = "refused"
    message: str | Promise = _("The portal could not let you in.")


class UnknownPerson(LoginRefused):
    """No active person of the provider's municipality has the value that it sent."""

    code = "unknown_person"
    message = _(
        "Your municipality knows who you are, but the portal has no account for you. "
        "Ask your manager or the safety unit to add you to the portal's list of people."
    )


class UnclearClaim(LoginRefused):
    """The claim by which people are known is missing, empty, more than one value, or said to be unverified."""

    code = "unclear_claim"
    message = _(
        "Your municipality's log-in did not say which person you are in the way that is agreed with the portal. "
        "Tell your IT support: they can see what is sent."
    )


class ContradictedLink(LoginRefused):
    """A stored link says that the provider's account belongs to somebody else than the claim does."""

    code = "contradicted_link"
    message = _(
        "Your municipality's log-in was used for another person here before. "
        "Nobody is logged in until that is sorted out. Tell the safety unit."
    )


class WrongPurpose(LoginRefused):
    """The answer was meant for something else than logging in, such as tying an account to another."""

    code = "wrong_purpose"


class NobodyLetIn(LoginRefused):
    """The provider let nobody in: the person broke off, or has not been given access to the portal there."""

    code = "nobody_let_in"
    message = _(
        "Your municipality's log-in let nobody in. If you did not break off yourself, "
        "ask your IT support whether you have been given access to the portal."
    )


class ProviderFault(LoginRefused, OAuth2Error):
    """The provider does not answer, or its answer can't be trusted: signature, time, receiver, or what it answers."""

    code = "provider_fault"
    message = _(
        "Your municipality's log-in did not answer as it should. Wait a little and try again. "
        "If it goes on, tell your IT support."
    )

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        # For the log: a word or two of technique, never what the provider wrote.
        self.reason = reason


def refusal_page(request: HttpRequest, provider: LoginProvider, refusal: LoginRefused) -> HttpResponse:
    """Log the refusal, without the person, and return the page that says what to do."""
    log.warning(
        "log-in by a provider refused",
        extra={
            "provider": str(provider.public_id),
            "error": refusal.code,
            "reason": getattr(refusal, "reason", ""),
        },
    )
    context = {"provider": provider, "refusal": refusal}
    return render(request, "account/provider_refused.html", context, status=403)
