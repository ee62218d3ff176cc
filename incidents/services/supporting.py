"""Support for the one affected: offered, answered, given, offered again; the crisis support group is called."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents import support_notices
from incidents.errors import NoCrisisGroup, NotYetHappened, NotYourAnswer, ReasonMissing, SupportNotOffered
from incidents.line import passed_over
from incidents.models import Incident, IncidentStatus, SupportOffer
from incidents.permissions import HANDLE_INCIDENT
from incidents.services.locking import locked, locked_for_handler, note
from incidents.support import CONCERNS_SOMEBODY, concerns_somebody, open_offer, wanted, who_sees_to_it
from organisation import clock
from organisation.access import Scope
from organisation.groups import members_on
from organisation.models import Body, BodyKind, SeatKind, User
from organisation.tree import lineage

# Days after the event became known on which support is offered again, and until when it is not too late for each.
OFFERED_AGAIN = {3: 13, 14: 27}
# The same call within this time is the same call: a double click, an impatient one.
ONE_CALL = timedelta(minutes=10)

Change = IncidentStatus.Change
Answer = SupportOffer.Answer


@transaction.atomic
def offer_support(*, incident: Incident, by: User, answer: str = "") -> SupportOffer:
    """Offer support now; ``answer`` is an ``Answer`` that the one affected gave at once, or empty.

    Without an answer the reporter is mailed. An offer of today that waits for its answer is the same offer. Raises
    ``NotAllowed``, ``OwnReport``, ``SupportNotOffered``.
    """
    incident = locked_for_handler(incident, by)
    _require_offered(incident)
    offer = open_offer(incident)
    if offer is None or localtime(offer.offered_at).date() != clock.today():
        first = not incident.support_offers.filter(day=0).exists()
        offer = incident.support_offers.create(day=0 if first else None, offered_at=clock.now(), by=by)
        _tell(incident, by, _("Offered"))
    if answer:
        return _answered(offer, incident, answer, by=by)
    support_notices.tell_of_offer(offer)
    return offer


@transaction.atomic
def answer_offer(*, incident: Incident, accepted: bool, by: User | None) -> SupportOffer:
    """Take the yes or no of the one affected, and tell the one who has the case about a yes.

    ``by`` is the reporter, a handler on their behalf, or none for whoever holds the report's code, which the caller
    has checked. A yes without an offer that waits is an offer asked for; a no takes back a yes as long as nothing has
    been given. Raises ``NotYourAnswer``, ``SupportNotOffered`` also for a no to nothing.
    """
    incident = locked(incident)
    _require_offered(incident)
    is_reporter = by is None or incident.is_reported_by(by)
    if not is_reporter and not Scope.of(by).allows(HANDLE_INCIDENT, incident):
        raise NotYourAnswer
    # The story names nobody where the reporter answers.
    answered_by = None if is_reporter else by
    offer, waits = open_offer(incident), wanted(incident)
    if offer is None and waits is not None:
        if accepted:
            return waits
        offer = waits
    if offer is None and not accepted:
        raise SupportNotOffered
    offer = offer or incident.support_offers.create(offered_at=clock.now(), by=answered_by)
    return _answered(offer, incident, Answer.ACCEPTED if accepted else Answer.DECLINED, by=answered_by)


@transaction.atomic
def note_support_given(*, incident: Incident, given_by: str, given_on: date, by: User) -> SupportOffer:
    """Note that support was given, by which function and on which day; also when nobody had noted a yes before.

    The same words again are the same note. Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing`` without a
    function, ``NotYetHappened``, ``SupportNotOffered``.
    """
    incident = locked_for_handler(incident, by)
    _require_offered(incident)
    if not given_by.strip():
        raise ReasonMissing(_("Write who gave the support, as a function."))
    if given_on > clock.today():
        raise NotYetHappened
    now = clock.now()
    given_at = now if given_on == clock.today() else make_aware(datetime.combine(given_on, time(12)))
    offer = wanted(incident) or open_offer(incident)
    if offer is None:
        last = incident.support_offers.filter(given_at__isnull=False).order_by("-given_at").first()
        if last and last.given_by == given_by.strip() and localtime(last.given_at).date() == given_on:
            return last
        offer = SupportOffer(incident=incident, offered_at=now, by=by)
    offer.answer, offer.answered_at = Answer.ACCEPTED, offer.answered_at or now
    offer.given_at, offer.given_by = given_at, given_by.strip()
    offer.save()
    _tell(incident, by, _("Given"))
    return offer


def offer_support_again() -> int:
    """Offer support anew where 3 or 14 days have passed since the event became known; return how many offers.

    Also after a no, since people change their mind; not once it was given, nor in a withdrawn case. Each case in a
    transaction of its own, once per day number, so that it may be killed and run again.
    """
    return sum(_offer_again(pk, day) for day, last in OFFERED_AGAIN.items() for pk in _due(day, last))


@transaction.atomic
def call_crisis_group(*, incident: Incident, by: User) -> Body:
    """Call the municipality's crisis support group to the case and return it; its members are mailed.

    They are told number and place, never what happened. Raises ``NotAllowed``, ``OwnReport``, ``NoCrisisGroup``.
    """
    incident = locked_for_handler(incident, by)
    group = crisis_group_for(incident)
    if group is None:
        raise NoCrisisGroup
    lately = incident.statuses.filter(change=Change.CRISIS_GROUP, at__gt=clock.now() - ONE_CALL)
    if not lately.exists():
        status = note(incident, Change.CRISIS_GROUP, by=by)
        for person in _members(group, incident):
            support_notices.ask_crisis_group(status, group, person, by)
    return group


def crisis_group_for(incident: Incident) -> Body | None:
    """Return the crisis support group nearest above the workplace, else one of the municipality's, else none."""
    today = clock.today()
    of_kind = Body.objects.of(incident.municipality).in_force(today).filter(kind=BodyKind.CRISIS_SUPPORT)
    groups = {group.pk: group for group in of_kind.order_by("name", "pk")}
    if not groups:
        return None
    above = lineage([incident.body_id, *groups], today)
    upwards, at = [incident.body_id], incident.body_id
    while (at := above.get(at, 0)) and at not in upwards:
        upwards.append(at)
    height = {body_id: steps for steps, body_id in enumerate(upwards)}
    return min(groups.values(), key=lambda group: height.get(above.get(group.pk, 0), len(upwards)))


