"""What all funds of a foundation together had, got and gave in some span of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.database import fetch
from core.funds.rules.quarters import quarter_of


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
    """For each span, from its begin up to but without its end, both of them of quarters."""
    rows = await fetch(
        """
        select coalesce(sum(m.came - m.went) filter (where m.quarter < s.begins), 0)::bigint as opening_fen,
            coalesce(sum(m.came) filter (where m.quarter >= s.begins), 0)::bigint as income_fen,
            coalesce(sum(m.went) filter (where m.quarter >= s.begins), 0)::bigint as uses_fen
        from unnest($2::int[], $3::int[]) with ordinality s (begins, ends, number)
        left join (
            select quarter, case when reason in ('core.fund_gift', 'core.payment_refund',
                    'core.payment_dispute') then came else 0 end as came,
                paid + case when reason in ('core.fund_refund', 'core.payment_refund', 'core.payment_dispute')
                    then went else 0 end as went
            from fund_flows(array(select id from fund where organization = $1))
        ) m on m.quarter < s.ends
        group by s.number order by s.number""",
        organization_id,
        [_count(begins) for begins, _ in spans],
        [_count(ends) for _, ends in spans],
    )
    return [Sums(**dict(row)) for row in rows]


def _count(begin: datetime) -> int:
    quarter = quarter_of(clock.local(begin).date())
    assert quarter.begin == begin, "sums are kept by quarters"
    return quarter.count
