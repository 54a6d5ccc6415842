"""Checkpoints: what was proved is signed, so that the next proof need only read what came after."""

from core import clock
from core.database import connection_apart, current_unit, unit_of_work
from core.ledger.queries.checkpoints import DIGEST, Checkpoint, legs_since, newest_checkpoint
from core.settled import settled_id

_WAIT_S = 10.0
# $1: the checkpoint. A row for each account that has moved, and for each leg that waits.
_KEEP = (
    "insert into ledger_checkpoint_account (checkpoint, account, balance, lines)"
    " select $1, id, balance, lines from ledger_account where (balance, lines) <> (0, 0)",
    "insert into ledger_checkpoint_leg (checkpoint, transfer, leg, account, amount)"
    " select $1, transfer, leg, account, amount from ledger_queue",
)
_FORGET = (
    "delete from ledger_checkpoint_account where checkpoint < $1",
    "delete from ledger_checkpoint_leg where checkpoint < $1",
)


async def prepare_checkpoint(least: int, *, whole: bool = False) -> int | None:
    """The transfer up to which `keep_checkpoint` may keep what is proved next; None: no need for one.

    There is when at least `least` legs came since the last checkpoint, or, for a `whole` proof, ever. None
    also where a transaction that has been given a transfer's id does not end.
    """
    async with unit_of_work() as unit:
        await unit.connection.execute("set local statement_timeout = 0")
        if await legs_since(None if whole else await newest_checkpoint()) < least:
            return None
        return await settled_id("ledger_transfer") or None


async def keep_checkpoint(upto: int) -> Checkpoint:
    """Sign the books as the caller's unit of work sees them, which has just proved them; they stay.

    The unit is `repeatable_read` and may be read-only. What it sees is written on a connection apart.
    """
    seen = await current_unit().connection.fetchval("select pg_export_snapshot()")
    async with connection_apart(wait_s=_WAIT_S) as connection:
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(f"set transaction snapshot '{seen}'")
            await connection.execute("set local statement_timeout = 0")
            made = Checkpoint(
                await connection.fetchval("select nextval('ledger_checkpoint_id_seq')"),
                upto,
                await connection.fetchval("select array(select id from ledger_transfer where id > $1)", upto),
                clock.now(),
            )
            for sql in _KEEP:
                await connection.execute(sql, made.id)
            await connection.execute(
                "insert into ledger_checkpoint (id, upto, beyond, made_at, statement)"
                " values ($1, $2, $3, $4, $5)",
                made.id,
                made.upto,
                made.beyond,
                made.made_at,
                made.signed(await connection.fetchval(DIGEST, made.id)),
            )
        async with connection.transaction():
            await connection.execute("set local statement_timeout = 0")
            for sql in _FORGET:
                await connection.execute(sql, made.id)
        await connection.execute("analyze ledger_checkpoint_account, ledger_checkpoint_leg")
    return made
