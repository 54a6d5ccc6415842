"""Giving in a campaign, for programs."""

from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody

from core.funds.rules import AMOUNT_MOST
from plugins.foundation.forms.giving import GivingIn
from plugins.foundation.services import giving as services
from web.access import PUBLIC
from web.parameters import RowId
from web.visit import VISIT


class GiftIn(GivingIn, kw_only=True):
    """A gift that is to be paid online."""

    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MOST)]


class GiftPromised(msgspec.Struct):
    """Its code: ask `/api/v1/giving/CODE` on, and begin the payment there."""

    code: str


@post("/campaigns/{campaign_id:int}/give", summary="在募捐活动里捐款", access=PUBLIC)
async def give(request: Request[Any, Any, Any], campaign_id: RowId, data: JSONBody[GiftIn]) -> GiftPromised:
    """Promise a gift, with an account or without; refused where the campaign takes no money."""
    visit = VISIT.get()
    fund_id, promise = data.meant(data.amount_fen)
    path = await services.give(
        campaign_id,
        fund_id,
        promise,
        host=request.headers.get("host", ""),
        actor=visit.actor,
        address=visit.address,
    )
    return GiftPromised(path.rpartition("/")[2])


HANDLERS = [give]
