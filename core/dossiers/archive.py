"""A zip file and its manifest: what is in it, with the SHA-256 of each file."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from core import clock

MANIFEST = "manifest.json"
# What checks an archive, and goes into it.
VERIFY = Path(__file__).with_name("verify.py")


class Archive:
    """A zip being written beside its place; it appears there once it is whole."""

    def __init__(self, target: Path, *, made_at: datetime) -> None:
        self._target, self._part = target, target.with_name(f"{target.name}.part")
        self._date = clock.local(made_at).timetuple()[:6]
        self._files: dict[str, dict[str, Any]] = {}
        self._zip = zipfile.ZipFile(self._part, "w")

    def __enter__(self) -> "Archive":
        return self

    def add(self, path: str, chunks: Iterable[bytes]) -> None:
        """One file, written piece by piece; no path twice."""
        if path in self._files:
            raise ValueError(f"{path} is in the archive already")
        digest, size = hashlib.sha256(), 0
        with self._zip.open(self._entry(path), "w") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._files[path] = {"sha256": digest.hexdigest(), "bytes": size}

    def close(self, facts: dict[str, Any]) -> str:
        """Add the manifest with these facts and put the file in its place; returns the manifest's SHA-256."""
        content = msgspec.json.format(msgspec.json.encode({**facts, "files": self._files}), indent=1)
        self._zip.writestr(self._entry(MANIFEST), content)
        self._zip.close()
        self._part.rename(self._target)
        return hashlib.sha256(content).hexdigest()

    def _entry(self, path: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(path, self._date)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        return entry

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        """What is not whole is not left behind."""
        if kind is not None:
            self._zip.close()
            self._part.unlink(missing_ok=True)


def as_json(rows: Sequence[Any]) -> Iterator[bytes]:
    """A list with one record a line, so that two archives can be compared."""
    yield b"["
    for number, row in enumerate(rows):
        yield b",\n" if number else b"\n"
        yield msgspec.json.encode(row)
    yield b"\n]\n"


def safe_name(name: str) -> str:
    """A name that every file system takes, and that leads nowhere else."""
    return re.sub(r"[^\w.-]+", "_", name).strip(".")[-80:] or "file"
