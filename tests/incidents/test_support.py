"""Support for the one affected: offered, answered, given, offered again on days 3 and 14, the crisis group called."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from incidents import support_notices
from incidents.errors import NoCrisisGroup, NotYetHappened, NotYourAnswer, OwnReport, ReasonMissing, SupportNotOffered
from incidents.models import (
    Affected,
    Incident,
    IncidentKind,
    IncidentState,
    IncidentStatus,
    Injury,
    SupportOffer,
    Withheld,
)
from incidents.services import (
    answer_offer,
    call_crisis_group,
    crisis_group_for,
    note_support_given,
    offer_support,
    offer_support_again,
    supporting,
)
from incidents.sight import Sight
from incidents.support import CONCERNS_SOMEBODY, concerns_somebody, open_offer, support_waiting
from incidents.tasks import offer_support_again as task
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.access import Scope
from organisation.errors import NotAllowed
from organisation.models import BodyKind, SeatKind, User
from organisation.tree import rebuild_closure
from tests.factories.incidents import read, report
from tests.factories.organisation import appoint, make_body, make_seat, make_user

TEXT = "Kniven låg på bordet"
Answer = SupportOffer.Answer


@pytest.fixture
def incident(town):
    return report(town, text=TEXT)


@pytest.fixture
def group(town):
    """A crisis support group with a leader and a member, under the office."""
    body = make_body(town.municipality, BodyKind.CRISIS_SUPPORT, "Krisgruppen", town.bodies["office"], key="kris")
    for name, kind in (("Kim Krisledare", SeatKind.GROUP_LEADER), ("Mio Krisstöd", SeatKind.GROUP_MEMBER)):
        appoint(
            make_user(town.municipality, name, email=f"{name.split()[0].lower()}@kommunen.se"), make_seat(body, kind)
        )
    rebuild_closure(town.municipality)
    return body


def address(what, incident):
    return reverse(f"incidents:{what}", args=[incident.public_id])


def at(days, hour=9):
    """Return a clock that many days from now."""
    moment = timezone.localtime() + timedelta(days=days)
    return mock.patch("django.utils.timezone.now", return_value=moment)


def offers(incident):
    return list(incident.support_offers.values_list("day", "answer"))


def deliver_all():
    for message in OutboxMessage.objects.filter(done_at=None).order_by("pk"):
        deliver_message(message.pk)


# --- Who is offered -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_rule_in_python_and_in_sql_is_the_same(town):
    kinds = (IncidentKind.THREAT, IncidentKind.VANDALISM, IncidentKind.RISK_OBSERVATION)
    for kind in kinds:
        for affects in (True, False):
            for affected in ("", Affected.NOBODY, Affected.UNSAID, Affected.ELECTED):
                for injury in ("", Injury.NONE, Injury.PSYCHOLOGICAL):
                    case = report(town)
                    facts = {"kind": kind, "affects_persons": affects, "affected": affected, "injury": injury}
                    Incident.objects.filter(pk=case.pk).update(**facts)
                    case.refresh_from_db()
                    by_rows = Incident.objects.filter(CONCERNS_SOMEBODY, pk=case.pk).exists()
                    assert concerns_somebody(case) is by_rows, facts


def test_damage_to_things_alone_is_not_offered_support_but_an_affected_person_is(town):
    case = report(town, kind=IncidentKind.VANDALISM)
    with pytest.raises(SupportNotOffered):
        offer_support(incident=case, by=town.unit_manager)
    Incident.objects.filter(pk=case.pk).update(affected=Affected.EMPLOYEE)
    assert offer_support(incident=case, by=town.unit_manager).day == 0


# --- Offered and answered -----------------------------------------------------------------------------------


def test_an_offer_is_made_once_however_often_it_is_sent(town, incident):
    first = offer_support(incident=incident, by=town.unit_manager)
    assert offer_support(incident=incident, by=town.unit_manager) == first
    assert offers(incident) == [(0, "")]
    assert incident.statuses.filter(change=IncidentStatus.Change.SUPPORT).count() == 1


def test_the_reporter_is_mailed_in_kind_words_without_the_text_and_without_a_name_in_the_outbox(town, incident):
    User.objects.filter(pk=town.employee.pk).update(email="lisa@kommunen.se")
    town.municipality.support_contacts = [{"title": "Företagshälsan", "phone": "010-11 22 33"}]
    town.municipality.save()
    offer = offer_support(incident=incident, by=town.unit_manager)
    message = OutboxMessage.objects.get(topic=support_notices.OFFERED)
    assert message.payload == {"offer_id": offer.pk}
    deliver_message(message.pk)
    sent = mail.outbox[0]
    assert sent.to == ["lisa@kommunen.se"]
    assert address("support", incident) in sent.body
    assert "Företagshälsan: 010-11 22 33" in sent.body
    assert TEXT not in sent.body + sent.subject


def test_an_offer_that_is_answered_or_withdrawn_is_not_mailed_any_more(town, incident):
    User.objects.filter(pk=town.employee.pk).update(email="lisa@kommunen.se")
    offer = offer_support(incident=incident, by=town.unit_manager)
    Incident.objects.filter(pk=incident.pk).update(withdrawn_at=clock.now())
    support_notices.deliver_offer(offer_id=offer.pk)
    Incident.objects.filter(pk=incident.pk).update(withdrawn_at=None)
    answer_offer(incident=incident, accepted=False, by=town.employee)
    support_notices.deliver_offer(offer_id=offer.pk)
    support_notices.deliver_offer(offer_id=offer.pk + 1000)
    assert not mail.outbox


def test_the_reporters_own_answer_names_nobody(town, incident):
    offer_support(incident=incident, by=town.unit_manager)
    answer_offer(incident=incident, accepted=False, by=town.employee)
    last = incident.statuses.last()
    assert (last.change, last.by) == (IncidentStatus.Change.SUPPORT, None)
    assert offers(incident) == [(0, Answer.DECLINED)]


def test_whoever_holds_the_code_answers_without_an_account(town, incident):
    offer_support(incident=incident, by=town.unit_manager)
    assert open_offer(incident) is not None
    answer_offer(incident=incident, accepted=True, by=None)
    assert open_offer(incident) is None
    assert offers(incident) == [(0, Answer.ACCEPTED)]


def test_a_yes_is_told_to_the_one_who_has_the_case(town, incident):
    User.objects.filter(pk=town.unit_manager.pk).update(email="maja@kommunen.se")
    offer_support(incident=incident, by=town.head)
    answer_offer(incident=incident, accepted=True, by=town.employee)
    keys = OutboxMessage.objects.filter(once_key__contains="support-wanted").values_list("payload", flat=True)
    assert [payload["person_id"] for payload in keys] == [town.unit_manager.pk]
    assert TEXT not in str(list(keys))


def test_a_yes_is_never_told_to_one_the_case_is_kept_from(town, incident):
    Withheld.objects.create(incident=incident, person=town.unit_manager, at=clock.now())
    answer_offer(incident=incident, accepted=True, by=town.employee)
    payloads = OutboxMessage.objects.filter(once_key__contains="support-wanted").values_list("payload", flat=True)
    assert [payload["person_id"] for payload in payloads] == [town.head.pk]


def test_the_reporter_asks_for_support_that_nobody_has_offered(town, incident):
    with pytest.raises(SupportNotOffered):
        answer_offer(incident=incident, accepted=False, by=town.employee)
    answer_offer(incident=incident, accepted=True, by=town.employee)
    assert answer_offer(incident=incident, accepted=True, by=town.employee).answer == Answer.ACCEPTED
    assert offers(incident) == [(None, Answer.ACCEPTED)]


def test_a_yes_is_taken_back_as_long_as_nothing_has_been_given(town, incident):
    answer_offer(incident=incident, accepted=True, by=town.employee)
    answer_offer(incident=incident, accepted=False, by=town.employee)
    assert offers(incident) == [(None, Answer.DECLINED)]
    note_support_given(incident=incident, given_by="Chefen", given_on=clock.today(), by=town.unit_manager)
    with pytest.raises(SupportNotOffered):
        answer_offer(incident=incident, accepted=False, by=town.employee)


def test_a_handler_notes_the_answer_that_came_at_once_and_no_mail_is_sent(town, incident):
    offer_support(incident=incident, by=town.unit_manager, answer=Answer.DECLINED)
    assert offers(incident) == [(0, Answer.DECLINED)]
    assert not OutboxMessage.objects.filter(topic=support_notices.OFFERED).exists()


def test_others_offer_and_answer_nothing(town, incident):
    for role in ("safety_coordinator", "safety_representative", "unit_ombud", "other_manager"):
        with pytest.raises(NotAllowed):
            offer_support(incident=incident, by=town.people[role])
        with pytest.raises(NotYourAnswer):
            answer_offer(incident=incident, accepted=True, by=town.people[role])
        with pytest.raises(NotAllowed):
            note_support_given(incident=incident, given_by="Chef", given_on=clock.today(), by=town.people[role])
        with pytest.raises(NotAllowed):
            call_crisis_group(incident=incident, by=town.people[role])
    own = report(town, by="unit_manager")
    with pytest.raises(OwnReport):
        offer_support(incident=own, by=town.unit_manager)


def test_nobody_is_offered_support_in_a_withdrawn_or_disposed_case(town, incident):
    for column in ("withdrawn_at", "disposed_at"):
        Incident.objects.filter(pk=incident.pk).update(withdrawn_at=None, disposed_at=None)
        Incident.objects.filter(pk=incident.pk).update(**{column: clock.now()})
        incident.refresh_from_db()
        assert open_offer(incident) is None
        with pytest.raises(SupportNotOffered):
            answer_offer(incident=incident, accepted=True, by=None)


def test_the_offer_is_whole_or_not_at_all(town, incident, monkeypatch):
    monkeypatch.setattr(support_notices, "tell_of_offer", mock.Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        offer_support(incident=incident, by=town.unit_manager)
    assert not incident.support_offers.exists()
    assert not incident.statuses.filter(change=IncidentStatus.Change.SUPPORT).exists()


# --- Given --------------------------------------------------------------------------------------------------


def test_support_given_is_noted_with_function_and_day_once(town, incident):
    offer_support(incident=incident, by=town.unit_manager, answer=Answer.ACCEPTED)
    yesterday = clock.today() - timedelta(days=1)
    given = note_support_given(incident=incident, given_by=" Krisgruppen ", given_on=yesterday, by=town.unit_manager)
    assert (given.given_by, timezone.localtime(given.given_at).date()) == ("Krisgruppen", yesterday)
    again = note_support_given(incident=incident, given_by="Krisgruppen", given_on=yesterday, by=town.unit_manager)
    assert again == given
    assert incident.support_offers.count() == 1


def test_support_given_without_an_offer_is_noted_too(town, incident):
    given = note_support_given(incident=incident, given_by="Chefen", given_on=clock.today(), by=town.unit_manager)
    assert (given.day, given.answer) == (None, Answer.ACCEPTED)


def test_given_takes_a_function_and_a_day_that_has_come(town, incident):
    with pytest.raises(ReasonMissing):
        note_support_given(incident=incident, given_by=" ", given_on=clock.today(), by=town.unit_manager)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(NotYetHappened):
        note_support_given(incident=incident, given_by="Chefen", given_on=tomorrow, by=town.unit_manager)


def test_what_is_wanted_waits_among_the_handlers_work_until_it_is_given(town, incident):
    def waiting(person):
        return [item.url for item in support_waiting(person, Scope.of(person))]

    assert waiting(town.unit_manager) == []
    answer_offer(incident=incident, accepted=True, by=town.employee)
    Incident.objects.filter(pk=incident.pk).update(state=IncidentState.CLOSED)
    assert waiting(town.unit_manager) == [address("support", incident)]
    assert waiting(town.employee) == waiting(town.other_manager) == waiting(town.safety_coordinator) == []
    Withheld.objects.create(incident=incident, person=town.head, at=clock.now())
    assert waiting(town.head) == []
    note_support_given(incident=incident, given_by="Chefen", given_on=clock.today(), by=town.unit_manager)
    assert waiting(town.unit_manager) == []


# --- Offered again ------------------------------------------------------------------------------------------


def test_it_is_offered_again_after_3_and_14_days_also_after_a_no(town, incident):
    offer_support(incident=incident, by=town.unit_manager, answer=Answer.DECLINED)
    for days, expected in ((2, 0), (3, 1), (4, 0), (13, 0), (14, 1), (15, 0)):
        with at(days):
            assert offer_support_again() == expected, days
    assert [day for day, _answer in offers(incident)] == [0, 3, 14]
    assert {message.once_key for message in OutboxMessage.objects.filter(topic=support_notices.OFFERED)} == {
        f"{support_notices.OFFERED}:{offer.pk}" for offer in incident.support_offers.filter(day__gt=0)
    }


def test_the_days_are_counted_by_the_calendar_from_when_it_became_known(town, incident):
    known = timezone.make_aware(timezone.datetime(2026, 10, 22, 23, 50))
    Incident.objects.filter(pk=incident.pk).update(became_aware_at=known)
    # The clocks are put back in between, on the 25th.
    for moment, expected in (((2026, 10, 24, 23, 59), 0), ((2026, 10, 25, 0, 5), 1)):
        now = timezone.make_aware(timezone.datetime(*moment))
        with mock.patch("django.utils.timezone.now", return_value=now):
            assert offer_support_again() == expected


def test_a_machine_that_stood_still_offers_late_but_never_after_weeks(town, incident):
    with at(9):
        assert offer_support_again() == 1
    with at(40):
        assert offer_support_again() == 0


@pytest.mark.parametrize("end", ["given", "withdrawn", "disposed", "nobody"])
def test_it_is_not_offered_again_when_it_was_given_or_there_is_nobody(town, incident, end):
    if end == "given":
        note_support_given(incident=incident, given_by="Chefen", given_on=clock.today(), by=town.unit_manager)
    else:
        facts = {
            "withdrawn": {"withdrawn_at": clock.now()},
            "disposed": {"disposed_at": clock.now()},
            "nobody": {"affected": Affected.NOBODY},
        }
        Incident.objects.filter(pk=incident.pk).update(**facts[end])
    with at(3):
        assert offer_support_again() == 0


def test_a_closed_case_is_offered_again(town, incident):
    Incident.objects.filter(pk=incident.pk).update(state=IncidentState.CLOSED)
    with at(3):
        assert offer_support_again() == 1


def test_what_changes_between_finding_and_offering_counts(town, incident, monkeypatch):
    monkeypatch.setattr(supporting, "_due", lambda day, _last: [incident.pk] if day == 3 else [])
    Incident.objects.filter(pk=incident.pk).update(withdrawn_at=clock.now())
    assert offer_support_again() == 0
    Incident.objects.filter(pk=incident.pk).update(withdrawn_at=None)
    assert (offer_support_again(), offer_support_again()) == (1, 0)


def test_the_task_is_safe_to_run_twice_and_to_be_killed_between_two_cases(town, incident, monkeypatch):
    other = report(town, by="unit_ombud")
    tell = support_notices.tell_of_offer
    monkeypatch.setattr(
        support_notices, "tell_of_offer", lambda offer: tell(offer) if offer.incident == incident else 1 / 0
    )
    with at(3):
        with pytest.raises(ZeroDivisionError):
            task()
        assert (offers(incident), offers(other)) == ([(3, "")], [])
        monkeypatch.setattr(support_notices, "tell_of_offer", tell)
        assert task() == 1
        assert task() == 0
    assert (offers(incident), offers(other)) == ([(3, "")], [(3, "")])


def test_control_without_the_day_number_the_same_offer_is_made_twice(town, incident, monkeypatch):
    """The protection is the day number, unique in a case: without it a second run offers again."""

    def create(self, *, day, defaults):
        return SupportOffer.objects.create(incident=incident, day=None, **defaults), True

    monkeypatch.setattr(type(incident.support_offers), "get_or_create", create)
    with at(3):
        assert (offer_support_again(), offer_support_again()) == (1, 1)
    assert incident.support_offers.count() == 2


# --- The crisis support group -------------------------------------------------------------------------------


def test_the_crisis_group_is_told_number_and_place_alone(town, incident, group):
    assert call_crisis_group(incident=incident, by=town.unit_manager) == group
    deliver_all()
    sent = [one for one in mail.outbox if incident.label in one.subject]
    assert sorted(one.to[0] for one in sent) == ["kim@kommunen.se", "mio@kommunen.se"]
    for one in sent:
        assert town.bodies["care-north"].name in one.body
        assert TEXT not in one.body
        assert town.employee.name not in one.body
    assert incident.statuses.last().change == IncidentStatus.Change.CRISIS_GROUP


def test_a_double_call_is_one_call(town, incident, group):
    call_crisis_group(incident=incident, by=town.unit_manager)
    call_crisis_group(incident=incident, by=town.unit_manager)
    assert incident.statuses.filter(change=IncidentStatus.Change.CRISIS_GROUP).count() == 1
    assert OutboxMessage.objects.filter(once_key__contains="incident-crisis-group").count() == 2


def test_a_member_the_case_is_kept_from_is_not_called(town, incident, group):
    kept_from = User.objects.get(email="kim@kommunen.se")
    Withheld.objects.create(incident=incident, person=kept_from, at=clock.now())
    call_crisis_group(incident=incident, by=town.unit_manager)
    messages = OutboxMessage.objects.filter(once_key__contains="incident-crisis-group")
    assert kept_from.pk not in {message.payload["person_id"] for message in messages}
    assert messages.count() == 1


def test_the_nearest_group_is_called_and_none_is_refused_kindly(town, incident):
    with pytest.raises(NoCrisisGroup):
        call_crisis_group(incident=incident, by=town.unit_manager)
    make_body(town.municipality, BodyKind.CRISIS_SUPPORT, "Alla", town.bodies["office"], key="a")
    near = make_body(town.municipality, BodyKind.CRISIS_SUPPORT, "Äldre", town.bodies["care-dept"], key="b")
    rebuild_closure(town.municipality)
    assert crisis_group_for(incident) == near


# --- Pages --------------------------------------------------------------------------------------------------


def test_the_reporter_answers_on_the_own_case(town, incident, as_):
    offer_support(incident=incident, by=town.unit_manager)
    client = as_("employee")
    page = client.get(address("support", incident))
    assert page.status_code == 200
    assert town.unit_manager.name not in page.content.decode().split("<main")[1].split("</main")[0]
    refused = client.post(address("support_answer", incident), {})
    assert refused.status_code == 422
    sent = client.post(address("support_answer", incident), {"answer-answer": "accepted"})
    assert sent.status_code == 302
    assert offers(incident) == [(0, Answer.ACCEPTED)]


def test_a_handler_offers_notes_the_answer_and_that_it_was_given(town, incident, as_):
    client = as_("unit_manager")
    assert client.post(address("support_offer", incident), {"offer-answer": ""}).status_code == 302
    unanswered = client.post(address("support_answer", incident), {})
    assert unanswered.status_code == 422
    # Asked of the one affected, also when the form is shown again.
    assert "Vad svarade den drabbade?" in unanswered.content.decode()
    assert client.post(address("support_answer", incident), {"answer-answer": "accepted"}).status_code == 302
    wrong = client.post(address("support_given", incident), {"given-given_by": ""})
    assert wrong.status_code == 422
    today = clock.today()
    given = {
        "given-given_by": "Krisgruppen",
        "given-given_on_day": today.day,
        "given-given_on_month": today.month,
        "given-given_on_year": today.year,
    }
    assert client.post(address("support_given", incident), given).status_code == 302
    assert incident.support_offers.get().given_by == "Krisgruppen"


def test_without_a_group_the_page_says_so_and_keeps_its_place(town, incident, as_):
    answer = as_("unit_manager").post(address("crisis_group", incident))
    assert answer.status_code == 422
    assert answer.context["group"] is None


def test_others_who_see_the_case_do_not_see_whether_support_was_wanted(town, incident, as_):
    offer_support(incident=incident, by=town.unit_manager, answer=Answer.DECLINED)
    for role in ("safety_representative", "safety_coordinator"):
        assert as_(role).get(address("support", incident)).status_code == 403
        case = as_(role).get(address("case", incident))
        assert address("support", incident) not in case.content.decode()
        assert "declined" not in case.content.decode().lower()
        assert str(Answer.DECLINED.label) not in case.content.decode()


def test_the_case_shows_where_support_stands(town, incident, as_):
    def row(role):
        page = as_(role).get(address("case", incident))
        return next(one for one in page.context["rows"] if one.url == address("support", incident))

    read(incident, town.unit_manager)
    assert row("unit_manager").tone == "new"
    answer_offer(incident=incident, accepted=True, by=town.employee)
    waiting = row("unit_manager").status
    note_support_given(incident=incident, given_by="Chefen", given_on=clock.today(), by=town.unit_manager)
    assert row("unit_manager").status != waiting
    assert row("employee").tone == "done"
    assert Sight.of(incident, town.employee).is_reporter
