"""Findings about an organization, and who holds office there, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.files.rules import Upload
from core.organizations import queries, rules
from core.organizations.queries import records
from core.organizations.queries.records import Record
from core.organizations.rules.records import GIVEN_BY_MOST, NUMBER_MOST, Finding
from core.organizations.services.records import record_finding
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.organizations.pages.members import visible_offices
from web.parameters import Before, RowId
from web.visit import VISIT, current_actor

PAGE_SIZE = 20
Kind = Literal["rating", "inspection", "charity", "fundraising", "social_enterprise", "hub"]


class RecordOut(msgspec.Struct):
    """What an authority has found; `reason` only for those whom it concerns."""

    id: int
    kind: str
    value: str
    year: int | None
    number: str
    given_by: str
    valid_from: date
    valid_until: date | None
    is_over: bool
    reason: str
    recorded_at: datetime


class FindingIn(msgspec.Struct):
    """`value` of a rating: 1A to 5A; of an inspection: passed, basic, failed, missed; else granted.

    Whatever but an inspection can also be withdrawn.
    """

    kind: Kind
    value: Annotated[str, msgspec.Meta(max_length=12)]
    given_by: Annotated[str, msgspec.Meta(max_length=GIVEN_BY_MOST)]
    valid_from: date
    reason: Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)]
    valid_until: date | None = None
    year: Annotated[int, msgspec.Meta(ge=1900, le=2999)] | None = None
    number: Annotated[str, msgspec.Meta(max_length=NUMBER_MOST)] = ""
    file: Upload | None = None

    def finding(self) -> Finding:
        """As core understands it."""
        return Finding(
            kind=self.kind,
            value=self.value,
            given_by=clean(self.given_by),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            year=self.year,
            number=clean(self.number),
            reason=clean(self.reason),
        )


class Recorded(msgspec.Struct):
    """The record."""

    record_id: int


class OfficeOut(msgspec.Struct):
    """A role that somebody holds."""

    person_id: int
    person: str
    role: str
    granted_at: datetime
    ends_on: date | None


@get(
    "/organizations/{organization_id:int}/records",
    summary="评估、年检与认定",
    tags=["organizations"],
    access=PUBLIC,
)
async def list_records(organization_id: RowId, before: Before = None) -> list[RecordOut]:
    """Twenty records, newest first."""
    actor = VISIT.get().actor
    file = await queries.visible_file(organization_id, actor)
    is_concerned = await records.is_concerned(file.id, actor)
    found = await records.history(file.id, before_id=before, limit=PAGE_SIZE)
    return [_out(one, clock.today(), is_concerned) for one in found]


def _out(one: Record, today: date, is_concerned: bool) -> RecordOut:
    return RecordOut(
        one.id, one.kind, one.value, one.year, one.number, one.given_by, one.valid_from, one.valid_until,
        one.is_over(today), one.reason if is_concerned else "", one.recorded_at,
    )  # fmt: skip


@post(
    "/organizations/{organization_id:int}/records",
    summary="登记评估、年检或认定",
    tags=["organizations"],
    access=rules.REVIEW,
    request_max_body_size=WITH_FILE_MOST,
)
async def add_record(organization_id: RowId, data: JSONBody[FindingIn]) -> Recorded:
    """Record a finding about an organization of one's region. Repeating it returns the same one."""
    said, actor = data.finding(), current_actor()
    return Recorded(await record_finding(organization_id, said, actor=actor, paper=data.file))


@get(
    "/organizations/{organization_id:int}/members",
    summary="组织成员与角色",
    tags=["organizations"],
    access=SIGNED_IN,
)
async def list_members(organization_id: RowId) -> list[OfficeOut]:
    """Who holds which role, for who holds one there and for the region's staff."""
    found = await visible_offices(organization_id)
    return [OfficeOut(o.person_id, o.person, o.role, o.granted_at, o.ends_on) for o in found]


HANDLERS = [list_records, add_record, list_members]
