"""What changes the follow-up: starting a report, and the jobs that make it."""

from followup.services.jobs import queue_job, reclaim_jobs, run_job
from followup.services.reports import start_report

__all__ = ["queue_job", "reclaim_jobs", "run_job", "start_report"]
