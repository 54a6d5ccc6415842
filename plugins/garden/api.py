"""The garden's verbs for programs."""

from datetime import date

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from plugins.garden import queries, services
from web.access import PUBLIC, SIGNED_IN
from web.parameters import RowId
from web.visit import VISIT, current_actor


class GardenOut(msgspec.Struct):
    """A garden with its numbers."""

    id: int
    name: str
    organization_id: int
    plots: int
    free: int


class PlotOut(msgspec.Struct):
    """A plot; `state` is free, reserved, active or closed."""

    id: int
    number: int
    state: str
    mine: bool


class LeaseOut(msgspec.Struct):
    """A lease of one's household."""

    id: int
    plot_id: int
    number: int
    garden: str
    state: str
    order_id: int
    starts_on: date | None
    ends_on: date | None


class ClaimIn(msgspec.Struct):
    """`agreed`: the growing agreement was read and accepted."""

    agreed: bool


class ClaimOut(msgspec.Struct):
    """The order to be paid."""

    order_id: int


class AgreementOut(msgspec.Struct):
    """The job that prints the agreement; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@get("/gardens", summary="菜园列表", access=PUBLIC)
async def list_gardens() -> list[GardenOut]:
    """All gardens."""
    return [GardenOut(g.id, g.name, g.organization_id, g.plots, g.free) for g in await queries.gardens()]


@get("/gardens/{garden_id:int}/plots", summary="地块列表", access=PUBLIC)
async def list_plots(garden_id: RowId) -> list[PlotOut]:
    """The plots of a garden by number."""
    await queries.garden(garden_id)
    actor = VISIT.get().actor
    plots = await queries.plots(garden_id, household_id=actor.household_id if actor else None)
    return [PlotOut(p.id, p.number, p.state, p.mine) for p in plots]


@post("/plots/{plot_id:int}/claim", summary="认领地块", access=SIGNED_IN)
async def claim_plot(plot_id: RowId, data: JSONBody[ClaimIn]) -> ClaimOut:
    """Reserve a plot for one's household. Repeating it returns the same order."""
    order_id = await services.claim_plot(plot_id, agreed=data.agreed, actor=current_actor())
    return ClaimOut(order_id)


@get("/leases", summary="我的认领", access=SIGNED_IN)
async def list_leases() -> list[LeaseOut]:
    """The leases of one's household, newest first."""
    household_id = current_actor().require_household()
    return [
        LeaseOut(x.id, x.plot_id, x.number, x.garden, x.state, x.order_id, x.starts_on, x.ends_on)
        for x in await queries.leases(household_id)
    ]


@post("/leases/{lease_id:int}/cancel", summary="放弃认领", access=SIGNED_IN, status_code=204)
async def cancel_claim(lease_id: RowId) -> None:
    """Give up a reservation that is not paid yet."""
    await services.cancel_claim(lease_id, actor=current_actor())


@post("/leases/{lease_id:int}/agreement", summary="认领协议", access=SIGNED_IN, status_code=202)
async def print_agreement(lease_id: RowId) -> AgreementOut:
    """Ask for the agreement of a lease that is paid as a PDF among one's files."""
    return AgreementOut(await services.ask_for_agreement(lease_id, actor=current_actor()))


HANDLERS = [list_gardens, list_plots, claim_plot, list_leases, cancel_claim, print_agreement]
