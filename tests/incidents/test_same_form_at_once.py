"""Many senders at the same moment: one incident per form, one number per incident."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, connections

from incidents.models import Incident, IncidentCounter
from incidents.services import reporting
from organisation import clock
from organisation.database import is_postgres
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 10


@pytest.fixture(autouse=True)
def _many_connections(transactional_db):
    if not is_postgres():
        pytest.skip("the in-memory SQLite database has one connection only")


def at_once(send: Callable[[], Incident]) -> tuple[list[Incident], list[Exception]]:
    """Let ten threads send, each with a connection of its own, from the same moment."""
    gate = threading.Barrier(SENDERS)
    sent: list[Incident] = []
    refused: list[Exception] = []

    def run() -> None:
        try:
            gate.wait()
            sent.append(send())
        except Exception as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent, refused


def test_ten_sendings_of_one_form_are_one_incident():
    town, key = make_municipality(), uuid.uuid4()
    sent, refused = at_once(lambda: report(town, submission_key=key, text="En gång."))
    assert refused == []
    assert {incident.pk for incident in sent} == {Incident.objects.get().pk}
    assert IncidentCounter.objects.get().last == 1


def test_control_without_the_key_one_form_becomes_ten_incidents(monkeypatch):
    """The protection is real: without look-up, constraint and code the same ten sendings do the damage."""
    town, key = make_municipality(), uuid.uuid4()
    constraint = _unique_constraint_of("submission_key")
    monkeypatch.setattr(reporting, "sent_before", lambda *_: None)
    monkeypatch.setattr(reporting, "write_code", lambda _incident: None)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE incidents_incident DROP CONSTRAINT "{constraint}"')
    try:
        at_once(lambda: report(town, submission_key=key))
        assert Incident.objects.count() == SENDERS
    finally:
        _give_each_a_key()
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE incidents_incident ADD CONSTRAINT "{constraint}" UNIQUE (submission_key)')


def test_control_the_constraint_alone_stops_the_second_incident(monkeypatch):
    town, key = make_municipality(), uuid.uuid4()
    monkeypatch.setattr(reporting, "sent_before", lambda *_: None)
    _sent, refused = at_once(lambda: report(town, submission_key=key))
    assert Incident.objects.count() == 1
    assert len(refused) == SENDERS - 1


def test_ten_forms_at_once_get_ten_numbers_without_gaps():
    town = make_municipality()
    _sent, refused = at_once(lambda: report(town))
    assert refused == []
    assert sorted(Incident.objects.values_list("number", flat=True)) == list(range(1, SENDERS + 1))


def test_control_without_the_lock_numbers_collide(monkeypatch):
    town = make_municipality()
    gate = threading.Barrier(SENDERS)

    def unlocked(municipality, year):
        counter = IncidentCounter.objects.get(municipality=municipality, year=year)
        gate.wait(timeout=20)
        IncidentCounter.objects.filter(pk=counter.pk).update(last=counter.last + 1)
        return counter.last + 1

    IncidentCounter.objects.create(municipality=town.municipality, year=clock.today().year)
    monkeypatch.setattr(reporting, "take_number", unlocked)
    _sent, refused = at_once(lambda: report(town))
    assert len(refused) == SENDERS - 1


def _unique_constraint_of(column: str) -> str:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "incidents_incident")
    return next(name for name, one in constraints.items() if one["unique"] and one["columns"] == [column])


def _give_each_a_key() -> None:
    for incident in Incident.objects.all():
        Incident.objects.filter(pk=incident.pk).update(submission_key=uuid.uuid4())
