"""What one person has given: how much, to which funds and in which years."""

from dataclasses import dataclass

from core.database import fetch, fetch_row
from core.funds.queries.gifts import EVERYTHING, OWN, Wanted

EXPORT = "core.export_gifts"
# Funds times years that one person is shown to choose from.
_MOST = 300


@dataclass(frozen=True)
class Given:
    """What was given to a fund in a year."""

    year: int
    fund_id: int
    fund: str
    count: int
    amount_fen: int


async def given_sum(person_id: int, wanted: Wanted) -> tuple[int, int]:
    """How many gifts, and how much in fen."""
    row = await fetch_row(
        f"select count(*)::int, coalesce(sum(g.amount_fen), 0)::bigint from fund_gift g where {OWN}",
        person_id,
        wanted.year,
        wanted.fund_id,
    )
    return tuple(row or (0, 0))


async def given(person_id: int, wanted: Wanted = EVERYTHING) -> list[Given]:
    """Newest year first; what went back later is in it."""
    rows = await fetch(
        "select extract(year from g.received_on)::int as year, g.fund as fund_id, f.name as fund,"
        " count(*)::int as count, sum(g.amount_fen)::bigint as amount_fen"
        f" from fund_gift g join fund f on f.id = g.fund where {OWN}"
        " group by 1, 2, 3 order by 1 desc, 3, 2 limit $4",
        person_id,
        wanted.year,
        wanted.fund_id,
        _MOST,
    )
    return [Given(**dict(row)) for row in rows]
