"""Reads of providers' own books beside ours: what agrees, what does not, what is not ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_value
from core.payments.rules import CLEARING, Settled
from core.payments.rules.settlements import Withdrawal


@dataclass(frozen=True)
class LineView:
    """A line of a provider's books that a treasurer should look at, or has looked at."""

    id: int
    payee: str
    order_id: int | None
    external_id: str
    kind: str
    amount: int
    fee: int
    currency: str
    verdict: str
    booked_at: datetime
    aside_at: datetime | None


@dataclass(frozen=True)
class Clearing:
    """An organization's money at a provider in one currency: by our ledger, and by the lines that are ours.

    `without_line`: moves of money that are booked with us, and stand in no line of theirs yet.
    """

    organization_id: int
    payee: str
    currency: str
    ours: int
    theirs: int
    without_line: int
    reconciled_at: datetime | None

    @property
    def difference(self) -> int:
        """What is explained neither by a line nor by its not having come yet."""
        return self.ours - self.theirs - self.without_line


@dataclass(frozen=True)
class AsideNotification:
    """A notification that could not be worked on, and why."""

    id: int
    payee: str
    kind: str
    problem: str
    received_at: datetime


async def reconciled_since(merchant_id: int) -> datetime:
    """Up to when the account's lines have been read; since it was connected, if never."""
    found: datetime = await fetch_value(
        "select coalesce(reconciled_at, least(connected_at, (select min(created_at) from payment_attempt"
        " where merchant = $1))) from payment_merchant where id = $1",
        merchant_id,
    )
    return found


async def attempts_not_booked(merchant_id: int, *, limit: int) -> list[int]:
    """Attempts that a new line speaks of, by our reference or the provider's name, without a fact of ours."""
    rows = await fetch(
        """
        select distinct a.id from payment_settlement_line l
        join payment_attempt a on a.merchant = l.merchant and (a.reference = l.reference or a.id in (
            select f.attempt from payment_fact f where f.external_id = l.source))
        where l.merchant = $1 and l.verdict in ('new', 'missing') and l.kind <> 'payout' and not exists (
            select from payment_fact f where f.attempt = a.id and f.kind = l.kind
                and f.external_id = l.source)
        order by a.id desc limit $2""",
        merchant_id,
        limit,
    )
    return [row["id"] for row in rows]


async def unbooked_lines(merchant_id: int, *, limit: int) -> list[Settled]:
    """Lines that agree with a fact, whose fee, exchange or payout does not stand in the ledger yet."""
    rows = await fetch(
        """
        select l.id as line_id, a."order" as order_id, l.amount, l.fee, l.currency, l.payout, l.booked_at,
            f.amount_fen * sign(l.amount)::bigint as moved_fen,
            coalesce(first.paid_fen, first.amount, f.amount_fen) as paid_fen,
            coalesce(first.amount, abs(l.amount)) as came_to
        from payment_settlement_line l join payment_attempt a on a.id = l.attempt
        join payment_fact f on f.attempt = a.id and f.kind = l.kind and f.external_id = l.source
        left join lateral (
            select c.amount, c.paid_fen from payment_settlement_line c
            where c.attempt = a.id and c.kind = 'captured' and c.currency = l.currency
            order by c.id limit 1) first on true
        where l.merchant = $1 and l.verdict = 'agrees' and l.kind <> 'payout'
            and (not l.is_booked or l.payout <> '' and not l.is_paid_out)
        order by l.id limit $2""",
        merchant_id,
        limit,
    )
    return [
        Settled(
            at_first=(row["paid_fen"], row["came_to"]),
            **{name: row[name] for name in Settled.__annotations__ if name != "at_first"},
        )
        for row in rows
    ]


async def unbooked_withdrawals(merchant_id: int, *, limit: int) -> list[Withdrawal]:
    """What went to the bank without the provider's saying which payments it holds, oldest first.

    `there_fen`: what of our money had come to the account by then, with what went back, and fees.
    """
    rows = await fetch(
        """
        select l.id as line_id, -l.amount as amount_fen, l.booked_at, coalesce((
            select sum(o.amount - o.fee) from payment_settlement_line o
            where o.merchant = l.merchant and o.verdict = 'agrees' and o.currency = 'cny' and o.is_booked
                and o.attempt is not null and o.booked_at <= l.booked_at), 0)::bigint
            - coalesce((select sum(w.ours) from payment_settlement_line w
                where w.merchant = l.merchant and w.ours is not null), 0)::bigint as there_fen
        from payment_settlement_line l
        where l.merchant = $1 and l.kind = 'payout' and l.verdict = 'agrees' and l.payout = ''
            and l.currency = 'cny' and l.amount < 0 and l.ours is null
        order by l.booked_at, l.id limit $2""",
        merchant_id,
        limit,
    )
    return [Withdrawal(**dict(row)) for row in rows]


