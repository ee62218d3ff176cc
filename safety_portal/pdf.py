"""The one place where a PDF is made: template → HTML → tagged A4, PDF/A-3a and PDF/UA-1 in one file.

WeasyPrint's own fetcher follows every address it meets, also to this machine's files and services.
Ours answers the project's static files, the pictures that came along with the document, and nothing else.
"""

import hashlib
import io
import mimetypes
from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation

# Never asked for: an address that can't exist, so that relative links have something to join.
ORIGIN = "https://portal.invalid"
STATIC_TYPES = frozenset({".css", ".woff2", ".svg", ".png"})
PICTURES = f"{ORIGIN}/pictures/"

# By its plain name: a paper needs no cache busting, and must not depend on whether files were collected.
PRINT_SHEET = f"{ORIGIN}/{settings.STATIC_URL.strip('/')}/print.css"

# Compressed data that happens to end with a carriage return can't be told from a line end: PDF/A refuses it.
AMBIGUOUS_END = b"\r\nendstream"
MOST_PADDING = 5

# WeasyPrint declares one standard per file. The file keeps both, so the second is declared here, with the
# description of its schema that PDF/A asks for.
UA_DECLARATION = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


class RefusedAddress(ValueError):
    """A document asked for something other than the project's own static files and its own pictures."""


def picture_address(name: str) -> str:
    """Return the address by which a template draws the picture that comes along under ``name``."""
    return f"{PICTURES}{name}"


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    lang: str,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the PDF of ``template`` with ``context``, its texts and hyphens in the language ``lang``.

    ``title`` becomes the document's title. ``pictures`` are name → bytes of the JPEG or PNG pictures that the template
    draws by ``picture_address(name)``; a name with the digest of its bytes keeps the promise that follows. The same
    content gives the same bytes: no clock is read, and the file's identifier is the digest of what was rendered.
    """
    with translation.override(lang):
        html = render_to_string(template, {**context, "title": title, "lang": lang, "print_sheet": PRINT_SHEET})
    return html_to_pdf(html, pictures)


def html_to_pdf(html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return the PDF of a whole HTML document; it reaches the project's static files and its ``pictures`` only."""
    # Its import costs more than a second, which a web process that makes no PDF need not spend.
    from weasyprint import HTML

    options = {"pdf_variant": "pdf/a-3a", "pdf_identifier": hashlib.sha256(html.encode()).hexdigest()[:32].encode()}
    document = HTML(string=html, base_url=f"{ORIGIN}/", url_fetcher=static_fetcher(pictures=pictures)).render(**options)
    for padding in range(MOST_PADDING):
        content: bytes = document.write_pdf(finisher=partial(_finish, padding), **options)
        if AMBIGUOUS_END not in content:
            break
    return content


def count_pages(content: bytes) -> int:
    """Return the number of pages of a PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def static_fetcher(*, pictures: Mapping[str, bytes] | None = None) -> Any:
    """Return the fetcher that WeasyPrint asks for every address it meets."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    held = {picture_address(name): content for name, content in (pictures or {}).items()}

    class StaticFetcher(URLFetcher):
        """Opens no connection and no file of its own: what is not held here is asked of ``fetch_static``."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in held:
                return URLFetcherResponse(url, held[url], {"Content-Type": mimetypes.guess_type(url)[0]})
            return fetch_static(url)

    return StaticFetcher()


def fetch_static(url: str) -> Any:
    """Answer WeasyPrint with one of the project's static files; raise ``RefusedAddress`` for all else."""
    from weasyprint.urls import URLFetcherResponse

    name = _static_name(url)
    kind = mimetypes.guess_type(name)[0] or "font/woff2"
    return URLFetcherResponse(url, _read_static(name), {"Content-Type": kind})


def _static_name(url: str) -> str:
    parts = urlsplit(url)
    path = unquote(parts.path)
    own = f"{parts.scheme}://{parts.netloc}" == ORIGIN and path.startswith(settings.STATIC_URL)
    if not own or PurePosixPath(path).suffix not in STATIC_TYPES:
        raise RefusedAddress(f"not a static file of the project: {parts.scheme}")
    return path.removeprefix(settings.STATIC_URL)


def _read_static(name: str) -> bytes:
    """Read from where ``collectstatic`` put the file, else from its source, as development has it."""
    try:
        if staticfiles_storage.exists(name):
            with staticfiles_storage.open(name) as file:
                collected: bytes = file.read()
                return collected
        found = finders.find(name)
    except SuspiciousFileOperation as error:
        raise RefusedAddress("outside the static files") from error
    if not found:
        raise RefusedAddress("no such static file")
    with open(str(found), "rb") as file:
        return file.read()


def _finish(padding: int, _document: Any, pdf: Any) -> None:
    """Make what WeasyPrint wrote conform to PDF/A and PDF/UA, just before it is closed.

    ``padding`` empty objects change the tables that are written after this.
    """
    for entry in pdf.objects:
        if isinstance(entry, dict) and entry.get("S") == "/L":
            _open_groups(entry, pdf)
        elif getattr(entry, "extra", {}).get("Type") == "/Metadata":
            # Uncompressed, for those who look for the declaration.
            entry.stream = [part.replace(b"</rdf:RDF>", UA_DECLARATION) for part in entry.stream]
            entry.compress = False
        elif hasattr(entry, "compress"):
            if "Interpolate" in entry.extra:
                # PDF/A wants pictures as they are, not smoothed by whoever shows them.
                entry.extra["Interpolate"] = "false"
            _end_clearly(entry)
    for _place in range(padding):
        pdf.add_object(type(pdf.catalog)({}))


def _end_clearly(stream: Any) -> None:
    """Add line ends to the data, which mean nothing there, until its compressed form ends with another byte."""
    while stream.data.endswith(AMBIGUOUS_END):
        stream.stream.append(b"")
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1


def _open_groups(structure: Any, pdf: Any) -> None:
    """Put list items straight below their list: HTML allows a div round dt and dd, PDF/UA does not."""
    items = []
    for reference in structure["K"]:
        child = _object(reference, pdf)
        if isinstance(child, dict) and child.get("S") == "/Div":
            for item in child["K"]:
                _object(item, pdf)["P"] = structure.reference
            items.extend(child["K"])
        else:
            items.append(reference)
    structure["K"][:] = items


def _object(reference: Any, pdf: Any) -> Any:
    """Return the object that ``b"12 0 R"`` points to."""
    return pdf.objects[int(reference.split()[0])] if isinstance(reference, bytes) else None
