"""Reads of money that goes back: what is left to refund, refunds, disputes, and the history of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.ledger.queries import lying
from core.manifest import Conflict
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.payments.errors import RefundNotFound
from core.payments.queries.orders import lines
from core.payments.rules import LIMIT, REFUNDS, UNASSIGNED, DisputeView, Refund

_REFUND = (
    'r.id, r."order" as order_id, r.payee as payee_id, r.attempt as attempt_id, r.amount_fen, r.reason,'
    " r.state, r.problem, r.reference, r.external_id, r.receipt_no, r.asked_by, r.asked_at, r.ended_at"
)


@dataclass(frozen=True)
class Sums:
    """What the facts of an attempt add up to."""

    captured_fen: int
    refunded_fen: int
    disputed_fen: int

    @property
    def gone_fen(self) -> int:
        """What is no longer there, for whatever reason."""
        return self.refunded_fen + self.disputed_fen


@dataclass(frozen=True)
class Source:
    """Money of an order that may go back where it came from; `attempt_id` None: by hand, as it was taken.

    `left_fen` is less than nothing where more was promised than is there by now.
    """

    attempt_id: int | None
    channel: str
    problem: str
    taken_fen: int
    left_fen: int


@dataclass(frozen=True)
class QueuedRefund:
    """A refund as a treasurer's list shows it."""

    id: int
    order_id: int
    payee: str
    payer: str
    amount_fen: int
    reason: str
    state: str
    problem: str
    is_cash: bool
    channel: str
    asked_at: datetime


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened to an order's money. `kind` has its words in `rules.HISTORY`."""

    kind: str
    amount_fen: int
    happened_at: datetime


async def sums_of(attempt_ids: Sequence[int]) -> dict[int, Sums]:
    """Attempt -> what has come in, gone back and is in dispute; only of those that have facts."""
    rows = await fetch(
        """
        select attempt, coalesce(sum(amount_fen) filter (where kind = 'captured'), 0)::bigint as captured,
            coalesce(sum(case kind when 'refunded' then amount_fen
                when 'refund_failed' then -amount_fen end), 0)::bigint as refunded,
            coalesce(sum(case kind when 'disputed' then amount_fen
                when 'dispute_returned' then -amount_fen end), 0)::bigint as disputed
        from payment_fact where attempt = any($1) group by attempt""",
        list(attempt_ids),
    )
    return {row["attempt"]: Sums(row["captured"], row["refunded"], row["disputed"]) for row in rows}


async def sources(order_id: int) -> list[Source]:
    """What was paid for the order, and how much of each payment may still be sent back.

    Of what became a lot (a gift) no more than is neither used nor set aside.
    """
    rows = await fetch(
        """
        with taken as (
            select null::bigint as attempt, channel, '' as problem, amount_fen as taken,
                coalesce((select sum(amount_fen) from payment_refund
                    where "order" = $1 and attempt is null and state = 'sent'), 0) as gone
            from payment where "order" = $1
            union all
            select a.id, 'online', a.problem, a.captured_fen, coalesce((
                select sum(case when kind in ('refunded', 'disputed') then amount_fen else -amount_fen end)
                from payment_fact where attempt = a.id and kind <> 'captured'), 0)
            from payment_attempt a where a."order" = $1 and a.captured_fen > 0)
        select t.attempt as attempt_id, t.channel, t.problem, t.taken as taken_fen,
            (t.taken - t.gone)::bigint as here_fen,
            coalesce((select sum(amount_fen) from payment_refund
                where "order" = $1 and attempt is not distinct from t.attempt
                    and state in ('asked', 'sending') and not exists (
                        select from payment_fact f where f.attempt = t.attempt and f.kind = 'refunded'
                            and f.external_id = payment_refund.external_id)), 0)::bigint as promised_fen
        from taken t order by t.attempt nulls first""",
        order_id,
    )
    lots = [line for line in (await lines(order_id) if rows else []) if line.given]
    there = await lying([line.given for line in lots if line.given], like=[line.account_id for line in lots])
    unused_fen = sum(sum(parts.values()) for parts in there.values())
    return [
        Source(
            row["attempt_id"],
            row["channel"],
            row["problem"],
            row["taken_fen"],
            (
                min(row["here_fen"], unused_fen)
                if lots and row["problem"] not in UNASSIGNED
                else row["here_fen"]
            )
            - row["promised_fen"],
        )
        for row in rows
    ]


async def refund(refund_id: int, *, lock: bool = False) -> Refund:
    """The refund, its row locked until COMMIT if asked; raises RefundNotFound."""
    row = await fetch_row(
        f"select {_REFUND} from payment_refund r where id = $1" + (" for no key update" if lock else ""),
        refund_id,
    )
    if row is None:
        raise RefundNotFound
    return Refund(**dict(row))


async def refund_approval(refund_id: int) -> int | None:
    """The approval that a second person was asked for, if one was."""
    found: int | None = await fetch_value(
        "select id from approval where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        REFUNDS.code,
        refund_id,
    )
    return found


async def refund_limit(payee_id: int) -> int:
    """How many fen a treasurer may send back alone."""
    scopes = await organizations.parameter_scopes(payee_id)
    return (await parameters.effective([LIMIT], scopes, clock.today()))[LIMIT]


async def refunds_of(order_id: int) -> list[Refund]:
    """The refunds asked for an order, the newest first; the last fifty."""
    rows = await fetch(
        f'select {_REFUND} from payment_refund r where "order" = $1 order by id desc limit 50', order_id
    )
    return [Refund(**dict(row)) for row in rows]


