"""成都's part of the demo world: 15 foundations with 487 micro-funds, as the source articles count them.

Names, sums and days are invented (样例); gifts and uses are built through the same services as real life.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.demo import PASSWORD, actor_of
from core.files.rules import Upload
from core.funds import rules as fund_rules
from core.funds import services as funds
from core.funds.queries import requests
from core.funds.queries.funds import purposes
from core.funds.rules import ANONYMOUS, BANK, CASH, NAME, NICKNAME, Ask, GiftDraft, Line
from core.funds.rules.agreements import COMMUNITY, Terms
from core.funds.rules.quarters import quarter_of
from core.language import mark
from core.manifest import DemoAccount, Tour, TourStep
from core.organizations.services import register_organization
from core.people import queries as people
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from core.regions.services import add_region
from plugins.foundation import rules
from plugins.foundation.services.calendar import publish_quarter
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]
FOUNDATIONS, FUNDS = 15, 487
_SIGNS = "锦蓉青武金成温新双郫龙天高东彭"
_PLACES = "柳荷槐竹桂梅兰松枫杏桃李榆桐莲菊枣樟柏藤芦茶橙麦稻禾苗溪泉石桥亭"
_FIRST, _COMMUNITY = "锦样基金会", "样里社区居民委员会"
CHILDREN, ELDERS = "四点半课堂", "助老餐"


def _account(number: int, name: str, role: str) -> DemoAccount:
    return DemoAccount(phone=f"138000030{number:02}", password=PASSWORD, name=name, role=role)


TREASURER = _account(1, "何样账", mark("基金出纳：登记捐赠，退款对账，付款制单"))
PAYER = _account(2, "吕样核", mark("基金复核付款人：确认大额捐赠、退款和付款"))
CHECKER = _account(3, "严样规", mark("基金合规审核人"))
MEMBERS = (
    _account(4, "曹样言", mark("基金管委会成员")),
    _account(5, "华样议", mark("基金管委会成员")),
    _account(6, "魏样避", mark("基金管委会成员，也在社区任职，所以要回避")),
)
ASKER = _account(7, "姜样里", mark("社区负责人：申请用款，交凭证"))
DONOR = _account(8, "谢样心", mark("捐赠人：看自己的钱去了哪里"))
HEAD = _account(9, "邹样事", mark("基金会负责人兼秘书长：设立基金，公开季度收支"))
ACCOUNTS = (TREASURER, PAYER, CHECKER, *MEMBERS, ASKER, DONOR, HEAD)

TOUR = Tour(
    code="foundation",
    title=mark("一笔捐款的去向"),
    intro=mark("居民捐给微基金，社区申请，管委会表决，两个人付款，捐赠人看到每一分钱"),
    order=40,
    steps=(
        TourStep(text=mark("看一支微基金：钱从哪里来，到哪里去"), path="/funds/1"),
        TourStep(
            text=mark("换成出纳：登记一笔捐赠，把查询码交给捐赠人"),
            path="/funds/1/gifts/new",
            phone=TREASURER.phone,
        ),
        TourStep(text=mark("换成社区负责人：申请用款"), path="/funds/1/ask", phone=ASKER.phone),
        TourStep(
            text=mark("换成管委会成员：表决；有关系的成员已经自动回避"),
            path="/approvals",
            phone=MEMBERS[0].phone,
        ),
        TourStep(text=mark("换成合规审核人：逐项核对，留存专款"), path="/funds/desk", phone=CHECKER.phone),
        TourStep(text=mark("换成出纳制单，再换成复核人付款"), path="/funds/desk", phone=PAYER.phone),
        TourStep(text=mark("换成社区负责人：交凭证，逾期的是红色"), path="/funds/desk", phone=ASKER.phone),
        TourStep(text=mark("换成捐赠人：自己的每一分钱去了哪里"), path="/gifts/mine", phone=DONOR.phone),
        TourStep(
            text=mark("换成出纳：在线收的捐赠，退一部分，捐赠人那里马上看得到"),
            path="/counter/online?show=all",
            phone=TREASURER.phone,
        ),
        TourStep(
            text=mark("还是出纳：争议、到账，和支付机构的清单对账"),
            path="/counter/settlements",
            phone=TREASURER.phone,
        ),
        TourStep(text=mark("再是捐赠人：要改变用途，先问自己"), path="/todo", phone=DONOR.phone),
        TourStep(
            text=mark("看配捐池：谁出资，怎么配，还剩多少，哪笔捐赠加了多少"), path="/foundation/pools/1"
        ),
        TourStep(text=mark("看一支结束的基金：余款由管委会表决，转到了哪里"), path="/funds/2"),
    ),
)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What is done inside happened then."""
    with clock.frozen(clock.now() - timedelta(days=days)):
        yield


