"""Permissions on the organisation."""

VIEW_BODY = "organisation.view_body"
ADMINISTER = "organisation.administer"
KEEP_MINUTES = "organisation.keep_minutes"
# Appointing to seats; who may appoint to which seat is the seat type's own rule beside this.
APPOINT = "organisation.appoint"
# The board's overview of all authorities (KL 6:1).
OVERSEE = "organisation.oversee"
# Matters between chairs (R22).
VIEW_MATTER = "organisation.view_matter"
RAISE_MATTER = "organisation.raise_matter"
TAKE_OVER_MATTER = "organisation.take_over_matter"
COORDINATE_MATTER = "organisation.coordinate_matter"
# Groups beside the line (R196, R206).
VIEW_GROUP = "organisation.view_group"
RUN_GROUP = "organisation.run_group"
# Safety representatives (AML 6).
RECORD_MANDATE = "organisation.record_mandate"
VIEW_REQUEST = "organisation.view_request"
FILE_REQUEST = "organisation.file_request"
ANSWER_REQUEST = "organisation.answer_request"
