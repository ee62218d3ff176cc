"""What a worker does with a report that has been sent: gives it to its reader and tells, once."""

import uuid
from datetime import timedelta

import pytest

from incidents import notices
from incidents.models import Assignment, IncidentKind, OccurredWhen, ReportDraft
from incidents.services import close_case, keep_draft, open_case, report_incident
from incidents.services.looking_after import look_after_cases
from incidents.services.telling import REPORTED, deliver_reported
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from tests.factories.incidents import give_reported


def sent(town, **answers):
    """A report as it stands when the reporter has the receipt, and no worker has done anything."""
    given = {
        "kind": IncidentKind.THREAT,
        "occurred_when": OccurredWhen.TODAY,
        "occurred_on": clock.today(),
        "text": "Någon skrek.",
        "submission_key": uuid.uuid4(),
    }
    return report_incident(body=town.bodies["care-north"], by=town.employee, **(given | answers))


def asked_to_read(incident):
    """Who is asked to read the case."""
    mails = OutboxMessage.objects.filter(once_key__startswith=f"mail:incident-new:{incident.public_id}")
    return list(mails.values_list("payload__person_id", flat=True))


def test_the_report_waits_in_the_outbox_with_its_case(town):
    incident = sent(town)
    message = OutboxMessage.objects.get()
    assert (message.topic, message.payload) == (REPORTED, {"incident_id": incident.pk})
    assert not Assignment.objects.exists()


def test_a_second_delivery_changes_nothing(town):
    """A worker that is killed before the message is marked as done does it again."""
    incident = sent(town)
    for _time in range(2):
        deliver_reported(incident_id=incident.pk)
    assert incident.assignments.get().person == town.unit_manager
    assert asked_to_read(incident) == [town.unit_manager.pk]
    told = OutboxMessage.objects.filter(once_key__startswith=f"mail:incident-told:{incident.public_id}")
    assert told.get().payload["person_id"] == town.safety_representative.pk


def test_one_that_fails_midway_leaves_nothing_and_is_done_later(town, monkeypatch):
    def fail(*_args):
        raise RuntimeError

    incident = sent(town)
    message = OutboxMessage.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(notices, "tell_safety_representative", fail)
        deliver_message(message.pk)
    message.refresh_from_db()
    assert (message.done_at, message.error) == (None, "RuntimeError")
    assert not incident.assignments.exists()
    assert not asked_to_read(incident)
    OutboxMessage.objects.update(not_before=clock.now())
    give_reported()
    assert incident.assignments.get().person == town.unit_manager


def test_the_manager_that_it_is_kept_from_never_gets_it(town):
    incident = sent(town, keep_from_manager=True)
    # Hidden from the first moment, also before any worker has run.
    assert incident.is_withheld_from(town.unit_manager.pk)
    give_reported()
    assert incident.assignments.get().person == town.head
    assert asked_to_read(incident) == [town.head.pk]


def test_control_without_that_wish_the_manager_does(town):
    incident = sent(town)
    give_reported()
    assert asked_to_read(incident) == [town.unit_manager.pk]


def test_what_the_hourly_round_has_given_out_is_not_given_again(town):
    """Messages lay still for hours: the round that looks for cases nobody has gives them out all the same."""
    incident = sent(town)
    look_after_cases(town.municipality)
    given = incident.assignments.get()
    give_reported()
    assert incident.assignments.get() == given
    assert not asked_to_read(incident)
    assert OutboxMessage.objects.filter(once_key__startswith=f"mail:incident-told:{incident.public_id}").exists()


def test_whoever_closed_it_before_a_worker_came_is_not_asked_to_read_it(town):
    incident = sent(town)
    open_case(incident=incident, by=town.unit_manager)
    close_case(incident=incident, feedback="Vi har pratat.", by=town.unit_manager)
    give_reported()
    assert incident.assignments.get().person == town.unit_manager
    assert not asked_to_read(incident)


def test_a_case_that_is_gone_is_no_error(town):
    deliver_reported(incident_id=0)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(("minutes", "left"), [(-1, False), (1, True)])
def test_the_draft_that_it_came_from_ends_and_one_begun_since_stays(town, minutes, left):
    incident = sent(town)
    keep_draft(body=incident.body, person=town.employee, answers={})
    ReportDraft.objects.update(written_at=incident.reported_at + timedelta(minutes=minutes))
    give_reported()
    assert ReportDraft.objects.exists() == left
