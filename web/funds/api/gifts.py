"""Gifts for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core.files.queries import files_of
from core.files.rules import Upload
from core.funds import rules, services
from core.funds.queries import funds, gifts, traces
from core.funds.queries.gifts import GiftView
from core.funds.queries.traces import TracePart
from core.funds.rules import GiftDraft, states
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import PHONE, WITH_FILE_MOST, clean
from web.funds.api.funds import TAGS, Created, Id, Number, Text
from web.funds.forms import WantedFiscal, donor_id
from web.funds.pages.following import Followed, followed
from web.funds.pages.gifts import PAGE_SIZE
from web.parameters import Before, RowId, Words
from web.visit import current_actor


class AcceptanceOut(msgspec.Struct):
    """Whether the work was looked at; `state` is accepted, asked or returned. Absent: not so far yet."""

    state: str
    at: datetime
    by: str
    result: str


class FollowedOut(msgspec.Struct):
    """The project that a use has paid for, and what volunteers gave beside the money."""

    id: int
    title: str
    state: str
    acceptance: AcceptanceOut | None
    services: int
    minutes: int


class PartOut(msgspec.Struct):
    """A part of a gift; `kind` is paid, held (set aside), left (in `fund`) or returned (to the donor)."""

    kind: str
    amount_fen: int
    fund: str | None
    request_id: int | None
    title: str | None
    organization: str | None
    voucher_no: str | None
    voucher_due_on: date | None
    result: str | None
    project: FollowedOut | None


Method = FromQuery[Literal["cash", "bank", "online", "match"] | None]


class GiftOut(msgspec.Struct):
    """A gift as everybody sees it; `shown_as` "" is anonymous. By `match` a sponsor adds to another gift."""

    id: int
    fund_id: int
    purpose: str | None
    shown_as: str
    amount_fen: int
    method: str
    received_on: date


class TracedGift(GiftOut):
    """A gift, and what became of it: the parts add up to it."""

    fund: str
    parts: list[PartOut]


class GiftDetail(TracedGift):
    """A gift as its donor and the foundation's books see it; `files` are ids for `/api/v1/uploads/…`."""

    state: str
    receipt_no: str
    trace_code: str
    files: list[int]


class RefundIn(msgspec.Struct):
    """Why what is left of a gift goes back, and the number of the bank's payment order."""

    reason: Text
    payment_no: Number


class GiftIn(WantedFiscal, kw_only=True):
    """A gift that has come. `donor_phone` only where the donor has an account here."""

    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.AMOUNT_MOST)]
    received_on: date
    receipt_no: Number
    method: Literal["cash", "bank"]
    display: Literal["name", "nickname", "anonymous"]
    donor_name: Annotated[str, msgspec.Meta(max_length=40)] = ""
    nickname: Annotated[str, msgspec.Meta(max_length=20)] = ""
    donor_phone: Annotated[str, PHONE] | None = None
    purpose_id: Id | None = None
    file: Upload | None = None

    async def draft(self) -> GiftDraft:
        """The gift that is meant; raises DonorUnknown."""
        return GiftDraft(
            amount_fen=self.amount_fen,
            purpose_id=self.purpose_id,
            donor_id=await donor_id(self.donor_phone or "", clean(self.donor_name)),
            donor_name=clean(self.donor_name),
            nickname=clean(self.nickname),
            display=self.display,
            method=self.method,
            receipt_no=clean(self.receipt_no),
            received_on=self.received_on,
            fiscal=self.wish,
        )


def _part(part: TracePart, project: FollowedOut | None) -> PartOut:
    names = [name for name in PartOut.__struct_fields__ if name != "project"]
    return PartOut(**{name: getattr(part, name) for name in names}, project=project)


def _shown(gift: GiftView) -> GiftOut:
    return GiftOut(**{name: getattr(gift, name) for name in GiftOut.__struct_fields__})


def _followed(one: Followed) -> FollowedOut:
    said = one.acceptance
    accepted = AcceptanceOut(said.state, said.at, said.by, said.result) if said else None
    return FollowedOut(
        one.project.id, one.project.title, one.project.state, accepted, one.services, one.minutes
    )


