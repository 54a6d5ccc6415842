"""What one has given oneself: how much, what became of it, each gift, all of it as a file."""

import re
from typing import Any

from litestar import Request, get, post

from core import clock
from core.dossiers.queries import packs
from core.funds.queries import gifts, traces
from core.funds.queries.gifts import Wanted
from core.funds.queries.given import given, given_sum
from core.funds.rules import states
from core.funds.services.exports import ask_for_gifts
from web.access import SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.funds.forms import MineForm
from web.funds.pages.following import followed
from web.funds.pages.gifts import PAGE_SIZE, with_parts
from web.parameters import Before, Words
from web.templates import page
from web.visit import current_actor


@get("/gifts/mine", include_in_schema=False, access=SIGNED_IN)
async def show_mine(before: Before = None, year: Words = "", fund: Words = "") -> Answer:
    """One's own gifts, and what became of each and of all."""
    return await _mine_page(_narrowed(year, fund), before, Form())


def _narrowed(year: str, fund: str) -> Wanted:
    """What is no number narrows nothing down."""
    asked_year = int(year) if re.fullmatch("20[0-9]{2}", year) else None
    return Wanted(asked_year, int(fund) if re.fullmatch("[0-9]{1,15}", fund) else None)


async def _mine_page(wanted: Wanted, before: int | None, form: Form, status: int = 200) -> Answer:
    person_id = current_actor().person_id
    found = await gifts.gifts_of_person(person_id, wanted, before_id=before, limit=PAGE_SIZE + 1)
    shown, every = found[:PAGE_SIZE], await given(person_id)
    traced = await with_parts(shown)
    number, amount_fen = await given_sum(person_id, wanted)
    form.values |= {"year": str(wanted.year or ""), "fund": str(wanted.fund_id or "")}
    return page(
        "web/gifts_mine.html",
        status=status,
        gifts=traced,
        number=number,
        amount_fen=amount_fen,
        became=await traces.trace_sums(person_id, wanted),
        years=[(year, str(year)) for year in sorted({one.year for one in every}, reverse=True)],
        funds=sorted({(one.fund_id, one.fund) for one in every}),
        is_narrowed=wanted != gifts.EVERYTHING,
        foundations=await packs.given_to(person_id) if before is None else [],
        projects=await followed([part for _, some in traced for part in some]),
        requests=states.REQUESTS,
        today=clock.today(),
        older_than=shown[-1].id if len(found) > PAGE_SIZE else None,
        form=form,
    )


@post("/gifts/mine/exports", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def export(request: Request[Any, Any, Any]) -> Answer:
    """Ask for one's own gifts as a file, and go where its progress is shown."""

    async def act(form: MineForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_gifts(form.wanted, form.format, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        return await _mine_page(_narrowed(form.value("year"), form.value("fund")), None, form, status)

    return await submit(request, MineForm, act, again)


HANDLERS = [show_mine, export]
