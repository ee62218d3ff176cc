"""Progress for the person at the terminal: what is being done, how long it took, why it stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A step that says nothing for this many seconds tells that it is still at work.
STILL_WORKING_SECONDS = 10
TAIL_LINES = 25
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """A reason to stop that the person can do something about; ends the program without a traceback."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print ``title`` now, and the seconds it took when that was more than one."""
    say(f"→ {title} …")
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    if seconds > 1:
        say(f"  done in {seconds:.0f} s")


def run(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a command quietly and return what it printed; raise ``Stop`` with its last lines if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in argv],
        cwd=cwd,
        env=dict(os.environ if env is None else env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        while True:
            try:
                output, _ = process.communicate(timeout=STILL_WORKING_SECONDS)
                break
            except subprocess.TimeoutExpired:
                say(f"  still working ({time.monotonic() - began:.0f} s)")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if process.returncode:
        command = " ".join(str(part) for part in argv)
        raise Stop(f"{last_lines(output)}\nThis failed (exit code {process.returncode}): {command}")
    return output


def last_lines(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-TAIL_LINES:])


def program(main: Callable[[list[str]], int | None]) -> None:
    """Run ``main`` with the command line, and turn every expected ending into one clear last line."""
    for number in ENDING_SIGNALS:
        signal.signal(number, _interrupt)
    try:
        sys.exit(main(sys.argv[1:]) or 0)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr, flush=True)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr, flush=True)
        sys.exit(130)


def _interrupt(*_: object) -> None:
    # Once only: make and the terminal both send it, and a second must not cut the stopping short.
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
