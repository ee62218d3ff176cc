"""Nothing is handed out before a real ClamAV has looked; what it finds is gone, and while it is down, files wait."""

import io
import socket
import struct
import threading
from datetime import timedelta

import pytest
from django.conf import settings as portal_settings
from django.core.files.storage import default_storage
from django.utils import timezone

from attachments import scanner as client
from attachments import services, storing
from attachments.checks import NO_SCANNER, SCANNER_OFF, TOO_LARGE, check_limits, check_scanner
from attachments.models import Attachment, ScanState
from attachments.services import NotOpened, open_file, receive_file, remove_file, scan_waiting, serve, sweep_files
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from tests.factories.attachments import document, upload
from tests.services.scanner import EICAR, OWN
from tests.services.worker import start_worker, wait_until

pytestmark = pytest.mark.django_db


def deliver(topic: str) -> None:
    """Carry out what the outbox holds, as a worker would."""
    for message in OutboxMessage.objects.filter(topic=topic, done_at__isnull=True):
        deliver_message(message.pk)


def scanned(file: Attachment) -> Attachment:
    deliver(services.SCAN)
    file.refresh_from_db()
    return file


def text(content: bytes, name: str = "brev.txt"):
    return upload(content, name, "text/plain")


@pytest.fixture
def infected(municipality) -> Attachment:
    return receive_file(municipality=municipality, upload=text(EICAR, "eicar.txt"))


def test_a_harmless_file_waits_is_scanned_and_is_handed_out(municipality, scanner):
    file = receive_file(municipality=municipality, upload=text(b"Hej."))
    assert file.state == ScanState.WAITING
    with pytest.raises(NotOpened):
        open_file(file)

    assert scanned(file).state == ScanState.CLEAN
    assert file.scanned_at
    with open_file(file) as content:
        assert content.read() == b"Hej."


def test_a_virus_is_found_and_its_bytes_are_gone(infected, scanner, django_capture_on_commit_callbacks):
    key = infected.file
    assert default_storage.exists(key)
    with django_capture_on_commit_callbacks(execute=True):
        assert scanned(infected).state == ScanState.INFECTED
    assert not default_storage.exists(key)
    assert (infected.file, infected.name) == ("", "eicar.txt")
    with pytest.raises(NotOpened):
        serve(infected)


def test_the_scanner_looks_into_documents(municipality, scanner):
    file = receive_file(municipality=municipality, upload=upload(document(parts={"word/media.txt": OWN}), "brev.docx"))
    assert scanned(file).state == ScanState.INFECTED


def test_control_without_the_scan_the_virus_would_be_handed_out(infected, scanner, monkeypatch):
    monkeypatch.setattr(client, "scan", lambda _content: client.Verdict())
    scanned(infected)
    with open_file(infected) as content:
        assert EICAR in content.read()


def test_the_bytes_go_also_when_the_process_is_killed_right_after_the_commit(infected, scanner):
    """Nothing runs after the commit here; the outbox holds what is left to do."""
    key = infected.file
    scanned(infected)
    assert default_storage.exists(key)
    deliver(services.DELETE)
    assert not default_storage.exists(key)


# --- The scanner is down ------------------------------------------------------------------


def test_while_the_scanner_is_down_files_wait_and_when_it_is_back_they_are_scanned(municipality, infected, scanner):
    harmless = receive_file(municipality=municipality, upload=text(b"Hej."))
    scanner.stop()
    assert scanned(harmless).state == ScanState.WAITING
    assert scanned(infected).state == ScanState.WAITING
    # The upload itself, and its message, are none the worse.
    assert not OutboxMessage.objects.filter(failures__gt=0).exists()
    assert scan_waiting() == 0
    for file in (harmless, infected):
        with pytest.raises(NotOpened):
            open_file(file)

    scanner.start()
    assert scan_waiting() == 2
    harmless.refresh_from_db()
    infected.refresh_from_db()
    assert (harmless.state, infected.state) == (ScanState.CLEAN, ScanState.INFECTED)


def test_control_a_scanner_that_is_down_would_let_everything_through_if_silence_were_consent(
    infected, scanner, monkeypatch
):
    scanner.stop()
    monkeypatch.setattr(client, "scan", lambda _content: client.Verdict())
    assert scanned(infected).state == ScanState.CLEAN
    assert services.can_be_opened(infected)


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"stream: UNKNOWN COMMAND\0", b"stream: x ERROR\0", b"OK\0"])
def test_only_the_exact_answer_counts_as_clean(answer, municipality, settings, tmp_path):
    """``stream: OK`` is exact, so it alone is clean, with or without the closing byte."""
    file = receive_file(municipality=municipality, upload=text(b"Hej."))
    with Answering(tmp_path / "socket", answer) as address:
        settings.CLAMD = address
        scanned(file)
    assert file.state == (ScanState.CLEAN if answer == b"stream: OK" else ScanState.WAITING)


class Answering:
    """A daemon that answers every question with the same bytes."""

    def __init__(self, path, answer: bytes) -> None:
        self.path, self.answer = path, answer
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()

    def __enter__(self) -> str:
        threading.Thread(target=self._answer, daemon=True).start()
        return f"unix:{self.path}"

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _answer(self) -> None:
        connection, _address = self.listener.accept()
        with connection:
            heard = b""
            while not heard.endswith(struct.pack("!L", 0)) and (more := connection.recv(4096)):
                heard += more
            connection.sendall(self.answer)


