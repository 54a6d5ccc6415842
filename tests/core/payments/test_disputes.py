"""Disputes: the bank takes the money and may give it back; never a payment's state."""

from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.people.rules import Actor
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, pay, state_of, tell
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def _all(committee: Committee) -> list[tuple[str, int]]:
    found = await queries.disputes([committee.id], only_open=False, before_id=None, limit=9)
    return [(one.state, one.amount_fen) for one in found]


async def _tell_everything(committee: Committee, stand_in: Cashier) -> None:
    """In reverse, and twice."""
    for _, event in [*reversed(stand_in.told.events)] * 2:
        await tell(committee, event)
    stand_in.told.events.clear()
    await run_due_jobs()


async def test_opened_and_won(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    stand_in.told.events.clear()
    stand_in.pay(attempt.external_id, "disputed")
    await _tell_everything(committee, stand_in)
    assert await _all(committee) == [("open", 3500)]
    assert await state_of(order_id) == ("paid", [("succeeded", "")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        0,
        0,
    )
    (todo,) = [
        t for t in await queries.todos(committee.treasurer, clock.now()) if t.path == "/counter/disputes"
    ]
    assert todo.due_at is not None
    assert todo.due_at > clock.now() + timedelta(days=8)
    assert await queries.todos((await make_committee()).treasurer, clock.now()) == []
    assert [source.left_fen for source in await queries.sources(order_id)] == [0]

    stand_in.pay(attempt.external_id, "dispute_won")
    await _tell_everything(committee, stand_in)
    assert await _all(committee) == [("won", 3500)]
    assert await balance(committee, "core.public") == 3500
    assert await balance(committee, "core.outside_online") == -3500
    kinds = {line.kind for line in await queries.history(order_id)}
    assert kinds == {"captured", "disputed", "dispute_returned", "dispute_won"}
    rows = await fetch(
        "select title from notification where person = $1 order by id", committee.treasurer.person_id
    )
    assert [row["title"] for row in rows] == ["付款人提出了争议", "争议结束，我方有理"]
    assert await fetch_value("select count(*) from event where name = 'dispute_moved'") == 2
    assert await differences() == []


async def test_lost_after_a_part_went_back(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    stand_in.refund(committee, attempt.external_id, 500)
    await services.settle(attempt.id)
    stand_in.pay(attempt.external_id, "disputed")
    stand_in.pay(attempt.external_id, "dispute_lost")
    for _ in range(3):
        await services.settle(attempt.id)
    assert await _all(committee) == [("lost", 3000)]
    assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        0,
        0,
    )
    assert await differences() == []


async def test_the_whole_is_disputed_after_a_part_went_back(
    committee: Committee, payer: Actor, stand_in: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More has left than had come: the clearing account says so, and the rest is the payee's loss."""
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    stand_in.refund(committee, attempt.external_id, 500)
    await services.settle(attempt.id)
    monkeypatch.setattr(stand_in.books, "_gone", lambda _intent: 0)
    stand_in.pay(attempt.external_id, "disputed")
    await services.settle(attempt.id)
    assert await _all(committee) == [("open", 3500)]
    kinds = ("core.public", "core.refund_loss", "core.outside_online")
    assert [await balance(committee, kind) for kind in kinds] == [0, -500, 500]
    stand_in.pay(attempt.external_id, "dispute_won")
    await services.settle(attempt.id)
    assert [await balance(committee, kind) for kind in kinds] == [3000, 0, -3000]
    assert await differences() == []


async def test_what_is_disputed_is_not_sent_back_too(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """The provider knows of the dispute before we do, and takes no refund."""
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    refund_id = await services.ask_refund(
        order_id, amount_fen=3500, reason="退", actor=committee.treasurer, attempt_id=attempt.id
    )
    stand_in.pay(attempt.external_id, "disputed")
    await run_due_jobs()
    refund = await queries.refund(refund_id)
    assert (refund.state, refund.problem) == ("failed", "refused")
    assert await balance(committee, "core.public") == 0
    assert await differences() == []
