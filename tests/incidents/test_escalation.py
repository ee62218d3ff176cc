"""A case that may get worse reaches the duty officer, then the next in line, until somebody answers (R166)."""

import hashlib
import hmac
import json
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
import requests
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from incidents import escalation, escalation_notices
from incidents.errors import NotCalled, OwnReport, ReasonMissing
from incidents.escalation import ORDINARY, chain_of, escalations_waiting
from incidents.models import Escalation, EscalationCall, Incident, IncidentGrant, IncidentStatus, Withheld
from incidents.services import (
    answer_escalation,
    call_next,
    close_case,
    escalate,
    escalating,
    judge_no_escalation,
    reopen_case,
)
from incidents.sight import Sight
from incidents.tasks import call_next as task
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.access import Scope
from organisation.errors import NotAllowed, WrongState
from organisation.models import Absence, Appointment, Ruleset, SeatKind, User
from tests.factories.incidents import read, report
from tests.factories.organisation import appoint, make_user

TEXT = "Kniven låg på bordet"
WHY = "Han sa att han kommer tillbaka i kväll"
WEBHOOK = {"seat": "duty_officer", "channel": "webhook", "minutes": 5}
By = EscalationCall.By


@pytest.fixture
def incident(town):
    """A case that the unit manager has read."""
    return read(report(town, text=TEXT), town.unit_manager)


@pytest.fixture
def alarm(settings):
    """An alarm service is set up."""
    settings.ESCALATION_WEBHOOK_URL = "https://larm.example.se/in"
    settings.ESCALATION_WEBHOOK_SECRET = "delad nyckel"
    settings.PORTAL_URL = "https://trygghet.example.se/"
    return settings


def address(what, incident):
    return reverse(f"incidents:{what}", args=[incident.public_id])


def set_chain(town, chain):
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"escalation": chain})


def fresh(person):
    """The person as the next request sees them."""
    return User.objects.get(pk=person.pk)


@contextmanager
def after(minutes):
    with mock.patch("django.utils.timezone.now", return_value=timezone.localtime() + timedelta(minutes=minutes)):
        yield


def start(town, incident):
    return escalate(incident=incident, reason=WHY, by=town.unit_manager)


def called(one):
    return list(one.calls.order_by("step").values_list("step", "person", "channel"))


# --- The chain ----------------------------------------------------------------------------------------------


def test_the_ordinary_chain_begins_with_the_duty_officer(town):
    assert chain_of(town.municipality) == ORDINARY
    assert [step.seat for step in ORDINARY] == ["duty_officer", "head_of_security", "chief_executive"]


def test_a_municipality_has_its_own_chain_and_what_cant_be_understood_is_left_out(town):
    odd = ["x", {"seat": "chair"}, {"seat": "duty_officer", "channel": "pigeon"}, {**WEBHOOK, "minutes": 0}]
    set_chain(town, [*odd, {"seat": "chief_executive", "minutes": 45}, WEBHOOK])
    steps = [(step.seat, step.channel, step.wait) for step in chain_of(town.municipality)]
    assert steps == [
        (SeatKind.CHIEF_EXECUTIVE, By.MAIL, timedelta(minutes=45)),
        (SeatKind.DUTY_OFFICER, By.WEBHOOK, timedelta(minutes=5)),
    ]
    for wrong in (odd, "duty_officer", None, {}):
        set_chain(town, wrong)
        assert chain_of(town.municipality) == ORDINARY


# --- Escalated ----------------------------------------------------------------------------------------------


