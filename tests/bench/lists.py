"""What people look up, in a city and in a tenth of it.

300,000 persons, 100,000 organizations, 1,000 funds with 500,000 gifts; 30,000, 10,000, 100 with 50,000.

Each `…_grow` is the p95 of one query after the other in the city over that in its tenth, through the queries
that pages make, by connections that have been asked such things for two seconds; both take turns, the medians
of five rounds count, and `…_p95_ms` gives them with their ranges. `…_right` counts in how many answers that
was found which the question was made of.

* `org_search`, `person_search`: one to four Chinese characters of some name, or their pinyin or initials.
  Persons are looked for by the staff of a community or a county, and by those who serve the platform.
* `org_near`, `person_near`: three characters and more of which one is wrong, or pinyin with a sound mixed up
  or a letter left out.
* `org_narrowed`: `org_search` within a district. `org_page`: a page of the whole list.
* `fund_page`: all that stands on the page of a fund; half of the visits are to any, half come by way of some
  gift, which leads to the large ones. `foundation_page`: sums by quarters; each has twenty funds.
* `trace`: a gift followed to its vouchers.

`build_s`: how long the worlds took; `differences`: what the proof says of their books.
"""

import contextlib
import itertools
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import clock, database
from core.database import fetch
from core.embedded.cluster import DATABASE, Cluster
from core.funds.queries import changes, gifts, requests, traces
from core.funds.queries import funds as fund_queries
from core.funds.queries.sums import sums
from core.funds.rules.quarters import quarter_of
from core.funds.services.flows import fold_flows
from core.ledger.queries.proof import differences_since
from core.organizations import queries as organizations
from core.people.rules import SERVE, WORKER, Actor, Grant
from core.privacy.queries import residents
from core.reference import PLATFORM, Ref
from core.search import rules
from migrations import runner
from tests.bench.worlds import funds, names, people

_TENTHS, _ROUNDS, _QUERIES, _WARM, _WARM_S, _PAGE = (1, 10), 5, 200, 50, 2.0, 21
_PERSONS, _ORGANIZATIONS, _FUNDS, _GIFTS = 30_000, 10_000, 100, 50_000


@dataclass
class World:
    """A city, or a tenth of one, in a database of its own."""

    tenths: int
    url: str
    p95: dict[str, list[float]] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    pool: database.Pool = field(init=False)

    @property
    def sizes(self) -> dict[str, int]:
        """How much of what there is."""
        return {
            "persons": _PERSONS * self.tenths,
            "organizations": _ORGANIZATIONS * self.tenths,
            "funds": _FUNDS * self.tenths,
            "gifts": _GIFTS * self.tenths,
        }


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
    worlds, built, wrong = [], {}, 0
    for tenths in _TENTHS:
        world = World(tenths, await _database(url, f"tenths_{tenths}"))
        began = time.perf_counter()
        wrong += await _build(world)
        built[f"tenths_{tenths}"] = round(time.perf_counter() - began, 1)
        worlds.append(world)
    async with _connected(worlds):
        for world in worlds:
            _turn_to(world)
            for name, ask in _KINDS.items():
                await _warm(world, ask, random.Random(f"warm {name}"))
        for number, world in itertools.product(range(_ROUNDS), worlds):
            _turn_to(world)
            for name, ask in _KINDS.items():
                await _round(world, name, ask, random.Random(f"{name} {number}"))
    small, large = worlds
    figures: dict[str, Any] = {
        f"{name}_grow": round(statistics.median(large.p95[name]) / statistics.median(small.p95[name]), 2)
        for name in _KINDS
    }
    for name in _KINDS:
        figures[f"{name}_p95_ms"] = {f"tenths_{w.tenths}": _spread(w.p95[name]) for w in worlds}
        asked = _ROUNDS * _QUERIES
        figures[f"{name}_right"] = {f"tenths_{w.tenths}": f"{w.right[name]} of {asked}" for w in worlds}
    return figures | {"build_s": built, "differences": wrong}


