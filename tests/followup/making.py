"""Making a report in this process, without a worker."""

from followup.models import Report
from followup.services.jobs import run_job
from followup.services.reports import jobs_of


def finish(report: Report) -> Report:
    """Do every job of the report, chapters first, then the PDF."""
    for job in jobs_of(report):
        run_job(job.pk)
    report.refresh_from_db()
    if report.render_job_id:
        run_job(report.render_job_id)
        report.refresh_from_db()
    return report
