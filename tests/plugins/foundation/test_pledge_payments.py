"""An instalment paid online by its donor: where money may be taken, once; it keeps the pledge by itself."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.funds import services as funds
from core.funds.queries import gifts
from core.people.rules import Actor
from core.workflow import WrongState
from plugins.foundation.errors.campaigns import CampaignOver, HostShared
from plugins.foundation.errors.pledges import NoCampaignForPledge, PledgeNotFound
from plugins.foundation.queries import pledges as queries
from plugins.foundation.queries.privacy import personal_data
from plugins.foundation.rules.pledges import HARDSHIP, Part, PledgeDraft
from plugins.foundation.services import campaigns, pledges
from tests.core.funds.online import pay
from tests.core.funds.world import give
from tests.core.payments.stand_in import Cashier
from tests.factories import new_phone
from tests.plugins.foundation.campaigns import (
    HOST,
    CampaignWorld,
    certify,
    make_campaign_world,
    own_host,
    published,
    takes_online,
)
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def phone() -> str:
    return new_phone()


@pytest.fixture
async def world(db: str, stand_in: Cashier, phone: str) -> CampaignWorld:
    made = await make_campaign_world({"donor": phone})
    await takes_online(made)
    await certify(made)
    await own_host(made)
    return made


async def promised(world: CampaignWorld, **changes: object) -> int:
    """100.00 in three days, 50.00 in forty, by the donor."""
    today = clock.today()
    known: dict[str, object] = {
        "purpose_id": world.funds.children,
        "donor_id": world.funds.donor.person_id,
        "donor_name": "施捐赠",
        "nickname": "小施",
        "display": "nickname",
        "is_binding": False,
        "parts": (Part(today + timedelta(days=3), 10000), Part(today + timedelta(days=40), 5000)),
    }
    draft = PledgeDraft(**(known | changes))  # type: ignore[arg-type]
    return await pledges.record_pledge(world.funds.fund, draft, actor=world.funds.treasurer)


async def begin(pledge_id: int, actor: Actor, host: str = HOST) -> str:
    return await pledges.pay_part(pledge_id, host=host, actor=actor, address="203.0.113.9")


async def come(path: str, stand_in: Cashier) -> None:
    gift = await gifts.online_gift(path.rpartition("/")[2])
    await pay(gift, stand_in)
    await funds.ask_about_gift(gift.trace_code)
    await run_due_jobs()


async def received(pledge_id: int) -> tuple[str, int]:
    found = await queries.pledge(pledge_id)
    return found.state, found.received_fen


async def test_each_instalment_is_paid_and_the_last_one_keeps_the_pledge(
    world: CampaignWorld, stand_in: Cashier
) -> None:
    await published(world)
    pledge_id, donor = await promised(world), world.funds.donor
    path = await begin(pledge_id, donor)
    assert await received(pledge_id) == ("open", 0)  # promised is not come
    await come(path, stand_in)
    assert await received(pledge_id) == ("open", 10000)
    gift = await gifts.online_gift(path.rpartition("/")[2])
    assert (gift.amount_fen, gift.purpose, gift.shown_as) == (10000, "四点半课堂", "小施")
    second = await begin(pledge_id, donor)
    await come(second, stand_in)
    assert await received(pledge_id) == ("kept", 15000)
    assert [one.amount_fen for one in await queries.gifts_of(pledge_id)] == [10000, 5000]
    with pytest.raises(WrongState):
        await begin(pledge_id, donor)


async def test_what_has_come_in_part_is_taken_off(world: CampaignWorld) -> None:
    await published(world)
    pledge_id = await promised(world)
    await give(world.funds, 4000, "S-1")
    await pledges.link_gift(pledge_id, "S-1", actor=world.funds.treasurer)
    path = await begin(pledge_id, world.funds.donor)
    assert (await gifts.online_gift(path.rpartition("/")[2])).amount_fen == 6000


async def test_a_second_click_leads_to_the_same_payment_and_a_lapsed_one_to_a_new(
    world: CampaignWorld,
) -> None:
    await published(world)
    pledge_id, donor = await promised(world), world.funds.donor
    paths = await asyncio.gather(*(begin(pledge_id, donor) for _ in range(3)))
    assert len(set(paths)) == 1
    with clock.frozen(clock.now() + timedelta(hours=3)):
        await funds.lapse_gifts()
        again = await begin(pledge_id, donor)
    assert again not in paths
    assert await received(pledge_id) == ("open", 0)


async def test_money_is_taken_where_and_when_the_rules_allow_it(world: CampaignWorld) -> None:
    pledge_id, donor = await promised(world), world.funds.donor
    with pytest.raises(NoCampaignForPledge):
        await begin(pledge_id, donor)
    campaign_id = await published(world)
    with pytest.raises(HostShared):
        await begin(pledge_id, donor, host="localhost")
    with clock.frozen(clock.now() + timedelta(days=31)), pytest.raises(CampaignOver):
        await begin(pledge_id, donor)
    await campaigns.stop_campaign(campaign_id, actor=world.secretary)
    with pytest.raises(NoCampaignForPledge):
        await begin(pledge_id, donor)
    assert await fetch_value("select count(*) from payment_order") == 0


async def test_nobody_else_pays_it_and_a_withdrawn_one_is_not_paid(world: CampaignWorld) -> None:
    await published(world)
    pledge_id = await promised(world)
    for stranger in (world.funds.treasurer, world.funds.asker):
        with pytest.raises(PledgeNotFound):
            await begin(pledge_id, stranger)
    await pledges.withdraw_pledge(pledge_id, ground=HARDSHIP, reason="病了", actor=world.funds.head)
    with pytest.raises(WrongState):
        await begin(pledge_id, world.funds.donor)


async def test_what_comes_after_the_withdrawal_is_a_gift_and_keeps_nothing(
    world: CampaignWorld, stand_in: Cashier
) -> None:
    await published(world)
    pledge_id = await promised(world, parts=(Part(clock.today(), 10000),))
    path = await begin(pledge_id, world.funds.donor)
    await pledges.withdraw_pledge(pledge_id, ground=HARDSHIP, reason="病了", actor=world.funds.head)
    await come(path, stand_in)
    assert await received(pledge_id) == ("withdrawn", 10000)
    await pledges.keep_pledges([(await gifts.online_gift(path.rpartition("/")[2])).id])
    assert (await received(pledge_id))[0] == "withdrawn"


async def test_the_donor_pays_on_the_page_and_by_a_program(
    client: httpx.AsyncClient, world: CampaignWorld, phone: str
) -> None:
    await published(world)
    pledge_id = await promised(world)
    path = f"/foundation/pledges/{pledge_id}"
    await log_in(client, phone)
    elsewhere = (await client.get(path)).text
    assert "付 100.00 元" not in elsewhere
    assert "在线付这一期" in elsewhere
    host = {"host": HOST}
    by_program = await client.post(f"/api/v1{path}/pay", headers=await bearer(client, phone) | host)
    assert by_program.status_code == 201
    code = await fetch_value("select trace_code from fund_gift where method = 'online'")
    assert by_program.json() == {"code": code}
    assert "接着付款" in (await client.get(path)).text
    sent = await send_form(client, f"{path}/pay", seen_on=path)
    assert sent.headers["location"] == f"/giving/{code}"


async def test_the_donors_copy_names_the_pledge_and_deletion_keeps_the_books(world: CampaignWorld) -> None:
    pledge_id = await promised(world)
    donor = world.funds.donor.person_id
    (part,) = [one for one in await personal_data(donor) if one.name == "foundation.pledges"]
    assert [(row["id"], row["total_fen"]) for row in part.rows] == [(pledge_id, 15000)]
    await pledges.forget_pledger(donor)
    found = await queries.pledge(pledge_id)
    assert (found.donor_name, found.nickname, found.total_fen) == ("已注销", "已注销", 15000)
