"""Files that are handed out with a copy: pictures are drawn in it, other files go along beside it, as they came."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from attachments.models import Attachment
from attachments.services import NotOpened, can_be_opened, open_file
from incidents.models import CaseAttachment
from incidents.zip_parts import open_part

# Bytes of a picture that is drawn; larger ones go along. A PNG is packed anew, some seconds for each megabyte, and
# whoever fetches the copy waits for it.
LARGEST_DRAWN: Mapping[str, int] = {"image/jpeg": 5 * 1024 * 1024, "image/png": 1024 * 1024}


def hindrance_of(attachment: Attachment) -> str:
    """Return why the file can't be handed out: what nobody can open here goes to nobody else; empty when it can."""
    return "" if can_be_opened(attachment) else str(attachment.get_state_display())


@dataclass(frozen=True)
class HandedOut:
    """One file that is handed out: its row in the case, and its number among those handed out in the same way."""

    tie: CaseAttachment
    number: int

    @property
    def is_drawn(self) -> bool:
        """Tell whether it is a picture that the copy draws."""
        return _is_drawn(self.tie.attachment)

    @property
    def how(self) -> str:
        """How it is handed out, in words for the copy."""
        if self.is_drawn:
            return _("Drawn at the end, as picture %(number)s.") % {"number": self.number}
        return _("Handed out along with this copy, as the file “%(name)s”.") % {"name": self.name}

    @property
    def name(self) -> str:
        """Its name among the files that go along, where two may be called the same."""
        return f"{self.number} {self.tie.attachment.name}"


def handed_out(ties: Iterable[CaseAttachment]) -> list[HandedOut]:
    """Number the files ``ties``: pictures among pictures, files that go along among those."""
    numbers = {True: 0, False: 0}
    found = []
    for tie in ties:
        drawn = _is_drawn(tie.attachment)
        numbers[drawn] += 1
        found.append(HandedOut(tie, numbers[drawn]))
    return found


def _is_drawn(attachment: Attachment) -> bool:
    return attachment.size <= LARGEST_DRAWN.get(attachment.content_type, -1)


def kept_for_paper(files: Iterable[HandedOut], moment: Any) -> dict[str, list[dict[str, Any]]]:
    """Return what the decision keeps of the files until the copy is made; ``moment`` tells a time in words."""
    pictures, along = [], []
    for file in files:
        attachment = file.tie.attachment
        if not file.is_drawn:
            along.append({"id": attachment.pk, "name": file.name})
            continue
        words = {"number": file.number, "name": attachment.name, "when": moment(file.tie.at)}
        title = _("Picture %(number)s: %(name)s") % words
        alt = _("Picture %(number)s, %(name)s, added to the case %(when)s. What it shows is not described in words.")
        drawn = f"{attachment.digest}.{attachment.content_type.removeprefix('image/')}"
        pictures.append({"id": attachment.pk, "title": title, "alt": alt % words, "drawn": drawn})
    return {"pictures": pictures, "along": along}


def pictures_of(pictures: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return name → bytes of the pictures that a decision kept for its copy; raises ``NotOpened``."""
    drawn = {}
    for picture in pictures:
        with _opened(picture["id"]) as content:
            drawn[picture["drawn"]] = content.read()
    return drawn


@contextmanager
def package_of(copy: bytes, name: str, along: Iterable[Mapping[str, Any]]) -> Iterator[IO[bytes]]:
    """Write a ZIP file of the copy, as ``name``, and of the files that go along, and hand it out to be read.

    Gone afterwards. Raises ``NotOpened``.
    """
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            with open_part(package, name) as part:
                part.write(copy)
            for one in along:
                with _opened(one["id"]) as content, open_part(package, one["name"]) as part:
                    shutil.copyfileobj(content, part)
        file.seek(0)
        yield file


def _opened(attachment_id: int) -> IO[bytes]:
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    # It could be handed out when that was decided; looked at again, since it may be gone by now.
    if attachment is None or hindrance_of(attachment):
        raise NotOpened
    return open_file(attachment)
