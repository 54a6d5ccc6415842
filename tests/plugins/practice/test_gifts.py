"""The demo world's gifts: through every provider, once, so that each page has something to show."""

import asyncio
import socket
from pathlib import Path

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.demo import build_region
from core.funds.services import import_funds
from core.funds.services.imports import NewFund
from core.organizations.services import register_organization
from core.payments import queries
from core.people.rules import Actor, Grant
from core.reference import Ref
from plugins.practice import demo
from plugins.practice.commands.here import running_here
from plugins.practice.demo import gifts
from tests.factories import make_resident


@pytest.fixture
async def foundations(db: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two of them with funds, before any stand-in runs, as `yiji up` finds them."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", f"http://127.0.0.1:{chosen.getsockname()[1]}")
    region_id, found = await build_region(), []
    keeper = await make_resident(region_id)
    for name in ("甲样基金会", "乙样基金会"):
        found.append(await register_organization(name, kind="foundation", region_id=region_id))
        at = Ref("organization", found[-1])
        grants = (Grant("core.manager", at), Grant("core.fund_treasurer", at))
        actor = Actor(keeper.person_id, keeper.name, keeper.household_id, grants)
        await import_funds(found[-1], [NewFund(f"{name}{n}", "样例", ()) for n in range(16)], actor=actor)
    await demo.open_cashier(lambda done, of: None)
    return found


async def _build() -> None:
    await demo.build_gifts(lambda done, of: None, stand_ins=running_here)


async def _counts() -> list[int]:
    tables = ("fund_gift", "payment_fact", "payment_refund", "payment_dispute", "payment_settlement_line")
    return [await fetch_value(f"select count(*) from {table}") for table in (*tables, "ledger_transfer")]


async def test_every_page_about_money_has_something_to_show(foundations: list[int]) -> None:
    await _build()
    ways = await fetch(
        "select coalesce(m.provider, p.channel) as way, count(*) as gifts, count(distinct g.fund) as funds"
        ' from fund_gift g join payment_order o on o.id = g."order" left join payment p on p."order" = o.id'
        ' left join payment_attempt a on a."order" = o.id left join payment_merchant m on m.id = a.merchant'
        " where g.state = 'counted' group by 1 order by 1"
    )
    assert [tuple(row) for row in ways] == [("cash", 3, 3), ("stripe", 6, 6), ("wechatpay", 6, 6)]
    returned = await fetch("select returned_fen = amount_fen as whole from fund_gift where returned_fen > 0")
    assert [row["whole"] for row in returned].count(True) == 4  # three refunds and the dispute
    assert [row["whole"] for row in returned].count(False) == 3
    assert len(await queries.disputes(foundations, only_open=True, before_id=None, limit=9)) == 1
    assert await fetch_value("select count(*) from payment_settlement_line where kind = 'payout'") == 4
    assert await fetch_value("select count(*) from payment_settlement_line where is_paid_out") > 0
    assert [one.difference for one in await queries.clearings(foundations)] == [0, 0]
    assert await plugins.collect("collect_differences") == []
    payouts = {one.amount: one for one in await queries.payouts(foundations, limit=9)}
    now = clock.now()
    assert payouts[28980].line_id is not None
    assert [(payouts[fen].line_id, payouts[fen].is_overdue(now)) for fen in (11592, 20000)] == [
        (None, True)
    ] * 2
    lines = await queries.bank_lines_of(foundations, only_waiting=True, before_id=None, limit=9)
    assert [one.reason for one in lines] == ["unknown", "payout"]


async def test_a_second_time_nothing_is_added(foundations: list[int]) -> None:
    await _build()
    before = await _counts()
    await _build()
    assert await _counts() == before


@pytest.mark.parametrize("where", ["_deliver", "_refund", "_dispute"])
async def test_an_interrupted_one_goes_on(
    foundations: list[int], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Stopped after the donor has paid and before anybody is told; before a refund, or a dispute."""

    async def stopped(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch, pytest.raises(asyncio.CancelledError):
        patch.setattr(gifts._World, where, stopped)
        await _build()
    await _build()
    assert await fetch_value("select count(*) from fund_gift where state = 'counted'") == 15
    assert await fetch_value("select count(*) from payment_fact where kind = 'captured'") == 12
    assert await plugins.collect("collect_differences") == []


async def test_where_no_stand_in_runs_nothing_is_made(
    foundations: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIJI_PAYMENT_STAND_IN")
    await _build()
    assert await fetch_value("select count(*) from payment_order") == 0
