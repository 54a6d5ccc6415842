"""Agreements with donors for programs."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from plugins.foundation.errors.agreements import AgreementNotFound
from plugins.foundation.queries import agreements as queries
from plugins.foundation.queries import calendar
from plugins.foundation.queries.agreements import AgreementView
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules.agreements import AgreementDraft
from plugins.foundation.services import agreements as services
from plugins.foundation.services import bindings
from web.access import SIGNED_IN
from web.forms import PHONE, WITH_FILE_MOST, clean
from web.funds.api.funds import Id, Number, Text
from web.funds.forms import donor_id
from web.parameters import Before, RowId
from web.visit import current_actor


class AgreementIn(msgspec.Struct):
    """What is agreed (慈善法 39). `donor_phone` only where the donor has an account."""

    fund_id: Id
    donor_name: Annotated[str, msgspec.Meta(max_length=40, pattern=r"[^\s\x00]")]
    kind: Literal["money", "goods"]
    what: Annotated[str, msgspec.Meta(max_length=60, pattern=r"[^\s\x00]")]
    value_fen: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MOST)]
    uses: Text
    deliver_by: date
    quantity: Annotated[str, msgspec.Meta(max_length=40)] = ""
    quality: Annotated[str, msgspec.Meta(max_length=200)] = ""
    donor_phone: Annotated[str, PHONE] | None = None
    beneficiary_id: Id | None = None
    is_unrelated: bool = False

    async def draft(self) -> AgreementDraft:
        """What is meant; raises DonorUnknown."""
        words = {
            name: clean(getattr(self, name)) for name in ("donor_name", "what", "quantity", "quality", "uses")
        }
        return AgreementDraft(
            donor_id=await donor_id(self.donor_phone or "", words["donor_name"]),
            kind=self.kind,
            value_fen=self.value_fen,
            deliver_by=self.deliver_by,
            beneficiary_id=self.beneficiary_id,
            is_unrelated=self.is_unrelated,
            **words,
        )


class SigningIn(msgspec.Struct):
    """When both sides signed, and the paper that they signed."""

    signed_on: date
    file: Upload


class FulfilmentIn(msgspec.Struct):
    """The receipt of a gift, or the slip of a delivery."""

    receipt_no: Number


class BindingIn(msgspec.Struct):
    """A pledge of the same donor to the same fund."""

    pledge_id: Id


class SettlingIn(msgspec.Struct):
    """Why it is fulfilled although not all came."""

    reason: Text


class EndingIn(msgspec.Struct):
    """Why it ends."""

    reason: Text


class AgreementOut(msgspec.Struct):
    """An agreement; `received_fen` has come by gifts. Not money: it is in no balance."""

    id: int
    fund_id: int
    donor_name: str
    kind: str
    what: str
    quantity: str
    quality: str
    value_fen: int
    received_fen: int
    uses: str
    deliver_by: date
    beneficiary_id: int | None
    state: str
    signed_on: date | None
    delivered_no: str
    reason: str
    settled_reason: str


class AgreementDetail(AgreementOut):
    """The same with what fulfils it: gifts, and pledges whose gifts count."""

    gift_ids: list[int]
    pledge_ids: list[int]


class PaperOut(msgspec.Struct):
    """The job that prints it; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


def _out(found: AgreementView) -> AgreementOut:
    return AgreementOut(**{name: getattr(found, name) for name in AgreementOut.__struct_fields__})


async def _detail(agreement_id: int) -> AgreementDetail:
    found = await queries.agreement_for(agreement_id, current_actor())
    return AgreementDetail(
        **msgspec.structs.asdict(_out(found)),
        gift_ids=[gift.id for gift in await queries.gifts_of(agreement_id)],
        pledge_ids=await queries.pledges_of(agreement_id),
    )


@get("/foundations/{organization_id:int}/agreements", summary="捐赠协议", access=SIGNED_IN)
async def list_agreements(organization_id: RowId, before: Before = None) -> list[AgreementOut]:
    """Twenty agreements of a foundation, newest first, for its people."""
    await calendar.foundation(organization_id)
    if not queries.is_staff(organization_id, current_actor()):
        raise AgreementNotFound
    return [_out(one) for one in await queries.agreements(organization_id, before_id=before, limit=PAGE_SIZE)]


@post("/agreements", summary="起草捐赠协议", access=fund_states.RECORD, status_code=201)
async def draft_agreement(data: JSONBody[AgreementIn]) -> AgreementDetail:
    """Write down what a donor and the foundation agree on."""
    made = await services.draft_agreement(data.fund_id, await data.draft(), actor=current_actor())
    return await _detail(made)


@get("/agreements/{agreement_id:int}", summary="捐赠协议详情", access=SIGNED_IN)
async def get_agreement(agreement_id: RowId) -> AgreementDetail:
    """One agreement, for its donor and the foundation."""
    return await _detail(agreement_id)


@post(
    "/agreements/{agreement_id:int}/sign",
    summary="核对签订捐赠协议",
    access=fund_states.CHECK,
    status_code=200,
    request_max_body_size=WITH_FILE_MOST,
)
async def sign_agreement(agreement_id: RowId, data: JSONBody[SigningIn]) -> AgreementDetail:
    """Another person confirms what both sides signed."""
    await services.sign_agreement(
        agreement_id, signed_on=data.signed_on, upload=data.file, actor=current_actor()
    )
    return await _detail(agreement_id)


@post(
    "/agreements/{agreement_id:int}/fulfil",
    summary="捐赠协议到账或交付",
    access=fund_states.RECORD,
    status_code=200,
)
async def fulfil_agreement(agreement_id: RowId, data: JSONBody[FulfilmentIn]) -> AgreementDetail:
    """A gift has come, or the goods."""
    await services.fulfil_agreement(agreement_id, clean(data.receipt_no), actor=current_actor())
    return await _detail(agreement_id)


@post(
    "/agreements/{agreement_id:int}/pledges",
    summary="认捐并入捐赠协议",
    access=fund_states.RECORD,
    status_code=200,
)
async def bind_pledge(agreement_id: RowId, data: JSONBody[BindingIn]) -> AgreementDetail:
    """A pledge by instalments is what was agreed: its gifts fulfil the agreement."""
    await bindings.bind_pledge(agreement_id, data.pledge_id, actor=current_actor())
    return await _detail(agreement_id)


@post(
    "/agreements/{agreement_id:int}/settle",
    summary="没有到齐的捐赠协议，说明理由后办结",
    access=fund_states.RUN,
    status_code=200,
)
async def settle_agreement(agreement_id: RowId, data: JSONBody[SettlingIn]) -> AgreementDetail:
    """Not all came, and that is all right."""
    await services.settle_agreement(agreement_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(agreement_id)


@post("/agreements/{agreement_id:int}/end", summary="终止捐赠协议", access=fund_states.RUN, status_code=200)
async def end_agreement(agreement_id: RowId, data: JSONBody[EndingIn]) -> AgreementDetail:
    """It is not signed, or not fulfilled."""
    await services.end_agreement(agreement_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(agreement_id)


@post("/agreements/{agreement_id:int}/paper", summary="打印捐赠协议", access=SIGNED_IN, status_code=202)
async def print_agreement(agreement_id: RowId) -> PaperOut:
    """The agreement as PDF."""
    return PaperOut(await services.ask_for_agreement(agreement_id, actor=current_actor()))


HANDLERS = [
    list_agreements, draft_agreement, get_agreement, sign_agreement, fulfil_agreement, end_agreement,
    bind_pledge, settle_agreement, print_agreement,
]  # fmt: skip
