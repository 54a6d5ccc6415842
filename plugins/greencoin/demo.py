"""绿币 in the demo world, through the same services as real life.

From the source: 旌德县 has 绿币, and what it is for. Invented, and marked 样例: the village, its 300
households, rules, points, goods and all that happened.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.demo import PASSWORD, actor_of
from core.files.rules import Upload
from core.language import mark
from core.manifest import DemoAccount, Tour, TourStep
from core.organizations.services import register_organization
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from core.regions.services import add_region
from plugins.greencoin import rules
from plugins.greencoin.rules.claims import VOLUNTEER, RuleText
from plugins.greencoin.services import claims, reviews, schemes, shop
from workers.drain import run_due_jobs

RESIDENT = DemoAccount(
    phone="13800002000", password=PASSWORD, name="程样清", role=mark("绿样村村民：申报绿币，到小店兑换")
)
MANAGER = DemoAccount(
    phone="13800002001", password=PASSWORD, name="汪样明", role=mark("绿样村积分管理员：核实申报，定规则")
)
REVIEWERS = tuple(
    DemoAccount(phone=phone, password=PASSWORD, name=name, role=mark("绿样村积分评议员：表决名单"))
    for phone, name in (("13800002002", "吕样公"), ("13800002003", "江样正"), ("13800002004", "宋样平"))
)
KEEPER = DemoAccount(
    phone="13800002005", password=PASSWORD, name="胡样勤", role=mark("绿样村小店店员：进货，凭码交付")
)
ACCOUNTS = (RESIDENT, MANAGER, *REVIEWERS, KEEPER)
VILLAGE, COMMITTEE, SCHEME = "绿样村", "绿样村村民委员会", "绿样村绿币"
HOUSEHOLDS, AWARDED = 300, 120
_PLACES = (
    ("安徽省", "province", "340000"),
    ("宣城市", "city", "341800"),
    ("旌德县", "county", "341825"),
    (VILLAGE, "community", None),
)
_SURNAMES, _NAMES = "汪程胡吕江方戴朱王鲍", "松竹梅兰菊荷桂枫柏槐"
# behaviour, category, unit, points, most a day, most a month, with a photo
_RULES = (
    ("打扫房前屋后", "environment", "次", 200, 200, 2000, True),
    ("回收塑料袋", "recycling", "个", 2, 200, None, False),
    ("红白事简办", "customs", "次", 2000, None, None, False),
    ("帮邻居收割", "neighbours", "小时", 200, 1600, None, False),
    ("参加村民会议", "public", "次", 300, 300, None, False),
    ("志愿服务", VOLUNTEER, "小时", 100, 800, None, False),
)
_GOODS = (
    ("食盐 (样例)", 200, 60),
    ("酱油 (样例)", 700, 30),
    ("洗衣粉 (样例)", 500, 40),
    ("雨伞 (样例)", 1500, 8),
)

TOUR = Tour(
    code="greencoin",
    title=mark("一分绿币"),
    intro=mark("村民申报一件好事，核实、评议、公示后入账，再到小店换东西"),
    order=20,
    steps=(
        TourStep(text=mark("先看管理员：在“规则”里定下什么事得几分"), path="/greencoin", phone=MANAGER.phone),
        TourStep(
            text=mark("换成村民：选一件做过的事，附上照片申报"), path="/greencoin", phone=RESIDENT.phone
        ),
        TourStep(
            text=mark("换成管理员：看照片核实，再到“已核实”里提交评议"),
            path="/greencoin/desk",
            phone=MANAGER.phone,
        ),
        TourStep(text=mark("换成第一位评议员：打开名单去表决，同意"), path="/todo", phone=REVIEWERS[0].phone),
        TourStep(
            text=mark("换成第二位评议员：也同意，三位里有两位同意就公示"),
            path="/todo",
            phone=REVIEWERS[1].phone,
        ),
        TourStep(text=mark("不登录也能看：公示的名单、红榜和总账；公示 5 天后自动入账"), path="/greencoin"),
        TourStep(
            text=mark("换回村民：存折上每一分都有来历；到小店预留一件，记下兑换码"),
            path="/greencoin/mine",
            phone=RESIDENT.phone,
        ),
        TourStep(text=mark("换成店员：输入兑换码，交付商品"), path="/greencoin/counter", phone=KEEPER.phone),
        TourStep(
            text=mark("换成管理员：打开“已入账”里的一笔，写明理由更正"),
            path="/greencoin/desk?stage=credited",
            phone=MANAGER.phone,
        ),
    ),
)

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class _Village:
    """Ids of the village, and when the demo is built."""

    scheme_id: int
    region_id: int
    owner: Ref
    now: datetime

    async def actor(self, account: DemoAccount, role: str = "") -> Actor:
        """A demo account, in its role here."""
        return await actor_of(account, *((Grant(role, self.owner),) if role else ()))

    async def rule(self, behaviour: str) -> int:
        """The id of a rule of the village."""
        sql = "select id from greencoin_rule where scheme = $1 and behaviour = $2"
        return int(await fetch_value(sql, self.scheme_id, behaviour))


async def build_village(report: Report) -> None:
    """A village with rules, passbooks, a shop, a list that was credited, and claims at every stage.

    Each part is made at once or not at all, and is left alone where it is there.
    """
    parts = (_build_people, _build_rules, _build_households, _build_shop, _build_past, _build_present)
    village = await _build_scheme(clock.now())
    for done, part in enumerate(parts, 1):
        await part(village)
        report(done, len(parts))


async def _build_scheme(now: datetime) -> _Village:
    region_id: int | None = None
    for name, level, code in _PLACES:
        region_id = await add_region(name, level=level, parent_id=region_id, code=code)
    assert region_id is not None
    found = await fetch_row("select id, organization from greencoin_scheme where region = $1", region_id)
    if found:
        return _Village(found["id"], region_id, Ref("organization", found["organization"]), now)
    with clock.frozen(now - timedelta(days=120)):
        async with unit_of_work():
            owner = await register_organization(COMMITTEE, kind="committee", region_id=region_id)
            scheme_id = await schemes.open_scheme(
                SCHEME, organization_id=owner, region_id=region_id, is_sample=True
            )
    return _Village(scheme_id, region_id, Ref("organization", owner), now)


async def _build_people(village: _Village) -> None:
    """The accounts, each in a household of its own."""
    roles = {MANAGER: rules.MANAGER, KEEPER: rules.SHOPKEEPER} | dict.fromkeys(REVIEWERS, rules.REVIEWER)
    for account in ACCOUNTS:
        if await fetch_value("select id from person where phone = $1", account.phone) is None:
            async with unit_of_work():
                person_id = await register_person(
                    account.name, phone=account.phone, password=account.password
                )
                await register_household(village.region_id, person_ids=[person_id])
                if role := roles.get(account):
                    await grant_role(person_id, role, village.owner, actor_id=None)


async def _build_rules(village: _Village) -> None:
    """A hundred days ago, by the manager."""
    if await fetch_value("select count(*) from greencoin_rule where scheme = $1", village.scheme_id):
        return
    manager = await village.actor(MANAGER, rules.MANAGER)
    with clock.frozen(village.now - timedelta(days=100)):
        async with unit_of_work():
            for behaviour, category, unit, points, day_cap, month_cap, needs_photo in _RULES:
                text = RuleText(
                    behaviour=behaviour,
                    category=category,
                    unit=unit,
                    points=points,
                    day_cap=day_cap,
                    month_cap=month_cap,
                    needs_photo=needs_photo,
                    effective_from=clock.today(),
                )
                await schemes.add_rule(village.scheme_id, text, actor=manager)


async def _build_households(village: _Village) -> None:
    """Invented neighbours without phones, so that nobody can log in as one; all get a passbook."""
    there = await fetch_value("select count(*) from greencoin_passbook where scheme = $1", village.scheme_id)
    if there:
        return
    with clock.frozen(village.now - timedelta(days=95)):
        async with unit_of_work():
            for number in range(HOUSEHOLDS - len(ACCOUNTS)):
                name = _SURNAMES[number % 10] + _NAMES[number // 10 % 10] + _NAMES[number // 7 % 10]
                person_id = await register_person(name, phone=None, password=None)
                await register_household(village.region_id, person_ids=[person_id])
            rows = await fetch("select id from household where region = $1 order by id", village.region_id)
            await schemes.open_passbooks(village.scheme_id, [row["id"] for row in rows])


async def _build_shop(village: _Village) -> None:
    """The shelf, filled by its keeper."""
    if await fetch_value("select count(*) from greencoin_item where scheme = $1", village.scheme_id):
        return
    manager = await village.actor(MANAGER, rules.MANAGER)
    keeper = await village.actor(KEEPER, rules.SHOPKEEPER)
    with clock.frozen(village.now - timedelta(days=70)):
        async with unit_of_work():
            for name, cost, pieces in _GOODS:
                item_id = await shop.add_item(village.scheme_id, name, cost=cost, actor=manager)
                await shop.change_stock(item_id, pieces, reason="样例：首次进货", actor=keeper)


async def _build_past(village: _Village) -> None:
    """A list of two months ago: claimed, approved, public, credited; then some things were fetched."""
    if not await fetch_value("select count(*) from greencoin_review where scheme = $1", village.scheme_id):
        with clock.frozen(village.now - timedelta(days=60)):
            async with unit_of_work():
                await _approve(village, await _claim_for_many(village), REVIEWERS[:2])
    with clock.frozen(village.now - timedelta(days=60)):
        await run_due_jobs()
    with clock.frozen(village.now - timedelta(days=50)):
        await run_due_jobs()
        await _fetch_something(village)


async def _claim_for_many(village: _Village) -> list[int]:
    """A claim of each of the first households; the resident has one more, to be spent by a newcomer."""
    rows = await fetch(
        "select p.id, p.name, m.household from greencoin_passbook k"
        " join household_member m on m.household = k.household join person p on p.id = m.person"
        " where k.scheme = $1 and (p.phone is null or p.phone = $2) order by k.number limit $3",
        village.scheme_id,
        RESIDENT.phone,
        AWARDED,
    )
    kinds = [
        (await village.rule(what), most)
        for what, most in (("参加村民会议", 1), ("帮邻居收割", 8), ("回收塑料袋", 100))
    ]
    extra = await _claim(village, await village.actor(RESIDENT), "帮邻居收割", 6)
    return [extra] + [
        await claims.submit_claim(
            kinds[number % 3][0],
            quantity=1 + number * 7 % kinds[number % 3][1],
            happened_on=clock.today() - timedelta(days=number % 20),
            words="",
            photo=None,
            actor=Actor(row["id"], row["name"], row["household"]),
        )
        for number, row in enumerate(rows)
    ]


async def _approve(village: _Village, claim_ids: Sequence[int], voters: Sequence[DemoAccount]) -> None:
    """Verify, put to the vote, and let some vote for it."""
    manager = await village.actor(MANAGER, rules.MANAGER)
    for claim_id in claim_ids:
        await claims.verify_claim(claim_id, actor=manager)
    for review_id in await reviews.open_reviews(village.scheme_id, actor=manager):
        approval_id = await fetch_value(
            "select id from approval where subject_kind = 'greencoin.review' and subject_id = $1", review_id
        )
        for account in voters:
            voter = await village.actor(account)
            await cast_vote(approval_id, choice="approve", reason="", person_id=voter.person_id)


async def _fetch_something(village: _Village) -> None:
    """A few households with enough points take salt, and agree to be on the board."""
    if await fetch_value("select count(*) from greencoin_redemption where scheme = $1", village.scheme_id):
        return
    keeper = await village.actor(KEEPER, rules.SHOPKEEPER)
    salt = await fetch_value("select min(id) from greencoin_item where scheme = $1", village.scheme_id)
    rows = await fetch(
        "select p.id, p.name, k.household from greencoin_claim c join person p on p.id = c.person"
        " join greencoin_passbook k on k.id = c.passbook"
        " where k.scheme = $1 and c.state = 'credited' and c.points >= 200 and p.phone is null"
        " order by c.id limit 12",
        village.scheme_id,
    )
    async with unit_of_work():
        for row in rows:
            neighbour = Actor(row["id"], row["name"], row["household"])
            await schemes.show_on_board(village.scheme_id, True, actor=neighbour)
            redemption_id = await shop.reserve(salt, quantity=1, actor=neighbour)
            found = await fetch_value("select code from greencoin_redemption where id = $1", redemption_id)
            await shop.hand_over(village.scheme_id, found, actor=keeper)


async def _build_present(village: _Village) -> None:
    """Claims of the resident and of a reviewer's household at every stage, and a reservation."""
    resident = await village.actor(RESIDENT)
    if await fetch_value(
        "select count(*) from greencoin_claim where person = $1 and state = 'submitted'", resident.person_id
    ):
        return
    async with unit_of_work():
        manager = await village.actor(MANAGER, rules.MANAGER)
        public = await _claim(village, resident, "帮邻居收割", 3)
        await _approve(village, [public], REVIEWERS[:2])
        in_review = [
            await _claim(village, resident, "红白事简办", 1),
            await _claim(village, await village.actor(REVIEWERS[2]), "打扫房前屋后", 1),
        ]
        await _approve(village, in_review, REVIEWERS[:1])
        refused = await _claim(village, resident, "打扫房前屋后", 1, days_ago=3)
        await claims.reject_claim(refused, reason="样例：照片看不清是哪一家", actor=manager)
        verified = await _claim(village, resident, "参加村民会议", 1, days_ago=2)
        await claims.verify_claim(verified, actor=manager)
        salt = await fetch_value("select min(id) from greencoin_item where scheme = $1", village.scheme_id)
        await shop.reserve(salt, quantity=1, actor=resident)
        await schemes.show_on_board(village.scheme_id, True, actor=resident)
        await _claim(village, resident, "打扫房前屋后", 1)
    await run_due_jobs()


async def _claim(village: _Village, actor: Actor, behaviour: str, quantity: int, *, days_ago: int = 1) -> int:
    return await claims.submit_claim(
        await village.rule(behaviour),
        quantity=quantity,
        happened_on=clock.today() - timedelta(days=days_ago),
        words="样例",
        photo=_draw_yard(len(behaviour) * 10 + days_ago),
        actor=actor,
    )


def _draw_yard(seed: int) -> Upload:
    """A drawn courtyard: the demo shows no photo of anybody's home."""
    picture = Image.new("RGB", (480, 360), (206, 229, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 230, 480, 360), fill=(170 + seed % 40, 190, 120))
    draw.rectangle((90, 120, 330, 250), fill=(240, 236, 226))
    draw.polygon(((70, 125), (210, 50), (350, 125)), fill=(96, 104, 112))
    draw.rectangle((180, 170, 230, 250), fill=(133, 84, 52))
    draw.ellipse((370, 90 + seed % 20, 450, 190), fill=(86, 140, 80))
    draw.rectangle((404, 170, 416, 250), fill=(110, 78, 50))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Upload("yard.png", buffer.getvalue())
