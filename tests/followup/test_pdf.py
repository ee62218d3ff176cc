"""The one ``render_pdf``: reaches the project's static files only, tagged, and the same bytes each time."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import page
import pikepdf
import pytest

from safety_portal import pdf
from safety_portal.pdf import ORIGIN, PICTURES, RefusedAddress, fetch_static, html_to_pdf, picture_address
from tests.factories.attachments import picture

WORD = b"a word that stands only in the private file"


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that it was asked for."""
    paths: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(WORD)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Note)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    thread.join()


@pytest.fixture
def private(tmp_path: Path) -> Path:
    file = tmp_path / "private.txt"
    file.write_bytes(WORD)
    return file


def hostile(url: str, file: str) -> str:
    """A document that asks for everything that a document can ask for."""
    return f"""<!DOCTYPE html><html lang="sv"><head><title>x</title>
    <link rel="stylesheet" href="{url}/link.css"><link rel="attachment" href="{url}/attachment">
    <link rel="attachment" href="{file}"><style>@import url("{url}/import.css"); @import "{file}";
    @font-face {{ font-family: F; src: url("{url}/font.woff2") }} p {{ font-family: F; background: url({url}/bg.png);
    list-style-image: url({url}/list.png) }} p::before {{ content: url({url}/content.png) }}</style></head>
    <body><p>x</p>
    <img src="{url}/img.png" alt="x"><img src="{file}" alt="x"><object data="{url}/object.svg">x</object>
    <embed src="{url}/embed.svg"><iframe src="{url}/frame"></iframe><a rel="attachment" href="{file}">x</a>
    <svg viewBox="0 0 9 9"><title>x</title><image href="{url}/svg.png" width="9" height="9"/>
    <use href="{url}/use.svg#a"/><style>@import url("{url}/svg.css");</style></svg></body></html>"""


def attachments(content: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return [file.get_file().read_bytes() for file in opened.attachments.values()]


def test_nothing_outside_the_static_files_is_asked_for(asked: tuple[str, list[str]], private: Path) -> None:
    url, paths = asked
    content = html_to_pdf(hostile(url, private.as_uri()))
    assert paths == []
    assert attachments(content) == []


def test_control_the_fetcher_of_the_library_follows_everything(
    asked: tuple[str, list[str]], private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weasyprint.urls import URLFetcher

    monkeypatch.setattr(pdf, "static_fetcher", URLFetcher)
    url, paths = asked
    content = html_to_pdf(hostile(url, private.as_uri()))
    assert {"/link.css", "/import.css", "/img.png", "/attachment"} <= set(paths)
    assert WORD in attachments(content)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/static/print.css",
        "https://portal.invalid.example.se/static/print.css",
        "data:text/css,p{color:red}",
        "ftp://portal.invalid/static/print.css",
        f"{ORIGIN}/media/reports/1.pdf",
        f"{ORIGIN}/static/../settings.py",
        f"{ORIGIN}/static/../../../../etc/passwd.css",
        f"{ORIGIN}/static/%2e%2e/%2e%2e/manage.css",
        f"{ORIGIN}/static/nothing-here.css",
        f"{ORIGIN}/static/portal.js",
        f"{PICTURES}1.jpg",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(RefusedAddress):
        fetch_static(address)


def test_the_print_sheet_and_its_fonts_are_answered() -> None:
    assert b"@page" in fetch_static(f"{ORIGIN}/static/print.css").read()
    assert fetch_static(f"{ORIGIN}/static/fonts/source-sans-3-latin-400-normal.woff2").read().startswith(b"wOF2")


PAPER = """<!DOCTYPE html><html lang="sv"><head><title>Prov</title><link rel="stylesheet" href="/static/print.css">
</head><body data-foot="Fot" data-demo=""><h1>Prov</h1><p>Text</p><dl class="facts"><div><dt>Till</dt><dd>Styrelsen</dd>
</div></dl><svg viewBox="0 0 9 9"><title>En bild</title><rect width="9" height="9"/></svg>%s</body></html>"""


def test_the_same_content_gives_the_same_bytes() -> None:
    assert html_to_pdf(PAPER % "") == html_to_pdf(PAPER % "")
    assert html_to_pdf(PAPER % "") != html_to_pdf(PAPER % "<p>Mer</p>")


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_file_conforms_to_both_standards(profile: str) -> None:
    report = page.validate_pdf_bytes(html_to_pdf(PAPER % ""), profile=profile)
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_control_the_library_alone_declares_one_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_finish", lambda *_args: None)
    report = page.validate_pdf_bytes(html_to_pdf(PAPER % ""), profile="ua1")
    assert not report.is_compliant


def test_no_file_ends_its_data_ambiguously() -> None:
    """About one in twenty files would: the compressed data of some stream ends with a carriage return."""
    for number in range(40):
        assert pdf.AMBIGUOUS_END not in html_to_pdf(f"<html lang=sv><title>x</title><p>{number}</p></html>")


# --- Pictures that come along ---------------------------------------------------------------


DRAWN = """<section><h2>Bild</h2><figure class="picture"><img src="%s" alt="Bild 1"><figcaption>Bild 1</figcaption>
</figure></section>"""
FOUR = {
    "1.jpg": picture(),
    "2.png": picture("PNG", mode="RGBA"),
    "3.png": picture("PNG"),
    "4.jpg": picture(mode="L"),
}


def with_pictures(pictures: dict[str, bytes]) -> bytes:
    return html_to_pdf(PAPER % "".join(DRAWN % picture_address(name) for name in FOUR), pictures)


def drawn(content: bytes) -> int:
    """How many pictures are in the file, without the masks of those with clear parts."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        images = [entry for entry in opened.objects if getattr(entry, "Subtype", None) == "/Image"]
        masks = [entry.SMask.objgen for entry in images if "/SMask" in entry]
        return len(images) - len(masks)


def test_pictures_that_come_along_are_drawn_and_no_others() -> None:
    assert drawn(with_pictures(FOUR)) == 4
    assert drawn(with_pictures({"2.png": FOUR["2.png"]})) == 1
    assert drawn(with_pictures({})) == 0


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_file_with_pictures_conforms_to_both_standards(profile: str) -> None:
    report = page.validate_pdf_bytes(with_pictures(FOUR), profile=profile)
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_control_a_picture_without_words_does_not() -> None:
    content = html_to_pdf(PAPER % (DRAWN % picture_address("1.jpg")).replace('alt="Bild 1"', ""), FOUR)
    assert not page.validate_pdf_bytes(content, profile="ua1").is_compliant
