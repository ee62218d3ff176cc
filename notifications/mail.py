"""Mail through the outbox: no case text, no names of those concerned; a link behind log-in."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage

from notifications.services import enqueue, handles

# Reserved for examples: demo persons live here, and no mail may ever leave for them.
EXAMPLE_DOMAINS = ("example.se", "example.com", "example.org", "example.net", ".example", ".test", ".invalid")


def send_mail_to(*, person: object, subject: str, body: str, once_key: str) -> None:
    """Enqueue one mail to one person; the same ``once_key`` never sends twice."""
    enqueue(
        "mail",
        municipality=person.municipality,  # type: ignore[attr-defined]
        once_key=f"mail:{once_key}:{person.pk}",  # type: ignore[attr-defined]
        person_id=person.pk,  # type: ignore[attr-defined]
        subject=subject,
        body=body,
        message_id=f"<{once_key}.{person.pk}@trygghetsportalen>",  # type: ignore[attr-defined]
    )


@handles("mail")
def deliver_mail(*, person_id: int, subject: str, body: str, message_id: str) -> None:
    """Send the mail now. A repeat after a crash carries the same Message-ID."""
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    if person is None or person.email.endswith(EXAMPLE_DOMAINS):
        return
    EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Message-ID": message_id},
    ).send()
