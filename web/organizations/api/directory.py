"""Organizations, for programs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody

from core import clock
from core.organizations import queries, rules
from core.organizations.queries import records, restrictions
from core.organizations.rules import Registration
from core.organizations.rules.restrictions import BARRED, LIMITED
from core.organizations.services import (
    correct_organization,
    propose_organization,
    review_organization,
)
from core.regions import queries as regions
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.organizations.forms import ExportForm
from web.organizations.pages.directory import PAGE_SIZE, PLACES_MOST, WAITING_MOST, WORDS_MOST, ask_for_list
from web.parameters import Code, MaybeId, PageNumber, RowId, Words
from web.visit import VISIT, current_actor

Kind = Literal[
    "association",
    "service_agency",
    "social_organization",
    "foundation",
    "community_group",
    "committee",
    "street_office",
    "company",
]


class OrganizationName(msgspec.Struct):
    """An organization in a list."""

    id: int
    name: str
    kind: str
    region_id: int


class OrganizationOut(msgspec.Struct):
    """An organization; `state` is pending, approved, returned or refused.

    The rest holds today: `rating` is 1A to 5A or empty; whoever is limited may begin nothing new, whoever is
    barred may take part in nothing.
    """

    id: int
    name: str
    kind: str
    region_id: int
    uscc: str | None
    state: str
    reason: str
    registered_at: datetime
    rating: str
    is_charity: bool
    may_raise_funds: bool
    is_limited: bool
    is_barred: bool


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


class PlaceOut(msgspec.Struct):
    """From the county down to the community, named from the top."""

    id: int
    name: str


class Registered(msgspec.Struct):
    """The registration."""

    organization_id: int


@get("/organizations", summary="组织列表", tags=["organizations"], access=PUBLIC)
async def list_organizations(
    words: Words = "", kind: Code = "", region_id: MaybeId = None, page_number: PageNumber = 1
) -> list[OrganizationName]:
    """Twenty registered organizations: by name, or those first that answer best to the words.

    Of a kind, and in or below a region, if given. Where no name holds the words, a character of three or
    more may be wrong.
    """
    found = await queries.named(
        clean(words)[:WORDS_MOST],
        kind=kind,
        region_id=region_id,
        offset=(page_number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    return [OrganizationName(o.id, o.name, o.kind, o.region_id) for o in found]


@get("/organizations/waiting", summary="待审核组织", tags=["organizations"], access=rules.REVIEW)
async def list_waiting() -> list[OrganizationName]:
    """Registrations that one may review, the oldest first."""
    found = await queries.waiting_for(current_actor(), limit=WAITING_MOST)
    return [OrganizationName(o.id, o.name, o.kind, o.region_id) for o in found]


@get("/organizations/places", summary="组织可在的地区", tags=["organizations"], access=SIGNED_IN)
async def list_places() -> list[PlaceOut]:
    """Where an organization can be registered."""
    return [PlaceOut(place.id, place.name) for place in await regions.places(limit=PLACES_MOST)]


@get("/organizations/{organization_id:int}", summary="组织", tags=["organizations"], access=PUBLIC)
async def get_organization(organization_id: RowId) -> OrganizationOut:
    """A registered organization; one's own, and those that one may review, before that too."""
    file = await queries.visible_file(organization_id, VISIT.get().actor)
    standing, today = await records.standing(file.id), clock.today()
    grades = {one.grade for one in await restrictions.in_force(file.id)}
    return OrganizationOut(
        file.id, file.name, file.kind, file.region_id, file.uscc, file.state, file.reason, file.registered_at,
        rating=standing.grade(today),
        is_charity=standing.is_charity(today),
        may_raise_funds=standing.may_raise_funds(today),
        is_limited=LIMITED in grades,
        is_barred=BARRED in grades,
    )  # fmt: skip


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


class ExportOut(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@post(
    "/organizations/exports",
    summary="导出组织名录",
    tags=["organizations"],
    access=SIGNED_IN,
    status_code=202,
)
async def export_organizations(data: JSONBody[ExportForm]) -> ExportOut:
    """Ask for the directory, or what it is narrowed down to, as a CSV or XLSX file."""
    return ExportOut(await ask_for_list(data))


HANDLERS = [
    export_organizations,
    list_organizations,
    list_waiting,
    list_places,
    get_organization,
    register_organization,
    correct_registration,
    review_registration,
]
