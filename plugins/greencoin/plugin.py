"""The manifest of 绿币 and its hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from core.language import mark
from core.manifest import (
    AccountKind,
    AuditAction,
    Conflict,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    PersonalData,
    Reason,
    Role,
    ScheduledTask,
    Searchable,
    Todo,
    Tour,
    Unit,
)
from core.people.rules import Actor
from core.plugins import hookimpl
from core.workflow import Workflow
from plugins.greencoin import demo, rules, tasks
from plugins.greencoin.queries import claims, personal, points, schemes, todos
from plugins.greencoin.rules.claims import CLAIMS
from plugins.greencoin.rules.shop import REDEMPTIONS
from plugins.greencoin.services import awards, reviews
from plugins.greencoin.services.claims import forget_words
from workers.task import Task

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

MANIFEST = Manifest(
    name="greencoin",
    title=mark("绿币"),
    version="0.1.0",
    author="Yiji",
    description=mark("做好事得绿币，到村里的小店换东西"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.greencoin.piccolo_app"]


@hookimpl
def register_units() -> list[Unit]:
    return [
        Unit(code=rules.POINTS_FAMILY, title=mark("绿币"), digits=2, is_family=True),
        Unit(code=rules.GOODS_FAMILY, title=mark("件"), digits=0, is_family=True),
    ]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [
        AccountKind(code=rules.ISSUED, title=mark("发出的绿币"), floor=None),
        AccountKind(code=rules.POINTS, title=mark("存折上的绿币"), tracks_lots=True),
        AccountKind(code=rules.HELD, title=mark("兑换中的绿币"), tracks_lots=True),
        AccountKind(code=rules.DEBT, title=mark("待抵扣的绿币"), floor=None),
        AccountKind(code=rules.REDEEMED, title=mark("换掉的绿币")),
        AccountKind(code=rules.LAPSED, title=mark("过期的绿币")),
        AccountKind(code=rules.SUPPLY, title=mark("进货来源"), floor=None),
        AccountKind(code=rules.STOCK, title=mark("货架上的商品")),
        AccountKind(code=rules.SET_ASIDE, title=mark("预留的商品")),
        AccountKind(code=rules.GIVEN, title=mark("换走的商品")),
    ]


@hookimpl
def register_reasons() -> list[Reason]:
    return [
        Reason(code=rules.AWARD, title=mark("奖励"), evidence=rules.APPROVED),
        Reason(code=rules.SERVICE, title=mark("志愿服务"), evidence=rules.SERVED),
        Reason(code=rules.CORRECTION, title=mark("更正")),
        Reason(code=rules.LAPSE, title=mark("过期")),
        Reason(code=rules.SETTLE, title=mark("抵扣")),
        Reason(code=rules.RESERVE, title=mark("兑换预留")),
        Reason(code=rules.RELEASE, title=mark("预留退回")),
        Reason(code=rules.REDEEM, title=mark("兑换领取")),
        Reason(code=rules.STOCKED, title=mark("进货")),
        Reason(code=rules.COUNTED, title=mark("盘点更正")),
    ]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code=rules.MANAGER,
            title=mark("积分管理员"),
            scope_kind="organization",
            permissions=(rules.MANAGE,),
        ),
        Role(
            code=rules.REVIEWER,
            title=mark("积分评议员"),
            scope_kind="organization",
            permissions=(rules.REVIEW,),
        ),
        Role(
            code=rules.SHOPKEEPER,
            title=mark("绿币小店店员"),
            scope_kind="organization",
            permissions=(rules.KEEP_SHOP,),
        ),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return list(rules.PARAMETERS)


@hookimpl
def register_workflows() -> list[Workflow]:
    return [CLAIMS, REDEMPTIONS]


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [AuditAction(code=code, title=title) for code, title in _ACTIONS.items()]


_ACTIONS = {
    "greencoin.opened": mark("开办绿币"),
    "greencoin.rule_made": mark("定下一条规则"),
    "greencoin.rule_ended": mark("停用一条规则"),
    "greencoin.board_choice": mark("选择是否上红榜"),
    "greencoin.claimed": mark("申报绿币"),
    "greencoin.list_publicised": mark("公示名单"),
    "greencoin.warned": mark("提醒绿币快过期"),
    "greencoin.item_set": mark("商品上架"),
    "greencoin.item_off": mark("商品下架"),
    "greencoin.stock_changed": mark("库存变动"),
    "greencoin.reserved": mark("兑换预留"),
}


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("绿币"), path="/greencoin", order=12),
        NavigationItem(title=mark("我的绿币"), path="/greencoin/mine", order=22, signed_in=True),
        NavigationItem(title=mark("绿币办理"), path="/greencoin/desk", order=51, permission=rules.MANAGE),
        NavigationItem(
            title=mark("绿币小店"), path="/greencoin/counter", order=52, permission=rules.KEEP_SHOP
        ),
    ]


@hookimpl
def register_pages() -> "Sequence[ControllerRouterHandler]":
    from plugins.greencoin import pages

    return pages.HANDLERS


@hookimpl
def register_api() -> "Sequence[ControllerRouterHandler]":
    from plugins.greencoin import api

    return api.HANDLERS


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.credit_list, tasks.lapse_points, tasks.warn_of_ending, tasks.expire_redemption]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [ScheduledTask(task=tasks.lapse_points.name, every=timedelta(hours=6))]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [DemoStep(title=mark("旌德县绿样村绿币"), order=20, build=demo.build_village)]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return list(demo.ACCOUNTS)


@hookimpl
def register_tours() -> list[Tour]:
    return [demo.TOUR]


@hookimpl
def register_searchables() -> list[Searchable]:
    return [Searchable(kind=rules.SCHEME, title=mark("绿币"), order=12, things=schemes.things)]


@hookimpl
async def collect_differences() -> list[Difference]:
    return await points.differences()


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    return await todos.todos(actor)


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await personal.personal_data(person_id)


@hookimpl
async def collect_conflicts(subject_kind: str, subject_id: int, person_ids: list[int]) -> list[Conflict]:
    return await claims.conflicts(subject_id, person_ids) if subject_kind == claims.REVIEW else []


@hookimpl
async def decide_file_access(actor: Actor, subject_kind: str, subject_id: int) -> bool | None:
    return await claims.may_see_photo(actor, subject_id) if subject_kind == CLAIMS.code else None


@hookimpl
async def check_person_deletion(person_id: int) -> None:
    await personal.check_nothing_under_way(person_id)


@hookimpl
async def person_deleted(person_id: int) -> None:
    await forget_words(person_id)


@hookimpl
async def approval_decided(subject_kind: str, subject_id: int, outcome: str) -> None:
    if subject_kind == claims.REVIEW:
        await reviews.settle_review(subject_id, outcome)


@hookimpl
async def service_confirmed(person_id: int, minutes: int, evidence_id: int) -> None:
    await awards.award_service(person_id, minutes, evidence_id)


@hookimpl
async def service_revoked(service_id: int) -> None:
    await awards.take_service_back(service_id)
