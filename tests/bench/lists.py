"""What the directory of organizations costs among 100,000 of them, against a tenth.

`org_search_grow`: p95 of looking up one to four Chinese characters, or the pinyin of them or its initials,
each of a part of some name, through the directory's own query, one page, one at a time: the larger world's
over the smaller one's. `org_near_grow`: the same for three to five characters of which one is wrong.
`org_narrowed_grow`: the same as the first within a county. `org_page_grow`: a page of the whole list.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import database
from core.database import fetch, fetch_value
from core.embedded.cluster import Cluster
from core.manifest import Searchable
from core.organizations import queries
from core.search import rules
from core.search.services import index_anew
from migrations import runner

_SIZES, _QUERIES, _COUNTIES, _PAGE = (10_000, 100_000), 500, 20, 21
_PLACES = "龙凤青竹罗江雒城旌德玉泉望江锦绣和平光明幸福东湖南山西桥北苑石门白云翠屏文昌永安新华"
_WHOSE = ("社区", "街道", "小区", "村", "片区", "花园", "新区")
_WHAT = (
    "社会工作服务中心", "志愿者协会", "社区基金会", "合唱队", "养老服务中心", "助残中心", "环保协会",
    "邻里互助会",
)  # fmt: skip


def measure() -> dict[str, Any]:
    """All figures, in some minutes, most of them spent on building."""
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
    await fetch(
        "insert into region (level, name, code) select 'county', '样例区' || n, (510000 + n)::text"
        " from generate_series(1, $1::int) n",
        _COUNTIES,
    )
    figures: dict[str, Any] = {}
    p95: dict[str, list[float]] = {}
    for size in _SIZES:
        await _grow(size)
        for name, (query, narrowed) in _KINDS.items():
            found = await _figures(size, query, narrowed=narrowed)
            figures |= {f"{name}_{key}_{size}": value for key, value in found.items()}
            p95.setdefault(name, []).append(found["p95_ms"])
    figures |= {f"{name}_grow": round(large / small, 2) for name, (small, large) in p95.items()}
    await database.close_pool()
    return figures


async def _grow(size: int) -> None:
    """As many organizations, the first of them those that were there."""
    there = int(await fetch_value("select count(*) from organization"))
    numbers = range(there, size)
    await fetch(
        "insert into organization (name, kind, region, state, reason, registered_at)"
        " select name, 'community_group', (select min(id) from region) + place, 'approved', '', now()"
        " from unnest($1::text[], $2::int[]) as new (name, place)",
        [_name(number) for number in numbers],
        [number % _COUNTIES for number in numbers],
    )
    things = Searchable(kind=queries.OWNER, title="", order=1, things=queries.things)
    await index_anew(things)
    await fetch("vacuum analyze search_gram, search_thing, organization")


def _name(number: int) -> str:
    chance = random.Random(number)
    return "".join(chance.sample(_PLACES, 3)) + chance.choice(_WHOSE) + chance.choice(_WHAT)


def _part(name: str, chance: random.Random, lengths: tuple[int, ...]) -> str:
    length = chance.choice(lengths)
    start = chance.randrange(len(name) - length + 1)
    return name[start : start + length]


def _plain(name: str, chance: random.Random) -> str:
    """As written, as pinyin, or its initials."""
    part = _part(name, chance, (1, 2, 2, 3, 4))
    syllables = rules.spell(rules.fold(part)).split()
    spelt = chance.choice((part, part, "".join(syllables), "".join(s[0] for s in syllables)))
    return spelt if len(spelt) > 1 else part


def _with_a_slip(name: str, chance: random.Random) -> str:
    """A character that no name has, in place of one."""
    part = _part(name, chance, (3, 4, 5))
    at = chance.randrange(len(part))
    return f"{part[:at]}鑫{part[at + 1 :]}"


def _nothing(name: str, chance: random.Random) -> str:
    return ""


_Query = Callable[[str, random.Random], str]
_KINDS: dict[str, tuple[_Query, bool]] = {
    "org_search": (_plain, False),
    "org_near": (_with_a_slip, False),
    "org_narrowed": (_plain, True),
    "org_page": (_nothing, False),
}


async def _figures(size: int, query: _Query, *, narrowed: bool) -> dict[str, Any]:
    chance, took, found = random.Random(size), [], 0
    first = int(await fetch_value("select min(id) from region"))
    for _ in range(_QUERIES):
        words = query(_name(chance.randrange(size)), chance)
        region_id = first + chance.randrange(_COUNTIES) if narrowed else None
        began = time.perf_counter()
        page = await queries.find(words, region_id=region_id, offset=0, limit=_PAGE)
        took.append((time.perf_counter() - began) * 1000)
        found += bool(page.organizations)
    cuts = statistics.quantiles(took, n=100)
    return {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "found": f"{found} of {_QUERIES}"}
