"""Why a file is not taken, or not opened; each says in plain words what would do instead."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class FileRefused(Exception):
    """The file is not taken; ``message`` may be shown to whoever sent it."""

    message: str | Promise = _(
        "This kind of file can't be taken. Send a picture (JPEG, PNG, WebP or GIF), a PDF, plain text, or a document "
        "from Word, Excel, PowerPoint or LibreOffice."
    )

    def __init__(self, message: str | Promise | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class EmptyFile(FileRefused):
    """Nothing is in it."""

    message = _("The file is empty. Choose another one.")


class TooLarge(FileRefused):
    """It has more bytes than are taken."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            format_lazy(
                _("The file is larger than {limit} MB. Send a smaller one, or a picture with lower quality."),
                limit=megabytes,
            )
        )


class ActiveContent(FileRefused):
    """It could run something in the reader's browser: HTML, SVG."""

    message = _("Web pages and drawings in SVG can't be taken, since they can carry programs. Send a picture or a PDF.")


class PhonePicture(FileRefused):
    """A format of phones that can't be drawn anew here."""

    message = _("The picture is in the phone's own format (HEIC or AVIF). Save it as JPEG, or send a screenshot of it.")


class SoundOrFilm(FileRefused):
    """Recordings are not taken."""

    message = _("Film and sound can't be taken here. Write that you have a recording, and keep it.")


class BrokenPicture(FileRefused):
    """The picture can't be read to its end."""

    message = _("The picture can't be read. It may have been cut off on its way. Send it again, or a screenshot of it.")


class TooManyPixels(FileRefused):
    """The picture is larger than any camera's here, or made to fill the memory."""

    message = _("The picture has too many pixels. Send it in a smaller size.")


class BrokenDocument(FileRefused):
    """The document's list of contents can't be read."""

    message = _("The document can't be read. Open it, save it again, and send that one; or send it as a PDF.")


class PackedTooHard(FileRefused):
    """The document would unpack to many times its size."""

    message = _("The document would unpack to far more than its size, and can't be taken. Send it as a PDF.")


class HasMacros(FileRefused):
    """The document carries programs."""

    message = _("The document contains macros, which are programs. Save it without macros, or send it as a PDF.")


class NotOpened(Exception):
    """The file is not handed out: it waits for the scanner, or it is gone."""
