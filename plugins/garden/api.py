"""The garden's verbs for programs."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core.people.rules import REPRESENT
from plugins.garden import queries, rules, services
from plugins.garden.queries import reviews
from plugins.garden.services.reviews import decide_review
from web.access import PUBLIC, SIGNED_IN
from web.parameters import Before, RowId
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


class ReviewOut(msgspec.Struct):
    """A lease whose money has gone back; `review`: open, kept or ended."""

    lease_id: int
    garden: str
    number: int
    state: str
    review: str
    returned_fen: int
    note: str


class ReviewIn(msgspec.Struct):
    """What becomes of the plot, and why."""

    outcome: Literal["kept", "ended"]
    note: Annotated[str, msgspec.Meta(min_length=1, max_length=rules.NOTE_MOST)]


def _review_out(x: reviews.Review) -> ReviewOut:
    return ReviewOut(x.id, x.garden, x.number, x.state, x.review, x.returned_fen, x.review_note)


@get("/reviews", summary="退款后的地块", access=REPRESENT)
async def list_reviews(only_open: FromQuery[bool] = True, before: Before = None) -> list[ReviewOut]:
    """Up to 50 of one's committees, newest first; `before`: the last id seen."""
    mine = reviews.deciding(current_actor())
    found = await reviews.reviews(mine, only_open=only_open, before_id=before, limit=50)
    return [_review_out(one) for one in found]


@post("/leases/{lease_id:int}/review", summary="决定地块", access=REPRESENT, status_code=200)
async def decide(lease_id: RowId, data: JSONBody[ReviewIn]) -> ReviewOut:
    """Decide whether the plot stays with its household. Repeating it changes nothing."""
    await decide_review(lease_id, ends=data.outcome == rules.ENDED, note=data.note, actor=current_actor())
    return _review_out(await reviews.review(lease_id))


HANDLERS = [
    list_reviews,
    decide,
    list_gardens,
    list_plots,
    claim_plot,
    list_leases,
    cancel_claim,
    print_agreement,
]
