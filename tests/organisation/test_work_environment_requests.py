"""A request under AML 6:6a: receipt, promise, answer, referral; seen by the two sides and by no one else."""

import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import Absence, Appointment, RequestState, User, WorkEnvironmentRequest
from organisation.services.work_environment_requests import (
    OwnRequest,
    RequestRefused,
    answer_request,
    refer_request,
    withdraw_request,
)
from organisation.union.asked import may_answer, may_refer, may_withdraw, requests_seen
from tests.factories.organisation import appoint, make_municipality, make_seat
from tests.factories.union import add_chief, file_request, give_area, mandate_of

pytestmark = pytest.mark.django_db

WORDS = ("Larm vid kvällsbesök", "Två hot på en månad")


@pytest.fixture
def town():
    return make_municipality()


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def answer(request, by, outcome=RequestState.REJECTED, words="Vi prövar annat först"):
    return answer_request(request=request, outcome=outcome, answer=words, by=by)


def refer(request, by, on=None, reference="2026/031337"):
    return refer_request(request=request, on=on or clock.today(), reference=reference, by=by)


def later(monkeypatch, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: day)


def mails() -> dict[str, set[str]]:
    """Return subject → who was mailed, of what lies in the outbox now."""
    found: dict[str, set[str]] = {}
    names = dict(User.objects.values_list("pk", "name"))
    for message in OutboxMessage.objects.filter(topic="mail"):
        found.setdefault(message.payload["subject"], set()).add(names[message.payload["person_id"]])
    return found


