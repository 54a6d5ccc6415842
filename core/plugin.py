"""Core, declared like anybody: its units, account kinds, roles and tables."""

from datetime import timedelta

from core import clock, demo
from core.actions import ACTIONS
from core.answers import services as answers
from core.approvals import queries as approvals
from core.approvals.rules import APPROVALS
from core.approvals.services import CLOSE_LATE
from core.audit import queries as audit
from core.audit.rules import READ_AUDIT
from core.audit.services import SEAL
from core.demo import volunteers as demo_volunteers
from core.dossiers import parts as dossiers
from core.funds import postings as fund_postings
from core.funds import rules as funds
from core.funds.queries import funds as fund_queries
from core.funds.queries import requests as fund_requests
from core.funds.queries.gifts import may_see_gift
from core.funds.rules import changes as fund_changes
from core.funds.rules import leaving
from core.funds.rules import states as fund_states
from core.funds.services import settle_leftover, settle_vote
from core.households import queries as households
from core.households.rules import PARAMETERS as HOUSEHOLD_PARAMETERS
from core.households.rules import REQUESTS
from core.jobs import services as jobs
from core.jobs.rules import OPERATE
from core.language import mark
from core.ledger import queries as ledger
from core.manifest import (
    AccountKind,
    AuditAction,
    Conflict,
    DemoAccount,
    DemoStep,
    Difference,
    DossierPart,
    Manifest,
    NavigationItem,
    Parameter,
    ProjectPart,
    Reason,
    Role,
    ScheduledTask,
    Searchable,
    Todo,
    Tour,
    Unit,
)
from core.notifications import mail
from core.notifications.services import DELETE_OLD
from core.notifications.services.approvals import tell_maker, tell_voters
from core.notifications.services.digests import DIGESTS
from core.notifications.services.funds import (
    tell_donor_of_refund,
    tell_donors_of_change,
    tell_of_request,
)
from core.notifications.services.organizations import tell_registrant
from core.notifications.services.volunteers import tell_revoked, tell_star
from core.organizations import queries as organizations
from core.organizations import rules as registrations
from core.payments import postings, rules
from core.payments import queries as payments
from core.payments.providers import PaymentProvider
from core.payments.services import SWEEP as SWEEP_PAYMENTS
from core.people import queries
from core.people import rules as people
from core.people import services as people_services
from core.people.rules import Actor
from core.plugins import hookimpl
from core.projects import queries as projects
from core.projects.rules import PROJECT, PROJECTS, TELL
from core.reference import PLATFORM, Ref
from core.registration import rules as registration
from core.registration.services import SWEEP as SWEEP_CODES
from core.volunteers import postings as minutes_served
from core.volunteers.queries import opportunities, records
from core.volunteers.rules import flows, terms
from core.volunteers.services.sign_ups import REMIND
from core.workflow import Workflow

