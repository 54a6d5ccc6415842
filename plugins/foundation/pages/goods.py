"""Goods: for everybody what came and where it went, for the foundation's people the forms."""

from decimal import Decimal
from typing import Any

from litestar import Request, Response, get, post

from core import clock
from core.documents.sheets import open_sheet
from core.files.queries import files_of, files_of_many
from core.funds.rules import states as fund_states
from core.language import mark, translate
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.forms.goods import GoodsForm, GoodsReverseForm, MoveForm, MoveReverseForm
from plugins.foundation.pages.pools import open_funds
from plugins.foundation.queries import calendar
from plugins.foundation.queries import goods as queries
from plugins.foundation.queries.campaigns import CampaignView, campaigns
from plugins.foundation.queries.goods import GoodsView, Wanted
from plugins.foundation.rules import PAGE_SIZE, WORDS_MOST
from plugins.foundation.rules import goods as rules
from plugins.foundation.services import goods as services
from web.access import PUBLIC
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, clean, see_other, submit
from web.parameters import Before, Code, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

_Request = Request[Any, Any, Any]
_SHEET_MOST = 5000
_CAMPAIGNS_MOST = _REQUESTS_MOST = 50
_COLUMNS = (
    mark("收到日期"), mark("捐赠人"), mark("种类"), mark("捐赠财产"), mark("单位"), mark("数量"),
    mark("已发放"), mark("已核销"), mark("剩余"), mark("价值 (元)"), mark("按什么估价"), mark("保质期至"),
)  # fmt: skip
_LIST, _ONE = "/{organization_id:int}/goods", "/goods/{goods_id:int}"


@get(_LIST, include_in_schema=False, access=PUBLIC)
async def show_all_goods(
    organization_id: RowId, words: Words = "", kind: Code = "", left: Code = "", before: Before = None
) -> Answer:
    """What a foundation received; its people see too what does not count."""
    foundation, actor = await calendar.foundation(organization_id), VISIT.get().actor
    wanted = Wanted(
        words=clean(words)[:WORDS_MOST],
        kind=kind,
        is_left=bool(left),
        also_hidden=queries.is_staff(organization_id, actor),
    )
    found = await queries.list_goods(organization_id, wanted, before_id=before, limit=PAGE_SIZE + 1)
    soon = (await queries.terms_on(organization_id, clock.today()))[rules.SOON_DAYS]
    return page(
        "foundation/goods_list.html",
        foundation=foundation,
        goods=found[:PAGE_SIZE],
        soon={one.id for one in found if rules.is_soon(one.expires_on, one.left, clock.today(), soon)},
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        wanted=wanted,
        kinds=rules.KINDS,
        form=Form({"words": wanted.words, "kind": kind, "left": left}),
        kinds_told=_told(rules.KINDS),
        flow=rules.FLOW,
        today=clock.today(),
        may_record=_may(actor, fund_states.RECORD, organization_id),
    )


@get(f"{_LIST}.csv", include_in_schema=False, access=PUBLIC)
async def download_goods(organization_id: RowId) -> Answer:
    """What counts, for spreadsheets."""
    await calendar.foundation(organization_id)
    found = await queries.list_goods(organization_id, Wanted(), limit=_SHEET_MOST)
    sheet = open_sheet("csv")
    try:
        sheet.append([translate(title) for title in _COLUMNS])
        for one in found:
            sheet.append(_row(one))
        content = sheet.finish()
    finally:
        sheet.close()
    name = f'attachment; filename="goods-{organization_id}.csv"'
    return Response(content, media_type=sheet.media_type, headers={"content-disposition": name})


def _row(one: GoodsView) -> list[Any]:
    return [
        str(one.received_on),
        one.donor_name or translate(mark("匿名")),
        translate(rules.KINDS[one.kind]),
        one.what,
        one.unit,
        one.quantity,
        one.handed,
        one.written,
        one.left,
        Decimal(one.value_fen) / 100 if one.value_fen else "",
        translate(rules.VALUED[one.valued]),
        str(one.expires_on or ""),
    ]


def _told(titles: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, translate(title)) for code, title in titles.items()]


def _may(actor: Actor | None, code: str, organization_id: int) -> bool:
    return actor is not None and actor.may(code, Ref("organization", organization_id))


@get("/{organization_id:int}/goods/new", include_in_schema=False, access=fund_states.RECORD)
async def show_new_goods(organization_id: RowId) -> Answer:
    """The form for what came."""
    return await _new_page(organization_id, Form())


async def _new_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    foundation = await calendar.foundation(organization_id)
    current_actor().require(fund_states.RECORD, Ref("organization", organization_id))
    return page(
        "foundation/goods_new.html",
        status=status,
        foundation=foundation,
        funds=[(one.id, one.name) for one in await open_funds(organization_id)],
        campaigns=[(one.id, one.title) for one in await _campaigns(organization_id)],
        kinds=_told(rules.KINDS),
        valued=_told(rules.VALUED),
        alone_fen=(await queries.terms_on(organization_id, clock.today()))[rules.ALONE],
        today=clock.today(),
        form=form,
    )


async def _campaigns(organization_id: int) -> list[CampaignView]:
    return await campaigns(
        organization_id=organization_id, also_hidden=False, offset=0, limit=_CAMPAIGNS_MOST
    )


