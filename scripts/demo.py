"""The demo that ``make run`` and ``make report`` share: its folder, its settings, its data."""

import fcntl
import os
import secrets
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import IO
from urllib.parse import quote

from scripts.machine import BUILD, PYTHON, RUN_NEEDS, VENV, bring_checkout, hash_of
from scripts.processes import Child, start
from scripts.steps import ROOT, Stop, run, step

VAR = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
DATABASE = VAR / "portal.sqlite3"
LOGS = VAR / "log"
MUNICIPALITIES = ROOT / "organisation" / "municipalities"
LAST_WHOLE_YEAR = date.today().year - 1
# A first start of Python, Django and WeasyPrint on a slow disk takes its time.
SECONDS_TO_START = 90


# --- Folder, lock, settings ---------------------------------------------------------------


def open_folder() -> None:
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        (VAR / ".writable").touch()
        (VAR / ".writable").unlink()
    except OSError as error:
        raise Stop(f"Can't write in {VAR} ({error.strerror}). It may belong to another user.") from error


def take_lock() -> IO[str] | None:
    """Hold the demo for this program until it ends, however it ends; ``None`` when another holds it."""
    lock = (VAR / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def write_address(lock: IO[str], address: str) -> None:
    lock.truncate(0)
    lock.write(address)
    lock.flush()


def running_address() -> str:
    """Where the demo that holds the lock answers; empty while it is being set up."""
    return (VAR / "run.lock").read_text()


def settings() -> dict[str, str]:
    """The demo's environment: its own SQLite, broker in files, mail into the worker's log.

    Set in full, so that no server named in ``.env`` ever gets demo data.
    """
    return os.environ | {
        "SECRET_KEY": secret_key(),
        "DEBUG": os.environ.get("DEBUG", "false"),
        "HTTPS": "false",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "VAR_DIR": str(VAR),
        "DATABASE_URL": f"sqlite:///{quote(str(DATABASE))}",
        "REDIS_URL": "",
        "EMAIL_URL": "console:",
        # No scanner comes with a first look; the pages say that files were not scanned.
        "CLAMD": "off",
        "PYTHONUNBUFFERED": "1",
    }


def secret_key() -> str:
    """A random key, made once and readable by its owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def manage(*words: str | Path) -> str:
    return run([PYTHON, "manage.py", *words], env=settings())


# --- Data ---------------------------------------------------------------------------------


def stamped(name: str) -> str | None:
    """The stamp lies in the database that it tells about: a deleted database is never taken for filled."""
    if not DATABASE.exists():
        return None
    with closing(sqlite3.connect(DATABASE)) as database:
        try:
            row = database.execute("SELECT value FROM make_run_stamp WHERE name = ?", [name]).fetchone()
        except sqlite3.OperationalError:
            return None
    return row[0] if row else None


def stamp(name: str, value: str) -> None:
    with closing(sqlite3.connect(DATABASE, timeout=30)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS make_run_stamp (name TEXT PRIMARY KEY, value TEXT)")
        database.execute("INSERT OR REPLACE INTO make_run_stamp VALUES (?, ?)", [name, value])


def prepare() -> None:
    """Bring the checkout, migrate, load the municipalities and fill the last whole year; each once."""
    bring_checkout("requirements.txt", RUN_NEEDS)
    _migrate()
    _collect_static_files()
    files = sorted(MUNICIPALITIES.glob("*.yaml"))
    loaded = hash_of(files)
    if stamped("municipalities") != loaded:
        with step(f"Loading the {len(files)} municipalities"):
            manage("load_municipality", *files)
        stamp("municipalities", loaded)
    for file in files:
        name = f"demo {file.stem} {LAST_WHOLE_YEAR}"
        if stamped(name) is None:
            with step(f"Filling {LAST_WHOLE_YEAR} with invented events: {file.stem}"):
                manage("seed_demo", file.stem, "--year", str(LAST_WHOLE_YEAR))
            stamp(name, "yes")


def _migrate() -> None:
    migrations = hash_of(ROOT.glob("*/migrations/*.py"))
    # A changed lock may bring migrations of other people's apps.
    value = f"{migrations} {hash_of([ROOT / 'requirements.txt'])}"
    if stamped("migrations") != value:
        with step("Bringing the database up to date"):
            manage("migrate", "--no-input")
        stamp("migrations", value)


def _collect_static_files() -> None:
    value = hash_of([BUILD])
    stamp_file = VAR / "static.stamp"
    if not (VAR / "static").exists() or not stamp_file.exists() or stamp_file.read_text() != value:
        with step("Collecting the static files"):
            manage("collectstatic", "--no-input", "--clear")
        stamp_file.write_text(value)


# --- Processes ----------------------------------------------------------------------------


def start_worker() -> Child:
    """A Celery worker with the clock (beat) in it."""
    argv: list[str | Path] = [VENV / "bin" / "celery", "-A", "safety_portal", "worker", "-B"]
    argv += ["--schedule", VAR / "celerybeat-schedule"]
    argv += ["--concurrency=1", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    return start("The worker", argv, log=fresh_log("worker"), env=settings())


def start_web(port: int) -> Child:
    argv: list[str | Path] = [
        VENV / "bin" / "gunicorn",
        "safety_portal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
    ]
    argv += ["--worker-class", "sync", "--access-logfile", "-", "--timeout", "60", "--no-control-socket"]
    return start("The web server", argv, log=fresh_log("web"), env=settings())


def fresh_log(name: str) -> Path:
    """A new log for this start; the one before is kept beside it."""
    log = LOGS / f"{name}.log"
    if log.exists():
        log.replace(LOGS / f"{name}.before.log")
    return log
