"""Statements of the first tenant's bank, and lines of every kind."""

from datetime import date, timedelta

from core import clock
from core.database import fetch, fetch_value
from core.payments import services
from core.people.rules import Actor
from plugins.garden.services import claim_plot
from tests.core.payments.bank import lines, open_bank_account, row, send, statement, take
from tests.core.payments.orders import make_order
from tests.factories import Committee, make_garden, make_resident
from workers.drain import run_due_jobs


async def _make_reviewed_lease(here: Committee) -> int:
    """A part of its money has gone back, and the committee is to decide."""
    _, [plot] = await make_garden(here, plots=1)
    paid = await claim_plot(plot, agreed=True, actor=await make_resident(here.region_id))
    owed_fen = await fetch_value("select total_fen from payment_order where id = $1", paid)
    await services.take_at_counter(paid, amount_fen=owed_fen, receipt_no="G1", actor=here.treasurer)
    await run_due_jobs()
    refund = await services.ask_refund(paid, amount_fen=500, reason="多收了", actor=here.treasurer)
    await services.pay_refund_out(refund, receipt_no="G2", actor=here.treasurer)
    await run_due_jobs()
    return int(await fetch_value('select id from garden_lease where "order" = $1', paid))


async def make_payout(here: Committee) -> int | None:
    """A payout as large as the line that waits for it, where there is an account at a provider."""
    found: int | None = await fetch_value(
        "insert into payment_settlement_line (merchant, external_id, kind, amount, fee, currency, source,"
        " booked_at, noted_at, verdict) select id, 'po_like', 'payout', -321, 0, 'cny', 'po_like', $2, $2,"
        " 'agrees' from payment_merchant where organization = $1 limit 1 returning id",
        here.id,
        clock.begin_of(date(2026, 11, 19)),
    )
    return found


async def _make_taking(here: Committee, resident: Actor) -> tuple[int, int]:
    """(order, taking): money at the counter that a second person has still to see."""
    order = await make_order(here, resident, amounts=(500_001,), expires_at=clock.now() + timedelta(days=2))
    taking = await fetch_value(
        'insert into payment_taking ("order", payee, channel, amount_fen, receipt_no, asked_by, asked_at)'
        " values ($1, $2, 'pos', 500001, 'D1', $3, $4) returning id",
        order,
        here.id,
        here.treasurer.person_id,
        clock.now(),
    )
    return order, int(taking)


async def make_bank_things(here: Committee, resident: Actor) -> dict[str, int]:
    """A statement whose columns are to be chosen, one to be taken over, and money that waits for somebody."""
    await open_bank_account(here)
    order = await make_order(here, resident, amounts=(4321,), expires_at=clock.now() + timedelta(days=2))
    transfer = await make_order(here, resident, amounts=(99,), expires_at=clock.now() + timedelta(days=2))
    choosing = await services.ask_for_statement(here.id, statement(row("C", "3")), actor=here.treasurer)
    await take(here, row("A1", "43.21"), row("A2", "8.88"), row("A3", "1.23"), row("A4", "3.21"))
    waiting, returning, aside, other = await lines(here)
    await services.decide_return(returning.id, actor=here.treasurer)
    await services.mark_not_ours(aside.id, actor=here.treasurer)
    judged = await send(here, statement(row("B1", "2.00")))
    await fetch("update payment_statement set columns = '{}' where id = $1", choosing)
    await fetch(
        "insert into payment_merchant_change (organization, provider, ends, state, problem, asked_by,"
        " asked_at, ended_at) values ($1, 'stripe', true, 'refused', 'busy', $2, now(), now())",
        here.id,
        here.treasurer.person_id,
    )
    held, taking = await _make_taking(here, resident)
    return {
        "held": held,
        "taking": taking,
        "much": await make_order(
            here, resident, amounts=(500_002,), expires_at=clock.now() + timedelta(days=2)
        ),
        "payout": await make_payout(here) or 0,
        "lease": await _make_reviewed_lease(here),
        "order": order,
        "transfer": transfer,
        "choosing": choosing,
        "judged": judged,
        "waiting": waiting.id,
        "returning": returning.id,
        "aside": aside.id,
        "other": other.id,
    }
