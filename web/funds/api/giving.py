"""Giving online, for programs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.funds import rules, services
from core.funds.queries import gifts
from core.funds.rules import Promise
from core.payments import queries as payments
from web.access import PUBLIC
from web.forms import clean
from web.funds.api.funds import TAGS, Id
from web.parameters import RowId, Word, Words
from web.visit import VISIT


class PromiseIn(msgspec.Struct):
    """A gift that is to be paid online. `display`: how its donor is shown to everybody."""

    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.AMOUNT_MOST)]
    display: Literal["name", "nickname", "anonymous"] = "anonymous"
    donor_name: Annotated[str, msgspec.Meta(max_length=40)] = ""
    nickname: Annotated[str, msgspec.Meta(max_length=20)] = ""
    purpose_id: Id | None = None


class GivingOut(msgspec.Struct):
    """A gift on its way. `state`: promised, counted or dropped; `url`: where it is paid, once it is open."""

    code: str
    order_id: int
    fund_id: int
    purpose: str | None
    amount_fen: int
    returned_fen: int
    state: str
    expires_at: datetime
    url: str | None


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
    )


@post("/funds/{fund_id:int}/give", summary="在线捐赠", tags=TAGS, access=PUBLIC, status_code=201)
async def give(fund_id: RowId, data: JSONBody[PromiseIn]) -> GivingOut:
    """Promise a gift to a fund, with an account or without; then begin its payment."""
    visit = VISIT.get()
    promise = Promise(
        amount_fen=data.amount_fen,
        purpose_id=data.purpose_id,
        display=data.display,
        donor_name=clean(data.donor_name),
        nickname=clean(data.nickname),
    )
    order_id = await services.begin_gift(fund_id, promise, actor=visit.actor, address=visit.address)
    return await _out((await payments.order(order_id)).page.rpartition("/")[2])


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


HANDLERS = [give, get_giving, begin_giving, check_giving]
