"""The verbs of stars: ask for one, publish, award."""

from typing import Any

from core import clock
from core.audit.services import advance, advance_many, record_audit
from core.database import fetch, unit_of_work
from core.jobs.services import add_job
from core.parameters.queries import effective
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import PLATFORM, Ref
from core.regions import queries as regions
from core.registration.queries import own_child, speaks_for
from core.volunteers.errors.stars import NoHome, StarNotFound
from core.volunteers.queries import records
from core.volunteers.queries import stars as queries
from core.volunteers.queries.stars import StarView
from core.volunteers.rules import stars as rules
from core.volunteers.rules import terms
from core.volunteers.services.telling import TELL_STAR
from core.volunteers.tables import Star

AWARD = "core.award_stars"
_AT_ONCE = 200


async def apply_for_star(*, agreed: bool, actor: Actor, child_id: int | None = None) -> int:
    """Ask for the star of one's confirmed hours, or one's child's; returns its id. It is published at once.

    The second click returns the first. Raises NotGuardian, NoHome, PublicityNotAgreed, StarNotReached,
    StarWithdrawnLately.
    """
    person_id, today = actor.person_id if child_id is None else child_id, clock.today()
    async with unit_of_work():
        if child_id is not None:
            await own_child(child_id, actor.person_id)
        await lock_person(person_id)
        region_id = await people.region_of(person_id)
        if region_id is None:
            raise NoHome
        latest = await queries.stars_of(person_id, limit=1)
        if latest and latest[0].state == rules.PUBLISHED:
            return latest[0].id
        minutes, held = await records.minutes_of(person_id), await queries.in_force(person_id)
        reached = (await records.star_of(minutes, person_id, today)).stars
        rules.check_application(
            agreed=agreed,
            reached=reached,
            held=held.stars if held else 0,
            withdrawn_on=await queries.withdrawn_on(person_id),
            today=today,
        )
        days = (await figures_of(region_id))[rules.PUBLICITY]
        made = Star(
            person=person_id,
            region=region_id,
            stars=reached,
            minutes=minutes,
            applied_at=clock.now(),
            published_until=rules.published_until(today, days),
        )
        await made.save()
        record_audit("star.applied", Ref(queries.KIND, made.id), actor_id=actor.person_id, stars=reached)
        return int(made.id)


async def refuse_star(star_id: int, reason: str, *, actor: Actor) -> None:
    """During publicity, staff of the place say no; a second time changes nothing.

    Raises ReasonMissing, StarNotFound, OwnStar, WrongState.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        found = await served_star(star_id, actor)
        if found.state == rules.REFUSED:
            return
        said = {"reason": reason.strip(), "decided_by": actor.person_id}
        await move_star("refused", found, actor, **said)


async def award_stars() -> None:
    """Whose publicity is over has the star, in the unit of work of its job; an older one is raised."""
    today = clock.today()
    over = await queries.published_until_yesterday(today, limit=_AT_ONCE)
    people_ids = [person_id for _, person_id in over]
    rows = await fetch(
        "select id from volunteer_star where person = any($1) and state = any($2)",
        people_ids,
        list(rules.IN_FORCE),
    )
    await advance_many(rules.STARS, "star.raised", [row["id"] for row in rows], actor_id=None)
    ids = [star_id for star_id, _ in over]
    dates: dict[str, Any] = {"held_on": today, "review_on": rules.next_review(today)}
    for star_id in await advance_many(rules.STARS, "star.awarded", ids, actor_id=None, **dates):
        tell_of("awarded", star_id)


async def readable_star(star_id: int, actor: Actor) -> tuple[StarView, bool]:
    """For the holder, a minor's guardian and the staff of the place; True for the staff.

    Raises StarNotFound.
    """
    found = await queries.star(star_id)
    if await speaks_for(actor.person_id, found.person_id):
        return found, False
    if not await people.serves(actor, found.region_id):
        raise StarNotFound
    return found, True


async def served_star(star_id: int, actor: Actor) -> StarView:
    """The star, locked, for staff of its place who are not concerned; raises StarNotFound or OwnStar."""
    found = await queries.star(star_id, lock=True)
    if not await people.serves(actor, found.region_id):
        raise StarNotFound
    rules.check_decider(actor.person_id, await queries.family(found.person_id))
    return found


async def move_star(verb: str, found: StarView, actor: Actor, **columns: Any) -> None:
    """Through a transition, in the caller's unit of work; raises WrongState."""
    code = f"star.{verb}"
    rules.STARS.check(code, found, clock.now())
    await advance(rules.STARS, code, found.id, actor_id=actor.person_id, **columns)
    tell_of(verb, found.id)


async def figures_of(region_id: int) -> dict[str, int]:
    """What holds for stars of a place today."""
    scopes = [Ref("region", id_) for id_ in await regions.chain(region_id)]
    return await effective(rules.CODES, [*scopes, PLATFORM], clock.today())


def tell_of(what: str, star_id: int) -> None:
    """Ask, in the caller's unit of work, that the holder learns `what` happened."""
    add_job(TELL_STAR, {"what": what, "star_id": star_id})