async def build_foundations(report: Report) -> None:
    """The foundations with their funds, a gift to each, and the people of the first one."""
    with days_ago(400):
        province = await add_region("四川省", level="province", parent_id=None, code="510000")
        city = await add_region("成都市", level="city", parent_id=province, code="510100")
        await _build_people(city)
    for number in range(FOUNDATIONS):
        name = _FIRST if number == 0 else f"{_SIGNS[number]}样基金会"
        if await fetch_value("select id from organization where name = $1", name) is None:
            await _build_foundation(name, city)
        await _import(name, number)
        report(number + 1, FOUNDATIONS)


async def _build_foundation(name: str, region_id: int) -> int:
    with days_ago(400):
        return await register_organization(name, kind="foundation", region_id=region_id)


async def _build_people(city: int) -> None:
    foundation, community = await _id_of(_FIRST), await _id_of(_COMMUNITY)
    if foundation is None:
        foundation = await _build_foundation(_FIRST, city)
    if community is None:
        place = await add_region("样里社区", level="community", parent_id=city)
        community = await register_organization(_COMMUNITY, kind="committee", region_id=place)
    at, asker = Ref("organization", foundation), Ref("organization", community)
    held = {
        TREASURER: [("core.fund_treasurer", at), ("core.treasurer", at)],
        PAYER: [("core.fund_payer", at), ("core.treasurer", at)],
        CHECKER: [("core.fund_checker", at)],
        MEMBERS[2]: [("core.treasurer", asker)],
        ASKER: [("core.manager", asker)],
        HEAD: [("core.manager", at), (rules.SECRETARY, at)],
    }
    for account in ACCOUNTS:
        if await fetch_value("select id from person where phone = $1", account.phone) is None:
            person_id = await register_person(account.name, phone=account.phone, password=account.password)
            await register_household(city, person_ids=[person_id])
            for role, scope in held.get(account, []):
                await grant_role(person_id, role, scope, actor_id=None)


async def _id_of(name: str) -> int | None:
    found: int | None = await fetch_value("select id from organization where name = $1", name)
    return found


async def actor_at(account: DemoAccount) -> Actor:
    """Whose account it is."""
    found = await people.actor((await actor_of(account)).person_id)
    assert found is not None, "an account of the demo is never deleted"
    return found


async def _import(foundation: str, number: int) -> None:
    """A foundation's funds as it brings them along, and the gifts in its book, if they are not there yet."""
    id_ = await _id_of(foundation)
    assert id_ is not None, "it was built before"
    if await fetch_value("select exists (select from fund where organization = $1)", id_):
        return
    count = FUNDS // FOUNDATIONS + (number < FUNDS % FOUNDATIONS)
    keeper = await _bookkeeper(id_)
    names = ["样里", *(f"{sign}样" for sign in _PLACES)]
    with days_ago(380):
        new = [
            funds.NewFund(f"{foundation}{name}微基金", "样例", (CHILDREN, ELDERS), _agreement(name))
            for name in names[:count]
        ]
        ids = await funds.import_funds(id_, new, actor=keeper)
    with days_ago(150 - number * 3):
        drafts = [(fund_id, sample_gift(n, f"{number + 1:02}-{n:03}")) for n, fund_id in enumerate(ids, 1)]
        await funds.import_gifts(id_, drafts, actor=keeper)


