"""Events: recorded as rows, delivered to each plugin on its own, once, in order per subject."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import plugins
from core.database import fetch, fetch_value, unit_of_work
from core.events.services import DELIVER, deliver_event, record_event, resume_deliveries
from core.jobs.services import claim_due, run_job
from core.reference import Ref
from workers.drain import run_due_jobs


@pytest.fixture
def subscribed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let `order_paid` reach the given plugins: name -> what it does with the order's id."""

    def subscribe(**bodies: Any) -> None:
        async def deliver(_event: str, plugin: str, facts: dict[str, Any]) -> None:
            await bodies[plugin](facts["order_id"])

        monkeypatch.setattr(plugins, "subscribers", lambda _event: list(bodies))
        monkeypatch.setattr(plugins, "deliver", deliver)
        monkeypatch.setattr(plugins, "is_enabled", lambda plugin: plugin in bodies)

    return subscribe


async def happen(order_id: int, *, subject: int = 1) -> None:
    async with unit_of_work():
        record_event("order_paid", Ref("order", subject), order_id=order_id, cause_kind="test", cause_id=1)


async def note(text: str) -> None:
    """An effect in the database, and the order in which effects came."""
    await fetch("insert into region (level, name) values ('estate', $1)", text)


async def notes() -> list[str]:
    return [row["name"] for row in await fetch("select name from region order by id")]


async def delivery_jobs() -> dict[int, int]:
    """Delivery id -> job id, of those that wait."""
    rows = await fetch("select id, args from job where name = $1 and state <> 'done' order by id", DELIVER)
    return {json.loads(row["args"])["delivery_id"]: row["id"] for row in rows}


async def states() -> list[tuple[str, str]]:
    rows = await fetch("select plugin, state from event_delivery order by id")
    return [(row["plugin"], row["state"]) for row in rows]


async def do_nothing(_order_id: int) -> None: ...


async def test_an_event_has_one_delivery_and_one_job_a_subscriber(db: str, subscribed: Any) -> None:
    subscribed(apple=do_nothing, zebra=do_nothing)
    await happen(7)
    (event,) = await fetch("select name, subject_kind, subject_id, facts from event")
    assert (event["name"], event["subject_kind"], event["subject_id"]) == ("order_paid", "order", 1)
    assert json.loads(event["facts"]) == {"order_id": 7, "cause_kind": "test", "cause_id": 1}
    assert await states() == [("apple", "waiting"), ("zebra", "waiting")]
    assert len(await delivery_jobs()) == 2


async def test_an_event_that_nobody_wants_is_recorded_all_the_same(db: str, subscribed: Any) -> None:
    subscribed()
    await happen(7)
    assert await fetch_value("select count(*) from event") == 1
    assert await fetch_value("select count(*) from job") == 0


async def test_an_event_of_a_rolled_back_unit_did_not_happen(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            record_event("order_paid", Ref("order", 1), order_id=1, cause_kind="test", cause_id=1)
            raise ZeroDivisionError
    for table in ("event", "event_delivery", "job"):
        assert await fetch_value(f"select count(*) from {table}") == 0


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"order_id": 1, "cause_kind": "test"},
        {"order_id": 1, "cause_kind": "test", "cause_id": 1, "amount_fen": 5},
    ],
)
async def test_wrong_facts_are_refused_by_name(db: str, facts: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"order_paid takes .*'cause_id', 'cause_kind', 'order_id'"):
        async with unit_of_work():
            record_event("order_paid", Ref("order", 1), **facts)
    assert await fetch_value("select count(*) from event") == 0


async def test_the_receipt_is_written_with_the_effect_and_a_second_delivery_does_nothing(
    db: str, subscribed: Any
) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")

    subscribed(apple=effect)
    await happen(7)
    (delivery,) = await delivery_jobs()
    await run_due_jobs()
    assert await states() == [("apple", "done")]
    async with unit_of_work():
        await deliver_event(delivery)
        await deliver_event(10**9)
    assert await notes() == ["order 7"]


async def test_a_later_event_of_a_subject_waits_for_the_earlier(db: str, subscribed: Any) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")

    subscribed(apple=effect)
    for order_id in (1, 2, 3):
        await happen(order_id)
    jobs = list((await delivery_jobs()).values())

    assert await run_job(jobs[2], deliver_event)
    assert await run_job(jobs[1], deliver_event)
    assert await notes() == []
    assert await states() == [("apple", "waiting")] * 3
    assert await run_job(jobs[0], deliver_event)
    assert await notes() == ["order 1"]
    await run_due_jobs()
    assert await notes() == ["order 1", "order 2", "order 3"]
    assert await states() == [("apple", "done")] * 3


