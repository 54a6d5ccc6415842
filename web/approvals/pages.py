"""What waits for one's vote, and one approval with everything that is known of it."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery

from core import clock
from core.approvals import queries, rules, services
from core.language import mark
from core.people import queries as people
from web.access import SIGNED_IN
from web.approvals.words import titles
from web.forms import Answer, ButtonForm, Form, said, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor

_PAGE = 20
Show = FromQuery[Literal["waiting", "all"]]
Reason = Annotated[str, said(mark("理由最多 500 个字"), max_length=rules.REASON_MOST)]
Choice = Annotated[str, said(mark("请选一项"), pattern=f"^({'|'.join(rules.CHOICES)})$")]


class VoteForm(msgspec.Struct):
    """A vote; only an approval needs no reason."""

    choice: Choice
    reason: Reason = ""


class RecusalForm(msgspec.Struct):
    """Why one should take no part."""

    interest: Reason


async def approvals_to_show(show: Show, before: int | None, limit: int) -> list[rules.Approval]:
    """What waits for the visitor, or all that the visitor takes part in; newest first."""
    person_id = current_actor().person_id
    if show == "waiting":
        return await queries.waiting_for(person_id, now=clock.now(), before_id=before, limit=limit)
    return await queries.approvals_of(person_id, before_id=before, limit=limit)


@get("/approvals", include_in_schema=False, access=SIGNED_IN)
async def show_approvals(show: Show = "waiting", before: Before = None) -> Answer:
    """A page of them."""
    found = await approvals_to_show(show, before, _PAGE + 1)
    shown = found[:_PAGE]
    return page(
        "web/approvals.html",
        approvals=shown,
        titles=await titles(shown),
        show=show,
        older_than=shown[-1].id if len(found) > _PAGE else None,
        workflow=rules.APPROVALS,
    )


@get("/approvals/{approval_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_approval(approval_id: RowId) -> Answer:
    """One approval, for its maker and its voters."""
    return await _approval_page(approval_id, Form())


async def _approval_page(approval_id: int, form: Form, status: int = 200) -> Answer:
    person_id = current_actor().person_id
    approval, ballot = await queries.approval_of(approval_id, person_id)
    tally = ballot.tally()
    return page(
        "web/approval.html",
        status=status,
        approval=approval,
        ballot=ballot,
        tally=tally,
        title=(await titles([approval]))[approval.id],
        names=await people.names([approval.maker_id, *ballot.voters]),
        me=person_id,
        is_under_way=rules.is_under_way(approval, clock.now()),
        is_decidable=rules.is_decidable(approval.rule, tally),
        workflow=rules.APPROVALS,
        form=form,
    )


@post("/approvals/{approval_id:int}/vote", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def vote(request: Request[Any, Any, Any], approval_id: RowId) -> Answer:
    """Vote, with a reason."""

    async def act(form: VoteForm) -> Answer:
        await services.cast_vote(
            approval_id, choice=form.choice, reason=form.reason, person_id=current_actor().person_id
        )
        return see_other(f"/approvals/{approval_id}")

    return await _submit(request, approval_id, VoteForm, act)


@post("/approvals/{approval_id:int}/take-back", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_back(request: Request[Any, Any, Any], approval_id: RowId) -> Answer:
    """Take one's vote back, to give another."""

    async def act(_: ButtonForm) -> Answer:
        await services.take_vote_back(approval_id, person_id=current_actor().person_id)
        return see_other(f"/approvals/{approval_id}")

    return await _submit(request, approval_id, ButtonForm, act)


@post("/approvals/{approval_id:int}/recuse", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def recuse(request: Request[Any, Any, Any], approval_id: RowId) -> Answer:
    """Take no part, for good."""

    async def act(form: RecusalForm) -> Answer:
        await services.recuse(approval_id, reason=form.interest, person_id=current_actor().person_id)
        return see_other(f"/approvals/{approval_id}")

    return await _submit(request, approval_id, RecusalForm, act)


@post("/approvals/{approval_id:int}/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def withdraw(request: Request[Any, Any, Any], approval_id: RowId) -> Answer:
    """The maker takes it back."""

    async def act(_: ButtonForm) -> Answer:
        await services.withdraw_approval(approval_id, person_id=current_actor().person_id)
        return see_other(f"/approvals/{approval_id}")

    return await _submit(request, approval_id, ButtonForm, act)


async def _submit(request: Request[Any, Any, Any], approval_id: int, shape: type[Any], act: Any) -> Answer:
    async def again(form: Form, status: int) -> Answer:
        return await _approval_page(approval_id, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [show_approvals, show_approval, vote, take_back, recuse, withdraw]
