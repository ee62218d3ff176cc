"""Starts a private PostgreSQL and Redis for the run and points the settings at them.

Nothing to set: ``.venv/bin/pytest tests/risks`` works alone. ``DATABASE_URL=sqlite://:memory:`` gives
a run on SQLite without Redis instead, as the quick demo has it (``pytest -m smoke``).
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from scripts.servers import PrivatePostgres, PrivateRedis, Server
from scripts.steps import Stop
from tests.services import template

SQLITE = "sqlite://:memory:"
_opened: list[Server] = []


def pytest_configure(config: pytest.Config) -> None:
    """Runs before pytest-django reads the settings, which it does last of all plugins."""
    worker_input = getattr(config, "workerinput", None)
    if worker_input is None:
        _open_services(config)
        if getattr(config.option, "numprocesses", None):
            # The parallel processes inherit this environment. Were the settings named in it, they would
            # read them before their own part is set, and all share one Redis database and one folder.
            return
    else:
        _take_own_part(worker_input["workerid"])
    _configure_settings()


def pytest_unconfigure(config: pytest.Config) -> None:
    if getattr(config, "workerinput", None) is None:
        while _opened:
            _opened.pop().close()
        shutil.rmtree(os.environ["TEST_VAR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request leaves its language behind in the thread; every test begins with the portal's own."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


def _open_services(config: pytest.Config) -> None:
    os.environ["TEST_VAR"] = os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="portal-var-")
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))
    if config.option.collectonly:
        os.environ["DATABASE_URL"] = SQLITE
    if "DATABASE_URL" in os.environ:
        os.environ.setdefault("REDIS_URL", "")
        return
    try:
        postgres, redis = PrivatePostgres(begin_with=template.migrated_cluster()), PrivateRedis()
        for server in (postgres, redis):
            _opened.append(server)
            server.start()
    except Stop as stop:
        raise pytest.UsageError(f"{stop}\n`make test` brings what is missing.") from stop
    os.environ["DATABASE_URL"] = postgres.url("portal")
    os.environ["TEST_TEMPLATE"] = template.DATABASE
    os.environ["TEST_REDIS"] = redis.url(0).removesuffix("/0")
    os.environ["REDIS_URL"] = redis.url(0)


def _take_own_part(worker_id: str) -> None:
    """A parallel process has its own Redis database and its own folder for files."""
    number = int(worker_id.removeprefix("gw")) + 1
    os.environ["VAR_DIR"] = str(Path(os.environ["TEST_VAR"]) / worker_id)
    if "TEST_REDIS" in os.environ:
        os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS']}/{number}"


def _configure_settings() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "safety_portal.settings"
    os.environ |= {"SECRET_KEY": "for tests only", "DEBUG": "false", "HTTPS": "false", "LOG_LEVEL": "INFO"}
    from django.conf import settings

    # WhiteNoise warns when the folder of collected files is missing.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if "TEST_TEMPLATE" in os.environ:
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = os.environ["TEST_TEMPLATE"]
    # Quick to log in with; the real hashers are Django's own and tested there.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # File names without a hash: nothing has to be collected first.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
