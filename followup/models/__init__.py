"""The yearly report, its chapters and the jobs that make them."""

from followup.models.job import MAX_FAILURES, MAX_LOST_LEASES, Job, JobQuerySet, JobState
from followup.models.report import Chapter, Edition, Report, ReportQuerySet, ReportState

__all__ = [
    "MAX_FAILURES",
    "MAX_LOST_LEASES",
    "Chapter",
    "Edition",
    "Job",
    "JobQuerySet",
    "JobState",
    "Report",
    "ReportQuerySet",
    "ReportState",
]
