"""Gifts: recorded and confirmed at the foundation, followed by those who gave them."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.dossiers.queries import packs
from core.errors import NotFound
from core.files.queries import files_of
from core.funds import rules, services
from core.funds.queries import changes, fiscal, funds, gifts, receipts, refunds, traces
from core.funds.queries.gifts import GiftView
from core.funds.queries.traces import TracePart
from core.funds.rules import changes as rule
from core.funds.rules import states
from core.language import explain, translate
from core.payments.rules import CONFIRM as AT_COUNTER
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, clean, see_other, submit
from web.funds.forms import GiftForm, RefundForm
from web.funds.pages.following import followed
from web.funds.pages.funds import parts
from web.parameters import RowId, Words
from web.pictures import absolute
from web.templates import page
from web.visit import current_actor

PAGE_SIZE = 20


@get("/funds/{fund_id:int}/gifts/new", include_in_schema=False, access=states.RECORD)
async def show_new_gift(fund_id: RowId) -> Answer:
    """The form for a gift that has come."""
    return await _new_page(fund_id, Form())


async def _new_page(fund_id: int, form: Form, status: int = 200) -> Answer:
    fund = await funds.fund(fund_id)
    current_actor().require(states.RECORD, fund.foundation)
    return page(
        "web/gift_new.html",
        status=status,
        fund=fund,
        purposes=await funds.purposes(fund_id),
        displays=_told(rules.DISPLAYS),
        methods=_told(rules.METHODS),
        alone_fen=(await funds.terms(fund.organization_id))[rules.ALONE],
        today=clock.today(),
        form=form,
    )


def _told(choices: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, translate(title)) for code, title in choices.items()]


@post(
    "/funds/{fund_id:int}/gifts",
    include_in_schema=False,
    access=states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_gift(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Record a gift and go on to its acknowledgement."""

    async def act(form: GiftForm) -> Answer:
        gift_id = await services.record_gift(
            fund_id, await form.draft(), actor=current_actor(), upload=form.file
        )
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(fund_id, form, status)

    return await submit(request, GiftForm, act, again)


@get("/gifts/{gift_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_gift(gift_id: RowId) -> Answer:
    """A gift with its acknowledgement, for its donor and for the foundation's books."""
    return await gift_page(gift_id, Form())


async def gift_page(gift_id: int, form: Form, status: int = 200) -> Answer:
    """The gift's page, with what was refused."""
    actor = current_actor()
    gift = await gifts.gift_for(gift_id, actor)
    foundation = Ref("organization", gift.organization_id)
    traced = await traces.trace_gift(gift_id)
    refund, confirms = await refunds.refund_of(gift_id), actor.may(states.CONFIRM, foundation)
    return page(
        "web/gift.html",
        status=status,
        gift=gift,
        parts=traced,
        projects=await followed(traced),
        added=await parts("collect_gift_parts", gift_id=gift_id),
        files=await files_of(Ref(rules.GIFT, gift_id)),
        flow=states.GIFTS,
        requests=states.REQUESTS,
        methods=rules.ALL_METHODS,
        today=clock.today(),
        trace_url=absolute(trace_path(gift)),
        receipts=await receipts.receipts_of(gift_id),
        is_own=gift.donor_id == actor.person_id,
        packs=await packs.packs_of_gift(gift_id),
        fiscal=await fiscal.fiscal_of(gift_id),
        wish=await fiscal.wish_of(gift_id),
        refund=refund,
        left_fen=sum((await refunds.left_of_gift(gift_id)).values()),
        may_sign=bool(refund and confirms and actor.person_id != refund.prepared_by),
        at_counter=gift.order_id is not None and actor.may(AT_COUNTER, foundation),
        may_confirm=confirms and actor.person_id != gift.recorded_by,
        may_drop=actor.may(states.RECORD, foundation),
        form=form,
    )


@post("/gifts/{gift_id:int}/confirm", include_in_schema=False, access=states.CONFIRM, status_code=303)
async def confirm_gift(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """The second person has seen the money."""
    return await _step(request, gift_id, services.confirm_gift)


@post("/gifts/{gift_id:int}/drop", include_in_schema=False, access=states.RECORD, status_code=303)
async def drop_gift(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """It was written down by mistake."""
    return await _step(request, gift_id, services.drop_gift)


@post("/gifts/{gift_id:int}/refund", include_in_schema=False, access=states.RECORD, status_code=303)
async def prepare_refund(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """What is not used goes back: the first person writes it down."""

    async def act(form: RefundForm) -> Answer:
        await services.prepare_refund(
            gift_id, reason=form.reason, payment_no=form.payment_no, actor=current_actor()
        )
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, RefundForm, act, again)


@post("/gifts/{gift_id:int}/refund/sign", include_in_schema=False, access=states.CONFIRM, status_code=303)
async def sign_refund(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """The second person signs."""
    return await _step(request, gift_id, services.sign_refund)


@post("/gifts/{gift_id:int}/refund/drop", include_in_schema=False, access=states.RECORD, status_code=303)
async def drop_refund(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """It does not go back after all."""
    return await _step(request, gift_id, services.drop_refund)


async def _step(request: Request[Any, Any, Any], gift_id: int, verb: Any) -> Answer:
    async def act(_: ButtonForm) -> Answer:
        await verb(gift_id, actor=current_actor())
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, ButtonForm, act, again)


def trace_path(gift: GiftView) -> str:
    """Where whoever has the code sees what became of it."""
    return f"/gifts/trace?code={gift.trace_code}"


async def with_parts(found: list[GiftView]) -> list[tuple[GiftView, list[TracePart]]]:
    """Each gift with what became of it."""
    parts = await traces.trace_gifts([gift.id for gift in found])
    return [(gift, [part for part in parts if part.gift_id == gift.id]) for gift in found]


@get("/gifts/trace", include_in_schema=False, access=PUBLIC)
async def show_trace(code: Words = "") -> Answer:
    """What became of the gift whose acknowledgement carries this code."""
    return await trace_page(clean(code)[:40], Form())


async def trace_page(asked: str, form: Form, status: int = 200) -> Answer:
    """The page for a code, with what was refused."""
    gift, reason = None, ""
    if asked:
        try:
            gift = await gifts.gift_by_code(asked)
        except NotFound as refusal:
            reason = explain(refusal)
    change = await changes.asked_of_gift(gift.id) if gift else None
    traced = await traces.trace_gift(gift.id) if gift else []
    return page(
        "web/gift_trace.html",
        status=404 if reason else status,
        gift=gift,
        change=change,
        said=await changes.answer_of(change.id, [gift.id]) if gift and change else None,
        answers=rule.ANSWERS,
        parts=traced,
        projects=await followed(traced),
        added=await parts("collect_gift_parts", gift_id=gift.id) if gift else [],
        receipts=await receipts.receipts_of(gift.id) if gift else [],
        fiscal=await fiscal.fiscal_of(gift.id) if gift else [],
        wish=await fiscal.wish_of(gift.id) if gift else None,
        requests=states.REQUESTS,
        today=clock.today(),
        code=asked,
        reason=reason,
        form=form,
    )


HANDLERS = [
    show_new_gift, record_gift, show_gift, confirm_gift, drop_gift, prepare_refund, sign_refund, drop_refund,
    show_trace,
]  # fmt: skip
