"""The garden's pages for a visitor, a resident and a neighbour."""

import re

import httpx
import pytest

from core.people.rules import Actor
from plugins.garden import services
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import log_in, send_form


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def signed_in(client: httpx.AsyncClient, committee: Committee) -> Actor:
    phone = new_phone()
    resident = await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    await log_in(client, phone)
    return resident


async def test_the_map_tells_free_reserved_and_mine_apart(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    garden_id, plots = await make_garden(committee, plots=6)
    neighbour = await make_resident(committee.region_id)
    await services.claim_plot(plots[0], agreed=True, actor=neighbour)
    page = (await client.get(f"/garden/{garden_id}")).text
    assert len(re.findall(r'class="free"[^>]*aria-label', page)) == 5
    resident = await signed_in(client, committee)
    await services.claim_plot(plots[1], agreed=True, actor=resident)
    page = (await client.get(f"/garden/{garden_id}")).text
    assert len(re.findall(r'class="mine"[^>]*aria-label', page)) == 1


async def test_a_full_garden_points_to_one_with_free_plots(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    full, plots = await make_garden(committee, plots=1)
    other, _ = await make_garden(committee, plots=4)
    await services.claim_plot(plots[0], agreed=True, actor=await make_resident(committee.region_id))
    page = (await client.get(f"/garden/{full}")).text
    assert "已经种满" in page
    assert f'href="/garden/{other}"' in page


async def test_claiming_without_the_tick_shows_the_reason_and_claims_nothing(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    _, plots = await make_garden(committee)
    await signed_in(client, committee)
    path = f"/garden/plots/{plots[0]}"
    answer = await send_form(client, f"{path}/claim", seen_on=path)
    assert answer.status_code == 422
    assert "请先阅读并勾选同意种植协议" in answer.text
    assert "空地" in (await client.get(path)).text


async def test_a_plot_taken_meanwhile_is_refused_in_words(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    _, plots = await make_garden(committee)
    await signed_in(client, committee)
    path = f"/garden/plots/{plots[0]}"
    shown = await client.get(path)
    await services.claim_plot(plots[0], agreed=True, actor=await make_resident(committee.region_id))
    token = re.findall(r'form_token" value="(\w+)"', shown.text)[0]
    answer = await client.post(f"{path}/claim", data={"form_token": token, "agreed": "on"})
    assert answer.status_code == 409
    assert "1 号地块刚刚被别人认领了" in answer.text


async def test_a_resident_claims_sees_the_bill_and_gives_it_up(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    _, plots = await make_garden(committee)
    await signed_in(client, committee)
    path = f"/garden/plots/{plots[0]}"
    answer = await send_form(client, f"{path}/claim", seen_on=path, agreed="on")
    assert answer.status_code == 303
    bill = (await client.get(answer.headers["location"])).text
    assert "待缴费" in bill
    assert "35.00" in bill
    mine = (await client.get("/garden/mine")).text
    cancel = re.findall(r'action="(/garden/leases/\d+/cancel)"', mine)[0]
    assert (await send_form(client, cancel, seen_on="/garden/mine")).status_code == 303
    assert "已放弃" in (await client.get("/garden/mine")).text
    again = await send_form(client, cancel, seen_on="/garden/mine")
    assert again.status_code == 409
    assert "不能在这里取消" in again.text


async def test_somebody_elses_order_and_lease_do_not_exist(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    _, plots = await make_garden(committee)
    neighbour = await make_resident(committee.region_id)
    order_id = await services.claim_plot(plots[0], agreed=True, actor=neighbour)
    await signed_in(client, committee)
    assert (await client.get(f"/orders/{order_id}")).status_code == 404
    assert (await send_form(client, "/garden/leases/1/cancel", seen_on="/")).status_code == 404


async def test_empty_pages_say_what_to_do(client: httpx.AsyncClient, committee: Committee) -> None:
    assert "还没有菜园" in (await client.get("/garden")).text
    await signed_in(client, committee)
    assert "您家还没有地块" in (await client.get("/garden/mine")).text
    assert "还没有通知" in (await client.get("/inbox")).text
    assert "还没有公共账户" in (await client.get("/accounts")).text
    assert "这里还没有收支" in (await client.get(f"/accounts/{committee.id}")).text
