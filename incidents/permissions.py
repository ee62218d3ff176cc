"""Permissions on incident reports and cases, and on what is done with many of them."""

REPORT_INCIDENT = "incidents.report_incident"
VIEW_INCIDENT = "incidents.view_incident"
READ_NARRATIVE = "incidents.read_narrative"
HANDLE_INCIDENT = "incidents.handle_incident"
# Decide whether a case is disclosed, and mark it as secret.
DISCLOSE_CASE = "incidents.disclose_case"
# See who has read what, of every case, without reading any.
VIEW_READ_LOG = "incidents.view_read_log"
# Collect what the portal holds about one person (GDPR article 15).
EXPORT_PERSON = "incidents.export_person"
# The register of cases as OSL 5:2 has it: number, day, what it concerns in brief; no text, no names.
VIEW_REGISTER = "incidents.view_register"
PROPOSE_DISPOSAL = "incidents.propose_disposal"
# Record what the committee, or the archive authority, decided about a proposal.
DECIDE_DISPOSAL = "incidents.decide_disposal"
VIEW_STATISTICS = "incidents.view_statistics"
# Write the posters, paper forms and question sets of workplaces.
PRINT_POSTER = "incidents.print_poster"
# Enter what came by phone or on paper, and import what came from another system.
ENTER_REPORT = "incidents.enter_report"
IMPORT_CASES = "incidents.import_cases"
# See and keep the municipality's fund for deductibles.
VIEW_FUND = "incidents.view_fund"
KEEP_FUND = "incidents.keep_fund"
# Answer a case that is escalated.
ANSWER_ESCALATION = "incidents.answer_escalation"
