"""Core, declared like anybody: its units, account kinds, roles and tables."""

from datetime import timedelta

from core import clock, demo
from core.actions import ACTIONS
from core.answers import services as answers
from core.approvals import queries as approvals
from core.approvals.rules import APPROVALS
from core.approvals.services import CLOSE_LATE
from core.audit import queries as audit
from core.audit.services import SEAL
from core.demo import bank as demo_bank
from core.demo import families as demo_families
from core.demo import organizations as demo_organizations
from core.demo import stars as demo_stars
from core.demo import volunteers as demo_volunteers
from core.dossiers import parts as dossiers
from core.dossiers.rules import PARAMETERS as DOSSIER_PARAMETERS
from core.funds import postings as fund_postings
from core.funds import rules as funds
from core.funds.queries import fiscal
from core.funds.queries import funds as fund_queries
from core.funds.queries import receipts as gift_receipts
from core.funds.queries import requests as fund_requests
from core.funds.queries.agreements import may_see_files as may_see_agreement
from core.funds.queries.gifts import may_see_gift
from core.funds.rules import agreements, leaving
from core.funds.rules import changes as fund_changes
from core.funds.rules import states as fund_states
from core.funds.services.flows import FOLD_FLOWS
from core.funds.services.giving import CAUSE as GIFTS
from core.funds.services.giving import LAPSE as LAPSE_GIFTS
from core.households import queries as households
from core.households.rules import PARAMETERS as HOUSEHOLD_PARAMETERS
from core.households.rules import REQUESTS
from core.jobs import services as jobs
from core.language import mark
from core.ledger import queries as ledger
from core.listeners import (
    approval_decided as approval_decided,
)
from core.listeners import (
    approval_opened as approval_opened,
)
from core.listeners import (
    check_person_deletion as check_person_deletion,
)
from core.listeners import (
    dispute_moved as dispute_moved,
)
from core.listeners import (
    fund_change_moved as fund_change_moved,
)
from core.listeners import (
    fund_gift_refunded as fund_gift_refunded,
)
from core.listeners import (
    fund_gifts_counted as fund_gifts_counted,
)
from core.listeners import (
    fund_request_moved as fund_request_moved,
)
from core.listeners import (
    money_returned as money_returned,
)
from core.listeners import (
    organization_restriction_moved as organization_restriction_moved,
)
from core.listeners import (
    organization_reviewed as organization_reviewed,
)
from core.listeners import (
    person_deleted as person_deleted,
)
from core.listeners import (
    service_confirmed as service_confirmed,
)
from core.listeners import (
    service_revoked as service_revoked,
)
from core.manifest import (
    AccountKind,
    AuditAction,
    Conflict,
    DemoAccount,
    DemoStep,
    Difference,
    DossierPart,
    GiftRecords,
    Manifest,
    NavigationItem,
    OrderCause,
    Parameter,
    PersonalData,
    ProjectPart,
    Reason,
    Role,
    ScheduledTask,
    Searchable,
    Todo,
    Tour,
    Unit,
)
from core.navigation import NAVIGATION
from core.notifications import mail
from core.notifications.services import DELETE_OLD
from core.notifications.services.digests import DIGESTS
from core.organizations import queries as organizations
from core.organizations.queries.records import may_see_papers
from core.organizations.queries.waiting import todos as organization_todos
from core.organizations.rules.flows import WORKFLOWS as ORGANIZATION_WORKFLOWS
from core.organizations.rules.records import RECORD
from core.payments import postings, rules
from core.payments import queries as payments
from core.payments import services as paying
from core.payments.providers import PaymentProvider
from core.people import queries
from core.people import rules as people
from core.people import services as people_services
from core.people.rules import Actor
from core.plugins import hookimpl
from core.privacy import parts as personal_data
from core.privacy import services as privacy
from core.privacy.rules import DELETIONS
from core.privacy.rules import PARAMETERS as PRIVACY_PARAMETERS
from core.projects import queries as projects
from core.projects.rules import PROJECT, PROJECTS
from core.reference import Ref
from core.registration import rules as registration
from core.registration.services import SWEEP as SWEEP_CODES
from core.roles import ROLES
from core.volunteers import postings as minutes_served
from core.volunteers.queries import opportunities, records
from core.volunteers.queries import todos as volunteer_todos
from core.volunteers.rules import figures, flows, stars
from core.volunteers.services.attendance import FORGET
from core.volunteers.services.sign_ups import REMIND
from core.volunteers.services.star_reviews import REVIEW
from core.volunteers.services.stars import AWARD
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
    foreign = Unit(code=postings.FOREIGN, title=mark("外币"), digits=2, is_family=True)
    return [Unit(code="CNY", title=mark("元"), digits=2), foreign, minutes_served.UNIT]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    public = AccountKind(code="core.public", title=mark("公共账户"))
    return [public, *postings.KINDS, *fund_postings.KINDS, *minutes_served.KINDS]


