"""Attempts are counted by all processes together, also while Redis is down: enough for a municipality, not to guess."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.core import context
from django.conf import settings as configured
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from organisation.login.local import LocalAccountAdapter
from organisation.models import CacheRow
from scripts.steps import ROOT
from tests.factories.login import add_app, code_of
from tests.factories.organisation import PASSWORD, make_user
from tests.organisation.login.walking import who_is_in
from tests.services.worker import process_environment

pytestmark = pytest.mark.django_db

WRONG = "alldeles fel lösenord"


def attempt(person, password: str = WRONG, *, at: str = "192.0.2.1"):
    """Try to log in from a browser of its own at the address ``at``."""
    browser = Client(REMOTE_ADDR=at)
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": password})
    return answer, who_is_in(browser)


def is_limited(answer) -> bool:
    form = answer.context["form"] if answer.context else None
    return bool(form) and "försök" in str(form.errors).lower() and "många" in str(form.errors).lower()


class TestPasswords:
    def test_after_five_wrong_ones_from_one_place_no_more_are_tried(self, town):
        for _time in range(5):
            assert not is_limited(attempt(town.head)[0])
        answer, inside = attempt(town.head, PASSWORD)
        assert is_limited(answer)
        assert inside is None

    def test_the_owner_elsewhere_still_gets_in(self, town):
        """Who guesses from one place doesn't lock the account for its owner."""
        for _time in range(9):
            attempt(town.head)
        assert attempt(town.head, PASSWORD, at="198.51.100.7")[1] == town.head.pk

    def test_guessing_from_many_places_is_stopped_for_the_account(self, town):
        for number in range(10):
            attempt(town.head, at=f"192.0.2.{number}")
        assert is_limited(attempt(town.head, PASSWORD, at="192.0.2.99")[0])

    def test_other_accounts_are_not_touched(self, town):
        for _time in range(6):
            attempt(town.head)
        assert attempt(town.unit_manager, PASSWORD)[1] == town.unit_manager.pk

    def test_a_right_password_takes_back_what_its_attempts_counted(self, town):
        for _time in range(4):
            for _wrong in range(3):
                attempt(town.head)
            assert attempt(town.head, PASSWORD)[1] == town.head.pk
            # The account's own count goes on; only the pair begins anew.
            cache.clear()

    def test_a_whole_municipality_behind_one_address_gets_in(self, town):
        """Sixty people within a minute, a tenth of whom write wrong first."""
        for number in range(60):
            person = make_user(town.municipality)
            if number % 10 == 0:
                attempt(person)
            assert attempt(person, PASSWORD)[1] == person.pk

    @pytest.mark.django_db(transaction=True)
    def test_also_when_they_do_so_at_once(self, town):
        """Eight at a time, as many as processes serve: nobody waits so long for a counter that they are refused."""
        people = [make_user(town.municipality) for _number in range(40)]

        def get_in(person) -> bool:
            try:
                return attempt(person, PASSWORD)[1] == person.pk
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(get_in, people))

    def test_one_address_that_tries_everybody_is_stopped(self, settings, town):
        settings.ACCOUNT_RATE_LIMITS = configured.ACCOUNT_RATE_LIMITS | {"login_failed": "10/5m/key,20/5m/ip"}
        for _number in range(20):
            attempt(make_user(town.municipality))
        assert is_limited(attempt(make_user(town.municipality), PASSWORD)[0])

    def test_it_passes(self, town, monkeypatch):
        for _time in range(6):
            attempt(town.head)
        later = time.time() + 301
        monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
        assert attempt(town.head, PASSWORD)[1] == town.head.pk

    def test_a_new_password_by_mail_opens_the_account_at_once(self, town, rf):
        for number in range(10):
            attempt(town.head, at=f"192.0.2.{number}")
        request = rf.get("/")
        with context.request_context(request):
            LocalAccountAdapter(request).set_password(town.head, "fyra ord utan samband 7")
        assert attempt(town.head, "fyra ord utan samband 7", at="198.51.100.7")[1] == town.head.pk

    def test_control_without_limits_the_guesser_gets_in(self, settings, town):
        settings.ACCOUNT_RATE_LIMITS = False
        for _time in range(12):
            attempt(town.head)
        assert attempt(town.head, PASSWORD)[1] == town.head.pk


