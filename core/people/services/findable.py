"""The verbs of finding persons: under which keys somebody is found, for those who may look."""

from collections.abc import Callable, Sequence

from core.database import current_unit, fetch_value, unit_of_work
from core.people import names

_BATCH = 500


async def make_findable(person_ids: Sequence[int]) -> None:
    """They are found by their present names and phones; in the unit of work that writes these.

    The lock waits for whoever is moving them (`migrations/core/*.sql`: place_person).
    """
    connection = current_unit().connection
    persons = await connection.fetch(
        "select id, name, phone from person where id = any($1) and gone_at is null order by id for update",
        list(person_ids),
    )
    await connection.execute("delete from person_key where person = any($1)", list(person_ids))
    keys = [(one["id"], *key) for one in persons for key in names.keys(one["name"], one["phone"])]
    await connection.execute(
        "insert into person_key (region, is_inside, gram, person)"
        " select place.region, k.is_inside, k.gram, k.person"
        " from unnest($1::bigint[], $2::boolean[], $3::text[]) k (person, is_inside, gram)"
        " cross join lateral (select 0 as region union all select h.region from household_member m"
        " join household h on h.id = m.household where m.person = k.person and m.left_on is null) place",
        *([list(column) for column in zip(*keys, strict=True)] or [[], [], []]),
    )


async def make_all_findable(report: Callable[[int], None] = lambda done: None) -> int:
    """The same for everybody, a unit of work a batch; returns how many there are."""
    done, after = 0, 0
    while True:
        async with unit_of_work() as unit:
            rows = await unit.connection.fetch(
                "select id from person where id > $1 order by id limit $2", after, _BATCH
            )
            await make_findable([row["id"] for row in rows])
        done += len(rows)
        report(done)
        if len(rows) < _BATCH:
            return done
        after = rows[-1]["id"]


async def make_findable_once() -> None:
    """After an update that brought the keys: everybody, if nobody is found yet."""
    if not await fetch_value("select exists (select from person_key)"):
        await make_all_findable()
