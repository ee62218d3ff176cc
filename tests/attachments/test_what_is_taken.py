"""What a file is, is told by its content; whatever could run or flood is refused in words that help."""

import io
import struct
import zipfile

import pytest
from django.core.files.base import File
from django.utils.translation import override

from attachments import content, errors, office
from attachments.services import check_upload
from attachments.uploads import MOST_KEPT, CountingUploadHandler
from tests.factories.attachments import document, opendocument, picture, upload

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("sent", "kind", "name"),
    [
        (picture(), "image/jpeg", "bild.jpg"),
        (picture("PNG"), "image/png", "bild.png"),
        (picture("GIF"), "image/png", "bild.png"),
        (picture("WEBP"), "image/jpeg", "bild.jpg"),
        (PDF, "application/pdf", "bild.pdf"),
        (b"Han skrev: jag vet var du bor.\n", "text/plain", "bild.txt"),
        (document(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "bild.docx"),
        (document("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "bild.xlsx"),
        (opendocument(), "application/vnd.oasis.opendocument.text", "bild.odt"),
        (opendocument("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", "bild.ods"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_what_its_content_says(sent, kind, name):
    checked = check_upload(upload(sent, "bild.exe", "application/x-msdownload"))
    assert (checked.content_type, checked.name) == (kind, name)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (SVG, errors.ActiveContent),
        (b"\xef\xbb\xbf\n<!-- hej --> " + SVG, errors.ActiveContent),
        (b'<?xml version="1.0"?>' + SVG, errors.ActiveContent),
        ("<html><script>alert(1)</script>".encode("utf-16"), errors.ActiveContent),
        (HTML, errors.ActiveContent),
        (b"MZ" + bytes(200), errors.FileRefused),
        (b"\x7fELF" + bytes(200), errors.FileRefused),
        (b"#!/bin/sh\nrm -rf /\n", errors.FileRefused),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(60), errors.PhonePicture),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(60), errors.SoundOrFilm),
        (b"", errors.EmptyFile),
    ],
)
def test_what_could_run_is_refused_whatever_it_is_called(sent, why):
    """SVG with a script, HTML called .jpg, programs, and what can't be drawn anew."""
    with pytest.raises(errors.FileRefused) as refused:
        check_upload(upload(sent, "semester.jpg", "image/jpeg"))
    assert type(refused.value) is why
    assert str(refused.value)


def test_control_html_called_jpg_would_be_kept_if_the_declared_type_were_believed(monkeypatch):
    monkeypatch.setattr("attachments.services.type_of", lambda _content: "text/plain")
    assert check_upload(upload(HTML, "semester.jpg")).content == HTML


# --- Size ---------------------------------------------------------------------------------


class Endless(File):
    """Says a size, and gives zero bytes without ever holding them."""

    def __init__(self, size: int, said: int) -> None:
        super().__init__(None, "stor.pdf")
        self.left, self.said, self.given = size, said, 0

    @property
    def size(self) -> int:
        return self.said

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """It stands at its beginning."""
        return 0

    def read(self, size: int = -1, /) -> bytes:
        given = min(self.left, size if size >= 0 else self.left)
        self.left, self.given = self.left - given, self.given + given
        return bytes(given)


HUNDRED_MB = 100 * 1024 * 1024


def test_a_hundred_megabytes_are_refused_before_a_byte_is_read():
    sent = Endless(HUNDRED_MB, said=HUNDRED_MB)
    with pytest.raises(errors.TooLarge, match="10 MB"):
        check_upload(sent)
    assert sent.given == 0


def test_a_file_that_lies_about_its_size_is_read_no_further_than_the_limit(settings):
    sent = Endless(HUNDRED_MB, said=1000)
    with pytest.raises(errors.TooLarge):
        check_upload(sent)
    assert sent.given == settings.LARGEST_FILE + 1


def test_the_server_keeps_no_more_of_an_upload_than_any_form_takes():
    handler = CountingUploadHandler()
    handler.new_file("upload", "stor.pdf", "application/pdf", None)
    chunk, kept = bytes(64 * 1024), 0
    for start in range(0, HUNDRED_MB, len(chunk)):
        kept += len(handler.receive_data_chunk(chunk, start) or b"")
    file = handler.file_complete(HUNDRED_MB)
    assert kept == MOST_KEPT
    assert (file.size, file.read()) == (HUNDRED_MB, b"")


def test_a_file_below_the_limit_is_left_to_those_who_keep_it():
    handler = CountingUploadHandler()
    handler.new_file("upload", "liten.pdf", "application/pdf", 3)
    assert handler.receive_data_chunk(b"abc", 0) == b"abc"
    assert handler.file_complete(3) is None


def test_a_file_that_a_form_has_looked_at_is_read_from_its_beginning():
    sent = upload()
    assert check_upload(sent) == check_upload(sent)


# --- Documents ----------------------------------------------------------------------------


def bomb() -> bytes:
    """A small document that would unpack to sixty megabytes."""
    return document(parts={"word/media.xml": bytes(60 * 1024 * 1024)})


def overlapping() -> bytes:
    """A document whose list names the same packed bytes a hundred times."""
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w") as archive:
        archive.writestr("word/document.xml", b"x" * 10_000)
        part = archive.infolist()[0]
        for number in range(100):
            again = zipfile.ZipInfo(f"word/{number}.xml")
            again.header_offset, again.file_size = part.header_offset, part.file_size
            again.compress_size, again.CRC = part.compress_size, part.CRC
            archive.filelist.append(again)
        archive.writestr("last.xml", "")
    return sent.getvalue()


def long_list() -> bytes:
    """A document whose list of contents says that it is a gigabyte long."""
    sent = bytearray(document())
    struct.pack_into("<L", sent, sent.rfind(b"PK\x05\x06") + 12, 1 << 30)
    return bytes(sent)


@pytest.mark.parametrize("made", [bomb, overlapping, long_list])
def test_a_zip_bomb_is_refused_without_being_unpacked(made, monkeypatch):
    sent = upload(made(), "brev.docx")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(errors.PackedTooHard):
        check_upload(sent)


def test_control_the_bomb_would_be_kept_if_the_ratio_were_not_looked_at(monkeypatch):
    sent = bomb()
    monkeypatch.setattr(office, "_refuse_bombs", lambda *_: None)
    assert check_upload(upload(sent, "brev.docx")).content == sent


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (document(parts={"word/vbaProject.bin": b"Sub AutoOpen"}), errors.HasMacros),
        (opendocument("text", "Basic/Standard/Module1.xml"), errors.HasMacros),
        (opendocument("formula"), errors.FileRefused),
        (document("META-INF/MANIFEST.MF"), errors.FileRefused),
        (document()[:-30], errors.BrokenDocument),
        (b"PK\x03\x04" + bytes(100), errors.BrokenDocument),
    ],
)
def test_other_zip_files_and_macros_are_refused(sent, why):
    with pytest.raises(errors.FileRefused) as refused:
        check_upload(upload(sent, "brev.docx"))
    assert type(refused.value) is why


# --- Names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\system32.dll", "system32.jpg"),
        ("C:\\Users\\mig\\bild.jpeg", "bild.jpg"),
        ("bild\r\nSet-Cookie: x=1.jpg", "bildSet-Cookie_ x=1.jpg"),
        ("bild\u202egpj.exe", "bildgpj.jpg"),
        ("\u200b\u2066 .. ", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("", "file.jpg"),
        ("Möte 3.4 på Åsgatan.pdf", "Möte 3.4 på Åsgatan.jpg"),
        ("å" * 300 + ".jpg", "å" * 100 + ".jpg"),
        ('"><script>.jpg', "___script_.jpg"),
    ],
)
def test_a_name_is_a_name_and_no_path(given, kept):
    sent = upload()
    # Django's own upload class would take the path away; the service does not rely on it.
    sent._name = given
    with override("en"):
        assert check_upload(sent).name == kept


def test_every_kind_that_is_taken_has_an_ending():
    assert content.PICTURES.isdisjoint(content.KEPT)
    assert all(content.ENDINGS.values())
