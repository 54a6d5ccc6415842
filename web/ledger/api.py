"""Public accounts, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core.ledger.rules import reason_title
from core.organizations import queries as organizations
from web.access import PUBLIC
from web.ledger.pages import public_statement
from web.parameters import PageNumber, RowId


class LineOut(msgspec.Struct):
    """A line of the account; amounts in fen, plus = came in."""

    number: int
    occurred_at: datetime
    reason: str
    title: str
    note: str
    amount_fen: int
    balance_fen: int


class AccountOut(msgspec.Struct):
    """A page of a public account, newest lines first."""

    organization_id: int
    balance_fen: int
    lines_total: int
    lines: list[LineOut]


@get("/accounts/{organization_id:int}", summary="公共账户", tags=["ledger"], access=PUBLIC)
async def get_account(organization_id: RowId, page: PageNumber = 1) -> AccountOut:
    """Twenty lines of an organization's public account."""
    await organizations.organization(organization_id)
    found = await public_statement(organization_id, page)
    lines = [
        LineOut(x.number, x.occurred_at, x.reason, reason_title(x.reason), x.note, x.amount, x.balance)
        for x in found.lines
    ]
    return AccountOut(organization_id, found.balance, found.lines_total, lines)


HANDLERS = [get_account]
