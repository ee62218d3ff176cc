"""``make report MUNICIPALITY=sodertalje YEAR=2025 OUT=report.pdf``: one yearly report of the demo.

A real worker makes it: the one of a running ``make run``, else one started for this and stopped again.
Exit code 2 and no file when the municipality or the year can't be had.
"""

import subprocess
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path

from scripts import demo
from scripts.machine import PYTHON
from scripts.processes import Child
from scripts.steps import ROOT, Stop, last_lines, program, step

USAGE = "make report MUNICIPALITY=sodertalje YEAR=2025 OUT=report.pdf"
WRONG_INPUT = 2
LOOK_AGAIN = 1.0


def main(arguments: list[str]) -> int:
    municipality, year, out = wanted(arguments)
    demo.open_folder()
    with ExitStack() as stack:
        worker = own_worker(stack, prepare=True)
        if worker is None and not demo.running_address():
            raise Stop("`make run` is being set up or stopped; try again in a while.")
        argv: list[str | Path] = [PYTHON, "manage.py", "make_report", municipality, "--year", str(year), "--out", out]
        # In the foreground: the command shows its own progress.
        command = subprocess.Popen(argv, cwd=ROOT, env=demo.settings())
        stack.callback(command.terminate)
        while True:
            with suppress(subprocess.TimeoutExpired):
                return command.wait(LOOK_AGAIN)
            # The worker of `make run` may be stopped meanwhile; another goes on where it was.
            worker = worker or own_worker(stack)
            if worker is not None and not worker.is_running():
                raise Stop(f"{last_lines(worker.output())}\nThe worker ended; its log: {worker.log}")


def own_worker(stack: ExitStack, *, prepare: bool = False) -> Child | None:
    """Start a worker that ends with ``stack``; ``None`` where a running ``make run`` has one."""
    lock = demo.take_lock()
    if lock is None:
        return None
    stack.enter_context(lock)
    demo.write_address(lock, "")
    if prepare:
        demo.prepare()
    with step("Starting a worker"):
        worker = demo.start_worker()
        stack.callback(worker.stop)
        worker.wait_until(lambda: " ready" in worker.output(), seconds=demo.SECONDS_TO_START)
    return worker


def wanted(arguments: list[str]) -> tuple[str, int, Path]:
    """Municipality, year and file from the command line; ``Stop`` with code 2 and what would be right."""
    municipality, year, out = [*arguments, "", "", ""][:3]
    if not (municipality and year and out):
        raise Stop(f"All three are needed: {USAGE}", WRONG_INPUT)
    known = sorted(file.stem for file in demo.MUNICIPALITIES.glob("*.yaml"))
    # A database may hold municipalities whose files lie elsewhere: make_report knows them.
    if municipality not in known and not demo.DATABASE.exists():
        raise Stop(f"There is no municipality {municipality!r}; choose one of: {', '.join(known)}", WRONG_INPUT)
    this_year = date.today().year
    if not (year.isascii() and year.isdigit() and 1900 < int(year) <= this_year):
        raise Stop(f"YEAR must be a year up to {this_year}, not {year!r}.", WRONG_INPUT)
    path = Path(out).expanduser().resolve()
    if path.is_dir() or not path.parent.is_dir():
        raise Stop(f"OUT must name a file in a folder that exists, not {out!r}.", WRONG_INPUT)
    return municipality, int(year), path


if __name__ == "__main__":
    program(main)
