"""Leases whose money has gone back: what the committee has to decide, and has decided."""

from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo
from core.people.rules import REPRESENT, Actor
from plugins.garden.errors import LeaseNotFound
from plugins.garden.rules import OPEN_REVIEW

_REVIEW = """
    select l.id, l.state, l.review, l.review_why, l.returned_fen, l.review_note, l.decided_at,
        l.household as household_id, l.person as person_id, l."order" as order_id, l.starts_on, l.ends_on,
        p.number, g.id as garden_id, g.name as garden, g.organization as organization_id,
        who.name as holder
    from garden_lease l join garden_plot p on p.id = l.plot join garden g on g.id = p.garden
    join person who on who.id = l.person"""


@dataclass(frozen=True)
class Review:
    """A lease, and how much of its money has gone back. `review`: "", open, kept or ended."""

    id: int
    state: str
    review: str
    review_why: str
    returned_fen: int
    review_note: str
    decided_at: datetime | None
    household_id: int
    person_id: int
    order_id: int | None
    starts_on: date | None
    ends_on: date | None
    number: int
    garden_id: int
    garden: str
    organization_id: int
    holder: str


async def review(lease_id: int, *, lock: bool = False) -> Review:
    """Its row locked until COMMIT if asked; raises LeaseNotFound."""
    row = await fetch_row(
        f"{_REVIEW} where l.id = $1" + (" for no key update of l" if lock else ""), lease_id
    )
    if row is None:
        raise LeaseNotFound
    return Review(**dict(row))


async def reviews(
    organization_ids: list[int], *, only_open: bool, before_id: int | None, limit: int
) -> list[Review]:
    """Of these committees' gardens, newest first; those that wait for a decision, if asked."""
    rows = await fetch(
        f"{_REVIEW} where g.organization = any($1) and ($2::bigint is null or l.id < $2)"
        " and l.review <> '' and (not $3 or l.review = $4) order by l.id desc limit $5",
        organization_ids,
        before_id,
        only_open,
        OPEN_REVIEW,
        limit,
    )
    return [Review(**dict(row)) for row in rows]


def deciding(actor: Actor) -> list[int]:
    """The committees for which the person decides."""
    return [scope.id for scope in actor.scopes(REPRESENT) if scope.kind == "organization"]


async def todos(actor: Actor) -> list[Todo]:
    """What waits for the committee."""
    waiting = await reviews(deciding(actor), only_open=True, before_id=None, limit=50)
    if not waiting:
        return []
    title = mark("菜园地块的钱退回去了，请决定地块怎么办")
    return [Todo(title=title, params={}, path="/garden/reviews", count=len(waiting))]
