"""The yearly report and its chapters."""

from followup.models.report import Chapter, Edition, Report, ReportQuerySet, ReportState

__all__ = ["Chapter", "Edition", "Report", "ReportQuerySet", "ReportState"]
