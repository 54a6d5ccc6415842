"""Rules on pages and in the API: everybody reads, those who may set."""

import itertools
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.organizations.services import set_rule
from core.reference import Ref
from tests.factories import Committee, make_committee, make_garden, make_manager, make_official, new_phone
from tests.web.officials import api_headers, enter_as
from tests.web.visitors import log_in, send_form

FEE = "garden.plot_fee_fen"


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def garden(committee: Committee) -> str:
    garden_id, _ = await make_garden(committee)
    return f"/rules/garden/{garden_id}"


def today(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


async def test_everybody_reads_what_holds_where_and_who_decided(
    client: httpx.AsyncClient, committee: Committee, garden: str
) -> None:
    official = await make_official("core.administrator")
    await set_rule(FEE, committee.ref, 2500, effective_on=clock.today(), actor=official)
    assert "30.00 元" in (await client.get("/rules")).text
    listed = (await client.get(garden)).text
    assert "25.00 元" in listed
    assert "随上级" in listed
    shown = (await client.get(f"{garden}/{FEE}")).text
    assert "方**" in shown
    assert "方官员" not in shown
    assert "<form" not in shown.partition("<main")[2]
    client.cookies.set("yiji_lang", "en")
    assert "25.00 yuan" in (await client.get(garden)).text


async def test_one_goes_from_the_platform_down_to_the_garden(
    client: httpx.AsyncClient, committee: Committee, garden: str
) -> None:
    steps = ["/rules", f"/rules/region/{committee.region_id}", f"/rules/organization/{committee.id}", garden]
    for here, below in itertools.pairwise(steps):
        assert f'href="{below}"' in (await client.get(here)).text, here
    up = (await client.get(garden)).text
    assert all(f'href="{step}"' in up for step in steps[:-1])


@pytest.mark.parametrize(
    "path",
    [
        "/rules/moon/1",
        "/rules/garden/99",
        "/rules/organization/99",
        "/rules/platform/2",
        "/rules/platform/0",
        f"/rules/platform/1/{FEE}x",
        f"/rules/garden/99/{FEE}",
        f"/rules/{'x' * 50}/1",
    ],
)
async def test_a_place_or_rule_that_is_not_there_is_no_page(
    client: httpx.AsyncClient, committee: Committee, path: str
) -> None:
    assert (await client.get(path)).status_code == 404
    assert (await client.get(f"/api/v1{path}")).status_code == 404


async def test_an_administrator_sets_a_fee_in_yuan(client: httpx.AsyncClient, garden: str) -> None:
    await enter_as(client, "core.administrator")
    path = f"{garden}/{FEE}"
    assert f'<form method="post" action="{path}"' in (await client.get(path)).text
    answer = await send_form(client, path, seen_on=path, value="28.5", effective_on=today())
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert await fetch_value("select value from parameter_value where code like 'garden.%'") == 2850
    assert "28.50 元" in (await client.get(path)).text


@pytest.mark.parametrize(
    ("value", "days", "field", "reason"),
    [
        ("", 0, "value", "请填写这一项"),
        ("三十", 0, "value", "请填写数字"),
        ("-1", 0, "value", "请填写数字"),
        ("10000.01", 0, "value", "应在 0.00 与 10,000.00 之间"),
        ("30", 0, "value", "没有变化"),
        ("31", -1, "effective_on", "不能早于今天"),
        ("31", 4000, "effective_on", "不能晚于"),
    ],
)
async def test_a_refused_value_comes_back_with_the_reason_beside_it(
    client: httpx.AsyncClient, garden: str, value: str, days: int, field: str, reason: str
) -> None:
    await enter_as(client, "core.administrator")
    path = f"{garden}/{FEE}"
    answer = await send_form(client, path, seen_on=path, value=value, effective_on=today(days))
    assert answer.status_code == 422
    about = answer.text.partition(f'id="{field}-reason"')[2].partition("</p>")[0]
    assert reason in about
    assert f'value="{value}"' in answer.text
    assert await fetch_value("select count(*) from parameter_value where code like 'garden.%'") == 0


@pytest.mark.parametrize("day", ["", "明天", "2026-02-30", "99999-01-01"])
async def test_a_day_that_is_none_is_refused(client: httpx.AsyncClient, garden: str, day: str) -> None:
    await enter_as(client, "core.administrator")
    path = f"{garden}/{FEE}"
    answer = await send_form(client, path, seen_on=path, value="31", effective_on=day)
    assert answer.status_code == 422
    assert 'id="effective_on-reason"' in answer.text


async def test_what_a_plugin_refuses_stands_beside_the_field(client: httpx.AsyncClient, garden: str) -> None:
    await enter_as(client, "core.administrator")
    path = f"{garden}/garden.plots_per_household"
    answer = await send_form(client, path, seen_on=path, value="7", effective_on=today())
    assert answer.status_code == 422
    assert "这里最大的菜园只有 6 块地" in answer.text.partition('id="value-reason"')[2]


async def test_a_plan_is_shown_and_withdrawn(client: httpx.AsyncClient, garden: str) -> None:
    await enter_as(client, "core.administrator")
    path = f"{garden}/{FEE}"
    await send_form(client, path, seen_on=path, value="40", effective_on=today(9))
    assert f"计划 {today(9)} 起改为" in (await client.get(path)).text
    for status in (303, 409):
        answer = await send_form(client, f"{path}/withdraw", seen_on=path, effective_on=today(9))
        assert answer.status_code == status
    assert "这一天没有可以撤回的计划" in answer.text
    shown = (await client.get(path)).text
    assert "起改为" not in shown
    assert "<s>40.00 元</s>" in shown


async def test_a_manager_sees_the_form_only_where_it_works(
    client: httpx.AsyncClient, committee: Committee, garden: str
) -> None:
    phone = new_phone()
    await make_manager(committee, phone=phone)
    await log_in(client, phone)
    path = f"{garden}/{FEE}"
    assert 'name="effective_on"' in (await client.get(path)).text
    above = f"/rules/region/{committee.region_id}/{FEE}"
    assert 'name="effective_on"' not in (await client.get(above)).text
    refused = await send_form(client, above, seen_on=path, value="31", effective_on=today())
    assert refused.status_code == 403
    assert (await send_form(client, path, seen_on=path, value="31", effective_on=today())).status_code == 303


async def test_the_api_reads_for_everybody_and_sets_for_those_who_may(
    client: httpx.AsyncClient, committee: Committee, garden: str
) -> None:
    path = f"/api/v1{garden}/{FEE}"
    listed = (await client.get(f"/api/v1{garden}")).json()
    assert {rule["code"]: rule["value"] for rule in listed}[FEE] == 3000
    body = {"value": 2000, "effective_on": today(3)}
    assert (await client.post(path, json=body)).status_code == 401
    stranger = await api_headers(client, "core.operator")
    assert (await client.post(path, json=body, headers=stranger)).status_code == 403
    headers = await api_headers(client, "core.administrator")
    made = await client.post(path, json=body, headers=headers)
    assert made.status_code == 200
    assert made.json()["rule"]["value"] == 3000
    (decision,) = made.json()["history"]
    assert (decision["value"], decision["effective_on"], decision["set_by"]) == (2000, today(3), "方**")
    taken = await client.post(f"{path}/withdraw", json={"effective_on": today(3)}, headers=headers)
    assert [d["value"] for d in taken.json()["history"]] == [None, 2000]
    wrong = await client.post(path, json={"value": -1, "effective_on": today()}, headers=headers)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "value"
    assert Ref("garden", 1) != committee.ref
