"""What a file is, judged by its bytes: the name that somebody gives it proves nothing."""

import hashlib
from dataclasses import dataclass

import msgspec

from core.files.errors import FileKindUnknown, FileTooLarge

BYTES_MOST = 5_000_000
PIXELS_MOST = 60_000_000
SIDE_MOST, SMALL_SIDE_MOST = 1_600, 320
PDF = "application/pdf"
_NAME_LENGTH_MOST = 120
_BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", PDF))


class Upload(msgspec.Struct):
    """A file as somebody sends it. In JSON, `content` is base64."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """What is stored of a file: never the bytes of a picture as they came, which tell where it was taken."""

    media_type: str
    content: bytes
    small: bytes | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content: the same picture sent twice is the same content."""
        return hashlib.sha256(self.content).digest()


def media_type(upload: Upload) -> str:
    """What its first bytes say; raises FileTooLarge or FileKindUnknown."""
    if len(upload.content) > BYTES_MOST:
        raise FileTooLarge(megabytes=BYTES_MOST // 1_000_000)
    for beginning, found in _BEGINNINGS:
        if upload.content.startswith(beginning):
            return found
    if upload.content[:4] == b"RIFF" and upload.content[8:12] == b"WEBP":
        return "image/webp"
    raise FileKindUnknown


def tidy_name(name: str, kept_as: str) -> str:
    """Its last part without signs that mean something to a system, and an ending that fits the content."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = "".join(sign for sign in last.rpartition(".")[0] or last if sign.isprintable()).strip(" .")
    ending = {"image/jpeg": ".jpg", "image/png": ".png", PDF: ".pdf"}[kept_as]
    return (stem[: _NAME_LENGTH_MOST - len(ending)] or "file") + ending
