"""Permissions on the organisation."""

VIEW_BODY = "organisation.view_body"
ADMINISTER = "organisation.administer"
