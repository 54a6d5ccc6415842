"""The fold of flows: what came and went is added to the sums that pages read."""

from core.database import unit_of_work
from core.settled import settled_id

FOLD_FLOWS = "core.fold_fund_flows"
_MOVES_AT_ONCE = 200_000


async def fold_flows() -> None:
    """In the unit of work of its job. Nothing waits for it: pages add what is not folded."""
    async with unit_of_work() as unit:
        await unit.connection.execute("set local statement_timeout = 0")
        upto = await settled_id("ledger_lot_move")
        while await unit.connection.fetchval("select fold_fund_flows($1, $2)", upto, _MOVES_AT_ONCE):
            pass
