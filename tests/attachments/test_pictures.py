"""Pictures are drawn anew: nothing but pixels is left, turned the right way, never too many."""

import io
import struct
import warnings
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from attachments import errors, pictures
from attachments.services import check_upload
from tests.factories.attachments import picture, upload

CANARY = b"kanariefagel-i-bilden"
GPS, LATITUDE, LONGITUDE = 0x8825, 2, 4


def with_place(turned: int = 1) -> bytes:
    """A JPEG as a phone takes it: place, device, time, profile, comment, XMP."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = CANARY.decode()
    exif[GPS] = {1: "N", LATITUDE: (59.0, 11.0, 44.0), 3: "E", LONGITUDE: (17.0, 37.0, 30.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(
        exif=exif,
        icc_profile=profile,
        comment=CANARY,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>",
        dpi=(72, 72),
    )


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_no_place_device_or_comment_is_left():
    sent = with_place()
    assert CANARY in sent
    assert seen(sent).getexif().get_ifd(GPS)[LATITUDE]

    kept = check_upload(upload(sent)).content
    opened = seen(kept)
    assert CANARY not in kept
    assert not opened.getexif()
    assert opened.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_control_kept_as_it_came_the_place_would_be_there(monkeypatch):
    monkeypatch.setattr("attachments.services.PICTURES", frozenset())
    kept = check_upload(upload(with_place())).content
    assert seen(kept).getexif().get_ifd(GPS)[LATITUDE] == (59.0, 11.0, 44.0)


def test_no_text_is_left_in_a_png():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", CANARY.decode())
    told.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    sent = picture("PNG", pnginfo=told)
    assert CANARY in sent
    assert CANARY not in check_upload(upload(sent)).content


def test_a_picture_stands_the_right_way_when_it_no_longer_says_how_it_was_held():
    """Held upright (6): the dark half of the file, its left one, is seen at the top."""
    drawn = seen(check_upload(upload(with_place(turned=6))).content).convert("L")
    assert drawn.size == (30, 40)
    assert drawn.getpixel((15, 2)) < 60 < 200 < drawn.getpixel((15, 37))


@pytest.mark.parametrize(
    "sent",
    [
        picture() + b"<html><script>alert(1)</script></html>",
        picture(comment=b"*/=1;alert(1)//"),
        # A GIF that is a program in JavaScript as well.
        b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)//",
        picture("PNG") + b"PK\x03\x04<script>alert(1)</script>",
    ],
    ids=["JPEG and HTML", "JPEG and script", "GIF and script", "PNG and zip"],
)
def test_what_is_a_picture_and_something_else_is_only_a_picture(sent):
    assert b"alert(1)" in sent
    try:
        kept = check_upload(upload(sent))
    except errors.BrokenPicture:
        return
    assert b"alert(1)" not in kept.content
    assert kept.content_type in pictures._FORMATS


def test_control_a_polyglot_would_be_kept_if_it_were_not_drawn_anew(monkeypatch):
    monkeypatch.setattr("attachments.services.redraw", lambda content, kind, **_: (content, kind))
    assert b"alert(1)" in check_upload(upload(picture() + b"<script>alert(1)</script>")).content


def flood(side: int) -> bytes:
    """A PNG of some kilobytes that says it has ``side``² pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack("!L", len(content)) + name + content + struct.pack("!L", zlib.crc32(name + content))

    head = struct.pack("!LLBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8_001, 20_000, 60_000])
def test_a_flood_of_pixels_is_refused_before_one_is_drawn(side, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("drawn"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with pytest.raises(errors.TooManyPixels):
            check_upload(upload(flood(side), "bild.png"))


def test_control_without_the_limit_it_would_be_drawn(monkeypatch):
    drawn = []
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10**12)
    monkeypatch.setattr(Image.Image, "thumbnail", lambda self, *_, **__: drawn.append(self.size))
    with pytest.raises(errors.BrokenPicture):
        check_upload(upload(flood(8_001), "bild.png"))
    assert drawn == [(8_001, 8_001)]


@pytest.mark.parametrize("lenient", [False, True], ids=["alone", "beside WeasyPrint"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_that_was_cut_off_is_refused(kind, lenient, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    sent = picture(kind, size=(400, 300))
    with pytest.raises(errors.BrokenPicture, match="Skicka|Send"):
        check_upload(upload(sent[: len(sent) * 2 // 3]))


def test_of_an_animation_the_first_frame_is_kept():
    frames = [Image.new("P", (10, 10), colour) for colour in (0, 200)]
    sent = io.BytesIO()
    frames[0].save(sent, "GIF", save_all=True, append_images=frames[1:], duration=100)
    kept = seen(check_upload(upload(sent.getvalue())).content)
    assert (kept.format, getattr(kept, "n_frames", 1)) == ("PNG", 1)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")],
)
def test_every_kind_of_pixels_is_drawn_as_it_was(mode, kind):
    drawn = Image.new("L", (20, 10), 255)
    drawn.paste(0, (0, 0, 10, 10))
    if mode == "I;16":
        drawn = drawn.convert("I").point(lambda value: value * 257).convert("I;16")
    content = io.BytesIO()
    (drawn if drawn.mode == mode else drawn.convert("RGB").convert(mode)).save(content, kind)
    kept = seen(check_upload(upload(content.getvalue())).content).convert("L")
    assert kept.getpixel((2, 5)) < 40
    assert kept.getpixel((17, 5)) > 215


def test_glass_stays_glass():
    sent = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(sent, "WEBP", lossless=True)
    kept = check_upload(upload(sent.getvalue()))
    assert kept.content_type == "image/png"
    assert seen(kept.content).getpixel((5, 5))[3] == 0


def test_a_large_picture_is_made_smaller(monkeypatch):
    monkeypatch.setattr(pictures, "LONGEST_SIDE", 200)
    assert seen(check_upload(upload(picture(size=(1000, 400)))).content).size == (200, 80)


def test_a_png_that_would_be_too_large_becomes_a_jpeg(settings):
    noise = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGBA").save(noise, "WEBP", lossless=True, quality=100)
    settings.LARGEST_FILE = len(noise.getvalue()) + 1000
    kept = check_upload(upload(noise.getvalue()))
    assert kept.content_type == "image/jpeg"


def test_the_same_picture_is_drawn_the_same_twice():
    assert check_upload(upload()).digest == check_upload(upload()).digest
