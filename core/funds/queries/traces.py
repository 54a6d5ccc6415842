"""What became of gifts, to the fen: read from the ledger's lots, which are the one truth about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch
from core.funds.rules.quarters import Quarter

LEFT, HELD, PAID, RETURNED = "left", "held", "paid", "returned"


@dataclass(frozen=True)
class TracePart:
    """A part of a gift: `left` in `fund`, set aside (`held`) or `paid` out for a request, or `returned`."""

    gift_id: int
    kind: str
    amount_fen: int
    fund: str | None
    request_id: int | None
    title: str | None
    organization: str | None
    paid_at: datetime | None
    voucher_due_on: date | None
    voucher_no: str | None
    result: str | None


# What takes a gift out of all funds: a use, or its way back, by hand or through the payment's provider.
_BACK = "'core.fund_refund', 'core.payment_refund', 'core.payment_dispute'"
_OUT = f"'core.fund_payment', {_BACK}"
_TRACES = f"""
with lots as (
    select id, origin_id as gift_id from ledger_lot where origin_kind = 'fund_gift' and origin_id = any($1))
select s.gift_id, s.kind, sum(s.amount)::bigint as amount_fen, f.name as fund, r.id as request_id, r.title,
    o.name as organization, r.paid_at, r.voucher_due_on, r.voucher_no, r.result
from (
    select l.gift_id, case a.kind when 'core.fund' then 'left' else 'held' end as kind,
        case a.kind when 'core.fund_held' then a.owner_id end as request,
        case a.kind when 'core.fund' then a.owner_id end as fund, p.amount
    from lots l join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account
    union all
    select l.gift_id, case t.reason when 'core.fund_payment' then 'paid' else 'returned' end,
        case t.reason when 'core.fund_payment' then t.cause_id end, null, m.amount
    from lots l join ledger_lot_move m on m.lot = l.id and m.to_account is null
    join ledger_transfer t on t.id = m.transfer and t.reason in ({_OUT})
        and not exists (select from ledger_transfer r where r.reverses = t.id)) s
