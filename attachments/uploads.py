"""How uploads are read from the line: never more kept, in memory or on disk, than any form takes."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# The largest file of any form: the one of an import of people.
MOST_KEPT = 20 * 1024 * 1024


class CountingUploadHandler(FileUploadHandler):
    """Counts what comes, and drops it once there is more than any form takes.

    Such a file reaches the form with its true size and no content, so that the form can say that it is too large.
    """

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to count anew."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.counted = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass the chunk on to the handlers that keep it, or drop it."""
        self.counted += len(raw_data)
        return raw_data if self.counted <= MOST_KEPT else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Leave the file to those who kept it, unless it was dropped."""
        if self.counted <= MOST_KEPT:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self.counted)
