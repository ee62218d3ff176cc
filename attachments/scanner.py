"""Asks the virus scanner's daemon (clamd) about one file, or whether it is there: INSTREAM and PING, nothing else.

``CLAMD`` is ``unix:/run/clamav/clamd.ctl`` or ``tcp://host:3310``; ``off`` where files are opened unscanned, which
the pages say; empty where no scanner is set up yet, and files wait.
"""

import re
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from django.conf import settings

OFF = "off"
SECONDS_TO_CONNECT = 5
# Of the scan of one file, before the daemon is taken for stuck.
SECONDS_TO_ANSWER = 120
# Of being asked whether it is there: whoever asks for the portal's health waits four seconds.
SECONDS_TO_PING = 1
_CHUNK = 64 * 1024
_FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerDown(Exception):
    """The daemon can't be reached, or does not answer."""


class ScanFailed(Exception):
    """The daemon answers, but could not look at this file."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner says: ``virus`` is the name of what was found, or empty."""

    virus: str = ""


def is_set_up() -> bool:
    """Tell whether there is a scanner to ask."""
    return settings.CLAMD not in ("", OFF)


def is_turned_off() -> bool:
    """Tell whether the operator has said that files are opened unscanned."""
    return bool(settings.CLAMD == OFF)


def answers() -> bool:
    """Tell whether the scanner that is set up answers now, within ``SECONDS_TO_PING`` for each step."""
    try:
        with _connect(settings.CLAMD, SECONDS_TO_PING) as connection:
            connection.settimeout(SECONDS_TO_PING)
            connection.sendall(b"zPING\0")
            return _hear(connection) == "PONG"
    except (OSError, ValueError):
        return False


def scan(content: IO[bytes]) -> Verdict:
    """Send ``content`` to the scanner and return its verdict.

    Only the exact words for "nothing found" count as such. Raises ``ScannerDown``, ``ScanFailed``.
    """
    try:
        with _connect(settings.CLAMD, SECONDS_TO_CONNECT) as connection:
            connection.settimeout(SECONDS_TO_ANSWER)
            # A daemon that has heard enough hangs up, and has said why before.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(connection, content)
            answer = _hear(connection)
    except (OSError, ValueError) as error:
        raise ScannerDown(type(error).__name__) from error
    if answer == "stream: OK":
        return Verdict()
    if found := _FOUND.fullmatch(answer):
        return Verdict(virus=found[1])
    if not answer:
        raise ScannerDown("no answer")
    raise ScanFailed(answer[:100])


def _connect(address: str, seconds: float) -> socket.socket:
    """Open a connection to the daemon within ``seconds``; ValueError for an address that is none."""
    kind, _, rest = address.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(rest)
        except OSError:
            connection.close()
            raise
    elif kind == "tcp":
        host, _, port = rest.removeprefix("//").rpartition(":")
        connection = socket.create_connection((host, int(port)), timeout=seconds)
    else:
        raise ValueError(kind)
    return connection


def _send(connection: socket.socket, content: IO[bytes]) -> None:
    """Each chunk is told by its length, and the end by a chunk of none."""
    connection.sendall(b"zINSTREAM\0")
    while chunk := content.read(_CHUNK):
        connection.sendall(struct.pack("!L", len(chunk)) + chunk)
    connection.sendall(struct.pack("!L", 0))


def _hear(connection: socket.socket) -> str:
    """Return the answer, which a zero byte ends."""
    heard = b""
    while b"\0" not in heard and len(heard) < 1000 and (more := connection.recv(1000)):
        heard += more
    return heard.split(b"\0")[0].decode("utf-8", "replace").strip()