class TestFiling:
    def test_it_gets_a_number_a_day_and_a_first_row(self, town):
        request = file_request(town)
        assert request.label == f"B-{clock.today().year}-0001"
        assert request.answer_by == clock.today() + timedelta(days=14)
        assert request.appointment == mandate_of(town.safety_representative)
        assert [(row.from_state, row.to_state, row.by) for row in request.statuses.all()] == [
            ("", "filed", town.safety_representative)
        ]
        assert file_request(town).label.endswith("-0002")

    def test_the_municipalitys_own_promise_counts(self, town):
        rules = town.municipality.rules(clock.today())
        rules.settings = {"request_answer_days": 7}
        rules.save()
        assert file_request(town).answer_by == clock.today() + timedelta(days=7)

    def test_each_municipality_and_year_has_its_own_series(self, town, monkeypatch):
        file_request(town)
        assert file_request(make_municipality("Grannby kommun")).number == 1
        new_year = date(clock.today().year + 1, 1, 1)
        monkeypatch.setattr(clock, "today", lambda: new_year)
        assert file_request(town).label == f"B-{new_year.year}-0001"

    def test_the_same_form_twice_is_one_request(self, town):
        key = uuid.uuid4()
        assert file_request(town, submission_key=key) == file_request(town, submission_key=key)
        assert OutboxMessage.objects.filter(topic="mail").count() == 2
        add_chief(town, "care-dept")
        with pytest.raises(NotAllowed):
            file_request(town, by="chief_safety_representative", submission_key=key)

    @pytest.mark.parametrize(
        "role", ["employee", "unit_ombud", "unit_manager", "head", "safety_coordinator", "administrator", "board_chair"]
    )
    def test_only_a_representative_files(self, town, role):
        with pytest.raises(NotAllowed):
            file_request(town, by=role)
        assert not WorkEnvironmentRequest.objects.exists()

    def test_only_for_the_own_area(self, town):
        with pytest.raises(NotAllowed):
            file_request(town, at="care-south")
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"])
        town.people["safety_representative"] = fresh(town.safety_representative)
        assert file_request(town, at="care-south").body == town.bodies["care-south"]

    def test_not_for_another_municipality(self, town):
        theirs = make_municipality("Grannby kommun")
        theirs.people["safety_representative"] = town.safety_representative
        with pytest.raises(NotAllowed):
            file_request(theirs)

    def test_words_are_needed(self, town):
        for changed in ({"text": " "}, {"reason": ""}):
            with pytest.raises(RequestRefused):
                file_request(town, **changed)

    def test_a_failure_half_way_takes_the_number_back(self, town, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("organisation.union.notices.plan_reminders", lambda _request: 1 / 0)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                file_request(town)
        assert not OutboxMessage.objects.exists()
        assert file_request(town).number == 1


class TestWhoIsTold:
    def test_the_representative_gets_a_receipt_and_the_manager_is_asked(self, town):
        request = file_request(town)
        by_subject = mails()
        assert {frozenset(people) for people in by_subject.values()} == {
            frozenset({"Omar Påhittad"}),
            frozenset({"Maja Exempelsson"}),
        }
        receipt = OutboxMessage.objects.get(payload__person_id=town.safety_representative.pk)
        for said in (request.label, "Maja Exempelsson, Enhetschef", f"/requests/{request.public_id}/"):
            assert said in receipt.payload["body"]

    def test_no_words_of_it_are_mailed(self, town):
        answer(file_request(town), town.unit_manager)
        for message in OutboxMessage.objects.all():
            for words in (*WORDS, "Vi prövar annat först"):
                assert words not in str(message.payload)

    def test_the_next_in_line_is_asked_when_the_manager_is_away_or_the_seat_vacant(self, town):
        held = Appointment.objects.get(person=town.unit_manager)
        away = Absence.objects.create(
            municipality=town.municipality,
            appointment=held,
            valid_from=clock.today(),
            valid_to=clock.today() + timedelta(days=9),
        )
        file_request(town)
        assert {"Nils Påhittsson"} in mails().values()
        away.delete()
        Appointment.objects.filter(person__in=(town.unit_manager, town.head)).update(valid_to=clock.today())
        request = file_request(town)
        assert {"Anna Attrappén"} in mails().values()
        assert may_answer(fresh(town.chief_executive), request), "who is asked may answer"

    def test_never_the_representative_who_is_also_the_manager(self, town):
        appoint(town.safety_representative, make_seat(town.bodies["care-south"], "unit_manager"))
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"])
        town.people["safety_representative"] = fresh(town.safety_representative)
        request = file_request(town, at="care-south")
        assert {"Nils Påhittsson"} in mails().values()
        assert not may_answer(fresh(town.safety_representative), request)
        with pytest.raises(OwnRequest):
            answer(request, fresh(town.safety_representative))

    def test_when_nobody_answers_those_who_see_it_are_told(self, town):
        people = (town.unit_manager, town.head, town.chief_executive)
        Appointment.objects.filter(person__in=people).update(valid_to=clock.today())
        file_request(town)
        told = set().union(*mails().values())
        assert {"Sanna Låtsas", "Elin Modellgren", "Tor Testberg", "Omar Påhittad"} <= told


class TestReminders:
    @pytest.fixture(autouse=True)
    def _real_addresses(self, town):
        address = Concat(Value("p"), Cast(F("pk"), CharField()), Value("@kommunen.se"))
        User.objects.filter(municipality=town.municipality).update(email=address)

    def deliver(self, kind: str) -> list[str]:
        """Deliver one reminder as its morning has come; return who was mailed what."""
        message = OutboxMessage.objects.get(topic="organisation.request_reminder", payload__kind=kind)
        OutboxMessage.objects.filter(pk=message.pk).update(not_before=clock.now(), done_at=None)
        mail.outbox.clear()
        deliver_message(message.pk)
        return [f"{sent.to[0]} {sent.subject}" for sent in mail.outbox]

    def test_they_wait_for_their_mornings(self, town):
        request = file_request(town)
        days = OutboxMessage.objects.filter(topic="organisation.request_reminder").order_by("not_before")
        waiting = [message.not_before.astimezone(None).date() for message in days]
        assert waiting == [request.answer_by - timedelta(days=3), request.answer_by + timedelta(days=1)]

    def test_the_one_who_answers_is_reminded_once_each(self, town):
        request = file_request(town)
        for kind in ("soon", "late"):
            (sent,) = self.deliver(kind)
            assert sent.startswith(f"p{town.unit_manager.pk}@")
            assert request.label in sent
        assert OutboxMessage.objects.filter(topic="organisation.request_reminder").count() == 2

    def test_whoever_answers_by_then_is_reminded(self, town):
        file_request(town)
        Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
        (sent,) = self.deliver("soon")
        assert sent.startswith(f"p{town.head.pk}@")

    def test_nobody_is_once_it_is_answered_or_withdrawn(self, town):
        answer(file_request(town), town.unit_manager)
        assert self.deliver("soon") == []

    def test_a_repeat_carries_the_same_message_id(self, town):
        file_request(town)
        self.deliver("late")
        first = mail.outbox[0].extra_headers["Message-ID"]
        self.deliver("late")
        assert mail.outbox[0].extra_headers["Message-ID"] == first

    def test_a_promise_shorter_than_the_warning_has_no_warning(self, town):
        rules = town.municipality.rules(clock.today())
        rules.settings = {"request_answer_days": 2}
        rules.save()
        file_request(town)
        assert OutboxMessage.objects.get(topic="organisation.request_reminder").payload["kind"] == "late"


class TestAnswering:
    @pytest.mark.parametrize("outcome", [RequestState.ACCEPTED, RequestState.PARTLY, RequestState.REJECTED])
    @pytest.mark.parametrize("role", ["unit_manager", "head", "chief_executive"])
    def test_the_line_answers_with_reasons(self, town, role, outcome):
        request = answer(file_request(town), town.people[role], outcome)
        assert (request.state, request.answered_by) == (outcome, town.people[role])
        assert [row.to_state for row in request.statuses.all()] == ["filed", outcome]
        assert {"Omar Påhittad"} in mails().values()

    @pytest.mark.parametrize(
        "role",
        ["safety_representative", "coordinator", "safety_coordinator", "other_head", "employee", "committee_chair"],
    )
    def test_nobody_else_does(self, town, role):
        with pytest.raises(NotAllowed):
            answer(file_request(town), town.people[role])

    def test_words_and_one_of_three_answers_are_needed(self, town):
        request = file_request(town)
        with pytest.raises(RequestRefused):
            answer(request, town.unit_manager, words=" ")
        with pytest.raises(RequestRefused):
            answer(request, town.unit_manager, RequestState.WITHDRAWN)

    def test_only_once(self, town):
        request = answer(file_request(town), town.unit_manager)
        with pytest.raises(WrongState):
            answer(request, town.head)

    def test_also_after_it_was_referred_for_want_of_an_answer(self, town, monkeypatch):
        request = file_request(town)
        later(monkeypatch, 15)
        request = refer(request, town.safety_representative)
        request = answer(request, town.unit_manager, RequestState.ACCEPTED)
        assert (request.state, request.referred_on) == ("accepted", clock.today())
        assert not may_refer(town.safety_representative, request, clock.today())


class TestReferring:
    def test_when_it_was_rejected(self, town):
        request = refer(answer(file_request(town), town.unit_manager), town.safety_representative)
        assert (request.state, request.referral_reference) == ("referred", "2026/031337")
        assert {"Maja Exempelsson"} in mails().values()

    def test_when_the_answer_is_late_and_not_before(self, town, monkeypatch):
        request = file_request(town)
        later(monkeypatch, 14)
        with pytest.raises(RequestRefused):
            refer(request, town.safety_representative)
        later(monkeypatch, 1)
        assert refer(request, town.safety_representative).state == "referred"

    @pytest.mark.parametrize("outcome", [RequestState.ACCEPTED, RequestState.PARTLY])
    def test_when_what_was_promised_is_not_heeded(self, town, outcome):
        request = answer(file_request(town), town.unit_manager, outcome)
        assert refer(request, town.safety_representative).state == "referred"

    def test_the_authoritys_reference_can_come_later(self, town):
        request = refer(answer(file_request(town), town.unit_manager), town.safety_representative, reference="")
        request = refer(request, town.safety_representative)
        assert request.referral_reference == "2026/031337"
        with pytest.raises(WrongState):
            refer(request, town.safety_representative, reference="2026/99")

    def test_from_the_day_it_was_filed_up_to_today(self, town):
        request = answer(file_request(town), town.unit_manager)
        for days in (-1, 1):
            with pytest.raises(RequestRefused):
                refer(request, town.safety_representative, on=clock.today() + timedelta(days=days))

    @pytest.mark.parametrize("role", ["unit_manager", "head", "safety_coordinator", "employee"])
    def test_only_a_representative_does(self, town, role):
        request = answer(file_request(town), town.unit_manager)
        with pytest.raises(NotAllowed):
            refer(request, town.people[role])

    def test_the_one_who_follows_in_the_area_can(self, town):
        request = answer(file_request(town), town.unit_manager)
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=clock.today())
        appoint(town.employee, town.seats["safety_representative"], valid_from=clock.today())
        assert refer(request, fresh(town.employee)).state == "referred"
        with pytest.raises(NotAllowed):
            withdraw_request(request=request, reason="Nej", by=fresh(town.safety_representative))


