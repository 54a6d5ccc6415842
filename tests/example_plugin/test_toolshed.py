"""The tool shed against the product: run `pytest` in this folder."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from toolshed import postings, queries, rules, services
from toolshed.errors import TooFewPoints, ToolNotFound, ToolTaken

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.ledger import queries as ledger
from core.ledger.errors import BalanceTooLow
from core.ledger.rules import Entry
from core.people.rules import Actor
from core.reference import Ref
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs

WELCOME, PRICE = (p.default for p in rules.PARAMETERS[:2])


async def make_neighbours(count: int) -> list[Actor]:
    region_id = await make_region()
    return [await make_resident(region_id, name=f"邻居{number}") for number in range(count)]


async def points_of(*people: Actor) -> list[int]:
    return [await queries.points(person.person_id) for person in people]


async def is_out(tool_id: int) -> bool:
    (tool,) = await queries.tools(0, only=tool_id)
    return tool.due_on is not None


async def told(title: str) -> list[int]:
    """Whom."""
    await run_due_jobs()
    return [row["person"] for row in await fetch("select person from notification where title = $1", title)]


def test_whoever_has_exactly_the_price_may_borrow_what_is_free() -> None:
    rules.check_borrow("人字梯", is_out=False, points=5, price=5)
    with pytest.raises(TooFewPoints) as few:
        rules.check_borrow("人字梯", is_out=False, points=4, price=5)
    assert "要 5 点，您有 4 点" in str(few.value)
    with pytest.raises(ToolTaken):
        rules.check_borrow("人字梯", is_out=True, points=5, price=5)


def test_what_one_gives_the_other_gets_once_for_each_loan() -> None:
    paid = postings.paying(5, 1, 2, reason=postings.LENT, cause=Ref("toolshed.loan", 7), at=clock.now())
    assert (paid.key, paid.entries) == ("toolshed.lent:7", (Entry(1, -5), Entry(2, 5)))


async def test_a_loan_moves_points_to_the_owner_who_takes_the_tool_back(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tool_id = await services.add_tool("人字梯", actor=owner)
    await services.borrow_tool(tool_id, actor=borrower)
    assert await is_out(tool_id)
    assert await points_of(owner, borrower) == [WELCOME + PRICE, WELCOME - PRICE]
    assert await told("有邻居借了您的工具") == [owner.person_id]
    await services.take_back(tool_id, actor=owner)
    assert not await is_out(tool_id)
    await services.borrow_tool(tool_id, actor=borrower)
    assert await points_of(owner, borrower) == [WELCOME + 2 * PRICE, WELCOME - 2 * PRICE]
    assert await queries.differences() == [] == await ledger.differences()


async def test_a_second_click_changes_nothing(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tool_id = await services.add_tool("人字梯", actor=owner)
    assert await services.add_tool("人字梯", actor=owner) == tool_id
    for _ in range(2):
        await services.borrow_tool(tool_id, actor=borrower)
    assert await points_of(owner, borrower) == [WELCOME + PRICE, WELCOME - PRICE]
    for _ in range(2):
        await services.take_back(tool_id, actor=owner)
    assert await fetch_value("select count(*) from audit_event where action = 'toolshed.returned'") == 1


async def test_the_first_points_come_once_however_many_first_actions_there_are(db: str) -> None:
    (owner,) = await make_neighbours(1)
    assert await points_of(owner) == [WELCOME], "as good as in hand"
    await asyncio.gather(*(services.add_tool(name, actor=owner) for name in ("人字梯", "电钻", "水平尺")))
    assert await points_of(owner) == [WELCOME]


async def test_of_two_neighbours_one_gets_it(db: str) -> None:
    owner, *people = await make_neighbours(3)
    tool_id = await services.add_tool("人字梯", actor=owner)
    tried = [services.borrow_tool(tool_id, actor=person) for person in people]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sorted(map(type, ended), key=str) == [type(None), ToolTaken]
    assert await points_of(owner) == [WELCOME + PRICE]


async def test_who_has_too_few_points_is_refused_and_nothing_is_left_of_it(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tools = [await services.add_tool(f"工具{n}", actor=owner) for n in range(WELCOME // PRICE + 1)]
    for tool_id in tools[:-1]:
        await services.borrow_tool(tool_id, actor=borrower)
    assert await points_of(borrower) == [0]
    with pytest.raises(TooFewPoints):
        await services.borrow_tool(tools[-1], actor=borrower)
    assert not await is_out(tools[-1])


async def test_the_floor_refuses_what_the_rule_cannot_see(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tools = [await services.add_tool(f"工具{n}", actor=owner) for n in range(WELCOME // PRICE + 1)]
    await services.add_tool("锯子", actor=borrower)
    with pytest.raises(BalanceTooLow):
        async with unit_of_work():  # the points move at its end: the rule sees all of them each time
            for tool_id in tools:
                await services.borrow_tool(tool_id, actor=borrower)
    assert [await is_out(tool_id) for tool_id in tools] == [False] * len(tools)
    assert await points_of(owner, borrower) == [WELCOME, WELCOME]


async def test_points_for_one_loan_do_not_pay_two_at_once(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tools = [await services.add_tool(f"工具{n}", actor=owner) for n in range(WELCOME // PRICE + 1)]
    for tool_id in tools[:-2]:
        await services.borrow_tool(tool_id, actor=borrower)
    tried = [services.borrow_tool(tool_id, actor=borrower) for tool_id in tools[-2:]]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(end) for end in ended if end] in ([BalanceTooLow], [TooFewPoints])
    assert await points_of(borrower) == [0]
    assert await queries.differences() == []


async def test_only_the_owner_takes_a_tool_back(db: str) -> None:
    owner, borrower, stranger = await make_neighbours(3)
    tool_id = await services.add_tool("人字梯", actor=owner)
    await services.borrow_tool(tool_id, actor=borrower)
    for person in (borrower, stranger):
        with pytest.raises(ToolNotFound):
            await services.take_back(tool_id, actor=person)
    with pytest.raises(ToolTaken):
        await services.borrow_tool(tool_id, actor=owner)
    with pytest.raises(ToolNotFound):
        await services.borrow_tool(tool_id + 1, actor=stranger)
    assert await is_out(tool_id)


async def test_names_are_for_the_two_alone(db: str) -> None:
    owner, borrower, stranger = await make_neighbours(3)
    tool_id = await services.add_tool("人字梯", actor=owner)
    await services.borrow_tool(tool_id, actor=borrower)
    seen = [(await queries.tools(person.person_id))[0].neighbour for person in (owner, borrower, stranger)]
    assert seen == [borrower.name, owner.name, None]


async def test_who_is_late_is_reminded_once_a_day(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    tool_id = await services.add_tool("人字梯", actor=owner)
    await services.borrow_tool(tool_id, actor=borrower)

    async def reminders(days_later: int) -> int:
        with clock.frozen(start + timedelta(days=days_later)):
            await services.remind_overdue()
            return len(await told("该还工具了"))

    start = clock.now()
    assert [await reminders(days) for days in (7, 8, 8, 9)] == [0, 1, 1, 2]
    await services.take_back(tool_id, actor=owner)
    assert await reminders(10) == 2


async def test_a_loan_that_was_not_paid_is_found(db: str) -> None:
    owner, borrower = await make_neighbours(2)
    await services.borrow_tool(await services.add_tool("人字梯", actor=owner), actor=borrower)
    await fetch("update toolshed_loan set points = 9")
    (difference,) = await queries.differences()
    assert (difference.expected, difference.found) == ("9", str(PRICE))


async def test_the_page_speaks_both_languages_and_keeps_what_was_typed(
    db: str, client: httpx.AsyncClient
) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    assert (await client.get("/toolshed")).headers["location"] == "/login?next_path=/toolshed"
    await log_in(client, phone)
    assert "架子上还没有工具" in (await client.get("/toolshed")).text
    english = await client.get("/toolshed", headers={"accept-language": "en"})
    assert "There are no tools on the shelf yet" in english.text
    refused = await send_form(client, "/toolshed", seen_on="/toolshed", name="钻" * 41)
    assert refused.status_code == 422
    assert f'value="{"钻" * 41}"' in refused.text
    assert "工具名称最多 40 个字" in refused.text
    assert (await send_form(client, "/toolshed", seen_on="/toolshed", name="钻" * 40)).status_code == 303
    assert "钻" * 40 in (await client.get("/toolshed")).text


async def test_the_page_lends_refuses_in_words_and_takes_back(db: str, client: httpx.AsyncClient) -> None:
    (owner, rival), phone = await make_neighbours(2), new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    theirs = await services.add_tool("人字梯", actor=owner)
    await log_in(client, phone)
    sent = await send_form(client, f"/toolshed/{theirs}/borrow", seen_on="/toolshed")
    assert sent.status_code == 303
    assert "之前还给 邻居0" in (await client.get("/toolshed")).text
    taken = await services.add_tool("电钻", actor=owner)
    shown = await client.get("/toolshed")
    assert f"/toolshed/{taken}/borrow" in shown.text
    await services.borrow_tool(taken, actor=rival)
    refused = await send_form(client, f"/toolshed/{taken}/borrow", seen_on="/toolshed")
    assert refused.status_code == 409
    assert "电钻 已经有人借了" in refused.text
    await send_form(client, "/toolshed", seen_on="/toolshed", name="水平尺")
    mine = await fetch_value("select id from toolshed_tool where name = '水平尺'")
    await services.borrow_tool(mine, actor=rival)
    assert (await send_form(client, f"/toolshed/{mine}/return", seen_on="/toolshed")).status_code == 303
    assert not await is_out(mine)


async def test_the_api_does_what_the_page_does(db: str, client: httpx.AsyncClient) -> None:
    (owner,), phone = await make_neighbours(1), new_phone()
    me = await make_resident(await make_region(), phone=phone, password=PASSWORD)
    theirs, base = await services.add_tool("人字梯", actor=owner), "/api/v1/toolshed"
    assert (await client.get(f"{base}/tools")).status_code == 401
    token = await bearer(client, phone)
    for name in ("", " ", "钻" * 41, 1):
        refused = await client.post(f"{base}/tools", json={"name": name}, headers=token)
        assert refused.status_code in (400, 422)
    made = await client.post(f"{base}/tools", json={"name": "电钻"}, headers=token)
    assert (await client.post(f"{base}/tools/{theirs}/borrow", headers=token)).status_code == 204
    listed = (await client.get(f"{base}/tools", headers=token)).json()
    assert [tool["id"] for tool in listed] == [made.json()["id"], theirs]
    due_on = clock.today() + timedelta(days=7)
    assert listed[1] == {
        "id": theirs,
        "name": "人字梯",
        "owner_id": owner.person_id,
        "holder_id": me.person_id,
        "due_on": due_on.isoformat(),
        "neighbour": owner.name,
    }
    points = (await client.get(f"{base}/points", headers=token)).json()
    assert points == {"points": WELCOME - PRICE} | {p.code: p.default for p in rules.PARAMETERS}
    assert (await client.post(f"{base}/tools/{theirs}/return", headers=token)).status_code == 404
    await services.borrow_tool(made.json()["id"], actor=owner)
    returned = await client.post(f"{base}/tools/{made.json()['id']}/return", headers=token)
    assert returned.status_code == 204
