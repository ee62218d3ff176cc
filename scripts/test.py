"""``make test``: bring what is missing, a quick run on SQLite, then everything on the real servers.

pytest itself starts and stops the private servers (``tests/services/environment.py``). Its summary of
the whole suite is the last line. With arguments (``ARGS=…``) only pytest runs, with these.
"""

import os
import subprocess

from scripts.machine import TEST_NEEDS, VENV, bring_checkout, bring_test_providers
from scripts.steps import ROOT, Stop, program, say

PYTEST = str(VENV / "bin" / "pytest")
# One process for each of two cores; worker and browser tests stay together in one of them.
PARALLEL = ["-n", "2", "--dist", "loadgroup"]
SQLITE = "sqlite://:memory:"


def main(arguments: list[str]) -> int:
    bring_checkout("requirements-dev.txt", TEST_NEEDS)
    bring_test_providers()
    if arguments:
        return pytest(arguments)
    say("→ Smoke tests on SQLite …")
    if code := pytest(["-q", "-m", "smoke"], DATABASE_URL=SQLITE, REDIS_URL=""):
        raise Stop("The smoke tests on SQLite failed; the whole suite was not started.", code)
    faults = os.environ.get("FAULTS", "none")
    say(f"→ The whole suite on PostgreSQL and Redis (fault trials: {faults}) …")
    return pytest([*PARALLEL, "-m", "not bench", "--faults", faults])


def pytest(arguments: list[str], **environment: str) -> int:
    """Run pytest in the foreground; when stopped, wait until it has stopped its servers."""
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    process = subprocess.Popen([PYTEST, *arguments], cwd=ROOT, env=clean | environment)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    program(main)
