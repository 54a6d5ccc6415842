"""Giving in a campaign: three taps, the same refusals for who posts by hand, names that stay unsaid."""

import asyncio
import re
from urllib.parse import quote

import httpx
import pytest

from core import plugins
from core.database import fetch, fetch_value
from core.funds import services as funds
from core.funds.errors import PurposeUnknown
from core.funds.queries import fiscal, gifts
from core.funds.rules import ANONYMOUS, NAME, NICKNAME, Promise
from core.people.queries import actor as actor_of
from plugins.foundation.errors import campaigns as errors
from plugins.foundation.queries import campaigns as queries
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns as services
from plugins.foundation.services.giving import give
from tests.core.funds.online import pay
from tests.core.funds.world import make_fund_world
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
from tests.web.visitors import form_token, log_in, send_form
from workers.drain import run_due_jobs

TEN = Promise(amount_fen=1000)


@pytest.fixture
def phones() -> dict[str, str]:
    return {"donor": new_phone()}


@pytest.fixture
async def world(stand_in: Cashier, phones: dict[str, str]) -> CampaignWorld:
    made = await make_campaign_world(phones)
    await takes_online(made)
    await certify(made)
    await own_host(made)
    return made


async def test_a_gift_belongs_to_its_campaign(world: CampaignWorld, stand_in: Cashier) -> None:
    campaign_id = await published(world)
    path = await give(campaign_id, world.funds.fund, TEN, host=HOST, actor=None, address="203.0.113.9")
    assert await queries.income(campaign_id) == (0, 0)
    gift = await fetch_value("select gift from foundation_campaign_gift where campaign = $1", campaign_id)
    await _paid(gift, stand_in)
    assert await queries.income(campaign_id) == (1, 1000)
    assert path.startswith("/giving/")


async def _paid(gift_id: int, stand_in: Cashier) -> None:
    found = await gifts.gift(gift_id)
    await pay(found, stand_in)
    await funds.ask_about_gift(found.trace_code)
    await run_due_jobs()


async def test_at_a_shared_address_and_after_its_end_it_takes_nothing(world: CampaignWorld) -> None:
    campaign_id = await published(world)
    ask = {"actor": None, "address": "203.0.113.9"}
    with pytest.raises(errors.HostShared):
        await give(campaign_id, world.funds.fund, TEN, host="localhost:8000", **ask)  # type: ignore[arg-type]
    other = await make_fund_world(name="邻样基金会")
    with pytest.raises(errors.FundOfAnother):
        await give(campaign_id, other.fund, TEN, host=HOST, **ask)  # type: ignore[arg-type]
    bound = Promise(amount_fen=1000, purpose_id=other.children)
    with pytest.raises(PurposeUnknown):
        await give(campaign_id, world.funds.fund, bound, host=HOST, **ask)  # type: ignore[arg-type]
    await services.stop_campaign(campaign_id, actor=world.secretary)
    with pytest.raises(errors.CampaignOver):
        await give(campaign_id, world.funds.fund, TEN, host=HOST, **ask)  # type: ignore[arg-type]
    draft = await published(world, mode=rules.OFFLINE)
    with pytest.raises(errors.NoMoneyHere):
        await give(draft, world.funds.fund, TEN, host=HOST, **ask)  # type: ignore[arg-type]
    assert await fetch_value("select count(*) from fund_gift") == 0


