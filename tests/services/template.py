"""A migrated database, made once and copied by every later run until a migration changes."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.servers import PrivatePostgres
from scripts.steps import ROOT, Stop

KEPT = ROOT / "var" / "test-template"
DATABASE = "portal_template"
# Others may be copying from one while this run makes the next.
NEWEST_KEPT = 4


def migrated_cluster() -> Path:
    """Folder of a cluster that holds ``DATABASE`` with every migration of today's files applied."""
    folder = KEPT / _key()
    if not folder.exists():
        _make(folder)
        _forget_old()
    return folder


def _key() -> str:
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "organisation/database.py", ROOT / "requirements.txt"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(folder: Path) -> None:
    with PrivatePostgres() as server:
        environment = os.environ | {"DATABASE_URL": server.create(DATABASE), "SECRET_KEY": "for tests", "REDIS_URL": ""}
        argv = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks"]
        done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Stop(f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        server.keep(folder)


def _forget_old() -> None:
    for folder in sorted(KEPT.iterdir(), key=lambda kept: kept.stat().st_mtime)[:-NEWEST_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
