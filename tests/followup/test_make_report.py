"""The report from the terminal: refusals with exit code 2 and no file, and what is told while it waits."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from followup.management.commands import make_report as command
from followup.models import Report, ReportState
from followup.services.reports import jobs_of
from notifications.services import note_heartbeat
from tests.factories.followup import YEAR
from tests.factories.organisation import Town
from tests.followup.making import finish


def run(town: Town, *args: str, **named: Any) -> None:
    call_command("make_report", town.municipality.key, f"--year={YEAR}", *args, **named)


@pytest.fixture
def made_meanwhile(monkeypatch: pytest.MonkeyPatch, files: Path, quick_pdf: None) -> None:
    """Each time the command waits, one chapter is done: as a worker would, one process over."""
    from notifications.jobs import run_job

    class Worker(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            report = Report.objects.filter(state=ReportState.MAKING).get()
            waiting = [job for job in jobs_of(report) if job.state == "queued"]
            run_job(waiting[0].pk)
            return True

    monkeypatch.setattr(command, "Event", Worker)


def test_it_waits_tells_and_writes_the_file(
    town: Town, made_meanwhile: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note_heartbeat("test")
    out = tmp_path / "report.pdf"
    run(town, "--edition=public", f"--out={out}")
    told = capsys.readouterr()
    assert "0 of 9 parts are done." in told.err
    assert "9 of 9 parts are done." in told.err
    assert "No worker" not in told.err
    assert out.read_bytes().startswith(b"%PDF")
    assert "version 1" in told.out


def test_it_says_when_no_worker_runs_and_waits_all_the_same(
    town: Town, made_meanwhile: None, capsys: pytest.CaptureFixture[str]
) -> None:
    run(town)
    assert "No worker is running" in capsys.readouterr().err
    assert Report.objects.get().state == ReportState.READY


def test_without_waiting_it_starts_and_returns(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    run(town, "--no-wait")
    report = Report.objects.get()
    assert report.state == ReportState.MAKING
    assert str(report.public_id) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "year", "said"), [("atlantis", YEAR, "atlantis"), (None, YEAR + 2, str(YEAR + 2)), (None, 1066, "1066")]
)
def test_what_cannot_be_made_is_refused(town: Town, tmp_path: Path, key: str | None, year: int, said: str) -> None:
    out = tmp_path / "report.pdf"
    with pytest.raises(CommandError, match=said) as refused:
        call_command("make_report", key or town.municipality.key, f"--year={year}", f"--out={out}")
    assert refused.value.returncode == 2
    assert not out.exists()
    assert not Report.objects.exists()


def test_the_same_figures_give_the_file_of_the_version_that_exists(
    town: Town, made_meanwhile: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], make_report: Any
) -> None:
    make_report()
    out = tmp_path / "report.pdf"
    run(town, "--edition=secret", f"--out={out}")
    told = capsys.readouterr()
    assert "no new version" in told.err
    assert "version 1" in told.out
    assert out.exists()


def test_a_report_that_cannot_be_made_fails_the_command(
    town: Town, made_meanwhile: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from followup import figures

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(figures, "compute", broken)
    with pytest.raises(CommandError, match="could not be made"):
        run(town)


def test_what_is_made_here_is_what_the_page_makes(town: Town, made_meanwhile: None) -> None:
    run(town, "--edition=secret")
    from followup.services import start_report

    again = finish(start_report(municipality=town.municipality, year=YEAR, edition="secret", by=None))
    assert again.state == ReportState.SAME
