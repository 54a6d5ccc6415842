"""Long jobs that write a list into a file of the person who asked, and say how far they are."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

from core.audit import queries
from core.audit.rules import Search
from core.audit.services import EXPORT
from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.funds.queries import fiscal
from core.funds.rules.fiscal import COLUMNS
from core.language import in_language, mark, show_day, show_time, translate
from core.ledger import queries as ledger
from core.ledger import services as ledger_services
from core.ledger.rules import reason_title
from core.organizations import queries as organizations
from core.people import queries as people
from core.people.masks import mask_name
from core.reference import Ref
from workers.task import task

_BATCH = 1_000
_HEADER = (
    mark("编号"),
    mark("时间"),
    mark("操作人编号"),
    mark("操作人"),
    mark("操作"),
    mark("操作代码"),
    mark("对象"),
    mark("对象编号"),
    mark("内容"),
)


@task(EXPORT)
async def export_audit(search: dict[str, Any], format: str, owner_id: int, language: str) -> None:
    """The audit events that a search finds, newest first, the newest ROWS_MOST at most."""
    asked = Search.from_facts(search)
    with in_language(language):
        await write_sheet(
            translate(mark("审计记录")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_audit_rows(asked),
            of=await queries.count(asked, most=ROWS_MOST),
        )


async def _audit_rows(search: Search) -> AsyncIterator[list[list[Cell]]]:
    before, left = None, ROWS_MOST
    while left > 0 and (found := await queries.events(search, before=before, limit=min(_BATCH, left))):
        actors = await people.names([e.actor_id for e in found if e.actor_id is not None])
        yield [_cells(event, actors) for event in found]
        left -= len(found)
        before = found[-1].happened_at, found[-1].id


def _cells(event: queries.Happened, actors: dict[int, str]) -> list[Cell]:
    title = queries.action_title(event.action)
    return [
        event.id,
        show_time(event.happened_at),
        event.actor_id,
        mask_name(actors[event.actor_id]) if event.actor_id in actors else "",
        translate(title) if title else "",
        event.action,
        event.subject.kind,
        event.subject.id,
        json.dumps(event.facts, ensure_ascii=False),
    ]


_STATEMENT_HEADER = (
    mark("编号"),
    mark("日期"),
    mark("事由"),
    mark("说明"),
    mark("收支 (元)"),
    mark("余额 (元)"),
)


@task(ledger_services.EXPORT)
async def export_statement(
    organization_id: int, kind: str, unit: str, format: str, owner_id: int, language: str
) -> None:
    """The lines of an organization's account in money, oldest first, the newest ROWS_MOST at most."""
    owner = await organizations.organization(organization_id)
    newest = await ledger.statement(Ref("organization", owner.id), kind=kind, unit=unit, page=1, size=1)
    total = newest.lines_total if newest else 0
    with in_language(language):
        await write_sheet(
            f"{owner.name} {translate(mark('公共账户'))}",
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _STATEMENT_HEADER],
            batches=_statement_rows(newest.account_id if newest else 0, total),
            of=min(total, ROWS_MOST),
        )


async def _statement_rows(account_id: int, total: int) -> AsyncIterator[list[list[Cell]]]:
    for past in range(max(0, total - ROWS_MOST), total, _BATCH):
        lines = await ledger.lines_after(account_id, number=past, limit=min(_BATCH, total - past))
        yield [
            [
                line.number,
                show_day(line.occurred_at),
                reason_title(line.reason),
                line.note,
                _yuan(line.amount),
                _yuan(line.balance),
            ]
            for line in lines
        ]


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen).scaleb(-2)


@task(fiscal.EXPORT)
async def export_fiscal(organization_id: int, format: str, owner_id: int, language: str) -> None:
    """Who waits for a fiscal receipt of a foundation, with the columns that are filled in and sent back."""
    header = [*COLUMNS, mark("抬头"), mark("税号"), mark("金额 (元)"), mark("收到日期")]
    with in_language(language):
        await write_sheet(
            translate(mark("等财政票据的捐赠")),
            format=format,
            owner_id=owner_id,
            header=[title if title in COLUMNS else translate(title) for title in header],
            batches=_waiting_rows(organization_id),
            of=await fiscal.count_waiting([organization_id]),
        )


async def _waiting_rows(organization_id: int) -> AsyncIterator[list[list[Cell]]]:
    async for some in fiscal.batches(organization_id):
        yield [
            [
                one.receipt_no, "", "", "", "", one.wish.title, one.wish.tax_no,
                Decimal(one.amount_fen).scaleb(-2), one.received_on.isoformat(),
            ]
            for one in some
        ]  # fmt: skip
