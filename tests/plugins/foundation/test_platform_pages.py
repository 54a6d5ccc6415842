"""Platforms' lists through the whole application: the form comes back with the reason, others see nothing."""

import base64

import httpx
import pytest

from core import clock
from core.database import fetch
from tests.contracts.platform_things import sheet
from tests.factories import new_phone
from tests.plugins.foundation.campaigns import CampaignWorld, certify, make_campaign_world, published
from tests.web.visitors import bearer, log_in, send_file
from workers.drain import run_due_jobs

SLIP = ("回单.pdf", b"%PDF-1.4\n%%EOF\n")


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("treasurer", "payer", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> CampaignWorld:
    made = await make_campaign_world(phones)
    await certify(made)
    return made


async def _place(world: CampaignWorld) -> str:
    link = "https://gongyi.example.org/1"
    campaign_id = await published(world, mode="link_out_designated", platform_url=link)
    return f"/foundation/campaigns/{campaign_id}/platform"


async def test_a_list_from_its_upload_to_the_gifts(
    client: httpx.AsyncClient, world: CampaignWorld, phones: dict[str, str]
) -> None:
    place = await _place(world)
    await log_in(client, phones["treasurer"])
    target = f"{world.funds.fund}-"
    wrong = await send_file(client, place, "file", ("a.csv", b"a,b\n1,2\n"), seen_on=place, target=target)
    assert wrong.status_code == 422
    assert "没有找到这些列：订单号、捐赠时间、捐赠金额" in wrong.text
    file = ("a.csv", sheet("T1", "12.50").content)
    made = await send_file(client, place, "file", file, seen_on=place, target=target)
    assert made.status_code == 303, made.text
    one = made.headers["location"]
    told = {"payout_no": "回单1", "paid_out_on": str(clock.today())}
    refused = await send_file(client, f"{one}/payout", "file", SLIP, seen_on=one, payout="12.49", **told)
    assert refused.status_code == 422
    assert "清单应到账 12.50 元" in refused.text
    assert "回单1" in refused.text
    settled = await send_file(client, f"{one}/payout", "file", SLIP, seen_on=one, payout="12.50", **told)
    assert settled.status_code == 303, settled.text
    client.cookies.clear()
    await log_in(client, phones["payer"])
    assert "正在入账" in (await client.get(one)).text  # whose job it is not
    await run_due_jobs()
    await fetch("delete from job where state = 'done'")
    shown = (await client.get(one)).text
    assert "已入账" in shown
    assert "捐赠 1" in shown
    client.cookies.clear()
    await log_in(client, phones["donor"])
    assert (await client.get(one)).status_code == 404
    assert (await client.get(place)).status_code == 404


async def test_the_same_for_a_program(
    client: httpx.AsyncClient, world: CampaignWorld, phones: dict[str, str]
) -> None:
    place = f"/api/v1{await _place(world)}"
    keys = await bearer(client, phones["treasurer"])
    content = base64.b64encode(sheet("T1", "12.50").content).decode()
    body = {"file": {"name": "a.csv", "content": content}, "target": f"{world.funds.fund}-"}
    list_id = (await client.post(place, json=body, headers=keys)).json()["list_id"]
    one = f"/api/v1/foundation/platforms/{list_id}"
    slip = {"name": SLIP[0], "content": base64.b64encode(SLIP[1]).decode()}
    paid = {"payout_fen": 1250, "payout_no": "1", "paid_out_on": str(clock.today()), "file": slip}
    assert (await client.post(f"{one}/payout", json=paid, headers=keys)).status_code == 204
    await run_due_jobs()
    found = (await client.get(one, headers=keys)).json()
    assert (found["state"], found["net_fen"]) == ("booked", 1250)
    assert found["found"][0]["gift_id"] is not None
    others = await bearer(client, phones["donor"])
    assert (await client.get(one, headers=others)).status_code == 404
    undone = await client.post(f"{one}/undo", json={"reason": "错了"}, headers=keys)
    assert undone.status_code in (403, 404)
    second = await bearer(client, phones["payer"])
    assert (await client.post(f"{one}/undo", json={"reason": "错了"}, headers=second)).status_code == 204


ODD = ("a.csv", f"编码,付款日,实付\nT1,{clock.today()},12.50\n".encode())


async def test_columns_are_chosen_where_nobody_knows_their_names(
    client: httpx.AsyncClient, world: CampaignWorld, phones: dict[str, str]
) -> None:
    place = await _place(world)
    await log_in(client, phones["treasurer"])
    target = f"{world.funds.fund}-"
    asked = await send_file(client, place, "file", ODD, seen_on=place, target=target)
    assert asked.status_code == 422
    assert "实付 (12.50)" in asked.text
    assert "请再选一次文件" in asked.text
    chosen = {"column_order_no": "编码", "column_paid_on": "付款日"}
    refused = await send_file(
        client, place, "file", ODD, seen_on=place, target=target, column_amount="编码", **chosen
    )
    assert (refused.status_code, "同一列选了两次" in refused.text) == (422, True)
    assert '<option value="付款日" selected>' in refused.text
    made = await send_file(
        client, place, "file", ODD, seen_on=place, target=target, column_amount="实付", **chosen
    )
    assert made.status_code == 303, made.text
    assert "12.50" in (await client.get(made.headers["location"])).text
    assert "捐赠金额 ← 实付" in (await client.get(place)).text
    content = base64.b64encode(ODD[1].replace(b"T1", b"T2")).decode()
    body = {"file": {"name": "a.csv", "content": content}, "target": target, "columns": {"amount": "应付"}}
    keys = await bearer(client, phones["treasurer"])
    wrong = await client.post(f"/api/v1{place}", json=body, headers=keys)
    assert (wrong.status_code, "应付" in wrong.text) == (422, True)
    body["columns"] = {"order_no": "编码", "paid_on": "付款日", "amount": "实付"}
    done = await client.post(f"/api/v1{place}", json=body, headers=keys)
    assert done.status_code == 201
