"""`yiji verify` from a checkpoint against the whole proof: 600,000 entries, the last 60,000 of them new.

`short_ratio`: seconds from the checkpoint over seconds from the beginning, medians of three; less is better.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import database
from core.database import fetch, unit_of_work
from core.embedded.cluster import Cluster
from core.ledger.queries import differences, differences_since, newest_checkpoint
from core.ledger.services import fold_waiting, keep_checkpoint, post_many, prepare_checkpoint
from migrations import runner
from tests.bench import posting

_OLD, _NEW, _ROUNDS = 270, 30, 3  # batches of posting.BATCH transfers of two entries


def measure() -> dict[str, Any]:
    """All figures, in about two minutes, most of them spent on posting."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    os.environ["YIJI_DATA"] = str(root)  # where the key that signs is made
    cluster = Cluster(root)
    try:
        return uvloop.run(_measure(cluster.ensure()))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str) -> dict[str, Any]:
    await database.open_pool(url, size=3)
    await runner.migrate()
    payer, receivers, _ = await posting.accounts()
    await _post(payer, receivers, range(_OLD))
    upto = await prepare_checkpoint(1)
    assert upto is not None
    keeping = await _seconds(lambda: keep_checkpoint(upto))
    await _post(payer, receivers, range(_OLD, _OLD + _NEW))
    whole, short = [], []
    for _ in range(_ROUNDS):
        whole.append(await _seconds(_prove_whole))
        short.append(await _seconds(_prove_short))
    await database.close_pool()
    return {
        "short_ratio": round(statistics.median(short) / statistics.median(whole), 3),
        "whole_s": [round(statistics.median(whole), 2), round(min(whole), 2), round(max(whole), 2)],
        "short_s": [round(statistics.median(short), 2), round(min(short), 2), round(max(short), 2)],
        "checkpoint_s": round(keeping, 2),
        "entries": 2 * posting.BATCH * (_OLD + _NEW),
        "new": 2 * posting.BATCH * _NEW,
    }


async def _post(payer: int, receivers: list[int], numbers: range) -> None:
    for number in numbers:
        async with unit_of_work():
            await post_many(
                [posting.award(payer, receiver, number, n) for n, receiver in enumerate(receivers)]
            )
    await fold_waiting()
    await fetch("analyze")


async def _seconds(work: Callable[[], Awaitable[Any]]) -> float:
    """In a unit of work like that of the command."""
    async with unit_of_work(isolation="repeatable_read", readonly=True) as unit:
        await unit.connection.execute("set local statement_timeout = 0; set local work_mem = '256MB'")
        began = time.perf_counter()
        await work()
        return time.perf_counter() - began


async def _prove_whole() -> None:
    assert await differences_since(None) == []


async def _prove_short() -> None:
    assert await newest_checkpoint() is not None
    assert await differences() == []
