"""Agreements by which funds are founded, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds import services
from core.funds.queries import agreements, funds
from core.funds.queries.agreements import AgreementView
from core.funds.rules import agreements as rules
from core.funds.rules import states
from core.funds.rules.agreements import Terms
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import TAGS, Created, Short
from web.parameters import RowId
from web.visit import VISIT, current_actor

Passage = Annotated[str, msgspec.Meta(max_length=500, pattern=r"[^\s\x00]")]


class AgreementIn(msgspec.Struct):
    """What is to be agreed: the use of the money, the founder's rights, the end and what is then left."""

    founder_kind: Literal["organization", "community", "person"]
    founder: Short
    purpose: Annotated[str, msgspec.Meta(max_length=300, pattern=r"[^\s\x00]")]
    uses: Passage
    rights: Passage
    ending: Passage
    from_on: date
    fee_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    until_on: date | None = None


class SigningIn(msgspec.Struct):
    """The day on which both sides signed, and the signed paper."""

    signed_on: date
    file: Upload


class AgreementOut(msgspec.Struct):
    """A version; `state` is drafted (for the foundation's staff alone), signed or dropped. The newest
    signed one holds. A person as founder is masked for others.
    """

    id: int
    number: str
    version: int
    state: str
    founder_kind: str
    founder: str
    purpose: str
    uses: str
    rights: str
    ending: str
    fee_percent: int
    from_on: date
    until_on: date | None
    signed_on: date | None
    drafted_at: datetime


class PaperOut(msgspec.Struct):
    """The job that prints it; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


def _out(found: AgreementView, *, is_staff: bool) -> AgreementOut:
    known = {name: getattr(found, name) for name in AgreementOut.__struct_fields__}
    return AgreementOut(**known | ({} if is_staff else {"founder": found.public_founder}))


@get("/funds/{fund_id:int}/agreements", summary="基金设立协议", tags=TAGS, access=PUBLIC)
async def list_agreements(fund_id: RowId) -> list[AgreementOut]:
    """All versions, the newest first."""
    fund = await funds.fund(fund_id)
    is_staff = agreements.takes_part(fund.foundation, VISIT.get().actor)
    found = await agreements.versions(fund_id)
    return [_out(one, is_staff=is_staff) for one in found if is_staff or one.state != rules.DRAFTED]


@post("/funds/{fund_id:int}/agreements", summary="草拟设立协议", tags=TAGS, access=states.RUN)
async def draft_agreement(fund_id: RowId, data: JSONBody[AgreementIn]) -> Created:
    """Write down what is to be agreed."""
    words = {name: clean(getattr(data, name)) for name in ("founder", "purpose", "uses", "rights", "ending")}
    terms = Terms(
        founder_kind=data.founder_kind,
        fee_percent=data.fee_percent,
        from_on=data.from_on,
        until_on=data.until_on,
        **words,
    )
    return Created(await services.draft_agreement(fund_id, terms, actor=current_actor()))


@post(
    "/funds/agreements/{agreement_id:int}/sign",
    summary="核对签订设立协议",
    tags=TAGS,
    access=states.CHECK,
    status_code=200,
    request_max_body_size=WITH_FILE_MOST,
)
async def sign_agreement(agreement_id: RowId, data: JSONBody[SigningIn]) -> AgreementOut:
    """Another person confirms what both sides signed."""
    actor = current_actor()
    await services.sign_agreement(agreement_id, signed_on=data.signed_on, upload=data.file, actor=actor)
    return _out(await agreements.agreement(agreement_id), is_staff=True)


@post(
    "/funds/agreements/{agreement_id:int}/drop",
    summary="作废草拟的协议",
    tags=TAGS,
    access=states.RUN,
    status_code=200,
)
async def drop_agreement(agreement_id: RowId) -> AgreementOut:
    """The draft is not signed."""
    await services.drop_agreement(agreement_id, actor=current_actor())
    return _out(await agreements.agreement(agreement_id), is_staff=True)


@post(
    "/funds/agreements/{agreement_id:int}/paper",
    summary="打印设立协议",
    tags=TAGS,
    access=SIGNED_IN,
    status_code=202,
)
async def print_agreement(agreement_id: RowId) -> PaperOut:
    """Ask for it as PDF."""
    return PaperOut(await services.ask_for_agreement(agreement_id, actor=current_actor()))


HANDLERS = [list_agreements, draft_agreement, sign_agreement, drop_agreement, print_agreement]
