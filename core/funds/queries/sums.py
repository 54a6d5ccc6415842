"""What all funds of a foundation together had, got and gave in some span of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch


@dataclass(frozen=True)
class Sums:
    """In fen."""

    opening_fen: int
    income_fen: int
    uses_fen: int

    @property
    def closing_fen(self) -> int:
        """What is there at the end."""
        return self.opening_fen + self.income_fen - self.uses_fen


async def sums(organization_id: int, spans: Sequence[tuple[datetime, datetime]]) -> list[Sums]:
    """For each span, from its begin up to but without its end."""
    rows = await fetch(
        """
        select coalesce(sum(m.came - m.went) filter (where m.at < s.begins), 0)::bigint as opening_fen,
            coalesce(sum(m.came) filter (where m.at >= s.begins), 0)::bigint as income_fen,
            coalesce(sum(m.went) filter (where m.at >= s.begins), 0)::bigint as uses_fen
        from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality s (begins, ends, number)
        left join (
            select counted_at as at, amount_fen as came, 0 as went from fund_gift
                where organization = $1 and counted_at is not null
            union all
            select paid_at, 0, amount_fen from fund_request where foundation = $1 and paid_at is not null
            union all
            select r.signed_at, 0, r.amount_fen from fund_refund r join fund_gift g on g.id = r.gift
                where g.organization = $1 and r.state = 'refunded'
            union all
            select t.occurred_at, case when v.to_account is null then 0 else v.amount end,
                case when v.to_account is null then v.amount else 0 end
                from fund_gift g join ledger_lot l on l.origin_kind = 'fund_gift' and l.origin_id = g.id
                join ledger_lot_move v on v.lot = l.id join ledger_transfer t on t.id = v.transfer
                where g.organization = $1 and g.returned_at is not null
                    and t.reason in ('core.payment_refund', 'core.payment_dispute')
        ) m on m.at < s.ends
        group by s.number order by s.number""",
        organization_id,
        [begins for begins, _ in spans],
        [ends for _, ends in spans],
    )
    return [Sums(**dict(row)) for row in rows]