class TestCodes:
    def test_guessing_codes_is_stopped(self, client, town):
        secret = add_app(town.head)
        client.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD})
        for number in range(10):
            client.post(reverse("mfa_authenticate"), {"code": f"{number:06d}"})
        answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret, time.time())})
        assert is_limited(answer)
        assert who_is_in(client) is None

    def test_confirming_by_password_too(self, client, town):
        client.force_login(town.head)
        answers = [client.post(reverse("account_reauthenticate"), {"password": WRONG}) for _time in range(11)]
        assert answers[-1].status_code == 429


class TestLinks:
    def test_one_address_is_mailed_five_times_an_hour(self, client, town):
        sent = [client.post(reverse("account_reset_password"), {"email": town.head.email}) for _time in range(6)]
        assert [answer.status_code for answer in sent] == [302] * 5 + [429]

    def test_an_unknown_one_is_limited_alike(self, client):
        sent = [client.post(reverse("account_reset_password"), {"email": "okand@example.se"}) for _time in range(6)]
        assert [answer.status_code for answer in sent] == [302] * 5 + [429]

    def test_the_page_says_what_to_do(self, client, town):
        for _time in range(6):
            answer = client.post(reverse("account_reset_password"), {"email": town.head.email})
        assert reverse("account_login") in answer.content.decode()


class TestWhoAsks:
    def test_behind_a_proxy_the_address_is_what_it_says(self, town, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for _time in range(6):
            Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "192.0.2.1"}).post(
                reverse("account_login"), {"login": town.head.email, "password": WRONG}
            )
        elsewhere = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "198.51.100.7"})
        elsewhere.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD})
        assert who_is_in(elsewhere) == town.head.pk

    def test_without_one_nobody_chooses_their_own(self, town):
        for number in range(6):
            Client(headers={"x-forwarded-for": f"192.0.2.{number}"}).post(
                reverse("account_login"), {"login": town.head.email, "password": WRONG}
            )
        browser = Client(headers={"x-forwarded-for": "198.51.100.7"})
        browser.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD})
        assert who_is_in(browser) is None


@pytest.mark.django_db(transaction=True)
def test_processes_share_the_count(town):
    """Five wrong attempts in another process, and this one refuses the sixth; no broker is asked."""
    code = f"""
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
django.setup()
from django.test import Client
for _time in range(5):
    Client(REMOTE_ADDR="192.0.2.1").post("/account/login/", {{"login": {town.head.email!r}, "password": {WRONG!r}}})
"""
    environment = process_environment() | {"REDIS_URL": "redis://127.0.0.1:1/0", "ALLOWED_HOSTS": "testserver"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answer, inside = attempt(town.head, PASSWORD)
    assert is_limited(answer)
    assert inside is None
    assert CacheRow.objects.exists()


def test_control_a_cache_of_each_process_would_not_share_it():
    """What was there before: another process knows nothing of this one's count."""
    LocMemCache("limits", {}).set("count", 5)
    code = (
        "from django.conf import settings; settings.configure();"
        "from django.core.cache.backends.locmem import LocMemCache; print(LocMemCache('limits', {}).get('count'))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "None"


def test_the_table_is_read_and_written_by_the_cache(settings):
    cache.set("key", {"value": [1, 2]}, 60)
    assert cache.get("key") == {"value": [1, 2]}
    assert not cache.add("key", "other")
    assert settings.CACHES["default"]["LOCATION"] == CacheRow._meta.db_table
