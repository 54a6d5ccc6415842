"""Up to which id a table is settled: no row with a lower one can appear any more."""

import asyncio

from core.database import current_unit

LOOK_AGAIN_S, WAIT_S = 0.1, 20.0


async def settled_id(table: str) -> int:
    """The highest id of the table when asked, once no lower one can still appear; 0: try again later.

    An id is given out before its row is committed, so a lower one may appear after a higher. Whoever was
    given an id below the highest that we see holds a lock on the sequence by now, or has ended: nextval()
    locks it, until COMMIT, before it takes a number. So we note the highest, and who holds such a lock, and
    wait until all of those have ended. Nobody waits for us: writers that come later get higher ids.

    In a unit of work that reads what is committed; not for tables whose ids come from `next_id()`.
    """
    upto_id = await current_unit().connection.fetchval(f"select coalesce(max(id), 0) from {table}")
    waited_for = await _given_ids(table)
    for _ in range(round(WAIT_S / LOOK_AGAIN_S)):
        if not waited_for & await _given_ids(table):
            return int(upto_id)
        await asyncio.sleep(LOOK_AGAIN_S)
    return 0


async def _given_ids(table: str) -> set[str]:
    """The open transactions that were given an id of the table, but this one."""
    rows = await current_unit().connection.fetch(
        "select virtualtransaction from pg_locks where locktype = 'relation' and mode = 'RowExclusiveLock'"
        " and relation = pg_get_serial_sequence($1, 'id')::regclass and pid is distinct from pg_backend_pid()"
        " and database = (select oid from pg_database where datname = current_database())",
        table,
    )
    return {row["virtualtransaction"] for row in rows}
