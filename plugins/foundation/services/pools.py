"""Matching pools: set up by one person, opened by another; the sponsor's money in, the rest out."""

from dataclasses import dataclass
from datetime import date

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, unit_of_work
from core.evidence.services import record_evidence
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import rules as fund_rules
from core.funds.errors import GiftDayInFuture
from core.funds.postings import UNIT
from core.funds.queries.funds import funds_of
from core.funds.queries.funds import terms as fund_terms
from core.funds.rules import states as fund_states
from core.funds.services.gifts import donors_account
from core.funds.services.sponsored import Sponsored, count_sponsored
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.pools import (
    FundsMissing,
    MoneyWaits,
    NoRest,
    PoolIsOver,
    PoolNotFound,
    SlipUsed,
)
from plugins.foundation.postings import pools as postings
from plugins.foundation.queries import calendar, pools
from plugins.foundation.queries.pools import MoneyView, PoolView
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import MONEY, POOL, POOLS, Plan
from plugins.foundation.tables.pools import Pool, PoolMoney


async def create_pool(organization_id: int, plan: Plan, *, actor: Actor) -> int:
    """Set up a pool, not yet open; returns its id. What is agreed is not changed any more.

    Raises FoundationNotFound, PermissionMissing, and what `check_plan` raises.
    """
    rules.check_plan(plan, clock.today())
    async with unit_of_work() as unit:
        foundation = await calendar.foundation(organization_id)
        actor.require(fund_states.RUN, Ref("organization", foundation.id))
        await _check_funds(organization_id, plan)
        made = Pool(
            organization=organization_id,
            title=plan.title,
            sponsor_name=plan.sponsor_name,
            sponsor_person=plan.sponsor_person,
            numerator=plan.terms.numerator,
            denominator=plan.terms.denominator,
            per_gift_fen=plan.terms.per_gift_fen,
            per_donor_day_fen=plan.terms.per_donor_day_fen,
            per_fund_fen=plan.terms.per_fund_fen,
            whole_fen=plan.whole_fen,
            begins_on=plan.begins_on,
            ends_on=plan.ends_on,
            rest=plan.rest,
            rest_fund=plan.rest_fund if plan.rest == rules.TO_FUND else None,
            made_by=actor.person_id,
            made_at=clock.now(),
        )
        await made.save()
        await unit.connection.execute(
            "insert into foundation_pool_fund (pool, fund) select $1, unnest($2::bigint[])",
            made.id,
            sorted(set(plan.fund_ids)),
        )
        record_audit("foundation.pool_created", Ref(POOL, made.id), actor_id=actor.person_id)
        return int(made.id)


async def _check_funds(organization_id: int, plan: Plan) -> None:
    wanted = {*plan.fund_ids, *([plan.rest_fund] if plan.rest_fund and plan.rest == rules.TO_FUND else [])}
    known = await funds_of(organization_id)
    if any(id_ not in known or known[id_].state != fund_states.OPEN for id_ in wanted):
        raise FundsMissing


@dataclass(frozen=True, kw_only=True)
class Slip:
    """The sponsor's payment, as the bank shows it."""

    amount_fen: int
    receipt_no: str
    received_on: date


async def record_money(pool_id: int, slip: Slip, *, actor: Actor, upload: Upload | None = None) -> int:
    """Write down money of the sponsor that has come. Above the limit for gifts a second person confirms it.

    The second click with the same number returns the first. Raises PoolNotFound, PoolIsOver, MoneyBeyondPool,
    SlipUsed, GiftDayInFuture.
    """
    if slip.received_on > clock.today():
        raise GiftDayInFuture
    try:
        async with unit_of_work():
            found = await _locked(pool_id, actor, fund_states.RECORD)
            if found.state not in (rules.DRAFT, rules.OPEN):
                raise PoolIsOver
            made = PoolMoney(
                pool=pool_id,
                organization=found.organization_id,
                amount_fen=slip.amount_fen,
                receipt_no=slip.receipt_no,
                received_on=slip.received_on,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
            )
            await made.save()
            rules.check_money(0, await pools.known_fen(pool_id), found.whole_fen)
            if upload is not None:
                await keep_file(upload, subject=Ref(MONEY, made.id), actor_id=actor.person_id)
            record_audit("foundation.pool_money_recorded", Ref(MONEY, made.id), actor_id=actor.person_id)
            alone_fen = (await fund_terms(found.organization_id))[fund_rules.ALONE]
            if not fund_rules.needs_second(slip.amount_fen, alone_fen):
                await _count(await pools.money(made.id), actor, confirmed_by=None)
            return int(made.id)
    except asyncpg.UniqueViolationError:
        return await _repeated(pool_id, slip, actor)


