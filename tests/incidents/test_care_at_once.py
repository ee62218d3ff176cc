"""Several at the same moment: one offer, one escalation, one call a step, one answer, and no text that is lost."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from incidents.errors import InvestigationChanged
from incidents.investigation import ORGANISATION, TECHNOLOGY, texts_of, token_of
from incidents.models import Escalation, Incident, SupportOffer
from incidents.services import (
    answer_escalation,
    call_next,
    escalate,
    escalating,
    investigate,
    investigating,
    note_precaution,
    offer_support,
    offer_support_again,
)
from notifications.models import OutboxMessage
from organisation.database import is_postgres
from organisation.models import User
from tests.factories.incidents import read, report
from tests.factories.organisation import make_municipality
from tests.services.at_once import at_once, done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _many_connections(transactional_db):
    if not is_postgres():
        pytest.skip("the in-memory SQLite database has one connection only")


@pytest.fixture
def town(transactional_db):
    return make_municipality()


@pytest.fixture
def incident(town):
    return read(report(town), town.unit_manager)


def later(minutes=0, days=0):
    moment = timezone.localtime() + timedelta(minutes=minutes, days=days)
    return mock.patch("django.utils.timezone.now", return_value=moment)


def test_four_clicks_are_one_offer_one_escalation_and_one_precaution(town, incident):
    facts = {"warned": "Kvällspersonalen", "two_staff": True, "alarm": False, "changed": ""}
    Incident.objects.filter(pk=incident.pk).update(threat_remains=True)
    by = town.unit_manager
    at_once(*[lambda: offer_support(incident=incident, by=by)] * 4)
    at_once(*[lambda: escalate(incident=incident, reason="Därför.", by=by)] * 4)
    at_once(*[lambda: note_precaution(incident=incident, by=by, **facts)] * 4)
    assert (incident.support_offers.count(), incident.escalations.count(), incident.precautions.count()) == (1, 1, 1)


def test_four_workers_ask_one_person_and_offer_once(town, incident):
    escalate(incident=incident, reason="Därför.", by=town.unit_manager)
    with later(minutes=16):
        assert sum(at_once(*[call_next] * 4)) == 1
    assert list(Escalation.objects.get().calls.values_list("step", flat=True)) == [0, 1]
    with later(days=3):
        assert sum(at_once(*[offer_support_again] * 4)) == 1
    assert SupportOffer.objects.filter(day=3).count() == 1


def test_control_without_the_lock_and_the_step_number_two_workers_ask_two_people(town, incident, monkeypatch):
    """Without the lock each worker believes that it is the one who moves on; the step number alone holds them back."""
    escalate(incident=incident, reason="Därför.", by=town.unit_manager)
    monkeypatch.setattr(
        escalating, "locked", lambda case: Incident.objects.select_related("municipality").get(pk=case.pk)
    )
    asked = iter((1, 2))
    take_from = escalating._call_from
    monkeypatch.setattr(escalating, "_call_from", lambda one, case, _number: take_from(one, case, next(asked)))
    with later(minutes=16):
        assert sum(at_once(call_next, call_next)) == 2
    assert OutboxMessage.objects.filter(once_key__contains="incident-escalation:").count() == 3


def test_two_who_were_asked_answer_at_once_and_one_of_them_has_it(town, incident):
    escalate(incident=incident, reason="Därför.", by=town.unit_manager)
    with later(minutes=16):
        call_next()
    people = [User.objects.get(pk=person.pk) for person in (town.duty_officer, town.head_of_security)]
    results = at_once(
        *(lambda person=person: answer_escalation(incident=incident, answer="Jag.", by=person) for person in people)
    )
    assert len(done(results)) == 1
    assert Escalation.objects.get().acknowledged_by in people


def write(incident, by, part, token):
    return lambda: investigate(incident=incident, texts={part: "Det var mörkt"}, token=token, by=by)


def test_two_who_write_the_investigation_at_once_never_lose_a_text(town, incident):
    token = token_of(texts_of(incident))
    results = at_once(
        write(incident, town.unit_manager, TECHNOLOGY, token), write(incident, town.head, ORGANISATION, token)
    )
    assert len(done(results)) == 1
    assert any(isinstance(one, InvestigationChanged) for one in results)
    assert sorted(texts_of(incident).values()) == ["", "", "", "Det var mörkt"]


def test_control_without_the_mark_both_believe_that_they_saved(town, incident, monkeypatch):
    token = token_of(texts_of(incident))
    monkeypatch.setattr(investigating, "token_of", lambda _texts: token)
    results = at_once(
        write(incident, town.unit_manager, TECHNOLOGY, token), write(incident, town.head, ORGANISATION, token)
    )
    assert len(done(results)) == 2
    # Both were told that it is saved, and one of the two texts is gone.
    assert sorted(texts_of(incident).values()) == ["", "", "", "Det var mörkt"]
