"""The tool shed against the product: run `pytest` in this folder."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest
from toolshed import queries, rules, services
from toolshed.errors import OwnLoan, ToolNotFound, ToolNotOut, ToolTaken

from core import clock
from core.database import fetch, fetch_value
from core.ledger import queries as ledger
from core.payments.services import confirm_cash
from core.people.errors import PermissionMissing
from core.people.rules import Actor, Grant
from core.people.services import grant_role
from tests.factories import PASSWORD, Committee, make_committee, make_resident, new_phone
from tests.web.visitors import log_in, send_form
from workers.drain import run_due_jobs


async def make_keeper(committee: Committee, *, phone: str | None = None) -> Actor:
    password = PASSWORD if phone else None
    person = await make_resident(committee.region_id, name="管工具", phone=phone, password=password)
    await grant_role(person.person_id, rules.KEEPER, committee.ref, actor_id=None)
    return Actor(person.person_id, person.name, person.household_id, (Grant(rules.KEEPER, committee.ref),))


async def make_tool(committee: Committee, keeper: Actor) -> int:
    return await services.add_tool("人字梯", organization_id=committee.id, actor=keeper)


async def pay(committee: Committee, order_id: int, *, receipt_no: str = "T1") -> None:
    await confirm_cash(order_id, amount_fen=5000, receipt_no=receipt_no, actor=committee.treasurer)
    await run_due_jobs()


async def state_of(tool_id: int) -> str:
    return next(tool.state for tool in await queries.tools() if tool.id == tool_id)


async def held() -> int:
    return int(await fetch_value("select sum(balance) from ledger_balance where kind = 'toolshed.deposit'"))


def test_a_loan_of_seven_days_ends_on_the_seventh_day_after() -> None:
    assert rules.last_day(date(2026, 2, 25), 7) == date(2026, 3, 4)


def test_only_what_is_out_comes_back_and_never_to_its_borrower() -> None:
    rules.check_return(rules.OUT, "人字梯", borrower_id=1, keeper_id=2)
    with pytest.raises(ToolNotOut):
        rules.check_return(rules.RESERVED, "人字梯", borrower_id=1, keeper_id=2)
    with pytest.raises(OwnLoan):
        rules.check_return(rules.OUT, "人字梯", borrower_id=1, keeper_id=1)


async def test_a_deposit_lends_the_tool_and_comes_back_with_it(db: str) -> None:
    committee = await make_committee()
    keeper, resident = await make_keeper(committee), await make_resident(committee.region_id)
    tool_id = await make_tool(committee, keeper)
    order_id = await services.borrow_tool(tool_id, actor=resident)
    assert await services.borrow_tool(tool_id, actor=resident) == order_id, "a second click"
    assert await state_of(tool_id) == rules.RESERVED
    await pay(committee, order_id)
    assert (await state_of(tool_id), await held()) == (rules.OUT, 5000)
    await services.take_back(tool_id, actor=keeper)
    assert (await state_of(tool_id), await held()) == (rules.FREE, 0)
    with pytest.raises(ToolNotOut):
        await services.take_back(tool_id, actor=keeper)
    assert await queries.differences() == [] == await ledger.differences()
    second = await services.borrow_tool(tool_id, actor=resident)
    await pay(committee, second, receipt_no="T2")
    await services.take_back(tool_id, actor=keeper)
    assert await held() == 0


async def test_of_two_neighbours_one_gets_it(db: str) -> None:
    committee = await make_committee()
    tool_id = await make_tool(committee, await make_keeper(committee))
    people = [await make_resident(committee.region_id) for _ in range(2)]
    tried = [services.borrow_tool(tool_id, actor=person) for person in people]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(end) for end in ended if isinstance(end, Exception)] == [ToolTaken]


async def test_keepers_of_another_shed_have_no_say(db: str) -> None:
    here, there = await make_committee(), await make_committee()
    keeper, stranger = await make_keeper(here), await make_keeper(there)
    tool_id = await make_tool(here, keeper)
    with pytest.raises(PermissionMissing):
        await services.add_tool("锯子", organization_id=here.id, actor=stranger)
    await pay(here, await services.borrow_tool(tool_id, actor=await make_resident(here.region_id)))
    with pytest.raises(ToolNotFound):
        await services.take_back(tool_id, actor=stranger)
    assert await held() == 5000


async def test_what_is_not_paid_in_time_goes_back_on_the_shelf(db: str) -> None:
    committee = await make_committee()
    tool_id = await make_tool(committee, await make_keeper(committee))
    await services.borrow_tool(tool_id, actor=await make_resident(committee.region_id))
    end = clock.now() + timedelta(hours=24)
    with clock.frozen(end - timedelta(minutes=1)):
        await services.release_unpaid()
        assert await state_of(tool_id) == rules.RESERVED
    with clock.frozen(end + timedelta(minutes=1)):
        await services.release_unpaid()
        assert await state_of(tool_id) == rules.FREE


async def test_who_is_late_is_reminded_once_a_day(db: str) -> None:
    committee = await make_committee()
    resident = await make_resident(committee.region_id)
    tool_id = await make_tool(committee, await make_keeper(committee))
    await pay(committee, await services.borrow_tool(tool_id, actor=resident))

    async def reminders(days_later: int) -> int:
        with clock.frozen(start + timedelta(days=days_later)):
            await services.remind_overdue()
            await run_due_jobs()
        rows = await fetch("select from notification where title = '该还工具了'")
        return len(rows)

    start = clock.now()
    assert [await reminders(days) for days in (7, 8, 8, 9)] == [0, 1, 1, 2]


async def test_a_lost_entry_is_found(db: str) -> None:
    committee = await make_committee()
    tool_id = await make_tool(committee, await make_keeper(committee))
    await pay(committee, await services.borrow_tool(tool_id, actor=await make_resident(committee.region_id)))
    await fetch("update toolshed_loan set state = 'returned'")
    (difference,) = await queries.differences()
    assert (difference.expected, difference.found) == ("0", "5000")


async def test_the_page_speaks_both_languages_and_keeps_what_was_typed(
    db: str, client: httpx.AsyncClient
) -> None:
    committee, phone = await make_committee(), new_phone()
    await make_keeper(committee, phone=phone)
    assert "架子上还没有工具" in (await client.get("/toolshed")).text
    english = await client.get("/toolshed", headers={"accept-language": "en"})
    assert "There are no tools on the shelf yet" in english.text
    await log_in(client, phone)
    refused = await send_form(client, "/toolshed", seen_on="/toolshed", name="冲击钻")
    assert refused.status_code == 422
    assert 'value="冲击钻"' in refused.text
    fields = {"name": "冲击钻", "organization_id": str(committee.id)}
    assert (await send_form(client, "/toolshed", seen_on="/toolshed", **fields)).status_code == 303
    assert "冲击钻" in (await client.get("/toolshed")).text


async def test_the_api_does_what_the_page_does(db: str, client: httpx.AsyncClient) -> None:
    committee, phone = await make_committee(), new_phone()
    tool_id = await make_tool(committee, await make_keeper(committee))
    await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    opened = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    token = {"authorization": f"Bearer {opened.json()['token']}"}
    (tool,) = (await client.get("/api/v1/toolshed/tools")).json()
    assert tool == {
        "id": tool_id,
        "name": "人字梯",
        "organization_id": committee.id,
        "state": "free",
        "due_on": None,
    }
    order = await client.post(f"/api/v1/toolshed/tools/{tool_id}/borrow", headers=token)
    assert order.status_code == 201
    assert (await client.get("/api/v1/toolshed/tools")).json()[0]["state"] == "reserved"
    refused = await client.post(f"/api/v1/toolshed/tools/{tool_id}/return", headers=token)
    assert refused.status_code == 403
