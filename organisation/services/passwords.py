"""Mail about how a person logs in: a link to a new password, and word of each change. Through the outbox.

The message carries the person and not the link: the outbox holds no key to an account.
"""

import uuid

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import int_to_base36
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from notifications.mail import deliver_mail, send_mail_to
from notifications.services import enqueue, handles
from organisation.models import User

LINK_WANTED = "organisation.password_link"


@transaction.atomic
def ask_for_password_link(*, email: str, portal: str) -> None:
    """Send a link to a new password, or a first one, to the active person with that address, if there is one.

    ``portal`` is the portal's address as the person sees it. The same is done for an address without account, so
    that neither the answer nor its time tells which addresses have one.
    """
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    enqueue(
        LINK_WANTED,
        municipality=person.municipality if person else None,
        person_id=person.pk if person else None,
        portal=portal,
        language=get_language() or settings.LANGUAGE_CODE,
        message_id=f"<{uuid.uuid4()}@trygghetsportalen>",
    )


@handles(LINK_WANTED)
def deliver_password_link(*, person_id: int | None, portal: str, language: str, message_id: str) -> None:
    """Mail the link now; it works once, for as long as PASSWORD_RESET_TIMEOUT says."""
    person = User.objects.filter(pk=person_id, is_active=True).first() if person_id else None
    if person is None:
        return
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(person.pk), "key": key})
    with override(language):
        context = {"password_reset_url": portal.rstrip("/") + path}
        subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
        body = render_to_string("account/email/password_reset_key_message.txt", context).strip()
    deliver_mail(person_id=person.pk, subject=subject, body=body, message_id=message_id)


def tell_of_change(*, person: User, what: str | Promise) -> None:
    """Mail the person what was changed of their way to log in, so that a stranger's change is noticed."""
    with override(settings.LANGUAGE_CODE):
        send_mail_to(
            person=person,
            subject=_("Your log-in to the safety portal was changed"),
            body="\n\n".join(
                (
                    str(what),
                    _(
                        "If it was you, you need do nothing. If it was not, tell your administrator at once, "
                        "and choose a new password."
                    ),
                )
            ),
            once_key=f"login-changed:{uuid.uuid4()}",
        )
