"""Wiring of the portal: settings, URLs, Celery, WSGI and the one PDF renderer."""

from safety_portal.celery import app as celery_app

__all__ = ["celery_app"]
