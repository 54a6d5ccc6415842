"""The verbs of the tree."""

from core.audit.services import record_audit
from core.database import unit_of_work
from core.reference import Ref
from core.regions.tables import Region


async def add_region(name: str, *, level: str, parent_id: int | None, code: str | None = None) -> int:
    """Add a node below `parent_id` and return its id; a node of that name there is returned as is."""
    async with unit_of_work():
        there = await Region.select(Region.id).where(
            Region.name == name,
            Region.parent.is_null() if parent_id is None else Region.parent == parent_id,
        )
        if there:
            return int(there[0]["id"])
        region = Region(name=name, level=level, parent=parent_id, code=code)
        await region.save()
        await record_audit("region.added", Ref("region", region.id), actor_id=None)
        return int(region.id)
