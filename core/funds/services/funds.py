"""A fund's life: founded, opened, closing, closed; its purposes and its committee."""

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.funds import rules
from core.funds.errors import AgreementMissing, FundNameTaken
from core.funds.errors.purposes import PurposeMissing, PurposeTaken
from core.funds.errors.seats import SeatNotFound, SeatReasonMissing, VoteUnderWay
from core.funds.queries import agreements
from core.funds.queries import funds as queries
from core.funds.queries.funds import FundView
from core.funds.rules import states
from core.funds.tables import Fund, FundPurpose
from core.organizations import queries as organizations
from core.people.errors import OwnRole
from core.people.queries import person_id_of
from core.people.rules import Actor
from core.people.services.roles import write_end, write_grant
from core.reference import Ref
from core.search.services import index_thing


async def found_fund(name: str, *, organization_id: int, summary: str, actor: Actor) -> int:
    """Found a fund under a foundation and return its id; it opens when it has a purpose and an agreement.

    Raises PermissionMissing, NoKeeperOfFunds, NameWithoutFoundation or FundNameTaken.
    """
    actor.require(states.RUN, Ref(organizations.OWNER, organization_id))
    foundation = await organizations.organization(organization_id)
    rules.check_keeper(foundation.kind)
    rules.check_name(name, foundation.name)
    try:
        async with unit_of_work():
            fund = Fund(
                organization=organization_id,
                region=foundation.region_id,
                name=name,
                summary=summary,
                founded_at=clock.now(),
            )
            await fund.save()
            ref = Ref(rules.FUND, fund.id)
            await index_thing(ref, name=name, path=f"/funds/{fund.id}")
            record_audit("fund.founded", ref, actor_id=actor.person_id)
            return int(fund.id)
    except asyncpg.UniqueViolationError:
        raise FundNameTaken from None


async def add_purpose(fund_id: int, title: str, *, actor: Actor) -> int:
    """Add what gifts can be bound to, and return its id; raises PurposeTaken, TooManyPurposes."""
    try:
        async with unit_of_work():
            await _run(fund_id, actor)
            rules.check_purposes(len(await queries.purposes(fund_id)))
            purpose = FundPurpose(fund=fund_id, title=title)
            await purpose.save()
            facts = {"purpose_id": int(purpose.id)}
            record_audit("fund.purpose_added", Ref(rules.FUND, fund_id), actor_id=actor.person_id, **facts)
            return int(purpose.id)
    except asyncpg.UniqueViolationError:
        raise PurposeTaken from None


async def seat_member(fund_id: int, *, phone: str, name: str, actor: Actor) -> None:
    """Give somebody a seat on the fund's committee; a second time changes nothing.

    Phone and name together, so that a slip of the finger hits nobody. Whoever runs the fund seats somebody
    else; raises PersonNotFound, OwnRole.
    """
    async with unit_of_work():
        await _run(fund_id, actor)
        person_id = await person_id_of(phone, name)
        if person_id == actor.person_id:
            raise OwnRole
        scope = Ref(rules.FUND, fund_id)
        await write_grant(person_id, states.COMMITTEE, scope, actor_id=actor.person_id, ends_on=None)


async def end_seat(fund_id: int, seat_id: int, *, reason: str, actor: Actor) -> None:
    """End a seat on the committee; its votes of before still count.

    By whoever runs the fund. Raises SeatReasonMissing, SeatNotFound, VoteUnderWay.
    """
    if not reason.strip():
        raise SeatReasonMissing
    async with unit_of_work():
        await _run(fund_id, actor)
        seat = next((one for one in await queries.seats(fund_id) if one.id == seat_id), None)
        if seat is None:
            raise SeatNotFound
        if await queries.is_voting(fund_id):
            raise VoteUnderWay
        await write_end(seat, reason=reason, actor_id=actor.person_id)


async def open_fund(fund_id: int, *, actor: Actor) -> None:
    """Let it take gifts and requests; raises PurposeMissing, AgreementMissing or WrongState."""
    async with unit_of_work():
        fund = await _run(fund_id, actor)
        if not await queries.purposes(fund_id):
            raise PurposeMissing
        if not await agreements.is_signed(fund_id):
            raise AgreementMissing
        await _advance(fund, "fund.opened", actor)


async def stop_gifts(fund_id: int, *, actor: Actor) -> None:
    """Take no more gifts: what is there is still to be used. Raises WrongState."""
    async with unit_of_work():
        await _advance(await _run(fund_id, actor), "fund.closing", actor)


async def end_fund(fund_id: int, *, actor: Actor) -> None:
    """End a fund of which every fen is used; raises WrongState, RequestsUnderWay or FundNotEmpty."""
    async with unit_of_work():
        fund = await _run(fund_id, actor)
        states.FUNDS.check("fund.closed", fund, clock.now())
        free, _held = await queries.holdings(fund_id)
        rules.check_end(free, await queries.under_way(fund_id))
        await _advance(fund, "fund.closed", actor)


async def _run(fund_id: int, actor: Actor) -> FundView:
    fund = await queries.fund(fund_id, lock=True)
    actor.require(states.RUN, fund.foundation)
    return fund


async def _advance(fund: FundView, code: str, actor: Actor) -> None:
    """A second click finds it done."""
    if fund.state != states.FUNDS.transition(code).target:
        states.FUNDS.check(code, fund, clock.now())
        await advance(states.FUNDS, code, fund.id, actor_id=actor.person_id)