left join fund f on f.id = s.fund
left join fund_request r on r.id = s.request left join organization o on o.id = r.organization
group by s.gift_id, s.kind, f.name, r.id, o.name
order by s.gift_id, array_position(array['paid', 'held', 'left', 'returned'], s.kind), r.id"""


async def trace_gift(gift_id: int) -> list[TracePart]:
    """What became of a gift: its parts add up to it."""
    return await trace_gifts([gift_id])


async def trace_gifts(gift_ids: Sequence[int]) -> list[TracePart]:
    """The same for several, in one query."""
    return [TracePart(**dict(row)) for row in await fetch(_TRACES, list(gift_ids))]


@dataclass(frozen=True)
class Flow:
    """A stream of a fund's money to or from one of its purposes (None: free).

    `what` is a gift or a request; None: the others, or what `kind` says is left, returned or moved on.
    """

    purpose_id: int | None
    what: int | None
    title: str
    amount_fen: int
    count: int = 1
    kind: str = ""


_PURPOSE = "nullif(replace(l.restriction, 'purpose:', ''), '')::bigint"
_ACCOUNT = """(select id from ledger_account
    where owner_kind = 'fund' and owner_id = $1 and kind = 'core.fund' and unit = 'CNY')"""


async def gifts_in(fund_id: int, *, single: int) -> list[Flow]:
    """Per purpose: its `single` largest gifts by themselves, the others as one stream (`what` None)."""
    rows = await fetch(
        f"""
        with ranked as (
            select l.origin_id, {_PURPOSE} as purpose_id, l.amount - coalesce(rebound.amount, 0) as amount,
                row_number() over (partition by l.restriction
                    order by l.amount - coalesce(rebound.amount, 0) desc, l.id) as rank
            from ledger_lot l left join (
                select m.lot, sum(m.amount) as amount from fund_change c
                join ledger_transfer t on t.cause_kind = 'fund_change' and t.cause_id = c.id
                join ledger_lot_move m on m.transfer = t.id and m.to_account is null
                where c.fund = $1 group by m.lot) rebound on rebound.lot = l.id
            where l.account = {_ACCOUNT} and l.amount > coalesce(rebound.amount, 0))
        select purpose_id, case when rank <= $2 then origin_id end as what, sum(amount)::bigint as amount_fen,
            count(*) as count, min(case when rank <= $2 then case g.display when 'name' then g.donor_name
                when 'nickname' then g.nickname else '' end end) as title
        from ranked join fund_gift g on g.id = ranked.origin_id
        group by 1, 2 order by 1 nulls last, 2 nulls last""",
        fund_id,
        single,
    )
    return [Flow(**{**dict(row), "title": row["title"] or ""}) for row in rows]


async def uses_out(fund_id: int) -> list[Flow]:
    """Per purpose: what is paid or set aside for a request (`use`), `left`, `returned` or `moved` on."""
    rows = await fetch(
        f"""
        with lots as (select l.id, {_PURPOSE} as purpose_id from ledger_lot l where l.account = {_ACCOUNT})
        select s.purpose_id, r.id as what, coalesce(r.title, '') as title,
            sum(s.amount)::bigint as amount_fen, s.kind
        from (
            select l.purpose_id, p.amount, case a.kind when 'core.fund_held' then a.owner_id end as request,
                case a.kind when 'core.fund_held' then 'use' else 'left' end as kind
            from lots l join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account
            union all
            select l.purpose_id, m.amount, case t.reason when 'core.fund_payment' then t.cause_id end,
                case when t.reason = 'core.fund_payment' then 'use' when t.reason in ({_BACK}) then 'returned'
                    else 'moved' end
            from lots l join ledger_lot_move m on m.lot = l.id and m.to_account is null
            join ledger_transfer t on t.id = m.transfer and t.cause_kind <> 'fund_change'
                and not exists (select from ledger_transfer r where r.reverses = t.id)) s
        left join fund_request r on r.id = s.request
        group by s.purpose_id, r.id, s.kind order by 1 nulls last, 2 nulls last, s.kind limit 500""",
        fund_id,
    )
    return [Flow(**dict(row)) for row in rows]


@dataclass(frozen=True)
class PublishedLine:
    """A purpose (None: free) in a quarter: what was there, came, was paid out, is there at its end."""

    purpose_id: int | None
    title: str | None
    opening_fen: int
    income_fen: int
    uses_fen: int
    changed_fen: int = 0

    @property
    def closing_fen(self) -> int:
        """What is there at the quarter's end, set aside or not. `changed_fen`: from other purposes."""
        return self.opening_fen + self.income_fen - self.uses_fen + self.changed_fen


async def publication(fund_ids: Sequence[int], quarter: Quarter) -> list[PublishedLine]:
    """A quarter of these funds' money, purpose by purpose."""
    rows = await fetch(
        f"""
        with moves as (
            select {_PURPOSE} as purpose_id, t.occurred_at, t.cause_kind = 'fund_change' as is_change,
                case when m.to_account is null then -m.amount else m.amount end as amount
            from ledger_account a join ledger_lot l on l.account = a.id
            join ledger_lot_move m on m.lot = l.id and (m.from_account is null or m.to_account is null)
            join ledger_transfer t on t.id = m.transfer
            where a.owner_kind = 'fund' and a.owner_id = any($1) and a.kind = 'core.fund'
                and t.occurred_at < $3)
        select m.purpose_id, p.title,
            coalesce(sum(amount) filter (where occurred_at < $2), 0)::bigint as opening_fen,
            coalesce(sum(amount) filter (where occurred_at >= $2 and amount > 0 and not is_change), 0)::bigint
                as income_fen,
            coalesce(-sum(amount) filter (where occurred_at >= $2 and amount < 0 and not is_change),
                0)::bigint as uses_fen,
            coalesce(sum(amount) filter (where occurred_at >= $2 and is_change), 0)::bigint as changed_fen
        from moves m left join fund_purpose p on p.id = m.purpose_id
        group by m.purpose_id, p.title order by m.purpose_id nulls last""",
        list(fund_ids),
        quarter.begin,
        quarter.end,
    )
    return [PublishedLine(**dict(row)) for row in rows]
