"""Stars: asked for, published, awarded by the clock, reviewed each year, withdrawn, appealed."""

import asyncio
from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.errors import YijiError
from core.parameters.services import set_parameter
from core.people.rules import SERVE, WORKER, Actor, Grant
from core.people.services import grant_role
from core.reference import PLATFORM, Ref
from core.volunteers.errors import ReasonMissing
from core.volunteers.errors.stars import (
    OwnStar,
    PublicityNotAgreed,
    SameDecider,
    StarNotFound,
    StarNotReached,
    StarWithdrawnLately,
    TooLateToAppeal,
)
from core.volunteers.queries import stars as queries
from core.volunteers.queries.stars import StarView
from core.volunteers.rules import figures
from core.volunteers.rules import stars as rules
from core.volunteers.services.attendance import mark_absent
from core.volunteers.services.star_reviews import (
    answer_appeal,
    appeal_star,
    decide_review,
    review_stars,
)
from core.volunteers.services.stars import apply_for_star, award_stars, refuse_star
from core.workflow import WrongState
from tests.core.volunteers.shifts import HOURS, Team, join, make_shift, notices, serve
from tests.factories import make_region, make_resident

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 4, tzinfo=clock.local(clock.now()).tzinfo)
REASON = "年度复核：核对过了"


@pytest.fixture
async def worker(team: Team) -> Actor:
    return await make_worker(team.organization.region_id)


async def make_worker(region_id: int) -> Actor:
    person = await make_resident(region_id, name="何社工")
    scope = Ref("region", region_id)
    await grant_role(person.person_id, WORKER, scope, actor_id=None)
    return Actor(person.person_id, person.name, person.household_id, (Grant(WORKER, scope),))


@pytest.fixture
async def starred(team: Team, person: Actor) -> int:
    """One hour is a star here; the volunteer has served two on 2 March 2026, and holds the star since."""
    await decree(figures.STARS[0], PLATFORM, 1, date(2026, 1, 1))
    with clock.frozen(NOON - 3 * DAY):
        await serve(team, await make_shift(team), person)
    with clock.frozen(NOON):
        star_id = await apply_for_star(agreed=True, actor=person)
    with clock.frozen(NOON + 16 * DAY):
        await _run(award_stars)
    return star_id


async def decree(code: str, scope: Ref, value: int, day: date) -> None:
    with clock.frozen(clock.begin_of(day)):
        await set_parameter(code, scope, value, effective_on=day, actor_id=None)


async def _run(job: object) -> None:
    async with unit_of_work():
        await job()  # type: ignore[operator]


async def review(at: datetime) -> None:
    with clock.frozen(at):
        await _run(review_stars)


async def state(star_id: int) -> str:
    return (await queries.star(star_id)).state


AWARDED = date(2026, 3, 18)
REVIEWED = clock.begin_of(date(2027, 3, 18)) + 12 * HOURS


async def test_a_star_is_asked_for_published_for_its_days_and_awarded_by_the_clock(
    team: Team, person: Actor
) -> None:
    await decree(figures.STARS[0], PLATFORM, 1, date(2026, 1, 1))
    with clock.frozen(NOON - 3 * DAY):
        await serve(team, await make_shift(team), person)
    with clock.frozen(NOON):
        with pytest.raises(PublicityNotAgreed):
            await apply_for_star(agreed=False, actor=person)
        asked = await asyncio.gather(*(apply_for_star(agreed=True, actor=person) for _ in range(3)))
        assert len(set(asked)) == 1  # three clicks
        (shown,) = await queries.published(before_id=None, limit=9)
        assert (shown.shown_name, shown.published_until) == ("吴**", date(2026, 3, 17))
    for day, expected in ((15, rules.PUBLISHED), (16, rules.HELD)):
        with clock.frozen(NOON + day * DAY):
            await _run(award_stars)
        assert await state(asked[0]) == expected
    held = await queries.star(asked[0])
    assert (held.held_on, held.review_on) == (AWARDED, date(2027, 3, 18))
    assert "授星了" in await notices(person)
    with clock.frozen(NOON + 20 * DAY), pytest.raises(StarNotReached):
        await apply_for_star(agreed=True, actor=person)


