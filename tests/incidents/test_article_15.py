"""What is held about one person, when that person asks; and the record of processing."""

import json
import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.storage import default_storage

from incidents.models import Identity, PersonExport, ReadLog
from incidents.protection.person import held_about
from incidents.protection.record import record_of
from incidents.services import exporting
from incidents.services.exporting import ask_for_export, sweep_exports
from notifications.jobs import claim_job, run_job
from notifications.models import JobState
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.incidents import read, report
from tests.incidents.test_disclosure import words_of
from tests.reading import text_of

pytestmark = pytest.mark.django_db
TOLD, WITNESS = "Jag blev knuffad i trappan", "Wera Vittneström"


@pytest.fixture
def case(town):
    made = report(town, text=TOLD)
    Identity.objects.create(incident=made, role=Identity.Role.WITNESS, name=WITNESS)
    return read(made, town.unit_manager)


def ask(town, about="employee", **changed) -> PersonExport:
    given = {"about": town.people[about], "by": town.data_protection_officer, "submission_key": uuid.uuid4()}
    return ask_for_export(**(given | changed))


def made(town, about="employee") -> PersonExport:
    export = ask(town, about)
    assert export.job_id is not None
    run_job(export.job_id)
    export.refresh_from_db()
    return export


def opened(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def test_the_files_hold_what_the_person_told_and_nobody_elses_name(town, case):
    export = made(town)
    told = opened(export.file).decode()
    for held in (town.employee.email, "Medarbetare, Ängsgläntans hemtjänst", case.label, TOLD):
        assert held in told
    assert WITNESS not in told
    assert json.loads(told)["person"] == town.employee.name
    words = words_of(opened(export.paper))
    assert TOLD in words
    assert WITNESS not in words


def test_a_reader_is_told_what_they_have_opened(town, case):
    told = str(held_about(town.unit_manager, town.data_protection_officer))
    assert case.label in told
    assert TOLD not in told
    assert town.employee.name not in told


def test_somebody_named_by_account_is_told_so(town, case):
    Identity.objects.create(incident=case, role=Identity.Role.AFFECTED, person=town.group_member)
    told = str(held_about(town.group_member, town.data_protection_officer))
    assert case.label in told
    assert TOLD not in told


def test_a_case_that_is_kept_from_the_person_is_not_told(town, case):
    Identity.objects.create(incident=case, role=Identity.Role.OTHER, person=town.unit_manager)
    case.withheld.create(person=town.unit_manager, at=clock.now())
    sections = held_about(town.unit_manager, town.data_protection_officer)["sections"]
    assert case.label not in str([part for part in sections if part["title"] == sections[3]["title"]])


def test_a_case_that_is_kept_from_the_officer_is_not_collected_by_them(town, case):
    case.withheld.create(person=town.data_protection_officer, at=clock.now())
    for about in (town.employee, town.unit_manager):
        assert case.label not in str(held_about(about, town.data_protection_officer))


def test_it_is_noted_in_each_report_that_it_was_exported(town, case):
    ask(town)
    assert case.readings.get(by=town.data_protection_officer).what == ReadLog.What.EXPORT


@pytest.mark.parametrize("role", ["employee", "head", "administrator", "archivist", "safety_coordinator"])
def test_only_the_officer_collects(town, case, role):
    with pytest.raises(NotAllowed):
        ask(town, by=town.people[role])
    assert not PersonExport.objects.exists()


def test_nobody_of_another_municipality_is_collected(town, other_town):
    with pytest.raises(NotAllowed):
        ask(town, about="employee", by=other_town.data_protection_officer)


def test_the_same_form_is_one_export(town, case):
    key = uuid.uuid4()
    assert ask(town, submission_key=key) == ask(town, submission_key=key)


def test_after_seven_days_the_files_are_gone_and_the_trace_stays(town, case, monkeypatch):
    export = made(town)
    names = (export.file, export.paper)
    assert sweep_exports() == 0
    later = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep_exports() == 1
    export.refresh_from_db()
    assert (export.file, export.paper) == ("", "")
    assert not any(default_storage.exists(name) for name in names)
    assert sweep_exports() == 0


def test_a_worker_that_lost_its_lease_leaves_no_file(town, case):
    export = ask(town)
    claim = claim_job(export.job_id)
    type(export.job).objects.filter(pk=export.job_id).update(attempt=claim.attempt + 1)
    with pytest.raises(exporting.LeaseLost):
        exporting.make_export(claim)
    assert default_storage.listdir(f"exports/{export.public_id}")[1] == []


def test_the_officer_asks_waits_and_fetches(town, case, as_):
    client = as_("data_protection_officer")
    sent = client.post("/incidents/protection/exports/", {"email": town.employee.email})
    export = PersonExport.objects.get()
    assert sent.url == f"/incidents/protection/exports/{export.public_id}/"
    assert client.get(f"{sent.url}file.pdf").status_code == 404
    assert client.get(sent.url).status_code == 200
    with mock.patch("safety_portal.pdf.html_to_pdf", return_value=b"%PDF-1.7"):
        assert export.job_id is not None
    run_job(export.job_id)
    export.refresh_from_db()
    assert export.job.state == JobState.DONE
    assert TOLD in b"".join(client.get(f"{sent.url}file.json").streaming_content).decode()
    assert TOLD not in text_of(client.get(sent.url))
    assert TOLD not in text_of(client.get("/incidents/protection/exports/"))


def test_an_unknown_address_is_said_so_and_kept(town, as_):
    sent = as_("data_protection_officer").post("/incidents/protection/exports/", {"email": "ingen@example.se"})
    assert sent.status_code == 422
    assert "ingen@example.se" in sent.content.decode()


def test_the_record_answers_every_letter_of_the_article(town, as_):
    articles = {part.article for part in record_of(town.municipality)}
    assert articles == {f"30.1 {letter}" for letter in "abcdefg"}
    assert all(part.lines for part in record_of(town.municipality))
    client = as_("data_protection_officer")
    for told in ("Äldrenämnden", town.data_protection_officer.name):
        assert told in text_of(client.get("/incidents/protection/"))
    assert "Äldrenämnden" in b"".join(client.get("/incidents/protection/?as=csv").streaming_content).decode()
    assert "Äldrenämnden" in words_of(client.get("/incidents/protection/?as=pdf").content)


def test_control_without_the_officers_right_asked_for_anybody_collects(town, case, monkeypatch):
    monkeypatch.setattr(exporting, "require", lambda *_asked: None)
    assert ask(town, by=town.employee)
