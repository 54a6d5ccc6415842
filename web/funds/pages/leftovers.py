"""What is left of a fund that ends: proposed on its page of settings, voted on, moved by a second person."""

from typing import Any

from litestar import Request, get, post

from core.approvals import queries as approvals
from core.funds import services
from core.funds.queries import funds, leftovers
from core.funds.rules import leaving, states
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.funds.forms import LeftoverForm
from web.funds.pages.funds import setup_page
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor


@post("/funds/{fund_id:int}/leftovers", include_in_schema=False, access=states.RUN, status_code=303)
async def propose_leftover(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Ask the committee to move what is left."""

    async def act(form: LeftoverForm) -> Answer:
        to_fund_id, to_purpose_id = form.places()
        leftover_id = await services.propose_leftover(
            fund_id,
            to_fund_id=to_fund_id,
            to_purpose_id=to_purpose_id,
            reason=form.reason,
            actor=current_actor(),
        )
        return see_other(f"/funds/leftovers/{leftover_id}")

    async def again(form: Form, status: int) -> Answer:
        return await setup_page(fund_id, form, status)

    return await submit(request, LeftoverForm, act, again)


@get("/funds/leftovers/{leftover_id:int}", include_in_schema=False, access=PUBLIC)
async def show_leftover(leftover_id: RowId) -> Answer:
    """The proposal and its vote: for those who take part, and for everybody once it is carried out."""
    return await _leftover_page(leftover_id, Form())


async def _leftover_page(leftover_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    found = await leftovers.leftover_for(leftover_id, actor)
    left_fen, _held = await funds.holdings(found.fund_id)
    return page(
        "web/fund_leftover.html",
        status=status,
        leftover=found,
        flow=leaving.LEFTOVERS,
        amount_fen=left_fen if found.moved_fen is None else found.moved_fen,
        ballot=await approvals.ballot(found.approval_id) if found.approval_id else None,
        may_move=actor is not None and leftovers.may_move(found, actor),
        form=form,
    )


@post(
    "/funds/leftovers/{leftover_id:int}/move", include_in_schema=False, access=states.CONFIRM, status_code=303
)
async def move_leftover(request: Request[Any, Any, Any], leftover_id: RowId) -> Answer:
    """The second person moves it, and the fund ends."""

    async def act(_: ButtonForm) -> Answer:
        await services.move_leftover(leftover_id, actor=current_actor())
        return see_other(f"/funds/leftovers/{leftover_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _leftover_page(leftover_id, form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [propose_leftover, show_leftover, move_leftover]
