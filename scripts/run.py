"""``make run``: the whole portal on this machine, with demo data, until Ctrl-C.

A real web server (gunicorn) and a real Celery worker on SQLite; nothing listens outside loopback.
"""

import errno
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

from scripts import demo
from scripts.processes import Child, stop_all
from scripts.steps import Stop, last_lines, program, say, step

DEFAULT_PORT = 8000
REPORT_OF = "sodertalje"


def main(arguments: list[str]) -> None:
    began = time.monotonic()
    port = chosen_port(os.environ)
    demo.open_folder()
    lock = demo.take_lock()
    if lock is None:
        where = demo.running_address()
        raise Stop(f"The portal already runs{f' at {where}' if where else ''}; Ctrl-C there stops it.")
    demo.write_address(lock, "")
    refuse_taken(port)
    demo.prepare()
    children: list[Child] = []
    try:
        address = start_portal(port, children)
        demo.write_address(lock, address)
        welcome(address, time.monotonic() - began)
        watch(children)
    except KeyboardInterrupt:
        # The way it is meant to end.
        return
    finally:
        say("\n→ Stopping …")
        demo.write_address(lock, "")
        stop_all(children)
        say("  All stopped. Data and files are kept in var/.")


def chosen_port(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}: make run PORT={DEFAULT_PORT}")
    return int(text)


def refuse_taken(port: int) -> None:
    """Stop before anything is started when the port can't be had."""
    try:
        with _bound(port):
            return
    except OSError as error:
        if error.errno == errno.EACCES:
            raise Stop(f"Port {port} is for root only: make run PORT={DEFAULT_PORT}") from error
        raise Stop(
            f"Port {port} is taken by another program. Choose another: make run PORT={free_near(port)}"
        ) from error


def free_near(port: int) -> int:
    for candidate in range(max(port + 1, 1024), 65536):
        try:
            _bound(candidate).close()
        except OSError:
            continue
        return candidate
    return DEFAULT_PORT


def _bound(port: int) -> socket.socket:
    listener = socket.socket()
    # As gunicorn binds: a port in TIME_WAIT is free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def start_portal(port: int, children: list[Child]) -> str:
    """Start web and worker, wait until both are ready, ask for a report; return the address."""
    address = f"http://127.0.0.1:{port}/"
    with step("Starting the web server and the worker"):
        web, worker = demo.start_web(port), demo.start_worker()
        children += [web, worker]
        web.wait_until(lambda: answers(f"{address}livez"), seconds=demo.SECONDS_TO_START)
        worker.wait_until(lambda: " ready" in worker.output(), seconds=demo.SECONDS_TO_START)
    asked = f"report {REPORT_OF} {demo.LAST_WHOLE_YEAR}"
    if demo.stamped(asked) is None:
        with step(f"Asking the worker for the yearly report: {REPORT_OF} {demo.LAST_WHOLE_YEAR}"):
            demo.manage("make_report", REPORT_OF, "--year", str(demo.LAST_WHOLE_YEAR), "--no-wait")
        demo.stamp(asked, "yes")
    return address


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def welcome(address: str, seconds: float) -> None:
    say(f"\n{demo.manage('demo_persons').rstrip()}")
    say(f"\nThe portal is ready after {seconds:.0f} s: {address}")
    say(f"Log in at {address}account/login/ as one of the persons above.")
    say("Logs: var/log/web.log, var/log/worker.log (mail is written there). Delete var/ to begin anew.")
    say("Stop with Ctrl-C.")


def watch(children: Sequence[Child]) -> None:
    """Wait for Ctrl-C; stop with the log's end when one of the processes ends by itself."""
    while True:
        for child in children:
            if not child.is_running():
                raise Stop(f"{last_lines(child.output())}\n{child.name} ended; its log: {child.log}")
        time.sleep(0.5)


if __name__ == "__main__":
    program(main)
