"""Many processes and connections on one set of books; processes and connections that die at any moment."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from core.database import DB, UNREACHABLE, fetch, fetch_value, unit_of_work
from core.evidence.errors import EvidenceUsed
from core.evidence.services import record_evidence
from core.ledger.queries import balance, differences
from core.ledger.services import fold_waiting, post
from core.reference import Ref
from core.settings import ROOT
from tests.core.ledger.books import open_books
from tests.core.ledger.transfers import count, post_now, transfer
from tests.core.ledger.worker import sell


def start(url: str, **work: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.ledger.worker", url, json.dumps(work)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def results(processes: list[subprocess.Popen[str]]) -> Counter[str]:
    """What they counted, together; all of them must end well."""
    done: Counter[str] = Counter()
    for process in processes:
        said, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        done.update(json.loads(said))
    return done


@pytest.mark.process
async def test_processes_on_overlapping_accounts_lose_and_double_nothing(books: str) -> None:
    """Transfers of three legs, batches and folds: plain accounts, lots, holds and a hot outside."""
    (outside,) = await open_books("outside")
    mine, yours = [await open_books("public", "fund", "hold", owner=n) for n in (2, 3)]
    for one in (*mine, *yours):
        await post_now(transfer(outside, one, 1500, reason="books.gift"))
    lots = [*mine[1:], *yours[1:]]
    processes = [
        start(books, do="trade", seed=n, accounts=[outside, *mine, *yours], lots=lots) for n in range(3)
    ]
    done = await asyncio.to_thread(results, processes)

    # A leg that receives both lots and other money is refused; so is what is not there.
    assert set(done) <= {"new", "BalanceTooLow", "LotsTooLow", "TransferRefused"}
    assert done["new"] > 60
    await fold_waiting()
    assert await count("ledger_queue") == 0
    assert await count("ledger_transfer") == 6 + done["new"]
    assert await count("ledger_entry") == 12 + 3 * done["new"]
    assert await count("ledger_line") == 12 + 3 * done["new"]
    assert await fetch_value("select sum(balance) from ledger_account") == 0
    assert await fetch_value("select min(balance) from ledger_line where account <> $1", outside) >= 0
    assert await differences() == []


@pytest.mark.process
async def test_the_same_keys_from_three_processes_happen_once(books: str) -> None:
    outside, public = await open_books("outside", "public")
    processes = [start(books, do="repeat", seed=n, outside=outside, public=public) for n in range(3)]
    done = await asyncio.to_thread(results, processes)
    assert done == {"new": 40, "TransferAlreadyPosted": 80}
    assert await balance(public) == 40
    assert await differences() == []


async def test_one_piece_of_evidence_pays_one_of_many_at_once(books: str) -> None:
    outside, public = await open_books("outside", "public")
    contract = Ref("contract", 7)
    async with unit_of_work():
        record = await record_evidence("books.signature", contract, actor_id=None)
    gate = {"reason": "books.first_tranche", "cause": contract, "evidence_id": record}
    done = await asyncio.gather(
        *(post_now(transfer(outside, public, 5, **gate)) for _ in range(8)), return_exceptions=True
    )
    assert Counter(type(one) for one in done) == {type(None): 1, EvidenceUsed: 7}
    assert await balance(public) == 5
    assert await differences() == []


async def test_evidence_used_crosswise_is_refused_and_no_deadlock(books: str) -> None:
    outside, public = await open_books("outside", "public")
    contract = Ref("contract", 7)
    gate = {"reason": "books.first_tranche", "cause": contract}

    async def use(*records: int) -> None:
        await post_now(*(transfer(outside, public, 5, evidence_id=one, **gate) for one in records))

    for _ in range(10):
        async with unit_of_work():
            one, other = [await record_evidence("books.signature", contract, actor_id=None) for _ in range(2)]
        done = await asyncio.gather(use(one, other), use(other, one), return_exceptions=True)
        assert Counter(type(result) for result in done) == {type(None): 1, EvidenceUsed: 1}
    assert await differences() == []


# --- processes and connections that die ----------------------------------------------------------


@pytest.fixture
async def shop(books: str) -> dict[str, int]:
    """Two accounts, and a table of a plugin's own."""
    await fetch("create table sale (number int primary key)")
    outside, public = await open_books("outside", "public")
    return {"outside": outside, "public": public}


