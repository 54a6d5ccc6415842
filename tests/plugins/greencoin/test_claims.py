"""A claim from the household to its passbook, and what is refused on the way."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.errors import YijiError
from core.files import queries as files
from core.files.errors import FileKindUnknown
from core.files.rules import Upload
from core.households.services import register_child
from core.people.errors import HouseholdMissing
from core.people.queries import actor as actor_of
from core.people.rules import Actor
from core.privacy.services import ask_deletion
from core.reference import Ref
from core.registration.errors import GuardianConsentMissing
from core.registration.services import decide_for_child
from core.workflow import WrongState
from plugins.greencoin.errors import (
    ClaimNotFound,
    ClaimsUnderWay,
    DayCapReached,
    HouseholdElsewhere,
    NothingToReview,
    OwnHousehold,
    PhotoMissing,
    ReasonMissing,
    ReviewersNotOdd,
    RuleRunsBySystem,
)
from plugins.greencoin.queries import points, schemes
from plugins.greencoin.services import claims, reviews
from plugins.greencoin.services import schemes as scheme_services
from tests.plugins.greencoin.village import (
    PUBLIC_DAYS,
    Village,
    credit,
    make_village,
    make_villager,
    photo,
    publicise,
    rule_text,
    state_of,
    submit,
    vote,
)
from workers.drain import run_due_jobs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def usable(village: Village, actor: Actor) -> int:
    assert actor.household_id is not None
    scheme = await schemes.scheme(village.id)
    return (await points.holding(scheme, actor.household_id, clock.today())).usable


async def test_a_claim_is_verified_approved_publicised_and_credited(village: Village) -> None:
    resident = await make_villager(village)
    claim_id = await submit(village.yard, resident)
    assert await state_of(claim_id) == "submitted"
    (review_id,) = await publicise(village, claim_id)
    assert await state_of(claim_id) == "publicised"
    until = await fetch_value("select public_until from greencoin_review where id = $1", review_id)
    assert until == clock.end_of(clock.today() + timedelta(days=5))
    with clock.frozen(until - timedelta(seconds=1)):
        await run_due_jobs()
    assert (await state_of(claim_id), await usable(village, resident)) == ("publicised", 0)
    with clock.frozen(until):
        await run_due_jobs()
        await run_due_jobs()
    assert (await state_of(claim_id), await usable(village, resident)) == ("credited", 200)
    notice = await fetch("select body from notification where person = $1", resident.person_id)
    assert "绿币" in notice[0]["body"] or "存折" in notice[0]["body"]
    assert await plugins.collect("collect_differences") == []


async def test_the_line_in_the_passbook_says_why(village: Village) -> None:
    resident = await make_villager(village)
    claim_id = await submit(village.yard, resident)
    await credit(village, claim_id)
    assert resident.household_id is not None
    page = await points.lines(await schemes.scheme(village.id), resident.household_id, 1)
    ((line, why),) = page.lines
    assert why is not None
    assert (line.amount, why.claim_id, why.behaviour) == (200, claim_id, "打扫庭院")


async def test_the_second_click_returns_the_first_claim(village: Village) -> None:
    resident = await make_villager(village)
    both = await asyncio.gather(*(submit(village.yard, resident) for _ in range(2)))
    assert both[0] == both[1]


async def test_two_claims_at_once_do_not_pass_the_cap_together(village: Village) -> None:
    resident = await make_villager(village)
    claimed = (submit(village.yard, resident, words=str(n)) for n in range(3))
    results = await asyncio.gather(*claimed, return_exceptions=True)
    assert sum(isinstance(result, int) for result in results) == 2
    (refused,) = [result for result in results if isinstance(result, DayCapReached)]
    assert str(refused) == "这条规则每户每天最多 4 分，这一天已报 4 分，这次要 2 分"


async def test_a_photo_is_kept_with_the_claim_and_seen_by_those_concerned(village: Village) -> None:
    resident = await make_villager(village)
    rule_id = await scheme_services.add_rule(
        village.id, rule_text("整理菜园", 100, needs_photo=True), actor=village.manager
    )
    with pytest.raises(PhotoMissing):
        await submit(rule_id, resident)
    values = {"quantity": 1, "happened_on": clock.today(), "words": "", "actor": resident}
    with pytest.raises(FileKindUnknown):
        await claims.submit_claim(rule_id, photo=Upload("a.exe", b"MZ"), **values)  # type: ignore[arg-type]
    claim_id = await claims.submit_claim(rule_id, photo=photo(), **values)  # type: ignore[arg-type]
    (kept,) = await files.files_of(Ref("greencoin.claim", claim_id))
    stranger = await make_villager(village)
    for actor in (resident, village.manager, village.reviewers[0]):
        assert (await files.content(kept.id, actor))[1] == "image/jpeg"
    with pytest.raises(YijiError):
        await files.content(kept.id, stranger)


async def test_who_may_not_claim(village: Village) -> None:
    other = await make_village()
    elsewhere = await make_villager(other)
    with pytest.raises(HouseholdElsewhere, match="只给本村住户"):
        await submit(village.yard, elsewhere)
    with pytest.raises(HouseholdMissing):
        await submit(village.yard, Actor(elsewhere.person_id, "无户", None))
    with pytest.raises(RuleRunsBySystem):
        await submit(village.hours, await make_villager(village))


async def test_only_a_manager_of_the_village_verifies_and_never_for_the_own_household(
    village: Village,
) -> None:
    other, resident = await make_village(), await make_villager(village)
    claim_id = await submit(village.yard, resident)
    for stranger in (resident, village.reviewers[0], village.keeper, other.manager):
        with pytest.raises(ClaimNotFound):
            await claims.verify_claim(claim_id, actor=stranger)
    own = await submit(village.yard, village.manager)
    with pytest.raises(OwnHousehold):
        await claims.verify_claim(own, actor=village.manager)
    await claims.verify_claim(claim_id, actor=village.manager)
    with pytest.raises(WrongState, match="已经是“已核实”，不用再“核实”"):
        await claims.verify_claim(claim_id, actor=village.manager)


async def test_a_claim_is_rejected_with_a_reason_also_while_it_is_public(village: Village) -> None:
    resident = await make_villager(village)
    claim_id = await submit(village.yard, resident)
    with pytest.raises(ReasonMissing):
        await claims.reject_claim(claim_id, reason="  ", actor=village.manager)
    await publicise(village, claim_id)
    await claims.reject_claim(claim_id, reason="邻居说不是这天", actor=village.manager)
    with clock.frozen(clock.now() + PUBLIC_DAYS):
        await run_due_jobs()
    assert (await state_of(claim_id), await usable(village, resident)) == ("rejected", 0)
    bodies = await fetch("select params from notification where person = $1", resident.person_id)
    assert any("邻居说不是这天" in row["params"] for row in bodies)


async def test_a_claim_is_withdrawn_by_its_household_until_it_is_voted_on(village: Village) -> None:
    resident, other = await make_villager(village), await make_villager(village)
    first, second = await submit(village.yard, resident), await submit(village.bags, resident, quantity=50)
    with pytest.raises(ClaimNotFound):
        await claims.withdraw_claim(first, actor=other)
    await claims.withdraw_claim(first, actor=resident)
    assert await state_of(first) == "withdrawn"
    await publicise(village, second)
    with pytest.raises(WrongState):
        await claims.withdraw_claim(second, actor=resident)


async def test_reviewers_are_an_odd_number_and_the_list_is_not_empty(village: Village) -> None:
    with pytest.raises(NothingToReview):
        await reviews.open_reviews(village.id, actor=village.manager)
    even = await make_village(reviewers=2)
    claim_id = await submit(even.yard, await make_villager(even))
    await claims.verify_claim(claim_id, actor=even.manager)
    with pytest.raises(ReviewersNotOdd, match="除您之外现在有 2 位"):
        await reviews.open_reviews(even.id, actor=even.manager)
    assert await state_of(claim_id) == "verified"


async def test_a_reviewers_household_has_a_list_of_its_own_without_that_reviewer(village: Village) -> None:
    reviewer, resident = village.reviewers[0], await make_villager(village)
    own, other = await submit(village.yard, reviewer), await submit(village.yard, resident)
    for claim_id in (own, other):
        await claims.verify_claim(claim_id, actor=village.manager)
    lists = await reviews.open_reviews(village.id, actor=village.manager)
    rows = await fetch("select id, review from greencoin_claim order by id")
    assert len({row["review"] for row in rows}) == 2
    recused = await fetch(
        "select a.subject_id, r.person, r.title from approval_recusal r join approval a on a.id = r.approval"
    )
    review_of_own = next(row["review"] for row in rows if row["id"] == own)
    assert [tuple(row) for row in recused] == [(review_of_own, reviewer.person_id, "名单里有自己家的申报")]
    await vote(village, lists)
    assert {await state_of(own), await state_of(other)} == {"publicised"}


async def test_a_list_that_is_voted_down_comes_back_to_the_desk(village: Village) -> None:
    claim_id = await submit(village.yard, await make_villager(village))
    await claims.verify_claim(claim_id, actor=village.manager)
    lists = await reviews.open_reviews(village.id, actor=village.manager)
    await vote(village, lists, "reject")
    assert await state_of(claim_id) == "verified"
    await vote(village, await reviews.open_reviews(village.id, actor=village.manager))
    assert await state_of(claim_id) == "publicised"


async def test_a_minor_claims_what_the_guardian_has_agreed_to(db: str) -> None:
    village = await make_village()
    parent = await make_villager(village)
    born_on = clock.today() - timedelta(days=4000)
    child_id = await register_child("林小样", born_on=born_on, agreed=True, purposes=(), actor=parent)
    child = await actor_of(child_id)
    assert child is not None
    rule = village.yard
    with pytest.raises(GuardianConsentMissing):
        await submit(rule, child)
    await decide_for_child(child_id, "minor_points", is_given=True, actor=parent)
    assert await submit(rule, child)


async def test_an_open_claim_hinders_the_end_of_an_account_and_its_words_go_along(
    db: str,
) -> None:
    village = await make_village()
    person = await make_villager(village)
    claim = await submit(village.yard, person, words="帮隔壁扫雪")
    with pytest.raises(ClaimsUnderWay):
        await ask_deletion(sure=True, actor=person)
    await claims.withdraw_claim(claim, actor=person)
    await ask_deletion(sure=True, actor=person)
    await plugins.deliver("person_deleted", "greencoin", {"person_id": person.person_id})
    assert await fetch_value("select words from greencoin_claim where id = $1", claim) == ""