async def test_five_gifts_at_once_stay_below_the_neighbours_limit(world: CampaignWorld) -> None:
    campaign_id = await published(world, mode=rules.MUTUAL)
    donor = await actor_of(world.funds.donor.person_id)
    much = Promise(amount_fen=200000)
    found = await asyncio.gather(
        *(
            give(campaign_id, world.funds.fund, much, host="localhost", actor=donor, address="")
            for _ in range(5)
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in found) == ["TooMuchAltogether"] * 3 + ["str"] * 2


async def test_three_taps_lead_to_the_cashier(client: httpx.AsyncClient, world: CampaignWorld) -> None:
    campaign_id = await published(world)
    path, at = f"/foundation/campaigns/{campaign_id}", {"host": HOST}
    first = (await client.get(path, headers=at)).text
    assert re.findall(r'name="amount" value="(\d+)"', first) == ["1", "10", "50"]
    second = (await client.get(f"{path}/give?amount=10", headers=at)).text
    targets = re.findall(r'name="target" value="([\d-]+)"', second)
    assert targets == [f"{world.funds.fund}-{one}" for one in (world.funds.children, world.funds.elders, "")]
    third = (await client.get(f"{path}/give?amount=10&target={targets[0]}", headers=at)).text
    sent = {"form_token": form_token(third), "amount": "10", "target": targets[0], "display": ANONYMOUS}
    done = await client.post(f"{path}/give", data=sent, headers=at)
    assert done.status_code == 303
    assert (await client.get(done.headers["location"], headers=at)).status_code == 200
    by_hand = await client.post(f"{path}/give", data=sent)
    assert by_hand.status_code == 409
    assert "第二十七条" in by_hand.text


async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    campaign_id = await published(world)
    path, at = f"/foundation/campaigns/{campaign_id}/give", {"host": HOST}
    for typed in ("很多", "0", "-5", "0.001"):
        asked = (await client.get(path, params={"amount": typed}, headers=at)).text
        assert "写 0.01 到 10 亿元，最多两位小数" in asked
        assert f'value="{typed}"' in asked
    target = f"{world.funds.fund}-"
    shown = (await client.get(f"{path}?amount=5&target={target}", headers=at)).text
    sent = {"form_token": form_token(shown), "amount": "5", "target": target, "display": NICKNAME}
    refused = await client.post(path, data={**sent, "donor_name": "施真名"}, headers=at)
    assert refused.status_code == 422
    assert "请写要公示的昵称" in refused.text
    assert 'value="施真名"' in refused.text
    unknown = await client.get(f"{path}?amount=5&target=9-9", headers=at)
    assert 'name="target" value="9-9"' not in unknown.text


async def test_a_fiscal_receipt_is_wanted_in_the_same_taps(
    client: httpx.AsyncClient, world: CampaignWorld, stand_in: Cashier
) -> None:
    campaign_id = await published(world)
    path, at = f"/foundation/campaigns/{campaign_id}/give", {"host": HOST}
    target = f"{world.funds.fund}-"
    shown = (await client.get(f"{path}?amount=5&target={target}", headers=at)).text
    sent = {"form_token": form_token(shown), "amount": "5", "target": target, "display": ANONYMOUS}
    for typed, said in (
        ({"wants_fiscal": "on"}, "请写票据开给谁"),
        ({"fiscal_title": "样里公司", "tax_no": "12"}, "税号是 15 到 20 位"),
    ):
        refused = await client.post(path, data={**sent, **typed}, headers=at)
        assert (refused.status_code, said in refused.text) == (422, True)
        assert all(f'value="{value}"' in refused.text for value in typed.values())
    wanted = {"wants_fiscal": "on", "fiscal_title": "样里公司", "tax_no": "91510100ma6cxxxx1q"}
    done = await client.post(path, data={**sent, **wanted}, headers=at)
    waiting = (await client.get(done.headers["location"], headers=at)).text
    assert "申请了财政票据" in waiting
    gift_id = await fetch_value("select gift from foundation_campaign_gift")
    assert await fiscal.count_waiting([world.funds.foundation]) == 0
    await _paid(gift_id, stand_in)
    (one,) = await fiscal.waiting(world.funds.foundation, after_id=0, limit=9)
    assert (one.wish.title, one.wish.tax_no) == ("样里公司", "91510100MA6CXXXX1Q")
    again = await client.post(
        f"/api/v1/foundation/campaigns/{campaign_id}/give",
        json={"amount_fen": 500, "target": target, "display": ANONYMOUS, "fiscal_title": "甲公司"},
        headers=at,
    )
    code = again.json()["code"]
    assert (await client.get(f"/api/v1/giving/{code}")).json()["wants_fiscal"] is True
    changed = await client.post(f"/api/v1/giving/{code}/fiscal", json={"title": "乙公司"})
    assert changed.status_code == 200
    by_page = await send_form(
        client, f"/giving/{code}/fiscal", seen_on=f"/giving/{code}", fiscal_title="丙公司", tax_no="1"
    )
    assert (by_page.status_code, "税号是 15 到 20 位" in by_page.text) == (422, True)


async def test_names_that_donors_refuse_stand_on_no_public_page(
    client: httpx.AsyncClient, world: CampaignWorld, stand_in: Cashier
) -> None:
    campaign_id = await published(world)
    for display, name, nickname in (
        (ANONYMOUS, "施隐名", ""), (NICKNAME, "施藏名", "热心邻居"), (NAME, "施公开", ""),
    ):  # fmt: skip
        promise = Promise(amount_fen=1000, display=display, donor_name=name, nickname=nickname)
        await give(campaign_id, world.funds.fund, promise, host=HOST, actor=None, address="203.0.113.9")
    rows = await fetch("select gift from foundation_campaign_gift order by gift")
    for row in rows:
        await _paid(row["gift"], stand_in)
    codes = [row["trace_code"] for row in await fetch("select trace_code from fund_gift order by id")]
    fund = world.funds.fund
    pages = [
        f"/funds/{fund}", f"/funds/{fund}/gifts", f"/api/v1/funds/{fund}", f"/api/v1/funds/{fund}/gifts",
        f"/foundation/campaigns/{campaign_id}", f"/api/v1/foundation/campaigns/{campaign_id}",
        f"/foundation/{world.funds.foundation}", *(f"/giving/{code}" for code in codes),
        *(f"/gifts/trace?code={code}" for code in codes), *(f"/api/v1/giving/{code}" for code in codes),
    ]  # fmt: skip
    shown = {path: (await client.get(path)).text for path in pages}
    told = [path for path, text in shown.items() if "施隐名" in text or "施藏名" in text]
    assert told == []
    assert "热心邻居" in shown[f"/funds/{fund}/gifts"]
    assert "施公开" in shown[f"/funds/{fund}/gifts"]


async def test_the_page_of_the_fund_has_a_button_or_the_reason(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    """What `collect_giving_places` says of the fund, at the charity's own host name and elsewhere."""
    campaign_id = await published(world)
    path = f"/funds/{world.funds.fund}"
    assert "我要捐：暖冬行动" in (await client.get(path, headers={"host": HOST})).text
    shared = (await client.get(path)).text
    assert "我要捐" not in shared
    assert "第二十七条" in shared
    assert f"/foundation/campaigns/{campaign_id}" in shared


async def test_plugins_tell_the_fund_where_one_may_give(world: CampaignWorld) -> None:
    campaign_id = await published(world)

    async def told(host: str) -> list[tuple[str, bool]]:
        places = await plugins.collect(
            "collect_giving_places", fund_id=world.funds.fund, host=host, person_id=None
        )
        return [(place.path, place.reason is None) for place in places]

    path = f"/foundation/campaigns/{campaign_id}"
    assert await told(HOST) == [(path, True)]
    assert await told("localhost") == [(path, False)]
    await services.stop_campaign(campaign_id, actor=world.secretary)
    assert await told(HOST) == []


async def test_a_minor_reads_that_the_own_name_is_not_published(
    client: httpx.AsyncClient, phones: dict[str, str], world: CampaignWorld
) -> None:
    path = f"/foundation/campaigns/{await published(world)}/give?amount=5&target={world.funds.fund}-"
    await log_in(client, phones["donor"])
    said = "选实名时，名单上写“某同学”"
    assert said not in (await client.get(path, headers={"host": HOST})).text
    await fetch("update person set born_on = '2012-05-01' where id = $1", world.funds.donor.person_id)
    assert said in (await client.get(path, headers={"host": HOST})).text


async def test_who_has_to_sign_in_first_is_led_there_and_back(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    path = f"/foundation/campaigns/{await published(world, mode=rules.MUTUAL)}/give?amount=5"
    shown = (await client.get(path)).text
    assert "请先登录" in shown
    assert f'href="/login?next_path={quote(path)}"' in shown
