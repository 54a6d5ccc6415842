"""Reads for a volunteer's own record as a file: what was served, in the words of MZ/T 061."""

from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_value


@dataclass(frozen=True)
class ServedLine:
    """A confirmed service with the team and the project; `is_clocked`: as checked in and out."""

    id: int
    project_id: int | None
    project: str
    title: str
    place: str
    organization_id: int
    organization: str
    uscc: str
    begins_at: datetime
    ends_at: datetime
    minutes: int
    is_clocked: bool
    recorded_by: int
    confirmed_at: datetime
    evidence_id: int


async def served(person_id: int, *, after_id: int, limit: int) -> list[ServedLine]:
    """What a person has confirmed, in the order in which it was recorded."""
    rows = await fetch(
        """
        select v.id, o.project as project_id, coalesce(p.title, '') as project, o.title, o.place,
            org.id as organization_id, org.name as organization, coalesce(org.uscc, '') as uscc,
            v.begins_at, v.ends_at, v.minutes, v.reason = '' as is_clocked, v.proposed_by as recorded_by,
            v.confirmed_at, v.evidence as evidence_id
        from volunteer_service v
        join organization org on org.id = v.organization
        join volunteer_sign_up u on u.id = v.sign_up
        join volunteer_shift s on s.id = u.shift
        join volunteer_opportunity o on o.id = s.opportunity
        left join project p on p.id = o.project
        where v.person = $1 and v.state = 'confirmed' and v.id > $2 order by v.id limit $3""",
        person_id,
        after_id,
        limit,
    )
    return [ServedLine(**dict(row)) for row in rows]


async def count_served(person_id: int) -> int:
    """How many there are."""
    return int(
        await fetch_value(
            "select count(*) from volunteer_service where person = $1 and state = 'confirmed'", person_id
        )
    )
