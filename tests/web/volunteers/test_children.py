"""A guardian signs a child up on the pages; the child registers later and takes the record over."""

import re
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from core import clock
from core.households.services import register_child
from core.people.services import register_person
from tests.core.volunteers.shifts import HOURS, PLAN, make_shift, make_team
from tests.factories import PASSWORD, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form

TICKS = {"agreed": "on", "meets": "on"}


class World:
    """A guardian with a child of ten, a shift for it, and a stranger."""

    guardian: str
    stranger: str
    child: int
    shift: int


@pytest.fixture
async def world(db: str) -> World:
    team, made = await make_team(), World()
    made.guardian, made.stranger = new_phone(), new_phone()
    region = team.organization.region_id
    parent = await make_resident(region, name="林家长", phone=made.guardian, password=PASSWORD)
    await make_resident(region, name="王别人", phone=made.stranger, password=PASSWORD)
    made.child = await register_child(
        "林小样",
        born_on=date(clock.today().year - 10, 1, 1),
        agreed=True,
        purposes=["minor_volunteering"],
        actor=parent,
    )
    morning = clock.begin_of(clock.today() + timedelta(days=3)) + 10 * HOURS
    made.shift = await make_shift(
        team, begins_at=morning, plan=replace(PLAN, title="给老人读报", age_least=8)
    )
    return made


async def test_a_guardian_finds_a_shift_signs_the_child_up_and_cancels(
    client: httpx.AsyncClient, world: World
) -> None:
    client.cookies.clear()
    await log_in(client, world.guardian)
    child = f"/volunteers/children/{world.child}"
    here = f"{child}/shifts/{world.shift}"
    assert "找适合 10 岁孩子的岗位" in (await client.get(child)).text
    assert "给老人读报" in (await client.get("/volunteers?age=10")).text
    assert "给老人读报" in (await client.get("/volunteers?age=8")).text
    wrong = await client.get("/volunteers?age=7")
    assert (wrong.status_code, "8 到 17" in wrong.text) == (422, True)
    assert here in (await client.get(f"/volunteers/shifts/{world.shift}")).text
    refused = await send_form(client, f"{here}/sign-up", seen_on=here, meets="on")
    assert (refused.status_code, "请先勾选" in refused.text or "同意" in refused.text) == (422, True)
    assert (await send_form(client, f"{here}/sign-up", seen_on=here, **TICKS)).status_code == 303
    assert "孩子有名额了" in (await client.get(here)).text
    assert "给老人读报" in (await client.get(child)).text
    for _ in range(2):
        assert (await send_form(client, f"{here}/cancel", seen_on=here)).status_code == 303
    assert "给孩子报名" in (await client.get(here)).text


async def test_a_stranger_sees_and_does_nothing_for_it(client: httpx.AsyncClient, world: World) -> None:
    child = f"/volunteers/children/{world.child}"
    client.cookies.clear()
    await log_in(client, world.stranger)
    for path in (child, f"{child}/shifts/{world.shift}"):
        answer = await client.get(path)
        assert (answer.status_code, "没有找到由您监护的这个孩子" in answer.text) == (404, True)
    client.cookies.clear()
    headers = await bearer(client, world.stranger)
    body = {"agreed": True, "meets": True}
    path = f"/api/v1{child}/shifts/{world.shift}/sign-up"
    assert (await client.post(path, headers=headers, json=body)).status_code == 404
    headers = await bearer(client, world.guardian)
    made = await client.post(path, headers=headers, json=body)
    assert (made.status_code, made.json()["state"]) == (201, "placed")
    mine = await client.get(f"/api/v1{child}", headers=headers)
    assert [one["shift_id"] for one in mine.json()["coming"]] == [world.shift]


async def test_the_child_registers_and_goes_on_with_its_record(
    client: httpx.AsyncClient, world: World
) -> None:
    client.cookies.clear()
    await log_in(client, world.guardian)
    here = f"/volunteers/children/{world.child}/shifts/{world.shift}"
    await send_form(client, f"{here}/sign-up", seen_on=here, **TICKS)
    assert "孩子有自己的手机了" in (await client.get("/children")).text
    path = f"/children/{world.child}/invitation"
    assert (await send_form(client, path, seen_on="/children")).status_code == 303
    (code,) = re.findall(r'<strong class="number">(\w{10})</strong>', (await client.get("/children")).text)
    phone = new_phone()
    await register_person("林小样", phone=phone, password=PASSWORD)
    client.cookies.clear()
    await log_in(client, phone)
    assert (await send_form(client, "/household/join", seen_on="/household", code=code)).status_code == 303
    assert "林家长" in (await client.get("/household")).text
    assert "给老人读报" in (await client.get("/volunteers/mine")).text
    client.cookies.clear()
    await log_in(client, phone)  # the login is the record's now
    assert "给老人读报" in (await client.get("/volunteers/mine")).text
    client.cookies.clear()
    await log_in(client, world.guardian)
    assert "给老人读报" in (await client.get(f"/volunteers/children/{world.child}")).text
    assert "孩子有自己的手机了" not in (await client.get("/children")).text
