"""The verbs of the tree."""

from core.audit.services import record_audit
from core.database import unit_of_work
from core.reference import Ref


async def add_region(name: str, *, level: str, parent_id: int | None, code: str | None = None) -> int:
    """Add a node below `parent_id` and return its id; a node of that name there is returned as is."""
    async with unit_of_work() as unit:
        added = await unit.connection.fetchval(
            "insert into region (name, level, parent, code) values ($1, $2, $3, $4)"
            " on conflict do nothing returning id",
            name,
            level,
            parent_id,
            code,
        )
        if added is not None:
            record_audit("region.added", Ref("region", added), actor_id=None)
            return int(added)
        return int(
            await unit.connection.fetchval(
                "select id from region where name = $1 and parent is not distinct from $2"
                " and valid_to is null",
                name,
                parent_id,
            )
        )
