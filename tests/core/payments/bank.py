"""A committee with an account at a bank, and statements of it."""

import csv
import io
from typing import Any

from core.files.rules import Upload
from core.organizations import queries as organizations
from core.organizations.rules.payees import BankAccount
from core.organizations.services.payees import decide_payee, propose_payee
from core.payments import queries, services
from core.payments.rules.statements import guess_columns
from core.people.rules import Actor
from tests.factories import Committee, make_manager
from workers.drain import run_due_jobs

HEADER = ["交易日期", "收入金额", "支出金额", "对方户名", "对方账号", "附言", "交易流水号"]


async def open_bank_account(committee: Committee) -> None:
    """Written down by one manager, confirmed by another."""
    first, second = await make_manager(committee), await make_manager(committee)
    name = (await organizations.organization(committee.id)).name
    account = BankAccount("样例银行", name, "6222000000001234")
    payee_id = await propose_payee(committee.id, account, actor=first)
    await decide_payee(payee_id, is_confirmed=True, reason="", organization_id=committee.id, actor=second)


def row(serial: str, yuan: str, *, remark: str = "", name: str = "", day: str = "20261120") -> list[str]:
    """Money that came in."""
    return [day, yuan, "", name, "6222000000009876", remark, serial]


def statement(*rows: list[str], encoding: str = "utf-8") -> Upload:
    """A file as a bank gives it, with its own lines on top."""
    text = io.StringIO()
    csv.writer(text).writerows([["账户交易明细"], HEADER, *rows])
    return Upload("流水.csv", text.getvalue().encode(encoding))


async def send(committee: Committee, upload: Upload, actor: Actor | None = None) -> int:
    """Sent, its columns as they are guessed, and its rows judged."""
    actor = actor or committee.treasurer
    statement_id = await services.ask_for_statement(committee.id, upload, actor=actor)
    one = await queries.statement(statement_id)
    if one.state == "mapping":
        await services.choose_columns(statement_id, guess_columns(one.head), actor=actor)
    await run_due_jobs()
    return statement_id


async def take(committee: Committee, *rows: list[str], actor: Actor | None = None) -> int:
    """Sent and taken over."""
    statement_id = await send(committee, statement(*rows), actor)
    one = await queries.statement(statement_id)
    if one.credits:
        await services.confirm_statement(
            statement_id, credits=one.credits, actor=actor or committee.treasurer
        )
    await run_due_jobs()
    return statement_id


async def lines(committee: Committee, **wanted: Any) -> list[queries.BankLineView]:
    """Oldest first."""
    found = await queries.bank_lines_of([committee.id], only_waiting=False, before_id=None, limit=100)
    return [one for one in reversed(found) if all(getattr(one, k) == v for k, v in wanted.items())]