async def clearings(organization_ids: Sequence[int]) -> list[Clearing]:
    """Our clearing beside the provider's lines that are ours, for each organization and currency."""
    rows = await fetch(
        """
        with ours as (
            select owner_id as organization, unit, -balance as ours from ledger_balance
            where owner_kind = 'organization' and owner_id = any($1) and kind = $2),
        theirs as (
            select m.organization, l.currency, sum(coalesce(-l.ours, l.amount - l.fee))::bigint as theirs
            from payment_settlement_line l join payment_merchant m on m.id = l.merchant
            where m.organization = any($1) and l.verdict = 'agrees'
                and (l.attempt is not null and not l.is_paid_out or l.ours is not null)
            group by m.organization, l.currency),
        open as (
            select m.organization, sum(case when f.kind in ('refunded', 'disputed')
                then -f.amount_fen else f.amount_fen end)::bigint as without_line
            from payment_fact f join payment_attempt a on a.id = f.attempt
            join payment_merchant m on m.id = a.merchant
            where m.organization = any($1) and not exists (
                select from payment_settlement_line l where l.attempt = a.id and l.kind = f.kind
                    and l.source = f.external_id and l.verdict = 'agrees' and l.is_booked)
            group by m.organization)
        select org.id as organization_id, org.name as payee,
            case o.unit when 'CNY' then 'cny' else lower(substr(o.unit, 4)) end as currency,
            o.ours, coalesce(t.theirs, 0) as theirs,
            case o.unit when 'CNY' then coalesce(w.without_line, 0) else 0 end as without_line,
            (select max(reconciled_at) from payment_merchant m where m.organization = org.id)
                as reconciled_at
        from ours o join organization org on org.id = o.organization
        left join theirs t on t.organization = o.organization and lower(t.currency) =
            case o.unit when 'CNY' then 'cny' else lower(substr(o.unit, 4)) end
        left join open w on w.organization = o.organization
        order by org.id, o.unit limit 100""",
        list(organization_ids),
        CLEARING,
    )
    return [Clearing(**dict(row)) for row in rows]


async def lines_to_look_at(
    organization_ids: Sequence[int], *, also_aside: bool, before_id: int | None, limit: int
) -> list[LineView]:
    """Lines that differ, are missing with us or are not ours, newest first; those set aside too, if asked."""
    rows = await fetch(
        """
        select l.id, org.name as payee, a."order" as order_id, l.external_id, l.kind, l.amount, l.fee,
            l.currency, l.verdict, l.booked_at, l.aside_at
        from payment_merchant m join payment_settlement_line l on l.merchant = m.id
        join organization org on org.id = m.organization
        left join payment_attempt a on a.id = l.attempt
        where m.organization = any($1) and ($2::bigint is null or l.id < $2)
            and l.verdict in ('differs', 'missing', 'not_ours') and ($3 or l.aside_at is null)
        order by l.id desc limit $4""",
        list(organization_ids),
        before_id,
        also_aside,
        limit,
    )
    return [LineView(**dict(row)) for row in rows]


async def line_payee(line_id: int) -> int | None:
    """The organization whose account the line is of, its row locked until COMMIT."""
    found: int | None = await fetch_value(
        "select m.organization from payment_settlement_line l join payment_merchant m on m.id = l.merchant"
        " where l.id = $1 for no key update of l",
        line_id,
    )
    return found


async def waiting_lines(organization_ids: Sequence[int]) -> dict[str, int]:
    """Organization -> how many lines wait for its treasurer; only those that have some."""
    rows = await fetch(
        """
        select org.name, count(*) as lines from payment_merchant m
        join payment_settlement_line l on l.merchant = m.id
        join organization org on org.id = m.organization
        where m.organization = any($1) and l.aside_at is null
            and l.verdict in ('differs', 'missing', 'not_ours')
        group by org.name order by org.name limit 10""",
        list(organization_ids),
    )
    return {row["name"]: row["lines"] for row in rows}


async def set_aside(organization_ids: Sequence[int], *, limit: int) -> list[AsideNotification]:
    """The newest notifications that could not be worked on."""
    rows = await fetch(
        """
        select n.id, org.name as payee, n.kind, n.problem, n.received_at
        from payment_notification n join payment_merchant m on m.id = n.merchant
        join organization org on org.id = m.organization
        where m.organization = any($1) and n.outcome = 'set_aside' order by n.id desc limit $2""",
        list(organization_ids),
        limit,
    )
    return [AsideNotification(**dict(row)) for row in rows]
