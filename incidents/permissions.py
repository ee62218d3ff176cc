"""Permissions on incident reports and cases."""

REPORT_INCIDENT = "incidents.report_incident"
VIEW_INCIDENT = "incidents.view_incident"
READ_NARRATIVE = "incidents.read_narrative"
HANDLE_INCIDENT = "incidents.handle_incident"
