"""A report is taken: numbered, kept apart, promised an answer, told to the right people."""

import uuid
from datetime import date, timedelta

import pytest

from incidents.errors import NotAWorkplace, NotYetHappened, SentBySomeoneElse
from incidents.models import Identity, Incident, IncidentCounter, IncidentGrant, IncidentState, Narrative
from incidents.reader import reader_of
from incidents.services.telling import REPORTED
from incidents.working_days import add_working_days
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Appointment, Body, Ruleset, SeatKind
from tests.factories.incidents import report
from tests.factories.organisation import appoint, make_seat, make_user

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def on_friday(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: FRIDAY)


def told(incident):
    """E-mail → subject of everybody who is told about the case."""
    mails = OutboxMessage.objects.filter(topic="mail", once_key__contains=str(incident.public_id))
    people = {person.pk: person.email.split("@")[0] for person in incident.municipality.people.all()}
    return {people[mail.payload["person_id"]]: mail.payload["subject"] for mail in mails}


def test_a_report_is_numbered_within_its_municipality_and_year(town, other_town, on_friday):
    assert [report(town).label for _ in range(3)] == ["H-2026-0001", "H-2026-0002", "H-2026-0003"]
    assert report(other_town).label == "H-2026-0001"
    counter = IncidentCounter.objects.get(municipality=town.municipality, year=2026)
    assert counter.last == 3


def test_numbers_begin_anew_each_year(town, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 31))
    assert report(town).label == "H-2026-0001"
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 1))
    assert report(town).label == "H-2027-0001"


def test_text_and_reporter_stand_beside_the_case(town):
    incident = report(town, text="  Något hände.  ")
    assert incident.narratives.get().text == "Något hände."
    identity = incident.identities.get()
    assert (identity.person, identity.role) == (town.employee, Identity.Role.REPORTER)
    first = incident.statuses.get()
    assert (first.from_state, first.to_state, first.by) == ("", IncidentState.NEW, None)


def test_without_text_there_is_no_narrative(town):
    assert not Narrative.objects.filter(incident=report(town, text="  ")).exists()


def test_the_answer_is_promised_in_working_days(town, on_friday):
    assert report(town).answer_by == date(2026, 11, 25)
    Ruleset.objects.filter(municipality=town.municipality).update(answer_within_days=10)
    assert report(town).answer_by == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_weekends_are_not_counted(day, count, expected):
    assert add_working_days(day, count) == expected


def test_manager_and_safety_representative_are_told(town):
    incident = report(town)
    assert set(told(incident)) == {"unit_manager", "safety_representative"}


def test_a_managers_own_report_goes_to_the_superior(town):
    incident = report(town, by="unit_manager")
    assert set(told(incident)) == {"head", "safety_representative"}


def test_a_safety_representative_is_not_told_of_their_own_report(town):
    assert set(told(report(town, by="safety_representative"))) == {"unit_manager"}


def test_a_vacant_seat_is_answered_by_the_one_above(town):
    Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
    assert set(told(report(town))) == {"head", "safety_representative"}


def test_elected_people_never_read_the_text(town):
    """Without manager and head the line ends with the committee's chair; the chief executive reads instead."""
    Appointment.objects.filter(person__in=[town.unit_manager, town.head]).update(valid_to=clock.today())
    incident = report(town)
    assert set(told(incident)) == {"chief_executive", "safety_representative"}
    reader = town.chief_executive
    assert reader.has_perm("incidents.read_narrative", incident)
    assert reader.has_perm("incidents.handle_incident", incident)
    assert Incident.objects.visible_to(reader).get() == incident


def test_the_stand_ins_reach_ends(town, monkeypatch):
    Appointment.objects.filter(person__in=[town.unit_manager, town.head]).update(valid_to=clock.today())
    incident = report(town)
    assert IncidentGrant.objects.filter(content_object=incident).count() == 3
    long_after = clock.today() + timedelta(days=200)
    monkeypatch.setattr(clock, "today", lambda: long_after)
    assert not town.chief_executive.has_perm("incidents.read_narrative", incident)


def test_a_reader_by_seat_needs_no_grant(town):
    report(town)
    assert not IncidentGrant.objects.exists()


