"""A change of purpose: proposed on the fund's page of settings, public while donors are asked."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.funds import services
from core.funds.queries import changes as queries
from core.funds.rules import changes, states
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.funds.forms import AnswerForm, ChangeForm, CodeAnswerForm
from web.funds.pages.funds import setup_page
from web.funds.pages.gifts import trace_page
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor


@post("/funds/{fund_id:int}/changes", include_in_schema=False, access=states.RUN, status_code=303)
async def propose_change(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Ask the donors of a purpose."""

    async def act(form: ChangeForm) -> Answer:
        change_id = await services.propose_change(
            fund_id,
            from_purpose_id=form.from_purpose_id,
            to_purpose_id=form.to_purpose_id,
            reason=form.change_reason,
            actor=current_actor(),
        )
        return see_other(f"/funds/changes/{change_id}")

    async def again(form: Form, status: int) -> Answer:
        return await setup_page(fund_id, form, status)

    return await submit(request, ChangeForm, act, again)


@get("/funds/changes/{change_id:int}", include_in_schema=False, access=PUBLIC)
async def show_change(change_id: RowId) -> Answer:
    """What is asked, until when, and what was answered so far."""
    return await _change_page(change_id, Form())


async def _change_page(change_id: int, form: Form, status: int = 200) -> Answer:
    actor, found = VISIT.get().actor, await queries.change(change_id)
    asked = await queries.asked(change_id)
    is_asking, is_over = found.state == changes.ASKING, clock.today() > found.answers_until
    own = await queries.gifts_asked(change_id, actor.person_id) if actor and is_asking else []
    runs = bool(actor and actor.may(states.RUN, found.foundation))
    return page(
        "web/fund_change.html",
        status=status,
        change=found,
        flow=changes.CHANGES,
        tallies=queries.tallies(asked) if is_asking else [],
        answers=changes.ANSWERS,
        own=own,
        said=await queries.answer_of(change_id, own) if own else None,
        may_answer=bool(own) and not is_over,
        may_run=runs and is_asking,
        form=form,
    )


@post("/funds/changes/{change_id:int}/answer", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def answer_change(request: Request[Any, Any, Any], change_id: RowId) -> Answer:
    """A donor says yes or no."""

    async def act(form: AnswerForm) -> Answer:
        await services.answer_change(change_id, answer=form.answer, actor=current_actor())
        return see_other(f"/funds/changes/{change_id}")

    return await _submit(request, change_id, AnswerForm, act)


@post("/funds/changes/{change_id:int}/carry-out", include_in_schema=False, access=states.RUN, status_code=303)
async def carry_out_change(request: Request[Any, Any, Any], change_id: RowId) -> Answer:
    """Bind what may be bound to the other purpose."""

    async def act(_: ButtonForm) -> Answer:
        await services.carry_out_change(change_id, actor=current_actor())
        return see_other(f"/funds/changes/{change_id}")

    return await _submit(request, change_id, ButtonForm, act)


@post("/funds/changes/{change_id:int}/drop", include_in_schema=False, access=states.RUN, status_code=303)
async def drop_change(request: Request[Any, Any, Any], change_id: RowId) -> Answer:
    """It is not needed any more."""

    async def act(_: ButtonForm) -> Answer:
        await services.drop_change(change_id, actor=current_actor())
        return see_other(f"/funds/changes/{change_id}")

    return await _submit(request, change_id, ButtonForm, act)


async def _submit(request: Request[Any, Any, Any], change_id: int, shape: type[Any], act: Any) -> Answer:
    async def again(form: Form, status: int) -> Answer:
        return await _change_page(change_id, form, status)

    return await submit(request, shape, act, again)


@post("/gifts/trace/answer", include_in_schema=False, access=PUBLIC, status_code=303)
async def answer_with_code(request: Request[Any, Any, Any]) -> Answer:
    """A donor without an account says yes or no, with the code of the acknowledgement."""

    async def act(form: CodeAnswerForm) -> Answer:
        await services.answer_with_code(form.code, answer=form.answer)
        return see_other(f"/gifts/trace?code={form.code}")

    async def again(form: Form, status: int) -> Answer:
        return await trace_page(form.value("code")[:40], form, status)

    return await submit(request, CodeAnswerForm, act, again)


HANDLERS = [
    propose_change, show_change, answer_change, carry_out_change, drop_change, answer_with_code,
]  # fmt: skip
