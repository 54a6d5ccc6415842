"""What makes two requests the same. Pure."""

import hashlib
from datetime import timedelta

KEPT_FOR = timedelta(hours=24)
KEY_LENGTH_MOST = 100


def is_key(given: str) -> bool:
    """1 to 100 printable ASCII characters."""
    return 0 < len(given) <= KEY_LENGTH_MOST and given.isascii() and given.isprintable()


def digest(person_id: int, method: str, target: str, body: bytes) -> bytes:
    """Of all that a request asks for; `target` is the path with its query."""
    head = f"{person_id} {method} {target}\n".encode(errors="surrogateescape")
    return hashlib.sha256(head + body).digest()


def lock_number(person_id: int, key: str) -> int:
    """A person's key as the number of an advisory lock."""
    whole = hashlib.sha256(f"answer:{person_id}:{key}".encode()).digest()
    return int.from_bytes(whole[:8], signed=True)
