"""Requests for money, for programs."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.queries import files_of
from core.files.rules import Upload
from core.funds import rules, services
from core.funds.queries import funds, warnings
from core.funds.queries import requests as queries
from core.funds.queries.requests import RequestView
from core.funds.rules import Ask, Line, states
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import TAGS, Created, Id, Number, Short, Text
from web.funds.pages.requests import PAGE_SIZE
from web.parameters import Before, RowId
from web.visit import VISIT, current_actor


class LineIn(msgspec.Struct):
    """A line of the budget."""

    title: Short
    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.AMOUNT_MOST)]


class AskIn(msgspec.Struct):
    """A request for money, by an organization that one manages."""

    organization_id: Id
    title: Short
    lines: Annotated[list[LineIn], msgspec.Meta(min_length=1, max_length=rules.LINES_MOST)]
    purpose_id: Id | None = None
    project_id: Id | None = None


class PaybackIn(msgspec.Struct):
    """What the payee has sent back, with the bank's slip; the reason in public words."""

    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.AMOUNT_MOST)]
    slip_no: Number
    reason: Text
    slip: Upload


class ReasonIn(msgspec.Struct):
    """Why not."""

    reason: Text


class CheckIn(msgspec.Struct):
    """The points that hold; all four are needed. `aware`: why, where there are warnings about who is paid."""

    checks: Annotated[list[Annotated[str, msgspec.Meta(max_length=20)]], msgspec.Meta(max_length=10)]
    aware: Text = ""


class SignIn(msgspec.Struct):
    """Why to pay, where there are warnings about who is paid."""

    aware: Text = ""


class ExplainIn(msgspec.Struct):
    """Why a warning is a false alarm, in public words; `warning` is its `key`."""

    warning: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,20}:[0-9]{1,16}$(?!\n)")]
    explanation: Text


class WarningOut(msgspec.Struct):
    """To whom the payee is close. `key` names it, and `person_id` whom it is about, for who works there."""

    code: str
    key: str | None
    person_id: int | None
    amount_fen: int | None
    explained: str


class PaymentIn(msgspec.Struct):
    """The number of the bank's payment order."""

    payment_no: Number


class VoucherIn(msgspec.Struct):
    """The invoice, and what became of the money in public words."""

    voucher_no: Number
    result: Text
    file: Upload


class RequestOut(msgspec.Struct):
    """A request; `state` is that of the workflow `fund_request`."""

    id: int
    fund_id: int
    organization_id: int
    organization: str
    purpose: str | None
    project_id: int | None
    title: str
    amount_fen: int
    state: str
    is_late: bool
    asked_at: datetime
    paid_at: datetime | None
    voucher_due_on: date | None
    voucher_no: str
    result: str
    returned_fen: int


class RequestDetail(RequestOut):
    """A request with its budget; the rest for those who take part, `related_donors` for who checks it now."""

    lines: list[LineIn]
    approval_id: int | None
    reason: str
    files: list[int]
    related_donors: int
    warnings: list[WarningOut]


def _out(request: RequestView) -> dict[str, Any]:
    return {name: getattr(request, name) for name in RequestOut.__struct_fields__}


async def _detail(request_id: int) -> RequestDetail:
    actor = VISIT.get().actor
    found = await queries.request_for(request_id, actor)
    takes_part = actor is not None and queries.takes_part(found, actor)
    checks = actor is not None and "check" in queries.steps_open(found, actor)
    may_see = actor is not None and await queries.may_see_files(actor, request_id)
    files = await files_of(Ref(rules.REQUEST, request_id)) if may_see else []
    return RequestDetail(
        **_out(found),
        lines=[LineIn(line.title, line.amount_fen) for line in await queries.lines(request_id)],
        approval_id=found.approval_id if takes_part else None,
        reason=found.reason if takes_part else "",
        files=[file.id for file in files],
        related_donors=await queries.related_donors(found) if checks else 0,
        warnings=await _warnings(found, actor is not None and queries.works_at_foundation(found, actor)),
    )


async def _warnings(found: RequestView, is_inside: bool) -> list[WarningOut]:
    return [
        WarningOut(one.code, one.key, one.person_id, one.amount_fen, one.explained)
        if is_inside
        else WarningOut(one.code, None, None, None, one.explained)
        for one in await warnings.warnings_about(found)
    ]


def _step(name: str, summary: str, access: str, **options: Any) -> post:
    """The route by which a request is taken on."""
    path = f"/funds/requests/{{request_id:int}}/{name}"
    return post(path, summary=summary, tags=TAGS, access=access, status_code=200, **options)


@post("/funds/{fund_id:int}/requests", summary="申请用款", tags=TAGS, access=states.ASK)
async def ask(fund_id: RowId, data: JSONBody[AskIn]) -> Created:
    """Put a request before the fund's committee."""
    wanted = Ask(
        organization_id=data.organization_id,
        title=clean(data.title),
        purpose_id=data.purpose_id,
        project_id=data.project_id,
        lines=[Line(clean(line.title), line.amount_fen) for line in data.lines],
    )
    return Created(await services.ask_for_money(fund_id, wanted, actor=current_actor()))


