"""The portal as gunicorn serves it in a fault trial: files by their plain names, and killed where the trial says.

``KILL_AFTER`` is a folder: while a file lies in it, the next report that is taken is its last sign of life. The file
is removed first, so that each kills one process, after the commit and before a single byte of the answer.
"""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_portal.settings")

from django.conf import settings

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

from safety_portal.wsgi import application as portal  # noqa: E402 -- after the settings above

KILL_AFTER = os.environ.get("KILL_AFTER", "")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer, or be killed with the answer in hand."""
    answer = portal(environ, start_response)
    if KILL_AFTER and environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/r/"):
        for order in Path(KILL_AFTER).iterdir():
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
    return answer
