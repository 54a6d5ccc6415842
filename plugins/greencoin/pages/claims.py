"""Claiming points, and looking whether it is true."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core import clock
from core.files import queries as files
from core.language import explain
from core.people.rules import Actor
from core.privacy.services import note_seen
from plugins.greencoin import rules
from plugins.greencoin.errors import ClaimNotFound
from plugins.greencoin.forms import ClaimForm, ReasonForm
from plugins.greencoin.pages.schemes import own_scheme
from plugins.greencoin.queries import claims, schemes
from plugins.greencoin.queries.claims import ClaimView
from plugins.greencoin.rules import show_points
from plugins.greencoin.rules.claims import CATEGORIES, CLAIMS, SEEN, VOLUNTEER
from plugins.greencoin.services import awards
from plugins.greencoin.services import claims as services
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor


@get("/{scheme_id:int}/claim", include_in_schema=False, access=SIGNED_IN)
async def choose_rule(scheme_id: RowId) -> Answer:
    """What can be claimed here."""
    scheme = await schemes.scheme(scheme_id)
    own = await own_scheme()
    found = await schemes.rules_on(scheme_id, clock.today())
    return page(
        "greencoin/choose.html",
        scheme=scheme,
        is_own=own is not None and own.id == scheme_id,
        rules=[rule for rule in found if rule.category != VOLUNTEER],
        by_themselves=[rule for rule in found if rule.category == VOLUNTEER],
        categories=CATEGORIES,
        show_points=show_points,
    )


@get("/rules/{rule_id:int}/claim", include_in_schema=False, access=SIGNED_IN)
async def show_claim_form(rule_id: RowId) -> Answer:
    """The form of a claim by one rule."""
    return await _form_page(rule_id, Form())


async def _form_page(rule_id: int, form: Form, status: int = 200) -> Answer:
    rule = await schemes.rule(rule_id)
    scheme = await schemes.scheme(rule.scheme_id)
    return page(
        "greencoin/claim_form.html",
        status=status,
        scheme=scheme,
        rule=rule,
        terms=await schemes.terms(scheme),
        today=clock.today(),
        show_points=show_points,
        form=form,
    )


@post("/rules/{rule_id:int}/claim", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def submit_claim(request: Request[Any, Any, Any], rule_id: RowId) -> Answer:
    """Claim points for the visitor's household."""

    async def act(form: ClaimForm) -> Answer:
        claim_id = await services.submit_claim(
            rule_id,
            quantity=form.quantity,
            happened_on=form.happened_on,
            words=form.words,
            photo=form.photo,
            actor=current_actor(),
        )
        return see_other(f"/greencoin/claims/{claim_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _form_page(rule_id, form, status)

    return await submit(request, ClaimForm, act, again)


@get("/claims/{claim_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_claim(claim_id: RowId) -> Answer:
    """One claim, with what may be done about it by whoever looks."""
    return await _claim_page(claim_id, Form())


async def visible_claim(claim_id: int, actor: Actor) -> ClaimView:
    """The claim for its household, managers and reviewers; raises ClaimNotFound."""
    claim = await claims.claim(claim_id)
    is_staff = actor.may(rules.MANAGE, claim.owner) or actor.may(rules.REVIEW, claim.owner)
    if claim.household_id != actor.household_id and not is_staff:
        raise ClaimNotFound
    return claim


async def _claim_page(claim_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    claim = await visible_claim(claim_id, actor)
    photos = await files.files_of(claim.ref)
    manages, is_own = actor.may(rules.MANAGE, claim.owner), claim.household_id == actor.household_id
    if manages and not is_own:
        await note_seen([claim.person_id], SEEN, viewer=actor)
    why_not = {
        transition.code: CLAIMS.why_not(transition.code, claim, clock.now())
        for transition in CLAIMS.transitions
    }
    return page(
        "greencoin/claim.html",
        status=status,
        claim=claim,
        scheme=await schemes.scheme(claim.scheme_id),
        photos=photos,
        same=await files.same_content(photos[0].id) if manages and photos else [],
        flow=CLAIMS,
        is_own=is_own,
        manages=manages and not is_own,
        can={code: reason is None for code, reason in why_not.items()},
        why_not={code: explain(reason) if reason else "" for code, reason in why_not.items()},
        category=CATEGORIES[claim.category],
        by_minutes=claim.category == VOLUNTEER,
        show_points=show_points,
        form=form,
    )


@post("/claims/{claim_id:int}/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def withdraw(request: Request[Any, Any, Any], claim_id: RowId) -> Answer:
    """Take an own claim back."""
    return await _press(request, claim_id, services.withdraw_claim)


@post("/claims/{claim_id:int}/verify", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def verify(request: Request[Any, Any, Any], claim_id: RowId) -> Answer:
    """It happened as it was claimed."""
    return await _press(request, claim_id, services.verify_claim)


@post("/claims/{claim_id:int}/credit", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def credit_again(request: Request[Any, Any, Any], claim_id: RowId) -> Answer:
    """Try again what the ledger has refused."""
    return await _press(request, claim_id, awards.credit_again)


async def _press(
    request: Request[Any, Any, Any], claim_id: int, verb: Callable[..., Awaitable[None]]
) -> Answer:
    async def act(_: ButtonForm) -> Answer:
        await verb(claim_id, actor=current_actor())
        return see_other(f"/greencoin/claims/{claim_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _claim_page(claim_id, form, status)

    return await submit(request, ButtonForm, act, again)


@post("/claims/{claim_id:int}/reject", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def reject(request: Request[Any, Any, Any], claim_id: RowId) -> Answer:
    """It is not so, with a reason."""
    return await _decide(request, claim_id, services.reject_claim)


@post("/claims/{claim_id:int}/reverse", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def reverse(request: Request[Any, Any, Any], claim_id: RowId) -> Answer:
    """Take a wrong award back, with a reason."""
    return await _decide(request, claim_id, awards.reverse_award)


async def _decide(
    request: Request[Any, Any, Any], claim_id: int, verb: Callable[..., Awaitable[None]]
) -> Answer:
    async def act(form: ReasonForm) -> Answer:
        await verb(claim_id, reason=form.reason, actor=current_actor())
        return see_other(f"/greencoin/claims/{claim_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _claim_page(claim_id, form, status)

    return await submit(request, ReasonForm, act, again)


HANDLERS = [
    choose_rule,
    show_claim_form,
    submit_claim,
    show_claim,
    withdraw,
    verify,
    credit_again,
    reject,
    reverse,
]
