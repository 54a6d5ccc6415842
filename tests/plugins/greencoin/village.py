"""A village with its 绿币, the people who run it, and shortcuts through the journey."""

import io
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value, unit_of_work
from core.evidence.services import record_evidence
from core.files.rules import Upload
from core.organizations.services import register_organization
from core.people.rules import Actor, Grant
from core.people.services import grant_role
from core.reference import Ref
from plugins.greencoin import rules
from plugins.greencoin.rules.claims import RuleText
from plugins.greencoin.services import awards, claims, reviews, schemes, shop
from tests.factories import PASSWORD, Committee, make_region, make_resident
from workers.drain import run_due_jobs

PUBLIC_DAYS = timedelta(days=6)


@dataclass(frozen=True)
class Village:
    """Ids and people of a village. Its rules: a cleaned yard (2 points, 4 a day), bags (0.02), hours (1)."""

    id: int
    organization_id: int
    region_id: int
    manager: Actor
    reviewers: tuple[Actor, ...]
    keeper: Actor
    yard: int
    bags: int
    hours: int

    @property
    def ref(self) -> Ref:
        return Ref("organization", self.organization_id)


def rule_text(behaviour: str, points: int, **changed: object) -> RuleText:
    values: dict[str, object] = {
        "behaviour": behaviour,
        "category": "environment",
        "unit": "次",
        "points": points,
        "day_cap": None,
        "month_cap": None,
        "needs_photo": False,
        "effective_from": clock.today(),
    }
    return RuleText(**{**values, **changed})  # type: ignore[arg-type]


async def make_village(
    *, phones: dict[str, str] | None = None, reviewers: int = 3, committee: Committee | None = None
) -> Village:
    """A village, of `committee` if given; who has a phone (manager, reviewer, keeper) can log in."""
    phones = phones or {}
    region_id = committee.region_id if committee else await make_region()
    organization_id = (
        committee.id
        if committee
        else await register_organization("测试村委会", kind="committee", region_id=region_id)
    )
    scheme_id = await schemes.open_scheme("测试村绿币", organization_id=organization_id, region_id=region_id)

    async def officer(role: str, name: str, phone: str | None) -> Actor:
        person = await make_resident(region_id, name=name, phone=phone, password=PASSWORD if phone else None)
        scope = Ref("organization", organization_id)
        await grant_role(person.person_id, role, scope, actor_id=None)
        return Actor(person.person_id, person.name, person.household_id, (Grant(role, scope),))

    manager = await officer(rules.MANAGER, "管样员", phones.get("manager"))
    with clock.frozen(clock.now() - timedelta(days=20)):
        yard = await schemes.add_rule(scheme_id, rule_text("打扫庭院", 200, day_cap=400), actor=manager)
        bags = await schemes.add_rule(scheme_id, rule_text("回收塑料袋", 2, unit="个"), actor=manager)
        hours = await schemes.add_rule(
            scheme_id, rule_text("志愿服务", 100, category="volunteer", unit="小时"), actor=manager
        )
    return Village(
        id=scheme_id,
        organization_id=organization_id,
        region_id=region_id,
        manager=manager,
        reviewers=tuple(
            [
                await officer(rules.REVIEWER, f"评样{n}", phones.get("reviewer") if n == 0 else None)
                for n in range(reviewers)
            ]
        ),
        keeper=await officer(rules.SHOPKEEPER, "店样员", phones.get("keeper")),
        yard=yard,
        bags=bags,
        hours=hours,
    )


async def make_villager(village: Village, *, name: str = "林样户", phone: str | None = None) -> Actor:
    return await make_resident(
        village.region_id, name=name, phone=phone, password=PASSWORD if phone else None
    )


async def submit(rule_id: int, actor: Actor, *, quantity: int = 1, words: str = "", days_ago: int = 0) -> int:
    return await claims.submit_claim(
        rule_id,
        quantity=quantity,
        happened_on=clock.today() - timedelta(days=days_ago),
        words=words,
        photo=None,
        actor=actor,
    )


def photo(colour: str = "green") -> Upload:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return Upload("院子.png", buffer.getvalue())


async def vote(village: Village, review_ids: list[int], choice: str = "approve") -> None:
    """All reviewers vote until the lists are decided, and what follows from it happens."""
    for review_id in review_ids:
        approval_id = await fetch_value(
            "select id from approval where subject_kind = 'greencoin.review' and subject_id = $1", review_id
        )
        for reviewer in village.reviewers:
            state = await fetch_value("select state from approval where id = $1", approval_id)
            recused = await fetch(
                "select from approval_recusal where approval = $1 and person = $2",
                approval_id,
                reviewer.person_id,
            )
            if state == "open" and not recused:
                reason = "" if choice == "approve" else "看不清"
                await cast_vote(approval_id, choice=choice, reason=reason, person_id=reviewer.person_id)
    await run_due_jobs()


async def publicise(village: Village, *claim_ids: int) -> list[int]:
    """Verify, put to the vote and approve; returns the lists."""
    for claim_id in claim_ids:
        await claims.verify_claim(claim_id, actor=village.manager)
    lists = await reviews.open_reviews(village.id, actor=village.manager)
    await vote(village, lists)
    return lists


async def credit(village: Village, *claim_ids: int) -> None:
    """The whole way to the passbook."""
    await publicise(village, *claim_ids)
    with clock.frozen(clock.now() + PUBLIC_DAYS):
        await run_due_jobs()


async def state_of(claim_id: int) -> str:
    return str(await fetch_value("select state from greencoin_claim where id = $1", claim_id))


async def make_item(village: Village, *, name: str = "食盐", cost: int = 200, stock: int = 5) -> int:
    item_id = await shop.add_item(village.id, name, cost=cost, actor=village.manager)
    await shop.change_stock(item_id, stock, reason="进货", actor=village.keeper)
    return item_id


async def make_stages(village: Village, resident: Actor) -> dict[str, int]:
    """Something of each kind that has an address, of the resident's household where it can be."""
    public = await submit(village.yard, resident, days_ago=1)
    refused = await submit(village.yard, resident, days_ago=3)
    for claim_id in (public, refused):
        await claims.verify_claim(claim_id, actor=village.manager)
    (review,) = await reviews.open_reviews(village.id, actor=village.manager)
    async with unit_of_work():
        await reviews.settle_review(review, "approved")
        service = Ref("test.service", 1)
        evidence = await record_evidence("core.service", service, actor_id=None)
        await awards.award_service(resident.person_id, 600, evidence)
    await fetch(
        "update greencoin_claim set state = 'uncredited', reason = '余额不足，这笔账没有记' where id = $1",
        refused,
    )
    verified = await submit(village.yard, resident, days_ago=2)
    await claims.verify_claim(verified, actor=village.manager)
    item = await make_item(village)
    return {
        "scheme": village.id,
        "yard": village.yard,
        "submitted": await submit(village.yard, resident),
        "public": public,
        "uncredited": refused,
        "verified": verified,
        "credited": await fetch_value("select id from greencoin_claim where evidence = $1", evidence),
        "review": review,
        "item": item,
        "other_item": await make_item(village, name="雨伞"),
        "redemption": await shop.reserve(item, quantity=1, actor=resident),
    }
