"""What all funds of a foundation together had, got and gave in some span of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


@dataclass(frozen=True)
class FundYear:
    """A fund's year: `opening_fen` and what came are what went, and is held or free at the end."""

    fund_id: int
    fund: str
    opening_fen: int
    bound_fen: int
    free_fen: int
    moved_in_fen: int
    returned_fen: int
    moved_out_fen: int
    paid_fen: int
    held_fen: int
    left_fen: int


async def year_of_funds(organization_id: int, year: int) -> list[FundYear]:
    """Of each fund that had, got or gave something, the one with the most first.

    What a bank did not take back in the end is counted where it was returned, so that may be negative.
    """
    rows = await fetch(
        """
        select * from (
            select f.fund as fund_id, n.name as fund,
                sum(came - went - paid) filter (where quarter < $2) as opening_fen,
                sum(came) filter (where is_now and reason = 'core.fund_gift' and restriction <> '')
                    as bound_fen,
                sum(came) filter (where is_now and reason = 'core.fund_gift' and restriction = '')
                    as free_fen,
                sum(came) filter (where is_now and reason = 'core.fund_taken_over' and not is_change)
                    as moved_in_fen,
                sum(went + paid - came) filter (where is_now and is_back) as returned_fen,
                sum(went) filter (where is_now and reason = 'core.fund_leftover') as moved_out_fen,
                sum(paid) filter (where is_now and not is_back) as paid_fen,
                sum(aside - paid) as held_fen, sum(came - went - aside) as left_fen
            from (select *, quarter >= $2 as is_now,
                    reason in ('core.fund_refund', 'core.payment_refund', 'core.payment_dispute') as is_back
                from fund_flows(array(select id from fund where organization = $1))
                where quarter < $2 + 4) f
            join fund n on n.id = f.fund group by f.fund, n.name) s
        order by coalesce(opening_fen, 0) + coalesce(bound_fen, 0) + coalesce(free_fen, 0)
            + coalesce(moved_in_fen, 0) desc, fund_id""",
        organization_id,
        year * 4,
    )
    return [_fund_year(row) for row in rows]


def _fund_year(row: Mapping[str, Any]) -> FundYear:
    sums = {name: int(row[name] or 0) for name in FundYear.__dataclass_fields__ if name.endswith("_fen")}
    return FundYear(fund_id=row["fund_id"], fund=row["fund"], **sums)


def _count(begin: datetime) -> int:
    quarter = quarter_of(clock.local(begin).date())
    assert quarter.begin == begin, "sums are kept by quarters"
    return quarter.count
