"""``make run`` refuses with a clear message before it starts anything, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import demo, processes, run
from scripts.steps import ROOT, Stop


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def make_run(var: Path, port: int) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"VAR_DIR": str(var), "PORT": str(port)}
    argv = [sys.executable, "-m", "scripts.run"]
    return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path, taken_port: int) -> None:
    done = make_run(tmp_path, taken_port)

    assert done.returncode == 1
    assert f"Port {taken_port} is taken by another program. Choose another: make run PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "portal.sqlite3").exists()


def test_the_proposed_port_is_free(taken_port: int) -> None:
    run.refuse_taken(run.free_near(taken_port))


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8000a", "80 00", "²"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Stop, match="PORT must be a number from 1 to 65535"):
        run.chosen_port({"PORT": text})


def test_the_port_is_8000_unless_chosen() -> None:
    assert run.chosen_port({}) == 8000
    assert run.chosen_port({"PORT": ""}) == 8000
    assert run.chosen_port({"PORT": "8123"}) == 8123


def test_a_second_start_is_told_where_the_first_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    lock = demo.take_lock()
    assert lock is not None
    with lock:
        demo.write_address(lock, "http://127.0.0.1:8123/")
        done = make_run(tmp_path, 8124)
    assert done.returncode == 1
    assert "already runs at http://127.0.0.1:8123/" in done.stderr


def test_the_lock_is_free_again_when_its_holder_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    for _ in range(2):
        lock = demo.take_lock()
        assert lock is not None
        lock.close()


def test_the_secret_key_is_kept_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    key = demo.secret_key()

    assert len(key) > 50
    assert demo.secret_key() == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_stamp_lies_in_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DATABASE", tmp_path / "portal.sqlite3")
    assert demo.stamped("demo") is None
    demo.stamp("demo", "yes")
    assert demo.stamped("demo") == "yes"

    demo.DATABASE.unlink()
    assert demo.stamped("demo") is None


def test_the_demo_never_uses_servers_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://real/database")
    monkeypatch.setenv("REDIS_URL", "redis://real")
    monkeypatch.setattr(demo, "secret_key", lambda: "key")

    assert demo.settings()["DATABASE_URL"].startswith("sqlite:///")
    assert demo.settings()["REDIS_URL"] == ""


# --- Processes end with what started them -------------------------------------------------

STUBBORN = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN += "child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True); time.sleep(60)"


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def assert_ends(pid: int) -> None:
    deadline = time.monotonic() + 5
    while is_alive(pid):
        assert time.monotonic() < deadline, "the process outlived its starter"
        time.sleep(0.02)


def wait_for(path: Path) -> int:
    deadline = time.monotonic() + 20
    while not path.exists() or not path.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text().split()[0])


def test_a_process_that_ignores_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    child = processes.start("Stubborn", [sys.executable, "-c", STUBBORN], log=tmp_path / "log")
    grandchild = wait_for(tmp_path / "log")

    processes.stop_all([child], grace=0.5)

    assert not child.is_running()
    assert_ends(grandchild)


def test_children_end_when_their_starter_is_killed(tmp_path: Path) -> None:
    starter = "import sys, time; from pathlib import Path; from scripts.processes import start; "
    starter += "start('Sleeper', ['sleep', '60'], log=Path(sys.argv[1]) / 'log'); "
    starter += "print('x'); time.sleep(60)"
    # The pid is written by the shell that becomes the sleeper.
    starter = starter.replace("['sleep', '60']", "['sh', '-c', 'echo $$; exec sleep 60']")
    parent = subprocess.Popen([sys.executable, "-c", starter, str(tmp_path)], cwd=ROOT)
    sleeper = wait_for(tmp_path / "log")

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert_ends(sleeper)


def test_a_process_that_ends_too_early_shows_the_end_of_its_log(tmp_path: Path) -> None:
    child = processes.start("Broken", ["sh", "-c", "echo why it broke; exit 3"], log=tmp_path / "log")

    with pytest.raises(Stop, match="why it broke\nBroken ended"):
        child.wait_until(lambda: False, seconds=10)


def test_a_second_signal_does_not_cut_the_stopping_short(tmp_path: Path) -> None:
    stopping = "import sys, time; from scripts.steps import program, say\n"
    stopping += "def main(arguments):\n  try:\n    say('ready'); time.sleep(60)\n"
    stopping += "  finally:\n    say('stopping'); time.sleep(0.5); say('stopped')\n"
    argv = [sys.executable, "-c", f"{stopping}program(main)"]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "stopping\n"
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process.send_signal(again)

    assert process.stdout.read() == "stopped\n"
    assert process.wait() == 130
