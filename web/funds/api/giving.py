"""Giving online, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.funds import services
from core.funds.queries import fiscal, gifts
from core.payments import queries as payments
from web.access import PUBLIC
from web.forms import clean
from web.funds.api.fiscal import WishIn
from web.funds.api.funds import TAGS
from web.parameters import Word, Words
from web.payments.api import TransferOut, transfer_out
from web.visit import VISIT


class GivingOut(msgspec.Struct):
    """A gift on its way. `state`: promised, counted or dropped; `url`: where it is paid, once it is open.

    `flow` says what the url is for, as with any payment. `is_held`: taken at the counter, not confirmed yet.
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
    is_held: bool
    wants_fiscal: bool


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
        is_held=order.is_held,
        wants_fiscal=await fiscal.wish_of(gift.id) is not None,
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


@post("/giving/{code:str}/transfer", summary="银行转账捐款", tags=TAGS, access=PUBLIC, status_code=200)
async def transfer_giving(code: Word) -> TransferOut:
    """Choose to transfer the money; repeating it tells the same."""
    await services.transfer_gift(code)
    return await transfer_out((await _out(code)).order_id)


@post(
    "/giving/{code:str}/transfer/drop", summary="取消银行转账捐款", tags=TAGS, access=PUBLIC, status_code=204
)
async def end_giving_transfer(code: Word) -> None:
    """Pay in another way, or not at all; repeating it changes nothing."""
    await services.drop_gift_transfer(code)


@post("/giving/{code:str}/fiscal", summary="在线捐赠时要财政票据", tags=TAGS, access=PUBLIC, status_code=200)
async def ask_for_fiscal(code: Word, data: JSONBody[WishIn]) -> GivingOut:
    """Whoever gives wants a fiscal receipt, too, before or after it is paid."""
    title, tax_no = clean(data.title), clean(data.tax_no).upper()
    actor = VISIT.get().actor
    await services.ask_for_fiscal_while_giving(code, title=title, tax_no=tax_no, actor=actor)
    return await _out(code)


HANDLERS = [
    get_giving,
    begin_giving,
    check_giving,
    leave_giving,
    transfer_giving,
    end_giving_transfer,
    ask_for_fiscal,
]
