"""Starting a report: who may, which years, one at a time, and what makes a version."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from followup import figures
from followup.errors import ReportYearError
from followup.models import Chapter, Edition, Report, ReportState
from followup.services import reports, start_report
from followup.services.reports import jobs_of
from incidents.models import Incident
from notifications.jobs import run_job
from notifications.models import Job, JobState
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.followup import YEAR, make_incident
from tests.factories.organisation import Town, make_municipality

Made = Callable[..., Report]


def start(town: Town, **changes: Any) -> Report:
    asked = {"municipality": town.municipality, "year": YEAR, "edition": Edition.SECRET, "by": town.safety_coordinator}
    return start_report(**{**asked, **changes})


def test_a_started_report_has_its_chapters_as_jobs(town: Town) -> None:
    report = start(town)
    assert (report.state, report.version, report.cut_off) == (ReportState.MAKING, 1, date(YEAR, 12, 31))
    assert [chapter.key for chapter in report.chapters.all()] == [
        "documents",
        "organisation",
        "plans",
        "measures",
        "risks",
        "incidents",
        "damage",
        "goals",
    ]
    assert {job.state for job in jobs_of(report)} == {JobState.QUEUED}


def test_a_year_that_goes_on_is_counted_up_to_today(town: Town, on_the_day: date) -> None:
    assert start(town, year=on_the_day.year).cut_off == on_the_day


@pytest.mark.parametrize("role", ["board_member", "unit_manager", "employee", "administrator", "committee_chair"])
def test_those_without_the_right_may_not_start(town: Town, role: str) -> None:
    with pytest.raises(NotAllowed):
        start(town, by=town.people[role])
    assert not Report.objects.exists()
    assert not Job.objects.exists()


def test_nobody_starts_another_municipalitys_report(town: Town) -> None:
    other = make_municipality("Annanby kommun")
    with pytest.raises(NotAllowed):
        start(town, by=other.safety_coordinator)


@pytest.mark.parametrize("year", [YEAR + 2, 9999, 1800])
def test_a_year_that_has_not_begun_is_refused(town: Town, year: int) -> None:
    with pytest.raises(ReportYearError):
        start(town, year=year)
    assert not Report.objects.exists()


def test_one_that_is_being_made_is_returned(town: Town) -> None:
    assert start(town) == start(town, by=town.chief_executive)
    assert Chapter.objects.count() == 8


def test_editions_and_years_are_reports_of_their_own(town: Town) -> None:
    assert len({start(town), start(town, edition=Edition.PUBLIC), start(town, year=YEAR - 1)}) == 3


def test_a_correction_makes_the_next_version(town: Town, make_report: Made) -> None:
    first = make_report()
    make_incident(town.bodies["care-north"], "threat", date(YEAR, 6, 1)).save()
    second = make_report()
    assert (first.version, second.version, second.state) == (1, 2, ReportState.READY)
    first.refresh_from_db()
    assert first.figures_digest != second.figures_digest
    totals = [report.chapters.get(key="incidents").figures["total"]["now"] for report in (first, second)]
    assert totals[1] == totals[0] + 1


def test_the_same_figures_make_no_new_version(town: Town, make_report: Made) -> None:
    first, same = make_report(), make_report()
    assert (same.state, same.same_as, same.file.name) == (ReportState.SAME, first, "")
    make_incident(town.bodies["care-north"], "threat", date(YEAR, 6, 1)).save()
    # The number that the equal one would have had is free.
    assert make_report().version == 2


def test_a_version_keeps_its_numbers_when_the_cases_change(town: Town, make_report: Made) -> None:
    report = make_report()
    before = report.chapters.get(key="incidents").figures
    Incident.objects.all().delete()
    report.refresh_from_db()
    assert report.chapters.get(key="incidents").figures == before


def test_a_chapter_that_is_given_up_stops_the_report(town: Town, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = start(town)

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(figures, "compute", broken)
    for _time in range(3):
        run_job(report.chapters.first().job_id)
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert report.history.count() == 2
    monkeypatch.undo()


def test_a_failed_report_gets_no_pdf_from_its_late_chapters(town: Town, files: Path) -> None:
    report = start(town)
    Report.objects.filter(pk=report.pk).update(state=ReportState.FAILED)
    for job in jobs_of(report):
        run_job(job.pk)
    report.refresh_from_db()
    assert report.render_job is None


def _start_at_once(town: Town, people: list[Any]) -> tuple[list[Report], list[Exception]]:
    """Start the same report from several threads at the same moment."""
    ready = threading.Barrier(len(people))
    started: list[Report] = []
    failed: list[Exception] = []

    def one(person: Any) -> None:
        try:
            ready.wait()
            started.append(start(town, by=person))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return started, failed


@pytest.fixture
def committed_town(transactional_db: None, on_the_day: date) -> Town:
    if connection.vendor == "sqlite":
        pytest.skip("threads share no SQLite database in memory")
    return make_municipality()


def test_two_who_start_at_once_get_one_report(committed_town: Town) -> None:
    town = committed_town
    people = [town.safety_coordinator, town.head_of_security, town.chief_executive] * 2
    started, failed = _start_at_once(town, people)
    assert failed == []
    assert len({report.pk for report in started}) == 1
    assert Report.objects.count() == 1
    assert Chapter.objects.count() == 8


def test_control_without_the_lock_the_second_one_fails(committed_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town, met = committed_town, threading.Barrier(2, timeout=20)
    monkeypatch.setattr(reports, "lock_municipality", lambda municipality: None)
    seen = threading.local()

    real_exclude = type(Report.objects.all()).exclude

    def exclude_when_both_are_here(self: Any, *args: Any, **named: Any) -> Any:
        # Both have looked for a running report and found none.
        if not getattr(seen, "yes", False):
            seen.yes = True
            met.wait()
        return real_exclude(self, *args, **named)

    monkeypatch.setattr(type(Report.objects.all()), "exclude", exclude_when_both_are_here)
    started, failed = _start_at_once(town, [town.safety_coordinator, town.head_of_security])
    assert len(started) == 1
    assert isinstance(failed[0], IntegrityError)


def test_two_last_chapters_at_once_make_one_pdf(committed_town: Town, files: Path) -> None:
    report = start(committed_town)
    chapters = [chapter.job_id for chapter in report.chapters.all()]
    for job_id in chapters[:-2]:
        run_job(job_id)
    ready = threading.Barrier(2)

    def finish(job_id: int) -> None:
        ready.wait()
        run_job(job_id)
        connection.close()

    threads = [threading.Thread(target=finish, args=(job_id,)) for job_id in chapters[-2:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.refresh_from_db()
    assert report.render_job is not None
    assert Job.objects.filter(kind=reports.RENDER_JOB).count() == 1
    assert clock.today() == date(YEAR + 1, 2, 20)