async def test_a_region_sets_its_own_table_and_days_from_a_date_on(team: Team, person: Actor) -> None:
    here = Ref("region", team.organization.region_id)
    with clock.frozen(NOON - 3 * DAY):
        await serve(team, await make_shift(team), person)
    with clock.frozen(NOON), pytest.raises(StarNotReached):  # a hundred hours, usually
        await apply_for_star(agreed=True, actor=person)
    await decree(figures.STARS[0], here, 2, date(2026, 3, 3))
    await decree(rules.PUBLICITY, here, 7, date(2026, 3, 4))
    for day, until in ((1, date(2026, 3, 18)), (2, date(2026, 3, 11))):
        with clock.frozen(NOON + day * DAY):
            star_id = await apply_for_star(agreed=True, actor=person)
            assert (await queries.star(star_id)).published_until == until
            worker = await make_worker(team.organization.region_id)
            await refuse_star(star_id, "还要核对", actor=worker)


async def test_whoever_serves_on_keeps_the_star_without_anybody_deciding(
    team: Team, person: Actor, starred: int
) -> None:
    with clock.frozen(REVIEWED - 30 * DAY):
        await serve(team, await make_shift(team), person)
    await review(REVIEWED - DAY)
    assert await queries.reviews(starred) == []
    for _ in range(2):
        await review(REVIEWED)
    (year,) = await queries.reviews(starred)
    assert (year.ground, year.keeps, year.absences, year.due_on) == ("", True, 0, date(2027, 3, 18))
    found = await queries.star(starred)
    assert (found.state, found.review_on) == (rules.HELD, date(2028, 3, 18))


async def test_whoever_was_idle_waits_for_the_staff_who_keep_it_with_a_reason(
    person: Actor, starred: int, worker: Actor
) -> None:
    await review(REVIEWED)
    assert [one.id for one in await queries.for_staff(worker, rules.REVIEWED, limit=9)] == [starred]
    with clock.frozen(REVIEWED + DAY):
        with pytest.raises(ReasonMissing):
            await decide_review(starred, keeps=True, reason=" ", actor=worker)
        for _ in range(2):
            await decide_review(starred, keeps=True, reason=REASON, actor=worker)
        with pytest.raises(WrongState):
            await decide_review(starred, keeps=False, reason=REASON, actor=worker)
    (year,) = await queries.reviews(starred)
    assert (year.ground, year.keeps, year.reason) == (rules.IDLE, True, REASON)
    assert await state(starred) == rules.HELD
    await review(REVIEWED + 366 * DAY)
    assert len(await queries.reviews(starred)) == 2


async def test_whoever_was_missed_too_often_is_looked_at_too(team: Team, person: Actor, starred: int) -> None:
    await decree(rules.MOST_ABSENCES, PLATFORM, 1, date(2027, 1, 1))
    with clock.frozen(REVIEWED - 60 * DAY):
        await serve(team, await make_shift(team), person)
    with clock.frozen(REVIEWED - 30 * DAY):
        missed = await join(await make_shift(team), person)
    with clock.frozen(REVIEWED - 29 * DAY):
        await mark_absent(missed, actor=team.leader)
    await review(REVIEWED)
    (year,) = await queries.reviews(starred)
    assert (year.ground, year.absences) == (rules.ABSENCES, 1)


async def test_a_withdrawn_star_is_appealed_and_another_worker_gives_it_back(
    team: Team, person: Actor, starred: int, worker: Actor
) -> None:
    await review(REVIEWED)
    with clock.frozen(REVIEWED + DAY):
        await decide_review(starred, keeps=False, reason=REASON, actor=worker)
        assert await queries.in_force(person.person_id) is None
        with pytest.raises(StarWithdrawnLately):
            await apply_for_star(agreed=True, actor=person)
        stranger = await make_resident(team.organization.region_id)
        with pytest.raises(StarNotFound):
            await appeal_star(starred, "我生病了", actor=stranger)
    with clock.frozen(REVIEWED + 31 * DAY):  # the last day
        for _ in range(2):
            await appeal_star(starred, "我生病了", actor=person)
        with pytest.raises(SameDecider):
            await answer_appeal(starred, restores=True, answer=REASON, actor=worker)
        other = await make_worker(team.organization.region_id)
        for _ in range(2):
            await answer_appeal(starred, restores=True, answer=REASON, actor=other)
    assert await state(starred) == rules.HELD
    (year,) = await queries.reviews(starred)
    assert (year.appeal, year.restores, year.answer) == ("我生病了", True, REASON)