async def refunds(
    payee_ids: Sequence[int], *, only_waiting: bool, before_id: int | None, limit: int
) -> list[QueuedRefund]:
    """Refunds of these organizations, newest first; those that wait for somebody, or failed, if asked."""
    rows = await fetch(
        """
        select r.id, r."order" as order_id, org.name as payee, coalesce(p.name, '') as payer,
            r.amount_fen, r.reason, r.state, r.problem, r.attempt is null as is_cash,
            case when r.attempt is null then m.channel else 'online' end as channel, r.asked_at
        from payment_refund r join payment_order o on o.id = r."order"
        join organization org on org.id = r.payee left join person p on p.id = o.payer
        left join payment m on m."order" = r."order"
        where r.payee = any($1) and ($2::bigint is null or r.id < $2)
            and (not $3 or r.state in ('asked', 'sending') or r.state = 'failed' and not exists (
                select from payment_refund later where later."order" = r."order" and later.id > r.id
                    and later.attempt is not distinct from r.attempt))
        order by r.id desc limit $4""",
        list(payee_ids),
        before_id,
        only_waiting,
        limit,
    )
    return [QueuedRefund(**dict(row)) for row in rows]


_DISPUTES = """
    select d.id, a."order" as order_id, m.organization as payee_id, org.name as payee,
        coalesce(p.name, '') as payer, d.external_id, d.state, d.amount_fen, d.reason, d.opened_at,
        d.due_at, d.closed_at
    from payment_dispute d join payment_attempt a on a.id = d.attempt
    join payment_merchant m on m.id = a.merchant join organization org on org.id = m.organization
    join payment_order o on o.id = a."order" left join person p on p.id = o.payer"""


async def dispute(dispute_id: int) -> DisputeView:
    """It must exist."""
    (row,) = await fetch(f"{_DISPUTES} where d.id = $1", dispute_id)
    return DisputeView(**dict(row))


async def disputes(
    payee_ids: Sequence[int], *, only_open: bool, before_id: int | None, limit: int
) -> list[DisputeView]:
    """Disputes about payments to these organizations: newest first."""
    rows = await fetch(
        f"{_DISPUTES} where m.organization = any($1) and ($2::bigint is null or d.id < $2)"
        " and (not $3 or d.state = 'open') order by d.id desc limit $4",
        list(payee_ids),
        before_id,
        only_open,
        limit,
    )
    return [DisputeView(**dict(row)) for row in rows]


async def open_disputes_of(order_id: int) -> list[DisputeView]:
    """Those of one order that wait for an answer."""
    rows = await fetch(f"""{_DISPUTES} where a."order" = $1 and d.state = 'open' order by d.id""", order_id)
    return [DisputeView(**dict(row)) for row in rows]


async def history(order_id: int) -> list[HistoryLine]:
    """Everything that happened to the order's money, oldest first; a hundred lines at most."""
    rows = await fetch(
        """
        select kind, amount_fen, happened_at from (
            select channel as kind, amount_fen, confirmed_at as happened_at from payment where "order" = $1
            union all
            select f.kind, f.amount_fen, f.happened_at
            from payment_attempt a join payment_fact f on f.attempt = a.id where a."order" = $1
            union all
            select case when r.line is not null then 'bank_undone' else p.channel || '_refunded' end,
                r.amount_fen, r.ended_at
            from payment_refund r join payment p on p."order" = r."order"
            where r."order" = $1 and r.attempt is null and r.state = 'sent'
            union all
            select 'dispute_' || case d.state when 'open' then 'opened' else d.state end, d.amount_fen,
                coalesce(d.closed_at, d.opened_at)
            from payment_attempt a join payment_dispute d on d.attempt = a.id where a."order" = $1
        ) as happened order by happened_at, kind limit 100""",
        order_id,
    )
    return [HistoryLine(**dict(row)) for row in rows]


_CONFLICT = mark("退款的收款人是自己或家人")


async def refund_conflicts(refund_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of them would get the money, alone or with the household."""
    rows = await fetch(
        """
        select p.id as person from unnest($2::bigint[]) as p (id)
        join payment_refund r on r.id = $1 join payment_order o on o.id = r."order"
        where o.payer = p.id or exists (select from household_member m
            where m.person = p.id and m.household = o.household and m.left_on is null)""",
        refund_id,
        list(person_ids),
    )
    return [Conflict(person_id=row["person"], code="core.refund_own", title=_CONFLICT) for row in rows]


# What came for an order that was paid already is not the order's, nor what goes back of it.
_RETURNED = """
select o.id as "order", coalesce((
        select sum(case when f.kind in ('refunded', 'disputed') then f.amount_fen else -f.amount_fen end)
        from payment_attempt a join payment_fact f on f.attempt = a.id and f.kind <> 'captured'
        where a."order" = o.id and a.problem <> all($2)), 0)::bigint
    + coalesce((select sum(r.amount_fen) from payment_refund r
        where r."order" = o.id and r.attempt is null and r.state = 'sent'), 0)::bigint as gone
from payment_order o where o.id = any($1)"""


async def returned(order_ids: Sequence[int]) -> dict[int, int]:
    """Order -> how much of what has paid it has gone back, by refunds and by disputes."""
    rows = await fetch(_RETURNED, list(order_ids), list(UNASSIGNED))
    return {row["order"]: row["gone"] for row in rows}
