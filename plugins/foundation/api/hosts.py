"""Host names of charities for programs."""

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.organizations.rules import REVIEW
from plugins.foundation.forms.campaigns import HostForm
from plugins.foundation.queries import campaigns, hosts
from plugins.foundation.queries.hosts import HostView
from plugins.foundation.rules.campaigns import PLAN
from plugins.foundation.services import hosts as services
from web.access import SIGNED_IN
from web.forms import clean
from web.parameters import RowId
from web.visit import current_actor


class HostOut(msgspec.Struct):
    """A name; `state` is asked, confirmed, refused or given_up."""

    id: int
    organization_id: int
    organization: str
    name: str
    state: str


class HostMade(msgspec.Struct):
    """The new request."""

    host_id: int


def _out(one: HostView) -> HostOut:
    return HostOut(one.id, one.organization_id, one.organization, one.name, one.state)


@get("/hosts", summary="专属网址", access=SIGNED_IN)
async def list_hosts() -> list[HostOut]:
    """Those of one's foundations, and those that wait for one's check."""
    actor = current_actor()
    own = [place.id for place in await campaigns.foundations_of(actor, PLAN)][:5]
    found = {one.id: one for place in own for one in await hosts.hosts_of(place)}
    if actor.may(REVIEW):
        found |= {one.id: one for one in await hosts.waiting(actor, limit=50)}
    return [_out(one) for one in found.values()]


@post("/foundations/{organization_id:int}/hosts", summary="登记专属网址", access=PLAN)
async def ask_for_host(organization_id: RowId, data: JSONBody[HostForm]) -> HostMade:
    """Ask that a name be the foundation's alone."""
    made = await services.ask_for_host(organization_id, clean(data.name), actor=current_actor())
    return HostMade(made)


@post("/hosts/{host_id:int}/confirm", summary="核对专属网址", access=REVIEW, status_code=204)
async def confirm_host(host_id: RowId) -> None:
    """The name is the charity's alone."""
    await services.confirm_host(host_id, actor=current_actor())


@post("/hosts/{host_id:int}/refuse", summary="专属网址不通过", access=REVIEW, status_code=204)
async def refuse_host(host_id: RowId) -> None:
    """It is not."""
    await services.refuse_host(host_id, actor=current_actor())


@post("/hosts/{host_id:int}/give-up", summary="停用专属网址", access=PLAN, status_code=204)
async def give_up_host(host_id: RowId) -> None:
    """The foundation does not use it any more."""
    await services.give_up_host(host_id, actor=current_actor())


HANDLERS = [list_hosts, ask_for_host, confirm_host, refuse_host, give_up_host]
