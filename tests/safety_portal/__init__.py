"""The wiring: form fields, frame of every page, public pages, gallery."""
