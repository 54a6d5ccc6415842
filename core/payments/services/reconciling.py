"""Holding our clearing against the provider's own books, every night and on demand.

What agrees with a fact of ours gets its fee, its change of currency and its payout; what does not, and what
is not ours, is shown to the treasurer. Nothing here changes what a payment is: that is `settle`'s.
"""

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch, unit_of_work
from core.jobs.queries import is_due_since
from core.jobs.services import add_job
from core.ledger import services as ledger
from core.payments import postings, queries, rules
from core.payments.errors import LineNotFound, MerchantNotFound, ReconciledJustNow
from core.payments.providers import SettlementLine
from core.payments.rules.settlements import shares
from core.payments.services.arrivals import match_arrivals
from core.payments.services.merchants import settlements_of
from core.payments.services.online import settle
from core.people.rules import Actor
from core.reference import Ref

RECONCILE, RECONCILE_ALL = "core.reconcile", "core.reconcile_all"
# Lines may be booked late, and our clocks differ.
_OVERLAP = timedelta(days=3)
_JUST_NOW = timedelta(minutes=1)
# How long a line that does not agree may still find its fact.
_JUDGED_AGAIN = timedelta(days=30)
_SETTLED_MOST, _POSTED_MOST = 200, 2_000


async def reconcile_all() -> None:
    """Ask for each account that has taken money; once a day."""
    day = clock.today()
    async with unit_of_work():
        for row in await fetch("select id from payment_merchant where is_active and checked_at is not null"):
            add_job(RECONCILE, {"merchant_id": row["id"]}, key=f"reconcile:{row['id']}:{day}")


async def ask_to_reconcile(organization_id: int, *, actor: Actor) -> None:
    """Have it done now. Raises MerchantNotFound, and ReconciledJustNow within a minute of the last time."""
    if not actor.may(rules.CONFIRM, Ref("organization", organization_id)):
        raise MerchantNotFound
    now = clock.now()
    minute = int(now.timestamp()) // 60
    async with unit_of_work():
        found = [one for one in await queries.merchants(organization_ids=[organization_id]) if one.is_active]
        if not found:
            raise MerchantNotFound
        keys = {one.id: [f"reconcile-now:{one.id}:{at}" for at in (minute, minute - 1)] for one in found}
        if await is_due_since([key for some in keys.values() for key in some], now - _JUST_NOW):
            raise ReconciledJustNow
        for merchant in found:
            key = keys[merchant.id][0]
            add_job(RECONCILE, {"merchant_id": merchant.id}, priority=-1, key=key)


async def reconcile(merchant_id: int) -> None:
    """Read the provider's books since the last time, and hold them against ours.

    Raises ProviderSilent, ProviderRefused.
    """
    (merchant,) = await queries.merchants(ids=[merchant_id])
    now = clock.now()
    since = await queries.reconciled_since(merchant_id) - _OVERLAP
    lines = await settlements_of(merchant, since)
    async with unit_of_work():
        await _note(merchant_id, lines)
    for attempt_id in await queries.attempts_not_booked(merchant_id, limit=_SETTLED_MOST):
        await settle(attempt_id)
    async with unit_of_work() as unit:
        # One at a time for an account.
        await unit.connection.execute(
            "update payment_merchant set reconciled_at = $2 where id = $1", merchant_id, now
        )
        await _judge(merchant_id)
        await _post(merchant_id, merchant.organization_id)
        await _post_withdrawals(merchant_id, merchant.organization_id)
        await match_arrivals(merchant.organization_id)


async def _note(merchant_id: int, lines: Sequence[SettlementLine]) -> None:
    """As the provider says them; a line that was paid out since then learns with what."""
    await current_unit().connection.execute(
        """
        insert into payment_settlement_line (merchant, external_id, kind, amount, fee, currency, source,
            reference, paid_fen, payout, booked_at, noted_at)
        select $1, external_id, kind, amount, fee, left(currency, 3), left(source, 200),
            left(reference, 200), paid_fen, payout, booked_at, $2
        from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[],
            $10::bigint[], $11::text[], $12::timestamptz[]) as line
            (external_id, kind, amount, fee, currency, source, reference, paid_fen, payout, booked_at)
        on conflict (merchant, external_id) do update set payout = excluded.payout
            where payment_settlement_line.payout = ''""",
        merchant_id,
        clock.now(),
        *(
            [getattr(line, name) for line in lines]
            for name in (
                "external_id",
                "kind",
                "amount",
                "fee",
                "currency",
                "source",
                "reference",
                "paid_fen",
                "payout",
                "booked_at",
            )
        ),
    )


