"""What a provider tells: verified, in any order, told twice, late, lost, or meant for somebody else."""

import asyncio
import itertools
import json
import random
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors import (
    EndpointClosed,
    NotificationRefused,
)
from core.payments.services.taking import TAKE
from core.people.rules import Actor
from core.settings import load
from plugins.practice.commands.delivery import sign
from plugins.practice.rules import stand_in_key, webhook_secret
from tests.core.payments.closing import Closing
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, connect, start, state_of, tell
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def test_every_order_of_events_with_duplicates_books_the_same(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """All 120 orders of five events, some told twice, of 120 payments at once; looked into twice."""
    chance = random.Random(7)
    orders = [await make_order(committee, payer) for _ in range(120)]
    for order_id in orders:
        await services.start_payment(order_id, actor=payer)
    await run_due_jobs()
    told: list[list[dict[str, Any]]] = []
    for order_id, order in zip(orders, itertools.permutations(range(5)), strict=True):
        (attempt,) = await queries.attempts(order_id)
        stand_in.told.events.clear()
        stand_in.pay(attempt.external_id, "delayed")
        stand_in.pay(attempt.external_id, "arrived")
        events = [event for _, event in stand_in.told.events]
        events.append(dict(events[0], id=f"evt_{order_id}", type="charge.updated"))
        sent = [events[i] for i in order]
        told.append(sent + chance.choices(sent, k=3))
    for n in range(8):  # the nth notification of all payments, eight at a time
        for at in range(0, 120, 8):
            await asyncio.gather(*(tell(committee, sent[n]) for sent in told[at : at + 8]))
        if n in (2, 7):
            await run_due_jobs()
    for order_id in orders:
        assert await state_of(order_id) == ("paid", [("succeeded", "")])
    assert await fetch_value("select count(*) from payment_notification") == 120 * 5
    assert await fetch_value("select count(*) from payment_notification where handled_at is null") == 0
    assert await fetch_value("select count(*) from payment_fact") == 120
    assert await balance(committee, "core.public") == 120 * 3500
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 120
    assert await differences() == []


async def test_a_notification_before_our_own_commit_finds_the_attempt(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await fetch(
        "update payment_attempt set state = 'created', external_id = null, url = null where id = $1",
        attempt.id,
    )
    await tell(committee, stand_in.told.events[0][1])
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_a_payment_that_nobody_told_of_is_found_by_the_timetable(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await services.sweep()
    await run_due_jobs()
    assert (await state_of(order_id))[0] == "open"
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        await services.sweep()
        await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_a_notification_whose_job_was_lost_is_swept(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await tell(committee, stand_in.told.events[0][1])
    await fetch("delete from job where name = 'core.take_notification'")
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        await services.sweep()
        await run_due_jobs()
    row = await fetch_row("select handled_at is not null as handled, outcome from payment_notification")
    assert dict(row or {}) == {"handled": True, "outcome": "settled"}


async def test_signatures(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    stand_in.pay((await start(order_id, payer)).external_id)
    event = stand_in.told.events[0][1]
    now = int(clock.now().timestamp())
    for wrong in (
        {"timestamp": now - 310},
        {"timestamp": now - 86400},
        {"timestamp": now + 310},
        {"timestamp": now + 86400},
        {"secret": "whsec_of_somebody_else"},
        {"body": b"{}"},
        {"signature": ""},
        {"signature": "t=x,v1=y"},
        {"signature": "garbage"},
    ):
        with pytest.raises(NotificationRefused):
            await tell(committee, event, **wrong)
    for what in ([], "x", {}, {"data": 1}, {"id": 1, "type": 2, "livemode": 0, "data": {"object": []}}):
        with pytest.raises(NotificationRefused):
            await tell(committee, what)  # type: ignore[arg-type]
    thin = {"id": "evt_thin", "object": "v2.core.event", "type": "v1.checkout.session.completed"}
    with pytest.raises(NotificationRefused):
        await tell(committee, thin | {"related_object": {"id": "cs_1", "type": "checkout.session"}})
    secret = webhook_secret(stand_in_key(committee.id, load().secret), load().secret)
    with pytest.raises(NotificationRefused):
        await tell(committee, event, body=b"no json", signature=sign("no json", secret, now))
    assert await fetch_value("select count(*) from payment_notification") == 0
    assert await tell(committee, event, timestamp=now - 290)
    assert not await tell(committee, event, timestamp=now + 290)


async def test_while_its_secret_changes_an_event_is_signed_with_both(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    stand_in.pay((await start(order_id, payer)).external_id)
    event, now = stand_in.told.events[0][1], int(clock.now().timestamp())
    secret = webhook_secret(stand_in_key(committee.id, load().secret), load().secret)
    ours = sign(json.dumps(event), secret, now)
    theirs = sign(json.dumps(event), "whsec_the_former_one", now).partition(",")[2]
    assert await tell(committee, event, signature=f"{ours},{theirs}")
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_a_bank_that_says_no_in_the_end_leaves_the_order_to_be_paid(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """Told in either order: it was under way, and it failed."""
    for backwards in (False, True):
        order_id = await make_order(committee, payer)
        attempt = await start(order_id, payer)
        stand_in.told.events.clear()
        stand_in.pay(attempt.external_id, "delayed")
        stand_in.pay(attempt.external_id, "bounced")
        events = [event for _, event in stand_in.told.events]
        for event in reversed(events) if backwards else events:
            await tell(committee, event)
            await run_due_jobs()
        assert await state_of(order_id) == ("open", [("failed", "")])
        stand_in.pay((await start(order_id, payer)).external_id)
        await services.ask_to_settle(order_id, actor=payer)
        await run_due_jobs()
        assert (await state_of(order_id))[0] == "paid"


async def test_a_crowd_is_written_down_together_each_once(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """Thirty events, some told twice, a forged one, one that no database could keep: at one moment."""
    await connect(committee)
    about = {"metadata": {"reference": "nobody-knows-it"}}
    events = [
        {"id": f"evt_{n}", "type": "x", "livemode": False, "data": {"object": about}} for n in range(30)
    ]
    odd = dict(events[0], id="evt_\ud800\x00")
    results = await asyncio.gather(
        *(tell(committee, event) for event in [*events, *events[:10], odd]),
        tell(committee, dict(events[0], id="evt_forged"), secret="whsec_forged"),
        return_exceptions=True,
    )
    assert (results.count(True), results.count(False)) == (30, 11)
    assert isinstance(results[-1], NotificationRefused)
    assert await fetch_value("select count(*) from payment_notification") == 30
    assert await fetch_value("select count(*) from job where name = $1", TAKE) == 30


async def test_a_closed_endpoint(committee: Committee, stand_in: Cashier, closing: Closing) -> None:
    closing.leave_open("the account has no keys that open it")
    for other in (await make_committee(), await make_committee()):
        with pytest.raises(EndpointClosed):
            await tell(committee, {}, organization_id=other.id)
        keys = {"secret_key": "sk_standin_99_12345678"}
        await services.connect_merchant(other.id, "stripe", keys)
        with pytest.raises(EndpointClosed):
            await tell(committee, {}, organization_id=other.id, secret="")


async def test_an_event_replayed_to_another_account_moves_nothing(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    elsewhere = await make_committee()
    await connect(elsewhere)
    order_id = await make_order(committee, payer)
    stand_in.pay((await start(order_id, payer)).external_id)
    event = stand_in.told.events[0][1]
    with pytest.raises(NotificationRefused):
        await tell(committee, event, organization_id=elsewhere.id)
    await tell(elsewhere, event)  # signed with that account's own secret
    await run_due_jobs()
    assert (await state_of(order_id))[0] == "open"
    assert await fetch_value("select outcome from payment_notification") == "other_account"
    assert not await tell(committee, dict(event, livemode=True))


async def test_what_cannot_be_worked_on_is_set_aside_and_the_rest_goes_on(
    committee: Committee, payer: Actor, stand_in: Cashier, closing: Closing
) -> None:
    closing.leave_open("the provider speaks of another payment")
    poisoned, whole = [await make_order(committee, payer) for _ in range(2)]
    stand_in.pay((await start(poisoned, payer)).external_id)
    bad = stand_in.told.events[-1][1]
    (attempt,) = await queries.attempts(poisoned)
    assert attempt.external_id is not None
    stand_in.books._sessions[attempt.external_id]["client_reference_id"] = "of somebody else"
    stand_in.pay((await start(whole, payer)).external_id)
    for event in (bad, stand_in.told.events[-1][1]):
        await tell(committee, event)
    await run_due_jobs()
    assert (await state_of(whole))[0] == "paid"
    assert (await state_of(poisoned))[0] == "open"
    rows = await fetch("select outcome, problem from payment_notification order by id")
    assert [row["outcome"] for row in rows] == ["set_aside", "settled"]
    assert rows[0]["problem"].startswith("LookupError in ask_provider")
    (shown,) = await queries.set_aside([committee.id], limit=9)
    assert shown.problem == rows[0]["problem"]
    assert await differences() == []
