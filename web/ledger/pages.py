"""Public accounts: everybody sees what came in, what went out, and what is there."""

from litestar import get

from core.ledger import queries
from core.ledger.rules import reason_title
from core.organizations import queries as organizations
from core.reference import Ref
from web.access import PUBLIC
from web.forms import Answer
from web.parameters import PageNumber, RowId
from web.templates import page

KIND, UNIT, PAGE_SIZE = "core.public", "CNY", 20


@get("/accounts", include_in_schema=False, access=PUBLIC)
async def show_accounts() -> Answer:
    """Organizations with a public account, and its balance."""
    accounts = await queries.accounts_of_kind(KIND, limit=200)
    owners = await organizations.organizations([account.owner_id for account in accounts])
    balances = {account.owner_id: account.balance for account in accounts}
    return page("web/accounts.html", owners=owners, balances=balances)


@get("/accounts/{organization_id:int}", include_in_schema=False, access=PUBLIC)
async def show_account(organization_id: RowId, page_number: PageNumber = 1) -> Answer:
    """The lines of an organization's public account, newest first."""
    owner = await organizations.organization(organization_id)
    statement = await public_statement(owner.id, page_number)
    return page(
        "web/account.html",
        owner=owner,
        statement=statement,
        titles={line.reason: reason_title(line.reason) for line in statement.lines},
        page_number=max(1, page_number),
        pages=max(1, -(-statement.lines_total // PAGE_SIZE)),
    )


async def public_statement(organization_id: int, page_number: int) -> queries.Statement:
    """A page of the account; an organization without movements has an empty one."""
    found = await queries.statement(
        Ref("organization", organization_id),
        kind=KIND,
        unit=UNIT,
        page=max(1, min(page_number, 10**9)),
        size=PAGE_SIZE,
    )
    return found or queries.Statement(account_id=0, balance=0, lines_total=0, lines=[])


HANDLERS = [show_accounts, show_account]
