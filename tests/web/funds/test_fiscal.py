"""Fiscal receipts on pages and by programs: the donor asks, the treasurer records, the donor reads."""

import base64

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from tests.core.funds.world import FundWorld, make_fund_world, three_gifts
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_file, send_form

HEAD = "收据号,票据代码,票据号码,校验码,开票日期"
PAPER = {"code": "51060124", "number": "0000000001", "check_code": "a1b2c3"}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("treasurer", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


async def _gift(receipt_no: str) -> GiftView:
    return await gifts.gift(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def test_asked_by_the_donor_recorded_by_the_treasurer(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    here = f"/gifts/{(await _gift('S-1')).id}"
    await log_in(client, phones["donor"])
    slip = {"fiscal_title": "样里小店", "tax_no": "123"}
    refused = await send_form(client, f"{here}/fiscal/wish", seen_on=here, **slip)
    assert refused.status_code == 422
    assert 'id="tax_no-reason"' in refused.text
    assert 'value="样里小店"' in refused.text
    slip["tax_no"] = "91510100ma6cxxxx1q"
    assert (await send_form(client, f"{here}/fiscal/wish", seen_on=here, **slip)).status_code == 303
    assert "等基金会开具" in (await client.get(here)).text
    client.cookies.clear()
    await log_in(client, phones["treasurer"])
    desk = (await client.get(f"/funds/fiscal/{world.foundation}")).text
    assert "样***" in desk
    assert "样里小店" not in desk
    assert "91510100" not in desk
    day = clock.today().isoformat()
    wrong = await send_form(client, f"{here}/fiscal", seen_on=here, **PAPER | {"number": "号"}, issued_on=day)
    assert wrong.status_code == 422
    assert 'id="number-reason"' in wrong.text
    done = await send_form(client, f"{here}/fiscal", seen_on=here, **PAPER, issued_on=day)
    assert done.status_code == 303
    assert "没有人在等" in (await client.get(f"/funds/fiscal/{world.foundation}")).text
    client.cookies.clear()
    await log_in(client, phones["donor"])
    assert "0000000001" in (await client.get(here)).text
    assert (await client.get(f"/funds/fiscal/{world.foundation}")).status_code == 403


async def test_a_stranger_asks_with_the_code(client: httpx.AsyncClient, world: FundWorld) -> None:
    code = (await _gift("S-2")).trace_code
    trace = f"/gifts/trace?code={code}"
    wish = {"code": code, "fiscal_title": "施样人"}
    assert (await send_form(client, "/gifts/trace/fiscal", seen_on=trace, **wish)).status_code == 303
    assert "等基金会开具" in (await client.get(trace)).text
    wish["code"] = "wrong"
    assert (await send_form(client, "/gifts/trace/fiscal", seen_on=trace, **wish)).status_code == 404


async def test_a_list_says_which_line_is_wrong(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await log_in(client, phones["treasurer"])
    desk, day = f"/funds/fiscal/{world.foundation}", clock.today().isoformat()
    bad = f"{HEAD}\nS-1,51060124,1,a1b2c3,{day}\nS-9,51060124,2,a1b2c3,{day}\n".encode()
    refused = await send_file(client, desk, "list", ("票据.csv", bad), seen_on=desk)
    assert refused.status_code == 422
    assert "清单有 1 行不对" in refused.text
    good = bad.replace(b"S-9", b"S-2")
    taken = await send_file(client, desk, "list", ("票据.csv", good), seen_on=desk)
    assert "登记了 2 张新票据" in taken.text
    headless = await send_file(client, desk, "list", ("票据.csv", b"a,b\n"), seen_on=desk)
    assert "第一行要有这些列" in headless.text
    asked = await send_form(client, f"{desk}/exports", seen_on=desk, format="pdf")
    assert asked.status_code in (404, 422)


async def test_programs_do_the_same(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    path = f"/api/v1/gifts/{(await _gift('S-1')).id}/fiscal"
    donor, treasurer = await bearer(client, phones["donor"]), await bearer(client, phones["treasurer"])
    asked = await client.post(f"{path}/wish", json={"title": "施捐赠"}, headers=donor)
    assert asked.json() | {"is_asked": True} == asked.json()
    waiting = f"/api/v1/funds/fiscal/{world.foundation}"
    (one,) = (await client.get(waiting, headers=treasurer)).json()
    assert (one["receipt_no"], one["title"]) == ("S-1", "施**")
    assert (await client.get(waiting, headers=donor)).status_code == 403
    day = clock.today().isoformat()
    line = f"{HEAD}\nS-1,51060124,1,a1b2c3,{day}\n".encode()
    sheet = {"name": "票据.csv", "content": base64.b64encode(line).decode()}
    taken = await client.post(waiting, json={"list": sheet}, headers=treasurer)
    assert taken.json() == {"taken": 1, "wrong": []}
    assert (await client.get(path, headers=donor)).json()["number"] == "1"
    code = (await _gift("S-1")).trace_code
    assert (await client.get(f"/api/v1/gifts/trace/fiscal?code={code}")).json()["code"] == "51060124"
    late = await client.post("/api/v1/gifts/trace/fiscal", json={"code": code, "title": "甲"})
    assert late.status_code == 409
    job = await client.post(f"{waiting}/exports", json={"format": "csv"}, headers=treasurer)
    assert job.status_code == 202
