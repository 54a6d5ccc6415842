"""A delivery that is stuck: how it shows, and the two ways out."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value, unit_of_work
from core.events import queries
from core.events.errors import DeliveryNotFound, DeliverySettled, DeliveryUnderWay, PluginIsOff
from core.events.queries import OFF, SKIPPED, STUCK, WAITING, DeliveryView
from core.events.services import (
    DELIVER,
    deliver_event,
    record_event,
    repeat_delivery,
    skip_delivery,
    sweep_delivered,
)
from core.jobs.services import run_job
from core.reference import Ref
from workers.drain import run_due_jobs
from workers.tasks import all_tasks


class World:
    """Plugins that take `order_paid`: what they did, and which of them fail at which order."""

    def __init__(self) -> None:
        self.names = ["apple", "zebra"]
        self.off: set[str] = set()
        self.broken: set[tuple[str, int]] = set()
        self.had: list[tuple[str, int]] = []

    async def deliver(self, _event: str, plugin: str, facts: dict[str, Any]) -> None:
        if (plugin, facts["order_id"]) in self.broken:
            raise ZeroDivisionError
        self.had.append((plugin, facts["order_id"]))


@pytest.fixture
def world(db: str, monkeypatch: pytest.MonkeyPatch) -> World:
    all_tasks()  # it is kept for the process, and must not be that of this world
    made = World()
    monkeypatch.setattr(plugins, "installed", lambda: dict.fromkeys(made.names))
    monkeypatch.setattr(plugins, "subscribers", lambda _event: made.names)
    monkeypatch.setattr(plugins, "is_enabled", lambda name: name in made.names and name not in made.off)
    monkeypatch.setattr(plugins, "deliver", made.deliver)
    return made


async def happen(order_id: int, *, subject: int = 1) -> None:
    async with unit_of_work():
        record_event("order_paid", Ref("order", subject), order_id=order_id, cause_kind="test", cause_id=1)


async def run_everything() -> None:
    """What is due, however often it fails, until every failed job has been given up."""
    for _ in range(200):
        await fetch("update job set due_at = now() - interval '1 day' where state = 'waiting'")
        waiting = await fetch("select id from job where state = 'waiting' order by id limit 1")
        if not waiting:
            return
        job_id = waiting[0]["id"]
        await fetch("update job set attempts = 8 where id = $1", job_id)
        try:
            await run_job(job_id, deliver_event)
        except ZeroDivisionError:
            continue


async def listed(kind: str) -> list[DeliveryView]:
    return await queries.deliveries(kind, before_id=None, limit=50)


async def test_a_delivery_whose_job_has_failed_for_good_is_stuck_with_what_waits_behind(
    world: World,
) -> None:
    world.broken = {("apple", 1)}
    for order_id in (1, 2, 3):
        await happen(order_id)
    await happen(9, subject=9)
    await run_everything()
    (stuck,) = await listed(STUCK)
    assert (stuck.plugin, stuck.event, stuck.subject, stuck.behind) == (
        "apple",
        "order_paid",
        Ref("order", 1),
        2,
    )
    assert stuck.error is not None
    assert stuck.error.startswith("ZeroDivisionError in deliver")
    assert stuck.attempts == 8
    assert [d.kind for d in await listed(WAITING)] == [WAITING, WAITING, STUCK]
    others = [("apple", 9), ("zebra", 1), ("zebra", 2), ("zebra", 3), ("zebra", 9)]
    assert sorted(world.had) == others


async def test_repeated_after_the_repair_all_come_in_order(world: World) -> None:
    world.broken = {("apple", 1)}
    for order_id in (1, 2, 3):
        await happen(order_id)
    await run_everything()
    (stuck,) = await listed(STUCK)
    world.broken = set()
    await repeat_delivery(stuck.id, actor_id=3)
    assert await listed(STUCK) == []
    await run_everything()
    assert [order for plugin, order in world.had if plugin == "apple"] == [1, 2, 3]
    assert await listed(WAITING) == []
    row = await fetch_value("select actor_id from audit_event where action = 'delivery.repeated'")
    assert row == 3


async def test_a_second_click_asks_once(world: World) -> None:
    world.broken = {("apple", 1)}
    await happen(1)
    await run_everything()
    (stuck,) = await listed(STUCK)
    done = await asyncio.gather(
        *(repeat_delivery(stuck.id, actor_id=3) for _ in range(4)), return_exceptions=True
    )
    assert all(outcome is None or isinstance(outcome, DeliveryUnderWay) for outcome in done)
    assert await fetch_value("select count(*) from job where state = 'waiting'") == 1


async def test_skipped_the_next_one_follows_and_the_reason_stays(world: World) -> None:
    world.broken = {("apple", 1)}
    for order_id in (1, 2, 3):
        await happen(order_id)
    await run_everything()
    (stuck,) = await listed(STUCK)
    await skip_delivery(stuck.id, reason="订单已作废", actor_id=3)
    await run_everything()
    assert [order for plugin, order in world.had if plugin == "apple"] == [2, 3]
    (skipped,) = await listed(SKIPPED)
    assert (skipped.id, skipped.kind, skipped.note) == (stuck.id, SKIPPED, "订单已作废")
    facts = await fetch("select actor_id, facts::text from audit_event where action = 'delivery.skipped'")
    assert [tuple(row) for row in facts] == [(3, "{}")]


async def test_what_is_settled_is_neither_repeated_nor_skipped(world: World) -> None:
    await happen(1)
    await run_everything()
    delivered = await fetch_value("select min(id) from event_delivery")
    for verb in (
        repeat_delivery(delivered, actor_id=3),
        skip_delivery(delivered, reason="不要", actor_id=3),
    ):
        with pytest.raises(DeliverySettled):
            await verb
    for verb in (repeat_delivery(10**9, actor_id=3), skip_delivery(10**9, reason="不要", actor_id=3)):
        with pytest.raises(DeliveryNotFound):
            await verb


@pytest.mark.parametrize("which", ["repeat", "skip"])
async def test_an_operator_does_not_wait_for_a_running_delivery(world: World, which: str) -> None:
    await happen(1)
    (delivery_id,) = [d.id for d in await listed(WAITING) if d.plugin == "apple"]
    rows = await fetch("select id, args from job where name = $1", DELIVER)
    (job_id,) = [row["id"] for row in rows if json.loads(row["args"])["delivery_id"] == delivery_id]
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(delivery_id: int) -> None:
        await deliver_event(delivery_id)
        begun.set()
        await may_end.wait()

    running = asyncio.create_task(run_job(job_id, slowly))
    await begun.wait()
    verbs: dict[str, Callable[[], Any]] = {
        "repeat": lambda: repeat_delivery(delivery_id, actor_id=3),
        "skip": lambda: skip_delivery(delivery_id, reason="不要", actor_id=3),
    }
    async with asyncio.timeout(2):
        with pytest.raises(DeliveryUnderWay):
            await verbs[which]()
    may_end.set()
    assert await running
    assert world.had == [("apple", 1)]
    with pytest.raises(DeliverySettled):
        await verbs[which]()


async def test_a_skip_does_not_pass_a_later_event_that_is_being_looked_at(world: World) -> None:
    """Whoever has the queue of the subject decides; nobody's next one is lost between the two."""
    world.broken = {("apple", 1)}
    await happen(1)
    await run_everything()
    (stuck,) = await listed(STUCK)
    await happen(2)
    (later,) = [d.id for d in await listed(WAITING) if d.plugin == "apple" and d.id != stuck.id]
    looked, may_end = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        async with unit_of_work():
            await deliver_event(later)  # the earlier one still waits: this one returns
            looked.set()
            await may_end.wait()

    looking = asyncio.create_task(look())
    await looked.wait()
    with pytest.raises(DeliveryUnderWay):
        await skip_delivery(stuck.id, reason="不要", actor_id=3)
    may_end.set()
    await looking
    await skip_delivery(stuck.id, reason="不要", actor_id=3)
    await run_everything()
    assert ("apple", 2) in world.had


