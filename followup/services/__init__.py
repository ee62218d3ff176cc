"""What changes the follow-up: starting a report, and what the jobs that make it do."""

from followup.services.reports import start_report

__all__ = ["start_report"]