def test_the_duty_officer_is_mailed_a_number_and_reads_the_case_for_a_while(town, incident):
    User.objects.filter(pk=town.duty_officer.pk).update(email="tim@kommunen.se")
    assert not Incident.objects.visible_to(town.duty_officer).exists()
    one = start(town, incident)
    assert called(one) == [(0, town.duty_officer.pk, By.MAIL)]
    duty_officer = fresh(town.duty_officer)
    sight = Sight.of(incident, duty_officer)
    assert Incident.objects.visible_to(duty_officer).get() == incident
    assert (sight.reads_text, sight.handles) == (True, False)
    for message in OutboxMessage.objects.filter(once_key__contains="escalation"):
        deliver_message(message.pk)
    sent = mail.outbox[-1]
    assert (sent.to, incident.label in sent.subject) == (["tim@kommunen.se"], True)
    assert not any(word in sent.body + sent.subject for word in (TEXT, WHY, town.employee.name))
    with mock.patch("django.utils.timezone.localdate", return_value=clock.today() + timedelta(days=31)):
        assert not Incident.objects.visible_to(fresh(town.duty_officer)).exists()


def test_it_is_a_recorded_disclosure_to_another_authority(town, incident):
    start(town, incident)
    grants = IncidentGrant.objects.filter(content_object=incident, user=town.duty_officer)
    assert {grant.permission.codename for grant in grants} == {"view_incident", "read_narrative"}
    assert all(grant.assessment and grant.given_by == town.unit_manager and grant.valid_to for grant in grants)


def test_a_running_escalation_is_the_same_one(town, incident):
    assert start(town, incident) == start(town, incident)
    assert incident.statuses.filter(change=IncidentStatus.Change.ESCALATED).count() == 1


def test_who_may_escalate(town, incident):
    for role in ("safety_coordinator", "safety_representative", "unit_ombud", "employee", "duty_officer"):
        with pytest.raises(NotAllowed):
            escalate(incident=incident, reason=WHY, by=town.people[role])
        with pytest.raises(NotAllowed):
            judge_no_escalation(incident=incident, reason=WHY, by=town.people[role])
    own = report(town, by="unit_manager")
    with pytest.raises(OwnReport):
        start(town, own)


def test_it_takes_a_reason_and_an_open_case(town, incident):
    with pytest.raises(ReasonMissing):
        escalate(incident=incident, reason=" ", by=town.unit_manager)
    assert not Escalation.objects.exists()
    close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
    with pytest.raises(WrongState):
        start(town, incident)
    with pytest.raises(WrongState):
        judge_no_escalation(incident=incident, reason=WHY, by=town.unit_manager)