async def test_different_subjects_do_not_wait_for_each_other(db: str, subscribed: Any) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")

    subscribed(apple=effect)
    await happen(1, subject=1)
    await happen(2, subject=2)
    _, second = (await delivery_jobs()).values()
    assert await run_job(second, deliver_event)
    assert await notes() == ["order 2"]


async def test_a_plugin_that_raises_holds_up_its_subject_for_itself_alone(db: str, subscribed: Any) -> None:
    async def broken(order_id: int) -> None:
        await note(f"broken {order_id}")
        if order_id == 1:
            raise ZeroDivisionError

    async def sound(order_id: int) -> None:
        await note(f"sound {order_id}")

    subscribed(broken=broken, sound=sound)
    await happen(1)
    await happen(2)
    await happen(9, subject=9)
    failed = 0
    for _ in range(5):
        for job_id in (await delivery_jobs()).values():
            try:
                await run_job(job_id, deliver_event)
            except ZeroDivisionError:
                failed += 1
    assert failed == 5
    assert set(await notes()) == {"sound 1", "sound 2", "sound 9", "broken 9"}
    assert await states() == [
        ("broken", "waiting"),
        ("sound", "done"),
        ("broken", "waiting"),
        ("sound", "done"),
        ("broken", "done"),
        ("sound", "done"),
    ]


async def test_a_repaired_plugin_gets_what_it_missed_in_order(db: str, subscribed: Any) -> None:
    is_repaired = False

    async def effect(order_id: int) -> None:
        if not is_repaired:
            raise ZeroDivisionError
        await note(f"order {order_id}")

    subscribed(apple=effect)
    for order_id in (1, 2, 3):
        await happen(order_id)
    first, *later = (await delivery_jobs()).values()
    for job_id in later:
        assert await run_job(job_id, deliver_event)
    with pytest.raises(ZeroDivisionError):
        await run_job(first, deliver_event)
    is_repaired = True
    assert await run_job(first, deliver_event)
    await run_due_jobs()
    assert await notes() == ["order 1", "order 2", "order 3"]


async def test_the_effect_of_one_event_may_record_the_next(db: str, subscribed: Any) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")
        if order_id < 3:
            await happen(order_id + 1)

    subscribed(apple=effect)
    await happen(1)
    await run_due_jobs()
    assert await notes() == ["order 1", "order 2", "order 3"]


async def test_many_workers_deliver_the_events_of_a_subject_in_order(db: str, subscribed: Any) -> None:
    """Everything that is due is run at once, until nothing is due: no event lost, none twice."""

    async def effect(order_id: int) -> None:
        await asyncio.sleep(0.002)
        await note(f"{order_id:02}")

    subscribed(apple=effect)
    for order_id in range(12):
        await happen(order_id)
    while due := await claim_due(limit=100, lease=timedelta(minutes=1)):
        await asyncio.gather(*(run_job(job_id, deliver_event) for job_id, _ in due))
    assert await notes() == [f"{order_id:02}" for order_id in range(12)]


async def test_an_event_recorded_while_the_one_before_commits_is_not_lost(db: str, subscribed: Any) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")

    subscribed(apple=effect)
    await happen(1)
    (one,) = await delivery_jobs()
    delivered, may_commit = asyncio.Event(), asyncio.Event()

    async def deliver_slowly(delivery_id: int) -> None:
        await deliver_event(delivery_id)
        delivered.set()
        await may_commit.wait()

    first = asyncio.create_task(run_job((await delivery_jobs())[one], deliver_slowly))
    await delivered.wait()  # it has looked for a next one, and found none
    await happen(2)
    (second,) = [job for delivery, job in (await delivery_jobs()).items() if delivery != one]
    other = asyncio.create_task(run_job(second, deliver_event))
    await asyncio.sleep(0.1)
    may_commit.set()
    await asyncio.gather(first, other)
    await run_due_jobs()
    assert await notes() == ["order 1", "order 2"]


async def test_a_plugin_switched_off_and_on_again_gets_what_it_missed(
    db: str, subscribed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def effect(order_id: int) -> None:
        await note(f"order {order_id}")

    subscribed(apple=effect)
    with monkeypatch.context() as off:
        off.setattr(plugins, "is_enabled", lambda _plugin: False)
        await happen(1)
        await happen(2)
        await run_due_jobs()
    assert await states() == [("apple", "waiting")] * 2
    async with unit_of_work():
        await resume_deliveries()
    await run_due_jobs()
    assert await notes() == ["order 1", "order 2"]
