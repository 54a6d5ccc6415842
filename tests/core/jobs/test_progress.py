"""Progress of long jobs: seen while the job is still open, never in its way."""

import asyncio

import pytest

from core.database import fetch_row, fetch_value, unit_of_work
from core.jobs import progress, queries
from core.jobs.progress import report
from core.jobs.services import add_job_for, run_job


@pytest.fixture
async def job_id(db: str) -> int:
    async with unit_of_work():
        return await add_job_for(7, "test.long", {})


async def told() -> tuple[int, int] | None:
    row = await fetch_row("select done, of from job_progress")
    return tuple(row) if row else None


async def test_others_see_it_while_the_unit_of_work_is_open(job_id: int) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        await report(3, 10)
        begun.set()
        await may_end.wait()

    work = asyncio.create_task(run_job(job_id, long))
    await begun.wait()
    seen = await queries.job(job_id, asked_by=7)
    assert (seen.progress_done, seen.progress_of, seen.is_under_way) == (3, 10, True)
    may_end.set()
    assert await work


async def test_a_job_that_fails_leaves_its_progress_but_no_effect(job_id: int) -> None:
    async def breaks() -> None:
        await report(9, 10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_job(job_id, breaks)
    assert await told() == (9, 10)
    assert (await queries.job(job_id)).state == "waiting"


async def test_it_is_written_a_few_times_a_second_and_the_last_one_always(
    job_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int] | None] = []

    async def quick() -> None:
        for done in range(1, 101):
            await report(done, 100)
            if done in (1, 2, 99, 100):
                seen.append(await told())

    assert await run_job(job_id, quick)
    assert seen == [(1, 100), (1, 100), (1, 100), (100, 100)]
    monkeypatch.setattr(progress, "PAUSE_S", 0.0)
    with progress.of_job(job_id):
        await report(5, 100)
        await report(6, 100)
        assert await told() == (6, 100)


async def test_outside_a_job_nothing_is_told(db: str) -> None:
    await report(1, 2)
    assert progress.running_job() is None
    assert await told() is None


async def test_the_work_goes_on_when_progress_cannot_be_written(
    job_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(**_: float) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(progress, "connection_apart", lost)

    async def long() -> None:
        await report(1, 2)

    assert await run_job(job_id, long)
    assert (await queries.job(job_id)).state == "done"
    assert await told() is None


async def test_what_the_database_refuses_does_not_stop_the_work(job_id: int) -> None:
    async def long() -> None:
        await report(-1, 2)

    assert await run_job(job_id, long)
    assert await told() is None


async def test_progress_goes_with_its_job(job_id: int) -> None:
    async def long() -> None:
        await report(1, 1)

    await run_job(job_id, long)
    async with unit_of_work() as unit:
        await unit.connection.execute("delete from job")
    assert await fetch_value("select count(*) from job_progress") == 0
