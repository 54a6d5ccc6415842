"""Public accounts: everybody sees what came in, what went out, and what is there."""

from typing import Any

import msgspec
from litestar import Request, get, post

from core.documents.services import PDF, ask_for_paper, ask_for_sheet
from core.documents.sheets import SHEETS, check_format
from core.ledger import queries
from core.ledger.rules import reason_title
from core.ledger.services import EXPORT, PAPER
from core.organizations import queries as organizations
from core.organizations.queries import OrganizationName
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, clean, see_other, submit
from web.parameters import PageNumber, RowId, Words
from web.templates import page
from web.visit import current_actor

KIND, UNIT, PAGE_SIZE, WORDS_MOST = "core.public", "CNY", 20, 40


@get("/accounts", include_in_schema=False, access=PUBLIC)
async def show_accounts(words: Words = "", page_number: PageNumber = 1) -> Answer:
    """Organizations with a public account, and its balance."""
    asked, number = clean(words)[:WORDS_MOST], min(page_number, 10**6)
    found = await public_accounts(asked, number, limit=PAGE_SIZE + 1)
    return page(
        "web/accounts.html",
        accounts=found[:PAGE_SIZE],
        has_more=len(found) > PAGE_SIZE,
        words=asked,
        page_number=number,
    )


async def public_accounts(words: str, number: int, *, limit: int) -> list[tuple[OrganizationName, int]]:
    """A page of organizations, each with what is on its public account; by name if asked."""
    named = None
    if words:
        found = await organizations.named(words, offset=0, limit=organizations.MATCHES_MOST)
        named = [one.id for one in found]
    accounts = await queries.accounts_of_kind(
        KIND, limit=limit, offset=(number - 1) * PAGE_SIZE, owner_ids=named
    )
    owners = {one.id: one for one in await organizations.organizations([a.owner_id for a in accounts])}
    return [(owners[a.owner_id], a.balance) for a in accounts if a.owner_id in owners]


@get("/accounts/{organization_id:int}", include_in_schema=False, access=PUBLIC)
async def show_account(organization_id: RowId, page_number: PageNumber = 1) -> Answer:
    """The lines of an organization's public account, newest first."""
    return await _account_page(organization_id, page_number, Form())


async def _account_page(organization_id: int, page_number: int, form: Form, status: int = 200) -> Answer:
    owner = await organizations.organization(organization_id)
    statement = await public_statement(owner.id, page_number)
    return page(
        "web/account.html",
        status=status,
        owner=owner,
        statement=statement,
        titles={reason: reason_title(reason) for reason in {line.reason for line in statement.lines}},
        page_number=max(1, page_number),
        pages=max(1, -(-statement.lines_total // PAGE_SIZE)),
        form=form,
    )


class ExportForm(msgspec.Struct):
    """The statement as a file."""

    format: str = ""


@post("/accounts/{organization_id:int}/exports", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def export(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Ask for the whole statement as a file, and go where its progress is shown."""

    async def act(form: ExportForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_statement(organization_id, form.format)}")

    async def again(form: Form, status: int) -> Answer:
        return await _account_page(organization_id, 1, form, status)

    return await submit(request, ExportForm, act, again)


async def ask_for_statement(organization_id: int, format: str) -> int:
    """The id of the job that writes the statement into a file of the asker."""
    owner, person_id = await organizations.organization(organization_id), current_actor().person_id
    account = {"organization_id": owner.id, "kind": KIND, "unit": UNIT}
    check_format(format, (*SHEETS, PDF))
    if format == PDF:
        return await ask_for_paper(PAPER, account, person_id=person_id)
    return await ask_for_sheet(EXPORT, account, format=format, person_id=person_id)


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


HANDLERS = [show_accounts, show_account, export]
