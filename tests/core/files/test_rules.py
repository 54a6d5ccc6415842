"""What a file is, by its bytes."""

import pytest

from core.files.errors import FileKindUnknown, FileTooLarge
from core.files.rules import BYTES_MOST, Upload, media_type, tidy_name


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_the_first_bytes_tell(beginning: bytes, expected: str) -> None:
    assert media_type(Upload("恶意.exe", beginning)) == expected


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"MZ", b"GIF89a", b"RIFF" + bytes(4) + b"WAVE", b" %PDF-"]
)
def test_anything_else_is_refused_whatever_its_name_says(content: bytes) -> None:
    with pytest.raises(FileKindUnknown):
        media_type(Upload("照片.jpg", content))


def test_a_file_may_be_so_large_and_no_larger() -> None:
    most = b"%PDF-".ljust(BYTES_MOST, b" ")
    assert media_type(Upload("a.pdf", most)) == "application/pdf"
    with pytest.raises(FileTooLarge):
        media_type(Upload("a.pdf", most + b" "))


@pytest.mark.parametrize(
    ("name", "kept_as", "expected"),
    [
        ("河边.JPG", "image/jpeg", "河边.jpg"),
        ("C:\\照片\\河边.png", "image/jpeg", "河边.jpg"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("", "image/png", "file.png"),
        ("a\r\nb.pdf", "application/pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", "application/pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(name: str, kept_as: str, expected: str) -> None:
    assert tidy_name(name, kept_as) == expected
