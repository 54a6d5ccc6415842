"""Gifts that are paid online: promised with an order, counted in the same moment as their money."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core import clock
from core.audit.services import Step, advance, advance_each, record_audit
from core.cipher import fingerprint
from core.database import current_unit, fetch, fetch_row, fetch_value, unit_of_work
from core.events.services import record_event
from core.funds import postings, rules
from core.funds.errors import GiftNotFound
from core.funds.queries import funds, gifts
from core.funds.rules import Promise, states
from core.funds.services.gifts import check_purpose, fund_account, tell_counted
from core.funds.services.receipts import void_receipts
from core.funds.services.wishes import drop_wishes, promise_wish
from core.manifest import OrderCause
from core.payments import queries as orders
from core.payments import services as payments
from core.payments.errors import OnlineNotOffered
from core.payments.providers import DESKTOP
from core.people.rules import Actor, address_block
from core.reference import Ref

LAPSE = "core.lapse_gifts"
_COLUMNS = {"counted_at": "timestamptz", "received_on": "date", "asked_from": "bytea"}
_AT_ONCE = 500


async def begin_gift(fund_id: int, promise: Promise, *, actor: Actor | None, address: str = "") -> int:
    """Promise a gift to a fund; returns the order by which it is paid, to the foundation's own account.

    Whoever is not logged in (`actor` None) comes back to it by its page alone, and is counted by `address`.
    Raises GiftAmountWrong, DonorNameMissing, NicknameMissing, FundNotOpenForGifts, PurposeUnknown,
    OnlineNotOffered, TooManyPromises.
    """
    rules.check_amount(promise.amount_fen)
    rules.check_display(promise)
    async with unit_of_work():
        fund = await funds.fund(fund_id)
        rules.check_takes_gifts(fund.state)
        await check_purpose(fund_id, promise.purpose_id)
        if not await orders.takes_from_afar(fund.organization_id):
            raise OnlineNotOffered
        asked_from = await _count_stranger(fund.organization_id, address) if actor is None else None
        return await _write(fund, promise, actor, asked_from)


async def _count_stranger(organization_id: int, address: str) -> bytes:
    """Who gives from the same address queues up; raises TooManyPromises."""
    asked_from = fingerprint(address_block(address).encode() if address else b"", "core.gift_address")
    most = (await funds.terms(organization_id))[rules.PROMISES]
    lock = f"gifts {asked_from.hex()}"
    await fetch_row("select pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
    now = clock.now()
    rows = await fetch(
        "select recorded_at from fund_gift where asked_from = $1 and recorded_at > $2"
        " order by recorded_at desc limit $3",
        asked_from,
        now - rules.PROMISES_WITHIN,
        most,
    )
    rules.check_promises([row["recorded_at"] for row in rows], most, now)
    return asked_from


async def _write(
    fund: funds.FundView, promise: Promise, actor: Actor | None, asked_from: bytes | None
) -> int:
    gift_id = await fetch_value("select nextval(pg_get_serial_sequence('fund_gift', 'id'))")
    now, code = clock.now(), secrets.token_urlsafe(18)
    line = postings.gift_line(
        gift_id,
        purpose_id=promise.purpose_id,
        fund=await fund_account(fund.id),
        amount_fen=promise.amount_fen,
    )
    order_id = await payments.create_order(
        payee_id=fund.organization_id,
        payer=replace(actor, household_id=None) if actor else None,  # not the family's business
        cause=Ref(rules.GIFT, gift_id),
        lines=[line],
        expires_at=now + rules.PAY_WITHIN,
        page=f"/giving/{code}",
    )
    current_unit().insert(
        "fund_gift",
        id=gift_id,
        fund=fund.id,
        organization=fund.organization_id,
        purpose=promise.purpose_id,
        donor=actor.person_id if actor else None,
        donor_name=promise.donor_name,
        nickname=promise.nickname if promise.display == rules.NICKNAME else "",
        display=promise.display,
        amount_fen=promise.amount_fen,
        method=rules.ONLINE,
        order=order_id,
        receipt_no=f"W-{order_id}",
        received_on=clock.today(),
        trace_code=code,
        state=states.PROMISED,
        recorded_by=actor.person_id if actor else None,
        recorded_at=now,
        asked_from=asked_from,
        returned_fen=0,
    )
    if promise.fiscal is not None:
        promise_wish(gift_id, promise.fiscal, actor.person_id if actor else None)
    record_audit("fund_gift.promised", Ref(rules.GIFT, gift_id), actor_id=actor.person_id if actor else None)
    return order_id


async def pay_gift(code: str, *, provider_id: str = "", device: str = DESKTOP, payer: str = "") -> None:
    """Begin to pay the promised gift of that code. Raises GiftNotFound, and what `start_payment` raises."""
    order_id = await _order_of(code)
    await payments.start_payment(order_id, actor=None, provider_id=provider_id, device=device, payer=payer)


async def leave_gift_payment(code: str) -> None:
    """Whoever gives wants another way to pay: have this one closed. Raises GiftNotFound."""
    await payments.leave_payment(await _order_of(code), actor=None)


async def transfer_gift(code: str) -> None:
    """Whoever gives transfers it from a bank. Raises GiftNotFound, and what `begin_transfer` raises."""
    await payments.begin_transfer(await _order_of(code), actor=None)


async def drop_gift_transfer(code: str) -> None:
    """Whoever gives does not transfer it after all. Raises GiftNotFound."""
    await payments.drop_transfer(await _order_of(code), actor=None)


async def ask_about_gift(code: str) -> None:
    """Whoever gives is back from the provider's page: have it asked. Raises GiftNotFound."""
    await payments.ask_to_settle(await _order_of(code), actor=None)