def _agreement(place: str) -> Terms:
    """What the foundation and a community of this name have signed."""
    return Terms(
        founder_kind=COMMUNITY,
        founder=f"{place}社区居民委员会",
        purpose=f"{CHILDREN}，{ELDERS} (样例)",
        uses="由管委会表决后使用，专款专用，按季公开。",
        rights="推荐管委会成员，查询和复制基金的收支，对使用提出意见。",
        ending="期满或者目的达到时终止。余款经管委会表决，转入本基金会目的相近的基金，不归还设立人。",
        fee_percent=0,
        from_on=clock.today(),
    )


async def _bookkeeper(foundation_id: int) -> Actor:
    """Who brings along what a foundation has: its head and treasurer in one, for the import alone."""
    person = await actor_at(HEAD)
    at = Ref("organization", foundation_id)
    grants = (Grant("core.manager", at), Grant("core.fund_treasurer", at))
    return Actor(person.person_id, person.name, person.household_id, grants)


def sample_gift(number: int, receipt_no: str, **changes: object) -> GiftDraft:
    """A sample gift, of a donor without an account."""
    display = (NAME, NICKNAME, ANONYMOUS)[number % 3]
    known: dict[str, object] = {
        "amount_fen": (500 + number * 37 % 400) * 100,
        "purpose_id": None,
        "donor_id": None,
        "donor_name": "" if display == ANONYMOUS else f"样捐赠人{number}",
        "nickname": f"热心邻居{number}" if display == NICKNAME else "",
        "display": display,
        "method": BANK if number % 2 else CASH,
        "receipt_no": receipt_no,
        "received_on": clock.today(),
    }
    return GiftDraft(**(known | changes))  # type: ignore[arg-type]


async def build_uses(report: Report) -> None:
    """The first fund: two hundred gifts over the year, and a request at every stage."""
    foundation = await _id_of(_FIRST)
    assert foundation is not None, "it was built before"
    fund_id = await fetch_value("select min(id) from fund where organization = $1", foundation)
    by_title = {purpose.title: purpose.id for purpose in await purposes(fund_id)}
    await seat_committee(fund_id)
    await _give(foundation, fund_id, by_title)
    report(1, 3)
    await _use(fund_id, by_title)
    report(2, 3)
    present = quarter_of(clock.today())
    for quarter in (present.moved(-4), present.moved(-3), present.moved(-2)):
        with clock.frozen(quarter.end + timedelta(days=12)):
            await publish_quarter(foundation, quarter, actor=await actor_at(HEAD))
    report(3, 3)


async def seat_committee(fund_id: int) -> None:
    """The demo's three members; a second time changes nothing."""
    for member in MEMBERS:
        person = await actor_at(member)
        await grant_role(
            person.person_id, "core.fund_committee", Ref(fund_rules.FUND, fund_id), actor_id=None
        )


async def _give(foundation_id: int, fund_id: int, by_title: dict[str, int]) -> None:
    if await fetch_value("select exists (select from fund_gift where receipt_no = 'YL-1-001')"):
        return
    bound = [by_title[CHILDREN], by_title[ELDERS], None]
    keeper = await actor_at(TREASURER)
    for batch in range(1, 6):
        with days_ago(340 - batch * 55):
            drafts = [
                (fund_id, sample_gift(n, f"YL-{batch}-{n:03}", purpose_id=bound[n % 3])) for n in range(1, 41)
            ]
            await funds.import_gifts(foundation_id, drafts, actor=keeper)
    donor = await actor_at(DONOR)
    own = {"donor_id": donor.person_id, "donor_name": donor.name, "display": NAME}
    with days_ago(335):
        first = sample_gift(1, "YL-6-001", purpose_id=by_title[CHILDREN], amount_fen=10000, **own)
        await funds.record_gift(fund_id, first, actor=keeper)
    with days_ago(20):
        await funds.record_gift(fund_id, sample_gift(1, "YL-6-002", amount_fen=20000, **own), actor=keeper)
    with days_ago(1):
        large = sample_gift(3, "YL-6-003", amount_fen=800000)
        slip = Upload("样例到账回单.pdf", b"%PDF-1.4\n% sample slip")
        await funds.record_gift(fund_id, large, actor=keeper, upload=slip)


