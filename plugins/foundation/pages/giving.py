"""Giving in three taps: how much, what for, under which name. Each tap is a button; none needs a script."""

from typing import Any

from litestar import Request, get, post

from core.funds import rules as fund_rules
from core.language import explain
from core.people.masks import MINOR
from core.registration.queries import child
from plugins.foundation.forms.giving import GivingForm, fen_of
from plugins.foundation.queries import campaigns, hosts, taking
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import AMOUNTS
from plugins.foundation.rules.taking import Host
from plugins.foundation.services import giving as services
from web.access import PUBLIC
from web.forms import Answer, Form, FormRefused, clean, see_other, submit
from web.parameters import RowId, Words
from web.templates import page
from web.visit import VISIT

_Request = Request[Any, Any, Any]


@get("/campaigns/{campaign_id:int}/give", include_in_schema=False, access=PUBLIC)
async def show_give(request: _Request, campaign_id: RowId, amount: Words = "", target: Words = "") -> Answer:
    """The next of three questions: those that are answered stand in the address."""
    form = Form({"amount": clean(amount)[:20], "target": clean(target)[:40]})
    return await _give_page(request, campaign_id, form)


async def _give_page(request: _Request, campaign_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    found = await campaigns.visible_campaign(campaign_id, actor)
    host = await hosts.at(request.headers.get("host", ""))
    choices = await campaigns.purposes_of(campaign_id)
    amount_fen = _amount(form)
    reason = await _why_not(found, host, amount_fen)
    chosen = next((one for one in choices if one.target == form.value("target")), None)
    return page(
        "foundation/give.html",
        status=status,
        campaign=found,
        choices=choices,
        amounts=AMOUNTS,
        amount_fen=amount_fen,
        chosen=chosen if amount_fen else None,
        displays=fund_rules.DISPLAYS,
        reason=reason,
        own_name=actor.name if actor else "",
        minor=MINOR,
        is_minor=actor is not None and await child(actor.person_id) is not None,
        form=form,
    )


def _amount(form: Form) -> int:
    """What is to be given, in fen; 0, with the reason in the form, for what is no amount."""
    typed = form.value("amount")
    try:
        return fen_of(typed) if typed else 0
    except FormRefused as refusal:
        form.reasons |= {name: explain(why) for name, why in refusal.reasons().items()}
        return 0


async def _why_not(found: CampaignView, host: Host, amount_fen: int) -> str:
    actor = VISIT.get().actor
    reason = await taking.why_not(found, host, actor.person_id if actor else None, amount_fen)
    return explain(reason) if reason else ""


@post("/campaigns/{campaign_id:int}/give", include_in_schema=False, access=PUBLIC, status_code=303)
async def give(request: _Request, campaign_id: RowId) -> Answer:
    """Promise it, and go on to pay."""

    async def act(form: GivingForm) -> Answer:
        visit = VISIT.get()
        fund_id, promise = form.gift()
        path = await services.give(
            campaign_id,
            fund_id,
            promise,
            host=request.headers.get("host", ""),
            actor=visit.actor,
            address=visit.address,
        )
        return see_other(path)

    async def again(form: Form, status: int) -> Answer:
        return await _give_page(request, campaign_id, form, status)

    return await submit(request, GivingForm, act, again)


HANDLERS = [show_give, give]