@hookimpl
def register_reasons() -> list[Reason]:
    return [*postings.REASONS, *fund_postings.REASONS, *minutes_served.REASONS]


@hookimpl
def register_payment_providers() -> list[PaymentProvider]:
    from core.payments.stripe_checkout import StripeCheckout  # 30 MB, and only once somebody pays
    from core.payments.wechatpay import WeChatPayments

    return [StripeCheckout(), WeChatPayments()]


@hookimpl
def register_roles() -> list[Role]:
    return list(ROLES)


@hookimpl
def register_parameters() -> list[Parameter]:
    return [
        *people.PARAMETERS, *registration.PARAMETERS, *HOUSEHOLD_PARAMETERS, *PRIVACY_PARAMETERS,
        *DOSSIER_PARAMETERS,
        *funds.PARAMETERS, *agreements.PARAMETERS, *fund_changes.PARAMETERS, *figures.TERMS,
        *figures.STAR_PARAMETERS, *stars.PARAMETERS, *rules.PARAMETERS, *rules.TRANSFER_PARAMETERS,
    ]  # fmt: skip


@hookimpl
def register_workflows() -> list[Workflow]:
    return [
        rules.ORDERS, rules.ATTEMPTS, rules.REFUNDS, rules.DISPUTES, rules.LINES, rules.TAKINGS,
        rules.MERCHANT_CHANGES, APPROVALS, PROJECTS,
        *ORGANIZATION_WORKFLOWS, fund_states.FUNDS, fund_states.GIFTS, fund_states.REQUESTS, leaving.REFUNDS,
        leaving.PAYBACKS, leaving.LEFTOVERS, agreements.AGREEMENTS, fund_changes.CHANGES, *flows.WORKFLOWS,
        stars.STARS, REQUESTS, DELETIONS,
    ]  # fmt: skip


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    actions = ACTIONS | rules.ACTIONS | flows.ACTIONS | stars.ACTIONS
    return [AuditAction(code=code, title=title) for code, title in actions.items()]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return list(NAVIGATION)


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [
        ScheduledTask(task=jobs.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=people_services.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=privacy.SWEEP, every=timedelta(hours=6)),
        ScheduledTask(task=privacy.END, every=timedelta(hours=1)),
        ScheduledTask(task=SWEEP_CODES, every=timedelta(hours=1)),
        ScheduledTask(task=answers.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=SEAL, every=timedelta(minutes=10)),
        ScheduledTask(task=CLOSE_LATE, every=timedelta(minutes=5)),
        ScheduledTask(task=paying.SWEEP, every=timedelta(minutes=1)),
        ScheduledTask(task=LAPSE_GIFTS, every=timedelta(minutes=5)),
        ScheduledTask(task=paying.RECONCILE_ALL, every=timedelta(hours=24)),
        ScheduledTask(task=FOLD_FLOWS, every=timedelta(minutes=1)),
        ScheduledTask(task=DIGESTS, every=timedelta(minutes=5)),
        ScheduledTask(task=REMIND, every=timedelta(hours=1)),
        ScheduledTask(task=FORGET, every=timedelta(hours=6)),
        ScheduledTask(task=AWARD, every=timedelta(hours=1)),
        ScheduledTask(task=REVIEW, every=timedelta(hours=1)),
        ScheduledTask(task=DELETE_OLD, every=timedelta(hours=6)),
    ]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("地区与居民"), order=0, build=demo.build_places_and_people),
        DemoStep(title=mark("收款银行账户"), order=4, build=demo_bank.build_bank_account),
        DemoStep(title=mark("家庭和孩子"), order=5, build=demo_families.build_families),
        DemoStep(title=mark("志愿服务"), order=60, build=demo_volunteers.build_volunteers),
        DemoStep(title=mark("志愿者星级"), order=61, build=demo_stars.build_stars),
        DemoStep(title=mark("组织名录"), order=62, build=demo_organizations.build_organizations),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return [
        *demo.ACCOUNTS, *demo_bank.ACCOUNTS, *demo_families.ACCOUNTS, *demo_volunteers.ACCOUNTS,
        *demo_stars.ACCOUNTS, *demo_organizations.ACCOUNTS,
    ]  # fmt: skip


