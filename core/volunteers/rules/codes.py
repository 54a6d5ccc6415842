"""What cannot be guessed: the code at the door, and the key of a certificate's link. Pure."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

CHANGES_S, ACCEPTED_S = 30, 90
TRIES_MOST = 5
_DIGITS = 6


def _number(secret: bytes, shift_id: int, slot: int) -> str:
    mac = hmac.new(secret, f"volunteer shift:{shift_id}:{slot}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8]) % 10**_DIGITS:0{_DIGITS}}"


def code_of(secret: bytes, shift_id: int, now: datetime) -> str:
    """The six digits that the leader's phone shows at this moment."""
    return _number(secret, shift_id, int(now.timestamp()) // CHANGES_S)


def codes_between(secret: bytes, shift_id: int, first_at: datetime, last_at: datetime) -> list[str]:
    """Every code that is shown from one moment to another, half a minute each."""
    first, last = (int(at.timestamp()) // CHANGES_S for at in (first_at, last_at))
    return [_number(secret, shift_id, slot) for slot in range(first, last + 1)]


def seconds_left(now: datetime) -> int:
    """Until the code changes: 1 to 30."""
    return CHANGES_S - int(now.timestamp()) % CHANGES_S


def is_code(typed: str, secret: bytes, shift_id: int, now: datetime) -> bool:
    """Was it shown within the last ninety seconds? Blanks and full-width digits do not matter."""
    digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).encode()
    slot = int(now.timestamp()) // CHANGES_S
    shown = [_number(secret, shift_id, slot - age) for age in range(ACCEPTED_S // CHANGES_S)]
    return any([hmac.compare_digest(digits, code.encode()) for code in shown])


def was_code(typed: str, secret: bytes, shift_id: int, minute: datetime) -> bool:
    """Was it accepted at some moment of that minute? For who could not send it then."""
    minute = minute.replace(second=0, microsecond=0)
    moments = (minute + timedelta(seconds=seconds) for seconds in range(0, 60, CHANGES_S))
    return any([is_code(typed, secret, shift_id, moment) for moment in moments])


def sign(secret: bytes, facts: Sequence[object]) -> str:
    """The key of a certificate's link: nobody makes one for other facts."""
    said = "certificate:" + ":".join(str(fact) for fact in facts)
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:24]


def is_signed(key: str, secret: bytes, facts: Sequence[object]) -> bool:
    """Does the key belong to these very facts?"""
    return hmac.compare_digest(key.encode(), sign(secret, facts).encode())
