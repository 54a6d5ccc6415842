"""The rules of a place, one rule with its history, and the form that sets it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock, plugins
from core.language import mark
from core.manifest import Manifest, Parameter, ParameterScope
from core.organizations import queries as organizations
from core.organizations import services
from core.parameters import queries, rules
from core.parameters.errors import ParameterNotHere
from core.parameters.queries import Decision, InForce
from core.people import queries as people
from core.people.rules import SET_PARAMETERS
from core.reference import PLATFORM, Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, said, see_other, submit
from web.parameters import PathCode, RowId, Word
from web.templates import page
from web.visit import VISIT, current_actor

HISTORY_MOST, BELOW_MOST = 100, 200
_DAY = said(mark("日期写作 2026-11-22"))


class RuleForm(msgspec.Struct):
    """A new value, in yuan where the rule counts fen, and the day from which it holds."""

    value: str
    effective_on: Annotated[date, _DAY]


class WithdrawForm(msgspec.Struct):
    """The day for which something is planned."""

    effective_on: Annotated[date, _DAY]


@dataclass(frozen=True)
class Rule:
    """One parameter as it holds in a place today, and all that was decided about it there and above."""

    parameter: Parameter
    path: list[ParameterScope]
    in_force: InForce
    history: list[Decision]

    def planned(self) -> list[Decision]:
        """Decisions of this very place for days to come, which can still be withdrawn."""
        today, here = clock.today(), self.path[0].scope
        latest: dict[date, Decision] = {}
        for decision in self.history:  # the latest decision of a day comes first
            if decision.scope == here and decision.effective_on > today:
                latest.setdefault(decision.effective_on, decision)
        return [decision for decision in latest.values() if decision.value is not None]


async def rule(scope: Ref, code: str) -> Rule:
    """A parameter in a scope; raises UnknownParameter, ScopeNotFound, ParameterNotHere."""
    parameter = queries.declaration(code)
    path = await organizations.scope_path(scope)
    if scope.kind not in parameter.scopes:
        raise ParameterNotHere
    scopes = [place.scope for place in path]
    return Rule(
        parameter,
        path,
        (await queries.in_force([code], scopes, clock.today()))[code],
        await queries.history(code, scopes, limit=HISTORY_MOST),
    )


async def may_set(scope: Ref) -> bool:
    """May the visitor set rules here?"""
    actor = VISIT.get().actor
    return actor is not None and actor.may(SET_PARAMETERS, await organizations.in_charge(scope))


@get("/rules", include_in_schema=False, access=PUBLIC)
async def show_platform_rules() -> Answer:
    """What holds wherever nobody nearer has decided otherwise."""
    return await _rules_page(PLATFORM)


@get("/rules/{kind:str}/{scope_id:int}", include_in_schema=False, access=PUBLIC)
async def show_rules(kind: Word, scope_id: RowId) -> Answer:
    """All rules as they hold in a place today, by plugin."""
    return await _rules_page(Ref(kind, scope_id))


async def _rules_page(scope: Ref) -> Answer:
    path = await organizations.scope_path(scope)
    groups = queries.by_plugin(scope.kind)
    codes = [parameter.code for _, parameters in groups for parameter in parameters]
    return page(
        "web/rules.html",
        path=path,
        groups=[(_title(plugin), parameters) for plugin, parameters in groups],
        in_force=await queries.in_force(codes, [place.scope for place in path], clock.today()),
        below=await organizations.scopes_below(scope, limit=BELOW_MOST),
        may_set=await may_set(scope),
        shown=rules.shown,
    )


def _title(plugin: str) -> str:
    manifest: Manifest = plugins.installed()[plugin].MANIFEST
    return mark("通用") if plugin == "core" else manifest.title


@get("/rules/{kind:str}/{scope_id:int}/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_rule(kind: Word, scope_id: RowId, code: PathCode) -> Answer:
    """One rule: what holds, since when, who decided it, and what is planned."""
    return await _rule_page(Ref(kind, scope_id), code, Form())


async def _rule_page(scope: Ref, code: str, form: Form, status: int = 200) -> Answer:
    found = await rule(scope, code)
    return page(
        "web/rule.html",
        status=status,
        rule=found,
        titles={place.scope: place.title for place in found.path},
        names=await people.names([d.set_by for d in found.history if d.set_by is not None]),
        may_set=await may_set(scope),
        today=clock.today(),
        shown=rules.shown,
        is_money=found.parameter.unit == rules.FEN,
        form=form,
    )


@post(
    "/rules/{kind:str}/{scope_id:int}/{code:str}",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def decide(request: Request[Any, Any, Any], kind: Word, scope_id: RowId, code: PathCode) -> Answer:
    """Set a rule for this place from a day on."""
    scope = Ref(kind, scope_id)

    async def act(form: RuleForm) -> Answer:
        value = rules.typed(queries.declaration(code), form.value)
        await services.set_rule(code, scope, value, effective_on=form.effective_on, actor=current_actor())
        return see_other(f"/rules/{kind}/{scope_id}/{code}")

    async def again(form: Form, status: int) -> Answer:
        return await _rule_page(scope, code, form, status)

    return await submit(request, RuleForm, act, again)


@post(
    "/rules/{kind:str}/{scope_id:int}/{code:str}/withdraw",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def withdraw(request: Request[Any, Any, Any], kind: Word, scope_id: RowId, code: PathCode) -> Answer:
    """Take back what is planned for a day to come."""
    scope = Ref(kind, scope_id)

    async def act(form: WithdrawForm) -> Answer:
        await services.withdraw_rule(code, scope, effective_on=form.effective_on, actor=current_actor())
        return see_other(f"/rules/{kind}/{scope_id}/{code}")

    async def again(form: Form, status: int) -> Answer:
        # Its day is that of the plan, not one that was typed into the other form.
        return await _rule_page(scope, code, Form(reasons={"": "".join(form.reasons.values())}), status)

    return await submit(request, WithdrawForm, act, again)


HANDLERS = [show_platform_rules, show_rules, show_rule, decide, withdraw]
