"""What an auditor may ask for, and how seals are chained. Pure."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.audit.errors import DayOutOfRange, DaysReversed

READ_AUDIT = "core.audit.read"


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which audit events: all conditions hold; None and "" ask for nothing. Days are civil, inclusive."""

    subject_kind: str = ""
    subject_id: int | None = None
    actor_id: int | None = None
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def facts(self) -> dict[str, Any]:
        """What is asked for, as an audit event or a job keeps it: ids, codes and days."""
        given = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {n: v.isoformat() if isinstance(v, date) else v for n, v in given.items()}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Search":
        """The search that `facts()` was made of."""
        given = dict(facts)
        for name in ("first_day", "last_day"):
            if name in given:
                given[name] = date.fromisoformat(given[name])
        return cls(**given)


_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)


def check_days(search: Search) -> None:
    """Raise DayOutOfRange or DaysReversed for days between which nothing can lie."""
    for name in ("first_day", "last_day"):
        day = getattr(search, name)
        if day is not None and not _EARLIEST <= day <= _LATEST:
            raise DayOutOfRange(name)
    if search.first_day and search.last_day and search.first_day > search.last_day:
        raise DaysReversed


def chained(previous: bytes, count: int, rows_digest: bytes) -> bytes:
    """The digest of a seal: over the seal before it and the digest of the rows since."""
    return hashlib.sha256(previous + count.to_bytes(8, "big") + rows_digest).digest()
