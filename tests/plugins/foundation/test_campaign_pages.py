"""Campaigns through the whole application: pages, the address at which one is, and the API."""

import httpx
import pytest

from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns as services
from tests.core.payments.stand_in import Cashier
from tests.factories import new_phone
from tests.plugins.foundation.campaigns import (
    HOST,
    CampaignWorld,
    certify,
    drafted,
    make_campaign_world,
    own_host,
    published,
    takes_online,
)
from tests.web.visitors import bearer, log_in, send_form

PLAN = {
    "mode": rules.LINK,
    "title": "暖冬行动",
    "aim": "让独居老人吃上热饭",
    "area": "样里社区",
    "leader": "施负责",
    "office": "样里路 1 号",
    "contact": "028-00000000",
    "ways": "平台",
    "account": "样里支行",
    "beneficiaries": "独居老人",
    "use": "食材",
    "cost": "百分之五",
    "leftover": "转入助老餐",
    "begins_on": "2026-12-20",
    "ends_on": "2026-12-31",
}


@pytest.fixture
async def world(stand_in: Cashier) -> CampaignWorld:
    made = await make_campaign_world({"secretary": SECRETARY, "staff": STAFF})
    await takes_online(made)
    return made


SECRETARY, STAFF = new_phone(), new_phone()


async def test_the_page_says_why_there_is_no_button_at_a_shared_address(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    await certify(world)
    campaign_id = await published(world)
    await own_host(world)
    path = f"/foundation/campaigns/{campaign_id}"
    shared = (await client.get(path)).text
    assert "第二十七条" in shared
    for words in ("川募001", "备案1", "施负责", "样里路 1 号", "028-00000000", "不超过募得款的百分之五"):
        assert words in shared
    own = (await client.get(path, headers={"host": HOST})).text
    assert "现在不能在这里捐款" not in own
    said = (await client.get(f"/api/v1{path.replace('/foundation', '/foundation', 1)}")).json()
    assert "第二十七条" in said["reason"]
    at_home = await client.get(f"/api/v1{path}", headers={"host": HOST})
    assert at_home.json()["reason"] == ""


async def test_a_linked_one_leads_to_its_platform(client: httpx.AsyncClient, world: CampaignWorld) -> None:
    await certify(world)
    link = "https://gongyi.example.org/1"
    campaign_id = await published(world, mode=rules.LINK, platform_url=link)
    assert f'href="{link}"' in (await client.get(f"/foundation/campaigns/{campaign_id}")).text


@pytest.mark.parametrize("mode", [rules.LINK, rules.OFFLINE])
async def test_one_that_has_ended_sends_nobody_to_give(
    client: httpx.AsyncClient, world: CampaignWorld, mode: str
) -> None:
    await certify(world)
    more = {"platform_url": "https://gongyi.example.org/1"} if mode == rules.LINK else {}
    campaign_id = await published(world, mode=mode, **more)
    path, over = f"/foundation/campaigns/{campaign_id}", "这个活动已经结束，不再接受捐赠"
    assert over not in (await client.get(path)).text
    await services.stop_campaign(campaign_id, actor=world.secretary)
    shown = (await client.get(path)).text
    assert over in shown
    assert "捐款方式见下面" not in shown
    assert "去指定平台捐款" not in shown


async def test_the_own_address_shows_only_the_own_campaigns(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    await own_host(world)
    await published(world, mode=rules.OFFLINE, title="自家的")
    shown = (await client.get("/foundation/campaigns", headers={"host": HOST})).text
    assert "自家的" in shown
    assert "测样基金会一家" not in shown
    assert "这个网址只属于测样基金会" in shown


async def test_a_plan_is_written_and_what_is_wrong_stands_beside_its_field(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    await log_in(client, SECRETARY)
    path = f"/foundation/campaigns/new/{world.funds.foundation}"
    sent = {**PLAN, "fund_id": str(world.funds.fund)}
    refused = await send_form(client, path, seen_on=path, **sent, goal="很多")
    assert refused.status_code == 422
    assert "只写数字，例如 50000.00" in refused.text
    assert "让独居老人吃上热饭" in refused.text
    unlinked = await send_form(client, path, seen_on=path, **sent)
    assert "请填写指定平台上这个活动的网址" in unlinked.text
    done = await send_form(client, path, seen_on=path, **sent, platform_url="https://a.example.org/")
    assert done.status_code == 303
    desk = await client.get(done.headers["location"])
    assert "方案要由另一位审核" in desk.text


async def test_the_staff_confirm_a_name_and_a_stranger_sees_no_draft(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    token = await bearer(client, SECRETARY)
    asked = f"/api/v1/foundation/foundations/{world.funds.foundation}/hosts"
    wrong = await client.post(asked, json={"name": "https://x"}, headers=token)
    assert wrong.status_code == 422
    made = await client.post(asked, json={"name": HOST}, headers=token)
    host_id = made.json()["host_id"]
    own = await client.post(f"/api/v1/foundation/hosts/{host_id}/confirm", headers=token)
    assert own.status_code == 403
    await log_in(client, STAFF)
    page = "/foundation/hosts"
    assert HOST in (await client.get(page)).text
    pressed = await send_form(client, f"{page}/{host_id}/confirm", seen_on=page)
    assert pressed.status_code == 303
    draft = await drafted(world)
    assert (await client.get(f"/foundation/campaigns/{draft}")).status_code == 404


async def test_a_new_plan_links_out_unless_somebody_chooses_otherwise(
    client: httpx.AsyncClient, world: CampaignWorld
) -> None:
    """The two modes in which this site takes no money stand first."""
    await log_in(client, SECRETARY)
    asked = (await client.get(f"/foundation/campaigns/new/{world.funds.foundation}")).text
    assert f'<option value="{rules.LINK}" selected>' in asked
    assert list(rules.MODES)[:2] == [rules.LINK, rules.OFFLINE]
