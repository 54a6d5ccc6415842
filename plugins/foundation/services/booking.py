"""Booking a platform's list, in a job: its gifts, each a lot with a trace code, and the platform's fee."""

import secrets
from datetime import date
from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, unit_of_work
from core.funds import postings
from core.funds import rules as fund_rules
from core.funds.errors import FundNotOpenForGifts
from core.funds.queries import funds
from core.funds.rules import states as fund_states
from core.funds.services.gifts import donors_account, fund_account, tell_counted
from core.funds.services.imports import insert_gifts, take_back
from core.jobs import progress
from core.language import explain, in_language, translate
from core.ledger import services as ledger
from core.reference import Ref
from plugins.foundation.errors.platforms import OrderBooked, RowsBad
from plugins.foundation.errors.years import YearIsClosed
from plugins.foundation.queries import campaigns, years
from plugins.foundation.queries import platforms as queries
from plugins.foundation.queries.calendar import lock_foundation
from plugins.foundation.queries.platforms import ListView, RowView
from plugins.foundation.rules import platforms as rules
from plugins.foundation.rules import years as year_rules
from plugins.foundation.rules.years import EntryDraft
from plugins.foundation.services.entries import count_cost

BOOK = "foundation.book_platform_list"
_WHAT_MOST, _TOLD_EVERY = 60, 100


async def check_year(organization_id: int, day: date) -> None:
    """Raise YearIsClosed."""
    if await years.closing(organization_id, day.year):
        raise YearIsClosed(year=day.year)


async def book_list(list_id: int, *, language: str) -> None:
    """Book all of it, or send it back to be looked through, with the reason, where the world has changed."""
    async with unit_of_work():
        await lock_foundation((await queries.platform_list(list_id)).organization_id)
        one = await queries.platform_list(list_id, lock=True)
        if one.state != rules.BOOKING:
            return
        rows = await queries.rows_of(list_id, after=0, limit=rules.ROWS_MOST)
        with in_language(language):
            known = await queries.booked(one.organization_id, one.platform, [row.order_no for row in rows])
            if reason := await _why_not(one, len(known)):
                code = "foundation.platform_stopped"
                await advance(
                    rules.LISTS, code, list_id, actor_id=None, reason=reason[:200], confirmed_by=None
                )
                await _mark_booked(list_id, known)
                return
        await _book(one, rows)


async def _why_not(one: ListView, known: int) -> str:
    """What has changed since it was judged; "" for nothing."""
    try:
        fund_rules.check_takes_gifts((await funds.fund(one.fund_id, stays=True)).state)
    except FundNotOpenForGifts as refusal:
        return explain(refusal)
    assert one.paid_out_on is not None, "it is settled"
    if await years.closing(one.organization_id, one.paid_out_on.year):
        return explain(YearIsClosed(year=one.paid_out_on.year))
    return explain(RowsBad(n=known)) if known else ""


async def _mark_booked(list_id: int, order_nos: set[str]) -> None:
    """Another list has brought these meanwhile."""
    await fetch(
        "update foundation_platform_row set reason = $3 where batch = $1 and order_no = any($2)",
        list_id,
        list(order_nos),
        explain(OrderBooked()),
    )
    await fetch("update foundation_platform_list set bad = $2 where id = $1", list_id, len(order_nos))


async def _book(one: ListView, rows: list[RowView]) -> None:
    gifts = [_gift(one, row) for row in rows]
    ids = await insert_gifts(gifts)
    await _link(one, rows, ids)
    await _post(one, rows, ids)
    entry_id = await _count_fee(one)
    await advance(
        rules.LISTS,
        "foundation.platform_booked",
        one.id,
        actor_id=None,
        facts={"amount_fen": one.gross_fen},
        booked_at=clock.now(),
        entry=entry_id,
        content=None,
    )
    tell_counted(ids)


def _gift(one: ListView, row: RowView) -> dict[str, Any]:
    shown = rules.shown_name(row.name)
    return {
        "fund": one.fund_id,
        "organization": one.organization_id,
        "purpose": one.purpose_id,
        "donor": None,
        "donor_name": row.name if shown else "",
        "nickname": shown,
        "display": fund_rules.NICKNAME if shown else fund_rules.ANONYMOUS,
        "amount_fen": row.amount_fen,
        "method": fund_rules.BANK,
        "receipt_no": f"PT-{row.id}",
        "received_on": row.paid_on,
        "trace_code": secrets.token_urlsafe(18),
        "recorded_by": one.settled_by,
        "recorded_at": clock.now(),
        "state": fund_states.COUNTED,
        "counted_at": clock.now(),
    }


async def _link(one: ListView, rows: list[RowView], ids: list[int]) -> None:
    """The rows keep no name: their gifts have it. The database lets an order be booked once."""
    await fetch(
        "update foundation_platform_row r set gift = new.gift, is_booked = true, name = ''"
        " from unnest($1::bigint[], $2::bigint[]) as new (id, gift) where r.id = new.id",
        [row.id for row in rows],
        ids,
    )
    await current_unit().connection.execute(
        "insert into foundation_campaign_gift (campaign, gift) select $1, unnest($2::bigint[])",
        one.campaign_id,
        ids,
    )


async def _post(one: ListView, rows: list[RowView], ids: list[int]) -> None:
    donors, fund = await donors_account(one.organization_id), await fund_account(one.fund_id)
    now = clock.now()
    for done, (gift_id, row) in enumerate(zip(ids, rows, strict=True), 1):
        ref = Ref(fund_rules.GIFT, gift_id)
        record_audit("fund_gift.counted", ref, actor_id=one.settled_by, amount_fen=row.amount_fen)
        ledger.post(
            postings.gift(
                gift_id,
                purpose_id=one.purpose_id,
                donors=donors,
                fund=fund,
                amount_fen=row.amount_fen,
                at=now,
            )
        )
        if done % _TOLD_EVERY == 0 or done == len(rows):
            await progress.report(done, len(rows))


async def _count_fee(one: ListView) -> int | None:
    """The fund gets what was given; what the platform keeps is a cost of the foundation."""
    if not one.fee_fen:
        return None
    assert one.paid_out_on is not None, "it is settled"
    assert one.settled_by is not None, "it is settled"
    campaign = await campaigns.campaign(one.campaign_id)
    draft = EntryDraft(
        kind=year_rules.MANAGEMENT,
        what=translate(rules.FEE, title=campaign.title)[:_WHAT_MOST],
        amount_fen=one.fee_fen,
        occurred_on=one.paid_out_on,
        voucher_no=f"PT-{one.id}",
    )
    return await count_cost(
        one.organization_id, draft, recorded_by=one.settled_by, confirmed_by=one.confirmed_by
    )


async def take_back_gifts(list_id: int, *, actor_id: int) -> bool:
    """All of the list's gifts, in the caller's unit of work; False where a part of one is used."""
    rows = await fetch("select gift from foundation_platform_row where batch = $1 order by gift", list_id)
    if not await take_back([row["gift"] for row in rows], actor_id=actor_id):
        return False
    await fetch("update foundation_platform_row set is_booked = false where batch = $1", list_id)
    return True