async def _order_of(code: str) -> int:
    gift = await gifts.online_gift(code)
    if gift.order_id is None:
        raise GiftNotFound
    return gift.order_id


async def _take(gift_ids: Sequence[int]) -> set[int]:
    """Count promised gifts whose money has come; not those to a fund that has ended meanwhile."""
    open_ = await fetch(
        "select id from fund where id in (select fund from fund_gift where id = any($1))"
        " and state in ('open', 'closing') order by id for share",
        list(gift_ids),
    )
    rows = await fetch(
        "select id, amount_fen from fund_gift where id = any($1) and fund = any($2) order by id",
        list(gift_ids),
        [row["id"] for row in open_],
    )
    now, today = clock.now(), clock.today()
    steps = [
        Step(row["id"], "fund_gift.paid", {"amount_fen": row["amount_fen"]}, (now, today, None))
        for row in rows
    ]
    counted = set(await advance_each(states.GIFTS, steps, actor_id=None, columns=_COLUMNS))
    tell_counted(sorted(counted))
    return counted


async def _note_returned(gone: Mapping[int, int]) -> None:
    """So much of each gift has gone back the way it came."""
    rows = await fetch(
        "update fund_gift g set returned_fen = n.gone, returned_at = $3"
        " from unnest($1::bigint[], $2::bigint[]) as n (id, gone)"
        " where g.id = n.id and g.state = 'counted' and g.returned_fen <> n.gone returning g.id",
        list(gone),
        list(gone.values()),
        clock.now(),
    )
    await void_receipts([row["id"] for row in rows])
    for row in rows:
        record_event("fund_gift_refunded", Ref(rules.GIFT, row["id"]), gift_id=row["id"])


async def lapse_gifts() -> None:
    """Drop promises that nobody paid in time, and those to funds that take no more gifts.

    Not while a transfer is awaited, or money at the counter waits for a second person. Where somebody may
    just be paying, the provider is asked to close first, and the next round drops it.
    """
    async with unit_of_work():
        rows = await fetch(
            "select o.id as order_id, g.id as gift_id from payment_order o"
            " join fund_gift g on g.id = o.cause_id join fund f on f.id = g.fund"
            " where o.cause_kind = $1 and o.state = 'open' and (o.expires_at <= $2 or f.state <> 'open')"
            ' and not exists (select from payment_transfer t where t."order" = o.id and t.held_until > $2)'
            """ and not exists (select from payment_taking k where k."order" = o.id and k.state = 'asked')"""
            " order by o.id limit $3",
            rules.GIFT,
            clock.now(),
            _AT_ONCE,
        )
        lapsed: list[int] = []
        for row in rows:
            if await payments.cancel_order(row["order_id"], actor_id=None):
                await advance(
                    states.GIFTS, "fund_gift.lapsed", row["gift_id"], actor_id=None, asked_from=None
                )
                lapsed.append(row["gift_id"])
        await drop_wishes(lapsed)


CAUSE = OrderCause(kind=rules.GIFT, take=_take, note_returned=_note_returned)