MANIFEST = Manifest(
    name="core",
    title="益集",
    version="0.1.0",
    author="Yiji",
    description="组织，居民，账本，缴费与通知",
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["core.piccolo_app"]


@hookimpl
def register_units() -> list[Unit]:
    return [Unit(code="CNY", title=mark("元"), digits=2), minutes_served.UNIT]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [
        AccountKind(code="core.public", title=mark("公共账户")),
        *postings.KINDS,
        AccountKind(code=fund_postings.MONEY, title=mark("基金"), tracks_lots=True),
        AccountKind(code=fund_postings.HELD, title=mark("基金专款"), tracks_lots=True),
        AccountKind(code=fund_postings.PASSING, title=mark("基金之间转款")),
        AccountKind(code=fund_postings.DONORS, title=mark("捐赠来源"), floor=None),
        AccountKind(code=fund_postings.RECIPIENTS, title=mark("基金付给"), floor=None),
        *minutes_served.KINDS,
    ]


@hookimpl
def register_reasons() -> list[Reason]:
    return [
        *postings.REASONS,
        Reason(code=fund_postings.GIVEN, title=mark("捐赠")),
        Reason(code=fund_postings.SET_ASIDE, title=mark("留存专款"), evidence=fund_postings.VOTED),
        Reason(code=fund_postings.RELEASED, title=mark("专款退回基金")),
        Reason(code=fund_postings.PAID, title=mark("基金付款"), evidence=fund_postings.CHECKED),
        Reason(code=fund_postings.RETURNED, title=mark("退还捐赠")),
        Reason(code=fund_postings.LEFT_OVER, title=mark("基金余款转出"), evidence=fund_postings.VOTED),
        Reason(code=fund_postings.REBOUND, title=mark("改变用途"), evidence=fund_postings.ASKED),
        Reason(code=fund_postings.TAKEN_OVER, title=mark("转入基金")),
        *minutes_served.REASONS,
    ]


@hookimpl
def register_payment_providers() -> list[PaymentProvider]:
    from core.payments.stripe_checkout import StripeCheckout  # 30 MB, and only once somebody pays

    return [StripeCheckout()]


@hookimpl
def register_roles() -> list[Role]:
    return [
        rules.TREASURER,
        Role(code="core.operator", title=mark("运行维护"), scope_kind=PLATFORM.kind, permissions=(OPERATE,)),
        Role(code="core.auditor", title=mark("审计"), scope_kind=PLATFORM.kind, permissions=(READ_AUDIT,)),
        Role(
            code=people.ADMINISTRATOR,
            title=mark("平台管理员"),
            scope_kind=PLATFORM.kind,
            permissions=(people.GRANT, people.SET_PARAMETERS),
        ),
        Role(
            code=people.MANAGER,
            title=mark("组织负责人"),
            scope_kind="organization",
            permissions=(
                people.GRANT,
                people.SET_PARAMETERS,
                people.REPRESENT,
                TELL,
                rules.CONNECT,
                flows.LEAD,
                fund_states.RUN,
                fund_states.ASK,
            ),
        ),
        Role(
            code=people.WORKER,
            title=mark("社区工作人员"),
            scope_kind="region",
            permissions=(people.SERVE,),
        ),
        Role(
            code=registrations.STAFF,
            title=mark("地区工作人员"),
            scope_kind="region",
            permissions=(registrations.REVIEW,),
        ),
        Role(
            code=flows.LEADER,
            title=mark("志愿服务负责人"),
            scope_kind="organization",
            permissions=(flows.LEAD,),
        ),
        *_FUND_ROLES,
    ]


_FUND_ROLES = (
    Role(
        code="core.fund_treasurer",
        title=mark("基金出纳"),
        scope_kind="organization",
        permissions=(fund_states.RECORD,),
        needs_approval=True,
    ),
    Role(
        code="core.fund_payer",
        title=mark("基金复核付款人"),
        scope_kind="organization",
        permissions=(fund_states.CONFIRM,),
        needs_approval=True,
    ),
    Role(
        code="core.fund_checker",
        title=mark("基金合规审核人"),
        scope_kind="organization",
        permissions=(fund_states.CHECK,),
        needs_approval=True,
    ),
    Role(
        code=fund_states.COMMITTEE,
        title=mark("基金管委会成员"),
        scope_kind=funds.FUND,
        permissions=(fund_states.VOTE,),
    ),
)


@hookimpl
def register_parameters() -> list[Parameter]:
    return [
        *people.PARAMETERS, *registration.PARAMETERS, *HOUSEHOLD_PARAMETERS, *funds.PARAMETERS,
        *fund_changes.PARAMETERS, *terms.TERMS, *terms.STAR_PARAMETERS,
    ]  # fmt: skip


@hookimpl
def register_workflows() -> list[Workflow]:
    return [
        rules.ORDERS, rules.ATTEMPTS, APPROVALS, PROJECTS, registrations.ORGANIZATIONS, fund_states.FUNDS,
        fund_states.GIFTS, fund_states.REQUESTS, leaving.REFUNDS, leaving.LEFTOVERS, fund_changes.CHANGES,
        *flows.WORKFLOWS, REQUESTS,
    ]  # fmt: skip


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    actions = ACTIONS | rules.ACTIONS | flows.ACTIONS
    return [AuditAction(code=code, title=title) for code, title in actions.items()]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("基金"), path="/funds", order=25),
        NavigationItem(title=mark("志愿服务"), path="/volunteers", order=30),
        NavigationItem(title=mark("我的服务"), path="/volunteers/mine", order=32, signed_in=True),
        NavigationItem(title=mark("志愿队"), path="/volunteers/lead", order=34, permission=flows.LEAD),
        NavigationItem(title=mark("待办"), path="/todo", order=40, signed_in=True),
        NavigationItem(title=mark("柜台收费"), path="/counter", order=50, permission=rules.CONFIRM),
        NavigationItem(title=mark("居民服务"), path="/residents", order=52, permission=people.SERVE),
        NavigationItem(title=mark("收款账户"), path="/merchants", order=66, permission=rules.CONNECT),
        NavigationItem(title=mark("待我审批"), path="/approvals", order=55, permission=people.GRANT),
        NavigationItem(title=mark("公共账户"), path="/accounts", order=60),
        NavigationItem(title=mark("项目"), path="/projects", order=30),
        NavigationItem(title=mark("组织"), path="/organizations", order=62),
        NavigationItem(title=mark("规则"), path="/rules", order=65),
        NavigationItem(title=mark("通知"), path="/inbox", order=70, signed_in=True),
        NavigationItem(title=mark("我的"), path="/me", order=80, signed_in=True),
        NavigationItem(title=mark("后台任务"), path="/operations/jobs", order=90, permission=OPERATE),
        NavigationItem(title=mark("事件投递"), path="/operations/deliveries", order=91, permission=OPERATE),
        NavigationItem(title=mark("审计"), path="/audit", order=92, permission=READ_AUDIT),
    ]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [
        ScheduledTask(task=jobs.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=people_services.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=SWEEP_CODES, every=timedelta(hours=1)),
        ScheduledTask(task=answers.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=SEAL, every=timedelta(minutes=10)),
        ScheduledTask(task=CLOSE_LATE, every=timedelta(minutes=5)),
        ScheduledTask(task=SWEEP_PAYMENTS, every=timedelta(minutes=1)),
        ScheduledTask(task=DIGESTS, every=timedelta(minutes=5)),
        ScheduledTask(task=REMIND, every=timedelta(hours=1)),
        ScheduledTask(task=DELETE_OLD, every=timedelta(hours=6)),
    ]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("地区与居民"), order=0, build=demo.build_places_and_people),
        DemoStep(title=mark("志愿服务"), order=60, build=demo_volunteers.build_volunteers),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return [*demo.ACCOUNTS, *demo_volunteers.ACCOUNTS]