@pytest.fixture
async def knife(books: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that cuts others."""
    connection = await asyncpg.connect(books)
    yield connection
    await connection.close()


async def sold() -> set[int]:
    """The numbers of what was sold: each whole, or not at all."""
    parts = [
        {row[0] for row in await fetch(sql)}
        for sql in (
            "select number from sale",
            "select substr(key, 6)::int from ledger_transfer where key like 'sale:%'",
            "select subject_id::int from audit_event where action = 'books.sold'",
            "select substr(key, 6)::int from job where name = 'books.tell'",
        )
    ]
    assert parts[0] == parts[1] == parts[2] == parts[3]
    public = await fetch_value("select id from ledger_balance where kind = 'books.public'")
    assert await balance(public) == sum(parts[0])
    assert await differences() == []
    return parts[0]


@pytest.mark.process
async def test_a_process_killed_at_any_moment_leaves_whole_verbs(books: str, shop: dict[str, int]) -> None:
    dice = random.Random(5)

    def kill_one(first: int) -> set[int]:
        process = start(books, do="sell", first=first, **shop)
        assert process.stdout is not None
        try:
            told = [int(process.stdout.readline())]
            deadline = dice.random() * 0.05
            try:
                process.wait(deadline)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
            # Not by communicate(): it would overlook what came together with the first line.
            told += [int(line) for line in process.stdout.read().split("\n") if line]
        finally:
            process.kill()
            process.communicate(timeout=10)
        assert process.returncode == -signal.SIGKILL
        return set(told)

    told: set[int] = set()
    for n in range(8):
        told |= await asyncio.to_thread(kill_one, 1000 * n + 1)
        assert told <= await sold()  # what was said to be committed is there
    assert len(await sold()) <= len(told) + 8  # each time at most one was committed and not yet told


async def test_a_connection_cut_at_any_moment_leaves_whole_verbs(
    shop: dict[str, int], knife: asyncpg.Connection
) -> None:
    dice = random.Random(6)
    cut = number = 0
    while cut < 15:
        number += 1
        assert number < 500
        task = asyncio.create_task(sell(number, **shop))
        await asyncio.sleep(dice.random() * 0.006)
        await knife.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
        )
        (result,) = await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.01)  # the news must travel through the event loop
        assert result is None or isinstance(result, UNREACHABLE), result
        cut += result is not None
        if result is None:
            assert number in await sold()
    assert len(await sold()) >= number - cut


@pytest.mark.parametrize("point", range(4))
async def test_a_connection_cut_between_two_statements_leaves_nothing(
    shop: dict[str, int], knife: asyncpg.Connection, point: int
) -> None:

    async def cut(at: int) -> None:
        if at == point:
            assert DB.current_transaction.get() is not None
            await knife.execute(
                "select pg_terminate_backend($1, 5000)", unit.connection.plain.get_server_pid()
            )

    with pytest.raises(UNREACHABLE):
        async with unit_of_work() as unit:
            await cut(0)
            await unit.connection.execute("insert into sale (number) values (7)")
            await cut(1)
            post(transfer(shop["outside"], shop["public"], 7, key="sale:7"))
            await unit.write_collected()
            await cut(2)
            await unit.connection.execute("update sale set number = 8")
            await cut(3)
    assert await sold() == set()
    await sell(9, **shop)
    assert await sold() == {9}


async def test_a_verb_cancelled_at_any_moment_leaves_whole_verbs(shop: dict[str, int]) -> None:
    dice = random.Random(8)
    for number in range(1, 61):
        task = asyncio.create_task(sell(number, **shop))
        await asyncio.sleep(dice.random() * 0.006)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        assert result is None or isinstance(result, asyncio.CancelledError)
        if result is None:
            assert number in await sold()
    await sold()
