"""The ledger against PostgreSQL itself doing the bare work, on the same server with durable settings.

`hot_ratio`: a full verb (domain row, transfer, audit event, job row; one unit of work) into one receiving
account, the better of 8 and 32 connections, against a bare SQL function that inserts a transfer with two
entries and updates two balances, row at a time, the best of 1, 8 and 32 connections, on the same two
accounts. `verb_ratio`: the same verb against the same function at 8 connections, each on accounts of its
own. The fold runs beside the verbs, as it does in the worker.

The bare function writes into copies of the ledger's tables, with the same indexes, triggers and foreign
keys; `_lean` says what it does on tables with nothing but their primary keys and a unique key.
Contenders alternate, each warm before it is timed (new connections plan and compile); medians with ranges;
the books are checked afterwards. `posting.py` has the batches.
"""

import asyncio
import contextlib
import functools
import gc
import itertools
import re
import resource
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
import psutil
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import clock, database
from core.audit.services import record_audit
from core.embedded.cluster import Cluster
from core.jobs.services import add_job
from core.ledger import queries
from core.ledger.rules import Entry, Transfer
from core.ledger.services import fold_waiting, open_account, post
from core.reference import Ref
from migrations import runner
from tests.bench import posting

_ROUNDS, _SECONDS, _WARM_S = 5, 2.0, 0.3
_NUMBERS = itertools.count(1)
_POST = """
create function {schema}.post(k text, a bigint, b bigint, n bigint) returns void language plpgsql as $$
declare t bigint;
begin
    insert into {schema}.ledger_transfer (key, unit, reason, cause_kind, cause_id, fingerprint,
        occurred_at, posted_at)
    values (k, 'CNY', 'garden.plot_fee', 'bench', 1, '', clock_timestamp(), clock_timestamp())
    returning id into t;
    insert into {schema}.ledger_entry (transfer, leg, account, amount) values (t, 1, a, -n), (t, 2, b, n);
    update {schema}.ledger_account set balance = balance - n where id = a;
    update {schema}.ledger_account set balance = balance + n where id = b;
end $$;
"""
_SAME = """
create schema bare;
create table bare.ledger_account (like ledger_account including all);
create table bare.ledger_transfer (like ledger_transfer including all);
create table bare.ledger_entry (like ledger_entry including all);
create sequence bare.transfer_id;
alter table bare.ledger_transfer alter column id set default nextval('bare.transfer_id');
alter table bare.ledger_transfer
    add foreign key (reason, evidence_kind) references ledger_reason (code, evidence_kind),
    add foreign key (evidence, evidence_kind, cause_kind, cause_id)
        references evidence (id, kind, subject_kind, subject_id),
    add foreign key (reverses) references bare.ledger_transfer (id);
create trigger ledger_entry_checked after insert on bare.ledger_entry
    referencing new table as new_entries for each statement execute function bare.ledger_check_entries();
"""
_APPEND_ONLY = """
create trigger stays before update or delete or truncate on bare.{table}
    for each statement execute function refuse_change();
"""
_LEAN = """
create schema lean;
create table lean.ledger_account (id bigint primary key, balance bigint not null default 0, floor bigint,
    check (floor is null or balance >= floor));
create table lean.ledger_transfer (id bigserial primary key, key text not null unique, unit text, reason text,
    cause_kind text, cause_id bigint, fingerprint bytea, occurred_at timestamptz, posted_at timestamptz);
create table lean.ledger_entry (transfer bigint, leg smallint, account bigint, amount bigint,
    primary key (transfer, leg));
create table bench_gift (id bigserial primary key, account bigint not null, amount_fen bigint not null);
"""

Call = Callable[[int], Awaitable[None]]
Choice = Callable[[int], tuple[int, int]]


