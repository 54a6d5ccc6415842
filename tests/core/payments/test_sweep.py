"""The timetable asks about everything that is overdue, page by page, one account after the other."""

from datetime import timedelta

import pytest

from core import clock
from core.database import fetch
from core.dossiers import parts
from core.payments import queries, services
from core.payments.services import notifications
from core.people.rules import Actor
from core.reference import Ref
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, connect, pay, start
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs


async def test_a_crowd_at_one_account_keeps_no_other_waiting(
    committee: Committee, payer: Actor, stand_in: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make_committee()
    await connect(other)
    crowd = [(await start(await make_order(committee, payer), payer)).id for _ in range(5)]
    alone = (await start(await make_order(other, payer), payer)).id
    monkeypatch.setattr(notifications, "_AT_ONCE", 2)
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        for _ in range(2):  # within the same five minutes each is asked for once
            await services.sweep()
        rows = await fetch(
            "select (args->>'attempt_id')::bigint as attempt from job"
            " where name = $1 and state = 'waiting' order by due_at, id",
            services.SETTLE,
        )
        asked = [row["attempt"] for row in rows]
        assert sorted(asked) == sorted([*crowd, alone])
        assert alone in asked[:2]
    with clock.frozen(clock.now() + timedelta(minutes=6, seconds=1)):
        await run_due_jobs()
        await services.sweep()
    assert await fetch("select from job where state = 'waiting' and name = $1", services.SETTLE) == []


async def test_the_dossier_tells_of_payments_refunds_disputes_and_settlements(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    await services.ask_refund(
        order_id, amount_fen=500, reason="多收", actor=committee.treasurer, attempt_id=attempt.id
    )
    await run_due_jobs()
    stand_in.pay(attempt.external_id, "disputed")
    await services.settle(attempt.id)
    (merchant,) = await queries.merchants(organization_ids=[committee.id])
    await services.reconcile(merchant.id)
    found = {part.name: part.rows for part in await parts.of_core(Ref("organization", committee.id))}
    assert [row["state"] for row in found["online_payments"]] == ["partially_refunded"]
    assert sorted(row["kind"] for row in found["online_money"]) == ["captured", "disputed", "refunded"]
    assert [row["amount_fen"] for row in found["refunds"]] == [500]
    assert [(row["state"], row["amount_fen"]) for row in found["disputes"]] == [("open", 3000)]
    assert {row["verdict"] for row in found["settlements"]} == {"agrees"}
    assert payer.name not in str(found["online_payments"]) + str(found["settlements"])
