"""Permissions on governing documents."""

VIEW_DOCUMENT = "policies.view_document"
