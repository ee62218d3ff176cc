"""Write the lock files: exact versions with hashes and no registry's address (``make lock``).

``make lock`` keeps versions that still fit; ``UPGRADE=1 make lock`` takes the newest that fit.
"""

import os

from scripts.machine import RUN_NEEDS, VENV, bring_packages, bring_python
from scripts.steps import ROOT, program, run, step

COMPILE = ["pip", "compile", "-q", "pyproject.toml", "--python-version", "3.11", "--generate-hashes"]
COMPILE += ["--custom-compile-command", "make lock", "--no-emit-index-url", "--no-emit-find-links"]


def main(arguments: list[str]) -> None:
    bring_packages(RUN_NEEDS)
    bring_python("requirements-dev.txt")
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    uv = VENV / "bin" / "uv"
    with step("Locking"):
        run([uv, *COMPILE, *upgrade, "-o", ROOT / "requirements.txt"])
        run([uv, *COMPILE, *upgrade, "--group", "dev", "-c", "requirements.txt", "-o", ROOT / "requirements-dev.txt"])
    bring_python("requirements-dev.txt")


if __name__ == "__main__":
    program(main)
