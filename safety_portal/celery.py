"""The Celery application: every setting of it stands in ``settings.py`` under ``CELERY_``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_portal.settings")

app = Celery("safety_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# In every thread: without this, a thread that did not import the app would talk to a broker of Celery's own choice.
app.set_default()
