"""What matching has to know: gifts as they are now, what is left in a pool, what was added."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import local
from core.database import fetch
from core.funds.rules import states as fund_states
from plugins.foundation.queries.pools import PoolView
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Given, Room


@dataclass(frozen=True)
class GiftFacts:
    """A gift that counts; `kept_fen`: what has not gone back of it."""

    id: int
    fund_id: int
    fund_state: str
    purpose_id: int | None
    donor_id: int | None
    donor_name: str
    kept_fen: int
    counted_at: datetime

    @property
    def day(self) -> date:
        """The civil day on which it counted."""
        return local(self.counted_at).date()

    def given(self, sponsor: int | None, sponsor_name: str) -> Given:
        """As the rules want it."""
        return Given(
            gift_id=self.id,
            fund_id=self.fund_id,
            kept_fen=self.kept_fen,
            donor_id=self.donor_id,
            day=self.day,
            is_own=rules.is_own_gift(self.donor_id, self.donor_name, sponsor, sponsor_name),
            is_open=self.fund_state == fund_states.OPEN,
        )


async def pools_for(gift_ids: Sequence[int]) -> list[int]:
    """The open pools that match gifts to the funds of these."""
    rows = await fetch(
        "select distinct p.id from fund_gift g join foundation_pool_fund x on x.fund = g.fund"
        " join foundation_pool p on p.id = x.pool and p.state = 'open' where g.id = any($1) order by p.id",
        list(gift_ids),
    )
    return [row["id"] for row in rows]


async def lock_gifts(gift_ids: Sequence[int]) -> None:
    """Let no refund of them be signed until COMMIT: one that comes later finds what was matched."""
    await fetch("select from fund_gift where id = any($1) order by id for share", list(gift_ids))


_FACTS = """
select g.id, g.fund as fund_id, f.state as fund_state, g.purpose as purpose_id, g.donor as donor_id,
    g.donor_name, g.amount_fen - g.returned_fen - coalesce((select sum(r.amount_fen) from fund_refund r
        where r.gift = g.id and r.state = 'refunded'), 0)::bigint as kept_fen, g.counted_at
from fund_gift g join fund f on f.id = g.fund"""


async def facts(gift_ids: Sequence[int]) -> list[GiftFacts]:
    """Gifts that count, in the order in which they came."""
    rows = await fetch(
        f"{_FACTS} where g.id = any($1) and g.state = 'counted' order by g.counted_at, g.id", list(gift_ids)
    )
    return [GiftFacts(**dict(row)) for row in rows]


async def unmatched(pool: PoolView, gift_ids: Sequence[int]) -> list[GiftFacts]:
    """Those of these gifts that the pool has to look at, and has not yet."""
    assert pool.opened_at is not None, "it is open"
    rows = await fetch(
        f"{_FACTS} join foundation_pool_fund x on x.fund = g.fund and x.pool = $2"
        " where g.id = any($1) and g.state = 'counted' and not exists (select from foundation_pool_match m"
        " where m.pool = $2 and m.gift = g.id) order by g.counted_at, g.id",
        list(gift_ids),
        pool.id,
    )
    begins = rules.begins_at(pool.begins_on, pool.opened_at)
    found = [GiftFacts(**dict(row)) for row in rows]
    return [one for one in found if begins <= one.counted_at and one.day <= pool.ends_on]


async def room(pool: PoolView, gifts: Sequence[GiftFacts]) -> Room:
    """What is left in the locked pool, and what was matched for these funds, donors and days."""
    by_fund = await fetch(
        "select fund, matched_fen from foundation_pool_fund where pool = $1 and fund = any($2)",
        pool.id,
        list({one.fund_id for one in gifts}),
    )
    by_donor = await fetch(
        "select donor, day, sum(amount_fen - returned_fen)::bigint as matched from foundation_pool_match"
        " where pool = $1 and donor = any($2) and day = any($3) group by donor, day",
        pool.id,
        list({one.donor_id for one in gifts if one.donor_id is not None}),
        list({one.day for one in gifts}),
    )
    return Room(
        pool.left_fen,
        defaultdict(int, {row["fund"]: row["matched_fen"] for row in by_fund}),
        defaultdict(int, {(row["donor"], row["day"]): row["matched"] for row in by_donor}),
    )


@dataclass(frozen=True)
class Matched:
    """What a pool has added to a gift (`added_id`: as a gift of the sponsor), and what followed it back."""

    id: int
    pool_id: int
    fund_id: int
    base_fen: int
    amount_fen: int
    added_id: int
    returned_fen: int
    kept_fen: int


async def matches_of(gift_id: int) -> list[Matched]:
    """What was added to a gift, pool by pool, its rows locked."""
    rows = await fetch(
        "select id, pool as pool_id, fund as fund_id, base_fen, amount_fen, added as added_id, returned_fen,"
        " kept_fen from foundation_pool_match where gift = $1 and amount_fen > 0 order by pool"
        " for no key update",
        gift_id,
    )
    return [Matched(**dict(row)) for row in rows]
