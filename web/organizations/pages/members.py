"""Who holds which office in an organization, for those whom it concerns."""

from litestar import get

from core.organizations import queries
from core.organizations.errors import OrganizationNotFound
from core.organizations.queries import members, records
from core.organizations.queries.members import Office
from core.people.rules import GRANT
from core.reference import Ref
from web.access import SIGNED_IN
from web.forms import Answer
from web.parameters import RowId
from web.roles.pages import role_title
from web.templates import page
from web.visit import current_actor


async def visible_offices(organization_id: int) -> list[Office]:
    """For who holds a role there and for the region's staff; raises OrganizationNotFound."""
    file = await queries.visible_file(organization_id, current_actor())
    if not await records.is_concerned(file.id, current_actor()):
        raise OrganizationNotFound
    return await members.offices(file.id)


@get("/organizations/{organization_id:int}/members", include_in_schema=False, access=SIGNED_IN)
async def show_members(organization_id: RowId) -> Answer:
    """Persons and their roles, with the day on which each ends."""
    found = await visible_offices(organization_id)
    return page(
        "web/organization_members.html",
        organization=await queries.organization(organization_id),
        offices=found,
        role_title=role_title,
        is_all=len(found) < members.SHOWN_MOST,
        may_grant=current_actor().may(GRANT, Ref(queries.OWNER, organization_id)),
    )


HANDLERS = [show_members]
