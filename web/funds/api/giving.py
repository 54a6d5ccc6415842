"""Giving online, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post

from core.funds import services
from core.funds.queries import gifts
from core.payments import queries as payments
from web.access import PUBLIC
from web.forms import clean
from web.funds.api.funds import TAGS
from web.parameters import Word, Words


class GivingOut(msgspec.Struct):
    """A gift on its way. `state`: promised, counted or dropped; `url`: where it is paid, once it is open.

    `flow` says what the url is for, as with any payment.
    """

    code: str
    order_id: int
    fund_id: int
    purpose: str | None
    amount_fen: int
    returned_fen: int
    state: str
    expires_at: datetime
    url: str | None
    flow: str


async def _out(code: str) -> GivingOut:
    gift = await gifts.online_gift(code)
    assert gift.order_id is not None, "the database holds it"
    order = await payments.order(gift.order_id)
    open_ = await payments.open_attempts(order.id)
    return GivingOut(
        code=code,
        order_id=order.id,
        fund_id=gift.fund_id,
        purpose=gift.purpose,
        amount_fen=gift.amount_fen,
        returned_fen=gift.returned_fen,
        state=gift.state,
        expires_at=order.expires_at,
        url=open_[0].url if open_ else None,
        flow=open_[0].flow if open_ else "",
    )


@get("/giving/{code:str}", summary="在线捐赠到了没有", tags=TAGS, access=PUBLIC)
async def get_giving(code: Word) -> GivingOut:
    """A gift on its way, for whoever has its code."""
    return await _out(code)


@post("/giving/{code:str}/payments", summary="开始付捐款", tags=TAGS, access=PUBLIC, status_code=201)
async def begin_giving(code: Word, provider: Words = "") -> GivingOut:
    """Begin to pay; while that is open, the same again. Then ask for its `url`.

    `provider`: where, if the foundation has accounts at several.
    """
    await services.pay_gift(code, provider_id=clean(provider))
    return await _out(code)


@post("/giving/{code:str}/payments/check", summary="核对捐款", tags=TAGS, access=PUBLIC, status_code=202)
async def check_giving(code: Word) -> GivingOut:
    """Have the provider asked what became of it; the answer is there shortly after."""
    await services.ask_about_gift(code)
    return await _out(code)


@post(
    "/giving/{code:str}/payments/leave", summary="换一种方式付捐款", tags=TAGS, access=PUBLIC, status_code=202
)
async def leave_giving(code: Word) -> GivingOut:
    """Have the provider take no money any more, to pay elsewhere; the answer is there shortly after."""
    await services.leave_gift_payment(code)
    return await _out(code)


HANDLERS = [get_giving, begin_giving, check_giving, leave_giving]
