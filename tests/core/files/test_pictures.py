"""Pictures drawn anew."""

import random
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from core.files import pictures
from core.files.errors import PictureBroken
from core.files.rules import SIDE_MOST, SMALL_SIDE_MOST
from tests.core.files.pictures import photo


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_but_the_pixels(kind: str) -> None:
    kept = pictures.redraw(photo(kind=kind), f"image/{kind.lower()}")
    assert kept.media_type == "image/jpeg"
    assert dict(opened(kept.content).getexif()) == {}
    assert opened(kept.content).size == (40, 30)


def test_a_large_picture_becomes_smaller_and_has_a_thumbnail() -> None:
    kept = pictures.redraw(photo(4000, 1000), "image/jpeg")
    assert opened(kept.content).size == (SIDE_MOST, SIDE_MOST // 4)
    assert kept.small is not None
    assert opened(kept.small).size == (SMALL_SIDE_MOST, SMALL_SIDE_MOST // 4)


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    into = BytesIO()
    Image.new("RGB", (40, 30)).save(into, "JPEG", exif=exif)
    assert opened(pictures.redraw(into.getvalue(), "image/jpeg").content).size == (30, 40)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_what_a_camera_says_wrongly_of_itself_refuses_no_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Cam"
    into = BytesIO()
    Image.new("RGB", (40, 30)).save(into, "JPEG", exif=exif)
    whole, begins = into.getvalue(), into.getvalue().index(b"Exif")
    for at in range(begins, whole.index(b"Cam") + 3):
        for value in (0, 2, 5, 255):
            content = whole[:at] + bytes([value]) + whole[at + 1 :]
            assert sorted(opened(pictures.redraw(content, "image/jpeg").content).size) == [30, 40]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_damaged_is_refused_or_drawn_and_nothing_else(kind: str) -> None:
    chance, whole = random.Random(1), photo(kind=kind)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(3):
            content[chance.randrange(12, len(content))] = chance.randrange(256)
        with suppress(PictureBroken):
            assert pictures.redraw(bytes(content), f"image/{kind.lower()}").content


def test_transparency_stays() -> None:
    into = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(into, "PNG")
    kept = pictures.redraw(into.getvalue(), "image/png")
    assert kept.media_type == "image/png"
    assert opened(kept.content).getpixel((0, 0)) == (0, 0, 0, 0)


def test_the_same_picture_is_the_same_content() -> None:
    first, again, other = (
        pictures.redraw(photo(colour=colour), "image/jpeg").digest for colour in ("green", "green", "red")
    )
    assert first == again != other


@pytest.mark.parametrize("content", [photo()[:200], b"\xff\xd8\xff" + bytes(100)])
def test_a_broken_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PictureBroken):
        pictures.redraw(content, "image/jpeg")


def test_what_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    into = BytesIO()
    Image.new("1", (20_000, 4_000)).save(into, "PNG")
    with pytest.raises(PictureBroken):
        pictures.redraw(into.getvalue(), "image/png")