@get("/funds/requests", summary="我经办的用款", tags=TAGS, access=SIGNED_IN)
async def list_requests(before: Before = None) -> list[RequestOut]:
    """Twenty requests in which one takes part, newest first."""
    found = await queries.requests_of(current_actor(), before_id=before, limit=PAGE_SIZE)
    return [RequestOut(**_out(request)) for request in found]


@get("/funds/{fund_id:int}/uses", summary="基金的用款", tags=TAGS, access=PUBLIC)
async def list_uses(fund_id: RowId, before: Before = None) -> list[RequestOut]:
    """Twenty of what was set aside or paid out of the fund, newest first."""
    await funds.fund(fund_id)
    found = await queries.uses_of_fund(fund_id, before_id=before, limit=PAGE_SIZE)
    return [RequestOut(**_out(request)) for request in found]


@get("/funds/requests/{request_id:int}", summary="用款申请", tags=TAGS, access=PUBLIC)
async def get_request(request_id: RowId) -> RequestDetail:
    """One request: for everybody once money is set aside, before that for those who take part."""
    return await _detail(request_id)


@_step("withdraw", "撤回用款申请", SIGNED_IN)
async def withdraw(request_id: RowId) -> RequestDetail:
    """Who asked takes it back before it is decided."""
    await services.withdraw_request(request_id, actor=current_actor())
    return await _detail(request_id)


@_step("check", "合规通过", states.CHECK)
async def check(request_id: RowId, data: JSONBody[CheckIn]) -> RequestDetail:
    """All four points hold: the money is set aside."""
    await services.check_request(request_id, data.checks, aware=clean(data.aware), actor=current_actor())
    return await _detail(request_id)


@_step("refuse", "合规不通过", states.CHECK)
async def refuse(request_id: RowId, data: JSONBody[ReasonIn]) -> RequestDetail:
    """Some point does not hold."""
    await services.refuse_request(request_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(request_id)


@_step("prepare", "付款制单", states.RECORD)
async def prepare(request_id: RowId, data: JSONBody[PaymentIn]) -> RequestDetail:
    """The first person writes the payment order."""
    await services.prepare_payment(request_id, payment_no=clean(data.payment_no), actor=current_actor())
    return await _detail(request_id)


@_step("release", "专款退回基金", states.RECORD)
async def release(request_id: RowId, data: JSONBody[ReasonIn]) -> RequestDetail:
    """The money is not needed any more."""
    await services.release_money(request_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(request_id)


@_step("sign", "复核付款", states.CONFIRM)
async def sign(request_id: RowId, data: JSONBody[SignIn | None] = None) -> RequestDetail:
    """The second person signs: the money goes out. Without a body nothing speaks against it."""
    aware = clean(data.aware) if data else ""
    await services.sign_payment(request_id, aware=aware, actor=current_actor())
    return await _detail(request_id)


@_step("payback", "登记退回的用款", states.RECORD, request_max_body_size=WITH_FILE_MOST)
async def payback(request_id: RowId, data: JSONBody[PaybackIn]) -> RequestDetail:
    """The payee has sent back what it did not use; a second person confirms it."""
    await services.prepare_payback(
        request_id,
        amount_fen=data.amount_fen,
        slip_no=clean(data.slip_no),
        reason=clean(data.reason),
        upload=data.slip,
        actor=current_actor(),
    )
    return await _detail(request_id)


@_step("payback/sign", "确认退回的用款", states.CONFIRM)
async def sign_payback(request_id: RowId) -> RequestDetail:
    """The second person has seen the money: it is in the fund again."""
    await services.sign_payback(request_id, actor=current_actor())
    return await _detail(request_id)


@_step("payback/drop", "取消退回的用款", states.RECORD)
async def drop_payback(request_id: RowId) -> RequestDetail:
    """It was booked by mistake."""
    await services.drop_payback(request_id, actor=current_actor())
    return await _detail(request_id)


@_step("explain", "说明关联提醒", states.CHECK)
async def explain(request_id: RowId, data: JSONBody[ExplainIn]) -> RequestDetail:
    """A warning about who is paid is a false alarm; it stays, with these words."""
    await services.explain_warning(
        request_id, data.warning, reason=clean(data.explanation), actor=current_actor()
    )
    return await _detail(request_id)


@_step("send-back", "退回制单", states.CONFIRM)
async def send_back(request_id: RowId, data: JSONBody[ReasonIn]) -> RequestDetail:
    """Something in the payment order is wrong."""
    await services.send_back(request_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(request_id)


@_step("voucher", "交凭证", SIGNED_IN, request_max_body_size=WITH_FILE_MOST)
async def voucher(request_id: RowId, data: JSONBody[VoucherIn]) -> RequestDetail:
    """What was done with the money."""
    await services.bring_voucher(
        request_id,
        voucher_no=clean(data.voucher_no),
        result=clean(data.result),
        upload=data.file,
        actor=current_actor(),
    )
    return await _detail(request_id)


HANDLERS = [
    ask, list_uses, list_requests, get_request, withdraw, check, refuse, prepare, release, sign, send_back,
    explain, payback, sign_payback, drop_payback, voucher,
]  # fmt: skip
