"""Restrictions of an organization: imposed by the staff, appealed against, decided by another one."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.language import translate
from core.organizations import queries, rules
from core.organizations.errors.records import RestrictionNotFound
from core.organizations.queries import records, restrictions
from core.organizations.rules.restrictions import APPEALED, GRADES, IN_FORCE, RESTRICTIONS
from core.organizations.services.restrictions import (
    appeal_restriction,
    decide_restriction,
    restrict_organization,
)
from core.people.rules import REPRESENT
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.organizations.forms import AppealForm, DecisionForm, RestrictionForm
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor

_ALL = "/organizations/{organization_id:int}/restrictions"
_ONE = f"{_ALL}/{{restriction_id:int}}"


@get(_ALL, include_in_schema=False, access=PUBLIC)
async def show_restrictions(organization_id: RowId) -> Answer:
    """Those in force for everybody; all of them, and a form for the staff, for those whom it concerns."""
    return await _list_page(organization_id, Form())


async def _list_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    file = await queries.visible_file(organization_id, actor)
    is_concerned = await records.is_concerned(file.id, actor)
    return page(
        "web/organization_restrictions.html",
        status=status,
        file=file,
        found=await (restrictions.restrictions if is_concerned else restrictions.in_force)(file.id),
        today=clock.today(),
        grades=GRADES,
        grade_choices=[(code, translate(title)) for code, title in GRADES.items()],
        flow=RESTRICTIONS,
        is_concerned=is_concerned,
        may_impose=actor is not None and await queries.may_review(actor, file.region_id),
        form=form,
    )


@get(_ONE, include_in_schema=False, access=SIGNED_IN)
async def show_restriction(organization_id: RowId, restriction_id: RowId) -> Answer:
    """One of them with what was said, for those whom it concerns, and what they may do about it."""
    return await _one_page(organization_id, restriction_id, Form())


async def _one_page(organization_id: int, restriction_id: int, form: Form, status: int = 200) -> Answer:
    actor, today = current_actor(), clock.today()
    file = await queries.visible_file(organization_id, actor)
    if not await records.is_concerned(file.id, actor):
        raise RestrictionNotFound
    one = await restrictions.restriction(restriction_id, organization_id=file.id)
    is_representative = actor.may(REPRESENT, Ref(queries.OWNER, file.id))
    is_second = one.imposed_by != actor.person_id and await queries.may_review(actor, file.region_id)
    return page(
        "web/organization_restriction.html",
        status=status,
        file=file,
        one=one,
        today=today,
        grades=GRADES,
        flow=RESTRICTIONS,
        may_appeal=is_representative and one.state == IN_FORCE and one.holds_on(today),
        may_decide=is_second and one.holds_on(today),
        outcomes=(["upheld"] if one.state == APPEALED else []) + ["lifted"],
        form=form,
    )


@post(_ALL, include_in_schema=False, access=rules.REVIEW, status_code=303)
async def restrict(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Impose one."""

    async def act(form: RestrictionForm) -> Answer:
        await restrict_organization(
            organization_id, form.grade, reason=form.reason, until_on=form.until_on, actor=current_actor()
        )
        return see_other(f"/organizations/{organization_id}/restrictions")

    async def again(form: Form, status: int) -> Answer:
        return await _list_page(organization_id, form, status)

    return await submit(request, RestrictionForm, act, again)


@post(f"{_ONE}/appeal", include_in_schema=False, access=REPRESENT, status_code=303)
async def appeal(request: Request[Any, Any, Any], organization_id: RowId, restriction_id: RowId) -> Answer:
    """The organization appeals."""

    async def act(form: AppealForm) -> Answer:
        await appeal_restriction(
            restriction_id, form.appeal, organization_id=organization_id, actor=current_actor()
        )
        return see_other(f"/organizations/{organization_id}/restrictions/{restriction_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _one_page(organization_id, restriction_id, form, status)

    return await submit(request, AppealForm, act, again)


@post(f"{_ONE}/decision", include_in_schema=False, access=rules.REVIEW, status_code=303)
async def decide(request: Request[Any, Any, Any], organization_id: RowId, restriction_id: RowId) -> Answer:
    """Uphold or lift it."""

    async def act(form: DecisionForm) -> Answer:
        await decide_restriction(
            restriction_id,
            form.outcome,
            answer=form.answer,
            organization_id=organization_id,
            actor=current_actor(),
        )
        return see_other(f"/organizations/{organization_id}/restrictions/{restriction_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _one_page(organization_id, restriction_id, form, status)

    return await submit(request, DecisionForm, act, again)


HANDLERS = [show_restrictions, show_restriction, restrict, appeal, decide]
