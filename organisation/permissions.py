"""Permissions on the organisation."""

VIEW_BODY = "organisation.view_body"
ADMINISTER = "organisation.administer"
KEEP_MINUTES = "organisation.keep_minutes"
