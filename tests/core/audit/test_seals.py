"""Seals: nothing that could still appear is left out, and nothing that was sealed changes unseen."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from core import plugins, settled
from core.audit import queries, services
from core.audit.services import record_audit, seal
from core.database import connection_apart, fetch, fetch_value, unit_of_work
from core.reference import Ref


async def happen(*actions: str) -> None:
    async with unit_of_work():
        for action in actions:
            record_audit(action, Ref("plot", 7), actor_id=3, area_m2=20)


async def sealed() -> int:
    async with unit_of_work():
        return await seal()


async def seals() -> list[tuple[int, int]]:
    return [tuple(row) for row in await fetch("select upto_id, events from audit_seal order by id")]


async def tamper(sql: str) -> None:
    """As somebody who owns the database, with its rules switched off."""
    async with unit_of_work() as unit:
        await unit.connection.execute("set local session_replication_role = replica")
        await unit.connection.execute(sql)


async def test_each_seal_chains_what_happened_since_the_last(db: str) -> None:
    assert await sealed() == 0
    assert await queries.newest_seal() is None
    await happen("a", "b")
    assert await sealed() == 2
    assert await sealed() == 0
    await happen("c")
    assert await sealed() == 1
    assert await seals() == [(2, 2), (3, 1)]
    first, second = await fetch("select digest, previous from audit_seal order by id")
    assert (first["previous"], second["previous"]) == (b"", first["digest"])
    newest = await queries.newest_seal()
    assert newest is not None
    assert (newest.upto_id, newest.digest) == (3, second["digest"].hex())
    assert await queries.seal_differences() == []


async def test_a_long_record_is_sealed_in_pieces(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SEALED_AT_ONCE", 2)
    monkeypatch.setattr(queries, "_SEALS_AT_ONCE", 2)
    await happen(*"abcdefg")
    assert await sealed() == 7
    assert await seals() == [(2, 2), (4, 2), (6, 2), (7, 1)]
    assert await queries.seal_differences() == []


@pytest.mark.parametrize(
    "sql",
    [
        "update audit_event set actor_id = 4 where id = 2",
        "update audit_event set action = 'x' where id = 2",
        "update audit_event set facts = '{\"area_m2\": 21}' where id = 2",
        "update audit_event set happened_at = happened_at + interval '1 microsecond' where id = 2",
        "update audit_event set subject_id = 8 where id = 2",
        "delete from audit_event where id = 2",
        "insert into audit_event (id, happened_at, action, subject_kind, subject_id, facts)"
        " values (0, now(), 'x', 'plot', 7, '{}'), (-1, now(), 'x', 'plot', 7, '{}');"
        "update audit_event set id = 1000 where id = 2",
    ],
)
async def test_a_changed_row_is_found(db: str, sql: str) -> None:
    await happen("a", "b", "c")
    await sealed()
    await happen("d")
    await sealed()
    assert await plugins.collect("collect_differences") == []
    await tamper(sql)
    found = await plugins.collect("collect_differences")  # what `yiji verify` asks for
    assert found
    assert all("up to event 3" in difference.subject for difference in found)


async def test_a_changed_or_missing_seal_is_found(db: str) -> None:
    for action in ("a", "b", "c"):
        await happen(action)
        await sealed()
    await tamper("delete from audit_seal where upto_id = 2")
    subjects = [difference.subject for difference in await queries.seal_differences()]
    assert subjects[0] == "audit seal up to event 3: the seal before it"
    assert "audit seal up to event 3: events" in subjects


async def test_the_database_refuses_to_change_a_seal(db: str) -> None:
    await happen("a")
    await sealed()
    for sql in ("update audit_seal set events = 2", "delete from audit_seal", "truncate audit_seal"):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await fetch(sql)


async def test_an_event_whose_transaction_is_still_open_is_waited_for(db: str) -> None:
    """It has a lower id than one that is there already: sealed past it, it would never be chained."""
    async with connection_apart(wait_s=5) as late:
        transaction = late.transaction()
        await transaction.start()
        await late.execute(
            "insert into audit_event (happened_at, action, subject_kind, subject_id, facts)"
            " values (now(), 'late', 'plot', 7, '{}')"
        )
        await happen("early")
        sealing = asyncio.create_task(sealed())
        await asyncio.sleep(0.3)
        assert not sealing.done()
        await happen("nobody waits for the seal")
        await transaction.commit()
    assert await sealing == 2
    assert await seals() == [(2, 2)]
    assert await sealed() == 1
    assert await queries.seal_differences() == []


async def test_a_transaction_that_does_not_end_leaves_the_seal_to_the_next_run(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "WAIT_S", 0.3)
    async with connection_apart(wait_s=5) as late:
        transaction = late.transaction()
        await transaction.start()
        await late.execute("select nextval('audit_event_id_seq')")
        await happen("early")
        assert await sealed() == 0
        await transaction.rollback()
    assert await sealed() == 1


async def test_two_sealing_jobs_at_once_do_not_fork_the_chain(db: str) -> None:
    await happen("a", "b")
    outcomes = await asyncio.gather(sealed(), sealed(), return_exceptions=True)
    assert 2 in outcomes
    assert all(o in (0, 2) or isinstance(o, asyncpg.UniqueViolationError) for o in outcomes)
    assert await seals() == [(2, 2)]


async def test_under_constant_load_everything_ends_up_in_the_chain(db: str) -> None:
    async def work(name: str) -> None:
        for n in range(20):
            async with unit_of_work():
                record_audit(f"{name}.{n}", Ref("plot", n), actor_id=1)
                await asyncio.sleep(0.005 * (n % 3))

    async def keep_sealing() -> int:
        return sum([await sealed() for _ in range(4)])

    *_, first = await asyncio.gather(*(work(f"w{n}") for n in range(4)), keep_sealing())
    assert first + await sealed() == 80
    assert await fetch_value("select sum(events) from audit_seal") == 80
    assert await queries.seal_differences() == []


def test_the_pause_between_two_looks_is_short_against_the_whole_wait() -> None:
    assert timedelta(seconds=settled.LOOK_AGAIN_S) * 20 < timedelta(seconds=settled.WAIT_S)
