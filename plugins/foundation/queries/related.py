"""What a foundation has paid in a year to those who are close to its donors, its committees or itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch
from plugins.foundation.rules import years

LISTED_MOST = 500


@dataclass(frozen=True)
class RelatedPayment:
    """A payment with its warnings. `open_codes`: those that nobody has explained as a false alarm."""

    request_id: int
    organization: str
    title: str
    amount_fen: int
    paid_at: datetime
    codes: Sequence[str]
    open_codes: Sequence[str]
    explained: Sequence[str]

    @property
    def is_related(self) -> bool:
        """Does something still speak for it?"""
        return bool(self.open_codes)


async def related_payments(organization_id: int, year: int) -> list[RelatedPayment]:
    """Of a year, false alarms included, in the order in which they were paid."""
    begins, ends = years.span(year)
    rows = await fetch(
        """
        select r.id as request_id, o.name as organization, r.title,
            r.amount_fen - r.returned_fen as amount_fen, r.paid_at,
            array_agg(distinct w.code order by w.code) as codes,
            coalesce(array_agg(distinct w.code order by w.code) filter (where w.explained = ''), '{}')
                as open_codes,
            coalesce(array_agg(distinct w.explained order by w.explained)
                filter (where w.explained <> ''), '{}') as explained
        from fund_request r join organization o on o.id = r.organization
        join fund_warning w on w.request = r.id
        where r.foundation = $1 and r.paid_at >= $2 and r.paid_at < $3
        group by r.id, o.name order by r.paid_at, r.id limit $4""",
        organization_id,
        begins,
        ends,
        LISTED_MOST,
    )
    return [RelatedPayment(**dict(row)) for row in rows]


def sum_of(payments: Sequence[RelatedPayment]) -> int:
    """Of those that are no false alarm, in fen."""
    return sum(one.amount_fen for one in payments if one.is_related)
