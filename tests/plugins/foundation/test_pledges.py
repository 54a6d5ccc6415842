"""Pledges in the database and on pages: kept by gifts, apart from money, refused in words."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.errors import YijiError
from core.funds import services as funds
from core.funds.errors import FundNotOpenForGifts, ReasonMissing
from core.funds.queries.funds import available
from core.people.errors import PermissionMissing
from core.people.masks import GONE
from core.workflow import WrongState
from plugins.foundation.errors.pledges import GiftLinked, GiftNotOfPledge, PledgeBinds, PledgeNotFound
from plugins.foundation.queries import pledges as queries
from plugins.foundation.rules.pledges import HARDSHIP, NOT_BOUND, Part, PledgeDraft
from plugins.foundation.services import pledges as services
from tests.core.funds.world import FundWorld, give, make_fund_world
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form


@pytest.fixture
async def world(db: str) -> FundWorld:
    return await make_fund_world()


def draft(**changes: object) -> PledgeDraft:
    today = clock.today()
    known: dict[str, object] = {
        "purpose_id": None,
        "donor_id": None,
        "donor_name": "认样人",
        "nickname": "",
        "display": "name",
        "is_binding": False,
        "parts": (Part(today + timedelta(days=3), 10000), Part(today + timedelta(days=40), 5000)),
    }
    return PledgeDraft(**(known | changes))  # type: ignore[arg-type]


async def received(pledge_id: int) -> tuple[str, list[int]]:
    found = await queries.pledge(pledge_id)
    return found.state, [due.received_fen for due in (await queries.dues([found]))[pledge_id]]


async def test_gifts_keep_a_pledge_which_is_no_money(world: FundWorld) -> None:
    pledge_id = await services.record_pledge(world.fund, draft(), actor=world.treasurer)
    assert await available(world.fund, None) == 0
    (part,) = await queries.fund_part(world.fund)
    assert [line.amount_fen for line in part.lines] == [15000]
    await give(world, 12000, "S-1")
    await asyncio.gather(*(services.link_gift(pledge_id, "S-1", actor=world.treasurer) for _ in range(3)))
    assert await received(pledge_id) == ("open", [10000, 2000])
    found = await queries.sums(world.foundation)
    assert (found.promised_fen, found.received_fen) == (15000, 12000)
    await give(world, 4000, "S-2")
    await services.link_gift(pledge_id, "S-2", actor=world.treasurer)
    assert await received(pledge_id) == ("kept", [10000, 5000])
    assert await queries.fund_part(world.fund) == []
    await services.link_gift(pledge_id, "S-2", actor=world.treasurer)
    await give(world, 100, "S-3")
    with pytest.raises(WrongState):
        await services.link_gift(pledge_id, "S-3", actor=world.treasurer)


async def test_a_gift_that_went_back_keeps_nothing(world: FundWorld) -> None:
    pledge_id = await services.record_pledge(world.fund, draft(), actor=world.treasurer)
    gift = await give(world, 10000, "S-1")
    await services.link_gift(pledge_id, "S-1", actor=world.treasurer)
    await funds.prepare_refund(gift, reason="捐错了", payment_no="T-1", actor=world.treasurer)
    await funds.sign_refund(gift, actor=world.payer)
    assert await received(pledge_id) == ("open", [0, 0])


async def test_a_gift_keeps_one_pledge_of_its_own_fund(world: FundWorld) -> None:
    first, second = [
        await services.record_pledge(world.fund, draft(), actor=world.treasurer) for _ in range(2)
    ]
    await give(world, 1000, "S-1")
    await give(world, 600_000, "S-2")
    await services.link_gift(first, "S-1", actor=world.treasurer)
    refused: list[tuple[str, type[YijiError]]] = [
        ("S-1", GiftLinked), ("S-2", GiftNotOfPledge), ("S-9", GiftNotOfPledge),
    ]  # fmt: skip
    for receipt_no, refusal in refused:
        with pytest.raises(refusal):
            await services.link_gift(second, receipt_no, actor=world.treasurer)


async def test_who_may_what(world: FundWorld) -> None:
    other = await make_fund_world(name="别样基金会")
    for stranger in (other.treasurer, world.donor, world.checker):
        with pytest.raises(PermissionMissing):
            await services.record_pledge(world.fund, draft(), actor=stranger)
    mine = draft(donor_id=world.donor.person_id)
    pledge_id = await services.record_pledge(world.fund, mine, actor=world.treasurer)
    assert (await queries.pledge_for(pledge_id, world.donor)).id == pledge_id
    for stranger in (other.treasurer, world.asker):
        with pytest.raises(PledgeNotFound):
            await queries.pledge_for(pledge_id, stranger)
        with pytest.raises(PledgeNotFound):
            await services.link_gift(pledge_id, "S-1", actor=stranger)
    with pytest.raises(PledgeNotFound):
        await services.withdraw_pledge(pledge_id, ground=HARDSHIP, reason="病了", actor=world.treasurer)
    await funds.stop_gifts(world.fund, actor=world.head)
    with pytest.raises(FundNotOpenForGifts):
        await services.record_pledge(world.fund, draft(), actor=world.treasurer)


async def test_what_binds_is_withdrawn_in_hardship_alone_and_with_a_reason(world: FundWorld) -> None:
    pledge_id = await services.record_pledge(world.fund, draft(is_binding=True), actor=world.treasurer)
    with pytest.raises(PledgeBinds):
        await services.withdraw_pledge(pledge_id, ground=NOT_BOUND, reason="不想捐了", actor=world.head)
    with pytest.raises(ReasonMissing):
        await services.withdraw_pledge(pledge_id, ground=HARDSHIP, reason=" ", actor=world.head)
    for _ in range(2):
        await services.withdraw_pledge(pledge_id, ground=HARDSHIP, reason="停产了", actor=world.head)
    assert (await queries.pledge(pledge_id)).state == "withdrawn"
    found = await queries.sums(world.foundation)
    assert (found.promised_fen, found.received_fen) == (0, 0)
    await give(world, 100, "S-1")
    with pytest.raises(WrongState):
        await services.link_gift(pledge_id, "S-1", actor=world.treasurer)


async def test_what_is_soon_due_or_late_waits_for_treasurer_and_donor(world: FundWorld) -> None:
    mine = draft(donor_id=world.donor.person_id)
    pledge_id = await services.record_pledge(world.fund, mine, actor=world.treasurer)
    for who in (world.treasurer, world.donor):
        assert [todo.path for todo in await queries.todos(who)] == [f"/foundation/pledges/{pledge_id}"]
    assert await queries.todos(world.checker) == []
    await give(world, 10000, "S-1")
    await services.link_gift(pledge_id, "S-1", actor=world.treasurer)
    assert await queries.todos(world.treasurer) == []
    with clock.frozen(clock.now() + timedelta(days=41)):
        (todo,) = await queries.todos(world.donor)
        assert todo.due_at is not None
        assert todo.due_at < clock.now()


async def test_whose_account_ends_is_named_no_more(world: FundWorld) -> None:
    mine = draft(donor_id=world.donor.person_id)
    pledge_id = await services.record_pledge(world.fund, mine, actor=world.treasurer)
    await services.forget_pledger(world.donor.person_id)
    assert (await queries.pledge(pledge_id)).donor_name == GONE


async def test_a_pledge_through_pages_and_programs(client: httpx.AsyncClient) -> None:
    phones = {who: new_phone() for who in ("head", "treasurer", "donor")}
    world = await make_fund_world(phones)
    at, today = f"/foundation/{world.foundation}/pledges", clock.today()
    await log_in(client, phones["treasurer"])
    typed = {"fund_id": str(world.fund), "donor_name": "认样人", "display": "anonymous", "parts": "明年 100"}
    refused = await send_form(client, at, seen_on=f"{at}/new", **typed)
    assert refused.status_code == 422
    assert "第 1 行看不懂" in refused.text
    assert "明年 100" in refused.text
    made = await send_form(client, at, seen_on=f"{at}/new", **(typed | {"parts": f"{today} 100"}))
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    await give(world, 4000, "S-1")
    wrong = await send_form(client, f"{path}/gifts", seen_on=path, receipt_no="S-9")
    assert (wrong.status_code, 'id="receipt_no-reason"' in wrong.text) == (422, True)
    assert (await send_form(client, f"{path}/gifts", seen_on=path, receipt_no="S-1")).status_code == 303
    assert "还差 60.00 元" in (await client.get(path)).text
    client.cookies.clear()
    shown = (await client.get(at)).text
    assert "认样人" not in shown
    assert "60.00" in shown
    assert "1 笔认捐，还没有到账" in (await client.get(f"/funds/{world.fund}")).text

    async def send(who: str, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = await bearer(client, phones[who])
        return await client.post(f"/api/v1/foundation{path}", json=body, headers=headers)

    wanted = {
        "fund_id": world.fund, "donor_name": "认样人", "display": "name", "is_binding": True,
        "parts": [{"due_on": str(today), "amount_fen": 100}],
    }  # fmt: skip
    assert (await send("donor", "/pledges", wanted)).status_code == 403
    pledge = (await send("treasurer", "/pledges", wanted)).json()
    why = {"ground": "not_bound", "reason": "不想捐了"}
    assert (await send("head", f"/pledges/{pledge['id']}/withdraw", why)).status_code == 409
    why["ground"] = "hardship"
    assert (await send("head", f"/pledges/{pledge['id']}/withdraw", why)).json()["state"] == "withdrawn"
    (last, first) = (await client.get(f"/api/v1/foundation/foundations/{world.foundation}/pledges")).json()
    assert (last["state"], first["shown_as"], first["received_fen"]) == ("withdrawn", "", 4000)
    assert await fetch_value("select count(*) from foundation_pledge") == 2
