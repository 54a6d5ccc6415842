"""Which accounts a foundation's own income and costs move. Pure, for a book-keeper to read.

The foundation's own money has no floor: what it had before the first entry is not in these books.
"""

from datetime import datetime

from core.language import mark
from core.ledger.rules import Entry, Transfer
from core.manifest import AccountKind, Reason
from core.reference import Ref
from plugins.foundation.rules import years

UNIT = "CNY"
OWN, SOURCES, COSTS = "foundation.own", "foundation.sources", "foundation.costs"
KINDS = (
    AccountKind(code=OWN, title=mark("基金会的其他收支"), floor=None),
    AccountKind(code=SOURCES, title=mark("其他收入来源"), floor=None),
    AccountKind(code=COSTS, title=mark("基金会付给"), floor=None),
)
EARNED, PROGRAMME, MANAGEMENT = "foundation.income", "foundation.programme", "foundation.management"
REVERSED = "foundation.reversed"
REASON_OF = {years.INCOME: EARNED, years.PROGRAMME: PROGRAMME, years.MANAGEMENT: MANAGEMENT}
REASONS = (
    Reason(code=EARNED, title=mark("其他收入")),
    Reason(code=PROGRAMME, title=mark("直接开展的项目支出")),
    Reason(code=MANAGEMENT, title=mark("管理费用")),
    Reason(code=REVERSED, title=mark("冲销")),
)


def entry(
    entry_id: int, *, kind: str, own: int, outside: int, amount_fen: int, what: str, at: datetime
) -> Transfer:
    """Income from the world outside, or a cost paid to it."""
    came = amount_fen if kind == years.INCOME else -amount_fen
    return Transfer(
        key=f"{years.ENTRY}:{entry_id}",
        unit=UNIT,
        reason=REASON_OF[kind],
        cause=Ref(years.ENTRY, entry_id),
        occurred_at=at,
        note=what,
        entries=(Entry(outside, -came), Entry(own, came)),
    )
