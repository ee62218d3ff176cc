"""``make check``: every check that needs no running portal. All run, two at a time; all failures are shown."""

import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from scripts.machine import CHECK_NEEDS, PYTHON, VENV, bring_checkout
from scripts.steps import ROOT, Stop, program, say

CHECKS: dict[str, list[str]] = {
    # The slowest first.
    "types (mypy)": ["mypy"],
    "lint (ruff)": ["ruff", "check"],
    "format (ruff)": ["ruff", "format", "--check", "--quiet", "--diff"],
    "templates (djlint)": ["djlint", "templates", "--lint", "--quiet"],
    "imports between the floors": ["lint-imports"],
    "migrations complete": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations complete": ["python", "-m", "scripts.messages", "--check"],
    "docker-compose.yml": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
    "Dockerfile (hadolint)": ["hadolint", "Dockerfile"],
}


def main(arguments: list[str]) -> None:
    bring_checkout("requirements-dev.txt", CHECK_NEEDS)
    var = tempfile.mkdtemp(prefix="portal-check-")
    environment = os.environ | {
        "SECRET_KEY": "for checks only",
        "VAR_DIR": var,
        "DATABASE_URL": "sqlite://:memory:",
        "REDIS_URL": "",
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
    }
    say("→ Checking …")
    try:
        with ThreadPoolExecutor(2) as pool:
            passed = list(pool.map(lambda title: check(title, environment), CHECKS))
    finally:
        shutil.rmtree(var, ignore_errors=True)
    if not all(passed):
        raise Stop(f"{passed.count(False)} of {len(passed)} checks failed.")
    say(f"All {len(passed)} checks passed.")


def check(title: str, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    name, *rest = CHECKS[title]
    argv = [str(VENV / "bin" / name), *rest]
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    mark = "FAILED" if done.returncode else "ok"
    output = f"{done.stdout}{done.stderr}".rstrip() if done.returncode else ""
    say(f"  {mark:6} {time.monotonic() - began:5.1f} s  {title}" + (f"\n{output}\n" if output else ""))
    return not done.returncode


if __name__ == "__main__":
    program(main)
