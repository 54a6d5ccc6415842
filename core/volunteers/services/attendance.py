"""Come and go: by the code that the leader's phone shows, or on the leader's list."""

from datetime import datetime
from typing import Any

from core import clock, settings
from core.audit.services import advance
from core.database import current_unit, unit_of_work
from core.people.rules import Actor
from core.registration.queries import speaks_for
from core.volunteers.errors import CodeWrong, NotYet, OwnService, SignUpNotFound, TooManyCodes
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.queries.sign_ups import SignUpView
from core.volunteers.rules import codes, flows, places, terms
from core.volunteers.services.opportunities import led_shift
from core.volunteers.services.telling import tell

FORGET = "core.forget_distances"
_FORGOTTEN_AT_ONCE = 5_000


async def code_shown(shift_id: int, *, actor: Actor) -> str:
    """The code of this moment, for the leader's phone; raises ShiftNotFound, OpportunityNotFound."""
    await led_shift(shift_id, actor)
    return codes.code_of(settings.load().secret, shift_id, clock.now())


async def check_in(shift_id: int, code: str, *, actor: Actor, seen_at: datetime | None = None) -> None:
    """Check in by the code of the moment; a second time changes nothing.

    `seen_at`: the minute in which it was seen, by who had no network then. Raises SignUpNotFound, CodeWrong,
    TooManyCodes, NoPlace, TooEarlyToCheckIn, TooLateToCheckIn, NotYetThen, TooLateToUpload.
    """
    await _check_code(shift_id, code, actor, seen_at)
    async with unit_of_work():
        found = await sign_ups.sign_up_at(shift_id, actor.person_id, lock=True)
        if found.state == flows.PRESENT:
            return
        own_terms, at = await _moment(found, seen_at)
        terms.check_in(found.state, found.span, own_terms, at)
        await _advance("sign_up.checked_in", found, actor, came_at=at)


async def check_in_here(shift_id: int, position: str, *, actor: Actor) -> None:
    """Check in by where one's phone is, which is compared and forgotten; a second time changes nothing.

    Only the class of the distance is kept, for 90 days. Raises SignUpNotFound, PositionMalformed, NoPlace,
    TooEarlyToCheckIn, TooLateToCheckIn, NoPositionAsked, PositionMissing, TooFarAway.
    """
    here = places.position_of(position)
    async with unit_of_work():
        found = await sign_ups.sign_up_at(shift_id, actor.person_id, lock=True)
        if found.state == flows.PRESENT:
            return
        own_terms, now = await _terms(found), clock.now()
        terms.check_in(found.state, found.span, own_terms, now)
        opportunity = await opportunities.opportunity(found.opportunity_id)
        within_m = places.check_near(opportunity.position, here, own_terms.radius_m)
        await _advance("sign_up.checked_in_here", found, actor, came_at=now, within_m=within_m)


async def forget_distances() -> None:
    """How near somebody was is forgotten after 90 days, in the unit of work of its job."""
    await current_unit().connection.execute(
        "update volunteer_sign_up set within_m = null where id in (select id from volunteer_sign_up"
        " where within_m is not null and came_at < $1 order by came_at limit $2)",
        clock.now() - places.KEPT,
        _FORGOTTEN_AT_ONCE,
    )


async def check_out(shift_id: int, code: str, *, actor: Actor, seen_at: datetime | None = None) -> None:
    """Check out by the code of the moment, or of the minute `seen_at`; a second time changes nothing.

    Raises SignUpNotFound, CodeWrong, TooManyCodes, NoPlace, TooLateToCheckOut, NotYetThen,
    TooLateToUpload.
    """
    await _check_code(shift_id, code, actor, seen_at)
    async with unit_of_work():
        found = await sign_ups.sign_up_at(shift_id, actor.person_id, lock=True)
        if found.state == flows.LEFT:
            return
        own_terms, at = await _moment(found, seen_at)
        terms.check_out(found.state, found.span, own_terms, at)
        await _advance("sign_up.checked_out", found, actor, left_at=max(at, found.came_at or at))


async def _moment(found: SignUpView, seen_at: datetime | None) -> tuple[terms.Terms, datetime]:
    """The rules, and when it happened: now, or when the code was seen."""
    own_terms, now = await _terms(found), clock.now()
    if seen_at is None:
        return own_terms, now
    terms.check_upload(found.span, own_terms, seen_at, now)
    return own_terms, seen_at


