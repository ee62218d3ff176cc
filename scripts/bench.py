"""``make bench``: bring what is missing, then measure (``bench/run.py``)."""

import subprocess

from scripts.machine import PYTHON, TEST_NEEDS, bring_checkout
from scripts.steps import ROOT, Stop, program


def main(arguments: list[str]) -> int:
    bench = ROOT / "bench" / "run.py"
    if not bench.exists():
        raise Stop("There is no bench/run.py yet.")
    bring_checkout("requirements-dev.txt", TEST_NEEDS)
    return subprocess.run([PYTHON, bench, *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    program(main)