def _spread(found: list[float]) -> list[float]:
    """Median, lowest, highest."""
    return [round(n, 2) for n in (statistics.median(found), min(found), max(found))]


async def _database(url: str, name: str) -> str:
    connection = await asyncpg.connect(url)
    await connection.execute(f"create database {name}")
    await connection.close()
    return url.replace(f"/{DATABASE}?", f"/{name}?")


@contextlib.asynccontextmanager
async def _open(world: World) -> AsyncIterator[None]:
    await database.open_pool(world.url, size=2)
    try:
        yield
    finally:
        await database.close_pool()


@contextlib.asynccontextmanager
async def _connected(worlds: Sequence[World]) -> AsyncIterator[None]:
    """Each by connections that stay, as a web process keeps its own."""
    for world in worlds:
        world.pool = database.Pool(world.url, size=2)
    try:
        yield
    finally:
        database._pool = None
        for world in worlds:
            await world.pool.close()


def _turn_to(world: World) -> None:
    database._pool = world.pool


async def _build(world: World) -> int:
    """How many differences its books have."""
    async with _open(world):
        await runner.migrate()
        connection = await asyncpg.connect(world.url)
        sizes = world.sizes
        await people.build(connection, persons=sizes["persons"], organizations=sizes["organizations"])
        await funds.build(connection, funds=sizes["funds"], gifts=sizes["gifts"])
        await connection.execute("vacuum analyze")
        await connection.close()
        await fold_flows()
        await fetch("analyze fund_flow")
        return len(await fund_queries.differences()) + len(await differences_since(None))


_Ask = Callable[[World, random.Random], Callable[[], Awaitable[bool]]]


async def _warm(world: World, ask: _Ask, chance: random.Random) -> None:
    """Ask until the server holds what is read again and again, as it does in a city's ordinary week."""
    until = time.perf_counter() + _WARM_S
    while time.perf_counter() < until:
        await ask(world, chance)()


async def _round(world: World, name: str, ask: _Ask, chance: random.Random) -> None:
    took, right = [], 0
    for number in range(-_WARM, _QUERIES):
        question = ask(world, chance)
        began = time.perf_counter()
        is_right = await question()
        if number >= 0:
            took.append((time.perf_counter() - began) * 1000)
            right += is_right
    world.p95.setdefault(name, []).append(statistics.quantiles(took, n=100)[94])
    world.right[name] = world.right.get(name, 0) + right


def _part(name: str, chance: random.Random) -> str:
    """As written, as pinyin, or its initials."""
    length = min(chance.choice((1, 2, 2, 3, 4)), len(name))
    start = chance.randrange(len(name) - length + 1)
    part = name[start : start + length]
    syllables = rules.spell(rules.fold(part)).split()
    spelt = chance.choice((part, part, "".join(syllables), "".join(s[0] for s in syllables)))
    return spelt if len(spelt) > 1 else part


_MIXED_UP = (("zh", "z"), ("sh", "s"), ("ch", "c"), ("ng", "n"), ("l", "n"), ("hu", "f"))


def _slip(name: str, chance: random.Random, most: int) -> str:
    """A character that no name has in place of one, a sound that is mixed up, or a letter left out."""
    start = chance.randrange(max(1, len(name) - most + 1))
    part = name[start : start + most]
    if chance.random() < 0.5 and len(part) > 2:
        at = chance.randrange(len(part))
        return f"{part[:at]}鑫{part[at + 1 :]}"
    spelt = "".join(rules.spell(rules.fold(part)).split())
    there = [pair for pair in _MIXED_UP if pair[0] in spelt]
    if there and chance.random() < 0.7:
        return spelt.replace(*chance.choice(there), 1)
    at = chance.randrange(1, len(spelt) - 1)
    return spelt[:at] + spelt[at + 1 :]


def _organizations(question: Callable[[str, random.Random], str], *, narrowed: bool = False) -> _Ask:
    def ask(world: World, chance: random.Random) -> Callable[[], Awaitable[bool]]:
        number = chance.randrange(1, world.sizes["organizations"] + 1)
        words = question(names.organization(number), chance)
        region_id = 1 + number % people.DISTRICTS if narrowed else None

        async def run() -> bool:
            found = await organizations.find(words, region_id=region_id, offset=0, limit=_PAGE)
            return _is_there(names.organization(number), [one.name for one in found.organizations], _PAGE)

        return run

    return ask


