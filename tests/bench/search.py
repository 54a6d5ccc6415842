"""What a search costs among 10,000 and among 100,000 names.

`p95_ms`: of queries of one to eight characters, pinyin and initials, each one of a part of some name, through
the product's own query and pool, one at a time; `growth` is the larger world's over the smaller one's.
`index_ms`: one name more, in a unit of work. `size_mb`: the two tables with their indexes.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import database
from core.database import fetch, fetch_value, unit_of_work
from core.embedded.cluster import Cluster
from core.manifest import Searchable, Thing
from core.reference import Ref
from core.search import queries, rules
from core.search.services import index_anew, index_thing
from migrations import runner

_SIZES, _QUERIES = (10_000, 100_000), 1000
_PLACES = "龙凤青竹罗江雒城旌德玉泉望江锦绣和平光明幸福东湖南山西桥北苑石门白云翠屏文昌永安新华"
_WHOSE = ("社区", "街道", "小区", "村", "片区", "花园", "新区")
_WHAT = (
    "共享菜园",
    "自治管理委员会",
    "互助基金",
    "志愿服务队",
    "养老驿站",
    "儿童之家",
    "环保公益项目",
    "便民服务站",
)


def measure() -> dict[str, Any]:
    """All figures, in about four minutes, most of them spent on building."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        return uvloop.run(_measure(cluster.ensure()))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str) -> dict[str, Any]:
    await database.open_pool(url, size=2)
    await runner.migrate()
    figures: dict[str, Any] = {}
    for size in _SIZES:
        await index_anew(_world(size))
        await fetch("vacuum analyze search_gram, search_thing")
        figures[f"names_{size}"] = await _figures(size)
    small, large = (figures[f"names_{size}"]["p95_ms"] for size in _SIZES)
    figures["growth"] = round(large / small, 2)
    await database.close_pool()
    return figures


def _name(number: int) -> str:
    chance = random.Random(number)
    return (
        "".join(chance.sample(_PLACES, 2)) + chance.choice(_WHOSE) + chance.choice(_WHAT) + str(number % 97)
    )


def _world(size: int) -> Searchable:
    async def things(after_id: int, limit: int) -> list[Thing]:
        ids = range(after_id + 1, min(after_id + limit, size) + 1)
        return [Thing(id=n, name=_name(n), path="/") for n in ids]

    return Searchable(kind="bench", title="bench", order=1, things=things)


async def _figures(size: int) -> dict[str, Any]:
    chance, took, found = random.Random(size), [], 0
    for _ in range(_QUERIES):
        wanted = rules.words(_query(_name(chance.randint(1, size)), chance))
        began = time.perf_counter()
        found += bool(await queries.hits(["bench", "none"], wanted))
        took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=100)
    return {
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "max_ms": round(max(took), 2),
        "found": f"{found} of {_QUERIES}",
        "index_ms": await _index_ms(),
        "size_mb": round(
            await fetch_value(
                "select pg_total_relation_size('search_gram') + pg_total_relation_size('search_thing')"
            )
            / 1e6
        ),
    }


def _query(name: str, chance: random.Random) -> str:
    """A part of the name from anywhere: as written, as pinyin, or its initials."""
    start, length = chance.randrange(len(name) - 3), chance.choice((1, 2, 2, 3, 4, 6, 8))
    part = name[start : start + length]
    syllables = rules.spell(rules.fold(part)).split()
    spelt = chance.choice((part, part, "".join(syllables), "".join(s[0] for s in syllables)))
    return spelt if len(spelt) > 1 else part


async def _index_ms() -> float:
    took = []
    for number in range(50):
        began = time.perf_counter()
        async with unit_of_work():
            await index_thing(Ref("other", number), name=_name(number), path="/")
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 2)
