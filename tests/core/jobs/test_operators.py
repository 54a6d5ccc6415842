"""What operators see of jobs and do about them, and what is swept."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.jobs import queries, rules
from core.jobs.errors import JobNotFailed, JobNotFound, JobNotWaiting
from core.jobs.services import add_job_for, cancel_job, claim_due, retry_job, run_job, sweep_done

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LEASE = timedelta(minutes=1)


async def ask(name: str = "test.work", *, asked_by: int = 0) -> int:
    async with unit_of_work():
        return await add_job_for(asked_by, name, {})


async def put(job_id: int, state: str) -> None:
    await fetch("update job set state = $2 where id = $1", job_id, state)


async def nothing() -> None: ...


async def test_a_failed_job_is_tried_again_as_often_as_a_new_one(db: str) -> None:
    job_id = await ask()
    await fetch("update job set state = 'failed', attempts = 8 where id = $1", job_id)
    with clock.frozen(NOON):
        await retry_job(job_id, actor_id=3)
        assert tuple(await fetch_row("select state, attempts, due_at from job")) == ("waiting", 0, NOON)
        assert [number for number, _ in await claim_due(limit=5, lease=LEASE)] == [job_id]
    assert await run_job(job_id, nothing)
    row = await fetch_row("select action, subject_kind, subject_id, actor_id from audit_event")
    assert tuple(row) == ("job.retried", "job", job_id, 3)


@pytest.mark.parametrize("state", ["waiting", "sent", "done", "cancelled"])
async def test_only_a_failed_job_is_tried_again(db: str, state: str) -> None:
    job_id = await ask()
    await put(job_id, state)
    with pytest.raises(JobNotFailed):
        await retry_job(job_id, actor_id=3)
    assert await fetch_value("select state from job") == state
    assert await fetch("select * from audit_event") == []


async def test_a_second_click_on_retry_is_refused_in_words(db: str) -> None:
    job_id = await ask()
    await put(job_id, "failed")
    outcomes = await asyncio.gather(
        *(retry_job(job_id, actor_id=3) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["JobNotFailed"] * 3 + ["NoneType"]


async def test_a_cancelled_job_is_never_done_and_keeps_the_reason(db: str) -> None:
    job_id = await ask()
    await cancel_job(job_id, reason="重复了", actor_id=3)
    assert await claim_due(limit=5, lease=LEASE) == []
    assert not await run_job(job_id, nothing)
    found = await queries.job(job_id)
    assert (found.state, found.note, found.is_under_way) == ("cancelled", "重复了", False)
    assert await fetch_value("select facts::text from audit_event where action = 'job.cancelled'") == "{}"


@pytest.mark.parametrize("state", ["sent", "done", "failed", "cancelled"])
async def test_only_a_waiting_job_is_cancelled(db: str, state: str) -> None:
    job_id = await ask()
    await put(job_id, state)
    with pytest.raises(JobNotWaiting):
        await cancel_job(job_id, reason="不要了", actor_id=3)
    assert await fetch_value("select state from job") == state


async def test_a_job_is_either_cancelled_or_claimed(db: str) -> None:
    for _ in range(10):
        job_id = await ask()
        cancelled, claimed = await asyncio.gather(
            cancel_job(job_id, reason="不要了", actor_id=3),
            claim_due(limit=5, lease=LEASE),
            return_exceptions=True,
        )
        state = await fetch_value("select state from job where id = $1", job_id)
        assert state == ("sent" if claimed else "cancelled")
        assert isinstance(cancelled, JobNotWaiting) == bool(claimed)


async def test_an_unknown_job_is_not_found(db: str) -> None:
    for verb in (retry_job(1, actor_id=3), cancel_job(1, reason="", actor_id=3), queries.job(1)):
        with pytest.raises(JobNotFound):
            await verb


async def test_the_list_is_filtered_and_paged_newest_first(db: str) -> None:
    first, second, third = [await ask(name) for name in ("a.one", "b.two", "a.one")]
    await put(second, "failed")

    async def ids(**asked: object) -> list[int]:
        given = {"state": None, "name": None, "before_id": None, "limit": 10} | asked
        return [job.id for job in await queries.jobs(**given)]  # type: ignore[arg-type]

    assert await ids() == [third, second, first]
    assert await ids(limit=1) == [third]
    assert await ids(before_id=third) == [second, first]
    assert await ids(state="failed") == [second]
    assert await ids(name="a.one", before_id=third) == [first]
    assert await ids(state="failed", name="a.one") == []
    assert await queries.names() == ["a.one", "b.two"]
    with pytest.raises(ValueError, match="no such state"):
        await ids(state="' or true --")


async def test_states_are_counted_and_not_beyond_what_a_page_needs(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for state in ("waiting", "failed", "failed", "done"):
        await put(await ask(), state)
    expected = {"waiting": 1, "sent": 0, "failed": 2, "cancelled": 0, "done": 1}
    assert await queries.counts() == expected
    monkeypatch.setattr(queries, "COUNT_MOST", 1)
    assert (await queries.counts())["failed"] == 1
    assert tuple(expected) == rules.STATES


async def test_of_what_a_job_is_asked_with_operators_see_the_ids(db: str) -> None:
    async with unit_of_work():
        job_id = await add_job_for(7, "test.work", {"person_id": 7, "body": "机密", "params": {"n": 1}})
    assert (await queries.job(job_id)).args == {"person_id": 7}


async def test_one_sees_only_jobs_that_one_asked_for(db: str) -> None:
    job_id = await ask(asked_by=7)
    assert (await queries.job(job_id, asked_by=7)).id == job_id
    for stranger in (8, 0):
        with pytest.raises(JobNotFound):
            await queries.job(job_id, asked_by=stranger)


async def test_only_what_was_done_long_ago_is_swept_the_oldest_first(db: str) -> None:
    month = timedelta(days=30)
    ages = {"old": month + timedelta(seconds=1), "older": 2 * month, "young": month}
    for name, age in ages.items():
        job_id = await ask(name)
        await fetch("update job set state = 'done', finished_at = $2 where id = $1", job_id, NOON - age)
    failed = await ask("failed")
    await fetch("update job set state = 'failed', finished_at = $2 where id = $1", failed, NOON - 3 * month)

    async def sweep(limit: int) -> int:
        with clock.frozen(NOON):
            async with unit_of_work():
                return await sweep_done(older_than=month, limit=limit)

    assert await sweep(1) == 1
    assert await queries.names() == ["failed", "old", "young"]
    assert await sweep(10) == 1
    assert await sweep(10) == 0
    assert await queries.names() == ["failed", "young"]