@hookimpl
def register_tours() -> list[Tour]:
    return [demo_volunteers.TOUR]


@hookimpl
def register_searchables() -> list[Searchable]:
    return [
        Searchable(kind=funds.FUND, title=mark("基金"), order=30, things=fund_queries.things),
        Searchable(
            kind=opportunities.KIND, title=mark("志愿服务岗位"), order=30, things=opportunities.things
        ),
        Searchable(kind=PROJECT, title=mark("项目"), order=40, things=projects.things),
        Searchable(kind=organizations.OWNER, title=mark("组织"), order=50, things=organizations.things),
    ]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    now = clock.now()
    return [
        *await approvals.todos(actor.person_id, now),
        *await payments.todos(actor, now),
        *await organizations.todos(actor),
        *await fund_requests.todos(actor),
        *await records.todos(actor, now),
        *await households.todos(actor),
    ]


@hookimpl
async def collect_dossier(subject_kind: str, subject_id: int) -> list[DossierPart]:
    return await dossiers.of_core(Ref(subject_kind, subject_id))


@hookimpl
async def collect_project_parts(project_id: int) -> list[ProjectPart]:
    return [*await fund_requests.project_part(project_id), *await opportunities.project_parts(project_id)]


@hookimpl
async def decide_file_access(actor: Actor, subject_kind: str, subject_id: int) -> bool | None:
    if subject_kind == funds.REQUEST:
        return await fund_requests.may_see_files(actor, subject_id)
    return await may_see_gift(subject_id, actor) if subject_kind == funds.GIFT else None


@hookimpl
async def collect_differences() -> list[Difference]:
    return [
        *await ledger.differences(),
        *await fund_queries.differences(),
        *await records.differences(),
        *await audit.seal_differences(),
    ]


@hookimpl
async def decide_mail_delivery(address: str, subject: str, text: str, html: str, key: str) -> bool | None:
    return await mail.send_mail(address, subject=subject, text=text, html=html, key=key)


@hookimpl
async def collect_conflicts(
    subject_kind: str, subject_id: int, maker_id: int, person_ids: list[int]
) -> list[Conflict]:
    found = await queries.conflicts(subject_kind, subject_id, maker_id, person_ids)
    if subject_kind == funds.REQUEST:
        found += await fund_queries.conflicts(subject_id, person_ids)
    return found


@hookimpl
async def approval_opened(approval_id: int) -> None:
    await tell_voters(approval_id)


@hookimpl
async def approval_decided(approval_id: int, subject_kind: str, subject_id: int, outcome: str) -> None:
    if subject_kind == people.PROPOSAL:
        await people_services.settle_proposal(subject_id, outcome)
    if subject_kind == funds.REQUEST:
        await settle_vote(subject_id, outcome)
    if subject_kind == leaving.LEFTOVER:
        await settle_leftover(subject_id, outcome)
    await tell_maker(approval_id, outcome)


@hookimpl
async def organization_reviewed(organization_id: int, outcome: str) -> None:
    await tell_registrant(organization_id, outcome)


@hookimpl
async def fund_request_moved(request_id: int, state: str) -> None:
    await tell_of_request(request_id, state)


@hookimpl
async def fund_change_moved(change_id: int, state: str) -> None:
    await tell_donors_of_change(change_id, state)


@hookimpl
async def fund_gift_refunded(gift_id: int) -> None:
    await tell_donor_of_refund(gift_id)


@hookimpl
async def service_confirmed(person_id: int, minutes: int) -> None:
    await tell_star(person_id, minutes)


@hookimpl
async def service_revoked(service_id: int) -> None:
    await tell_revoked(service_id)
