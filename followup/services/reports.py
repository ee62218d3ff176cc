"""Starting a yearly report, finishing its chapters, and making its PDF."""

import hashlib
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from followup import figures, paper
from followup.errors import ReportYearError
from followup.models import Chapter, Edition, Report, ReportState
from followup.permissions import START_REPORT
from followup.services.files import sweep_report, write_file
from notifications.jobs import Claim, does, publishing, queue_job
from notifications.models import Job, JobState
from organisation import clock
from organisation.access import require
from organisation.errors import NotAllowed
from organisation.models import ALWAYS, Municipality, User
from organisation.tree import lock_municipality
from safety_portal.pdf import count_pages, render_pdf

CHAPTER_JOB = "report chapter"
RENDER_JOB = "report pdf"


@transaction.atomic
def start_report(*, municipality: Municipality, year: int, edition: str, by: User | None) -> Report:
    """Start the report of one year in one edition, and return it; the worker makes it (R111, R177).

    ``by`` is none when the operator starts it at the terminal. A report that is being made already is
    returned as it stands, so that two people who start at once get the same one. Raises
    ``ReportYearError`` for a year that has not begun, ``NotAllowed`` without the right.
    """
    if by is not None:
        require(by, START_REPORT)
        if by.municipality_id != municipality.pk:
            raise NotAllowed
    today = clock.today()
    if not ALWAYS.year <= year <= today.year:
        raise ReportYearError
    # Everyone who starts a report of this municipality waits here in turn.
    lock_municipality(municipality)
    versions = Report.objects.of(municipality, year, Edition(edition))
    running = versions.filter(state=ReportState.MAKING).first()
    if running is not None:
        return running
    newest = versions.exclude(state=ReportState.SAME).aggregate(newest=Max("version"))["newest"] or 0
    report = Report.objects.create(
        municipality=municipality,
        year=year,
        edition=edition,
        version=newest + 1,
        cut_off=min(today, date(year, 12, 31)),
        started_by=by,
        started_at=clock.now(),
    )
    for position, chapter in enumerate(figures.CHAPTERS, start=1):
        job = queue_job(kind=CHAPTER_JOB, municipality=municipality)
        Chapter.objects.create(municipality=municipality, report=report, key=chapter.key, position=position, job=job)
    return report


def _chapter_given_up(job_id: int) -> None:
    _give_up(Report.objects.get(chapters__job_id=job_id))


def _render_given_up(job_id: int) -> None:
    _give_up(Report.objects.get(render_job_id=job_id))


def _give_up(report: Report) -> None:
    """Note that the report can't be made, so that it may be started anew."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.state == ReportState.MAKING:
        report.state = ReportState.FAILED
        report.finished_at = clock.now()
        report.save()


@does(CHAPTER_JOB, when_parked=_chapter_given_up)
def compute_chapter(claim: Claim) -> None:
    """Compute one chapter's figures and keep them; whoever finishes the last one queues the PDF."""
    chapter = Chapter.objects.select_related("report__municipality").get(job_id=claim.job_id)
    report = chapter.report
    computed = figures.compute(
        chapter.key,
        municipality=report.municipality,
        year=report.year,
        edition=report.edition,
        cut_off=report.cut_off,
    )
    with transaction.atomic():
        # Two who finish at once take turns here: the second one sees the first one's chapter done.
        report = Report.objects.select_for_update().select_related("municipality").get(pk=report.pk)
        with publishing(claim):
            Chapter.objects.filter(pk=chapter.pk).update(figures=computed)
            if report.state == ReportState.MAKING:
                _close_chapters(report)


def _close_chapters(report: Report) -> None:
    """When every chapter is done: draw the summary from them, then queue the PDF or point to an equal version."""
    chapters = list(report.chapters.select_related("job"))
    if any(chapter.job.state != JobState.DONE for chapter in chapters):
        return
    by_key: dict[str, Any] = {chapter.key: chapter.figures for chapter in chapters}
    report.summary = figures.summarise(by_key)
    report.figures_digest = _digest(report, by_key)
    equal = Report.objects.of(report.municipality, report.year, report.edition).ready().order_by("-version").first()
    if equal is not None and equal.figures_digest == report.figures_digest:
        report.state, report.same_as, report.finished_at = ReportState.SAME, equal, clock.now()
    else:
        report.render_job = queue_job(kind=RENDER_JOB, municipality=report.municipality)
    report.save()


def _digest(report: Report, by_key: dict[str, Any]) -> str:
    """SHA-256 of everything that the report says in figures, with their cut-off and definitions."""
    said = {"cut_off": report.cut_off.isoformat(), "definitions": figures.DEFINITIONS, "chapters": by_key}
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@does(RENDER_JOB, when_parked=_render_given_up)
def render_report(claim: Claim) -> None:
    """Make the PDF from the stored figures, keep it under this attempt's key, and publish it."""
    report = Report.objects.select_related("municipality", "render_job").get(render_job_id=claim.job_id)
    # In the municipality's language, whoever started it; no transaction is open while this goes on.
    with override(settings.LANGUAGE_CODE):
        content = render_pdf(
            "followup/report.html",
            paper.context(report),
            title=_("Yearly report on safety and security %(year)s") % {"year": report.year},
            lang=settings.LANGUAGE_CODE,
        )
    name = write_file(report, claim.attempt, content)
    try:
        with publishing(claim):
            _publish(report, name, content)
    finally:
        # Whatever happened, no file stays that no row can point to any more.
        report = Report.objects.select_related("render_job").get(pk=report.pk)
        sweep_report(report)


def _publish(report: Report, name: str, content: bytes) -> None:
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.state = ReportState.READY
    report.file.name = name
    report.file_digest = hashlib.sha256(content).hexdigest()
    report.pages = count_pages(content)
    report.finished_at = clock.now()
    report.save()


def jobs_of(report: Report) -> list[Job]:
    """Return every job of the report, in the order of the chapters, the PDF last."""
    chapters = [chapter.job for chapter in report.chapters.select_related("job")]
    return [*chapters, *([report.render_job] if report.render_job else [])]