async def _judge(merchant_id: int) -> None:
    """agrees, differs from our fact, is missing with us though it bears our reference, or is not ours."""
    await current_unit().connection.execute(
        """
        update payment_settlement_line l set attempt = found.attempt, verdict = found.verdict
        from (
            select line.id, coalesce(f.attempt, a.id) as attempt, case
                when line.kind = 'payout' then 'agrees'
                when f.id is null then case when a.id is null then 'not_ours' else 'missing' end
                when coalesce(line.paid_fen,
                    case line.currency when 'cny' then abs(line.amount) end, f.amount_fen) <> f.amount_fen
                    then 'differs'
                else 'agrees' end as verdict
            from payment_settlement_line line
            left join lateral (
                select f.id, f.attempt, f.amount_fen from payment_fact f
                join payment_attempt own on own.id = f.attempt and own.merchant = line.merchant
                where f.external_id = line.source and f.kind = line.kind) f on true
            left join payment_attempt a on a.reference = line.reference and a.merchant = line.merchant
            where line.merchant = $1 and line.verdict in ('new', 'missing', 'not_ours', 'differs')
                and line.noted_at > $2
        ) found where l.id = found.id and l.verdict <> found.verdict""",
        merchant_id,
        clock.now() - _JUDGED_AGAIN,
    )


async def _post(merchant_id: int, organization_id: int) -> None:
    """Fees, exchange and payouts of what agrees and is not booked yet."""
    owner = Ref("organization", organization_id)
    lines = await queries.unbooked_lines(merchant_id, limit=_POSTED_MOST)
    units = {postings.UNIT: postings.UNIT}
    for currency in sorted({line.currency for line in lines} - {postings.UNIT.lower()}):
        unit = await ledger.open_unit(postings.FOREIGN, currency.upper())
        units[unit] = unit
    accounts = {
        (kind, unit): await ledger.open_account(owner, kind=kind, unit=unit)
        for unit in units
        for kind in postings.OF_UNIT
    }
    transfers = [transfer for line in lines for transfer in postings.settled(line, accounts)]
    for outcome in await ledger.post_many(transfers):
        if outcome.refusal is not None:
            raise outcome.refusal
    if len(lines) == _POSTED_MOST:
        add_job(RECONCILE, {"merchant_id": merchant_id})
    await current_unit().connection.execute(
        "update payment_settlement_line set is_booked = true, is_paid_out = payout <> '' where id = any($1)",
        [line.line_id for line in lines],
    )


async def _post_withdrawals(merchant_id: int, organization_id: int) -> None:
    """To the bank, where the provider does not say line by line what a payout holds."""
    lines = await queries.unbooked_withdrawals(merchant_id, limit=_POSTED_MOST)
    if not lines:
        return
    owner = Ref("organization", organization_id)
    bank = await ledger.open_account(owner, kind=postings.BANK, unit=postings.UNIT)
    clearing = await ledger.open_account(owner, kind=postings.ONLINE, unit=postings.UNIT)
    ours = shares(lines)
    for line in lines:
        if ours[line.line_id]:
            ledger.post(
                postings.moved(
                    ours[line.line_id],
                    bank,
                    clearing,
                    key=f"settled:{line.line_id}:payout",
                    reason=postings.PAID_OUT,
                    cause=owner,
                    occurred_at=line.booked_at,
                )
            )
    await current_unit().connection.execute(
        "update payment_settlement_line l set ours = n.ours, is_booked = true"
        " from unnest($1::bigint[], $2::bigint[]) as n (id, ours) where l.id = n.id",
        list(ours),
        list(ours.values()),
    )


async def set_line_aside(line_id: int, *, actor: Actor) -> None:
    """The treasurer has looked into a line that does not agree; a second click changes nothing.

    Needs `core.payments.confirm` at the payee; raises LineNotFound.
    """
    async with unit_of_work() as unit:
        payee_id = await queries.line_payee(line_id)
        if payee_id is None or not actor.may(rules.CONFIRM, Ref("organization", payee_id)):
            raise LineNotFound
        is_new = await unit.connection.fetchval(
            "update payment_settlement_line set aside_by = $2, aside_at = $3"
            " where id = $1 and aside_at is null and verdict in ('differs', 'missing', 'not_ours')"
            " returning true",
            line_id,
            actor.person_id,
            clock.now(),
        )
        if is_new:
            subject = Ref("organization", payee_id)
            record_audit("settlement.set_aside", subject, actor_id=actor.person_id, line=line_id)
