"""Receipts of gifts, for programs."""

from datetime import date, datetime

import msgspec
from litestar import post
from litestar.params import JSONBody

from core import money
from core.funds import services
from core.funds.queries import gifts, receipts
from core.funds.queries.gifts import GiftView
from core.funds.rules import states
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.funds.api.funds import TAGS, Number, Text
from web.parameters import RowId
from web.visit import current_actor


class ReceiptOut(msgspec.Struct):
    """The receipt that holds; `statement` is the same signed (JWS, Ed25519). It is no fiscal receipt.

    `donor` "" is anonymous; `void`: the numbers of this gift that hold no more.
    """

    number: str
    gift_id: int
    donor: str
    amount_fen: int
    amount_spelt: str
    returned_fen: int
    organization: str
    uscc: str | None
    handler: str
    received_on: date
    issued_at: datetime
    void: list[str]
    statement: str
    is_fiscal: bool = False


class CodeIn(msgspec.Struct):
    """The trace code of a gift."""

    code: Number


class ReasonIn(msgspec.Struct):
    """Why not."""

    reason: Text


class NameOut(msgspec.Struct):
    """The name as everybody reads it; "" is anonymous."""

    shown_as: str


class JobOut(msgspec.Struct):
    """The job that prints it; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


async def _out(gift: GiftView, *, is_own: bool) -> ReceiptOut:
    every = await receipts.receipts_of(gift.id)
    found = next(one for one in every if one.voided_at is None)
    donor = receipts.donor_on(gift, is_own=is_own)
    return ReceiptOut(
        number=found.number,
        gift_id=gift.id,
        donor=donor,
        amount_fen=found.amount_fen,
        amount_spelt=money.spell_yuan(found.amount_fen),
        returned_fen=found.returned_fen,
        organization=found.organization,
        uscc=found.uscc,
        handler=found.handler,
        received_on=gift.received_on,
        issued_at=found.issued_at,
        void=[one.number for one in every if one.voided_at],
        statement=receipts.statement_of(found, gift, donor=donor),
    )


@post("/gifts/{gift_id:int}/receipt", summary="捐赠回执", tags=TAGS, access=SIGNED_IN, status_code=200)
async def issue_receipt(gift_id: RowId) -> ReceiptOut:
    """The valid receipt of a gift of one's own, or of a foundation whose books one keeps."""
    actor = current_actor()
    await services.issue_receipt(gift_id, actor=actor)
    gift = await gifts.gift_for(gift_id, actor)
    return await _out(gift, is_own=gift.donor_id == actor.person_id)


@post(
    "/gifts/{gift_id:int}/receipt/paper",
    summary="捐赠回执的 PDF",
    tags=TAGS,
    access=SIGNED_IN,
    status_code=202,
)
async def print_receipt(gift_id: RowId) -> JobOut:
    """Ask for it as PDF."""
    return JobOut(await services.print_receipt(gift_id, actor=current_actor()))


@post("/gifts/trace/receipt", summary="凭查询码开具捐赠回执", tags=TAGS, access=PUBLIC, status_code=200)
async def issue_with_code(data: JSONBody[CodeIn]) -> ReceiptOut:
    """The same for whoever has the trace code; `/gifts/trace/receipt.pdf?code=` has the PDF shortly after."""
    code = clean(data.code)
    await services.issue_with_code(code)
    return await _out(await gifts.gift_by_code(code), is_own=False)


@post(
    "/gifts/{gift_id:int}/name/refuse", summary="不公开署名", tags=TAGS, access=states.RECORD, status_code=200
)
async def refuse_name(gift_id: RowId, data: JSONBody[ReasonIn]) -> NameOut:
    """The name is not to be published."""
    await services.refuse_name(gift_id, reason=clean(data.reason), actor=current_actor())
    return NameOut((await gifts.gift(gift_id)).shown_as)


@post(
    "/gifts/{gift_id:int}/name/lift", summary="恢复公开署名", tags=TAGS, access=states.RECORD, status_code=200
)
async def lift_name(gift_id: RowId) -> NameOut:
    """It is published again."""
    await services.lift_name(gift_id, actor=current_actor())
    return NameOut((await gifts.gift(gift_id)).shown_as)


HANDLERS = [issue_receipt, print_receipt, issue_with_code, refuse_name, lift_name]