# One member of the committee works for the community that is paid.
_AWARE = "魏样避没有参加表决，报价和另外两家比过 (样例)"
# Title, purpose, lines, days ago, how far: every stage that a request can be in.
_USES: tuple[tuple[str, str, tuple[tuple[str, int], ...], int, str], ...] = (
    ("春季四点半课堂", CHILDREN, (("绘本 120 本", 360000), ("水彩笔", 80000)), 200, "reported"),
    ("端午助老餐", ELDERS, (("食材", 250000), ("餐盒", 30000)), 150, "reported"),
    ("暑期课堂老师补贴", CHILDREN, (("老师补贴 20 次", 400000),), 50, "paid"),
    ("重阳助老餐", ELDERS, (("食材", 180000),), 20, "paid"),
    ("课堂桌椅", CHILDREN, (("折叠桌 10 张", 150000),), 9, "prepared"),
    ("冬季课堂取暖", CHILDREN, (("电暖器 4 台", 120000),), 8, "held"),
    ("楼道扶手", "", (("扶手 30 米", 90000),), 6, "approved"),
    ("新年助老餐", ELDERS, (("食材", 160000),), 3, "voting"),
    ("社区音响", "", (("音响一套", 200000),), 30, "refused"),
)


async def _use(fund_id: int, by_title: dict[str, int]) -> None:
    done = {row["title"] for row in await fetch("select title from fund_request where fund = $1", fund_id)}
    asker = await actor_at(ASKER)
    community = await _id_of(_COMMUNITY)
    assert community is not None, "it was built before"
    for number, (title, purpose, lines, days, stage) in enumerate(_USES, 1):
        if title in done:
            continue
        ask = Ask(
            organization_id=community,
            title=title,
            purpose_id=by_title.get(purpose),
            lines=[Line(what, amount) for what, amount in lines],
        )
        with days_ago(days):
            request_id = await funds.ask_for_money(fund_id, ask, actor=asker)
            await _advance(request_id, stage, number)
        if stage == "reported":
            with days_ago(days - 12):
                await funds.bring_voucher(
                    request_id,
                    voucher_no=f"FP-{number:03}",
                    result=f"{title}办好了 (样例)",
                    upload=Upload("样例发票.pdf", b"%PDF-1.4\n% sample invoice " + title.encode()),
                    actor=asker,
                )
                await run_due_jobs()


async def _advance(request_id: int, stage: str, number: int) -> None:
    """Take it on as far as `stage`, by those whose turn it is."""
    if stage == "voting":
        return
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None, "a request is put to the vote as it is made"
    choice, reason = ("reject", "先把课堂办好") if stage == "refused" else ("approve", "")
    for member in MEMBERS[: 1 if stage == "refused" else 2]:
        person = await actor_at(member)
        await cast_vote(approval_id, choice=choice, reason=reason, person_id=person.person_id)
    await run_due_jobs()
    steps = ("approved", "held", "prepared", "paid", "reported")
    reached = steps.index(stage) if stage in steps else 0
    if reached >= 1:
        await funds.check_request(
            request_id, list(fund_rules.CHECKS), aware=_AWARE, actor=await actor_at(CHECKER)
        )
    if reached >= 2:
        await funds.prepare_payment(request_id, payment_no=f"FK-{number:03}", actor=await actor_at(TREASURER))
    if reached >= 3:
        await funds.sign_payment(request_id, aware=_AWARE, actor=await actor_at(PAYER))
    await run_due_jobs()
