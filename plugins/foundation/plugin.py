"""The foundation's manifest and hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from core.funds.rules.quarters import Quarter
from core.language import mark
from core.manifest import (
    AccountKind,
    AuditAction,
    DemoAccount,
    DemoStep,
    Difference,
    DossierPart,
    GiftRecords,
    GivingPlace,
    Manifest,
    NavigationItem,
    Parameter,
    PersonalData,
    ProjectPart,
    Publication,
    Reason,
    Role,
    ScheduledTask,
    Todo,
    Tour,
    Unit,
)
from core.people.rules import Actor
from core.plugins import hookimpl
from core.reference import Ref
from core.workflow import Workflow
from plugins.foundation import demo, rules, tasks
from plugins.foundation.demo import campaigns as campaign_demo
from plugins.foundation.demo import endings, papers, pools, shift, year
from plugins.foundation.demo import goods as goods_demo
from plugins.foundation.demo import pledges as pledge_demo
from plugins.foundation.postings import goods as goods_postings
from plugins.foundation.postings import pools as pool_postings
from plugins.foundation.postings import years as year_postings
from plugins.foundation.queries import agreements as agreement_queries
from plugins.foundation.queries import beside, campaigns, dossiers, hosts, privacy, records, taking
from plugins.foundation.queries import calendar as calendar_queries
from plugins.foundation.queries import disclosures as disclosure_queries
from plugins.foundation.queries import entries as entry_queries
from plugins.foundation.queries import goods as goods_queries
from plugins.foundation.queries import platforms as platform_queries
from plugins.foundation.queries import pledges as pledge_queries
from plugins.foundation.queries import pools as pool_queries
from plugins.foundation.queries import years as year_queries
from plugins.foundation.rules import agreements as agreement_rules
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import campaigns as campaign_rules
from plugins.foundation.rules import disclosures as disclosure_rules
from plugins.foundation.rules import goods as goods_rules
from plugins.foundation.rules import hosts as host_rules
from plugins.foundation.rules import hours as hour_rules
from plugins.foundation.rules import platforms as platform_rules
from plugins.foundation.rules import pledges as pledge_rules
from plugins.foundation.rules import pools as pool_rules
from plugins.foundation.rules import ratios
from plugins.foundation.rules import years as year_rules
from plugins.foundation.services import matching
from plugins.foundation.services.agreements import forget_giver
from plugins.foundation.services.pledges import forget_pledger, keep_pledges
from workers.task import Task

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

MANIFEST = Manifest(
    name="foundation",
    title=mark("社区基金会"),
    version="0.1.0",
    author="Yiji",
    description=mark("收了多少，用在哪里，按季度公开"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.foundation.piccolo_app"]


@hookimpl
def register_units() -> list[Unit]:
    return [goods_postings.UNIT]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [*goods_postings.KINDS, *pool_postings.KINDS, *year_postings.KINDS]


@hookimpl
def register_reasons() -> list[Reason]:
    return [*goods_postings.REASONS, *pool_postings.REASONS, *year_postings.REASONS]


@hookimpl
def register_workflows() -> list[Workflow]:
    return [
        year_rules.ENTRIES,
        year_rules.OPENINGS,
        campaign_rules.CAMPAIGNS,
        host_rules.HOSTS,
        pledge_rules.PLEDGES,
        agreement_rules.AGREEMENTS,
        goods_rules.FLOW,
        pool_rules.POOLS,
        pool_rules.MONEYS,
        platform_rules.LISTS,
    ]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code=rules.SECRETARY,
            title=mark("基金会秘书长"),
            scope_kind="organization",
            permissions=(calendar_rules.PUBLISH, campaign_rules.PLAN),
        ),
        Role(
            code=campaign_rules.REVIEWER,
            title=mark("募捐方案审核人"),
            scope_kind="organization",
            permissions=(campaign_rules.REVIEW,),
        ),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return [
        calendar_rules.PARAMETER,
        agreement_rules.PARAMETER,
        *campaign_rules.PARAMETERS,
        *disclosure_rules.PARAMETERS,
        *goods_rules.PARAMETERS,
        hour_rules.PARAMETER,
        year_rules.PARAMETER,
        *ratios.PARAMETERS,
    ]


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [
        AuditAction(code=code, title=title)
        for code, title in (
            ("foundation.published", mark("公开季度收支")),
            ("foundation.campaign_written", mark("写募捐方案")),
            ("foundation.campaign_fund_added", mark("为募捐活动增加微基金")),
            ("foundation.campaign_filed", mark("登记募捐备案编号")),
            ("foundation.campaign_told", mark("公开募捐进展")),
            ("foundation.campaign_invited", mark("登记定向募捐对象")),
            ("foundation.host_asked", mark("登记专属网址")),
            ("foundation.pledge_recorded", mark("登记认捐")),
            ("foundation.pledge_linked", mark("捐赠算入认捐")),
            ("foundation.agreement_drafted", mark("起草捐赠协议")),
            ("foundation.agreement_linked", mark("捐赠算入协议")),
            ("foundation.agreement_bound", mark("认捐并入协议")),
            ("foundation.goods_recorded", mark("登记收到的物资")),
            ("foundation.goods_moved", mark("登记物资的发放或核销")),
            ("foundation.goods_move_reversed", mark("冲正物资的发放或核销")),
            ("foundation.platform_list_sent", mark("上传平台捐赠清单")),
            ("foundation.pool_created", mark("建立配捐池")),
            ("foundation.pool_money_recorded", mark("登记配捐资金")),
            ("foundation.duty_recorded", mark("列入信息公开日历")),
            ("foundation.disclosed", mark("记下在哪里公开了")),
            ("foundation.entry_recorded", mark("登记基金会的其他收支")),
            ("foundation.opening_recorded", mark("登记年初数")),
            ("foundation.year_closed", mark("年度结账")),
        )
    ]


@hookimpl
def register_tasks() -> list[Task]:
    return tasks.TASKS


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [
        ScheduledTask(task="foundation.end_campaigns", every=timedelta(hours=1)),
        ScheduledTask(task="foundation.end_pools", every=timedelta(hours=1)),
    ]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [NavigationItem(title=mark("社区基金会"), path="/foundation", order=24)]


@hookimpl
def register_pages() -> "Sequence[ControllerRouterHandler]":
    from plugins.foundation import pages

    return pages.HANDLERS


@hookimpl
def register_api() -> "Sequence[ControllerRouterHandler]":
    from plugins.foundation import api

    return api.HANDLERS


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("成都的基金会和微基金"), order=40, build=demo.build_foundations),
        DemoStep(title=mark("一支微基金的用款"), order=41, build=demo.build_uses),
        DemoStep(title=mark("结束的基金和改变用途"), order=42, build=endings.build_endings),
        DemoStep(title=mark("基金会的年度收支"), order=43, build=year.build_years),
        DemoStep(title=mark("配捐池"), order=44, build=pools.build_pools),
        DemoStep(title=mark("募捐活动和专属网址"), order=45, build=campaign_demo.build_campaigns),
        DemoStep(title=mark("分期认捐"), order=46, build=pledge_demo.build_pledges),
        DemoStep(title=mark("捐赠协议，回执和平台清单"), order=47, build=papers.build_papers),
        DemoStep(title=mark("收到和发放的物资"), order=48, build=goods_demo.build_goods),
        DemoStep(title=mark("善款项目的志愿者班次"), order=63, build=shift.build_shift),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return [*demo.ACCOUNTS, *campaign_demo.ACCOUNTS, *pledge_demo.ACCOUNTS]


@hookimpl
def register_tours() -> list[Tour]:
    return [demo.TOUR]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    ids = [scope.id for scope in actor.scopes(calendar_rules.PUBLISH)]
    return [
        *await calendar_queries.todos(ids, clock.today()),
        *await disclosure_queries.todos(ids, clock.today()),
        *await campaigns.todos(actor),
        *await hosts.todos(actor),
        *await entry_queries.todos(actor),
        *await pool_queries.todos(actor),
        *await pledge_queries.todos(actor),
        *await agreement_queries.todos(actor),
        *await goods_queries.todos(actor),
        *await platform_queries.todos(actor),
    ]


@hookimpl
async def collect_giving_places(fund_id: int, host: str, person_id: int | None) -> list[GivingPlace]:
    return await taking.places(fund_id, host, person_id)


@hookimpl
async def fund_gifts_counted(gift_ids: list[int]) -> None:
    await matching.match_gifts(gift_ids)
    await keep_pledges(gift_ids)


@hookimpl
async def fund_gift_refunded(gift_id: int) -> None:
    await matching.follow_refund(gift_id)


@hookimpl
async def collect_fund_parts(fund_id: int) -> list[ProjectPart]:
    return [
        *await pool_queries.fund_part(fund_id),
        *await pledge_queries.fund_part(fund_id),
        *await beside.fund_part(fund_id),
    ]


@hookimpl
async def collect_gift_parts(gift_id: int) -> list[ProjectPart]:
    return [*await campaigns.gift_part(gift_id), *await pool_queries.gift_part(gift_id)]


@hookimpl
async def collect_publications(organization_id: int, year: int, quarter: int) -> list[Publication]:
    return await calendar_queries.publications(organization_id, Quarter(year, quarter), clock.today())


@hookimpl
async def collect_differences() -> list[Difference]:
    return [
        *await calendar_queries.differences(),
        *await year_queries.differences(),
        *await entry_queries.differences(),
        *await pool_queries.differences(),
        *await goods_queries.differences(),
    ]


@hookimpl
async def collect_dossier(subject_kind: str, subject_id: int) -> list[DossierPart]:
    return await dossiers.dossier(Ref(subject_kind, subject_id))


@hookimpl
async def collect_gift_records(gift_ids: list[int], is_own: bool) -> list[GiftRecords]:
    return await records.records(gift_ids, is_own)


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await privacy.personal_data(person_id)


@hookimpl
async def decide_file_access(actor: Actor, subject_kind: str, subject_id: int) -> bool | None:
    if subject_kind == agreement_rules.AGREEMENT:
        return await agreement_queries.may_see_paper(actor, subject_id)
    if subject_kind in (goods_rules.GOODS, goods_rules.MOVE):
        return await goods_queries.may_see_file(actor, subject_kind, subject_id)
    if subject_kind == pool_rules.MONEY:
        return await pool_queries.may_see_slip(actor, subject_id)
    if subject_kind == platform_rules.LIST:
        return await platform_queries.may_see_slip(actor, subject_id)
    return await entry_queries.may_see_file(actor, subject_kind, subject_id)


@hookimpl
async def person_deleted(person_id: int) -> None:
    await forget_pledger(person_id)
    await forget_giver(person_id)
