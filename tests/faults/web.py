"""A real web process, and an employee's browser that tries again."""

import http.client
import uuid
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from organisation.models import Body, User
from scripts.processes import Child, start
from scripts.servers import free_port
from scripts.steps import ROOT
from tests.services.worker import process_environment

GUNICORN = ROOT / ".venv" / "bin" / "gunicorn"
TOKEN = "t" * 32


class Web:
    """gunicorn on a free port of the loopback, with two processes that are made anew when they die."""

    def __init__(self, log: Path, **environment: str) -> None:
        self.port = free_port()
        argv: list[str | Path] = [
            GUNICORN,
            "tests.faults.portal_wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
        ]
        argv += ["--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
        self.child: Child = start("gunicorn", argv, log=log, env=process_environment() | environment)
        self.child.wait_until(self.answers, seconds=60)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/livez").status == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> "Answer":
        """Send one request; raises ``OSError`` when the process dies before it has answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            response.read()
            return Answer(response.status, response.getheader("Location") or "")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


class Answer:
    """What came back."""

    def __init__(self, status: int, location: str) -> None:
        self.status, self.location = status, location


class Reporter:
    """An employee with a session of their own, who fills in the first screen."""

    def __init__(self, web: Web, person: User, body: Body) -> None:
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.web, self.path = web, f"/r/{body.report_code}/"
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def send(self, key: uuid.UUID, **answers: str) -> Answer:
        """Send the form with its key once; raises ``OSError`` when no answer comes."""
        form = {"kind": "threat", "occurred_when": "just_now", "text": "", "submission_key": str(key)}
        form |= {"csrfmiddlewaretoken": TOKEN} | answers
        return self.web.ask("POST", self.path, urlencode(form), self.headers)
