"""待办 as people and programs read it."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from core.manifest import Todo
from core.todos.queries import TodoList
from plugins.garden import services
from tests.factories import PASSWORD, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import log_in


@pytest.fixture
async def phone(db: str) -> str:
    """Of a resident who has claimed a plot and not paid yet."""
    phone, committee = new_phone(), await make_committee()
    resident = await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    _, plots = await make_garden(committee)
    await services.claim_plot(plots[0], agreed=True, actor=resident)
    return phone


async def test_what_waits_leads_to_where_it_is_done(client: httpx.AsyncClient, phone: str) -> None:
    await log_in(client, phone)
    page = (await client.get("/todo")).text
    assert "待缴 35.00 元" in page
    assert 'href="/orders/1"' in page
    assert "已过期" not in page
    assert 'href="/todo" aria-current="page"' in page


async def test_nothing_to_do_is_said(client: httpx.AsyncClient, db: str) -> None:
    phone = new_phone()
    await make_resident((await make_committee()).region_id, phone=phone, password=PASSWORD)
    await log_in(client, phone)
    assert "没有等着您办的事。" in (await client.get("/todo")).text


async def test_overdue_is_a_word_and_a_silent_plugin_a_line(
    client: httpx.AsyncClient, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Todo(title="交报告", path="/x", due_at=clock.now() - timedelta(seconds=1))

    async def found(actor: object) -> TodoList:
        return TodoList([late], ["共享菜园"])

    monkeypatch.setattr("web.todo.pages.todo_list", found)
    await log_in(client, phone)
    page = (await client.get("/todo")).text
    assert "已过期" in page
    assert "共享菜园的待办暂时读不出来" in page


async def test_programs_read_it_too(client: httpx.AsyncClient, phone: str) -> None:
    assert (await client.get("/api/v1/todos")).status_code == 401
    session = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    headers = {"authorization": f"Bearer {session.json()['token']}", "accept-language": "en"}
    answer = (await client.get("/api/v1/todos", headers=headers)).json()
    assert [todo["title"] for todo in answer["todos"]] == ["Payment order 1: 35.00 yuan to pay"]
    assert answer["unreadable"] == []
