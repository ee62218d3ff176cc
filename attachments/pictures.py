"""Pictures are drawn anew from their pixels, and nothing else of the file is kept; the only module that knows Pillow.

So place, time, device, comments, previews and whatever hid behind the picture are gone (GDPR article 5: no more than
is needed), and a file that is a picture and something else as well is only a picture afterwards.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile, ImageOps

from attachments.errors import BrokenPicture, FileRefused, TooManyPixels

JPEG, PNG = "image/jpeg", "image/png"
_FORMATS = {JPEG: "JPEG", PNG: "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
# Above what phones take; a picture that is drawn holds up to four bytes for each.
MOST_PIXELS = 64_000_000
# What is kept of the longer side: enough to read a number plate, and little enough for a phone's line.
LONGEST_SIDE = 4096
QUALITY = 88


def redraw(content: bytes, media_type: str, *, largest: int) -> tuple[bytes, str]:
    """Return the picture drawn anew, and its new media type: JPEG or PNG.

    ``media_type`` is the detected one. Of an animation the first frame is kept. A PNG that would exceed ``largest``
    bytes becomes a JPEG. Raises ``TooManyPixels`` before anything is unpacked, ``BrokenPicture``.
    """
    try:
        with _whole_pictures():
            return _redraw(content, media_type, largest)
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:
        # A broken picture makes the decoders raise whatever comes; each of them means that it can't be read.
        raise BrokenPicture from error


@contextmanager
def _whole_pictures() -> Iterator[None]:
    """Refuse pictures that were cut off, as Pillow does by itself.

    WeasyPrint, once loaded, has it take them, in the whole process.
    """
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _redraw(content: bytes, media_type: str, largest: int) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            raise TooManyPixels
        # Reads the pixels; a JPEG is made smaller while it is read, which spares the memory.
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        opened.load()
        turned = ImageOps.exif_transpose(opened)
        clear = "A" in turned.getbands() or "transparency" in turned.info
        pixels = _only_pixels(turned, "RGBA" if clear else "L" if turned.mode in ("1", "L") else "RGB")
    if media_type == JPEG or (media_type == "image/webp" and not clear):
        return _saved(pixels.convert("L" if pixels.mode == "L" else "RGB"), "JPEG"), JPEG
    drawn = _saved(pixels, "PNG")
    return (drawn, PNG) if len(drawn) <= largest else (_saved(_on_white(pixels), "JPEG"), JPEG)


def _only_pixels(picture: Image.Image, mode: str) -> Image.Image:
    """Return the pixels in a picture that has never heard of the file's other parts."""
    source = picture.convert(mode)
    fresh = Image.new(mode, source.size)
    fresh.paste(source)
    return fresh


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _saved(picture: Image.Image, kind: str) -> bytes:
    drawn = io.BytesIO()
    picture.save(drawn, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return drawn.getvalue()
