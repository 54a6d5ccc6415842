"""What a village's rules say, and said; its manager writes them."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.errors import YijiError
from plugins.greencoin import rules
from plugins.greencoin.errors import RuleNotFound, SchemeNotFound
from plugins.greencoin.forms import RuleForm
from plugins.greencoin.pages.schemes import may
from plugins.greencoin.queries import schemes
from plugins.greencoin.queries.schemes import RuleView, SchemeView
from plugins.greencoin.rules import show_points
from plugins.greencoin.rules.claims import CATEGORIES
from plugins.greencoin.services import schemes as services
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor


@get("/{scheme_id:int}/rules", include_in_schema=False, access=PUBLIC)
async def show_rules(scheme_id: RowId) -> Answer:
    """All versions of all rules; a manager finds a form below."""
    return await _rules_page(scheme_id, Form())


async def _rules_page(scheme_id: int, form: Form, status: int = 200) -> Answer:
    scheme = await schemes.scheme(scheme_id)
    return page(
        "greencoin/rules.html",
        status=status,
        scheme=scheme,
        versions=await schemes.rule_versions(scheme_id),
        categories=CATEGORIES,
        manages=may(rules.MANAGE, scheme),
        today=clock.today(),
        show_points=show_points,
        form=form,
    )


@post("/{scheme_id:int}/rules", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def add_rule(request: Request[Any, Any, Any], scheme_id: RowId) -> Answer:
    """Write a new rule."""
    await _managed(await schemes.scheme(scheme_id), SchemeNotFound)

    async def act(form: RuleForm) -> Answer:
        await services.add_rule(scheme_id, form.text(), actor=current_actor())
        return see_other(f"/greencoin/{scheme_id}/rules")

    async def again(form: Form, status: int) -> Answer:
        return await _rules_page(scheme_id, form, status)

    return await submit(request, RuleForm, act, again)


async def _managed(scheme: SchemeView, refusal: type[YijiError]) -> None:
    if not may(rules.MANAGE, scheme):
        raise refusal


@get("/rules/{rule_id:int}", include_in_schema=False, access=rules.MANAGE)
async def show_rule(rule_id: RowId) -> Answer:
    """One rule, to be changed or ended by its manager."""
    rule = await schemes.rule(rule_id)
    return await _rule_page(rule, Form({"needs_photo": "on"} if rule.needs_photo else {}))


async def _rule_page(rule: RuleView, form: Form, status: int = 200) -> Answer:
    scheme = await schemes.scheme(rule.scheme_id)
    await _managed(scheme, RuleNotFound)
    return page(
        "greencoin/rule.html",
        status=status,
        scheme=scheme,
        rule=rule,
        categories=CATEGORIES,
        today=clock.today(),
        show_points=show_points,
        form=form,
    )


@post("/rules/{rule_id:int}", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def change_rule(request: Request[Any, Any, Any], rule_id: RowId) -> Answer:
    """Let other words hold from a day on."""
    rule = await schemes.rule(rule_id)
    await _managed(await schemes.scheme(rule.scheme_id), RuleNotFound)

    async def act(form: RuleForm) -> Answer:
        await services.change_rule(rule_id, form.text(), actor=current_actor())
        return see_other(f"/greencoin/{rule.scheme_id}/rules")

    async def again(form: Form, status: int) -> Answer:
        return await _rule_page(await schemes.rule(rule_id), form, status)

    return await submit(request, RuleForm, act, again)


@post("/rules/{rule_id:int}/end", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def end_rule(request: Request[Any, Any, Any], rule_id: RowId) -> Answer:
    """Let a rule hold for the last time today."""
    rule = await schemes.rule(rule_id)
    await _managed(await schemes.scheme(rule.scheme_id), RuleNotFound)

    async def act(_: ButtonForm) -> Answer:
        await services.end_rule(rule_id, actor=current_actor())
        return see_other(f"/greencoin/{rule.scheme_id}/rules")

    async def again(form: Form, status: int) -> Answer:
        return await _rule_page(await schemes.rule(rule_id), form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [show_rules, add_rule, show_rule, change_rule, end_rule]
