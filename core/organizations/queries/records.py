"""What is on record about an organization, and what of it holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.database import fetch, fetch_value
from core.organizations import rules
from core.organizations.errors import OrganizationNotFound
from core.organizations.errors.records import NotApproved
from core.organizations.queries import OWNER, OrganizationFile, file, may_review
from core.organizations.rules.records import CHARITY, FUNDRAISING, RATING, RECORD_KINDS, WITHDRAWN
from core.people.rules import Actor
from core.reference import Ref

YEARS_SHOWN = 5


@dataclass(frozen=True)
class Record:
    """One finding, as it was recorded."""

    id: int
    kind: str
    value: str
    year: int | None
    number: str
    given_by: str
    valid_from: date
    valid_until: date | None
    reason: str
    recorded_by: int
    recorded_at: datetime

    @property
    def title(self) -> str:
        """Of its kind."""
        return RECORD_KINDS[self.kind].title

    @property
    def words(self) -> str:
        """What was found."""
        return RECORD_KINDS[self.kind].words(self.value)

    def is_over(self, today: date) -> bool:
        """Has its end come?"""
        return self.valid_until is not None and self.valid_until < today

    def holds_on(self, today: date) -> bool:
        """Does what it grants hold on that day?"""
        return self.value != WITHDRAWN and not self.is_over(today)


_COLUMNS = (
    "id, kind, value, year, number, given_by, valid_from, valid_until, reason, recorded_by, recorded_at"
)
_NEWEST = f"""
select distinct on (kind, year) {_COLUMNS} from organization_record
where organization = $1 order by kind, year desc, id desc"""


@dataclass(frozen=True)
class Standing:
    """The newest of each kind, and the newest inspection of each of the last years."""

    newest: dict[str, Record]
    inspections: list[Record]

    def grade(self, today: date) -> str:
        """The grade that holds, "" for none."""
        found = self.newest.get(RATING)
        return found.value if found and found.holds_on(today) else ""

    def is_charity(self, today: date) -> bool:
        """Is it a recognised charity?"""
        return self._holds(CHARITY, today)

    def may_raise_funds(self, today: date) -> bool:
        """Has it a certificate that holds? Without being a charity it has none."""
        return self.is_charity(today) and self._holds(FUNDRAISING, today)

    def _holds(self, kind: str, today: date) -> bool:
        found = self.newest.get(kind)
        return found is not None and found.holds_on(today)


async def standing(organization_id: int) -> Standing:
    """What counts of all that is on record."""
    found = [_record(row) for row in await fetch(_NEWEST, organization_id)]
    return Standing(
        newest={one.kind: one for one in found if one.year is None},
        inspections=[one for one in found if one.year is not None][:YEARS_SHOWN],
    )


async def history(organization_id: int, *, before_id: int | None, limit: int) -> list[Record]:
    """All that was ever recorded, newest first."""
    rows = await fetch(
        f"select {_COLUMNS} from organization_record"
        " where organization = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        organization_id,
        before_id,
        limit,
    )
    return [_record(row) for row in rows]


def _record(row: Any) -> Record:
    return Record(**dict(row))


async def holds_role(person_id: int, organization_id: int, today: date) -> bool:
    """Does the person hold office in the organization?"""
    return bool(
        await fetch_value(
            "select exists (select from role_grant where person = $1 and scope_kind = $2 and scope_id = $3"
            " and revoked_at is null and (ends_on is null or ends_on >= $4))",
            person_id,
            OWNER,
            organization_id,
            today,
        )
    )


async def supervised(organization_id: int, actor: Actor, *, lock: bool = False) -> OrganizationFile:
    """The registered organization, for the staff of its region; raises OrganizationNotFound, NotApproved."""

    found = await file(organization_id, lock=lock)
    if not await may_review(actor, found.region_id):
        raise OrganizationNotFound
    if found.state != rules.APPROVED:
        raise NotApproved
    return found


async def may_see_papers(record_id: int, actor: Actor) -> bool:
    """Are the papers of a record for this person: the staff of the region, who holds office there?"""
    organization_id = await fetch_value(
        "select organization from organization_record where id = $1", record_id
    )
    return organization_id is not None and await is_concerned(organization_id, actor)


async def is_concerned(organization_id: int, actor: Actor | None) -> bool:
    """Does the person hold a role in the organization, or review its region?"""
    if actor is None:
        return False
    if any(grant.scope == Ref(OWNER, organization_id) for grant in actor.grants):
        return True
    return await may_review(actor, (await file(organization_id)).region_id)