async def traced_out(found: list[tuple[GiftView, list[TracePart]]]) -> list[TracedGift]:
    """Gifts and their parts, as programs see them."""
    projects = await followed([part for _, parts in found for part in parts])
    told = {id_: _followed(one) for id_, one in projects.items()}
    return [
        TracedGift(
            **msgspec.structs.asdict(_shown(gift)),
            fund=gift.fund,
            parts=[_part(part, told.get(part.project_id or 0)) for part in parts],
        )
        for gift, parts in found
    ]


async def _traced_one(gift: GiftView) -> TracedGift:
    return (await traced_out([(gift, await traces.trace_gift(gift.id))]))[0]


async def _detail(gift_id: int) -> GiftDetail:
    gift = await gifts.gift_for(gift_id, current_actor())
    traced = msgspec.structs.asdict(await _traced_one(gift))
    files = [file.id for file in await files_of(Ref(rules.GIFT, gift_id))]
    return GiftDetail(
        **traced,
        state=gift.state,
        receipt_no=gift.receipt_no,
        trace_code=gift.trace_code,
        files=files,
    )


@get("/funds/{fund_id:int}/gifts", summary="基金收到的捐赠", tags=TAGS, access=PUBLIC)
async def list_gifts(fund_id: RowId, before: Before = None, method: Method = None) -> list[GiftOut]:
    """Twenty gifts to the fund, newest first, with ids below `before`; by one method if asked."""
    await funds.fund(fund_id)
    found = await gifts.gifts_of_fund(fund_id, method=method, before_id=before, limit=PAGE_SIZE)
    return [_shown(gift) for gift in found]


@post(
    "/funds/{fund_id:int}/gifts",
    summary="登记捐赠",
    tags=TAGS,
    access=states.RECORD,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_gift(fund_id: RowId, data: JSONBody[GiftIn]) -> Created:
    """Record a gift; above the limit it waits for a second person."""
    draft = await data.draft()
    return Created(await services.record_gift(fund_id, draft, actor=current_actor(), upload=data.file))


@get("/gifts/{gift_id:int}", summary="捐赠", tags=TAGS, access=SIGNED_IN)
async def get_gift(gift_id: RowId) -> GiftDetail:
    """A gift of one's own, or of a foundation whose books one keeps."""
    return await _detail(gift_id)


@post("/gifts/{gift_id:int}/confirm", summary="确认捐赠", tags=TAGS, access=states.CONFIRM, status_code=200)
async def confirm_gift(gift_id: RowId) -> GiftDetail:
    """The second person has seen the money."""
    await services.confirm_gift(gift_id, actor=current_actor())
    return await _detail(gift_id)


@post("/gifts/{gift_id:int}/drop", summary="作废捐赠", tags=TAGS, access=states.RECORD, status_code=200)
async def drop_gift(gift_id: RowId) -> GiftDetail:
    """It was written down by mistake."""
    await services.drop_gift(gift_id, actor=current_actor())
    return await _detail(gift_id)


@post("/gifts/{gift_id:int}/refund", summary="登记退还", tags=TAGS, access=states.RECORD, status_code=200)
async def prepare_refund(gift_id: RowId, data: JSONBody[RefundIn]) -> GiftDetail:
    """What is not used of the gift goes back: the first person writes it down."""
    await services.prepare_refund(
        gift_id, reason=clean(data.reason), payment_no=clean(data.payment_no), actor=current_actor()
    )
    return await _detail(gift_id)


@post(
    "/gifts/{gift_id:int}/refund/sign", summary="确认退还", tags=TAGS, access=states.CONFIRM, status_code=200
)
async def sign_refund(gift_id: RowId) -> GiftDetail:
    """The second person signs: the money goes back."""
    await services.sign_refund(gift_id, actor=current_actor())
    return await _detail(gift_id)


@post(
    "/gifts/{gift_id:int}/refund/drop", summary="取消退还", tags=TAGS, access=states.RECORD, status_code=200
)
async def drop_refund(gift_id: RowId) -> GiftDetail:
    """It does not go back after all."""
    await services.drop_refund(gift_id, actor=current_actor())
    return await _detail(gift_id)


@get("/gifts/trace", summary="捐赠去向", tags=TAGS, access=PUBLIC)
async def trace(code: Words) -> TracedGift:
    """What became of the gift whose acknowledgement carries the code."""
    gift = await gifts.gift_by_code(clean(code)[:40])
    return await _traced_one(gift)


HANDLERS = [
    list_gifts, record_gift, get_gift, confirm_gift, drop_gift, prepare_refund, sign_refund, drop_refund,
    trace,
]  # fmt: skip
