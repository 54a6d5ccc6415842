"""The field's rules, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.organizations import queries as organizations
from core.organizations import services
from core.parameters import queries
from core.people import queries as people
from core.people.masks import mask_name
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.parameters import PathCode, RowId, Word
from web.rules.pages import rule
from web.visit import current_actor

_Value = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class RuleOut(msgspec.Struct):
    """A rule as it holds in a place today; numbers in the smallest part of the unit (fen)."""

    code: str
    title: str
    unit: str
    value: int
    default: int
    minimum: int
    maximum: int
    scope: str | None
    since: date | None


class DecisionOut(msgspec.Struct):
    """A decision; `value` null withdraws what was planned for that day. Names are masked."""

    scope: str
    value: int | None
    effective_on: date
    set_at: datetime
    set_by: str
    is_withdrawn: bool


class RuleWithHistory(msgspec.Struct):
    """A rule with its decisions, the latest day first."""

    rule: RuleOut
    history: list[DecisionOut]


class RuleIn(msgspec.Struct):
    """A new value and the civil day from which it holds."""

    value: _Value
    effective_on: date


class WithdrawIn(msgspec.Struct):
    """The day of what is planned."""

    effective_on: date


def _out(code: str, found: queries.InForce) -> RuleOut:
    known = queries.declaration(code)
    return RuleOut(
        code,
        known.title,
        known.unit,
        found.value,
        known.default,
        known.minimum,
        known.maximum,
        str(found.scope) if found.scope else None,
        found.since,
    )


@get("/rules/{kind:str}/{scope_id:int}", summary="规则", tags=["rules"], access=PUBLIC)
async def list_rules(kind: Word, scope_id: RowId) -> list[RuleOut]:
    """All rules of a place (`platform/1`, `region/3`, `organization/7`, `garden/2`) as they hold today."""
    path = [place.scope for place in await organizations.scope_path(Ref(kind, scope_id))]
    codes = [p.code for _, parameters in queries.by_plugin(kind) for p in parameters]
    found = await queries.in_force(codes, path, clock.today())
    return [_out(code, found[code]) for code in codes]


@get("/rules/{kind:str}/{scope_id:int}/{code:str}", summary="一条规则", tags=["rules"], access=PUBLIC)
async def get_rule(kind: Word, scope_id: RowId, code: PathCode) -> RuleWithHistory:
    """One rule with what was decided about it here and above."""
    return await _with_history(Ref(kind, scope_id), code)


async def _with_history(scope: Ref, code: str) -> RuleWithHistory:
    found = await rule(scope, code)
    names = await people.names([d.set_by for d in found.history if d.set_by is not None])
    history = [
        DecisionOut(
            str(d.scope),
            d.value,
            d.effective_on,
            d.set_at,
            mask_name(names[d.set_by]) if d.set_by in names else "",
            d.is_withdrawn,
        )
        for d in found.history
    ]
    return RuleWithHistory(_out(code, found.in_force), history)


@post(
    "/rules/{kind:str}/{scope_id:int}/{code:str}",
    summary="设定规则",
    tags=["rules"],
    access=SIGNED_IN,
    status_code=200,
)
async def set_rule(kind: Word, scope_id: RowId, code: PathCode, data: JSONBody[RuleIn]) -> RuleWithHistory:
    """Set a rule for a place from a day on; today at the earliest."""
    scope = Ref(kind, scope_id)
    await services.set_rule(code, scope, data.value, effective_on=data.effective_on, actor=current_actor())
    return await _with_history(scope, code)


@post(
    "/rules/{kind:str}/{scope_id:int}/{code:str}/withdraw",
    summary="撤回计划的规则",
    tags=["rules"],
    access=SIGNED_IN,
    status_code=200,
)
async def withdraw_rule(
    kind: Word, scope_id: RowId, code: PathCode, data: JSONBody[WithdrawIn]
) -> RuleWithHistory:
    """Take back what is planned for a day to come."""
    scope = Ref(kind, scope_id)
    await services.withdraw_rule(code, scope, effective_on=data.effective_on, actor=current_actor())
    return await _with_history(scope, code)


HANDLERS = [list_rules, get_rule, set_rule, withdraw_rule]