async def _check_code(shift_id: int, code: str, actor: Actor, seen_at: datetime | None) -> None:
    """Wrong codes are counted in a unit of work of their own, so that no refusal takes the count back."""
    secret = settings.load().secret
    if seen_at is None:
        is_right = codes.is_code(code, secret, shift_id, clock.now())
    else:
        is_right = codes.was_code(code, secret, shift_id, seen_at)
    async with unit_of_work() as unit:
        tries = await unit.connection.fetchval(
            "update volunteer_sign_up set wrong_codes = wrong_codes + $3 where shift = $1 and person = $2"
            " and state <> 'cancelled' and wrong_codes < $4 returning wrong_codes",
            shift_id,
            actor.person_id,
            int(not is_right),
            codes.TRIES_MOST,
        )
    if tries is None:
        await sign_ups.sign_up_at(shift_id, actor.person_id)  # or there is no such sign-up
        raise TooManyCodes
    if not is_right:
        raise CodeWrong


async def mark_present(
    sign_up_id: int, *, actor: Actor, at: datetime | None = None, shift_id: int | None = None
) -> None:
    """The leader checks somebody in on the list; a second time changes nothing.

    `at`: when it was noted, by a leader who had no network then. Raises SignUpNotFound, OpportunityNotFound,
    OwnService, NoPlace, TooEarlyToCheckIn, TooLateToCheckIn, NotYetThen, TooLateToUpload.
    """
    async with unit_of_work():
        found = await led_sign_up(sign_up_id, actor, shift_id)
        if found.state == flows.PRESENT or (at and found.state == flows.LEFT):
            return
        own_terms, moment = await _moment(found, at)
        terms.check_in(found.state, found.span, own_terms, moment)
        await _advance("sign_up.marked_present", found, actor, came_at=moment)


async def mark_left(
    sign_up_id: int, *, actor: Actor, at: datetime | None = None, shift_id: int | None = None
) -> None:
    """The leader checks somebody out on the list, now or `at`; a second time changes nothing.

    Raises SignUpNotFound, OpportunityNotFound, OwnService, NoPlace, TooLateToCheckOut, NotYetThen,
    TooLateToUpload.
    """
    async with unit_of_work():
        found = await led_sign_up(sign_up_id, actor, shift_id)
        if found.state == flows.LEFT:
            return
        own_terms, moment = await _moment(found, at)
        terms.check_out(found.state, found.span, own_terms, moment)
        await _advance("sign_up.marked_left", found, actor, left_at=max(moment, found.came_at or moment))


async def mark_absent(sign_up_id: int, *, actor: Actor) -> None:
    """The leader writes down that somebody has not come; a second time changes nothing.

    Raises SignUpNotFound, OpportunityNotFound, OwnService, NotYet, WrongState.
    """
    async with unit_of_work():
        found = await led_sign_up(sign_up_id, actor)
        if found.state == flows.ABSENT:
            return
        now = clock.now()
        flows.SIGN_UPS.check("sign_up.marked_absent", found, now)
        if now < found.begins_at:
            raise NotYet
        await _advance("sign_up.marked_absent", found, actor)
        tell("absent", found.id)


async def led_sign_up(sign_up_id: int, actor: Actor, shift_id: int | None = None) -> SignUpView:
    """A sign-up, its row locked, for who leads its shift (that one, if given) and is not the volunteer.

    Nor the guardian of that volunteer. Raises SignUpNotFound, OpportunityNotFound or OwnService.
    """
    found = await sign_ups.sign_up(sign_up_id, lock=True)
    if shift_id not in (None, found.shift_id):
        raise SignUpNotFound
    await led_shift(found.shift_id, actor)
    if await speaks_for(actor.person_id, found.person_id):
        raise OwnService
    return found


async def _terms(found: SignUpView) -> terms.Terms:
    return await opportunities.terms_of(found.organization_id, clock.today())


async def _advance(code: str, found: SignUpView, actor: Actor, **columns: Any) -> None:
    await advance(flows.SIGN_UPS, code, found.id, actor_id=actor.person_id, **columns)