class TestWithdrawing:
    def test_nothing_is_asked_for_any_more(self, town):
        request = withdraw_request(request=file_request(town), reason="Ordnat", by=town.safety_representative)
        assert request.statuses.last().note == "Ordnat"
        for verb in (answer, refer):
            person = town.unit_manager if verb is answer else town.safety_representative
            with pytest.raises(WrongState):
                verb(request, person)

    def test_with_a_reason_by_a_representative_and_not_once_answered(self, town):
        request = file_request(town)
        with pytest.raises(RequestRefused):
            withdraw_request(request=request, reason=" ", by=town.safety_representative)
        with pytest.raises(NotAllowed):
            withdraw_request(request=request, reason="Nej", by=town.unit_manager)
        request = answer(request, town.unit_manager)
        assert not may_withdraw(town.safety_representative, request)
        with pytest.raises(WrongState):
            withdraw_request(request=request, reason="Ordnat", by=town.safety_representative)


class TestWhoSees:
    SEE = {
        "safety_representative",
        "unit_manager",
        "head",
        "coordinator",
        "chief_executive",
        "head_of_security",
        "safety_coordinator",
    }

    def test_the_two_sides_and_the_safety_unit_and_nobody_else(self, town):
        file_request(town)
        seeing = {role for role, person in town.people.items() if requests_seen(fresh(person)).exists()}
        assert seeing == self.SEE

    def test_the_chief_of_the_area_too(self, town):
        file_request(town)
        assert requests_seen(add_chief(town, "care-dept")).exists()

    def test_never_another_municipality(self, town):
        file_request(town)
        neighbour = make_municipality("Grannby kommun")
        assert not any(requests_seen(person).exists() for person in neighbour.people.values())

    def test_a_representative_whose_mandate_has_ended_sees_no_more(self, town):
        file_request(town)
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=clock.today())
        assert not requests_seen(fresh(town.safety_representative)).exists()