def _members(group: Body, incident: Incident) -> list[User]:
    """Return whom to mail: those who convene the group and its members, not those the case is kept from."""
    not_these = passed_over([incident])[incident.pk]
    kinds = (SeatKind.GROUP_LEADER, SeatKind.GROUP_MEMBER)
    sitting = members_on(group, clock.today())
    people = {one.person_id: one.person for one in sitting if one.seat.seat_type.kind in kinds}
    return [person for pk, person in people.items() if pk not in not_these]


def _require_offered(incident: Incident) -> None:
    if incident.withdrawn_at or incident.disposed_at or not concerns_somebody(incident):
        raise SupportNotOffered


def _answered(offer: SupportOffer, incident: Incident, answer: str, *, by: User | None) -> SupportOffer:
    offer.answer, offer.answered_at = Answer(answer), clock.now()
    offer.save(update_fields=["answer", "answered_at"])
    # Earlier offers that nobody answered are answered by this.
    incident.support_offers.filter(answer="").update(answer=offer.answer, answered_at=offer.answered_at)
    _tell(incident, by, str(Answer(answer).label))
    if answer == Answer.ACCEPTED and (person := who_sees_to_it(incident)) and person != by:
        support_notices.say_wanted(offer, person)
    return offer


def _tell(incident: Incident, by: User | None, words: str) -> None:
    note(incident, Change.SUPPORT, by=by, reason=words)


def _due(day: int, last: int) -> list[int]:
    """Return the ids of the cases in which support is to be offered again for the ``day``-th day."""
    today = clock.today()
    given = SupportOffer.objects.filter(incident=OuterRef("pk"), given_at__isnull=False)
    offered = SupportOffer.objects.filter(incident=OuterRef("pk"), day=day)
    cases = (
        Incident.objects.kept()
        .filter(CONCERNS_SOMEBODY, withdrawn_at__isnull=True)
        .filter(became_aware_at__lt=_midnight(today - timedelta(days=day - 1)))
        .filter(became_aware_at__gte=_midnight(today - timedelta(days=last)))
        .exclude(Exists(given))
        .exclude(Exists(offered))
    )
    return list(cases.order_by("pk").values_list("pk", flat=True))


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


@transaction.atomic
def _offer_again(pk: int, day: int) -> bool:
    """Offer in one case; tell whether it was done, as it may have changed since it was found."""
    incident = locked(Incident(pk=pk))
    given = incident.support_offers.filter(given_at__isnull=False)
    if incident.withdrawn_at or incident.disposed_at or not concerns_somebody(incident) or given.exists():
        return False
    offer, created = incident.support_offers.get_or_create(day=day, defaults={"offered_at": clock.now()})
    if created:
        with override(settings.LANGUAGE_CODE):
            _tell(incident, None, _("Offered again"))
        support_notices.tell_of_offer(offer)
    return created
