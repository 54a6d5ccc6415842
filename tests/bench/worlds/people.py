"""Persons in communities of a thousand, thirty to a county, and organizations in twenty districts."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

import asyncpg

from core.organizations.queries import OWNER
from core.people.names import keys as keys_of_person
from core.search import rules
from core.search.slips import loosen
from tests.bench.worlds import names

DISTRICTS, COMMUNITIES, NEIGHBOURS = 20, 30, 1_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 5_000
_REGIONS = """
insert into region (id, parent, level, name)
select n, null::bigint, 'county', '样例区' || n from generate_series(1, $1::int) n
union all select 1000 + n, null, 'county', '样例县' || n from generate_series(0, $2::int - 1) n
union all select 10000 + n, 1000 + n / $3, 'community', '样例社区' || n
    from generate_series(0, $2::int * $3::int - 1) n"""


async def build(connection: asyncpg.Connection, *, persons: int, organizations: int) -> None:
    """Both, with the keys under which they are found."""
    counties = persons // (COMMUNITIES * NEIGHBOURS)
    await connection.execute(
        "set synchronous_commit = off; set maintenance_work_mem = '512MB'; set work_mem = '256MB'"
    )
    await connection.execute(_REGIONS, DISTRICTS, counties, COMMUNITIES)
    with ProcessPoolExecutor(2) as workers:
        await _persons(connection, persons, workers)
        await _organizations(connection, organizations, workers)


async def _persons(connection: asyncpg.Connection, count: int, workers: ProcessPoolExecutor) -> None:
    await connection.execute("alter table household_member disable trigger household_member_placed")
    numbers = range(1, count + 1)
    await _copy(
        connection, "person", "id name phone registered_at",
        ((n, names.person(n), names.phone(n), _NOW) for n in numbers),
    )  # fmt: skip
    await connection.execute(
        "insert into household (id, region, head, registered_at)"
        f" select n, 10000 + (n - 1) / {NEIGHBOURS}, n, now() from generate_series(1, $1::int) n",
        count,
    )
    await connection.execute(
        "insert into household_member (household, person, joined_on)"
        " select n, n, '2026-01-01' from generate_series(1, $1::int) n",
        count,
    )
    await connection.execute(
        "alter table household_member enable trigger household_member_placed;"
        "create temp table everywhere (is_inside boolean, gram text, person bigint);"
        "alter table person_key drop constraint person_key_pkey; drop index person_key_person"
    )
    rows = _rows(workers, _keys_of_persons, count)
    await _copy(connection, "everywhere", "is_inside gram person", rows)
    await connection.execute(
        "insert into person_key (region, is_inside, gram, person)"
        " select 0, is_inside, gram, person from everywhere union all"
        f" select 10000 + (person - 1) / {NEIGHBOURS}, is_inside, gram, person from everywhere;"
        "alter table person_key add constraint person_key_pkey primary key (region, is_inside, gram, person);"
        "create index person_key_person on person_key (person); drop table everywhere"
    )


async def _organizations(connection: asyncpg.Connection, count: int, workers: ProcessPoolExecutor) -> None:
    named = [(n, names.organization(n)) for n in range(1, count + 1)]
    await _copy(
        connection, "organization", "id name kind region state reason registered_at",
        ((n, name, "community_group", 1 + n % DISTRICTS, "approved", "", _NOW) for n, name in named),
    )  # fmt: skip
    await _copy(
        connection, "search_thing", "id kind subject_id name path folded spelt loose",
        (_thing(n, name) for n, name in named),
    )  # fmt: skip
    await connection.execute(
        "alter table search_gram drop constraint search_gram_pkey; drop index search_gram_thing"
    )
    await _copy(
        connection, "search_gram", "gram kind rank thing", _rows(workers, _keys_of_organizations, count)
    )
    await connection.execute(
        "alter table search_gram add constraint search_gram_pkey primary key (gram, kind, rank, thing);"
        "create index search_gram_thing on search_gram (thing)"
    )


def _thing(number: int, name: str) -> tuple[Any, ...]:
    folded = rules.fold(name)
    spelt = rules.spell(folded)
    path, loose = f"/organizations/{number}", loosen(spelt.replace(" ", ""))
    return number, OWNER, number, name, path, folded, spelt, loose


def _keys_of_persons(first: int, last: int) -> list[tuple[Any, ...]]:
    return [(*key, n) for n in range(first, last) for key in keys_of_person(names.person(n), names.phone(n))]


def _keys_of_organizations(first: int, last: int) -> list[tuple[Any, ...]]:
    found = []
    for n in range(first, last):
        folded = rules.fold(names.organization(n))
        found += [(key, OWNER, rank, n) for key, rank in rules.keys(folded, rules.spell(folded)).items()]
    return found


def _rows(workers: ProcessPoolExecutor, keys: Any, count: int) -> Iterator[tuple[Any, ...]]:
    firsts = range(1, count + 1, _BATCH)
    lasts = [min(first + _BATCH, count + 1) for first in firsts]
    for found in workers.map(keys, firsts, lasts):
        yield from found


async def _copy(
    connection: asyncpg.Connection, table: str, columns: str, records: Iterable[tuple[Any, ...]]
) -> None:
    await connection.copy_records_to_table(table, columns=columns.split(), records=records)