async def _repeated(pool_id: int, slip: Slip, actor: Actor) -> int:
    for known in await pools.money_of(pool_id):
        same = (known.amount_fen, known.receipt_no, known.received_on, known.recorded_by)
        if same == (slip.amount_fen, slip.receipt_no, slip.received_on, actor.person_id):
            return known.id
    raise SlipUsed(receipt_no=slip.receipt_no)


async def confirm_money(money_id: int, *, actor: Actor) -> None:
    """The second person has seen the money; repeating it changes nothing.

    Raises MoneyNotFound, PoolNotFound, OwnMoney, PoolIsOver or WrongState.
    """
    async with unit_of_work():
        found = await _locked((await pools.money(money_id)).pool_id, actor, fund_states.CONFIRM)
        one = await pools.money(money_id, lock=True)
        rules.check_second_money(actor.person_id, one.recorded_by)
        if one.state == rules.COUNTED:
            return
        rules.MONEYS.check("foundation.pool_money_counted", one, clock.now())
        if found.state not in (rules.DRAFT, rules.OPEN):
            raise PoolIsOver
        await _count(one, actor, confirmed_by=actor.person_id)


async def drop_money(money_id: int, *, actor: Actor) -> None:
    """It was written down by mistake; raises MoneyNotFound, PoolNotFound or WrongState."""
    async with unit_of_work():
        await _locked((await pools.money(money_id)).pool_id, actor, fund_states.RECORD)
        one = await pools.money(money_id, lock=True)
        if one.state != rules.DROPPED:
            rules.MONEYS.check("foundation.pool_money_dropped", one, clock.now())
            await advance(rules.MONEYS, "foundation.pool_money_dropped", money_id, actor_id=actor.person_id)


async def _count(one: MoneyView, actor: Actor, *, confirmed_by: int | None) -> None:
    now, columns = clock.now(), {"confirmed_by": confirmed_by} if confirmed_by else {}
    ref, facts = Ref(MONEY, one.id), {"amount_fen": one.amount_fen}
    await advance(
        rules.MONEYS,
        "foundation.pool_money_counted",
        one.id,
        actor_id=actor.person_id,
        facts=facts,
        counted_at=now,
        **columns,
    )
    slip = await record_evidence(postings.SLIP, ref, actor_id=actor.person_id, **facts)
    ledger.post(
        postings.paid_in(
            one.id,
            donors=await donors_account(one.organization_id),
            pool=await pool_account(one.pool_id),
            amount_fen=one.amount_fen,
            slip=slip,
            at=now,
        )
    )


async def pool_account(pool_id: int) -> int:
    """Where the sponsor's money lies."""
    return await ledger.open_account(Ref(POOL, pool_id), kind=postings.ACCOUNT, unit=UNIT)


async def open_pool(pool_id: int, *, actor: Actor) -> None:
    """A second person opens it: gifts that count from now on are matched. Repeating it changes nothing.

    Raises PoolNotFound, OwnPool, PoolEmpty, PoolIsOver or WrongState.
    """
    async with unit_of_work():
        found = await _locked(pool_id, actor, fund_states.CONFIRM)
        if found.state == rules.OPEN:
            return
        POOLS.check("foundation.pool_opened", found, clock.now())
        if found.ends_on < clock.today():
            raise PoolIsOver
        rules.check_opens(actor.person_id, found.made_by, found.balance_fen)
        by, now = actor.person_id, clock.now()
        await advance(POOLS, "foundation.pool_opened", pool_id, actor_id=by, opened_by=by, opened_at=now)


async def end_pool(pool_id: int, *, actor: Actor) -> None:
    """No gift is matched any more; raises PoolNotFound, MoneyWaits or WrongState."""
    async with unit_of_work():
        found = await _locked(pool_id, actor, fund_states.RUN)
        if found.state == rules.ENDED:
            return
        POOLS.check("foundation.pool_ended", found, clock.now())
        if any(one.state == rules.WAITING for one in await pools.money_of(pool_id)):
            raise MoneyWaits
        await advance(POOLS, "foundation.pool_ended", pool_id, actor_id=actor.person_id)


