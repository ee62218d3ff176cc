"""Secure by default: headers, cookies, redirects, hosts; logs that carry no one's words."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.urls import reverse

from safety_portal.logs import JsonFormatter
from scripts.steps import ROOT
from tests.factories.organisation import PASSWORD, make_municipality

PRODUCTION = {
    "SECRET_KEY": "snö, käpp, väg och vinter: 0123456789 abcdefghijklmn",
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "portal.example.se",
    "DEBUG": "false",
    "HTTPS": "true",
    "CLAMD": "tcp://127.0.0.1:3310",
}


def in_production(code: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` with settings as a municipality would have them."""
    kept = {name: os.environ[name] for name in ("PATH", "VAR_DIR") if name in os.environ}
    environment = kept | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "safety_portal.settings"} | changed
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_the_deployment_check_finds_nothing():
    code = "import django; django.setup(); from django.core.management import call_command; "
    done = in_production(code + "call_command('check', deploy=True, fail_level='WARNING')")
    assert done.returncode == 0, done.stderr


def test_control_the_deployment_check_sees_an_insecure_cookie():
    code = "import django; django.setup(); from django.core.management import call_command; "
    done = in_production(code + "call_command('check', deploy=True, fail_level='WARNING')", HTTPS="false")
    assert done.returncode != 0
    assert "SESSION_COOKIE_SECURE" in done.stderr


def test_without_a_secret_key_it_says_how_to_set_one():
    done = in_production("import django; django.setup()", SECRET_KEY="")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(("name", "bad"), [("HTTPS", "perhaps"), ("JOB_LEASE_SECONDS", "soon")])
def test_a_setting_that_can_not_be_read_is_named(name, bad):
    done = in_production("import django; django.setup()", **{name: bad})
    assert name in done.stderr
    assert ".env.example" in done.stderr


@pytest.mark.django_db
class TestPages:
    def test_the_content_policy_allows_nothing_inline_and_nobody_else(self, client):
        policy = client.get("/help/")["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy

    def test_headers_forbid_framing_and_sniffing(self, client):
        page = client.get("/help/")
        assert page["X-Frame-Options"] == "DENY"
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["Referrer-Policy"] == "same-origin"

    def test_a_page_for_a_person_is_kept_nowhere(self, client):
        client.force_login(make_municipality().employee, backend="organisation.access.ScopeBackend")
        assert "no-store" in client.get("/")["Cache-Control"]

    def test_logging_in_never_leads_away(self, client):
        town = make_municipality()
        sent = {"login": town.employee.email, "password": PASSWORD}
        answer = client.post(reverse("account_login") + "?next=https://evil.example/", sent)
        assert answer.status_code == 302
        assert answer["Location"] == "/"

    def test_logging_in_gives_a_new_session(self, client):
        town = make_municipality()
        client.get(reverse("account_login"))
        session = client.session
        session["planted"] = True
        session.save()
        before = session.session_key
        client.post(reverse("account_login"), {"login": town.employee.email, "password": PASSWORD})
        assert client.session.session_key != before

    def test_a_strange_host_is_refused(self, client, settings):
        settings.ALLOWED_HOSTS = ["portal.example.se"]
        assert client.get("/help/", headers={"host": "evil.example"}).status_code == 400

    def test_nobody_signs_up(self, client):
        page = client.post("/account/signup/", {"email": "ny@example.se", "password1": PASSWORD, "password2": PASSWORD})
        from organisation.models import User

        assert page.status_code in (200, 302, 403, 404)
        assert not User.objects.filter(email="ny@example.se").exists()

    def test_a_form_without_its_token_is_refused(self):
        from django.test import Client

        town = make_municipality()
        client = Client(enforce_csrf_checks=True)
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        assert client.post(reverse("risks:new"), {}).status_code == 403

    @pytest.mark.parametrize("address", ["/finns-inte/", "/risks/inte-ett-id/", "/incidents/%00/"])
    def test_an_address_that_is_not_there_answers_404(self, client, address):
        client.force_login(make_municipality().employee, backend="organisation.access.ScopeBackend")
        assert client.get(address).status_code == 404


class TestLogs:
    def line(self, **extra) -> dict:
        try:
            raise ValueError("Anna slog mig")
        except ValueError:
            record = logging.getLogger("x").makeRecord(
                "x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info(), extra=extra
            )
        return json.loads(JsonFormatter().format(record))

    def test_a_line_is_one_json_object_with_named_fields(self):
        line = self.line(job_id=7)
        assert (line["message"], line["level"], line["job_id"]) == ("failed", "ERROR", 7)

    def test_what_a_person_wrote_is_in_no_line(self):
        line = json.dumps(self.line(text="Anna slog mig", email="anna@example.se"))
        assert "Anna" not in line
        assert "anna@example.se" not in line
        assert "ValueError" in line

    def test_control_the_ordinary_formatter_would_tell(self):
        try:
            raise ValueError("Anna slog mig")
        except ValueError:
            record = logging.getLogger("x").makeRecord("x", logging.ERROR, __file__, 1, "m", (), sys.exc_info())
        assert "Anna" in logging.Formatter().format(record)
