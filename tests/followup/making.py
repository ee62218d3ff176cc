"""Making a report in this process, without a worker."""

import io

import pikepdf

from followup.models import Report
from followup.services.reports import jobs_of
from notifications.jobs import run_job


def finish(report: Report) -> Report:
    """Do every job of the report, chapters first, then the PDF."""
    for job in jobs_of(report):
        run_job(job.pk)
    report.refresh_from_db()
    if report.render_job_id:
        run_job(report.render_job_id)
        report.refresh_from_db()
    return report


def blank_pdf() -> bytes:
    """Return a PDF of one empty page, for tests that are not about the paper."""
    blank, written = pikepdf.new(), io.BytesIO()
    blank.add_blank_page()
    blank.save(written, static_id=True, min_version="1.7")
    return written.getvalue()