async def end_over() -> None:
    """End the pools whose last day is over, except where money still waits for a second person."""
    async with unit_of_work():
        rows = await fetch(
            "select id from foundation_pool p where state = 'open' and ends_on < $1 and not exists (select"
            " from foundation_pool_money where pool = p.id and state = 'waiting')"
            " order by id limit 100 for no key update",
            clock.today(),
        )
        for row in rows:
            await advance(POOLS, "foundation.pool_ended", row["id"], actor_id=None)


async def prepare_rest(pool_id: int, *, payment_no: str, actor: Actor) -> None:
    """The first person writes down how the rest goes where it was agreed; repeating changes nothing.

    Raises PoolNotFound, NoRest or WrongState.
    """
    async with unit_of_work():
        found = await _locked(pool_id, actor, fund_states.RECORD)
        known = (found.state, found.rest_prepared_by, found.rest_payment_no)
        if known == (rules.PREPARED, actor.person_id, payment_no):
            return
        POOLS.check("foundation.pool_rest_prepared", found, clock.now())
        if found.balance_fen <= 0:
            raise NoRest
        by = actor.person_id
        await advance(
            POOLS,
            "foundation.pool_rest_prepared",
            pool_id,
            actor_id=by,
            rest_fen=found.balance_fen,
            rest_payment_no=payment_no,
            rest_prepared_by=by,
            rest_signed_by=None,
        )


async def drop_rest(pool_id: int, *, actor: Actor) -> None:
    """It was prepared by mistake; raises PoolNotFound or WrongState."""
    async with unit_of_work():
        found = await _locked(pool_id, actor, fund_states.RECORD)
        POOLS.check("foundation.pool_rest_dropped", found, clock.now())
        await advance(POOLS, "foundation.pool_rest_dropped", pool_id, actor_id=actor.person_id)


async def settle_rest(pool_id: int, *, actor: Actor) -> None:
    """The second person signs: the rest goes to the sponsor or the fund, as agreed. Once.

    Raises PoolNotFound, OwnRest, FundsMissing (it is closed) or WrongState.
    """
    async with unit_of_work():
        found = await _locked(pool_id, actor, fund_states.CONFIRM)
        rules.check_second_rest(actor.person_id, found.rest_prepared_by)
        if found.state == rules.SETTLED:
            return
        POOLS.check("foundation.pool_settled", found, clock.now())
        assert found.rest_fen is not None, "it was prepared"
        if found.rest == rules.TO_FUND:
            await _give_rest(found, found.rest_fen)
        else:
            await _send_rest(found, found.rest_fen)
        by = actor.person_id
        await advance(POOLS, "foundation.pool_settled", pool_id, actor_id=by, rest_signed_by=by)
        await current_unit().connection.execute(
            "update foundation_pool set rest_paid_fen = rest_paid_fen + rest_fen where id = $1", pool_id
        )
        if found.balance_fen > found.rest_fen:
            await advance(POOLS, "foundation.pool_rest_came", pool_id, actor_id=None)


async def _give_rest(found: PoolView, amount_fen: int) -> None:
    assert found.rest_fund_id is not None, "a check of the table"
    assert found.rest_prepared_by is not None, "it was prepared"
    known = await funds_of(found.organization_id)
    if known[found.rest_fund_id].state != fund_states.OPEN:
        raise FundsMissing
    gift = Sponsored(
        fund_id=found.rest_fund_id,
        purpose_id=None,
        amount_fen=amount_fen,
        donor_id=found.sponsor_person,
        donor_name=found.sponsor_name,
        receipt_no=found.rest_payment_no,
    )
    source = await pool_account(found.id)
    await count_sponsored(found.organization_id, [gift], source=source, recorded_by=found.rest_prepared_by)


async def _send_rest(found: PoolView, amount_fen: int) -> None:
    ledger.post(
        postings.rest(
            found.id,
            payment_no=found.rest_payment_no,
            pool=await pool_account(found.id),
            donors=await donors_account(found.organization_id),
            amount_fen=amount_fen,
            at=clock.now(),
        )
    )


async def _locked(pool_id: int, actor: Actor, permission: str) -> PoolView:
    """The pool, locked, for who may do it at its foundation; PoolNotFound for others."""
    found = await pools.lock([pool_id])
    if not found or not actor.may(permission, found[0].foundation):
        raise PoolNotFound
    return found[0]
