"""Pledges: what is promised, apart from money, in public; each one for its donor and the foundation."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, get, post

from core import clock
from core.funds import rules as fund_rules
from core.funds.rules import states as fund_states
from core.language import explain, translate
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.pledges import NoCampaignForPledge
from plugins.foundation.forms.pledges import LinkForm, PledgeForm, WithdrawalForm
from plugins.foundation.pages.pools import open_funds
from plugins.foundation.queries import calendar, taking
from plugins.foundation.queries import pledges as queries
from plugins.foundation.queries.pledges import PledgeView
from plugins.foundation.queries.pools import works_there
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import pledges as rules
from plugins.foundation.rules.pledges import Due
from plugins.foundation.services import pledges as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import VISIT, current_actor


@get("/{organization_id:int}/pledges", include_in_schema=False, access=PUBLIC)
async def show_pledges(organization_id: RowId, before: Before = None) -> Answer:
    """What is promised to a foundation's funds, what of it has come, what is late."""
    foundation, actor = await calendar.foundation(organization_id), VISIT.get().actor
    found = await queries.pledges(organization_id, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    return page(
        "foundation/pledges.html",
        foundation=foundation,
        pledges=shown,
        dues=await queries.dues(shown),
        sums=await queries.sums(organization_id),
        older_than=shown[-1].id if len(found) > PAGE_SIZE else None,
        flow=rules.PLEDGES,
        today=clock.today(),
        works=bool(actor and works_there(organization_id, actor)),
        may_record=bool(actor and actor.may(fund_states.RECORD, Ref("organization", organization_id))),
    )


@get("/{organization_id:int}/pledges/new", include_in_schema=False, access=fund_states.RECORD)
async def show_new_pledge(organization_id: RowId) -> Answer:
    """The form for a promise."""
    return await _new_page(organization_id, Form())


async def _new_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    foundation = await calendar.foundation(organization_id)
    current_actor().require(fund_states.RECORD, Ref("organization", organization_id))
    return page(
        "foundation/pledge_new.html",
        status=status,
        foundation=foundation,
        funds=[(one.id, one.name) for one in await open_funds(organization_id)],
        displays=[(code, translate(title)) for code, title in fund_rules.DISPLAYS.items()],
        form=form,
    )


@post("/{organization_id:int}/pledges", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def record_pledge(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Write down a promise."""

    async def act(form: PledgeForm) -> Answer:
        pledge_id = await services.record_pledge(form.fund_id, await form.draft(), actor=current_actor())
        return see_other(f"/foundation/pledges/{pledge_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(organization_id, form, status)

    return await submit(request, PledgeForm, act, again)


@get("/pledges/{pledge_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_pledge(request: Request[Any, Any, Any], pledge_id: RowId) -> Answer:
    """A pledge with its instalments and gifts, for its donor and the foundation."""
    return await _pledge_page(request, pledge_id, Form())


async def _pledge_page(
    request: Request[Any, Any, Any], pledge_id: int, form: Form, status: int = 200
) -> Answer:
    actor = current_actor()
    pledge = await queries.pledge_for(pledge_id, actor)
    dues = (await queries.dues([pledge]))[pledge.id]
    return page(
        "foundation/pledge.html",
        status=status,
        pledge=pledge,
        dues=dues,
        paying=await _paying(request, pledge, dues, actor),
        gifts=await queries.gifts_of(pledge_id),
        flow=rules.PLEDGES,
        grounds=[(code, translate(title)) for code, title in rules.GROUNDS.items()],
        ground=rules.GROUNDS.get(pledge.ground, ""),
        displays=fund_rules.DISPLAYS,
        may_record=actor.may(fund_states.RECORD, pledge.foundation),
        may_run=actor.may(fund_states.RUN, pledge.foundation),
        today=clock.today(),
        form=form,
    )


@post("/pledges/{pledge_id:int}/gifts", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def link_gift(request: Request[Any, Any, Any], pledge_id: RowId) -> Answer:
    """A gift keeps it."""

    async def act(form: LinkForm) -> Answer:
        await services.link_gift(pledge_id, form.receipt_no, actor=current_actor())
        return see_other(f"/foundation/pledges/{pledge_id}")

    return await submit(request, LinkForm, act, _again(request, pledge_id))


@post("/pledges/{pledge_id:int}/withdraw", include_in_schema=False, access=fund_states.RUN, status_code=303)
async def withdraw_pledge(request: Request[Any, Any, Any], pledge_id: RowId) -> Answer:
    """It will not be kept."""

    async def act(form: WithdrawalForm) -> Answer:
        await services.withdraw_pledge(
            pledge_id, ground=form.ground, reason=form.reason, actor=current_actor()
        )
        return see_other(f"/foundation/pledges/{pledge_id}")

    return await submit(request, WithdrawalForm, act, _again(request, pledge_id))


@dataclass(frozen=True)
class Paying:
    """What the donor can pay online now: the earliest instalment, or why not here; `waits`: one is begun."""

    amount_fen: int
    reason: str
    waits: bool


async def _paying(
    request: Request[Any, Any, Any], pledge: PledgeView, dues: list[Due], actor: Actor
) -> Paying | None:
    missing = next((due.missing_fen for due in dues if due.missing_fen), 0)
    if pledge.donor_id != actor.person_id or pledge.state != rules.OPEN or not missing:
        return None
    if await queries.on_its_way(pledge.id):
        return Paying(missing, "", waits=True)
    host = request.headers.get("host", "")
    campaign_id, reason = await taking.open_place(pledge.fund_id, host, actor.person_id, missing)
    why = "" if campaign_id else explain(reason or NoCampaignForPledge())
    return Paying(missing, why, waits=False)


@post("/pledges/{pledge_id:int}/pay", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def pay_part(request: Request[Any, Any, Any], pledge_id: RowId) -> Answer:
    """The donor pays the next instalment online."""

    async def act(_: ButtonForm) -> Answer:
        host, address = request.headers.get("host", ""), VISIT.get().address
        path = await services.pay_part(pledge_id, host=host, actor=current_actor(), address=address)
        return see_other(path)

    return await submit(request, ButtonForm, act, _again(request, pledge_id))


def _again(request: Request[Any, Any, Any], pledge_id: int) -> Any:
    async def again(form: Form, status: int) -> Answer:
        return await _pledge_page(request, pledge_id, form, status)

    return again


HANDLERS = [show_pledges, show_new_pledge, record_pledge, show_pledge, link_gift, pay_part, withdraw_pledge]
