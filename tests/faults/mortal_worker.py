"""The portal's worker in a fault trial: a process is killed where an order says, and another takes its place.

``KILL_AT`` is a folder: a file in it bears the name of a function, whose next return is the last sign of life of the
process that called it. The file is removed first, so that each order kills once. An order that says ``commit`` has the
process commit before what it has written so far, as if there were no transaction around it. ``KILL_POINTS`` names the
functions, with commas between: ``incidents.handler_mail.remind``.
"""

import importlib
import os
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init
from django.db import connection

from safety_portal.celery import app

__all__ = ["app"]

COMMIT = "commit"


@worker_process_init.connect
def make_mortal(**_kwargs: object) -> None:
    """Let each process that works look for orders at the points of the trial."""
    for point in os.environ["KILL_POINTS"].split(","):
        module_name, name = point.rsplit(".", 1)
        module = importlib.import_module(module_name)
        setattr(module, name, mortal(getattr(module, name), Path(os.environ["KILL_AT"]) / point))


def mortal(function: Callable[..., Any], order: Path) -> Callable[..., Any]:
    """Return the function; where the order lies there when it is done, the process dies."""

    @wraps(function)
    def done_last(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        if order.exists():
            if order.read_text() == COMMIT:
                connection.connection.commit()
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return done_last
