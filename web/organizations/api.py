"""Organizations, for programs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody

from core.organizations import queries, rules
from core.organizations.rules import Registration
from core.organizations.services import (
    correct_organization,
    propose_organization,
    review_organization,
)
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.organizations.pages import PAGE_SIZE, WAITING_MOST, WORDS_MOST
from web.parameters import PageNumber, RowId, Words
from web.visit import VISIT, current_actor

Kind = Literal[
    "social_organization", "foundation", "community_group", "committee", "street_office", "company"
]


class OrganizationName(msgspec.Struct):
    """An organization in a list."""

    id: int
    name: str
    kind: str
    region_id: int


class OrganizationOut(msgspec.Struct):
    """An organization; `state` is pending, approved, returned or refused."""

    id: int
    name: str
    kind: str
    region_id: int
    uscc: str | None
    state: str
    reason: str
    registered_at: datetime


class OrganizationIn(msgspec.Struct):
    """What its certificate says; the code is checked."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    kind: Kind
    region_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    uscc: Annotated[str, msgspec.Meta(max_length=40)] | None = None

    def registration(self) -> Registration:
        """As core understands it."""
        return Registration(clean(self.name), self.kind, self.region_id, clean(self.uscc or "") or None)


class ReviewIn(msgspec.Struct):
    """What becomes of it, and why."""

    outcome: Literal["approved", "returned", "refused"]
    reason: Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)] = ""


class Registered(msgspec.Struct):
    """The registration."""

    organization_id: int


@get("/organizations", summary="组织列表", tags=["organizations"], access=PUBLIC)
async def list_organizations(words: Words = "", page_number: PageNumber = 1) -> list[OrganizationName]:
    """Twenty registered organizations by name."""
    found = await queries.named(
        clean(words)[:WORDS_MOST], offset=(page_number - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return [OrganizationName(o.id, o.name, o.kind, o.region_id) for o in found]


@get("/organizations/waiting", summary="待审核组织", tags=["organizations"], access=rules.REVIEW)
async def list_waiting() -> list[OrganizationName]:
    """Registrations that one may review, the oldest first."""
    found = await queries.waiting_for(current_actor(), limit=WAITING_MOST)
    return [OrganizationName(o.id, o.name, o.kind, o.region_id) for o in found]


@get("/organizations/{organization_id:int}", summary="组织", tags=["organizations"], access=PUBLIC)
async def get_organization(organization_id: RowId) -> OrganizationOut:
    """A registered organization; one's own, and those that one may review, before that too."""
    file = await queries.visible_file(organization_id, VISIT.get().actor)
    return OrganizationOut(
        file.id, file.name, file.kind, file.region_id, file.uscc, file.state, file.reason, file.registered_at
    )


@post("/organizations", summary="登记组织", tags=["organizations"], access=SIGNED_IN)
async def register_organization(data: JSONBody[OrganizationIn]) -> Registered:
    """Ask that an organization be registered. Repeating it returns the same one."""
    return Registered(await propose_organization(data.registration(), actor=current_actor()))


@put(
    "/organizations/{organization_id:int}",
    summary="改好再交",
    tags=["organizations"],
    access=SIGNED_IN,
    status_code=204,
)
async def correct_registration(organization_id: RowId, data: JSONBody[OrganizationIn]) -> None:
    """Hand in again what was sent back."""
    await correct_organization(organization_id, data.registration(), actor=current_actor())


@post(
    "/organizations/{organization_id:int}/review",
    summary="审核组织登记",
    tags=["organizations"],
    access=rules.REVIEW,
    status_code=204,
)
async def review_registration(organization_id: RowId, data: JSONBody[ReviewIn]) -> None:
    """Approve, send back or refuse; approved, its registrant manages it."""
    await review_organization(organization_id, data.outcome, reason=clean(data.reason), actor=current_actor())


HANDLERS = [
    list_organizations,
    list_waiting,
    get_organization,
    register_organization,
    correct_registration,
    review_registration,
]
