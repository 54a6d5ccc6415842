"""Matching pools: public, with what remains; and the forms of those who run them."""

from decimal import Decimal
from typing import Any

from litestar import Request, Response, get, post

from core import clock
from core.documents.sheets import open_sheet
from core.files.queries import files_of
from core.funds import rules as fund_rules
from core.funds.queries import funds
from core.funds.queries.funds import FundView
from core.funds.rules import states as fund_states
from core.language import mark, translate
from core.reference import Ref
from plugins.foundation.forms.pools import MoneyStepForm, PoolForm, PoolStepForm, RestForm, SlipForm
from plugins.foundation.queries import calendar
from plugins.foundation.queries import pools as queries
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import pools as rules
from plugins.foundation.services import pools as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, Form, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import VISIT, current_actor

_ROWS_MOST = 10_000
_STEPS = {
    "open": services.open_pool,
    "end": services.end_pool,
    "drop_rest": services.drop_rest,
    "settle_rest": services.settle_rest,
}
_MONEY_STEPS = {"confirm": services.confirm_money, "drop": services.drop_money}


@get("/{organization_id:int}/pools", include_in_schema=False, access=PUBLIC)
async def show_pools(organization_id: RowId, before: Before = None) -> Answer:
    """The pools of a foundation, newest first."""
    foundation, actor = await calendar.foundation(organization_id), VISIT.get().actor
    works = bool(actor and queries.works_there(organization_id, actor))
    found = await queries.pools(organization_id, with_drafts=works, before_id=before, limit=PAGE_SIZE + 1)
    return page(
        "foundation/pools.html",
        foundation=foundation,
        pools=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        flow=rules.POOLS,
        may_run=bool(actor and actor.may(fund_states.RUN, Ref("organization", organization_id))),
    )


@get("/{organization_id:int}/pools/new", include_in_schema=False, access=fund_states.RUN)
async def show_new_pool(organization_id: RowId) -> Answer:
    """The form for a new pool."""
    return await _new_page(organization_id, Form())


async def _new_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    foundation = await calendar.foundation(organization_id)
    current_actor().require(fund_states.RUN, Ref("organization", organization_id))
    return page(
        "foundation/pool_new.html",
        status=status,
        foundation=foundation,
        funds=[(one.id, one.name) for one in await open_funds(organization_id)],
        rests=[(code, translate(title)) for code, title in rules.RESTS.items()],
        today=clock.today(),
        form=form,
    )


async def open_funds(organization_id: int) -> list[FundView]:
    """The funds of a foundation that take gifts."""
    known = (await funds.funds_of(organization_id)).values()
    return sorted((one for one in known if one.state == fund_states.OPEN), key=lambda one: one.name)


