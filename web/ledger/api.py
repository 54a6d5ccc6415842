"""Public accounts, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.ledger.rules import reason_title
from core.organizations import queries as organizations
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.ledger.pages import PAGE_SIZE, WORDS_MOST, ask_for_statement, public_accounts, public_statement
from web.parameters import PageNumber, RowId, Words


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


class AccountLineOut(msgspec.Struct):
    """An organization with a public account, and what is on it."""

    organization_id: int
    name: str
    balance_fen: int


@get("/accounts", summary="公共账户一览", tags=["ledger"], access=PUBLIC)
async def list_accounts(words: Words = "", page: PageNumber = 1) -> list[AccountLineOut]:
    """Twenty a page; of organizations that `words` find, if given."""
    found = await public_accounts(clean(words)[:WORDS_MOST], min(page, 10**6), limit=PAGE_SIZE)
    return [AccountLineOut(owner.id, owner.name, balance) for owner, balance in found]


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


class ExportIn(msgspec.Struct):
    """`csv`, `xlsx` or `pdf`."""

    format: str


class ExportOut(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@post(
    "/accounts/{organization_id:int}/exports",
    summary="导出公共账户",
    tags=["ledger"],
    access=SIGNED_IN,
    status_code=202,
)
async def export_account(data: JSONBody[ExportIn], organization_id: RowId) -> ExportOut:
    """Ask for the newest 100,000 lines of an organization's public account as a file; as PDF 5,000."""
    return ExportOut(await ask_for_statement(organization_id, data.format))


HANDLERS = [list_accounts, get_account, export_account]