def _is_there(wanted: str, found: list[str], most: int) -> bool:
    """Found, or one of more than a page shows."""
    return wanted in found or len(found) == most


def _persons(question: Callable[[str, random.Random], str]) -> _Ask:
    def ask(world: World, chance: random.Random) -> Callable[[], Awaitable[bool]]:
        number = chance.randrange(1, world.sizes["persons"] + 1)
        words = question(names.person(number), chance)
        community = (number - 1) // people.NEIGHBOURS
        place = chance.choice(
            (
                Ref("region", 10_000 + community),
                Ref("region", 1_000 + community // people.COMMUNITIES),
                PLATFORM,
            )
        )
        worker = Actor(1, "量样", None, (Grant(WORKER, place),))
        assert worker.may(SERVE, place)

        async def run() -> bool:
            found = await residents(words, worker=worker, limit=_PAGE)
            return _is_there(names.person(number), [one.name for one in found.profiles], _PAGE)

        return run

    return ask


def _funds(world: World, chance: random.Random) -> Callable[[], Awaitable[bool]]:
    """What `web.funds.pages.funds.show_fund` asks."""
    gift_id = chance.randrange(1, world.sizes["gifts"] + 1) if chance.random() < 0.5 else None
    fund_id, quarter = chance.randrange(1, world.sizes["funds"] + 1), quarter_of(clock.today())

    async def run() -> bool:
        fund = await fund_queries.fund((await gifts.gift(gift_id)).fund_id if gift_id else fund_id)
        purposes = await fund_queries.purposes(fund.id)
        free, held = await fund_queries.holdings(fund.id)
        came, went = await traces.gifts_in(fund.id, single=1), await traces.uses_out(fund.id, single=5)
        await requests.members(fund.id)
        await requests.uses_of_fund(fund.id, before_id=None, limit=5)
        newest = await gifts.gifts_of_fund(fund.id, before_id=None, limit=5)
        published = await traces.publication([fund.id], quarter)
        await changes.of_fund(fund.id)
        return (
            bool(newest)
            and sum(one.bound_fen for one in purposes) == free
            and sum(one.closing_fen for one in published) == free + held
            and sum(flow.amount_fen for flow in came) == sum(flow.amount_fen for flow in went)
        )

    return run


def _foundations(world: World, chance: random.Random) -> Callable[[], Awaitable[bool]]:
    organization_id, now = (
        chance.randrange(1, world.sizes["funds"] // funds.FUNDS_EACH + 1),
        quarter_of(clock.today()),
    )
    spans = [(now.moved(-n).begin, now.moved(-n).end) for n in range(8)]

    async def run() -> bool:
        found = await sums(organization_id, spans)
        return all(later.opening_fen == one.closing_fen for later, one in itertools.pairwise(found))

    return run


def _gifts(world: World, chance: random.Random) -> Callable[[], Awaitable[bool]]:
    number = chance.randrange(1, world.sizes["gifts"] + 1)

    async def run() -> bool:
        gift = await gifts.gift_by_code(f"trace{number}")
        parts = await traces.trace_gift(gift.id)
        await changes.asked_of_gift(gift.id)
        return sum(part.amount_fen for part in parts) == gift.amount_fen

    return run


_KINDS: dict[str, _Ask] = {
    "org_search": _organizations(_part),
    "org_near": _organizations(lambda name, chance: _slip(name, chance, chance.choice((3, 4, 5)))),
    "org_narrowed": _organizations(_part, narrowed=True),
    "org_page": _organizations(lambda name, chance: ""),
    "person_search": _persons(_part),
    "person_near": _persons(lambda name, chance: _slip(name, chance, len(name))),
    "fund_page": _funds,
    "foundation_page": _foundations,
    "trace": _gifts,
}
