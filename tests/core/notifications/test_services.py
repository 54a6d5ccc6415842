"""Notices: asked for as a job, delivered to the inbox, paged, read."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from core import clock
from core.database import fetch_row, fetch_value, unit_of_work
from core.language import in_language
from core.notifications import queries
from core.notifications.errors import NoticeNotFound
from core.notifications.services import DELIVER, mark_all_read, mark_read, notify
from core.people.services import register_person
from workers.drain import run_due_jobs

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
async def person(db: str) -> int:
    return await register_person("张三", phone=None, password=None)


async def tell(person_id: int, *titles: str) -> None:
    async with unit_of_work():
        for title in titles:
            notify(person_id, title=title, body="%(plot)s 到期", path="/garden/mine", plot="3 号", days=2)


async def titles(person_id: int, **page: int | None) -> list[str]:
    page = {"before_id": None, "limit": 10} | page
    return [notice.title for notice in await queries.inbox(person_id, **page)]  # type: ignore[arg-type]


async def test_telling_is_a_job_that_makes_a_notice(person: int) -> None:
    with clock.frozen(NOON):
        await tell(person, "快到期了")
        assert await titles(person) == []
        row = await fetch_row("select name, args from job")
        assert row["name"] == DELIVER
        assert json.loads(row["args"])["person_id"] == person
        await run_due_jobs()
    (notice,) = await queries.inbox(person, before_id=None, limit=10)
    assert (notice.title, notice.body, notice.path) == ("快到期了", "%(plot)s 到期", "/garden/mine")
    assert notice.params == {"plot": "3 号", "days": 2}
    assert (notice.created_at, notice.read_at) == (NOON, None)


async def test_a_notice_of_a_rolled_back_verb_is_never_sent(person: int) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            notify(person, title="是", body="否")
            raise ZeroDivisionError
    assert await run_due_jobs() == 0
    assert await fetch_value("select count(*) from notification") == 0


async def test_telling_needs_a_unit_of_work(person: int) -> None:
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        notify(person, title="是", body="否")


async def test_the_inbox_is_paged_from_the_newest(person: int) -> None:
    for title in "一二三四五":
        await tell(person, title)
        await run_due_jobs()
    first = await queries.inbox(person, before_id=None, limit=2)
    assert [notice.title for notice in first] == ["五", "四"]
    assert await titles(person, before_id=first[-1].id, limit=2) == ["三", "二"]
    assert await titles(person, before_id=first[0].id) == ["四", "三", "二", "一"]
    oldest = (await queries.inbox(person, before_id=None, limit=9))[-1]
    assert await titles(person, before_id=oldest.id) == []


async def ids(person: int) -> list[int]:
    return [notice.id for notice in await queries.inbox(person, before_id=None, limit=9)]


async def test_only_what_was_seen_is_read_and_only_ones_own(person: int) -> None:
    other = await register_person("李四", phone=None, password=None)
    await tell(person, "一", "二")
    await run_due_jobs()
    newest, _ = await ids(person)
    await mark_read(other, await ids(person))
    await mark_read(person, [newest])
    assert await queries.unread(person) == 1


async def test_reading_the_inbox_empties_the_count_for_this_person_alone(person: int) -> None:
    other = await register_person("李四", phone=None, password=None)
    await tell(person, "一", "二")
    await tell(other, "三")
    await run_due_jobs()
    assert (await queries.unread(person), await queries.unread(other)) == (2, 1)
    with clock.frozen(NOON):
        await mark_read(person, await ids(person))
    assert (await queries.unread(person), await queries.unread(other)) == (0, 1)
    assert {notice.read_at for notice in await queries.inbox(person, before_id=None, limit=9)} == {NOON}

    await tell(person, "四")
    await run_due_jobs()
    assert await queries.unread(person) == 1
    await mark_read(person, await ids(person))
    times = [notice.read_at for notice in await queries.inbox(person, before_id=None, limit=9)]
    assert times[1:] == [NOON, NOON]
    assert times[0] != NOON


async def test_a_stranger_has_an_empty_inbox(db: str) -> None:
    assert await titles(10**9) == []
    assert await queries.unread(10**9) == 0
    await mark_read(10**9, [1])


async def test_the_count_of_the_menu_is_that_of_the_rows_even_at_once(person: int) -> None:
    """Delivering and reading at the same time, on connections of their own."""
    for number in range(12):
        await tell(person, str(number))
        await run_due_jobs()
    all_ids = [n.id for n in await queries.inbox(person, before_id=None, limit=20)]

    async def more() -> None:
        await tell(person, "又")
        await run_due_jobs()

    await asyncio.gather(
        mark_read(person, all_ids[:8]), mark_read(person, all_ids[4:]), mark_all_read(person), more(), more()
    )
    rows = await fetch_value(
        "select count(*) from notification where person = $1 and read_at is null", person
    )
    assert await queries.unread(person) == rows
    await mark_all_read(person)
    assert await queries.unread(person) == 0
    assert await queries.inbox(person, before_id=None, limit=9, unread_only=True) == []


async def test_a_notice_of_somebody_else_is_not_there(person: int) -> None:
    await tell(person, "一")
    await run_due_jobs()
    (notice_id,) = await ids(person)
    other = await register_person("李四", phone=None, password=None)
    assert (await queries.notice(person, notice_id)).title == "一"
    with pytest.raises(NoticeNotFound):
        await queries.notice(other, notice_id)


async def test_what_fills_a_message_is_translated_where_it_is_one(person: int) -> None:
    async with unit_of_work():
        notify(person, title="题", body="%(garden)s %(role)s %(n)s", garden="东园", role="出纳", n=3)
    await run_due_jobs()
    (notice,) = await queries.inbox(person, before_id=None, limit=9)
    assert notice.told() == "东园 出纳 3"
    with in_language("en"):
        assert notice.told() == "东园 Treasurer 3"
