"""The second factor: whether this session was made with one, and who must have one by the municipality's rule."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.login.sealing import BrokenSeal, seal, unseal
from organisation.models import Appointment, LoginProvider, User

PURPOSE = "second-factor"
# Codes of an app and passkeys; codes on paper only stand in for one of them.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Lack:
    """What a person who must log in with a second factor lacks: to have one at all, or to have given it now."""

    has_one: bool
    has_app: bool


def gave_second_factor(request: HttpRequest, person: AbstractBaseUser) -> bool:
    """Tell whether the person gave a second factor to the portal itself in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))


def lack_of(request: HttpRequest, person: User) -> Lack | None:
    """Return what the person lacks by the municipality's rule, or none. At most one query, and only with a rule.

    The rule names kinds of seat; who holds none of them today need not. A log-in by a provider that itself asks for
    a second factor counts.
    """
    municipality = person.municipality
    if municipality is None or not municipality.second_factor_for or gave_second_factor(request, person):
        return None
    own = Authenticator.objects.filter(user=OuterRef("person"))
    asked = LoginProvider.objects.filter(
        municipality=OuterRef("municipality"), asks_second_factor=True, public_id__in=_providers(request, person)
    )
    held = (
        Appointment.objects.in_force(clock.today())
        .filter(person=person, seat__seat_type__kind__in=municipality.second_factor_for)
        .annotate(
            has_one=Exists(own.filter(type__in=FACTORS)),
            has_app=Exists(own.filter(type=Authenticator.Type.TOTP)),
            by_provider=Exists(asked),
        )
        .values_list("has_one", "has_app", "by_provider")
        .first()
    )
    if held is None or held[2]:
        return None
    return Lack(has_one=held[0], has_app=held[1])


def factors_in_words(person: AbstractBaseUser) -> list[str | Promise]:
    """Return what the person has as second factor, a code app first."""
    own = Counter(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    words: list[str | Promise] = [_("code app")] if own[Authenticator.Type.TOTP] else []
    if number := own[Authenticator.Type.WEBAUTHN]:
        words.append(ngettext("%(number)s passkey", "%(number)s passkeys", number) % {"number": number})
    return words


def follow_changes() -> None:
    """Let the session follow what a person adds and removes; called once when the app is ready."""
    authenticator_added.connect(note_added)
    authenticator_removed.connect(note_removed)


def note_added(*, request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    """A factor that was just set up was proved in doing so: the session has it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def note_removed(*, request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    """Without any factor left, the session has none either."""
    if not Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists():
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [kept for kept in records if kept["method"] != "mfa"]


def _providers(request: HttpRequest, person: AbstractBaseUser) -> list[str]:
    """The keys of the providers by which the person logged in to this session."""
    records = get_authentication_records(request, person)
    return [record["provider"] for record in records if record.get("method") == "socialaccount"]


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor while logging in, unless the provider has just asked for one."""

    def handle(self) -> tuple:
        by = _providers(self.request, self.login.user)
        if by and LoginProvider.objects.filter(asks_second_factor=True, public_id__in=by).exists():
            return None, True
        return super().handle()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals what must be read back, and says what is wrong in our own words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong, or too old. Write the one that is shown now."),
        "passkey_refused": _("The passkey was not accepted. Try again, or use another way."),
        "unreadable": _("Your second factor can't be read any more. Ask your administrator to reset it."),
    }

    def get_totp_issuer(self) -> str:
        return gettext("The safety portal")

    def _get_site_name(self) -> str:
        """The name under which a browser keeps the passkey."""
        return gettext("The safety portal")

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, PURPOSE)
        except BrokenSeal as error:
            raise self.validation_error("unreadable") from error


def first_use(person: AbstractBaseUser, code: str, *, seconds: int) -> bool:
    """Tell whether a code is used for the first time within ``seconds``, and remember that it was."""
    return cache.add(f"second-factor:{person.pk}:{code}", "used", timeout=seconds)
