"""A foundation with books: entries with vouchers, and the figures of a year's beginning."""

from datetime import date
from typing import Any

from core.files.rules import Upload
from core.people.rules import Actor, Grant
from core.reference import Ref
from plugins.foundation.rules import SECRETARY, years
from plugins.foundation.rules.ratios import FOUNDATION
from plugins.foundation.rules.years import EntryDraft, OpeningDraft
from plugins.foundation.services import entries, openings
from tests.core.funds.world import FundWorld

REPORT = Upload("审计报告.pdf", b"%PDF-1.4\n% report")
VOUCHER = Upload("工资单.pdf", b"%PDF-1.4\n% payroll")


def secretary(world: FundWorld) -> Actor:
    """The head, as the secretary too."""
    grants = (Grant(SECRETARY, Ref("organization", world.foundation)),)
    return Actor(world.head.person_id, world.head.name, None, grants)


def entry_draft(amount_fen: int, voucher_no: str = "V-1", **changes: Any) -> EntryDraft:
    """Salaries of August."""
    known: dict[str, Any] = {
        "kind": years.MANAGEMENT,
        "what": "工资",
        "amount_fen": amount_fen,
        "occurred_on": date(2026, 8, 20),
        "voucher_no": voucher_no,
    }
    return EntryDraft(**(known | changes))


async def enter(world: FundWorld, amount_fen: int, voucher_no: str = "V-1", **changes: Any) -> int:
    """An entry that the treasurer records."""
    draft = entry_draft(amount_fen, voucher_no, **changes)
    year = draft.occurred_on.year
    return await entries.record_entry(world.foundation, year, draft, VOUCHER, actor=world.treasurer)


def opening_draft(**changes: Any) -> OpeningDraft:
    """A foundation that raises in public, with 100.00 of income in the year before."""
    known: dict[str, Any] = {
        "kind": FOUNDATION,
        "is_public": True,
        "net_assets_fen": 0,
        "income_1_fen": 10000,
        "income_2_fen": None,
        "income_3_fen": None,
    }
    return OpeningDraft(**(known | changes))


async def opened(world: FundWorld, year: int = 2026, **changes: Any) -> int:
    """Figures that the checker has reviewed."""
    draft = opening_draft(**changes)
    opening_id = await openings.record_opening(world.foundation, year, draft, REPORT, actor=world.treasurer)
    await openings.review_opening(opening_id, actor=world.checker)
    return opening_id