def test_escalating_is_whole_or_not_at_all(town, incident, monkeypatch):
    monkeypatch.setattr(escalation_notices, "reach", mock.Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        start(town, incident)
    assert not Escalation.objects.exists()
    assert not IncidentGrant.objects.exists()


def test_a_no_is_noted_with_its_reason(town, incident):
    judge_no_escalation(incident=incident, reason="Personen är gripen.", by=town.unit_manager)
    last = incident.statuses.last()
    assert (last.change, last.reason) == (IncidentStatus.Change.NOT_ESCALATED, "Personen är gripen.")


# --- Up the chain -------------------------------------------------------------------------------------------


def test_without_an_answer_the_next_is_asked_until_nobody_is_left(town, incident):
    one = start(town, incident)
    for minutes, expected in ((14, 1), (16, 2), (40, 2), (47, 3), (60, 3)):
        with after(minutes):
            call_next()
        assert one.calls.count() == expected, minutes
    one.refresh_from_db()
    assert [person for _step, person, _by in called(one)] == [
        town.duty_officer.pk,
        town.head_of_security.pk,
        town.chief_executive.pk,
    ]
    assert one.exhausted_at is None
    with after(120):
        assert call_next() == 1
        assert call_next() == 0
    one.refresh_from_db()
    assert one.exhausted_at is not None
    told = OutboxMessage.objects.filter(once_key__contains="escalation-unanswered")
    expected = {town.head_of_security.pk, town.safety_coordinator.pk, town.unit_manager.pk}
    assert {message.payload["person_id"] for message in told} == expected
    assert not any(word in str(message.payload) for message in told for word in (TEXT, WHY))


def test_an_answer_stops_the_chain(town, incident):
    one = start(town, incident)
    answer_escalation(incident=incident, answer="Jag ringer polisen.", by=fresh(town.duty_officer))
    with after(500):
        assert call_next() == 0
    assert one.calls.count() == 1


def test_a_closed_case_wakes_nobody_until_it_is_taken_up_again(town, incident):
    one = start(town, incident)
    close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
    officer = fresh(town.duty_officer)
    with after(16):
        assert call_next() == 0
        assert not escalating._call_next(one.pk, incident.pk)
        assert not list(escalations_waiting(officer, Scope.of(officer)))
        reopen_case(incident=incident, reason="Igen.", by=town.unit_manager)
        assert call_next() == 1


def test_after_nobody_answered_it_can_be_escalated_again(town, incident):
    one = start(town, incident)
    for minutes in (16, 47, 120):
        with after(minutes):
            call_next()
    with after(130):
        again = start(town, incident)
    assert again != one


def test_vacant_away_and_withheld_are_passed_over_without_a_word(town, incident):
    Appointment.objects.filter(person=town.duty_officer).update(valid_to=clock.today())
    Withheld.objects.create(incident=incident, person=town.head_of_security, at=clock.now())
    one = start(town, incident)
    assert [person for _step, person, _by in called(one)] == [None, None, town.chief_executive.pk]
    assert not IncidentGrant.objects.filter(user=town.head_of_security).exists()
    assert not OutboxMessage.objects.filter(
        once_key__contains="escalation", payload__person_id=town.head_of_security.pk
    ).exists()
    # An empty seat and a person who is not asked look alike.
    first, second = list(one.calls.order_by("step"))[:2]
    assert (first.answer_by, second.answer_by) == (first.called_at, second.called_at)


def test_control_without_passing_over_the_person_it_is_kept_from_is_asked(town, incident, monkeypatch):
    Withheld.objects.create(incident=incident, person=town.duty_officer, at=clock.now())
    monkeypatch.setattr(escalating, "passed_over", lambda incidents: {one.pk: set() for one in incidents})
    assert called(start(town, incident))[0][1] == town.duty_officer.pk


def test_a_deputy_answers_for_one_who_is_away(town, incident):
    deputy = make_user(town.municipality, "Stina Ställföreträdare")
    appoint(deputy, town.seats["duty_officer"], is_deputy=True)
    today = clock.today()
    Absence.objects.create(
        municipality=town.municipality,
        appointment=Appointment.objects.get(person=town.duty_officer),
        valid_from=today,
        valid_to=today + timedelta(days=7),
    )
    assert called(start(town, incident))[0][1] == deputy.pk


def test_the_reporter_and_the_one_who_asks_are_not_asked(town):
    own = report(town, by="duty_officer")
    read(own, town.unit_manager)
    assert called(start(town, own))[0][1] is None


def test_nobody_at_all_is_said_at_once(town, incident):
    kinds = (SeatKind.DUTY_OFFICER, SeatKind.HEAD_OF_SECURITY, SeatKind.CHIEF_EXECUTIVE)
    Appointment.objects.filter(seat__seat_type__kind__in=kinds).update(valid_to=clock.today())
    one = start(town, incident)
    assert one.exhausted_at is not None
    told = OutboxMessage.objects.filter(once_key__contains="escalation-unanswered")
    assert {message.payload["person_id"] for message in told} == {town.safety_coordinator.pk, town.unit_manager.pk}


def test_the_task_is_safe_to_be_killed_and_one_that_fails_stops_no_other(town, incident, monkeypatch):
    other = read(report(town, by="unit_ombud"), town.unit_manager)
    first, second = start(town, incident), start(town, other)
    reach = escalation_notices.reach

    def fail_first(call):
        if call.escalation_id == first.pk:
            raise RuntimeError
        reach(call)

    monkeypatch.setattr(escalation_notices, "reach", fail_first)
    with after(16):
        assert task() == 1
        assert (first.calls.count(), second.calls.count()) == (1, 2)
        monkeypatch.setattr(escalation_notices, "reach", reach)
        assert (task(), task()) == (1, 0)
    assert (first.calls.count(), second.calls.count()) == (2, 2)


def test_the_same_step_is_never_taken_twice(town, incident):
    one = start(town, incident)
    escalating._call(one, 0, ORDINARY[0], [])
    assert one.calls.count() == 1
    assert OutboxMessage.objects.filter(once_key__contains="incident-escalation:").count() == 1


def test_control_without_the_look_at_the_clock_everyone_is_asked_at_once(town, incident, monkeypatch):
    """The protection is the time to answer, looked at under the lock: without it the chain runs through."""
    start(town, incident)
    monkeypatch.setattr(
        escalating,
        "_call_next",
        lambda pk, _case: (
            escalating._call_from(Escalation.objects.get(pk=pk), incident, Escalation.objects.get(pk=pk).calls.count())
            or True
        ),
    )
    for _minute in range(3):
        call_next()
    assert Escalation.objects.get().calls.count() == 3


# --- Answered -----------------------------------------------------------------------------------------------


def test_the_one_who_was_asked_answers_once_and_whoever_asked_is_told(town, incident):
    start(town, incident)
    officer = fresh(town.duty_officer)
    one = answer_escalation(incident=incident, answer="Jag ringer polisen.", by=officer)
    assert answer_escalation(incident=incident, answer="Jag ringer polisen.", by=officer) == one
    with pytest.raises(WrongState):
        answer_escalation(incident=incident, answer="Något annat.", by=officer)
    last = incident.statuses.last()
    assert (last.change, last.by) == (IncidentStatus.Change.ESCALATION_ANSWERED, town.duty_officer)
    told = OutboxMessage.objects.get(once_key__contains="escalation-answered")
    assert told.payload["person_id"] == town.unit_manager.pk
    assert "polisen" not in str(told.payload)


def test_one_who_was_asked_earlier_may_still_answer(town, incident):
    start(town, incident)
    with after(16):
        call_next()
    answer_escalation(incident=incident, answer="Jag var upptagen.", by=fresh(town.duty_officer))
    with pytest.raises(WrongState):
        answer_escalation(incident=incident, answer="Jag med.", by=fresh(town.head_of_security))


def test_others_do_not_answer(town, incident):
    with pytest.raises(NotCalled):
        answer_escalation(incident=incident, answer="Jag.", by=town.duty_officer)
    start(town, incident)
    for role in ("unit_manager", "head", "safety_coordinator", "head_of_security", "employee", "other_head"):
        with pytest.raises(NotCalled):
            answer_escalation(incident=incident, answer="Jag.", by=fresh(town.people[role]))
    with pytest.raises(ReasonMissing):
        answer_escalation(incident=incident, answer=" ", by=fresh(town.duty_officer))


def test_one_the_case_is_kept_from_later_no_longer_answers(town, incident):
    start(town, incident)
    Withheld.objects.create(incident=incident, person=town.duty_officer, at=clock.now())
    with pytest.raises(NotCalled):
        answer_escalation(incident=incident, answer="Jag.", by=fresh(town.duty_officer))


def test_it_stands_first_among_the_work_of_the_one_asked(town, incident):
    def waiting(person):
        person = fresh(person)
        return [item.url for item in escalations_waiting(person, Scope.of(person))]

    start(town, incident)
    assert waiting(town.duty_officer) == [address("escalation", incident)]
    assert waiting(town.unit_manager) == waiting(town.head_of_security) == []
    answer_escalation(incident=incident, answer="Jag.", by=fresh(town.duty_officer))
    assert waiting(town.duty_officer) == []


# --- The alarm service --------------------------------------------------------------------------------------


def send_alarms():
    for message in OutboxMessage.objects.filter(topic=escalation_notices.ALARM):
        deliver_message(message.pk)


def test_the_alarm_service_is_posted_a_signed_number_and_no_text(town, incident, alarm, monkeypatch):
    set_chain(town, [WEBHOOK])
    start(town, incident)
    posted = mock.Mock(return_value=mock.Mock(status_code=202))
    monkeypatch.setattr(requests, "post", posted)
    send_alarms()
    (url,), sent = posted.call_args
    body, headers = sent["data"], sent["headers"]
    assert url == alarm.ESCALATION_WEBHOOK_URL
    assert sent["allow_redirects"] is False
    assert json.loads(body) == {
        "id": f"{incident.label}-{Escalation.objects.get().pk}-0",
        "number": incident.label,
        "place": incident.body.name,
        "link": f"https://trygghet.example.se{address('escalation', incident)}",
        "step": 0,
    }
    assert headers["X-Signature-SHA256"] == hmac.new(b"delad nyckel", body, hashlib.sha256).hexdigest()
    assert not any(word.encode() in body for word in (TEXT, WHY, town.employee.name, town.duty_officer.name))


def test_everyone_on_duty_may_read_and_answer_where_the_alarm_service_knows_who_is(town, incident, alarm):
    second = make_user(town.municipality, "Berit Beredd")
    appoint(second, town.seats["duty_officer"])
    set_chain(town, [WEBHOOK])
    start(town, incident)
    answer_escalation(incident=incident, answer="Jag åker dit.", by=fresh(second))
    assert Escalation.objects.get().acknowledged_by == second


@pytest.mark.parametrize("answer", [mock.Mock(status_code=500), mock.Mock(status_code=302), requests.ConnectionError])
def test_an_alarm_that_is_not_taken_is_sent_again_as_the_same_alarm(town, incident, alarm, monkeypatch, answer):
    set_chain(town, [WEBHOOK])
    start(town, incident)
    posted = mock.Mock(side_effect=[answer])
    monkeypatch.setattr(requests, "post", posted)
    send_alarms()
    message = OutboxMessage.objects.get(topic=escalation_notices.ALARM)
    assert (message.failures, message.done_at, message.error) == (1, None, "AlarmNotTaken")
    first = posted.call_args
    OutboxMessage.objects.update(not_before=clock.now())
    posted.side_effect = [mock.Mock(status_code=200)]
    send_alarms()
    assert posted.call_args == first
    message.refresh_from_db()
    assert message.done_at is not None


def test_an_answered_alarm_is_not_sent_and_a_service_that_went_away_is_tried_again(
    town, incident, alarm, monkeypatch, settings
):
    set_chain(town, [WEBHOOK])
    one = start(town, incident)
    posted = mock.Mock(return_value=mock.Mock(status_code=200))
    monkeypatch.setattr(requests, "post", posted)
    settings.ESCALATION_WEBHOOK_URL = ""
    with pytest.raises(escalation_notices.AlarmNotTaken):
        escalation_notices.deliver_alarm(call_id=one.calls.get().pk)
    answer_escalation(incident=incident, answer="Jag.", by=fresh(town.duty_officer))
    send_alarms()
    escalation_notices.deliver_alarm(call_id=10**9)
    assert not posted.called


@pytest.mark.parametrize(
    ("url", "secret", "debug", "is_set_up"),
    [
        ("https://larm.example.se/in", "nyckel", False, True),
        ("http://larm.example.se/in", "nyckel", False, False),
        ("http://larm.example.se/in", "nyckel", True, True),
        ("https://larm.example.se/in", "", False, False),
        ("", "nyckel", True, False),
    ],
)
def test_the_alarm_service_is_called_by_https_and_with_a_key_alone(settings, url, secret, debug, is_set_up):
    settings.ESCALATION_WEBHOOK_URL, settings.ESCALATION_WEBHOOK_SECRET, settings.DEBUG = url, secret, debug
    assert escalation_notices.alarm_service_is_set_up() is is_set_up


def test_without_an_alarm_service_the_person_is_mailed(town, incident):
    set_chain(town, [WEBHOOK])
    assert called(start(town, incident)) == [(0, town.duty_officer.pk, By.MAIL)]


def test_the_alarm_service_is_called_also_for_an_empty_seat(town, incident, alarm):
    Appointment.objects.filter(person=town.duty_officer).update(valid_to=clock.today())
    set_chain(town, [WEBHOOK])
    one = start(town, incident)
    assert called(one) == [(0, None, By.WEBHOOK)]
    assert one.exhausted_at is None


# --- Pages --------------------------------------------------------------------------------------------------


def test_a_handler_judges_on_the_page_and_the_one_asked_answers_there(town, incident, as_):
    handler = as_("unit_manager")
    wrong = handler.post(address("escalation", incident), {"judge-escalates": "yes", "judge-reason": ""})
    assert wrong.status_code == 422
    sent = {"judge-escalates": "yes", "judge-reason": WHY}
    assert handler.post(address("escalation", incident), sent).status_code == 302
    page = handler.get(address("escalation", incident)).content.decode()
    assert town.duty_officer.name in page
    assert WHY in page
    officer = as_("duty_officer")
    assert WHY in officer.get(address("escalation", incident)).content.decode()
    assert officer.post(address("escalation", incident), sent).status_code == 403
    assert officer.post(address("escalation_answer", incident), {"escalation-answer": ""}).status_code == 422
    answer = {"escalation-answer": "Jag ringer polisen."}
    assert officer.post(address("escalation_answer", incident), answer).status_code == 302
    assert "Jag ringer polisen." in handler.get(address("escalation", incident)).content.decode()
    assert incident.readings.filter(by=town.duty_officer).exists()


def test_a_no_is_shown_with_who_and_why(town, incident, as_):
    handler = as_("unit_manager")
    handler.post(address("escalation", incident), {"judge-escalates": "no", "judge-reason": "Gripen."})
    page = handler.get(address("escalation", incident)).content.decode()
    assert "Gripen." in page
    assert not Escalation.objects.exists()


def test_the_page_says_that_nobody_answers(town, incident, as_):
    one = start(town, incident)
    Escalation.objects.filter(pk=one.pk).update(exhausted_at=clock.now())
    told = as_("unit_manager").get(address("escalation", incident))
    assert told.context["escalations"][0]["exhausted"]
    assert "judge" in told.context["forms"]


def test_others_who_see_the_case_do_not_see_who_was_asked(town, incident, as_):
    start(town, incident)
    for role in ("employee", "safety_representative", "safety_coordinator", "head_of_security"):
        assert as_(role).get(address("escalation", incident)).status_code == 403
    assert as_("other_manager").get(address("escalation", incident)).status_code == 404


def test_a_serious_case_asks_whether_it_may_get_worse(town, incident, as_):
    def row():
        page = as_("unit_manager").get(address("case", incident))
        return next(one for one in page.context["rows"] if one.url == address("escalation", incident))

    assert row().tone == ""
    Incident.objects.filter(pk=incident.pk).update(serious=True)
    assert row().tone == "late"
    judge_no_escalation(incident=incident, reason="Gripen.", by=town.unit_manager)
    assert row().tone == "done"
    start(town, incident)
    assert row().tone == "go"


def test_the_number_of_queries_does_not_grow_with_the_chain(town, incident, as_, django_assert_max_num_queries):
    assert escalation.ORDINARY
    start(town, incident)
    for minutes in (16, 47):
        with after(minutes):
            call_next()
    client = as_("unit_manager")
    client.get(address("escalation", incident))
    with django_assert_max_num_queries(34):
        client.get(address("escalation", incident))
