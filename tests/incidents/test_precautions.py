"""While the threat remains: who was warned before the next visit, what changed, and when it ended."""

from unittest import mock

import pytest
from django.urls import reverse

from incidents.errors import OwnReport, ReasonMissing, ThreatEnded
from incidents.models import Incident, IncidentStatus, Precaution, Withheld
from incidents.services import answer_whether_threat_remains, note_precaution, precautions
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.incidents import read, report

CHANGED = "Vi går bara dagtid"


@pytest.fixture
def incident(town):
    """A case that the unit manager has read and in which the threat remains."""
    case = read(report(town), town.unit_manager)
    return answer_whether_threat_remains(incident=case, remains=True, reason="", by=town.unit_manager)


def address(what, incident):
    return reverse(f"incidents:{what}", args=[incident.public_id])


def warn(incident, by, **facts):
    given = {"warned": "Kvällspersonalen", "two_staff": True, "alarm": False, "changed": CHANGED}
    return note_precaution(incident=incident, by=by, **given | facts)


def test_a_precaution_is_noted_once_with_who_and_when(town, incident):
    one = warn(incident, town.unit_manager, warned="  Kvällspersonalen ")
    assert (one.warned, one.two_staff, one.alarm, one.by) == ("Kvällspersonalen", True, False, town.unit_manager)
    assert warn(incident, town.unit_manager) == one
    assert warn(incident, town.unit_manager, alarm=True) != one
    assert incident.statuses.filter(change=IncidentStatus.Change.PRECAUTION).count() == 2
    assert not incident.statuses.filter(reason__contains=CHANGED).exists()


def test_it_takes_somebody_warned_and_a_threat_that_remains(town, incident):
    with pytest.raises(ReasonMissing):
        warn(incident, town.unit_manager, warned=" ")
    for remains in (None, False):
        Incident.objects.filter(pk=incident.pk).update(threat_remains=remains)
        with pytest.raises(ThreatEnded):
            warn(incident, town.unit_manager)
    assert not Precaution.objects.exists()


def test_the_end_of_a_threat_has_a_reason_and_is_told_in_the_story(town, incident):
    with pytest.raises(ReasonMissing):
        answer_whether_threat_remains(incident=incident, remains=False, reason=" ", by=town.unit_manager)
    for _twice in range(2):
        case = answer_whether_threat_remains(incident=incident, remains=False, reason="Flyttad.", by=town.unit_manager)
    assert case.threat_remains is False
    ended = incident.statuses.get(change=IncidentStatus.Change.THREAT_ENDED)
    assert (ended.reason, ended.by) == ("Flyttad.", town.unit_manager)
    assert case.history.first().threat_remains is False


@pytest.mark.parametrize("role", ["employee", "safety_coordinator", "safety_representative", "other_manager"])
def test_others_note_nothing(town, incident, role):
    with pytest.raises(NotAllowed):
        warn(incident, town.people[role])
    with pytest.raises(NotAllowed):
        answer_whether_threat_remains(incident=incident, remains=False, reason="Slut.", by=town.people[role])


def test_nobody_handles_their_own_report(town):
    own = report(town, by="unit_manager")
    with pytest.raises(OwnReport):
        answer_whether_threat_remains(incident=own, remains=True, reason="", by=town.unit_manager)


def test_it_is_whole_or_not_at_all(town, incident, monkeypatch):
    monkeypatch.setattr(precautions, "note", mock.Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        warn(incident, town.unit_manager)
    with pytest.raises(RuntimeError):
        answer_whether_threat_remains(incident=incident, remains=False, reason="Slut.", by=town.unit_manager)
    assert not Precaution.objects.exists()
    assert Incident.objects.get(pk=incident.pk).threat_remains


def test_the_case_reminds_while_a_threat_remains_and_nobody_is_warned(town, incident, as_):
    def row(role="unit_manager"):
        rows = as_(role).get(address("case", incident)).context["rows"]
        return next((one for one in rows if one.url == address("precautions", incident)), None)

    assert row().tone == "late"
    assert row("employee").tone == "late"
    assert row("safety_coordinator") is None
    warn(incident, town.unit_manager)
    assert row().tone == "go"
    answer_whether_threat_remains(incident=incident, remains=False, reason="Slut.", by=town.unit_manager)
    assert row().tone == "done"
    Incident.objects.filter(pk=incident.pk).update(threat_remains=None)
    assert row().tone == ""
    assert row("employee") is None


def test_a_handler_notes_it_on_the_page_and_nothing_typed_is_lost(town, incident, as_):
    client = as_("unit_manager")
    wrong = client.post(address("precautions", incident), {"precaution-warned": "", "precaution-changed": CHANGED})
    assert wrong.status_code == 422
    assert CHANGED in wrong.content.decode()
    good = {"precaution-warned": "Nattpatrullen", "precaution-alarm": "on"}
    assert client.post(address("precautions", incident), good).status_code == 302
    assert incident.precautions.get().alarm
    assert client.post(address("threat", incident), {"threat-remains": "no"}).status_code == 422
    ended = {"threat-remains": "no", "threat-reason": "Flyttad."}
    assert client.post(address("threat", incident), ended).status_code == 302
    closed = client.post(address("precautions", incident), good)
    assert closed.status_code == 422
    assert not Incident.objects.get(pk=incident.pk).threat_remains


def test_what_has_changed_is_read_by_those_who_read_the_case_and_the_reading_is_noted(town, incident, as_):
    warn(incident, town.unit_manager)
    for role, answer in (("head", 200), ("employee", 200), ("safety_coordinator", 403), ("other_manager", 404)):
        page = as_(role).get(address("precautions", incident))
        assert page.status_code == answer, role
        assert (CHANGED in page.content.decode()) is (answer == 200)
    assert incident.readings.filter(by=town.head).exists()
    assert not incident.readings.filter(by=town.employee).exists()
    Withheld.objects.create(incident=incident, person=town.head, at=clock.now())
    assert as_("head").get(address("precautions", incident)).status_code == 404
