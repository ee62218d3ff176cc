"""Permissions on action plans."""

VIEW_PLAN = "actionplans.view_plan"
CHANGE_PLAN = "actionplans.change_plan"
SUBMIT_PLAN = "actionplans.submit_plan"
RECORD_DECISION = "actionplans.record_decision"