@pytest.mark.parametrize("address", ["nonsense", "tcp://nowhere", "tcp://127.0.0.1:1", "unix:/nowhere"])
def test_an_address_where_nobody_answers_is_a_scanner_that_is_down(address, settings):
    settings.CLAMD = address
    with pytest.raises(client.ScannerDown):
        client.scan(io.BytesIO(b"Hej."))


def test_a_file_that_the_scanner_can_not_look_at_waits_and_lets_others_before(municipality, scanner, monkeypatch):
    first = receive_file(municipality=municipality, upload=text(b"ett"))
    real = client.scan

    def refuse_first(content):
        said = content.read()
        if said == b"ett":
            raise client.ScanFailed("size limit")
        return real(io.BytesIO(said))

    monkeypatch.setattr(client, "scan", refuse_first)
    scan_waiting()
    second = receive_file(municipality=municipality, upload=text(b"andra"))
    assert scan_waiting(limit=1) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (ScanState.WAITING, ScanState.CLEAN)


# --- Without a scanner --------------------------------------------------------------------


def test_without_a_scanner_files_wait(municipality, settings):
    settings.CLAMD = ""
    file = receive_file(municipality=municipality, upload=text(b"Hej."))
    assert scanned(file).state == ScanState.WAITING
    assert scan_waiting() == 0
    assert not services.can_be_opened(file)
    assert check_scanner(None) == [NO_SCANNER]


def test_turned_off_by_name_files_are_opened_unscanned_and_scanned_later(infected, settings, scanner):
    address = settings.CLAMD
    settings.CLAMD = "off"
    assert scanned(infected).state == ScanState.WAITING
    assert services.can_be_opened(infected)
    assert check_scanner(None) == [SCANNER_OFF]

    settings.CLAMD = address
    scan_waiting()
    infected.refresh_from_db()
    assert infected.state == ScanState.INFECTED
    assert check_scanner(None) == []


def test_a_limit_above_what_an_upload_keeps_is_said_at_start(settings):
    assert check_limits(None) == []
    settings.LARGEST_FILE = 21 * 1024 * 1024
    assert check_limits(None) == [TOO_LARGE]


# --- Stored -------------------------------------------------------------------------------


def test_the_stored_key_says_nothing_of_the_name(municipality):
    file = receive_file(municipality=municipality, upload=text(b"Hej.", "../../anna-hotar-bo.txt"))
    assert file.file == f"attachments/{timezone.now():%Y-%m}/{file.public_id}"


def test_removing_leaves_a_row_without_name_or_bytes(municipality, django_capture_on_commit_callbacks):
    file = receive_file(municipality=municipality, upload=text(b"Hej.", "anna-hotar-bo.txt"))
    key = file.file
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(file)
        remove_file(file)
    file.refresh_from_db()
    assert (file.state, file.name, file.digest, file.file) == (ScanState.REMOVED, "", "", "")
    assert not default_storage.exists(key)
    # A scan that was under way changes nothing.
    assert scanned(file).state == ScanState.REMOVED


@pytest.fixture
def an_hour_later(monkeypatch):
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(storing.timezone, "now", lambda: later)


def test_bytes_without_a_row_are_swept_and_others_are_not(municipality, an_hour_later):
    kept = receive_file(municipality=municipality, upload=text(b"Hej."))
    orphan = storing.write(services.new_public_id(), timezone.now(), b"cut off")
    # Of a row that has let go of its bytes.
    let_go = receive_file(municipality=municipality, upload=text(b"Hej igen."))
    Attachment.objects.filter(pk=let_go.pk).update(file="")
    assert sweep_files() >= 2
    assert default_storage.exists(kept.file)
    assert not default_storage.exists(orphan)
    assert not default_storage.exists(let_go.file)


def test_bytes_whose_row_may_still_come_are_not_swept(municipality):
    orphan = storing.write(services.new_public_id(), timezone.now(), b"on its way")
    sweep_files()
    assert default_storage.exists(orphan)
    storing.delete(orphan)


# --- A real worker ------------------------------------------------------------------------


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_scans_what_was_sent(municipality, scanner, tmp_path):
    if not portal_settings.REDIS_URL:
        pytest.skip("the worker tests need Redis")
    worker = start_worker(tmp_path / "worker.log", CLAMD=scanner.url())
    try:
        harmless = receive_file(municipality=municipality, upload=text(b"Hej."))
        infected = receive_file(municipality=municipality, upload=text(EICAR))
        key = infected.file
        wait_until(lambda: not Attachment.objects.filter(state=ScanState.WAITING).exists(), what="the scan")
        wait_until(lambda: not default_storage.exists(key), what="the infected bytes to go")
    finally:
        worker.stop()
    harmless.refresh_from_db()
    assert harmless.state == ScanState.CLEAN
    # Neither names nor content in the log.
    assert "EICAR" not in worker.output()
    assert "brev.txt" not in worker.output()