async def test_an_appeal_that_is_late_or_upheld_changes_nothing_and_a_year_later_one_asks_again(
    team: Team, person: Actor, starred: int, worker: Actor
) -> None:
    await review(REVIEWED)
    with clock.frozen(REVIEWED + DAY):
        await decide_review(starred, keeps=False, reason=REASON, actor=worker)
    with clock.frozen(REVIEWED + 32 * DAY), pytest.raises(TooLateToAppeal):
        await appeal_star(starred, "我生病了", actor=person)
    with clock.frozen(REVIEWED + 2 * DAY):
        await appeal_star(starred, "我生病了", actor=person)
        other = await make_worker(team.organization.region_id)
        await answer_appeal(starred, restores=False, answer=REASON, actor=other)
    assert await state(starred) == rules.ENDED
    for days, is_open in ((365, False), (366, True)):
        with clock.frozen(REVIEWED + days * DAY):
            if is_open:
                await apply_for_star(agreed=True, actor=person)
            else:
                with pytest.raises(StarWithdrawnLately):
                    await apply_for_star(agreed=True, actor=person)


async def test_strangers_family_and_oneself_decide_nothing(team: Team, person: Actor, starred: int) -> None:
    await review(REVIEWED)
    scope = Ref("region", team.organization.region_id)
    own = Actor(person.person_id, person.name, person.household_id, (Grant(WORKER, scope),))
    elsewhere = await make_worker(await make_region())
    plain = await make_resident(team.organization.region_id)
    assert not plain.may(SERVE)
    refusals: list[tuple[Actor, type[YijiError]]] = [
        (own, OwnStar),
        (elsewhere, StarNotFound),
        (plain, StarNotFound),
    ]
    for who, refusal in refusals:
        with pytest.raises(refusal):
            await decide_review(starred, keeps=False, reason=REASON, actor=who)
    assert await state(starred) == rules.REVIEWED


async def test_a_higher_star_takes_the_place_of_the_one_before(
    team: Team, person: Actor, starred: int
) -> None:
    await decree(figures.STARS[1], PLATFORM, 2, date(2026, 4, 1))
    with clock.frozen(REVIEWED - 200 * DAY):
        higher = await apply_for_star(agreed=True, actor=person)
    with clock.frozen(REVIEWED - 180 * DAY):
        await _run(award_stars)
    assert (await state(starred), await state(higher)) == (rules.RAISED, rules.HELD)
    held = await queries.in_force(person.person_id)
    assert held is not None
    assert held.stars == 2


async def test_whoever_ended_the_account_is_neither_shown_nor_reviewed(
    person: Actor, starred: int, worker: Actor
) -> None:
    assert len(await queries.holders(before_id=None, limit=9)) == 1
    await fetch(
        "update person set gone_at = now(), name = 'x', phone = null, password_hash = null where id = $1",
        person.person_id,
    )
    await review(REVIEWED)
    assert await queries.holders(before_id=None, limit=9) == []
    assert await queries.for_staff(worker, rules.HELD, limit=9) == []
    assert await queries.reviews(starred) == []
    assert await state(starred) == rules.HELD


async def test_two_workers_at_once_leave_one_decision(team: Team, starred: int, worker: Actor) -> None:
    await review(REVIEWED)
    other = await make_worker(team.organization.region_id)
    with clock.frozen(REVIEWED + DAY):
        done = await asyncio.gather(
            decide_review(starred, keeps=True, reason="还在服务", actor=worker),
            decide_review(starred, keeps=False, reason="没有来过", actor=other),
            return_exceptions=True,
        )
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "WrongState"]
    assert await fetch_value("select count(*) from volunteer_star_review where keeps is not null") == 1


@pytest.mark.parametrize(
    ("served", "absences", "ground"),
    [
        (date(2026, 3, 19), 4, rules.NONE),
        (date(2026, 3, 18), 4, rules.IDLE),
        (None, 0, rules.IDLE),
        (date(2027, 3, 1), 5, rules.ABSENCES),
    ],
)
def test_what_somebody_has_to_look_at(served: date | None, absences: int, ground: str) -> None:
    values = {rules.IDLE_DAYS: 365, rules.MOST_ABSENCES: 5}
    assert rules.ground_of(rules.Year(served, absences), values, date(2027, 3, 18)) == ground


def test_the_day_of_the_review_is_there_in_every_year() -> None:
    assert rules.next_review(date(2028, 2, 29)) == date(2029, 2, 28)
    assert rules.next_review(date(2027, 3, 18)) == date(2028, 3, 18)


def test_a_minor_is_published_without_a_name() -> None:
    view = StarView(
        1, 12345, "林小样", date(clock.today().year - 10, 1, 1), 1, "青草社区", 1, 60, "published",
        clock.now(), clock.today(), None, None, "",
    )  # fmt: skip
    assert (view.shown_name, view.shown_number) == ("某同学", "2345")
