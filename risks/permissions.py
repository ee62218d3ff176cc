"""Permissions on risks."""

VIEW_RISK = "risks.view_risk"
ADD_RISK = "risks.add_risk"
CHANGE_RISK = "risks.change_risk"