@post("/{organization_id:int}/pools", include_in_schema=False, access=fund_states.RUN, status_code=303)
async def create_pool(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Set up a pool, which somebody else opens."""

    async def act(form: PoolForm) -> Answer:
        plan = await form.plan([one.id for one in await open_funds(organization_id)])
        pool_id = await services.create_pool(organization_id, plan, actor=current_actor())
        return see_other(f"/foundation/pools/{pool_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(organization_id, form, status)

    return await submit(request, PoolForm, act, again)


@get("/pools/{pool_id:int}", include_in_schema=False, access=PUBLIC)
async def show_pool(pool_id: RowId, before: Before = None) -> Answer:
    """A pool: its terms, what remains, what it has added to which gifts."""
    return await _pool_page(pool_id, before, Form())


async def _pool_page(pool_id: int, before: int | None, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    pool = await queries.pool_for(pool_id, actor)
    works = bool(actor and queries.works_there(pool.organization_id, actor))
    matches = await queries.matches(pool_id, before_id=before, limit=PAGE_SIZE + 1)
    money = await queries.money_of(pool_id) if works else []
    return page(
        "foundation/pool.html",
        status=status,
        pool=pool,
        funds=await queries.funds_of(pool_id),
        matches=matches[:PAGE_SIZE],
        older_than=matches[PAGE_SIZE - 1].id if len(matches) > PAGE_SIZE else None,
        limits=rules.LIMITS,
        rests=rules.RESTS,
        flow=rules.POOLS,
        money=[(one, await files_of(Ref(rules.MONEY, one.id))) for one in money[:PAGE_SIZE]],
        money_flow=rules.MONEYS,
        works=works,
        alone_fen=(await funds.terms(pool.organization_id))[fund_rules.ALONE] if works else 0,
        may={
            name: bool(actor and actor.may(permission, pool.foundation))
            for name, permission in _PERMISSIONS.items()
        },
        me=actor.person_id if actor else None,
        today=clock.today(),
        form=form,
    )


_PERMISSIONS = {"run": fund_states.RUN, "record": fund_states.RECORD, "confirm": fund_states.CONFIRM}


@get("/pools/{pool_id:int}/matches.csv", include_in_schema=False, access=PUBLIC)
async def download_matches(pool_id: RowId) -> Answer:
    """What a pool has added to which gifts, as a table for spreadsheets: the last ten thousand."""
    pool = await queries.pool_for(pool_id, VISIT.get().actor)
    sheet = open_sheet("csv")
    titles = (
        mark("日期"),
        mark("基金"),
        mark("捐赠 (元)"),
        mark("配捐 (元)"),
        mark("退回 (元)"),
        mark("说明"),
    )
    try:
        sheet.append([translate(title) for title in titles])
        for one in await queries.matches(pool.id, before_id=None, limit=_ROWS_MOST):
            sums = (Decimal(fen) / 100 for fen in (one.gift_fen, one.amount_fen, one.returned_fen))
            day = clock.local(one.matched_at).date()
            sheet.append([str(day), one.fund, *sums, rules.said_limit(one.limited_by)])
        content = sheet.finish()
    finally:
        sheet.close()
    name = f'attachment; filename="pool-{pool.id}.csv"'
    return Response(content, media_type=sheet.media_type, headers={"content-disposition": name})


@post(
    "/pools/{pool_id:int}/money",
    include_in_schema=False,
    access=fund_states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_money(request: Request[Any, Any, Any], pool_id: RowId) -> Answer:
    """Money of the sponsor has come."""

    async def act(form: SlipForm) -> Answer:
        await services.record_money(pool_id, form.slip(), actor=current_actor(), upload=form.file)
        return see_other(f"/foundation/pools/{pool_id}")

    return await submit(request, SlipForm, act, _again(pool_id))


@post("/pools/{pool_id:int}/rest", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def prepare_rest(request: Request[Any, Any, Any], pool_id: RowId) -> Answer:
    """What is left goes where it was agreed: the first person writes it down."""

    async def act(form: RestForm) -> Answer:
        await services.prepare_rest(pool_id, payment_no=form.payment_no, actor=current_actor())
        return see_other(f"/foundation/pools/{pool_id}")

    return await submit(request, RestForm, act, _again(pool_id))


@post("/pools/{pool_id:int}/steps", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_step(request: Request[Any, Any, Any], pool_id: RowId) -> Answer:
    """Open it, end it, send the rest or not; who may, the service says."""

    async def act(form: PoolStepForm) -> Answer:
        await _STEPS[form.step](pool_id, actor=current_actor())
        return see_other(f"/foundation/pools/{pool_id}")

    return await submit(request, PoolStepForm, act, _again(pool_id))


@post(
    "/pools/{pool_id:int}/money/{money_id:int}/steps",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def take_money_step(request: Request[Any, Any, Any], pool_id: RowId, money_id: RowId) -> Answer:
    """The second person has seen it, or it was a mistake."""

    async def act(form: MoneyStepForm) -> Answer:
        await _MONEY_STEPS[form.step](money_id, actor=current_actor())
        return see_other(f"/foundation/pools/{pool_id}")

    return await submit(request, MoneyStepForm, act, _again(pool_id))


def _again(pool_id: int) -> Any:
    async def again(form: Form, status: int) -> Answer:
        return await _pool_page(pool_id, None, form, status)

    return again


HANDLERS = [
    show_pools, show_new_pool, create_pool, show_pool, download_matches, record_money, prepare_rest,
    take_step, take_money_step,
]  # fmt: skip
