"""Which accounts minutes move. Pure, for a book-keeper to read. They are recorded, never spent."""

from datetime import datetime

from core.language import mark
from core.ledger.rules import Entry, Transfer
from core.manifest import AccountKind, Reason, Unit
from core.reference import Ref
from core.volunteers.rules.books import CONFIRMED, CORRECTED, EVIDENCE, MINUTES, OUTSIDE, SERVED, key_of

UNIT = Unit(code=MINUTES, title=mark("分钟"), digits=0)
KINDS = (
    AccountKind(code=SERVED, title=mark("志愿服务时长")),
    AccountKind(code=OUTSIDE, title=mark("志愿服务时长来源"), floor=None),
)
REASONS = (
    Reason(code=CONFIRMED, title=mark("志愿服务确认"), evidence=EVIDENCE),
    Reason(code=CORRECTED, title=mark("志愿服务更正")),
)


def confirmed(
    service: Ref, *, outside: int, served: int, minutes: int, evidence_id: int, at: datetime
) -> Transfer:
    """From the organization's outside account to what the volunteer has served, on the record's evidence."""
    return Transfer(
        key=key_of(service.id),
        unit=MINUTES,
        reason=CONFIRMED,
        cause=service,
        occurred_at=at,
        entries=(Entry(outside, -minutes), Entry(served, minutes)),
        evidence_id=evidence_id,
    )
