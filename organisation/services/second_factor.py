"""The second factor: who must have one, and resetting one that is lost."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.mail import send_mail_to
from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.login.sessions import end_all_visits
from organisation.models import Municipality, SeatKind, User
from organisation.permissions import ADMINISTER
from organisation.tree import lock_municipality


@transaction.atomic
def choose_who_must(*, municipality: Municipality, kinds: Iterable[str], by: User) -> Municipality:
    """Let the holders of ``kinds`` of seat be asked for a second factor, and nobody else; raises ``NotAllowed``.

    It holds from the next request: who lacks one is led to set one up before any other page.
    """
    require(by, ADMINISTER)
    if by.municipality_id != municipality.pk:
        raise NotAllowed
    chosen = sorted(set(kinds))
    if not set(chosen) <= set(SeatKind.values):
        raise DomainError(_("Choose among the kinds of seat that are listed."))
    municipality = lock_municipality(municipality)
    if municipality.second_factor_for != chosen:
        municipality.second_factor_for = chosen
        municipality.save()
    return municipality


@transaction.atomic
def reset(*, person: User, by: User) -> User:
    """Take away every second factor of ``person``, who has lost it, and end their sessions; they are told by mail.

    At their next log-in they are asked to set one up again, where the municipality's rule says so. Nobody resets
    their own: a stolen session would need no more. Raises ``NotAllowed``, ``WrongState`` when there is none.
    """
    require(by, ADMINISTER)
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.municipality_id != by.municipality_id or person.municipality is None:
        raise WrongState
    if person == by:
        raise NotAllowed(_("Ask another administrator to reset your own second factor."))
    removed, _by_model = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise WrongState
    end_all_visits([person])
    # The history of the person tells who did it, and when.
    person._change_reason = "second factor reset"  # type: ignore[attr-defined]
    person.save()
    with override(settings.LANGUAGE_CODE):
        send_mail_to(
            person=person,
            subject=_("Your second factor for the safety portal was reset"),
            body=_(
                "An administrator of your municipality has reset it. You set up a new one when you log in.\n\n"
                "If you have not asked for this, tell the safety unit at once."
            ),
            once_key=f"second-factor-reset:{person.public_id}:{clock.now().timestamp()}",
        )
    return person


def has_second_factor(person: User) -> bool:
    """Tell whether there is anything to reset."""
    return Authenticator.objects.filter(user=person).exists()
