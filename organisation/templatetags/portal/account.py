"""The account pages: doors to log in by, the way back, and rows of what a person has."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.template import RequestContext
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.login import account_page
from organisation.login.providers import login_address, providers_offered
from organisation.login.second_factor import Lack, lack_of
from organisation.templatetags.portal.library import register


@register.inclusion_tag("components/login_doors.html")
def login_doors(next_url: str | None = "") -> dict[str, Any]:
    """A way in for each provider, under its municipality's name; ``next_url`` is where to go afterwards."""
    onward = f"?{urlencode({'next': next_url})}" if next_url else ""
    offered = [
        (name, [{"name": provider.name, "url": login_address(provider) + onward} for provider in providers])
        for name, providers in providers_offered()
    ]
    return {"offered": offered, "many": len(offered) > 1}


@register.inclusion_tag("components/breadcrumbs.html")
def account_here(*, factors: bool = False) -> dict[str, Any]:
    """The way here from the person's account, or from its second factors."""
    items = [{"label": _("Your account"), "url": reverse("my_account")}]
    if factors:
        items.append({"label": _("Second factor"), "url": reverse("mfa_index")})
    return {"items": items}


@register.simple_tag(takes_context=True)
def second_factor_lack(context: RequestContext) -> Lack | None:
    """What the person lacks by the municipality's rule, or none."""
    return lack_of(context["request"], context["request"].user)


@register.simple_tag
def factor_rows(factors: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the page of second factors."""
    return account_page.factor_rows(factors)


@register.simple_tag
def passkey_rows(authenticators: list[Any]) -> list[dict[str, Any]]:
    """The rows of the page of passkeys."""
    return account_page.passkey_rows(authenticators)