def measure() -> dict[str, Any]:
    """All figures, in about two minutes and a half."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    gc.set_threshold(10_000, 20, 20)  # as web does
    gc.freeze()
    try:
        return uvloop.run(_measure(cluster.ensure(), root))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str, root: Path) -> dict[str, Any]:
    await database.open_pool(url, size=4)
    await runner.migrate()
    await _make_contenders(url)
    pairs = await _open_accounts(40)
    await _execute(url, "insert into bare.ledger_account select * from ledger_account")
    await _execute(url, "insert into lean.ledger_account (id, floor) select id, floor from ledger_account")
    await database.close_pool()
    figures = await _rounds(url, pairs)
    figures |= await posting.rounds(url)
    figures |= {"flush_us": await _flush_us(url), "peak_memory_mb": _peak_memory_mb(root)}
    await database.open_pool(url, size=4)
    await fold_waiting()
    figures["differences"] = len(await queries.differences())
    await database.close_pool()
    return figures


async def _make_contenders(url: str) -> None:
    """The bare tables, and the check of entries made over to them."""
    connection = await asyncpg.connect(url)
    for name in ("ledger_is_reversal", "ledger_check_entries"):
        source = await connection.fetchval(f"select pg_get_functiondef('{name}'::regproc)")
        copy = re.sub(r"(public\.)?\b(ledger_[a-z_]+)\b", r"bare.\2", source)
        if name == "ledger_is_reversal":
            await connection.execute("create schema bare")
            await connection.execute(_SAME.partition(";")[2].partition("create trigger")[0])
        await connection.execute(re.sub(r"'bare\.(ledger_[a-z_]+)'", r"'\1'", copy))
    await connection.execute("create trigger" + _SAME.partition("create trigger")[2])
    for table in ("ledger_transfer", "ledger_entry"):
        await connection.execute(_APPEND_ONLY.format(table=table))
    await connection.execute(_LEAN + _POST.format(schema="lean") + _POST.format(schema="bare"))
    await connection.close()


def _peak_memory_mb(root: Path) -> dict[str, int]:
    """Of this process, and of the server's processes now (shared pages counted once)."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    postmaster = psutil.Process(int(next(root.rglob("postmaster.pid")).read_text().split()[0]))
    pss = 0
    for process in (postmaster, *postmaster.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # autovacuum's come and go
            pss += process.memory_full_info().pss
    return {"client": own, "server_pss": pss // 2**20}


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
    bare, lean = functools.partial(_bare, "bare"), functools.partial(_bare, "lean")
    contenders: dict[str, tuple[Any, Choice, int]] = {
        **{f"bare_hot_{n}": (bare, one, n) for n in (1, 8, 32)},
        **{f"verb_hot_{n}": (_verb, one, n) for n in (8, 32)},
        "bare_own_8": (bare, own, 8),
        "verb_own_8": (_verb, own, 8),
        "lean_hot_8": (lean, one, 8),
        "lean_own_8": (lean, own, 8),
    }
    lags: list[float] = []
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    latencies: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(_ROUNDS):
        for name, (contend, choose, connections) in contenders.items():
            async with contend(url, connections, choose) as call, _folding(name, lags):
                await _rate(call, connections, [], _WARM_S)
                rates[name].append(await _rate(call, connections, latencies[name], _SECONDS))
    lag = {"fold_lag_ms_median_worst": [round(statistics.median(lags) * 1000), round(max(lags) * 1000)]}
    return _ratios(rates) | _latencies(latencies) | lag


@asynccontextmanager
async def _folding(name: str, lags: list[float]) -> AsyncIterator[None]:
    """Fold every second beside the verbs; `lags` gets how old a leg can be when it is folded."""
    if not name.startswith("verb"):
        yield
        return
    ending = asyncio.Event()

    async def fold() -> None:
        before = time.perf_counter()
        while not ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), 1)
            await fold_waiting()
            lags.append(time.perf_counter() - before)
            before = time.perf_counter()

    folding = asyncio.create_task(fold())
    try:
        yield
    finally:
        ending.set()
        await folding


@asynccontextmanager
async def _bare(schema: str, url: str, connections: int, choose: Choice) -> AsyncIterator[Call]:
    """Each caller has a connection of its own and commits by itself."""
    sql = f"select {schema}.post($1, $2, $3, $4)"
    own = [await asyncpg.connect(url) for _ in range(connections)]

    async def call(worker: int) -> None:
        payer, payee = choose(worker)
        await own[worker].execute(sql, f"bare:{next(_NUMBERS)}", payer, payee, 100)

    yield call
    for connection in own:
        await connection.close()


@asynccontextmanager
async def _verb(url: str, connections: int, choose: Choice) -> AsyncIterator[Call]:
    """What a service does, through the product's own pool."""
    await database.open_pool(url, size=connections + 1)

    async def call(worker: int) -> None:
        payer, payee = choose(worker)
        async with database.unit_of_work() as unit:
            gift = await database.next_id("bench_gift")
            unit.insert("bench_gift", id=gift, account=payee, amount_fen=100)
            post(_gift_transfer(gift, payer, payee))
            record_audit("bench.given", Ref("bench", gift), actor_id=None)
            add_job("core.bench", {"gift": gift})

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


async def _rate(call: Call, connections: int, latencies: list[float], seconds: float) -> float:
    done = 0
    end = time.perf_counter() + seconds

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
        "verb_ratio_lean": round(median["verb_own_8"] / median["lean_own_8"], 2),
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
