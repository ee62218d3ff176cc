"""The web process is killed after a report is stored and before it is answered; the reporter sends it again."""

import uuid

import pytest

from incidents.models import Incident, IncidentCounter
from tests.factories.organisation import make_municipality
from tests.faults.web import Reporter, Web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

KILLS = 50
TRIES = 6


@pytest.fixture
def orders(tmp_path):
    folder = tmp_path / "kill"
    folder.mkdir()
    return folder


@pytest.fixture
def reporter(transactional_db, tmp_path, orders):
    town = make_municipality()
    web = Web(tmp_path / "web.log", KILL_AFTER=str(orders))
    yield Reporter(web, town.employee, town.bodies["care-north"])
    web.child.stop()


def send_until_answered(reporter, orders, key, *, again=lambda key: key) -> tuple[str, int]:
    """Send; the process is killed; send again until there is an answer. Return where it leads, how often it died."""
    (orders / "now").touch()
    died = 0
    for _try in range(TRIES):
        try:
            answer = reporter.send(key)
        except OSError:
            died += 1
            key = again(key)
        else:
            assert answer.status == 302, answer.status
            return answer.location, died
    raise AssertionError("never answered")


def test_fifty_kills_and_fifty_reports(reporter, orders):
    receipts = set()
    for _round in range(KILLS):
        location, died = send_until_answered(reporter, orders, uuid.uuid4())
        assert died == 1
        receipts.add(location)
    assert Incident.objects.count() == KILLS
    assert len(receipts) == KILLS
    assert IncidentCounter.objects.get().last == KILLS


def test_control_a_client_that_forgets_the_forms_key_reports_twice(reporter, orders):
    """The process really dies after the commit: without the key each round leaves two."""
    for _round in range(3):
        send_until_answered(reporter, orders, uuid.uuid4(), again=lambda _key: uuid.uuid4())
    assert Incident.objects.count() == 6
