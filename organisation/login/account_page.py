"""What a person's account page and the pages of their second factor say, row by row."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.login.second_factor import factors_in_words
from organisation.login.sessions import visits_of
from organisation.models import User

Row = dict[str, Any]


def account_rows(request: HttpRequest, person: User) -> list[Row]:
    """Return how the person logs in and where they are logged in, each with where to change it."""
    factors = factors_in_words(person)
    places = len(visits_of(request, person))
    has_password = person.has_usable_password()
    return [
        {
            "key": _("Password"),
            "value": _("Chosen") if has_password else _("None: you log in with your municipality's provider"),
            "actions": [
                _action(_("Change"), "account_change_password", _("the password"))
                if has_password
                else _action(_("Choose one"), "account_set_password", _("password"))
            ],
        },
        {
            "key": _("Second factor"),
            "value": capfirst(", ".join(str(word) for word in factors)) or _("Not set up"),
            "actions": [_action(_("Change") if factors else _("Add"), "mfa_index", _("the second factor"))],
        },
        {
            "key": _("Logged in"),
            "value": ngettext("At %(number)s place", "At %(number)s places", places) % {"number": places},
            "actions": [_action(_("See where"), "my_sessions", _("you are logged in"))],
        },
    ]


def factor_rows(factors: Mapping[str, Any]) -> list[Row]:
    """Return one row for each kind of second factor, from what the library's page knows of them."""
    passkeys, codes = factors.get("webauthn", []), factors.get("recovery_codes")
    rows = [
        {
            "key": _("Code app"),
            "value": _("Added") if "totp" in factors else _("Not set up"),
            "actions": [
                _action(_("Remove"), "mfa_deactivate_totp", _("the code app"))
                if "totp" in factors
                else _action(_("Add"), "mfa_activate_totp", _("a code app"))
            ],
        },
        {
            "key": _("Passkeys"),
            "value": str(len(passkeys)) if passkeys else _("Not set up"),
            "actions": [
                _action(_("Change"), "mfa_list_webauthn", _("the passkeys"))
                if passkeys
                else _action(_("Add"), "mfa_add_webauthn", _("a passkey"))
            ],
        },
    ]
    if codes is not None:
        left = len(codes.get_unused_codes())
        rows.append(
            {
                "key": _("Recovery codes"),
                "value": ngettext("%(number)s left", "%(number)s left", left) % {"number": left},
                "actions": [_action(_("See them"), "mfa_view_recovery_codes", _("the recovery codes"))],
            }
        )
    return rows


def passkey_rows(authenticators: list[Any]) -> list[Row]:
    """Return one row for each passkey: when it was added, and whether it logs in alone."""
    return [
        {
            "key": kept.wrap().name,
            "value": "\n".join(_facts_of(kept)),
            "actions": [
                {"label": _("Rename"), "url": reverse("mfa_edit_webauthn", args=[kept.pk]), "about": kept.wrap().name},
                {
                    "label": _("Remove"),
                    "url": reverse("mfa_remove_webauthn", args=[kept.pk]),
                    "about": kept.wrap().name,
                },
            ],
        }
        for kept in authenticators
    ]


def _facts_of(passkey: Any) -> list[str]:
    added = _("Added on %(day)s") % {"day": date_format(localtime(passkey.created_at), "DATE_FORMAT")}
    return [added, _("Logs in alone")] if passkey.wrap().is_passwordless else [added]


def _action(label: str, url_name: str, about: str) -> dict[str, str]:
    return {"label": label, "url": reverse(url_name), "about": about}