@post(
    _LIST,
    include_in_schema=False,
    access=fund_states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_goods(request: _Request, organization_id: RowId) -> Answer:
    """Write down what came."""

    async def act(form: GoodsForm) -> Answer:
        made = await services.record_goods(organization_id, form.draft(), form.file, actor=current_actor())
        return see_other(f"/foundation/goods/{made}")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(organization_id, form, status)

    return await submit(request, GoodsForm, act, again)


@get("/goods/trace", include_in_schema=False, access=PUBLIC)
async def trace_goods(code: Words = "") -> Answer:
    """Where a gift of goods went, for who has its code."""
    found = await queries.goods_by_code(clean(code)[:WORDS_MOST])
    return await _goods_page(found, None, Form(), by_code=True)


@get(_ONE, include_in_schema=False, access=PUBLIC)
async def show_goods(goods_id: RowId) -> Answer:
    """What came, where it went, and what is to be done."""
    actor = VISIT.get().actor
    return await _goods_page(await queries.visible_goods(goods_id, actor), actor, Form())


async def _goods_page(
    found: GoodsView, actor: Actor | None, form: Form, status: int = 200, *, by_code: bool = False
) -> Answer:
    is_staff = queries.is_staff(found.organization_id, actor)
    may_record = _may(actor, fund_states.RECORD, found.organization_id)
    moves = await queries.moves(found.id, also_reversed=is_staff)
    return page(
        "foundation/goods.html",
        status=status,
        goods=found,
        by_code=by_code,
        moves=moves,
        undoable=[
            (one.id, f"{one.happened_on} · {one.quantity} {found.unit} · {one.slip_no}")
            for one in moves
            if not one.reason and actor is not None and one.recorded_by != actor.person_id
        ],
        files=await files_of(Ref(rules.GOODS, found.id)) if is_staff else [],
        receipts=await files_of_many(rules.MOVE, [one.id for one in moves]) if is_staff else {},
        kinds=rules.KINDS,
        valued=rules.VALUED,
        move_kinds=rules.MOVES,
        moves_told=_told(rules.MOVES),
        requests=await _requests(found) if may_record else [],
        flow=rules.FLOW,
        is_staff=is_staff,
        is_own=actor is not None and found.recorded_by == actor.person_id,
        may_record=may_record,
        may_confirm=_may(actor, fund_states.CONFIRM, found.organization_id),
        today=clock.today(),
        form=form,
    )


async def _requests(found: GoodsView) -> list[tuple[int, str]]:
    """To which request of the same fund, or foundation, the goods may belong; the newest."""
    asked = await queries.requests_beside(found, limit=_REQUESTS_MOST)
    return [(one.id, f"{one.title} · {one.organization}") for one in asked]


@post(f"{_ONE}/confirm", include_in_schema=False, access=fund_states.CONFIRM, status_code=303)
async def confirm_goods(request: _Request, goods_id: RowId) -> Answer:
    """The second person has seen it."""

    async def act(_: ButtonForm) -> None:
        await services.confirm_goods(goods_id, actor=current_actor())

    return await _submit(request, goods_id, ButtonForm, act)


@post(f"{_ONE}/drop", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def drop_goods(request: _Request, goods_id: RowId) -> Answer:
    """It was written down by mistake."""

    async def act(_: ButtonForm) -> None:
        await services.drop_goods(goods_id, actor=current_actor())

    return await _submit(request, goods_id, ButtonForm, act)


@post(f"{_ONE}/reverse", include_in_schema=False, access=fund_states.CONFIRM, status_code=303)
async def reverse_goods(request: _Request, goods_id: RowId) -> Answer:
    """It counted, and was wrong."""

    async def act(form: GoodsReverseForm) -> None:
        await services.reverse_goods(goods_id, reason=form.reason, actor=current_actor())

    return await _submit(request, goods_id, GoodsReverseForm, act)


@post(
    f"{_ONE}/moves",
    include_in_schema=False,
    access=fund_states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def move_goods(request: _Request, goods_id: RowId) -> Answer:
    """Hand out, or write off."""

    async def act(form: MoveForm) -> None:
        await services.move_goods(goods_id, await form.draft(), form.file, actor=current_actor())

    return await _submit(request, goods_id, MoveForm, act)


@post(f"{_ONE}/moves/reverse", include_in_schema=False, access=fund_states.CONFIRM, status_code=303)
async def reverse_move(request: _Request, goods_id: RowId) -> Answer:
    """A line was wrong."""

    async def act(form: MoveReverseForm) -> None:
        await services.reverse_move(goods_id, form.move_id, reason=form.reason, actor=current_actor())

    return await _submit(request, goods_id, MoveReverseForm, act)


@post(f"{_ONE}/receipt", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def print_goods_receipt(request: _Request, goods_id: RowId) -> Answer:
    """Ask for the receipt as PDF, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await services.ask_for_goods_receipt(goods_id, actor=current_actor())}")

    return await _submit(request, goods_id, ButtonForm, act)


async def _submit(request: _Request, goods_id: int, shape: type[Any], verb: Any) -> Answer:
    async def act(form: Any) -> Answer:
        answer: Answer | None = await verb(form)
        return answer or see_other(f"/foundation/goods/{goods_id}")

    async def again(form: Form, status: int) -> Answer:
        actor = current_actor()
        return await _goods_page(await queries.visible_goods(goods_id, actor), actor, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [
    show_all_goods, download_goods, show_new_goods, record_goods, trace_goods, show_goods, confirm_goods,
    drop_goods, reverse_goods, move_goods, reverse_move, print_goods_receipt,
]  # fmt: skip
