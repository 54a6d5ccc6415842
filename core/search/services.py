"""The verbs of search: a thing is found from now on, or no longer; everything is indexed anew."""

from collections.abc import Callable, Sequence

import asyncpg

from core import plugins
from core.database import current_unit, fetch_value, unit_of_work
from core.manifest import Searchable, Thing
from core.reference import Ref
from core.search import rules
from core.search.slips import loosen

_BATCH, _TRIES = 200, 5
_END = 2**63 - 1


async def index_thing(ref: Ref, *, name: str, path: str, detail: str = "") -> None:
    """From now on `ref` is found under `name`; in the unit of work that names or renames it.

    The name must be public, or the kind's Searchable state a permission.
    """
    await _write(ref.kind, [Thing(id=ref.id, name=name, path=path, detail=detail)])


async def index_things(kind: str, things: Sequence[Thing]) -> None:
    """The same for many things of a kind."""
    await _write(kind, things)


async def forget_thing(ref: Ref) -> None:
    """It is found no more; in the unit of work that ends it."""
    await _forget(ref.kind, [ref.id])


async def _write(kind: str, things: Sequence[Thing]) -> None:
    connection = current_unit().connection
    folded = [rules.fold(thing.name) for thing in things]
    spelt = [rules.spell(name) for name in folded]
    rows = await connection.fetch(
        """
        insert into search_thing (kind, subject_id, name, path, detail, folded, spelt, loose)
        select $1, * from unnest(
            $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        on conflict on constraint search_thing_subject do update set name = excluded.name,
            path = excluded.path, detail = excluded.detail, folded = excluded.folded, spelt = excluded.spelt,
            loose = excluded.loose
        returning id, folded, spelt""",
        kind,
        [thing.id for thing in things],
        [thing.name for thing in things],
        [thing.path for thing in things],
        [thing.detail for thing in things],
        folded,
        spelt,
        [loosen(one.replace(" ", "")) for one in spelt],
    )
    grams = [
        (key, rank, row["id"])
        for row in rows
        for key, rank in rules.keys(row["folded"], row["spelt"]).items()
    ]
    await connection.execute("delete from search_gram where thing = any($1)", [row["id"] for row in rows])
    await connection.execute(
        "insert into search_gram (gram, kind, rank, thing)"
        " select key, $1, rank, thing"
        " from unnest($2::text[], $3::smallint[], $4::bigint[]) g(key, rank, thing)",
        kind,
        *([list(column) for column in zip(*grams, strict=True)] or [[], [], []]),
    )


async def _forget(kind: str, subject_ids: Sequence[int]) -> None:
    connection = current_unit().connection
    gone = await connection.fetch(
        "delete from search_thing where kind = $1 and subject_id = any($2) returning id",
        kind,
        list(subject_ids),
    )
    await connection.execute("delete from search_gram where thing = any($1)", [row["id"] for row in gone])


async def index_new_kinds() -> None:
    """Index the things of kinds of which nothing is found yet: after an update that brought the kind."""
    for searchable in plugins.contributions("register_searchables"):
        if not await fetch_value("select exists (select from search_thing where kind = $1)", searchable.kind):
            await index_anew(searchable)


async def index_anew(searchable: Searchable, report: Callable[[int], None] = lambda done: None) -> int:
    """Index all things of a kind, forget those that are no more; returns how many there are.

    A unit of work a batch: others go on meanwhile, and what is stopped half way can be begun again.
    """
    done, after = 0, 0
    while after < _END:
        count, after = await _index_batch(searchable, after)
        done += count
        report(done)
    return done


async def _index_batch(searchable: Searchable, after: int) -> tuple[int, int]:
    for _ in range(_TRIES):
        try:
            return await _try_batch(searchable, after)
        except asyncpg.SerializationError:  # one of them was renamed while we read it
            continue
    return await _try_batch(searchable, after)


async def _try_batch(searchable: Searchable, after: int) -> tuple[int, int]:
    """(how many, the last id). One snapshot: what is begun meanwhile is neither missed nor forgotten."""
    async with unit_of_work(isolation="repeatable_read") as unit:
        things = await searchable.things(after, _BATCH)
        last = things[-1].id if len(things) == _BATCH else _END
        known = await unit.connection.fetch(
            "select subject_id from search_thing where kind = $1 and subject_id > $2 and subject_id <= $3",
            searchable.kind,
            after,
            last,
        )
        await _forget(searchable.kind, list({row["subject_id"] for row in known} - {t.id for t in things}))
        await _write(searchable.kind, things)
        return len(things), last
