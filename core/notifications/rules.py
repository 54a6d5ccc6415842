"""When a message may go out, where to, and which link confirms an address. Pure."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from core import clock
from core.notifications.errors import AddressMalformed, LinkInvalid

MAIL, SMS = "mail", "sms"
NOTICE, DIGEST, CONFIRMATION = "notice", "digest", "confirmation"
CORE = "core"
ATTEMPTS_MAX = 8
KEPT = timedelta(days=180)
DIGEST_AT = time(8)
# An unread notice that is older is no news any more.
DIGEST_REACHES_BACK = timedelta(days=7)
LINK_LIFE = timedelta(days=2)
CONFIRMATIONS_MOST = 5
_ADDRESS_LENGTH_MOST = 254
_ADDRESS = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


@dataclass(frozen=True)
class QuietHours:
    """A daily window on the users' wall clock, over midnight if `until` is the earlier of the two."""

    begin: time
    until: time

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours that hold at `moment` end; None outside of them."""
        local = clock.local(moment)
        begin, until, now = self.begin, self.until, local.time()
        is_quiet = begin <= now < until if begin <= until else now >= begin or now < until
        if not is_quiet:
            return None
        end = datetime.combine(local.date(), until, tzinfo=clock.HOME)
        return (end if end > local else end + timedelta(days=1)).astimezone(UTC)


DEFAULT_QUIET = QuietHours(time(21), time(8))


@dataclass(frozen=True)
class Choice:
    """Which channels a category of notices may use; the inbox has them all."""

    mail: bool = True
    sms: bool = True


@dataclass(frozen=True)
class Preferences:
    """How a person wants to be told. `digest`: one e-mail a day instead of one a notice."""

    quiet: QuietHours | None = DEFAULT_QUIET
    digest: bool = False
    choices: dict[str, Choice] = field(default_factory=dict)


def category_of(path: str, plugins: set[str]) -> str:
    """The plugin whose page a notice leads to, else core."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in plugins else CORE


def pause_after(attempts: int) -> timedelta | None:
    """1, 2, 4 … 64 minutes, two hours in all, because a mail server's grey list takes minutes.

    None when the message must not be tried again.
    """
    return None if attempts >= ATTEMPTS_MAX else timedelta(minutes=2 ** (attempts - 1))


def digest_cutoff(now: datetime) -> datetime | None:
    """Today's digest holds what is older than this; None as long as it is not due."""
    local = clock.local(now)
    due = datetime.combine(local.date(), DIGEST_AT, tzinfo=clock.HOME)
    return due.astimezone(UTC) if local >= due else None


def check_address(address: str) -> str:
    """The address; raises AddressMalformed."""
    if len(address) > _ADDRESS_LENGTH_MOST or not _ADDRESS.fullmatch(address):
        raise AddressMalformed
    return address


def one_line(text: str) -> str:
    """Without line breaks and other control characters: a header must not grow by what fills it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def sign_address(secret: bytes, person_id: int, address: str, *, expires_at: datetime) -> str:
    """The token of a link that confirms this address of this person."""
    expires = int(expires_at.timestamp())
    return f"{person_id}-{expires}-{_seal(secret, person_id, address, expires)}"


@dataclass(frozen=True)
class Token:
    """What a link says; `check()` tells whether it is ours."""

    person_id: int
    expires: int
    seal: str

    @classmethod
    def parse(cls, token: str) -> "Token":
        """Raises LinkInvalid for what is no token."""
        found = re.fullmatch(r"([1-9][0-9]{0,17})-([0-9]{1,11})-([0-9a-f]{32})", token)
        if found is None:
            raise LinkInvalid
        return cls(int(found[1]), int(found[2]), found[3])

    def check(self, secret: bytes, address: str, now: datetime) -> None:
        """Raises LinkInvalid unless the token was made for this address and is not too old."""
        expected = _seal(secret, self.person_id, address, self.expires)
        if now.timestamp() >= self.expires or not hmac.compare_digest(expected, self.seal):
            raise LinkInvalid


def _seal(secret: bytes, person_id: int, address: str, expires: int) -> str:
    said = f"email:{person_id}:{expires}:{address}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:32]
