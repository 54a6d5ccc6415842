"""Who holds office in an organization."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch
from core.organizations.queries import OWNER

SHOWN_MOST = 200


@dataclass(frozen=True)
class Office:
    """A role that somebody holds there now."""

    person_id: int
    person: str
    role: str
    granted_at: datetime
    ends_on: date | None


async def offices(organization_id: int) -> list[Office]:
    """Roles that are held there today, by name of the person: two hundred at most."""
    rows = await fetch(
        "select p.id as person_id, p.name as person, g.role, g.granted_at, g.ends_on"
        " from role_grant g join person p on p.id = g.person"
        " where g.scope_kind = $1 and g.scope_id = $2 and g.revoked_at is null"
        " and (g.ends_on is null or g.ends_on >= $3) order by p.name, p.id, g.id limit $4",
        OWNER,
        organization_id,
        clock.today(),
        SHOWN_MOST,
    )
    return [Office(**dict(row)) for row in rows]
