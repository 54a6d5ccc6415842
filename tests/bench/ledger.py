"""The ledger against PostgreSQL itself doing the bare work, on the same server with durable settings.

`hot_ratio`: a full verb (domain row, transfer, audit event, job row; one unit of work) into one receiving
account, the better of 8 and 32 connections, against a bare SQL function that inserts a transfer with two
entries and updates two balances, the best of 1, 8 and 32 connections, on the same two accounts.
`verb_ratio`: the same verb against the same function at 8 connections, each on accounts of its own.
Contenders alternate; medians with ranges; the books are checked afterwards.
"""

import asyncio
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import clock, database
from core.audit.services import record_audit
from core.embedded.cluster import Cluster
from core.jobs.services import add_job
from core.ledger import queries
from core.ledger.rules import Entry, Transfer
from core.ledger.services import open_account, post
from core.reference import Ref
from migrations import runner

_ROUNDS, _SECONDS = 3, 2.0
_NUMBERS = itertools.count(1)
_BARE = """
create schema bare;
create table bare.account (id bigint primary key, balance bigint not null default 0, floor bigint,
    check (floor is null or balance >= floor));
create table bare.transfer (id bigserial primary key, key text not null unique, reason text not null);
create table bare.entry (id bigserial primary key, transfer bigint not null, account bigint not null,
    amount bigint not null);
create function bare.post(k text, a bigint, b bigint, n bigint) returns void language plpgsql as $$
declare t bigint;
begin
    insert into bare.transfer (key, reason) values (k, 'bench') returning id into t;
    insert into bare.entry (transfer, account, amount) values (t, a, -n), (t, b, n);
    update bare.account set balance = balance - n where id = a;
    update bare.account set balance = balance + n where id = b;
end $$;
create table bench_gift (id bigserial primary key, account bigint not null, amount_fen bigint not null);
"""

Call = Callable[[int], Awaitable[None]]
Choice = Callable[[int], tuple[int, int]]


def measure() -> dict[str, Any]:
    """All figures, in about a minute and a half."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        return uvloop.run(_measure(cluster.ensure(), root))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str, root: Path) -> dict[str, Any]:
    await database.open_pool(url, size=4)
    await runner.migrate()
    await _execute(url, _BARE)
    pairs = await _open_accounts(40)
    await _execute(url, "insert into bare.account (id) select id from ledger_account")
    await database.close_pool()
    figures = await _rounds(url, pairs)
    figures["flush_us"] = await _flush_us(url)
    await database.open_pool(url, size=4)
    figures["differences"] = len(await queries.differences())
    await database.close_pool()
    return figures


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


async def _open_accounts(count: int) -> list[tuple[int, int]]:
    """(outside, receiving) account ids, of owners of their own."""
    pairs = []
    async with database.unit_of_work():
        for owner in range(1, count + 1):
            ref = Ref("bench", owner)
            pairs.append(
                (
                    await open_account(ref, kind="core.outside_cash", unit="CNY"),
                    await open_account(ref, kind="core.public", unit="CNY"),
                )
            )
    return pairs


async def _rounds(url: str, pairs: list[tuple[int, int]]) -> dict[str, Any]:
    one, own = (lambda _: pairs[0]), (lambda worker: pairs[worker + 1])
    contenders = {
        **{f"bare_hot_{n}": (_bare, one, n) for n in (1, 8, 32)},
        **{f"verb_hot_{n}": (_verb, one, n) for n in (8, 32)},
        "bare_own_8": (_bare, own, 8),
        "verb_own_8": (_verb, own, 8),
    }
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    latencies: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(_ROUNDS):
        for name, (contend, choose, connections) in contenders.items():
            async with contend(url, connections, choose) as call:
                rates[name].append(await _rate(call, connections, latencies[name]))
    return _ratios(rates) | _latencies(latencies)


@asynccontextmanager
async def _bare(url: str, connections: int, choose: Choice) -> AsyncIterator[Call]:
    """Each caller has a connection of its own and commits by itself."""
    own = [await asyncpg.connect(url) for _ in range(connections)]

    async def call(worker: int) -> None:
        payer, payee = choose(worker)
        await own[worker].execute(
            "select bare.post($1, $2, $3, $4)", f"bare:{next(_NUMBERS)}", payer, payee, 100
        )

    yield call
    for connection in own:
        await connection.close()


@asynccontextmanager
async def _verb(url: str, connections: int, choose: Choice) -> AsyncIterator[Call]:
    """What a service does, through the product's own pool."""
    await database.open_pool(url, size=connections)

    async def call(worker: int) -> None:
        payer, payee = choose(worker)
        async with database.unit_of_work() as unit:
            gift = await unit.connection.fetchval(
                "insert into bench_gift (account, amount_fen) values ($1, $2) returning id", payee, 100
            )
            post(_gift_transfer(gift, payer, payee))
            await record_audit("bench.given", Ref("bench", gift), actor_id=None)
            await add_job("core.bench", {"gift": gift})

    yield call
    await database.close_pool()


def _gift_transfer(gift: int, payer: int, payee: int) -> Transfer:
    return Transfer(
        key=f"bench:{next(_NUMBERS)}",
        unit="CNY",
        reason="garden.plot_fee",
        cause=Ref("bench", gift),
        occurred_at=clock.now(),
        entries=(Entry(payer, -100), Entry(payee, 100)),
    )


async def _rate(call: Call, connections: int, latencies: list[float]) -> float:
    done = 0
    end = time.perf_counter() + _SECONDS

    async def caller(worker: int) -> None:
        nonlocal done
        while (began := time.perf_counter()) < end:
            await call(worker)
            done += 1
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller(worker) for worker in range(connections)))
    return done / (time.perf_counter() - began)


def _ratios(rates: dict[str, list[float]]) -> dict[str, Any]:
    median = {name: statistics.median(values) for name, values in rates.items()}
    figures: dict[str, Any] = {
        "hot_ratio": round(
            max(median["verb_hot_8"], median["verb_hot_32"])
            / max(median[f"bare_hot_{n}"] for n in (1, 8, 32)),
            2,
        ),
        "verb_ratio": round(median["verb_own_8"] / median["bare_own_8"], 2),
    }
    for name, values in rates.items():
        figures[f"{name}_per_s"] = [round(median[name]), round(min(values)), round(max(values))]
    return figures


def _latencies(latencies: dict[str, list[float]]) -> dict[str, Any]:
    figures = {}
    for name, values in latencies.items():
        cuts = statistics.quantiles(values, n=100)
        figures[f"{name}_ms_p50_p99"] = [round(cuts[49] * 1000, 2), round(cuts[98] * 1000, 2)]
    return figures


async def _flush_us(url: str) -> int:
    """What one COMMIT waits for: a row a commit, minus a row without waiting for the disk."""
    connection = await asyncpg.connect(url)
    took = []
    for setting in ("on", "off"):
        await connection.execute(f"set synchronous_commit = {setting}")
        began = time.perf_counter()
        for _ in range(500):
            await connection.execute("insert into bench_gift (account, amount_fen) values (0, 0)")
        took.append((time.perf_counter() - began) / 500)
    await connection.close()
    return round((took[0] - took[1]) * 1e6)
