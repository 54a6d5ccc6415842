"""Every year each star is looked at again: kept without a word, or decided by staff; an appeal."""

from datetime import timedelta
from typing import Any

from core import clock
from core.audit.services import Step, advance_each, advance_many, record_audit
from core.database import current_unit, fetch, unit_of_work
from core.people.rules import Actor
from core.reference import Ref
from core.registration.queries import speaks_for
from core.volunteers.errors.stars import StarNotFound
from core.volunteers.queries import stars as queries
from core.volunteers.queries.stars import Due, ReviewView, StarView
from core.volunteers.rules import stars as rules
from core.volunteers.rules import terms
from core.volunteers.services.stars import figures_of, move_star, served_star, tell_of

REVIEW = "core.review_stars"
_AT_ONCE = 200


async def review_stars() -> None:
    """The list of the year, in the unit of work of its job: whom nothing speaks against keeps the star.

    What has a ground waits for the staff of the place.
    """
    today, year = clock.today(), timedelta(days=365)
    found = await queries.due(today, clock.now() - year, limit=_AT_ONCE)
    figures = {region_id: await figures_of(region_id) for region_id in {one.region_id for one in found}}
    grounds = {one.id: rules.ground_of(one.year, figures[one.region_id], today) for one in found}
    _write_reviews(found, grounds)
    for one in found:
        if not grounds[one.id]:
            record_audit("star.passed", Ref(queries.KIND, one.id), actor_id=None)
    await fetch(
        "update volunteer_star t set review_on = n.day from unnest($1::bigint[], $2::date[]) as n (id, day)"
        " where t.id = n.id",
        [one.id for one in found],
        [rules.next_review(one.review_on) for one in found],
    )
    opened = [(one.id, grounds[one.id]) for one in found if grounds[one.id]]
    steps = [Step(star_id, "star.review_opened", {"ground": ground}, ()) for star_id, ground in opened]
    for star_id in await advance_each(rules.STARS, steps, actor_id=None, columns={}):
        tell_of("reviewed", star_id)


def _write_reviews(found: list[Due], grounds: dict[int, str]) -> None:
    unit, now = current_unit(), clock.now()
    for one in found:
        is_kept = not grounds[one.id]
        unit.insert(
            "volunteer_star_review",
            star=one.id,
            due_on=one.review_on,
            ground=grounds[one.id],
            last_served_on=one.year.last_served_on,
            absences=one.year.absences,
            keeps=True if is_kept else None,
            decided_at=now if is_kept else None,
        )


async def decide_review(star_id: int, *, keeps: bool, reason: str, actor: Actor) -> None:
    """Staff of the place keep or withdraw a star that is reviewed; the same again changes nothing.

    Raises ReasonMissing, StarNotFound, OwnStar, WrongState.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        found = await served_star(star_id, actor)
        review = await _latest(star_id)
        if found.state != rules.REVIEWED and review is not None and review.keeps is keeps and review.ground:
            return
        await move_star("kept" if keeps else "withdrawn", found, actor)
        if not keeps:
            await _drop_application(found, reason, actor)
        await _note(
            review, keeps=keeps, reason=reason.strip(), decided_by=actor.person_id, decided_at=clock.now()
        )


async def _drop_application(found: StarView, reason: str, actor: Actor) -> None:
    """Who loses a star gets no higher one by an application that is still published."""
    rows = await fetch(
        "select id from volunteer_star where person = $1 and state = 'published'", found.person_id
    )
    said: dict[str, Any] = {"reason": reason.strip(), "decided_by": actor.person_id}
    ids = [row["id"] for row in rows]
    await advance_many(rules.STARS, "star.refused", ids, actor_id=actor.person_id, **said)


async def appeal_star(star_id: int, text: str, *, actor: Actor) -> None:
    """The volunteer, or a minor's guardian, appeals, once; the second click changes nothing.

    Raises ReasonMissing, StarNotFound, WrongState, TooLateToAppeal.
    """
    terms.check_reason(text)
    async with unit_of_work():
        found = await queries.star(star_id, lock=True)
        if not await speaks_for(actor.person_id, found.person_id):
            raise StarNotFound
        if found.state == rules.APPEALED:
            return
        review = await _latest(star_id)
        rules.STARS.check("star.appealed", found, clock.now())
        assert review is not None
        assert review.decided_at is not None
        days = (await figures_of(found.region_id))[rules.APPEAL_DAYS]
        rules.check_appeal_time(review.decided_at, days, clock.today())
        await move_star("appealed", found, actor)
        await _note(review, appeal=text.strip(), appealed_at=clock.now())


async def answer_appeal(star_id: int, *, restores: bool, answer: str, actor: Actor) -> None:
    """Other staff than who withdrew the star give it back or not; the same again changes nothing.

    Raises ReasonMissing, StarNotFound, OwnStar, SameDecider, WrongState.
    """
    terms.check_reason(answer)
    async with unit_of_work():
        found = await served_star(star_id, actor)
        review = await _latest(star_id)
        if review is not None and found.state != rules.APPEALED and review.restores is restores:
            return
        rules.check_decider(actor.person_id, (), before=review.decided_by if review else None)
        await move_star("restored" if restores else "upheld", found, actor)
        now = clock.now()
        said = {"answer": answer.strip(), "answered_by": actor.person_id, "answered_at": now}
        await _note(review, restores=restores, **said)


async def _latest(star_id: int) -> ReviewView | None:
    found = await queries.reviews(star_id)
    return found[0] if found else None


async def _note(review: ReviewView | None, **columns: object) -> None:
    assert review is not None, "no star leaves its review without one"
    places = ", ".join(f"{column} = ${number}" for number, column in enumerate(columns, 2))
    await current_unit().connection.execute(
        f"update volunteer_star_review set {places} where id = $1", review.id, *columns.values()
    )
