"""The verbs to which two sides agree: joining by application, moving, merging, splitting."""

from collections.abc import Sequence

import asyncpg

from core import clock
from core.audit.services import advance
from core.database import current_unit, unit_of_work
from core.households import queries, rules
from core.households.errors import AskedAlready, RequestNotFound, RequestOver
from core.households.queries import HouseholdView, RequestView
from core.households.services.members import add_members, lock, remove_members
from core.language import mark
from core.notifications.services import notify
from core.people import queries as people
from core.people.errors import InAnotherHousehold
from core.people.rules import Actor
from core.people.services import register_household
from core.registration import queries as registration

_ASKED = (mark("家庭户有一项申请等您答复"), mark("请打开“我的家庭户”看一看。"))
_ANSWERS = {
    "agreed": (mark("家庭户的申请通过了"), mark("对方同意了您的申请。")),
    "refused": (mark("家庭户的申请没有通过"), mark("对方没有同意您的申请。")),
}


async def ask_to_join(household_id: int, *, actor: Actor) -> int:
    """Ask a household's head; returns the request's id.

    Raises HouseholdNotFound, InAnotherHousehold, AskedAlready.
    """
    if actor.household_id is not None:
        raise InAnotherHousehold
    async with unit_of_work():
        household = await lock(household_id)
        request_id = await _ask(rules.JOIN, household_id, actor, person=actor.person_id)
        _tell(household.head_id, *_ASKED)
        return request_id


async def ask_to_move(region_id: int, *, actor: Actor) -> int:
    """Ask the workers of another place; raises NotHead, PlaceUnknown, SameRegion, AskedAlready."""
    async with unit_of_work():
        household = await _own(actor)
        await queries.check_place(region_id)
        rules.check_move(region_id, household.region_id)
        return await _ask(rules.MOVE, household.id, actor, region=region_id)


async def ask_to_merge(other_id: int, *, actor: Actor) -> int:
    """Ask another head to take all of one's own household in.

    Raises NotHead, OtherHousehold, HouseholdNotFound, AskedAlready.
    """
    async with unit_of_work():
        household = await _own(actor)
        rules.check_other(household.id, other_id)
        other = await queries.household(other_id)
        request_id = await _ask(rules.MERGE, household.id, actor, other=other_id)
        _tell(other.head_id, *_ASKED)
        return request_id


async def ask_to_split(members: Sequence[int], new_head: int, *, actor: Actor) -> int:
    """Ask a member to found a household with some of the others.

    Raises NotHead, HeadLeaves, NotMember, HeadTooYoung, AskedAlready.
    """
    async with unit_of_work():
        household = await _own(actor)
        rules.check_split(members, new_head, actor.person_id, household.member_ids)
        rules.check_head_age(await registration.child(new_head) is None)
        request_id = await _ask(
            rules.SPLIT, household.id, actor, person=new_head, members=sorted(set(members))
        )
        _tell(new_head, *_ASKED)
        return request_id


async def agree(request_id: int, *, actor: Actor) -> None:
    """The other side agrees, and it is done. Of two clicks the second changes nothing.

    Raises RequestNotFound, RequestOver, and what the change itself may be refused for.
    """
    async with unit_of_work():
        await _lock_households(await queries.request(request_id))
        request = await _visible(request_id, actor)
        if await _answer(request, "agreed", actor):
            await _DONE[request.kind](request)


async def refuse(request_id: int, *, actor: Actor) -> None:
    """The other side does not agree; raises RequestNotFound, RequestOver."""
    async with unit_of_work():
        await _answer(await _visible(request_id, actor), "refused", actor)


async def withdraw(request_id: int, *, actor: Actor) -> None:
    """Who has asked takes it back; raises RequestNotFound, RequestOver."""
    async with unit_of_work():
        request = await queries.request(request_id)
        if request.asked_by != actor.person_id:
            raise RequestNotFound
        await _answer(request, "withdrawn", actor)


async def _own(actor: Actor) -> HouseholdView:
    """The actor's household, locked, of which he must be the head."""
    household = await lock(actor.require_household())
    rules.check_head(household.head_id, actor.person_id)
    return household


async def _ask(
    kind: str,
    household_id: int,
    actor: Actor,
    *,
    person: int | None = None,
    other: int | None = None,
    region: int | None = None,
    members: Sequence[int] = (),
) -> int:
    try:
        async with unit_of_work() as unit:
            return int(
                await unit.connection.fetchval(
                    "insert into household_request (kind, household, person, other, region, members,"
                    " asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
                    kind,
                    household_id,
                    person,
                    other,
                    region,
                    list(members),
                    actor.person_id,
                    clock.now(),
                )
            )
    except asyncpg.UniqueViolationError:
        raise AskedAlready from None


async def _visible(request_id: int, actor: Actor) -> RequestView:
    """The request, for whoever has to answer it; raises RequestNotFound."""
    request = await queries.request(request_id)
    if request.kind == rules.MOVE:
        assert request.region_id is not None
        is_theirs = await people.serves(actor, request.region_id) and request.asked_by != actor.person_id
    else:
        answerer = {
            rules.JOIN: request.head_id,
            rules.MERGE: request.other_head_id,
            rules.SPLIT: request.person_id,
        }[request.kind]
        is_theirs = answerer == actor.person_id
    if not is_theirs:
        raise RequestNotFound
    return request


async def _lock_households(request: RequestView) -> None:
    """Both sides' rows, in one order everywhere."""
    await current_unit().connection.execute(
        "select from household where id = any($1) order by id for no key update",
        [id_ for id_ in (request.household_id, request.other_id) if id_],
    )


async def _answer(request: RequestView, state: str, actor: Actor) -> bool:
    """False for the second click of the same answer; raises RequestOver for another answer."""
    moved = await advance(
        rules.REQUESTS,
        f"household_request.{state}",
        request.id,
        actor_id=actor.person_id,
        decided_by=actor.person_id,
        decided_at=clock.now(),
    )
    if not moved:
        if (await queries.request(request.id)).state != state:
            raise RequestOver
        return False
    if state in _ANSWERS:
        _tell(request.asked_by, *_ANSWERS[state])
    return True


async def _join(request: RequestView) -> None:
    assert request.person_id is not None
    await add_members(await queries.household(request.household_id), [request.person_id])


async def _move(request: RequestView) -> None:
    household = await queries.household(request.household_id)
    await current_unit().connection.execute(
        "update household set region = $2 where id = $1", household.id, request.region_id
    )


async def _merge(request: RequestView) -> None:
    assert request.other_id is not None
    household, other = (
        await queries.household(request.household_id),
        await queries.household(request.other_id),
    )
    if household.head_id != request.asked_by:
        raise RequestOver
    await remove_members(household, household.member_ids)
    await add_members(other, household.member_ids)


async def _split(request: RequestView) -> None:
    household = await queries.household(request.household_id)
    if household.head_id != request.asked_by or not set(request.members) <= set(household.member_ids):
        raise RequestOver
    assert request.person_id is not None
    await remove_members(household, list(request.members))
    others = [id_ for id_ in request.members if id_ != request.person_id]
    await register_household(household.region_id, person_ids=[request.person_id, *others])


_DONE = {rules.JOIN: _join, rules.MOVE: _move, rules.MERGE: _merge, rules.SPLIT: _split}


def _tell(person_id: int | None, title: str, body: str) -> None:
    if person_id is not None:
        notify(person_id, title=title, body=body, path="/household")
