"""Funds as everybody sees them, and the page on which a foundation sets one up."""

from decimal import Decimal
from typing import Any

from litestar import Request, Response, get, post

from core import clock, plugins
from core.documents.sheets import open_sheet
from core.funds import rules, services
from core.funds.queries import agreements, changes, gifts, leftovers, requests, traces
from core.funds.queries import funds as queries
from core.funds.queries.funds import FundView
from core.funds.rules import changes as rule
from core.funds.rules import leaving, quarters, states
from core.funds.rules.quarters import Quarter
from core.language import explain, mark, translate
from core.manifest import GivingPlace, ProjectPart, Publication
from core.organizations import queries as organizations
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.funds.forms import FundForm, MemberForm, PurposeForm, SeatEndForm
from web.funds.pictures import USES_DRAWN, draw_flow
from web.parameters import Before, PageNumber, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

PAGE_SIZE, WORDS_MOST, SHOWN, _LIMIT_S = 20, 40, 5, 1.0


@get("/funds", include_in_schema=False, access=PUBLIC)
async def show_funds(words: Words = "", page_number: PageNumber = 1) -> Answer:
    """Funds by name, and what each holds."""
    asked = clean(words)[:WORDS_MOST]
    number = min(page_number, 10**6)
    found = await queries.listed(asked, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    actor = VISIT.get().actor
    return page(
        "web/funds.html",
        funds=found[:PAGE_SIZE],
        has_more=len(found) > PAGE_SIZE,
        page_number=number,
        words=asked,
        flow=states.FUNDS,
        runs=bool(actor and actor.may(states.RUN)),
    )


def quarter_asked(text: str) -> Quarter:
    """The quarter that the visitor wants to see; the present one if none."""
    return quarters.parse_quarter(text, clock.today())


@get("/funds/{fund_id:int}", include_in_schema=False, access=PUBLIC)
async def show_fund(request: Request[Any, Any, Any], fund_id: RowId, quarter: Words = "") -> Answer:
    """What came, where it went, what is left, and the quarter's publication."""
    fund = await queries.fund(fund_id)
    actor, asked = VISIT.get().actor, quarter_asked(quarter)
    purposes = await queries.purposes(fund_id)
    free, held = await queries.holdings(fund_id)
    ended = min(asked, quarter_asked("").moved(-1))
    came = await traces.gifts_in(fund_id, single=1)
    went = await traces.uses_out(fund_id, single=USES_DRAWN)
    return page(
        "web/fund.html",
        fund=fund,
        flow=states.FUNDS,
        requests=states.REQUESTS,
        purposes=purposes,
        free_fen=free,
        held_fen=held,
        members=len(await requests.members(fund_id)),
        picture=draw_flow(came, went, {p.id: p.title for p in purposes}),
        uses=await requests.uses_of_fund(fund_id, before_id=None, limit=SHOWN),
        gifts=await gifts.gifts_of_fund(fund_id, before_id=None, limit=SHOWN),
        quarter=asked,
        is_present=asked == quarter_asked(""),
        published=await traces.publication([fund_id], asked),
        leftover=await leftovers.of_fund(fund_id) if fund.state in (states.CLOSING, states.CLOSED) else None,
        asked=[one for one in await changes.of_fund(fund_id) if one.state == rule.ASKING],
        ended=ended,
        parts=await parts("collect_fund_parts", fund_id=fund_id),
        publications=await publications(fund.organization_id, ended),
        today=clock.today(),
        giving=await _places(request, fund),
        may_record=bool(actor and actor.may(states.RECORD, fund.foundation)),
        may_run=bool(actor and actor.may(states.RUN, fund.foundation)),
        may_ask=bool(actor and actor.may(states.ASK)),
    )


async def _places(request: Request[Any, Any, Any], fund: FundView) -> list[tuple[GivingPlace, str]]:
    """Where this visitor may give to the fund online, each with what speaks against it, as plugins say."""
    actor = VISIT.get().actor
    asked = await plugins.collect_each(
        "collect_giving_places",
        limit_s=_LIMIT_S,
        fund_id=fund.id,
        host=request.headers.get("host", ""),
        person_id=actor.person_id if actor else None,
    )
    places = [one for found in asked.values() if isinstance(found, list) for one in found]
    return [(one, explain(one.reason) if one.reason else "") for one in places]


async def parts(hook: str, **asked: int) -> list[ProjectPart]:
    """What plugins know of a fund or a gift; who fails, or is slow, is left out."""
    answers = await plugins.collect_each(hook, limit_s=_LIMIT_S, **asked)
    found = [part for one in answers.values() if isinstance(one, list) for part in one]
    return sorted(found, key=lambda part: part.order)


async def publications(organization_id: int, quarter: Quarter) -> list[Publication]:
    """Whether the quarter is published, as the plugins that know it say."""
    year, number = quarter.year, quarter.number
    asked = await plugins.collect_each(
        "collect_publications", limit_s=_LIMIT_S, organization_id=organization_id, year=year, quarter=number
    )
    return [one for found in asked.values() if isinstance(found, list) for one in found]


@get("/funds/{fund_id:int}/publication.csv", include_in_schema=False, access=PUBLIC)
async def download_publication(fund_id: RowId, quarter: Words = "") -> Answer:
    """A quarter of the fund as a table for spreadsheets."""
    asked = quarter_asked(quarter)
    return publication_sheet(await queries.fund(fund_id), asked, await traces.publication([fund_id], asked))


def publication_sheet(fund: FundView, quarter: Quarter, lines: list[traces.PublishedLine]) -> Answer:
    """The table as an answer that a browser keeps as a file."""
    sheet = open_sheet("csv")
    titles = (
        mark("用途"),
        mark("期初 (元)"),
        mark("收入 (元)"),
        mark("支出 (元)"),
        mark("用途调整 (元)"),
        mark("期末 (元)"),
    )
    try:
        sheet.append([translate(title) for title in titles])
        for line in lines:
            sums = (line.opening_fen, line.income_fen, line.uses_fen, line.changed_fen, line.closing_fen)
            title = line.title or translate(mark("不限用途"))
            sheet.append([title, *(Decimal(amount) / 100 for amount in sums)])
        content = sheet.finish()
    finally:
        sheet.close()
    name = f"fund-{fund.id}-{quarter}.csv"
    return Response(
        content,
        media_type=sheet.media_type,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@get("/funds/{fund_id:int}/gifts", include_in_schema=False, access=PUBLIC)
async def show_gifts(fund_id: RowId, before: Before = None, method: Words = "") -> Answer:
    """All gifts to the fund, each under the name that its donor wishes; by one method if asked."""
    asked = method if method in rules.ALL_METHODS else ""
    found = await gifts.gifts_of_fund(fund_id, method=asked or None, before_id=before, limit=PAGE_SIZE + 1)
    return page(
        "web/fund_gifts.html",
        method=asked,
        methods=rules.ALL_METHODS,
        fund=await queries.fund(fund_id),
        gifts=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@get("/funds/{fund_id:int}/uses", include_in_schema=False, access=PUBLIC)
async def show_uses(fund_id: RowId, before: Before = None) -> Answer:
    """All that was set aside or paid out of the fund."""
    found = await requests.uses_of_fund(fund_id, before_id=before, limit=PAGE_SIZE + 1)
    return page(
        "web/fund_uses.html",
        fund=await queries.fund(fund_id),
        uses=found[:PAGE_SIZE],
        requests=states.REQUESTS,
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@get("/funds/new", include_in_schema=False, access=states.RUN)
async def show_new_fund() -> Answer:
    """The form to found a fund."""
    return await _new_page(Form())


async def foundations_in_charge() -> list[organizations.OrganizationName]:
    """The foundations and committees that the visitor runs."""
    ids = [scope.id for scope in current_actor().scopes(states.RUN)]
    return [one for one in await organizations.organizations(ids) if one.kind in rules.KEEPERS]


async def _new_page(form: Form, status: int = 200) -> Answer:
    return page("web/fund_new.html", status=status, form=form, foundations=await foundations_in_charge())


@post("/funds", include_in_schema=False, access=states.RUN, status_code=303)
async def found_fund(request: Request[Any, Any, Any]) -> Answer:
    """Found a fund and go on to its purposes."""

    async def act(form: FundForm) -> Answer:
        fund_id = await services.found_fund(
            form.name, organization_id=form.organization_id, summary=form.summary, actor=current_actor()
        )
        return see_other(f"/funds/{fund_id}/setup")

    return await submit(request, FundForm, act, _new_page)


@get("/funds/{fund_id:int}/setup", include_in_schema=False, access=states.RUN)
async def show_setup(fund_id: RowId) -> Answer:
    """Purposes, committee, and the fund's next step."""
    return await setup_page(fund_id, Form())


async def setup_page(fund_id: int, form: Form, status: int = 200) -> Answer:
    """The page of settings, with what was refused."""
    fund = await queries.fund(fund_id)
    current_actor().require(states.RUN, fund.foundation)
    return page(
        "web/fund_setup.html",
        status=status,
        fund=fund,
        flow=states.FUNDS,
        purposes=await queries.purposes(fund_id),
        members=await queries.seats(fund_id),
        is_agreed=await agreements.is_signed(fund_id),
        left_fen=(await queries.holdings(fund_id))[0],
        leftover=await leftovers.of_fund(fund_id),
        targets=await leftovers.targets(fund) if fund.state == states.CLOSING else [],
        leaving=leaving.LEFTOVERS,
        changes=await changes.of_fund(fund_id),
        changing=rule.CHANGES,
        change_days=(await queries.terms(fund.organization_id))[rule.ANSWER_DAYS],
        form=form,
    )


@post("/funds/{fund_id:int}/purposes", include_in_schema=False, access=states.RUN, status_code=303)
async def add_purpose(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Add what gifts can be bound to."""

    async def act(form: PurposeForm) -> Answer:
        await services.add_purpose(fund_id, form.title, actor=current_actor())
        return see_other(f"/funds/{fund_id}/setup")

    return await _submit(request, fund_id, PurposeForm, act)


@post("/funds/{fund_id:int}/members", include_in_schema=False, access=states.RUN, status_code=303)
async def seat_member(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Give somebody a seat on the committee."""

    async def act(form: MemberForm) -> Answer:
        await services.seat_member(fund_id, phone=form.phone, name=form.name, actor=current_actor())
        return see_other(f"/funds/{fund_id}/setup")

    return await _submit(request, fund_id, MemberForm, act)


@post("/funds/{fund_id:int}/members/end", include_in_schema=False, access=states.RUN, status_code=303)
async def end_seat(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """End a seat on the committee."""

    async def act(form: SeatEndForm) -> Answer:
        await services.end_seat(fund_id, form.seat_id, reason=form.seat_reason, actor=current_actor())
        return see_other(f"/funds/{fund_id}/setup")

    return await _submit(request, fund_id, SeatEndForm, act)


@post("/funds/{fund_id:int}/open", include_in_schema=False, access=states.RUN, status_code=303)
async def open_fund(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Take gifts and requests from now on."""
    return await _step(request, fund_id, services.open_fund)


@post("/funds/{fund_id:int}/stop-gifts", include_in_schema=False, access=states.RUN, status_code=303)
async def stop_gifts(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Take no more gifts."""
    return await _step(request, fund_id, services.stop_gifts)


@post("/funds/{fund_id:int}/end", include_in_schema=False, access=states.RUN, status_code=303)
async def end_fund(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """End a fund of which every fen is used."""
    return await _step(request, fund_id, services.end_fund)


async def _step(request: Request[Any, Any, Any], fund_id: int, verb: Any) -> Answer:
    async def act(_: ButtonForm) -> Answer:
        await verb(fund_id, actor=current_actor())
        return see_other(f"/funds/{fund_id}/setup")

    return await _submit(request, fund_id, ButtonForm, act)


async def _submit(request: Request[Any, Any, Any], fund_id: int, shape: type[Any], act: Any) -> Answer:
    async def again(form: Form, status: int) -> Answer:
        return await setup_page(fund_id, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [
    show_funds, show_fund, download_publication, show_gifts, show_uses, show_new_fund, found_fund, show_setup,
    add_purpose, seat_member, end_seat, open_fund, stop_gifts, end_fund,
]  # fmt: skip
