"""Fiscal receipts: asked for by donors, recorded by the treasurer one by one or from a list."""

import asyncio
from datetime import date
from itertools import islice
from typing import Any

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.documents.reading import rows_of
from core.documents.services import ask_for_sheet
from core.funds import rules
from core.funds.errors.receipts import FiscalColumnsMissing, FiscalListTooLong, FiscalRecorded, FiscalUsed
from core.funds.queries import fiscal as queries
from core.funds.queries import gifts, receipts
from core.funds.queries.gifts import GiftView
from core.funds.rules import fiscal, states
from core.funds.rules.fiscal import Numbers, Row, Wish, Wrong
from core.funds.rules.receipts import check_issue
from core.funds.services.gifts import lock_gift
from core.funds.services.wishes import keep_wish
from core.funds.tables import FundFiscal
from core.people.rules import Actor
from core.reference import Ref


async def ask_for_fiscal(gift_id: int, *, title: str, tax_no: str, actor: Actor) -> None:
    """The donor, or the treasurer who was told so, asks for one made out to `title`; asking again changes it.

    Raises FiscalTitleMissing, TaxNumberWrong, GiftNotFound, ReceiptNotYet, NothingToAcknowledge,
    FiscalRecorded.
    """
    fiscal.check_wish(title, tax_no)
    async with unit_of_work():
        gift = await gifts.gift_for(gift_id, actor)
        await _ask(gift, Wish(title, tax_no), actor.person_id)


async def ask_for_fiscal_with_code(code: str, *, title: str, tax_no: str) -> None:
    """The same by whoever has the trace code."""
    fiscal.check_wish(title, tax_no)
    async with unit_of_work():
        await _ask(await gifts.gift_by_code(code), Wish(title, tax_no), None)


async def ask_for_fiscal_while_giving(code: str, *, title: str, tax_no: str, actor: Actor | None) -> None:
    """The same by whoever is at the page of an online gift, paid or not yet. Raises GiftNotFound, too."""
    fiscal.check_wish(title, tax_no)
    async with unit_of_work():
        gift = await gifts.online_gift(code)
        await _ask(gift, Wish(title, tax_no), actor.person_id if actor else None)


async def _ask(gift: GiftView, wish: Wish, person_id: int | None) -> None:
    gift = await gifts.gift(gift.id, lock=True)
    if gift.state != states.PROMISED:
        check_issue(gift.state, gift.amount_fen - await receipts.returned_of(gift.id))
    if any(one.replaced_at is None for one in await queries.fiscal_of(gift.id)):
        raise FiscalRecorded
    await keep_wish(gift.id, wish, person_id)


async def record_fiscal(gift_id: int, numbers: Numbers, *, actor: Actor) -> None:
    """What the finance department's system issued; other numbers than before correct them.

    Repeating changes nothing. Raises FiscalNumberWrong, FiscalDayInFuture, GiftNotFound, ReceiptNotYet,
    NothingToAcknowledge, FiscalUsed.
    """
    fiscal.check_numbers(numbers, clock.today())
    try:
        async with unit_of_work():
            gift = await lock_gift(gift_id, actor, states.RECORD)
            check_issue(gift.state, gift.amount_fen - await receipts.returned_of(gift_id))
            known = [one for one in await queries.fiscal_of(gift_id) if one.replaced_at is None]
            if known and _same(known[0], numbers):
                return
            for one in known:
                await _replace(one.id)
            await FundFiscal(**_row(gift.id, gift.organization_id, numbers, actor)).save()
            action = "fund_gift.fiscal_replaced" if known else "fund_gift.fiscal_recorded"
            record_audit(action, Ref(rules.GIFT, gift_id), actor_id=actor.person_id)
    except asyncpg.UniqueViolationError:
        raise FiscalUsed from None


def _same(known: queries.FiscalView, numbers: Numbers) -> bool:
    return Numbers(known.code, known.number, known.check_code, known.issued_on) == numbers


async def _replace(fiscal_id: int) -> None:
    await current_unit().connection.execute(
        "update fund_fiscal set replaced_at = $2 where id = $1", fiscal_id, clock.now()
    )


def _row(gift_id: int, organization_id: int, numbers: Numbers, actor: Actor) -> dict[str, Any]:
    return {
        "gift": gift_id,
        "organization": organization_id,
        "code": numbers.code,
        "number": numbers.number,
        "check_code": numbers.check_code,
        "issued_on": numbers.issued_on,
        "recorded_by": actor.person_id,
        "recorded_at": clock.now(),
    }


async def import_fiscal(organization_id: int, content: bytes, *, actor: Actor) -> tuple[int, list[Wrong]]:
    """Record a list, all of it or nothing; returns how many are new, or what is wrong with which line.

    Raises PermissionMissing, ListTooLarge, ListUnreadable, FiscalColumnsMissing, FiscalListTooLong.
    """
    actor.require(states.RECORD, Ref("organization", organization_id))
    rows, wrong = await asyncio.to_thread(_read, content, clock.today())
    async with unit_of_work():
        known = await queries.known_to(organization_id, [row.receipt_no for row in rows], lock=True)
        taken = await queries.taken(organization_id, [(r.numbers.code, r.numbers.number) for r in rows])
        wrong += fiscal.judged(rows, known, taken)
        if wrong:
            return 0, sorted(wrong, key=lambda one: one.line)
        new = [row for row in rows if known[row.receipt_no][1] is None]
        for row in new:
            gift_id = known[row.receipt_no][0]
            current_unit().insert("fund_fiscal", **_row(gift_id, organization_id, row.numbers, actor))
            record_audit("fund_gift.fiscal_recorded", Ref(rules.GIFT, gift_id), actor_id=actor.person_id)
        return len(new), []


def _read(content: bytes, today: date) -> tuple[list[Row], list[Wrong]]:
    lines = rows_of(content)
    places = fiscal.columns_of(next(lines, []))
    if places is None:
        raise FiscalColumnsMissing(columns="、".join(fiscal.COLUMNS))
    typed = [
        (line, [cells[place] if place < len(cells) else "" for place in places])
        for line, cells in enumerate(islice(lines, fiscal.ROWS_MOST + 1), 2)
        if any(cells)
    ]
    if len(typed) > fiscal.ROWS_MOST:
        raise FiscalListTooLong(most=fiscal.ROWS_MOST)
    return fiscal.read_rows(typed, today)


async def ask_for_list(organization_id: int, *, format: str, actor: Actor) -> int:
    """Who waits, in full, as a sheet to be filled in; returns the job's id. Raises PermissionMissing."""
    actor.require(states.RECORD, Ref("organization", organization_id))
    return await ask_for_sheet(
        queries.EXPORT, {"organization_id": organization_id}, format=format, person_id=actor.person_id
    )