async def test_deliveries_of_a_plugin_that_is_off_wait_for_it(world: World) -> None:
    world.off = {"apple"}
    await happen(1)
    await run_due_jobs()
    (waiting,) = await listed(OFF)
    assert (waiting.plugin, waiting.kind) == ("apple", OFF)
    assert await listed(STUCK) == []
    assert await listed(WAITING) == []
    with pytest.raises(PluginIsOff):
        await repeat_delivery(waiting.id, actor_id=3)
    world.names, world.off = ["zebra"], set()  # gone altogether
    assert [d.plugin for d in await listed(OFF)] == ["apple"]


async def test_a_delivery_whose_job_was_cancelled_is_stuck_too(world: World) -> None:
    await happen(1)
    await fetch("update job set state = 'cancelled'")
    assert {d.plugin for d in await listed(STUCK)} == {"apple", "zebra"}


async def test_old_receipts_are_swept_and_the_events_stay(world: World) -> None:
    world.broken = {("zebra", 1)}
    await happen(1)
    await run_everything()
    with clock.frozen(clock.now() + timedelta(days=31)):
        async with unit_of_work():
            assert await sweep_delivered(older_than=timedelta(days=30), limit=10) == 1
            assert await sweep_delivered(older_than=timedelta(days=30), limit=10) == 0
    assert [d.plugin for d in await listed(STUCK)] == ["zebra"]
    assert await fetch_value("select count(*) from event") == 1
