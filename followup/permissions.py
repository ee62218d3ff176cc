"""Permissions on the yearly follow-up."""

VIEW_REPORT = "followup.view_report"
START_REPORT = "followup.start_report"
