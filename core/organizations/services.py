"""The verbs of organizations."""

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.organizations.tables import Organization
from core.reference import Ref


async def register_organization(name: str, *, kind: str, region_id: int, uscc: str | None = None) -> int:
    """Register an organization and return its id."""
    async with unit_of_work():
        organization = Organization(
            name=name, kind=kind, region=region_id, uscc=uscc, registered_at=clock.now()
        )
        await organization.save()
        record_audit("organization.registered", Ref("organization", organization.id), actor_id=None)
        return int(organization.id)
