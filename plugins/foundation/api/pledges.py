"""Pledges for programs."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from core import clock
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from plugins.foundation.api.giving import GiftPromised
from plugins.foundation.queries import calendar
from plugins.foundation.queries import pledges as queries
from plugins.foundation.queries.pledges import PledgeView
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules.pledges import PARTS_MOST, Due, Part, PledgeDraft
from plugins.foundation.services import pledges as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import PHONE, clean
from web.funds.api.funds import Id, Number, Text
from web.funds.forms import donor_id
from web.parameters import Before, RowId
from web.visit import VISIT, current_actor


class DueOut(msgspec.Struct):
    """An instalment, and what of it has come."""

    due_on: date
    amount_fen: int
    received_fen: int
    is_late: bool


class PledgeOut(msgspec.Struct):
    """A pledge as everybody sees it; `shown_as` "" is anonymous. Not money: it is in no balance."""

    id: int
    fund_id: int
    shown_as: str
    total_fen: int
    received_fen: int
    state: str
    promised_on: date
    parts: list[DueOut]


class PartIn(msgspec.Struct):
    """An instalment."""

    due_on: date
    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MOST)]


class PledgeIn(msgspec.Struct):
    """A promise. `is_binding`: in public or in writing. `donor_phone` only where the donor has an account."""

    fund_id: Id
    parts: Annotated[list[PartIn], msgspec.Meta(min_length=1, max_length=PARTS_MOST)]
    donor_name: Annotated[str, msgspec.Meta(max_length=40, pattern=r"[^\s\x00]")]
    display: Literal["name", "nickname", "anonymous"]
    is_binding: bool
    nickname: Annotated[str, msgspec.Meta(max_length=20)] = ""
    donor_phone: Annotated[str, PHONE] | None = None
    purpose_id: Id | None = None

    async def draft(self) -> PledgeDraft:
        """What is meant; raises DonorUnknown."""
        return PledgeDraft(
            purpose_id=self.purpose_id,
            donor_id=await donor_id(self.donor_phone or "", clean(self.donor_name)),
            donor_name=clean(self.donor_name),
            nickname=clean(self.nickname),
            display=self.display,
            is_binding=self.is_binding,
            parts=tuple(Part(one.due_on, one.amount_fen) for one in self.parts),
        )


class LinkIn(msgspec.Struct):
    """The receipt number of the gift that keeps it."""

    receipt_no: Number


class WithdrawalIn(msgspec.Struct):
    """Why it is not kept."""

    ground: Literal["hardship", "not_bound"]
    reason: Text


def _shown(pledge: PledgeView, dues: list[Due]) -> PledgeOut:
    today = clock.today()
    parts = [
        DueOut(due.part.due_on, due.part.amount_fen, due.received_fen, due.is_late(today)) for due in dues
    ]
    names = [name for name in PledgeOut.__struct_fields__ if name != "parts"]
    return PledgeOut(**{name: getattr(pledge, name) for name in names}, parts=parts)


async def _detail(pledge_id: int) -> PledgeOut:
    pledge = await queries.pledge_for(pledge_id, current_actor())
    return _shown(pledge, (await queries.dues([pledge]))[pledge.id])


@get("/foundations/{organization_id:int}/pledges", summary="认捐", access=PUBLIC)
async def list_pledges(organization_id: RowId, before: Before = None) -> list[PledgeOut]:
    """Twenty pledges to a foundation's funds, newest first."""
    await calendar.foundation(organization_id)
    found = await queries.pledges(organization_id, before_id=before, limit=PAGE_SIZE)
    dues = await queries.dues(found)
    return [_shown(one, dues[one.id]) for one in found]


@post("/pledges", summary="登记认捐", access=fund_states.RECORD, status_code=201)
async def record_pledge(data: JSONBody[PledgeIn]) -> PledgeOut:
    """Write down a promise to a fund."""
    return await _detail(
        await services.record_pledge(data.fund_id, await data.draft(), actor=current_actor())
    )


@get("/pledges/{pledge_id:int}", summary="认捐详情", access=SIGNED_IN)
async def get_pledge(pledge_id: RowId) -> PledgeOut:
    """One pledge, for its donor and the foundation."""
    return await _detail(pledge_id)


@post("/pledges/{pledge_id:int}/gifts", summary="捐赠到账", access=fund_states.RECORD, status_code=200)
async def link_gift(pledge_id: RowId, data: JSONBody[LinkIn]) -> PledgeOut:
    """A gift that counts keeps it."""
    await services.link_gift(pledge_id, clean(data.receipt_no), actor=current_actor())
    return await _detail(pledge_id)


@post("/pledges/{pledge_id:int}/withdraw", summary="不再履行", access=fund_states.RUN, status_code=200)
async def withdraw_pledge(pledge_id: RowId, data: JSONBody[WithdrawalIn]) -> PledgeOut:
    """It will not be kept, where the law allows that."""
    await services.withdraw_pledge(
        pledge_id, ground=data.ground, reason=clean(data.reason), actor=current_actor()
    )
    return await _detail(pledge_id)


@post("/pledges/{pledge_id:int}/pay", summary="在线付下一期", access=SIGNED_IN, status_code=201)
async def pay_part(request: Request[Any, Any, Any], pledge_id: RowId) -> GiftPromised:
    """The donor pays the next instalment online; once it has come, it keeps the pledge by itself."""
    host, address = request.headers.get("host", ""), VISIT.get().address
    path = await services.pay_part(pledge_id, host=host, actor=current_actor(), address=address)
    return GiftPromised(path.rpartition("/")[2])


HANDLERS = [list_pledges, record_pledge, get_pledge, link_gift, pay_part, withdraw_pledge]