@hookimpl
def register_tours() -> list[Tour]:
    return [demo_volunteers.TOUR, demo_stars.TOUR, demo_families.TOUR]


@hookimpl
def register_order_causes() -> list[OrderCause]:
    return [GIFTS]


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
        *await organization_todos(actor),
        *await fund_requests.todos(actor),
        *await fiscal.todos(actor),
        *await volunteer_todos.todos(actor, now),
        *await households.todos(actor),
    ]


@hookimpl
async def collect_dossier(subject_kind: str, subject_id: int) -> list[DossierPart]:
    return await dossiers.of_core(Ref(subject_kind, subject_id))


@hookimpl
async def collect_gift_records(gift_ids: list[int], is_own: bool) -> list[GiftRecords]:
    return await dossiers.of_gifts(gift_ids, is_own)


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await personal_data.of_core(person_id)


@hookimpl
async def collect_project_parts(project_id: int) -> list[ProjectPart]:
    return [*await fund_requests.project_part(project_id), *await opportunities.project_parts(project_id)]


@hookimpl
async def decide_file_access(actor: Actor, subject_kind: str, subject_id: int) -> bool | None:
    if subject_kind == funds.REQUEST:
        return await fund_requests.may_see_files(actor, subject_id)
    if subject_kind == agreements.AGREEMENT:
        return await may_see_agreement(subject_id, actor)
    if subject_kind == rules.TAKINGS.code:
        return await payments.may_see_evidence(subject_id, actor)
    if subject_kind == RECORD:
        return await may_see_papers(subject_id, actor)
    return await may_see_gift(subject_id, actor) if subject_kind == funds.GIFT else None


@hookimpl
async def collect_differences() -> list[Difference]:
    return [
        *await ledger.differences(),
        *await fund_queries.differences(),
        *await gift_receipts.differences(),
        *await records.differences(),
        *await audit.seal_differences(),
    ]


@hookimpl
async def decide_mail_delivery(address: str, subject: str, text: str, html: str, key: str) -> bool | None:
    return await mail.send_mail(address, subject=subject, text=text, html=html, key=key)


@hookimpl
async def decide_identity_verification(witness_id: int | None) -> bool | None:
    return None if witness_id is None else True  # a worker has seen the card


@hookimpl
async def collect_conflicts(
    subject_kind: str, subject_id: int, maker_id: int, person_ids: list[int]
) -> list[Conflict]:
    found = await queries.conflicts(subject_kind, subject_id, maker_id, person_ids)
    if subject_kind == funds.REQUEST:
        found += await fund_queries.conflicts(subject_id, person_ids)
    return found + await payments.conflicts(subject_kind, subject_id, person_ids)
