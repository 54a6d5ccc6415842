"""`post_many()` against binary COPY, and with refusals against without. Part of `yiji bench ledger`.

`post_many_ratio`: entries per second in batches of 1,000 with all constraints on, against COPY of the same
transfers and entries, in batches and commits of the same size, into identical tables with the same
indexes, triggers and foreign keys. `refusal_ratio`: with 1 % of the rows refused (overdrafts, keys used
before with other content, missing evidence, a third each) against none.
"""

import hashlib
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import asyncpg

from core import clock, database
from core.ledger.rules import Entry, Transfer
from core.ledger.services import fold_waiting, open_account, post_many
from core.reference import Ref

BATCH, _BATCHES, _ROUNDS = 1_000, 10, 4
_NUMBERS = itertools.count(1)
_HEAD = ("id", "key", "unit", "reason", "evidence_kind", "cause_kind", "cause_id", "note", "fingerprint",
         "occurred_at", "posted_at")  # fmt: skip
_LEG = ("transfer", "leg", "account", "amount")
Make = Callable[[int], list[Transfer]]


async def rounds(url: str) -> dict[str, Any]:
    """All figures; the bare tables are those of schema `bare`."""
    await database.open_pool(url, size=2)
    payer, receivers, poor = await accounts()

    def sound(number: int) -> list[Transfer]:
        return [award(payer, receivers[n % len(receivers)], number, n) for n in range(BATCH)]

    def spoiled(number: int) -> list[Transfer]:
        return _spoil(sound(number), poor)

    copying = await asyncpg.connect(url)
    await copying.execute(
        "insert into bare.ledger_account select * from ledger_account on conflict (id) do nothing"
    )
    rates: dict[str, list[float]] = {"copy": [], "post_many": [], "post_many_refusing": []}
    refused = 0
    for _ in range(_ROUNDS):
        rates["copy"].append(await _copy(copying, sound))
        rate, none = await _post(sound)
        rates["post_many"].append(rate)
        assert none == 0
        rate, some = await _post(spoiled)
        rates["post_many_refusing"].append(rate)
        refused += some
    await copying.close()
    await database.close_pool()
    return _figures(rates) | {"refused": refused, "refused_of": _ROUNDS * _BATCHES * BATCH}


def _figures(rates: dict[str, list[float]]) -> dict[str, Any]:
    median = {name: statistics.median(values) for name, values in rates.items()}
    figures: dict[str, Any] = {
        "post_many_ratio": round(median["post_many"] / median["copy"], 2),
        "refusal_ratio": round(median["post_many_refusing"] / median["post_many"], 2),
    }
    for name, values in rates.items():
        figures[f"{name}_entries_per_s"] = [round(median[name]), round(min(values)), round(max(values))]
    return figures


async def accounts() -> tuple[int, list[int], int]:
    """A payer with money behind a floor, a thousand receivers, and one with nothing."""
    async with database.unit_of_work() as unit:
        outside = await open_account(Ref("posting", 0), kind="core.outside_cash", unit="CNY")
        payer = await open_account(Ref("posting", 0), kind="core.public", unit="CNY")
        poor = await open_account(Ref("posting", -1), kind="core.public", unit="CNY")
        ids = [
            await open_account(Ref("posting", n), kind="core.public", unit="CNY") for n in range(1, BATCH + 1)
        ]
        await unit.connection.execute(
            "insert into ledger_reason (code, plugin, evidence_kind, purpose)"
            " values ('bench.gated', 'bench', 'bench.proof', 'bench.gated')"
        )
    async with database.unit_of_work():
        gift = award(outside, payer, 0, 0)
        await post_many([replace(gift, entries=(Entry(outside, -(10**12)), Entry(payer, 10**12)))])
    return payer, ids, poor


def award(payer: int, receiver: int, number: int, n: int) -> Transfer:
    return Transfer(
        key=f"posting:{number}:{n}",
        unit="CNY",
        reason="garden.plot_fee",
        cause=Ref("posting", n),
        occurred_at=clock.now(),
        entries=(Entry(payer, -100), Entry(receiver, 100)),
    )


def _spoil(batch: list[Transfer], poor: int) -> list[Transfer]:
    """Every hundredth: in turn an overdraft, a key used before, evidence missing."""
    first = batch[0]
    for turn, n in enumerate(range(50, BATCH, 100)):
        one = batch[n]
        batch[n] = (
            replace(one, entries=(Entry(poor, -100), one.entries[1])),
            replace(one, key=first.key, note="other"),
            replace(one, reason="bench.gated"),
        )[turn % 3]
    return batch


async def _post(make: Make) -> tuple[float, int]:
    """(entries a second that were asked for, refusals); the fold of the batches is part of the time."""
    batches = [make(next(_NUMBERS)) for _ in range(_BATCHES)]
    refused = 0
    began = time.perf_counter()
    for batch in batches:
        async with database.unit_of_work():
            refused += sum(outcome.refusal is not None for outcome in await post_many(batch))
    await fold_waiting()
    return 2 * BATCH * _BATCHES / (time.perf_counter() - began), refused


async def _copy(connection: asyncpg.Connection, make: Make) -> float:
    """The same rows by binary COPY; ids and digests are made before the clock starts."""
    batches = [_rows(make(next(_NUMBERS))) for _ in range(_BATCHES)]
    began = time.perf_counter()
    for heads, legs in batches:
        async with connection.transaction():
            for table, columns, rows in (("transfer", _HEAD, heads), ("entry", _LEG, legs)):
                await connection.copy_records_to_table(
                    f"ledger_{table}", schema_name="bare", columns=columns, records=rows
                )
    return 2 * BATCH * _BATCHES / (time.perf_counter() - began)


def _rows(batch: list[Transfer]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    heads, legs = [], []
    for transfer in batch:
        id_, now = 10**9 + next(_NUMBERS), clock.now()
        digest = hashlib.sha256(transfer.key.encode()).digest()
        cause = transfer.cause
        heads.append(
            (id_, f"copy:{id_}", "CNY", transfer.reason, "", *cause, "", digest, transfer.occurred_at, now)
        )
        legs += [(id_, leg, e.account_id, e.amount) for leg, e in enumerate(transfer.entries, 1)]
    return heads, legs
