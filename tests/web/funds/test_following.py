"""From one gift to what it has paid for: the project, whether it was accepted, volunteers beside it."""

import httpx
import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds.queries import requests
from plugins.venture.services.reports import FINAL, MIDTERM, answer_report
from tests.core.funds.world import FundWorld, make_fund_world, paid, report, three_gifts
from tests.core.volunteers.shifts import make_shift, make_team, serve
from tests.factories import make_resident, new_phone
from tests.plugins.venture import making
from tests.web.visitors import bearer, log_in


@pytest.fixture
def phone() -> str:
    return new_phone()


@pytest.fixture
async def world(client: httpx.AsyncClient, phone: str) -> FundWorld:
    made = await make_fund_world({"donor": phone})
    await three_gifts(made)
    return made


async def traced(client: httpx.AsyncClient) -> tuple[str, dict[str, object]]:
    """The donor's gift by its code: the page, and the first part by the API."""
    code = await fetch_value("select trace_code from fund_gift where receipt_no = 'S-1'")
    told = (await client.get(f"/api/v1/gifts/trace?code={code}")).json()
    return (await client.get(f"/gifts/trace?code={code}")).text, told["parts"][0]["project"]


async def test_a_use_leads_to_its_project_which_nobody_has_accepted_yet(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    request_id = await paid(world)
    shown, project = await traced(client)
    assert "项目：暑期四点半课堂" in shown
    assert "还没有验收" in shown
    assert (project["id"], project["acceptance"]) == ((await requests.request(request_id)).project_id, None)
    assert (project["services"], project["minutes"]) == (0, 0)
    assert "志愿者服务" not in shown
    await report(world, request_id)
    assert "还没有验收" in (await traced(client))[0]  # a voucher is no acceptance


async def test_the_hours_of_volunteers_stand_beside_the_money(
    client: httpx.AsyncClient, world: FundWorld, phone: str
) -> None:
    project = (await requests.request(await paid(world))).project_id
    team = await make_team()
    shift = await make_shift(team)
    await serve(team, shift, await make_resident(team.organization.region_id))
    assert (await traced(client))[1]["services"] == 0
    await fetch("update volunteer_opportunity set project = $1", project)
    shown, told = await traced(client)
    assert (told["services"], told["minutes"]) == (1, 120)
    assert "志愿者服务 1 人次，2.0 小时" in shown
    await log_in(client, phone)
    for path in ("/gifts/mine", f"/gifts/{await fetch_value('select min(id) from fund_gift')}"):
        assert "志愿者服务 1 人次，2.0 小时" in (await client.get(path)).text
    mine = (await client.get("/api/v1/gifts/mine", headers=await bearer(client, phone))).json()
    assert mine[0]["parts"][0]["project"]["minutes"] == 120


async def test_a_project_of_a_call_says_who_has_accepted_it(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    request_id = await paid(world)
    funder, applicant = await making.make_funder(), await making.make_applicant()
    made = await making.make_decided(funder, [applicant], at=clock.now() - making.LONG_AGO)
    contract = made.contracts[0]
    await making.sign(contract, funder, applicant)
    project = await fetch_value("select project from venture_contract where id = $1", contract)
    await fetch("update fund_request set project = $1 where id = $2", project, request_id)
    assert (await traced(client))[1]["acceptance"] is None
    await making.pay(contract, 1, funder)
    midterm = await making.report(contract, MIDTERM, applicant)
    await answer_report(midterm, "", is_accepted=True, actor=funder.officer)
    assert await plugins.collect("collect_acceptances", project_ids=[project]) == []
    await making.pay(contract, 2, funder)
    for is_accepted, state, words in (
        (False, "returned", "请承办方补充"),
        (True, "accepted", "验收通过"),
    ):
        final = await making.report(contract, FINAL, applicant)
        shown, told = await traced(client)
        assert told["acceptance"]["state"] == "asked"
        assert "交了结项报告" in shown
        await answer_report(final, "看过了", is_accepted=is_accepted, actor=funder.officer)
        shown, told = await traced(client)
        assert told["acceptance"]["state"] == state
        assert words in shown
        assert funder.officer.name not in shown
    assert told["acceptance"]["result"] == "做了十次"
    assert "已验收" in shown
