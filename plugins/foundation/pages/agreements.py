"""Agreements with donors: for the foundation's people, and each one for its donor."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, get, post

from core import clock, money
from core.files.queries import files_of
from core.funds.queries.traces import HELD, LEFT, PAID, RETURNED, TracePart, trace_gifts
from core.funds.rules import states as fund_states
from core.language import mark, translate
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.reference import Ref
from plugins.foundation.errors.agreements import AgreementNotFound, RelatedBeneficiary
from plugins.foundation.forms.agreements import (
    AgreementForm,
    BindingForm,
    EndingForm,
    FulfilmentForm,
    SettlingForm,
    SigningForm,
)
from plugins.foundation.pages.pools import open_funds
from plugins.foundation.queries import agreements as queries
from plugins.foundation.queries import calendar
from plugins.foundation.queries import pledges as pledge_queries
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import agreements as rules
from plugins.foundation.rules.pledges import PLEDGES
from plugins.foundation.services import agreements as services
from plugins.foundation.services import bindings
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, FormRefused, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]
_ONE = "/agreements/{agreement_id:int}"
_LARGE_SHOWN = 10


@get("/{organization_id:int}/agreements", include_in_schema=False, access=SIGNED_IN)
async def show_agreements(organization_id: RowId, before: Before = None) -> Answer:
    """What is agreed with donors, and large gifts for which there is no agreement."""
    foundation, actor = await calendar.foundation(organization_id), current_actor()
    if not queries.is_staff(organization_id, actor):
        raise AgreementNotFound
    found = await queries.agreements(organization_id, before_id=before, limit=PAGE_SIZE + 1)
    scopes = await organizations.parameter_scopes(organization_id)
    from_fen = (await parameters.effective([rules.FROM_FEN], scopes, clock.today()))[rules.FROM_FEN]
    return page(
        "foundation/agreements.html",
        foundation=foundation,
        agreements=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        from_fen=from_fen,
        large=await queries.without_agreement(organization_id, from_fen, limit=_LARGE_SHOWN),
        flow=rules.AGREEMENTS,
        may_draft=actor.may(fund_states.RECORD, Ref("organization", organization_id)),
    )


@get("/{organization_id:int}/agreements/new", include_in_schema=False, access=fund_states.RECORD)
async def show_new_agreement(organization_id: RowId) -> Answer:
    """The form for what is agreed."""
    return await _new_page(organization_id, Form())


async def _new_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    foundation = await calendar.foundation(organization_id)
    current_actor().require(fund_states.RECORD, Ref("organization", organization_id))
    return page(
        "foundation/agreement_new.html",
        status=status,
        foundation=foundation,
        funds=[(one.id, one.name) for one in await open_funds(organization_id)],
        kinds=[(code, translate(title)) for code, title in rules.KINDS.items()],
        form=form,
    )


@post(
    "/{organization_id:int}/agreements", include_in_schema=False, access=fund_states.RECORD, status_code=303
)
async def draft_agreement(request: _Request, organization_id: RowId) -> Answer:
    """Write down what is agreed."""

    async def act(form: AgreementForm) -> Answer:
        draft = await form.draft()
        try:
            made = await services.draft_agreement(form.fund_id, draft, actor=current_actor())
        except RelatedBeneficiary as refused:
            raise FormRefused({"beneficiary": refused}) from None
        return see_other(f"/foundation/agreements/{made}")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(organization_id, form, status)

    return await submit(request, AgreementForm, act, again)


@get(_ONE, include_in_schema=False, access=SIGNED_IN)
async def show_agreement(agreement_id: RowId) -> Answer:
    """An agreement, its paper and what is to be done."""
    return await _agreement_page(agreement_id, Form())


async def _agreement_page(agreement_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    found = await queries.agreement_for(agreement_id, actor)
    gifts = await queries.gifts_of(agreement_id)
    may_record = actor.may(fund_states.RECORD, found.foundation)
    return page(
        "foundation/agreement.html",
        status=status,
        agreement=found,
        kinds=rules.KINDS,
        flow=rules.AGREEMENTS,
        pledge_flow=PLEDGES,
        files=await files_of(Ref(rules.AGREEMENT, agreement_id)),
        gifts=gifts,
        became=_became(await trace_gifts([gift.id for gift in gifts])),
        pledges=await pledge_queries.pledges_with(await queries.pledges_of(agreement_id)),
        free=await _free(found) if may_record and found.kind == rules.MONEY else [],
        is_staff=queries.is_staff(found.organization_id, actor),
        is_own=found.drafted_by == actor.person_id,
        may_sign=actor.may(fund_states.CHECK, found.foundation),
        may_record=may_record,
        may_open_gifts=may_record or found.donor_id == actor.person_id,
        may_run=actor.may(fund_states.RUN, found.foundation),
        today=clock.today(),
        form=form,
    )


def _became(parts: Sequence[TracePart]) -> dict[str, int]:
    """What became of the gifts that fulfil it: left, held, paid, returned -> fen."""
    sums = dict.fromkeys((LEFT, HELD, PAID, RETURNED), 0)
    for part in parts:
        sums[part.kind] += part.amount_fen
    return sums


async def _free(found: queries.AgreementView) -> list[tuple[int, str]]:
    """Pledges that could be what was agreed, to be chosen."""
    known = await pledge_queries.pledges_with(await queries.free_pledges(found))
    words = mark("认捐 %(n)s：%(sum)s 元，%(day)s")
    return [
        (one.id, translate(words, n=one.id, sum=money.format_yuan(one.total_fen), day=one.promised_on))
        for one in known
    ]


@post(
    f"{_ONE}/sign",
    include_in_schema=False,
    access=fund_states.CHECK,
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


@post(f"{_ONE}/fulfil", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def fulfil_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """A gift has come, or the goods."""

    async def act(form: FulfilmentForm) -> None:
        await services.fulfil_agreement(agreement_id, form.receipt_no, actor=current_actor())

    return await _submit(request, agreement_id, FulfilmentForm, act)


@post(f"{_ONE}/pledges", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def bind_pledge(request: _Request, agreement_id: RowId) -> Answer:
    """A pledge by instalments is what was agreed."""

    async def act(form: BindingForm) -> None:
        await bindings.bind_pledge(agreement_id, form.pledge_id, actor=current_actor())

    return await _submit(request, agreement_id, BindingForm, act)


@post(f"{_ONE}/settle", include_in_schema=False, access=fund_states.RUN, status_code=303)
async def settle_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """Not all came, and that is all right."""

    async def act(form: SettlingForm) -> None:
        await services.settle_agreement(agreement_id, reason=form.settled_reason, actor=current_actor())

    return await _submit(request, agreement_id, SettlingForm, act)


@post(f"{_ONE}/end", include_in_schema=False, access=fund_states.RUN, status_code=303)
async def end_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """It is not signed, or not fulfilled."""

    async def act(form: EndingForm) -> None:
        await services.end_agreement(agreement_id, reason=form.reason, actor=current_actor())

    return await _submit(request, agreement_id, EndingForm, act)


@post(f"{_ONE}/paper", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def print_agreement(request: _Request, agreement_id: RowId) -> Answer:
    """Ask for it as PDF, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await services.ask_for_agreement(agreement_id, actor=current_actor())}")

    return await _submit(request, agreement_id, ButtonForm, act)


async def _submit(request: _Request, agreement_id: int, shape: type[Any], verb: Any) -> Answer:
    async def act(form: Any) -> Answer:
        answer: Answer | None = await verb(form)
        return answer or see_other(f"/foundation/agreements/{agreement_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _agreement_page(agreement_id, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [
    show_agreements, show_new_agreement, draft_agreement, show_agreement, sign_agreement, fulfil_agreement,
    bind_pledge, settle_agreement, end_agreement, print_agreement,
]  # fmt: skip