def test_when_nobody_reads_those_who_see_the_case_are_told(town):
    leaving = [town.unit_manager, town.head, town.committee_chair, town.chief_executive, town.board_chair]
    Appointment.objects.filter(person__in=leaving).update(valid_to=clock.today())
    assert reader_of(town.bodies["care-north"], town.employee, clock.today()) is None
    assert "safety_coordinator" in told(report(town))


def test_a_mail_says_number_workplace_and_address_only(town):
    incident = report(town, text="Han sa orden SKATBO.")
    mails = OutboxMessage.objects.filter(topic="mail")
    for mail in mails:
        assert incident.label in mail.payload["subject"] + mail.payload["body"]
        assert "Ängsgläntans hemtjänst" in mail.payload["subject"]
        assert str(incident.public_id) in mail.payload["body"]
        assert "SKATBO" not in str(mail.payload)
        assert town.employee.name not in str(mail.payload)


@pytest.mark.parametrize("who", ["council_member", "board_chair", "administrator", "other_manager"])
def test_everyone_can_report_everywhere(town, who):
    assert report(town, by=who).body == town.bodies["care-north"]


def test_nobody_reports_in_another_municipality(town, other_town):
    town.bodies["elsewhere"] = other_town.bodies["care-north"]
    with pytest.raises(NotAllowed):
        report(town, at="elsewhere")


def test_a_person_without_a_seat_can_not_report(town):
    town.people["stranger"] = make_user(town.municipality)
    with pytest.raises(NotAllowed):
        report(town, by="stranger")


def test_a_guest_from_outside_can_not_report(town):
    town.people["guest"] = make_user(town.municipality)
    appoint(town.people["guest"], make_seat(town.bodies["care-north"], SeatKind.OUTSIDE_MEMBER))
    with pytest.raises(NotAllowed):
        report(town, by="guest")


@pytest.mark.parametrize("at", ["council", "board", "care"])
def test_a_committee_is_no_workplace(town, at):
    with pytest.raises(NotAWorkplace):
        report(town, at=at)


def test_a_closed_workplace_takes_no_reports(town):
    south, north = town.bodies["care-south"], town.bodies["care-north"]
    Body.objects.filter(pk=south.pk).update(valid_to=clock.today(), successor=north)
    south.refresh_from_db()
    with pytest.raises(NotAWorkplace):
        report(town, at="care-south")


def test_nothing_has_happened_tomorrow(town):
    with pytest.raises(NotYetHappened):
        report(town, occurred_on=clock.today() + timedelta(days=1))


def test_the_same_form_gives_the_same_incident(town):
    key = uuid.uuid4()
    first, second = report(town, submission_key=key), report(town, submission_key=key)
    assert first == second
    assert Incident.objects.count() == 1
    assert len(told(first)) == OutboxMessage.objects.filter(topic="mail").count() == 2
    assert OutboxMessage.objects.filter(topic=REPORTED).count() == 1


def test_someone_elses_form_gives_nothing_away(town):
    key = uuid.uuid4()
    report(town, submission_key=key)
    with pytest.raises(SentBySomeoneElse):
        report(town, by="other_manager", submission_key=key)


def test_a_report_is_whole_or_not_at_all(town, monkeypatch):
    """The last step fails: no incident, no text, no message, and the number is not used up."""

    def fail(*_args):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("incidents.services.reporting.give_and_tell_soon", fail)
        with pytest.raises(RuntimeError):
            report(town, text="Något hände.")
    for rows in (Incident, Narrative, Identity, OutboxMessage, IncidentCounter):
        assert not rows.objects.exists()
    assert report(town).number == 1


def test_a_broker_that_is_down_does_not_matter(town, django_capture_on_commit_callbacks, settings, caplog):
    from safety_portal.celery import app

    with app.connection_for_write() as connection:
        standing = connection.as_uri()
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        with django_capture_on_commit_callbacks(execute=True):
            incident = report(town)
    finally:
        app.conf.broker_url = standing
    assert Incident.objects.get() == incident
    assert OutboxMessage.objects.filter(done_at__isnull=True).count() == 2
