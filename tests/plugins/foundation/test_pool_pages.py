"""Pools through the whole application, for people and for programs: who does what, refusals in words."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import clock
from core.database import fetch_value
from tests.core.funds.world import FundWorld, give, make_fund_world
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("head", "treasurer", "payer", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    return await make_fund_world(phones)


def typed(world: FundWorld, **changes: str) -> dict[str, str]:
    today = clock.today()
    known = {
        "title": "样公司配捐",
        "sponsor_name": "样公司",
        "ratio": "1：2",
        "whole": "1000",
        "per_gift": "60",
        "begins_on": str(today),
        "ends_on": str(today + timedelta(days=30)),
        "rest": "sponsor",
        "fund_1": str(world.fund),
    }
    return known | changes


async def test_a_pool_from_its_form_to_the_donors_page(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    at = f"/foundation/{world.foundation}/pools"
    await log_in(client, phones["head"])
    made = await send_form(client, at, seen_on=f"{at}/new", **typed(world))
    assert made.status_code == 303, made.text
    pool = made.headers["location"]
    client.cookies.clear()
    assert (await client.get(pool)).status_code == 404
    await log_in(client, phones["treasurer"])
    sums = {"amount": "800", "receipt_no": "Y-1", "received_on": str(clock.today())}
    assert (await send_form(client, f"{pool}/money", seen_on=pool, **sums)).status_code == 303
    refused = await send_form(client, f"{pool}/steps", seen_on=pool, step="open")
    assert refused.status_code == 404
    client.cookies.clear()
    await log_in(client, phones["payer"])
    assert (await send_form(client, f"{pool}/steps", seen_on=pool, step="open")).status_code == 303
    client.cookies.clear()
    gift = await give(world, 20000, "S-1", donor_id=world.donor.person_id, donor_name="施捐赠")
    await run_due_jobs()
    shown = (await client.get(pool)).text
    assert "740.00" in shown
    assert "到了每笔的上限" in shown
    assert "施捐赠" not in shown
    assert "样公司：每捐 2 元，配 1 元" in (await client.get(f"/funds/{world.fund}")).text
    code = await fetch_value("select trace_code from fund_gift where id = $1", gift)
    assert "样公司配捐 给您的捐赠加上" in (await client.get(f"/gifts/trace?code={code}")).text
    sheet = (await client.get(f"{pool}/matches.csv")).text
    assert "200,60,0,到了每笔的上限" in sheet.replace(".00", "")
    assert "样公司配捐" in (await client.get(at)).text
    await log_in(client, phones["donor"])
    assert "样公司配捐 给您的捐赠加上" in (await client.get(f"/gifts/{gift}")).text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ratio": "二比一"}, "ratio", "比例写成 1:2 这样"),
        ({"whole": "很多"}, "whole", "只写数字"),
        ({"per_fund": "-3"}, "per_fund", "只写数字"),
        ({"ends_on": "2020-01-01"}, "ends_on", "结束日期不能早于开始日期"),
        ({"rest": "fund"}, "rest_fund", "请选择余款转入的基金"),
        ({"per_gift": "1000.01"}, "", "不能超过整个配捐池的 1,000.00 元"),
        ({"fund_1": ""}, "fund_1", "请选择本基金会开放中的基金"),
        ({"sponsor_phone": "13900009999"}, "sponsor_phone", "没有账号的出资方请不要填手机号"),
    ],
)
async def test_a_refused_form_keeps_what_was_typed(
    client: httpx.AsyncClient,
    world: FundWorld,
    phones: dict[str, str],
    changes: dict[str, str],
    field: str,
    words: str,
) -> None:
    at = f"/foundation/{world.foundation}/pools"
    await log_in(client, phones["head"])
    answer = await send_form(client, at, seen_on=f"{at}/new", **typed(world, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="样公司配捐"' in answer.text
    assert not field or f'id="{field}-reason"' in answer.text
    assert await fetch_value("select count(*) from foundation_pool") == 0


async def test_by_programs_every_open_fund_until_the_rest_is_sent(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    async def send(who: str, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = await bearer(client, phones[who])
        return await client.post(f"/api/v1/foundation{path}", json=body, headers=headers)

    today = clock.today()
    wanted = {
        "title": "样公司配捐", "sponsor_name": "样公司", "numerator": 1, "denominator": 1,
        "whole_fen": 1_000_000, "begins_on": str(today), "ends_on": str(today), "rest": "sponsor",
        "fund_ids": [world.fund],
    }  # fmt: skip
    stranger = await send("treasurer", f"/foundations/{world.foundation}/pools", wanted)
    assert stranger.status_code == 403
    made = await send("head", f"/foundations/{world.foundation}/pools", wanted)
    assert made.status_code == 201
    at = f"/pools/{made.json()['id']}"
    slip = {"amount_fen": 600_000, "receipt_no": "Y-1", "received_on": str(today)}
    money = await send("treasurer", f"{at}/money", slip)
    assert (await send("payer", f"{at}/steps", {"step": "open"})).status_code == 409
    confirm = f"{at}/money/{money.json()['id']}/steps"
    assert (await send("treasurer", confirm, {"step": "confirm"})).status_code == 404
    assert (await send("payer", confirm, {"step": "confirm"})).json()["left_fen"] == 600_000
    assert (await send("payer", f"{at}/steps", {"step": "open"})).json()["state"] == "open"
    await give(world, 1000, "S-1")
    await run_due_jobs()
    (match,) = (await client.get(f"/api/v1/foundation{at}/matches")).json()
    assert (match["gift_fen"], match["amount_fen"], match["limited_by"]) == (1000, 1000, "")
    (listed,) = (await client.get(f"/api/v1/foundation/foundations/{world.foundation}/pools")).json()
    assert (listed["left_fen"], listed["matched_fen"]) == (599_000, 1000)
    assert (await send("head", f"{at}/steps", {"step": "end"})).json()["state"] == "ended"
    assert (await send("treasurer", f"{at}/rest", {"payment_no": "T-1"})).json()["state"] == "prepared"
    settled = await send("payer", f"{at}/steps", {"step": "settle_rest"})
    assert (settled.json()["state"], settled.json()["left_fen"]) == ("settled", 0)
