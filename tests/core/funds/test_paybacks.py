"""A payee gives back what it did not use: two persons, each slip once, never more than was paid."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.errors import OwnPayment, OwnRequest, ReasonMissing
from core.funds.errors.paybacks import (
    FundOver,
    NotPaidYet,
    PaybackNotFound,
    PaybackSlipUsed,
    PaybackTooMuch,
    PaybackWaits,
)
from core.funds.queries import funds, requests, traces
from core.funds.rules.quarters import quarter_of
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from plugins.foundation.queries import years
from tests.core.funds.world import VOUCHER, FundWorld, give, held, paid, report, transfers


async def book(
    world: FundWorld, request_id: int, amount_fen: int, slip: str = "T-1", *, actor: Actor | None = None
) -> None:
    await services.prepare_payback(
        request_id,
        amount_fen=amount_fen,
        slip_no=slip,
        reason="书便宜了",
        upload=VOUCHER,
        actor=actor or world.treasurer,
    )


async def come_back(world: FundWorld, request_id: int, amount_fen: int, slip: str = "T-1") -> None:
    await book(world, request_id, amount_fen, slip)
    await services.sign_payback(request_id, actor=world.payer)


async def gift_of(receipt_no: str) -> dict[str, int]:
    id_ = await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no)
    return {part.kind: part.amount_fen for part in await traces.trace_gift(id_)}


async def proof() -> None:
    assert await plugins.collect("collect_differences") == []


async def test_a_part_goes_to_the_lots_it_came_from(world: FundWorld) -> None:
    request_id = await paid(world, 12000)  # 100.00 of S-1, 20.00 of the free S-2
    assert (await gift_of("S-1"), await gift_of("S-2")) == ({"paid": 10000}, {"paid": 2000, "left": 3000})
    await come_back(world, request_id, 2500)
    assert await gift_of("S-1") == {"paid": 9500, "left": 500}
    assert await gift_of("S-2") == {"left": 5000}
    assert (await requests.request(request_id)).used_fen == 9500
    assert await funds.holdings(world.fund) == (8500, 0)
    assert await funds.available(world.fund, world.elders) == 8000  # S-1 stays bound to the children
    await proof()


async def test_it_comes_back_again_up_to_all_and_never_more(world: FundWorld) -> None:
    request_id = await paid(world, 6200)
    await report(world, request_id)
    for wrong in (0, 6201):
        with pytest.raises(PaybackTooMuch, match=r"62\.00"):
            await book(world, request_id, wrong)
    await come_back(world, request_id, 1)
    await proof()
    with pytest.raises(PaybackTooMuch, match=r"61\.99"):
        await book(world, request_id, 6200, "T-2")
    await come_back(world, request_id, 6199, "T-2")
    assert await gift_of("S-1") == {"left": 10000}
    with pytest.raises(PaybackTooMuch):
        await book(world, request_id, 1, "T-3")
    await proof()


async def test_a_slip_is_booked_once_and_one_waits_at_a_time(world: FundWorld) -> None:
    first, second = await paid(world, 2000), await paid(world, 2000, payment_no="P-2")
    await book(world, first, 100)
    await book(world, first, 100)  # the second click
    with pytest.raises(PaybackWaits):
        await book(world, first, 100, "T-2")
    with pytest.raises(PaybackSlipUsed):
        await book(world, second, 100)
    await services.drop_payback(first, actor=world.treasurer)
    await book(world, second, 100)
    with pytest.raises(PaybackNotFound):
        await services.sign_payback(first, actor=world.payer)


async def test_two_persons_and_none_of_those_who_asked(world: FundWorld, other: FundWorld) -> None:
    request_id = await paid(world)
    with pytest.raises(ReasonMissing):
        await services.prepare_payback(
            request_id, amount_fen=1, slip_no="T", reason=" ", upload=VOUCHER, actor=world.treasurer
        )
    for stranger in (other.treasurer, world.payer, world.asker):
        with pytest.raises(PermissionMissing):
            await book(world, request_id, 100, actor=stranger)
    with pytest.raises(OwnRequest):
        await book(
            world, request_id, 100, actor=Actor(world.asker.person_id, "", None, world.treasurer.grants)
        )
    await book(world, request_id, 100)
    with pytest.raises(PermissionMissing):
        await services.sign_payback(request_id, actor=other.payer)
    with pytest.raises(OwnPayment):
        same = Actor(world.treasurer.person_id, "", None, world.payer.grants)
        await services.sign_payback(request_id, actor=same)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update fund_payback set state = 'returned', signed_by = prepared_by, signed_at = now()")


async def test_it_is_signed_once_by_many_clicks(world: FundWorld) -> None:
    request_id = await paid(world)
    await book(world, request_id, 100)
    before = await transfers()
    await asyncio.gather(*(services.sign_payback(request_id, actor=world.payer) for _ in range(4)))
    assert await transfers() == before + 3
    assert (await requests.request(request_id)).returned_fen == 100
    await proof()


async def test_only_what_was_paid_and_to_a_fund_that_is_there(world: FundWorld) -> None:
    request_id = await held(world)
    with pytest.raises(NotPaidYet):
        await book(world, request_id, 100)
    done = await paid(world, 2000, payment_no="P-2")
    await fetch("update fund set state = 'closed' where id = $1", world.fund)
    with pytest.raises(FundOver):
        await book(world, done, 100)


async def test_what_came_back_pays_for_another_use(world: FundWorld) -> None:
    await come_back(world, await paid(world, 15000), 15000)
    assert await funds.available(world.fund, world.children) == 15000
    await paid(world, 15000, payment_no="P-2")
    assert await gift_of("S-1") == {"paid": 10000}
    await proof()


async def test_year_and_quarter_count_it_when_it_came_back(world: FundWorld) -> None:
    last, first = datetime(2027, 12, 31, 15, tzinfo=UTC), datetime(2027, 12, 31, 16, tzinfo=UTC)
    with clock.frozen(last):
        await give(world, 100, "S-9")
        request_id = await paid(world)
    with clock.frozen(first):
        await come_back(world, request_id, 1200)
    old, new = await years.books([(world.foundation, year) for year in (2027, 2028)])
    assert (old.paid_fen, new.paid_fen) == (6200, -1200)
    with clock.frozen(first):
        lines = await traces.publication([world.fund], quarter_of(clock.today()))
    assert sum(line.uses_fen for line in lines) == -1200
    assert sum(line.income_fen for line in lines) == 0
