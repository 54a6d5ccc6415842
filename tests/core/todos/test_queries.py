"""One list of what waits for a person: sorted, bounded, and there whatever one plugin does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from core import clock, plugins
from core.database import borrowed_connection, fetch, fetch_value
from core.manifest import Manifest, Todo
from core.people.rules import Actor
from core.plugins import hookimpl
from core.todos import queries
from tests.core.payments.orders import make_order
from tests.factories import make_committee, make_resident

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SOMEBODY = Actor(1, "张测试", None)
Collector = Callable[[Actor], Awaitable[list[Todo]]]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install these collectors, one a plugin, instead of ours."""

    def install(**collectors: Collector) -> None:
        modules: dict[str, ModuleType] = {}
        for name, collector in collectors.items():
            modules[name] = ModuleType(name)
            modules[name].MANIFEST = Manifest(  # type: ignore[attr-defined]
                name=name, title=f"{name}的牌子", version="1", author="Yiji", description=""
            )
            modules[name].collect_todos = hookimpl(collector)  # type: ignore[attr-defined]
            collector.__name__ = "collect_todos"
        built = plugins.build(modules, disabled=frozenset())
        monkeypatch.setattr(plugins, "manager", lambda: built)
        monkeypatch.setattr(plugins, "installed", lambda: modules)

    return install


def saying(*todos: Todo) -> Collector:
    async def collect_todos(actor: Actor) -> list[Todo]:
        return list(todos)

    return collect_todos


def todo(title: str, due_at: datetime | None = None) -> Todo:
    return Todo(title=title, path="/", due_at=due_at)


async def test_the_first_due_comes_first_and_what_has_no_date_last(
    db: str, installed: Callable[..., None]
) -> None:
    installed(
        apple=saying(todo("some day"), todo("tomorrow", NOW + timedelta(days=1))),
        zebra=saying(todo("now", NOW)),
    )
    found = await queries.todo_list(SOMEBODY)
    assert [one.title for one in found.todos] == ["now", "tomorrow", "some day"]
    assert found.silent == []


async def test_a_plugin_that_fails_is_left_out_and_logged_without_what_it_says(
    db: str, installed: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    async def failing(actor: Actor) -> list[Todo]:
        await fetch("select name from no_such_table")
        return []

    async def writing(actor: Actor) -> list[Todo]:
        await fetch("insert into person (name) values ('张三')")
        return []

    async def raising(actor: Actor) -> list[Todo]:
        raise ValueError("13800000001")

    installed(apple=failing, berry=writing, cherry=raising, zebra=saying(todo("still there")))
    with caplog.at_level(logging.ERROR):
        async with borrowed_connection():
            found = await queries.todo_list(SOMEBODY)
            assert await fetch_value("select 1") == 1, "the connection is usable"
    assert [one.title for one in found.todos] == ["still there"]
    assert found.silent == ["apple的牌子", "berry的牌子", "cherry的牌子"]
    assert "apple" in caplog.text
    assert "13800000001" not in caplog.text
    assert await fetch_value("select count(*) from person") == 0


async def test_a_plugin_that_dawdles_is_stopped(
    db: str, installed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def in_the_database(actor: Actor) -> list[Todo]:
        await fetch("select pg_sleep(10)")
        return []

    async def elsewhere(actor: Actor) -> list[Todo]:
        await asyncio.sleep(10)
        return []

    monkeypatch.setattr(queries, "_LIMIT_S", 0.1)
    installed(apple=in_the_database, berry=elsewhere, zebra=saying(todo("still there")))
    async with borrowed_connection():
        found = await queries.todo_list(SOMEBODY)
        assert await fetch_value("select 1") == 1, "the connection is usable"
    assert ([one.title for one in found.todos], len(found.silent)) == (["still there"], 2)


async def test_no_plugin_fills_the_page_alone(db: str, installed: Callable[..., None]) -> None:
    installed(apple=saying(*(todo(str(n)) for n in range(50))), zebra=saying(todo("still there")))
    found = await queries.todo_list(SOMEBODY)
    assert [one.title for one in found.todos] == [*map(str, range(20)), "still there"]


async def test_payer_and_treasurer_are_told_of_an_order_until_its_time_is_over(db: str) -> None:
    committee = await make_committee()
    payer = await make_resident(committee.region_id)
    with clock.frozen(NOW):
        order_id = await make_order(committee, payer)
        [owed] = (await queries.todo_list(payer)).todos
        assert (owed.path, owed.params["order"]) == (f"/orders/{order_id}", order_id)
        [waiting] = (await queries.todo_list(committee.treasurer)).todos
        assert (waiting.path, waiting.count, waiting.due_at) == ("/counter", 1, owed.due_at)
    assert owed.due_at is not None
    with clock.frozen(owed.due_at):
        assert (await queries.todo_list(payer)).todos == []
        assert (await queries.todo_list(committee.treasurer)).todos == []
