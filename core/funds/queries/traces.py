"""What became of gifts, to the fen: read from the ledger's lots, which are the one truth about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from core.database import fetch
from core.funds.queries.gifts import OWN, Wanted
from core.funds.rules.quarters import Quarter
from core.funds.rules.receipts import WELL_WISHER
from core.language import translate
from core.people.masks import MINOR

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
    project_id: int | None


# What takes a gift out of all funds: a use, or its way back, by hand or through the payment's provider.
_BACK = "'core.fund_refund', 'core.payment_refund', 'core.payment_dispute'"
_PAID = "'core.fund_payment', 'core.fund_rest'"
_OUT = f"{_PAID}, {_BACK}"
# The parts of the gifts in `lots`.
_PARTS = f"""
select l.gift_id, case a.kind when 'core.fund' then 'left' else 'held' end as kind,
    case a.kind when 'core.fund_held' then a.owner_id end as request,
    case a.kind when 'core.fund' then a.owner_id end as fund, p.amount
from lots l join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account
union all
select l.gift_id, case when t.reason in ({_PAID}) then 'paid' else 'returned' end,
    case when t.reason in ({_PAID}) then t.cause_id end, null, m.amount
from lots l join ledger_lot_move m on m.lot = l.id and m.to_account is null
join ledger_transfer t on t.id = m.transfer and t.reason in ({_OUT})
    and not exists (select from ledger_transfer r where r.reverses = t.id)"""
_TRACES = f"""
with lots as (
    select id, origin_id as gift_id from ledger_lot where origin_kind = 'fund_gift' and origin_id = any($1))
select s.gift_id, s.kind, sum(s.amount)::bigint as amount_fen, f.name as fund, r.id as request_id, r.title,
    o.name as organization, r.paid_at, r.voucher_due_on, r.voucher_no, r.result, r.project as project_id
from ({_PARTS}) s
left join fund f on f.id = s.fund
left join fund_request r on r.id = s.request left join organization o on o.id = r.organization
group by s.gift_id, s.kind, f.name, r.id, o.name
order by s.gift_id, array_position(array['paid', 'held', 'left', 'returned'], s.kind), r.id"""
_SUMS = f"""
with lots as (
    select o.id, g.id as gift_id from fund_gift g join ledger_lot o
        on o.origin_kind = 'fund_gift' and o.origin_id = g.id
    where {OWN})
select s.kind, sum(s.amount)::bigint as amount_fen from ({_PARTS}) s group by s.kind"""


async def trace_gift(gift_id: int) -> list[TracePart]:
    """What became of a gift: its parts add up to it."""
    return await trace_gifts([gift_id])


async def trace_gifts(gift_ids: Sequence[int]) -> list[TracePart]:
    """The same for several, in one query."""
    return [TracePart(**dict(row)) for row in await fetch(_TRACES, list(gift_ids))]


async def trace_sums(person_id: int, wanted: Wanted) -> dict[str, int]:
    """What became of a person's own gifts together, in fen; a kind that is not there is 0."""
    rows = await fetch(_SUMS, person_id, wanted.year, wanted.fund_id)
    return dict.fromkeys((PAID, HELD, LEFT, RETURNED), 0) | {row["kind"]: row["amount_fen"] for row in rows}


@dataclass(frozen=True)
class Flow:
    """A stream of a fund's money to or from one of its purposes (None: free).

    `what` is a gift or a request; None: other gifts or uses, or what `kind` says is left, returned, moved on.
    """

    purpose_id: int | None
    what: int | None
    title: str
    amount_fen: int
    count: int = 1
    kind: str = ""


