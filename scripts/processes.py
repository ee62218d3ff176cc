"""Child processes that never outlive what started them."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import ROOT, Stop, last_lines

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A process in its own process group, writing to a log file."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: int = signal.SIGTERM

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return when ``ready()`` is true; raise ``Stop`` with the log's end if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running():
                raise Stop(f"{last_lines(self.output())}\n{self.name} ended; its log: {self.log}")
            if time.monotonic() > deadline:
                raise Stop(f"{last_lines(self.output())}\n{self.name} not ready in {seconds:.0f} s: {self.log}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL the whole group, as a power cut would."""
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, grace: float = 8) -> None:
        """Ask the process to end, and after ``grace`` seconds end its whole group."""
        if self.is_running():
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(grace)
        # Also when the leader ended: its own children may still be there.
        self.kill()

    def _signal_group(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    user: str | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Child:
    """Start ``argv`` in the background, its output in ``log``.

    The kernel sends ``stop_signal`` when the starter dies, also by kill -9. ``user`` is for root only.
    """
    log.parent.mkdir(parents=True, exist_ok=True)

    def end_with_parent() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, stop_signal)

    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in argv],
            cwd=cwd,
            env=dict(os.environ if env is None else env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            preexec_fn=end_with_parent,
        )
    return Child(name, process, log, stop_signal)


def stop_all(children: Sequence[Child], *, grace: float = 8) -> None:
    """Stop all at the same time, last started first."""
    for child in reversed(children):
        if child.is_running():
            child.process.send_signal(child.stop_signal)
    deadline = time.monotonic() + grace
    for child in reversed(children):
        child.stop(grace=max(0.1, deadline - time.monotonic()))
