"""Files: asked for, written with progress, one's own for a day."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch_row, fetch_value, unit_of_work
from core.documents import queries
from core.documents.errors import FileNotFound, FormatUnknown
from core.documents.services import KEPT, ask_for_sheet, keep_file, sweep_expired, write_sheet
from core.documents.sheets import Cell
from core.jobs.services import run_job

MOMENT = timedelta(microseconds=1)


async def batches() -> AsyncIterator[list[list[Cell]]]:
    yield [[1, "一"], [2, "二"]]
    yield [[3, "三"]]


async def kept(owner_id: int = 7) -> int:
    async with unit_of_work():
        return await keep_file("清单.csv", "text/csv", b"abc", owner_id=owner_id)


async def test_a_list_is_asked_for_and_written_by_a_job_with_progress(db: str) -> None:
    job_id = await ask_for_sheet("test.sheet", {"about": 5}, format="csv", person_id=7)
    row = await fetch_row("select args::jsonb->>'about', args->>'language', asked_by, priority from job")
    assert tuple(row) == ("5", "zh", 7, 1)

    async def write(about: int, format: str, owner_id: int, language: str) -> None:
        assert (about, language) == (5, "zh")
        await write_sheet(
            "清单", format=format, owner_id=owner_id, header=["号", "名"], batches=batches(), of=3
        )

    assert await run_job(job_id, write)
    file = await queries.file_of_job(job_id, 7)
    assert file is not None
    assert (file.name, file.expires_at - file.made_at) == ("清单.csv", KEPT)
    _, content = await queries.content(file.id, 7)
    assert content.decode("utf-8-sig").split("\r\n") == ["号,名", "1,一", "2,二", "3,三", ""]
    assert file.size == len(content)
    assert tuple(await fetch_row("select done, of from job_progress")) == (3, 3)
    asked = await fetch_row("select action, actor_id, subject_id, facts::text from audit_event")
    assert tuple(asked) == ("file.asked", 7, job_id, '{"task": "test.sheet"}')


async def test_an_unknown_format_is_refused_before_anything_is_asked(db: str) -> None:
    with pytest.raises(FormatUnknown):
        await ask_for_sheet("test.sheet", {}, format="doc", person_id=7)
    assert await fetch_value("select count(*) from job") == 0


async def test_a_file_is_only_its_owners(db: str) -> None:
    file_id = await kept(7)
    assert (await queries.content(file_id, 7))[1] == b"abc"
    assert [file.id for file in await queries.files(7, limit=5)] == [file_id]
    for stranger in (8, 0):
        with pytest.raises(FileNotFound):
            await queries.content(file_id, stranger)
        assert await queries.files(stranger, limit=5) == []


async def test_a_file_is_there_for_a_day_and_then_swept(db: str) -> None:
    now = clock.now()
    with clock.frozen(now):
        file_id = await kept()

    async def sweep() -> int:
        async with unit_of_work():
            return await sweep_expired(limit=5)

    with clock.frozen(now + KEPT - MOMENT):
        await queries.content(file_id, 7)
        assert await sweep() == 0
    with clock.frozen(now + KEPT):
        with pytest.raises(FileNotFound):
            await queries.content(file_id, 7)
        assert await queries.files(7, limit=5) == []
        assert await sweep() == 1
    assert await fetch_value("select count(*) from stored_file") == 0


async def test_a_name_that_is_too_long_keeps_its_ending(db: str) -> None:
    async with unit_of_work():
        await keep_file("长" * 120 + " 公共账户.xlsx", "text/csv", b"abc", owner_id=7)
    assert await fetch_value("select name from stored_file") == "长" * 115 + ".xlsx"
