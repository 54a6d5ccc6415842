"""Restrictions of organizations, for programs."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.organizations import queries, rules
from core.organizations.queries import records, restrictions
from core.organizations.rules.restrictions import APPEAL_MOST
from core.organizations.services.restrictions import (
    appeal_restriction,
    decide_restriction,
    restrict_organization,
)
from core.people.rules import REPRESENT
from web.access import PUBLIC
from web.forms import clean
from web.parameters import RowId
from web.visit import VISIT, current_actor

_ALL = "/organizations/{organization_id:int}/restrictions"
_ONE = f"{_ALL}/{{restriction_id:int}}"
Reason = Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)]


class RestrictionOut(msgspec.Struct):
    """A restriction; `appeal` and `answer` only for those whom it concerns."""

    id: int
    grade: str
    state: str
    reason: str
    from_on: date
    until_on: date
    appeal: str
    answer: str


class RestrictionIn(msgspec.Struct):
    """How hard, why, until when."""

    grade: Literal["notice", "limited", "barred"]
    reason: Reason
    until_on: date


class AppealIn(msgspec.Struct):
    """Why it is wrong."""

    appeal: Annotated[str, msgspec.Meta(max_length=APPEAL_MOST)]


class DecisionIn(msgspec.Struct):
    """What becomes of it, and why."""

    outcome: Literal["upheld", "lifted"]
    answer: Reason


class Imposed(msgspec.Struct):
    """The restriction."""

    restriction_id: int


@get(_ALL, summary="组织限制", tags=["organizations"], access=PUBLIC)
async def list_restrictions(organization_id: RowId) -> list[RestrictionOut]:
    """Those in force; for who holds a role there and for the region's staff all of them."""
    actor = VISIT.get().actor
    file = await queries.visible_file(organization_id, actor)
    is_concerned = await records.is_concerned(file.id, actor)
    found = await (restrictions.restrictions if is_concerned else restrictions.in_force)(file.id)
    return [
        RestrictionOut(
            one.id, one.grade, one.state, one.reason, one.from_on, one.until_on,
            one.appeal if is_concerned else "", one.answer if is_concerned else "",
        )
        for one in found
    ]  # fmt: skip


@post(_ALL, summary="限制组织", tags=["organizations"], access=rules.REVIEW)
async def restrict(organization_id: RowId, data: JSONBody[RestrictionIn]) -> Imposed:
    """Restrict an organization of one's region from today on. Repeating it returns the same one."""
    return Imposed(
        await restrict_organization(
            organization_id,
            data.grade,
            reason=clean(data.reason),
            until_on=data.until_on,
            actor=current_actor(),
        )
    )


@post(f"{_ONE}/appeal", summary="申诉", tags=["organizations"], access=REPRESENT, status_code=204)
async def appeal(organization_id: RowId, restriction_id: RowId, data: JSONBody[AppealIn]) -> None:
    """The organization appeals, once."""
    text = clean(data.appeal)
    await appeal_restriction(restriction_id, text, organization_id=organization_id, actor=current_actor())


@post(f"{_ONE}/decision", summary="决定申诉", tags=["organizations"], access=rules.REVIEW, status_code=204)
async def decide(organization_id: RowId, restriction_id: RowId, data: JSONBody[DecisionIn]) -> None:
    """Uphold or lift it, as another person than who imposed it."""
    await decide_restriction(
        restriction_id,
        data.outcome,
        answer=clean(data.answer),
        organization_id=organization_id,
        actor=current_actor(),
    )


HANDLERS = [list_restrictions, restrict, appeal, decide]
