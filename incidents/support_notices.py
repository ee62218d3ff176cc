"""What people are told about support: kind words, a number, where to turn; never what happened.

Written in the municipality's language, since a mail is made without the reader's browser.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Identity, Incident, IncidentStatus, SupportOffer
from notifications.mail import deliver_mail, send_mail_to
from notifications.services import enqueue, handles
from organisation.models import Body, Municipality, User

OFFERED = "incidents.support_offered"


def tell_of_offer(offer: SupportOffer) -> None:
    """Tell the reporter that support is offered. The message carries the offer and not the person."""
    enqueue(
        OFFERED,
        municipality=offer.incident.municipality,
        once_key=f"{OFFERED}:{offer.pk}",
        offer_id=offer.pk,
    )


@handles(OFFERED)
def deliver_offer(*, offer_id: int) -> None:
    """Mail the reporter now, if the offer still stands unanswered and the reporter has an account."""
    offers = SupportOffer.objects.select_related("incident__body", "incident__municipality")
    offer = offers.filter(pk=offer_id, answer="").first()
    if offer is None or offer.incident.withdrawn_at or offer.incident.disposed_at:
        return
    incident = offer.incident
    with override(settings.LANGUAGE_CODE):
        subject, body = _words(offer)
    reporters = incident.identities.filter(role=Identity.Role.REPORTER, person__isnull=False)
    for person_id in reporters.values_list("person_id", flat=True):
        deliver_mail(
            person_id=person_id,
            subject=subject,
            body=body,
            message_id=f"<incident-support.{incident.public_id}.{offer.pk}@trygghetsportalen>",
        )


def _words(offer: SupportOffer) -> tuple[str, str]:
    """Return subject and text; later ones say that a no before is no hindrance."""
    facts = _facts(offer.incident)
    if offer.day:
        begins = _(
            "Some days have passed since report %(number)s came in. What has happened can come back to you later, "
            "and that is common. You can get support now, also if you said no before."
        )
    else:
        begins = _("You are offered support after what you told of in report %(number)s.")
    asks = _("Log in to the safety portal, open %(path)s and answer yes or no. You need not say why.")
    contacts = list(_contacts(offer.incident.municipality))
    parts = [begins % facts, asks % facts]
    if contacts:
        parts.append("\n".join([_("You can also turn to:"), *contacts]))
    parts.append(_("In danger? Call 112."))
    return _("Do you want to talk to someone? Report %(number)s") % facts, "\n\n".join(parts)


def _contacts(municipality: Municipality) -> Iterable[str]:
    for contact in municipality.support_contacts:
        reached = ", ".join(filter(None, (contact.get("phone"), contact.get("hours"))))
        yield f"{contact.get('title', '')}: {reached}" if reached else str(contact.get("title", ""))


def say_wanted(offer: SupportOffer, person: User) -> None:
    """Tell the one who has the case that the one affected wants support."""
    with override(settings.LANGUAGE_CODE):
        facts = _facts(offer.incident)
        send_mail_to(
            person=person,
            subject=_("Support is wanted, report %(number)s, %(body)s") % facts,
            body=_(
                "The one affected has said yes to support. See to it soon, and note it when it has been given.\n\n"
                "Log in to the safety portal and open %(path)s"
            )
            % facts,
            once_key=f"incident-support-wanted:{offer.pk}",
        )


def ask_crisis_group(status: IncidentStatus, group: Body, person: User, caller: User) -> None:
    """Ask a member of the crisis support group to help: the number, the place and who calls; nothing of the event.

    Members of the group can't open the case; whoever called tells them what they need to know.
    """
    with override(settings.LANGUAGE_CODE):
        facts = {**_facts(status.incident), "group": group.name, "name": caller.name, "email": caller.email}
        send_mail_to(
            person=person,
            subject=_("%(group)s is called: report %(number)s, %(body)s") % facts,
            body=_(
                "Support is needed at %(body)s because of report %(number)s. %(name)s handles the case and has called "
                "the group. Get in touch with %(name)s, %(email)s, as soon as you can.\n\n"
                "What has happened is not told here."
            )
            % facts,
            once_key=f"incident-crisis-group:{status.pk}",
        )


def _facts(incident: Incident) -> Mapping[str, str]:
    return {
        "number": incident.label,
        "body": incident.body.name,
        "path": reverse("incidents:support", args=[incident.public_id]),
    }
