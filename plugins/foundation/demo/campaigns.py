"""Campaigns of the first foundation: each mode, and each state; an address of its own, jin.localhost."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_row, fetch_value
from core.demo import PASSWORD
from core.language import mark
from core.manifest import DemoAccount
from core.organizations.queries.payees import payee_of
from core.organizations.rules import STAFF
from core.organizations.rules.payees import BankAccount
from core.organizations.rules.records import CHARITY, FUNDRAISING, Finding
from core.organizations.services.payees import decide_payee, propose_payee
from core.organizations.services.records import record_finding
from core.people.rules import Actor
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from plugins.foundation import demo
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.campaigns import Plan
from plugins.foundation.services import campaigns, hosts

Report = Callable[[int, int], None]
HOST = "jin.localhost"
REVIEWER = DemoAccount(
    phone="13800003200", password=PASSWORD, name="钱样审", role=mark("募捐方案审核人：第二个人看方案")
)
WORKER = DemoAccount(
    phone="13800003201", password=PASSWORD, name="孔样区", role=mark("区域工作人员：核对证书和专属网址")
)
ACCOUNTS = (REVIEWER, WORKER)
# Title, mode, how far it goes.
_CAMPAIGNS = (
    ("秋凉送餐 (样例)", rules.OFFLINE, rules.REPORTED),
    ("夏日课堂 (样例)", rules.OFFLINE, rules.ENDED),
    ("理事认捐 (样例)", rules.DIRECTED, rules.RUNNING),
    ("邻里互助金 (样例)", rules.MUTUAL, rules.RUNNING),
    ("平台上的助学 (样例)", rules.LINK, rules.RUNNING),
    ("新年热汤 (样例)", rules.OWN_SITE, rules.REVIEWED),
    ("春天的绘本 (样例)", rules.OWN_SITE, rules.DRAFT),
    ("一元暖冬 (样例)", rules.OWN_SITE, rules.RUNNING),
)


async def build_campaigns(report: Report) -> None:
    """Step by step, each only if it has not been made."""
    place = await fetch_row("select id, region from organization where name = '锦样基金会'")
    assert place is not None, "it was built before"
    reviewer = await _holder(REVIEWER, rules.REVIEWER, Ref("organization", place["id"]), place["region"])
    worker = await _holder(WORKER, STAFF, Ref("region", place["region"]), place["region"])
    with demo.days_ago(60):
        await _certify(place["id"], worker)
    await _name_payee(place["id"], worker)
    fund_id = await fetch_value("select min(id) from fund where organization = $1", place["id"])
    for number, (title, mode, state) in enumerate(_CAMPAIGNS, 1):
        if not await fetch_value("select exists (select from foundation_campaign where title = $1)", title):
            await _build(place["id"], fund_id, _plan(title, mode), state, reviewer)
        report(number, len(_CAMPAIGNS))


async def _holder(account: DemoAccount, role: str, scope: Ref, region_id: int) -> Actor:
    if await fetch_value("select id from person where phone = $1", account.phone) is None:
        person_id = await register_person(account.name, phone=account.phone, password=account.password)
        await register_household(region_id, person_ids=[person_id])
        await grant_role(person_id, role, scope, actor_id=None)
    return await demo.actor_at(account)


async def _name_payee(foundation_id: int, worker: Actor) -> None:
    """Where donors transfer to: its head writes the account down, the city's staff has seen the paper."""
    if await payee_of(foundation_id) is None:
        account = BankAccount("样例银行成都分行", "锦样基金会", "6222000000000041")
        asked = await propose_payee(foundation_id, account, actor=await demo.actor_at(demo.HEAD))
        await decide_payee(asked, is_confirmed=True, reason="", organization_id=foundation_id, actor=worker)


async def _certify(foundation_id: int, worker: Actor) -> None:
    """A charity that raises money in public, with an address of its own. Again, it changes nothing."""
    since = clock.today() - timedelta(days=700)
    for kind, number in ((CHARITY, ""), (FUNDRAISING, "样募 001")):
        finding = Finding(
            kind=kind,
            value="granted",
            given_by="样例市民政局",
            valid_from=since,
            valid_until=since + timedelta(days=1500) if number else None,
            number=number,
            reason="样例：证书已核对",
        )
        await record_finding(foundation_id, finding, actor=worker)
    host_id = await hosts.ask_for_host(foundation_id, HOST, actor=await demo.actor_at(demo.HEAD))
    await hosts.confirm_host(host_id, actor=worker)


def _plan(title: str, mode: str) -> Plan:
    begins_on = clock.today() - timedelta(days=20)
    return Plan(
        mode=mode,
        title=title,
        aim="让样里社区的老人吃上热饭，让孩子放学有地方去 (样例)",
        area="样里社区",
        leader="邹样事",
        office="样例市样里路 1 号",
        contact="028-00000000 (样例)",
        ways="在线付款、银行转账、现金",
        account="锦样基金会，样里支行，0000 0000 (样例)",
        beneficiaries="样里社区七十岁以上的独居老人和小学生",
        use="助老餐的食材和餐盒，四点半课堂的绘本",
        cost="不超过募得款的百分之五",
        leftover="转入同一微基金的同一用途",
        begins_on=begins_on,
        ends_on=begins_on + timedelta(days=120),
        platform_url="https://gongyi.example.org/" if mode == rules.LINK else "",
        goal_fen=5000000,
    )


async def _build(foundation_id: int, fund_id: int, plan: Plan, state: str, reviewer: Actor) -> None:
    head = await demo.actor_at(demo.HEAD)
    steps = (rules.DRAFT, rules.REVIEWED, rules.RUNNING, rules.ENDED, rules.REPORTED)
    reached = steps.index(state)
    with demo.days_ago(30):
        campaign_id = await campaigns.write_plan(foundation_id, fund_id, plan, actor=head)
        if reached >= 1:
            await campaigns.review_plan(campaign_id, actor=reviewer)
        if reached >= 2 and plan.mode in rules.PUBLIC:
            await campaigns.record_filing(
                campaign_id, filing_no="样备 001", filed_on=clock.today(), actor=head
            )
        if reached >= 2:
            await campaigns.publish_campaign(campaign_id, actor=head)
    if plan.mode == rules.DIRECTED:
        donor = await demo.actor_at(demo.DONOR)
        await campaigns.invite(campaign_id, donor.person_id, "board", actor=head)
    with demo.days_ago(3):
        if reached >= 3:
            await campaigns.stop_campaign(campaign_id, actor=head)
        if reached >= 4:
            await campaigns.tell(
                campaign_id, "募得的钱都用在送餐上，每一笔都在微基金的页面 (样例)。", actor=head
            )
