"""Stuck deliveries on pages and in the API."""

import httpx
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.events.services import record_event
from core.reference import Ref
from tests.web.officials import api_headers, enter_as
from tests.web.visitors import send_form


@pytest.fixture
async def stuck(db: str) -> int:
    """An event that the garden did not take, with another one behind it."""
    async with unit_of_work():
        for order_id in (1, 2):
            record_event("order_paid", Ref("order", 1), order_id=order_id, cause_kind="test", cause_id=1)
    await fetch("update job set state = 'failed', error = 'KeyError in f, x.py:3' where id = 1")
    return int(await fetch_value("select min(id) from event_delivery"))


async def test_stuck_ones_are_what_an_operator_sees_first(client: httpx.AsyncClient, stuck: int) -> None:
    await enter_as(client, "core.operator")
    shown = (await client.get("/operations/deliveries")).text
    assert f"/operations/deliveries/{stuck}" in shown
    assert "KeyError in f, x.py:3" in shown
    assert "后面还有 1 个在等" in shown
    assert "没有这样的投递" in (await client.get("/operations/deliveries?kind=off")).text
    assert (await client.get("/operations/deliveries?kind=lost")).status_code == 422
    assert (await client.get("/operations/deliveries/99")).status_code == 404


async def test_a_stuck_one_is_repeated_by_a_button(client: httpx.AsyncClient, stuck: int) -> None:
    await enter_as(client, "core.operator")
    path = f"/operations/deliveries/{stuck}"
    answer = await send_form(client, f"{path}/repeat", seen_on=path)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "没有卡住的事件" in (await client.get("/operations/deliveries")).text


async def test_a_stuck_one_is_skipped_for_a_reason(client: httpx.AsyncClient, stuck: int) -> None:
    await enter_as(client, "core.operator")
    path = f"/operations/deliveries/{stuck}"
    empty = await send_form(client, f"{path}/skip", seen_on=path, reason="")
    assert empty.status_code == 422
    assert "请填写这一项" in empty.text
    assert (await send_form(client, f"{path}/skip", seen_on=path, reason="已作废")).status_code == 303
    shown = (await client.get(path)).text
    assert "已作废" in shown
    assert "/skip" not in shown
    late = await send_form(client, f"{path}/skip", seen_on="/rules", reason="已作废")
    assert late.status_code == 409
    assert "已经完成或已跳过" in late.text


async def test_the_api_does_what_the_pages_do(client: httpx.AsyncClient, stuck: int) -> None:
    headers = await api_headers(client, "core.operator")
    path = "/api/v1/operations/deliveries"
    (found,) = (await client.get(path, headers=headers)).json()
    assert (found["id"], found["plugin"], found["behind"]) == (stuck, "garden", 1)
    repeated = (await client.post(f"{path}/{stuck}/repeat", headers=headers)).json()
    assert repeated["kind"] == "waiting"
    skipped = await client.post(f"{path}/{stuck}/skip", headers=headers, json={"reason": "已作废"})
    assert (skipped.status_code, skipped.json()["kind"]) == (200, "skipped")
    assert (await client.post(f"{path}/{stuck}/repeat", headers=headers)).status_code == 409
    assert (await client.get(f"{path}/{stuck}", headers=headers)).json()["note"] == "已作废"
