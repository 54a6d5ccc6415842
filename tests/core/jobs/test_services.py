"""Jobs as rows: asked for, claimed in order, done once, tried again, given up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.jobs import rules
from core.jobs import services as jobs
from core.jobs.rules import ATTEMPTS_MAX
from core.jobs.services import (
    add_job,
    claim_due,
    describe,
    finish_jobs,
    next_due_at,
    run_job,
    unclaim,
    under_way,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LEASE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


async def ask(name: str = "test.work", **more: object) -> None:
    async with unit_of_work():
        add_job(name, more.pop("args", {}), **more)  # type: ignore[arg-type]


async def test_jobs_of_one_unit_take_their_keys_in_one_order(db: str) -> None:
    """Else two units of work with the same keys could wait for each other."""
    async with unit_of_work():
        for name, key in (("d", "z"), ("a", None), ("c", "y"), ("b", None)):
            add_job(name, {}, key=key)
    rows = await fetch("select name from job order by id")
    assert [row["name"] for row in rows] == ["a", "b", "c", "d"]


async def claimed(limit: int = 10) -> list[str]:
    return [name for _, name in await claim_due(limit=limit, lease=LEASE)]


async def job_id() -> int:
    return int(await fetch_value("select max(id) from job"))


def writing(path: str = "effect") -> Callable[..., Awaitable[None]]:
    """A handler whose effect is one region of that name."""

    async def handler(**_args: object) -> None:
        await fetch("insert into region (level, name) values ('estate', $1)", path)

    return handler


async def effects() -> int:
    return int(await fetch_value("select count(*) from region"))


async def test_a_job_of_a_rolled_back_unit_never_was(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            add_job("test.work", {})
            raise ZeroDivisionError
    assert await fetch_value("select count(*) from job") == 0


async def test_a_job_needs_a_unit_of_work(db: str) -> None:
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        add_job("test.work", {})


async def test_a_key_makes_a_job_once(db: str) -> None:
    await ask(key="daily:2026-11-22", args={"first": 1})
    await ask(key="daily:2026-11-22", args={"first": 2})
    await ask(key="daily:2026-11-23")
    await asyncio.gather(*(ask(key="contested") for _ in range(5)))
    await ask()
    await ask()
    assert await fetch_value("select count(*) from job") == 5
    assert await fetch_value("select args->>'first' from job where key = 'daily:2026-11-22'") == "1"


async def test_jobs_are_claimed_by_priority_then_by_hour_then_by_age(db: str) -> None:
    await ask("late", due_at=NOON)
    await ask("early", due_at=NOON - timedelta(hours=1))
    await ask("same hour", due_at=NOON)
    await ask("urgent", due_at=NOON, priority=-1)
    await ask("idle", due_at=NOON - timedelta(days=1), priority=5)
    names = []
    with clock.frozen(NOON):
        while one := await claimed(limit=1):
            names += one
    assert names == ["urgent", "early", "late", "same hour", "idle"]


async def test_a_job_is_claimed_at_its_moment_and_not_before(db: str) -> None:
    await ask(due_at=NOON)
    with clock.frozen(NOON - MOMENT):
        assert await claimed() == []
        assert await next_due_at() == NOON
    with clock.frozen(NOON):
        assert await claimed() == ["test.work"]
        assert await next_due_at() is None
    assert tuple(await fetch_row("select state, attempts, sent_at from job")) == ("sent", 1, NOON)


async def test_a_claimed_job_is_claimed_again_only_after_its_lease(db: str) -> None:
    await ask(due_at=NOON)
    with clock.frozen(NOON):
        assert await claimed() == ["test.work"]
        assert await claimed() == []
    with clock.frozen(NOON + LEASE):
        assert await claimed() == []
    with clock.frozen(NOON + LEASE + MOMENT):
        assert await claimed() == ["test.work"]
    assert await fetch_value("select attempts from job") == 2


async def test_a_job_that_the_broker_did_not_take_waits_a_second_and_loses_no_attempt(db: str) -> None:
    await ask(due_at=NOON)
    with clock.frozen(NOON):
        await claimed()
        await unclaim(await job_id())
    assert tuple(await fetch_row("select state, attempts from job")) == ("waiting", 0)
    with clock.frozen(NOON + timedelta(seconds=1) - MOMENT):
        assert await claimed() == []
    with clock.frozen(NOON + timedelta(seconds=1)):
        assert await claimed() == ["test.work"]


async def test_a_job_that_is_done_is_not_unclaimed(db: str) -> None:
    await ask()
    await claimed()
    await run_job(await job_id(), writing())
    await unclaim(await job_id())
    assert await fetch_value("select state from job") == "done"


async def test_a_job_that_takes_too_long_is_stopped_and_tried_again(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "TIME_LIMIT_S", 0.05)
    await ask()

    async def endless() -> None:
        await writing()()
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await run_job(await job_id(), endless)
    assert await effects() == 0
    assert (await fetch_value("select error from job")).startswith("TimeoutError in ")
    assert await run_job(await job_id(), writing())


async def test_several_dispatchers_claim_each_job_once(db: str) -> None:
    for _ in range(20):
        await ask()
    batches = await asyncio.gather(*(claim_due(limit=5, lease=LEASE) for _ in range(6)))
    ids = [job for batch in batches for job, _ in batch]
    assert len(ids) == len(set(ids))
    rest = await claim_due(limit=100, lease=LEASE)
    assert len(ids) + len(rest) == 20


async def test_a_job_lost_as_often_as_it_may_be_tried_has_failed(db: str) -> None:
    await ask(due_at=NOON)
    moment = NOON
    for _ in range(ATTEMPTS_MAX):
        with clock.frozen(moment):
            assert await claimed() == ["test.work"]
        moment += LEASE + MOMENT
    with clock.frozen(moment):
        assert await claimed() == []
    assert await fetch_value("select state from job") == "failed"
    with clock.frozen(moment + timedelta(days=1)):
        assert await claimed() == []


async def test_effect_and_done_share_one_unit(db: str) -> None:
    await ask(args={"a": 1, "b": "二"})
    got: list[object] = []

    async def handler(**args: object) -> None:
        got.append(args)
        await writing()()
        outside = await asyncio.create_task(asyncpg.connect(db))
        assert await outside.fetchval("select state from job") == "waiting"
        assert await outside.fetchval("select count(*) from region") == 0
        await outside.close()

    with clock.frozen(NOON):
        assert await run_job(await job_id(), handler)
    assert got == [{"a": 1, "b": "二"}]
    assert tuple(await fetch_row("select state, finished_at, error from job")) == ("done", NOON, None)
    assert await effects() == 1


async def test_an_error_takes_the_effect_back_and_leaves_its_place_without_data(db: str) -> None:
    await ask(args={"person_id": 1})

    async def handler(person_id: int) -> None:
        await writing()()
        raise ValueError("张三 13800005678")

    with pytest.raises(ValueError, match="张三"):
        await run_job(await job_id(), handler)
    assert await effects() == 0
    row = await fetch_row("select state, error from job")
    assert row["state"] == "waiting"
    assert row["error"].startswith("ValueError in handler, test_services.py:")
    assert "张三" not in row["error"]
    assert "1380" not in row["error"]


async def test_a_database_error_is_described_by_its_state_alone(db: str) -> None:
    await fetch("insert into person (name, phone, registered_at) values ('张三', '13800005678', now())")
    with pytest.raises(asyncpg.UniqueViolationError) as refusal:
        await fetch("insert into person (name, phone, registered_at) values ('李四', '13800005678', now())")
    said = describe(refusal.value)
    assert said.startswith("UniqueViolationError (23505) in ")
    assert "1380" not in said


async def test_pauses_grow_until_the_last_attempt_has_failed(db: str) -> None:
    await ask(due_at=NOON)
    pauses, moment = [], NOON

    async def handler() -> None:
        raise ZeroDivisionError

    for _ in range(ATTEMPTS_MAX):
        with clock.frozen(moment):
            assert await claimed() == ["test.work"]
            with pytest.raises(ZeroDivisionError):
                await run_job(await job_id(), handler)
        due_at = await fetch_value("select due_at from job")
        pauses.append(due_at - moment)
        with clock.frozen(due_at - MOMENT):
            assert await claimed() == []
        moment = due_at
    assert pauses == [timedelta(seconds=2**n) for n in range(1, ATTEMPTS_MAX)] + [timedelta()]
    assert tuple(await fetch_row("select state, attempts from job")) == ("failed", ATTEMPTS_MAX)
    with clock.frozen(moment + timedelta(days=1)):
        assert await claimed() == []
    assert not await run_job(await job_id(), writing())


async def test_an_error_is_forgotten_when_the_job_is_done_at_last(db: str) -> None:
    await ask(args={"unknown": 1})

    async def handler() -> None: ...

    with pytest.raises(TypeError):
        await run_job(await job_id(), handler)
    assert await fetch_value("select error from job") is not None
    assert await run_job(await job_id(), writing())
    assert tuple(await fetch_row("select state, error from job")) == ("done", None)


async def test_a_message_that_comes_twice_is_done_once(db: str) -> None:
    await ask()
    assert await run_job(await job_id(), writing())
    assert not await run_job(await job_id(), writing())
    assert not await run_job(10**9, writing())
    assert await effects() == 1


async def test_a_message_that_comes_while_another_worker_is_at_it_does_nothing(db: str) -> None:
    await ask()
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await writing()()
        begun.set()
        await may_end.wait()

    first = asyncio.create_task(run_job(await job_id(), slow))
    await begun.wait()
    assert not await run_job(await job_id(), writing())
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert await claimed() == []
    may_end.set()
    assert await first
    assert await effects() == 1


async def test_many_workers_at_once_do_a_job_once(db: str) -> None:
    await ask()
    number = await job_id()
    done = await asyncio.gather(*(run_job(number, writing()) for _ in range(8)))
    assert sum(done) == 1
    assert await effects() == 1


async def test_a_cancelled_worker_leaves_the_job_to_the_next(db: str) -> None:
    await ask()
    begun = asyncio.Event()

    async def endless() -> None:
        await writing()()
        begun.set()
        await asyncio.Event().wait()

    worker = asyncio.create_task(run_job(await job_id(), endless))
    await begun.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert await run_job(await job_id(), writing())
    assert await effects() == 1


async def test_jobs_of_one_claim_come_by_priority(db: str) -> None:
    async with unit_of_work():
        for n in range(30):
            add_job(f"{n:02}", {}, priority=n)
    names = [name for _, name in await claim_due(limit=100, lease=timedelta(minutes=1))]
    assert names == sorted(names)


async def test_a_job_done_by_another_worker_is_not_brought_back_by_a_failed_one(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with unit_of_work():
        add_job("t", {})
    number = await fetch_value("select id from job")
    keep = jobs.keep_failure

    async def fails() -> None:
        raise ZeroDivisionError

    async def works() -> None: ...

    async def keep_late(*args: object) -> None:
        """The message that came twice runs between the rollback and the note of the failure."""
        assert await run_job(number, works)
        await keep(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "keep_failure", keep_late)
    with pytest.raises(ZeroDivisionError):
        await run_job(number, fails)
    assert await fetch_value("select state from job") == "done"


async def test_jobs_of_other_names_wait(db: str) -> None:
    """A plugin that is switched off: its jobs are neither lost nor counted as tried."""
    await ask("test.known")
    await ask("off.unknown")
    claimed = await claim_due(limit=9, lease=LEASE, names=["test.known"])
    assert [name for _, name in claimed] == ["test.known"]
    assert await under_way([claimed[0][0], 10**6]) == {claimed[0][0]}
    rows = await fetch("select state, attempts from job where name = 'off.unknown'")
    assert [tuple(row) for row in rows] == [("waiting", 0)]


async def test_jobs_whose_work_is_done_are_over_but_for_those_that_run(db: str) -> None:
    for key in ("runs", "sent", "waits", "other"):
        await ask(key, key=key, due_at=NOON)
    with clock.frozen(NOON):
        assert await claimed(limit=2) == ["runs", "sent"]
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        began.set()
        await go_on.wait()

    running = asyncio.create_task(run_job(int(await fetch_value("select min(id) from job")), slow))
    await began.wait()
    async with unit_of_work():
        await finish_jobs(["runs", "sent", "waits"])
    rows = await fetch("select name, state from job order by id")
    assert [tuple(row) for row in rows] == [
        ("runs", "sent"),
        ("sent", "done"),
        ("waits", "done"),
        ("other", "waiting"),
    ]
    go_on.set()
    assert await running
    assert not await run_job(int(await fetch_value("select id from job where key = 'sent'")), writing())
    assert await effects() == 0
