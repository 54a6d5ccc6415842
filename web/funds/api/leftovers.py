"""What is left of a fund that ends, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.funds import services
from core.funds.queries import leftovers
from core.funds.rules import states
from web.access import PUBLIC
from web.forms import clean
from web.funds.api.funds import TAGS, Created, Id, Text
from web.parameters import RowId
from web.visit import VISIT, current_actor


class LeftoverIn(msgspec.Struct):
    """Where the rest is to go: another open fund of the foundation, free or for one of its purposes."""

    to_fund_id: Id
    reason: Text
    to_purpose_id: Id | None = None


class LeftoverOut(msgspec.Struct):
    """A proposal; `state` is voting, approved, moved or refused."""

    id: int
    fund_id: int
    to_fund_id: int
    to_purpose_id: int | None
    reason: str
    state: str
    approval_id: int | None
    moved_fen: int | None
    moved_at: datetime | None


@post("/funds/{fund_id:int}/leftovers", summary="提出余款安排", tags=TAGS, access=states.RUN)
async def propose_leftover(fund_id: RowId, data: JSONBody[LeftoverIn]) -> Created:
    """Ask the committee of a closing fund to move what is left."""
    leftover_id = await services.propose_leftover(
        fund_id,
        to_fund_id=data.to_fund_id,
        to_purpose_id=data.to_purpose_id,
        reason=clean(data.reason),
        actor=current_actor(),
    )
    return Created(leftover_id)


@get("/funds/leftovers/{leftover_id:int}", summary="余款安排", tags=TAGS, access=PUBLIC)
async def get_leftover(leftover_id: RowId) -> LeftoverOut:
    """A proposal."""
    return await _detail(leftover_id)


async def _detail(leftover_id: int) -> LeftoverOut:
    found = await leftovers.leftover_for(leftover_id, VISIT.get().actor)
    return LeftoverOut(**{name: getattr(found, name) for name in LeftoverOut.__struct_fields__})


@post(
    "/funds/leftovers/{leftover_id:int}/move",
    summary="转出余款",
    tags=TAGS,
    access=states.CONFIRM,
    status_code=200,
)
async def move_leftover(leftover_id: RowId) -> LeftoverOut:
    """The second person moves it, and the fund ends."""
    await services.move_leftover(leftover_id, actor=current_actor())
    return await _detail(leftover_id)


HANDLERS = [propose_leftover, get_leftover, move_leftover]
