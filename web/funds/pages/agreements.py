"""The agreement by which a fund is founded: what holds, earlier versions, the draft and its signing."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.files.queries import files_of
from core.funds import papers, services
from core.funds.queries import agreements, funds
from core.funds.rules import agreements as rules
from core.funds.rules import states
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.funds.forms import AgreementForm, SigningForm
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor

_Request = Request[Any, Any, Any]
_ONE = "/funds/agreements/{agreement_id:int}"


@get("/funds/{fund_id:int}/agreement", include_in_schema=False, access=PUBLIC)
async def show_agreement(fund_id: RowId) -> Answer:
    """What was agreed, for everybody; drafts, whole names and the signed paper for the foundation's staff."""
    return await _agreement_page(fund_id, Form())


async def _agreement_page(fund_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    fund, found = await funds.fund(fund_id), await agreements.versions(fund_id)
    is_staff = agreements.takes_part(fund.foundation, actor)
    holds = agreements.in_force(found)
    draft = next((one for one in found if one.state == rules.DRAFTED), None) if is_staff else None
    return page(
        "web/fund_agreement.html",
        status=status,
        fund=fund,
        holds=holds,
        draft=draft,
        earlier=[one for one in found if one.state != rules.DRAFTED and one is not holds],
        flow=rules.AGREEMENTS,
        founders=rules.FOUNDERS,
        term_shown=papers.term_shown,
        fee_shown=papers.fee_shown,
        is_staff=is_staff,
        files=await files_of(Ref(rules.AGREEMENT, holds.id)) if holds and is_staff else [],
        may_draft=bool(actor and actor.may(states.RUN, fund.foundation)) and fund.state != states.CLOSED,
        may_sign=bool(draft and actor and actor.may(states.CHECK, fund.foundation)),
        is_own=bool(draft and actor and draft.drafted_by == actor.person_id),
        purposes=[one.title for one in await funds.purposes(fund_id)],
        today=clock.today(),
        form=form,
    )


@post("/funds/{fund_id:int}/agreement", include_in_schema=False, access=states.RUN, status_code=303)
async def draft_agreement(request: _Request, fund_id: RowId) -> Answer:
    """Write down what is to be agreed."""

    async def act(form: AgreementForm) -> Answer:
        await services.draft_agreement(fund_id, form.terms(), actor=current_actor())
        return see_other(f"/funds/{fund_id}/agreement")

    async def again(form: Form, status: int) -> Answer:
        return await _agreement_page(fund_id, form, status)

    return await submit(request, AgreementForm, act, again)


@post(
    f"{_ONE}/sign",
    include_in_schema=False,
    access=states.CHECK,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def sign_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """Another person confirms what both sides signed."""

    async def act(form: SigningForm) -> None:
        await services.sign_agreement(
            agreement_id, signed_on=form.signed_on, upload=form.file, actor=current_actor()
        )

    return await _submit(request, agreement_id, SigningForm, act)


@post(f"{_ONE}/drop", include_in_schema=False, access=states.RUN, status_code=303)
async def drop_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """The draft is not signed."""

    async def act(_: ButtonForm) -> None:
        await services.drop_agreement(agreement_id, actor=current_actor())

    return await _submit(request, agreement_id, ButtonForm, act)


@post(f"{_ONE}/paper", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def print_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """Ask for it as PDF, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await services.ask_for_agreement(agreement_id, actor=current_actor())}")

    return await _submit(request, agreement_id, ButtonForm, act)


async def _submit(request: _Request, agreement_id: int, shape: type[Any], verb: Any) -> Answer:
    async def act(form: Any) -> Answer:
        answer: Answer | None = await verb(form)
        return answer or see_other(f"/funds/{(await agreements.agreement(agreement_id)).fund_id}/agreement")

    async def again(form: Form, status: int) -> Answer:
        return await _agreement_page((await agreements.agreement(agreement_id)).fund_id, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [show_agreement, draft_agreement, sign_agreement, drop_agreement, print_agreement]