_PURPOSE = "nullif(replace(f.restriction, 'purpose:', ''), '')::bigint"
# A purpose's largest gifts, less what of them was bound anew; looked for among so many.
_LARGE = 20
_LARGEST = f"""
select sums.purpose_id, large.what, large.title, large.amount_fen, sums.amount_fen as all_fen, sums.count
from (
    select f.restriction, {_PURPOSE} as purpose_id, sum(f.gifts)::int as count,
        sum(case when f.reason in ({_BACK}) then 0 else f.came end)::bigint
            - sum(case when f.is_change then f.went else 0 end)::bigint as amount_fen
    from fund_flows(array[$1::bigint]) f group by f.restriction) sums
left join lateral (
    select l.origin_id as what, l.amount - rebound.amount as amount_fen, case
        when exists(select from fund_name_refusal n where n.gift = g.id and n.lifted_at is null)
            and g.display <> 'anonymous' then $3
        else case g.display
            when 'name' then case when d.born_on > g.received_on - interval '18 years' then $4
                else g.donor_name end
            when 'nickname' then g.nickname else '' end
        end as title
    from (select * from ledger_lot where restriction = sums.restriction and origin_kind = 'fund_gift'
        and account = (select id from ledger_account
            where owner_kind = 'fund' and owner_id = $1 and kind = 'core.fund' and unit = 'CNY')
        order by amount desc, id limit {_LARGE}) l
    cross join lateral (select coalesce(sum(m.amount), 0)::bigint as amount
        from ledger_lot_move m join ledger_transfer t on t.id = m.transfer
        where m.lot = l.id and m.to_account is null and t.cause_kind = 'fund_change') rebound
    join fund_gift g on g.id = l.origin_id left join person d on d.id = g.donor
    where l.amount > rebound.amount order by l.amount - rebound.amount desc, l.id limit $2) large on true
where sums.amount_fen > 0
order by sums.purpose_id nulls last, large.amount_fen desc, large.what"""


async def gifts_in(fund_id: int, *, single: int) -> list[Flow]:
    """Per purpose: its `single` largest gifts by themselves, the others as one stream (`what` None)."""
    found: list[Flow] = []
    rows = await fetch(_LARGEST, fund_id, single, translate(WELL_WISHER), MINOR)
    for purpose_id, group in groupby(rows, key=lambda row: row["purpose_id"]):
        large = list(group)
        named = [
            Flow(purpose_id, row["what"], row["title"], row["amount_fen"])
            for row in large
            if row["what"] is not None
        ]
        found += sorted(named, key=lambda flow: flow.what or 0)
        rest = large[0]["all_fen"] - sum(flow.amount_fen for flow in named)
        if rest:
            found.append(Flow(purpose_id, None, "", rest, large[0]["count"] - len(named)))
    return found


async def uses_out(fund_id: int, *, single: int) -> list[Flow]:
    """Per purpose: what is paid or set aside (`use`), `left`, `returned` or `moved` on.

    The `single` largest uses by themselves, the others as one stream (`what` None).
    """
    rows = await fetch(
        f"""
        with large as materialized (
            select id, title from fund_request where fund = $1
                and state in ('held', 'prepared', 'paid', 'reported')
            order by amount_fen desc, id limit $2),
        flows as materialized (select *, {_PURPOSE} as purpose_id from fund_flows(array[$1::bigint]) f),
        uses as materialized (
            select {_PURPOSE} as purpose_id, f.request, sum(f.aside) as amount
            from fund_flow_uses(array(select id from large)) f group by f.restriction, f.request)
        select u.purpose_id, u.request as what, l.title, u.amount::bigint as amount_fen, 'use' as kind
        from uses u join large l on l.id = u.request where u.amount > 0
        union all
        select purpose_id, null, '', sum(amount)::bigint, kind from (
            select purpose_id, aside as amount, 'use' as kind from flows
            union all
            select purpose_id, -amount, 'use' from uses
            union all
            select purpose_id, came - went - aside, 'left' from flows
            union all
            select purpose_id, went - came, 'returned' from flows where reason in ({_BACK})
            union all
            select purpose_id, went, 'moved' from flows where not is_change and reason not in ({_BACK})) s
        group by purpose_id, kind having sum(amount) > 0
        order by 1 nulls last, 2 nulls last, 5""",
        fund_id,
        single,
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
        select m.purpose_id, p.title, coalesce(sum(came - went - paid) filter (where quarter < $2), 0)::bigint
                as opening_fen,
            coalesce(sum(came) filter (where quarter = $2 and not is_change), 0)::bigint as income_fen,
            coalesce(sum(went + paid) filter (where quarter = $2 and not is_change), 0)::bigint as uses_fen,
            coalesce(sum(came - went) filter (where quarter = $2 and is_change), 0)::bigint as changed_fen
        from (select *, {_PURPOSE} as purpose_id from fund_flows($1) f where quarter <= $2) m
        left join fund_purpose p on p.id = m.purpose_id
        group by m.purpose_id, p.title order by m.purpose_id nulls last""",
        list(fund_ids),
        quarter.count,
    )
    return [PublishedLine(**dict(row)) for row in rows]
