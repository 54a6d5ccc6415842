"""What follows a gift: the pools that match it add to it, and take back when it goes back."""

from collections.abc import Sequence
from typing import Any

from core import clock
from core.audit.services import advance
from core.database import current_unit, fetch, unit_of_work
from core.funds.services.sponsored import Sponsored, count_sponsored, return_sponsored
from plugins.foundation.queries import matching, pools
from plugins.foundation.queries.matching import GiftFacts
from plugins.foundation.queries.pools import PoolView
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import POOLS, Match
from plugins.foundation.services.pools import pool_account

_COLUMNS = (
    ("gift", "bigint"), ("fund", "bigint"), ("donor", "bigint"), ("day", "date"), ("base_fen", "bigint"),
    ("amount_fen", "bigint"), ("limited_by", "text"), ("added", "bigint"),
)  # fmt: skip


async def match_gifts(gift_ids: Sequence[int]) -> None:
    """Let each open pool of their funds add to these gifts, in the order in which they counted; once.

    Whoever matches locks the pool's row: gifts that count at the same moment follow one another.
    """
    async with unit_of_work():
        wanted = await matching.pools_for(gift_ids)
        if wanted:
            await matching.lock_gifts(gift_ids)
        for pool in await pools.lock(wanted):
            if pool.state == rules.OPEN:
                await _match(pool, await matching.unmatched(pool, gift_ids))


async def _match(pool: PoolView, gifts: Sequence[GiftFacts]) -> None:
    if not gifts:
        return
    room = await matching.room(pool, gifts)
    given = [one.given(pool.sponsor_person, pool.sponsor_name) for one in gifts]
    found = rules.match_all(pool.terms, given, room)
    added = await _add(pool, gifts, found)
    rows = [_row(gift, one, added.get(one.gift_id)) for gift, one in zip(gifts, found, strict=True)]
    await _keep(pool.id, rows)


async def _add(pool: PoolView, gifts: Sequence[GiftFacts], found: Sequence[Match]) -> dict[int, int]:
    """Gift -> the sponsor's gift that was added to it."""
    new = [
        (gift.id, _sponsored(pool, gift, one.amount_fen))
        for gift, one in zip(gifts, found, strict=True)
        if one.amount_fen
    ]
    ids = await count_sponsored(
        pool.organization_id,
        [one for _, one in new],
        source=await pool_account(pool.id),
        recorded_by=pool.made_by,
    )
    return dict(zip((gift_id for gift_id, _ in new), ids, strict=True))


def _sponsored(pool: PoolView, gift: GiftFacts, amount_fen: int) -> Sponsored:
    return Sponsored(
        fund_id=gift.fund_id,
        purpose_id=gift.purpose_id,
        amount_fen=amount_fen,
        donor_id=pool.sponsor_person,
        donor_name=pool.sponsor_name,
        receipt_no=f"PC-{pool.id}-{gift.id}",
    )


def _row(gift: GiftFacts, one: Match, added: int | None) -> dict[str, Any]:
    return {
        "gift": gift.id,
        "fund": gift.fund_id,
        "donor": gift.donor_id,
        "day": gift.day,
        "base_fen": gift.kept_fen,
        "amount_fen": one.amount_fen,
        "limited_by": one.limit,
        "added": added,
    }


async def _keep(pool_id: int, rows: Sequence[dict[str, Any]]) -> None:
    connection = current_unit().connection
    names = ", ".join(name for name, _ in _COLUMNS)
    places = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(_COLUMNS, 3))
    await connection.execute(
        f"insert into foundation_pool_match (pool, matched_at, {names})"
        f" select $1, $2, * from unnest({places})",
        pool_id,
        clock.now(),
        *([row[name] for row in rows] for name, _ in _COLUMNS),
    )
    await _count(pool_id, [row["fund"] for row in rows], [row["amount_fen"] for row in rows])


async def _count(pool_id: int, fund_ids: Sequence[int], amounts: Sequence[int]) -> None:
    """Add to the counters of the pool and of its funds, whose pool is locked; what goes back is negative."""
    connection = current_unit().connection
    await connection.execute(
        "update foundation_pool set matched_fen = matched_fen + $2 where id = $1", pool_id, sum(amounts)
    )
    await connection.execute(
        "update foundation_pool_fund x set matched_fen = x.matched_fen + s.amount from (select fund,"
        " sum(amount) as amount from unnest($2::bigint[], $3::bigint[]) n (fund, amount) group by fund) s"
        " where x.pool = $1 and x.fund = s.fund",
        pool_id,
        list(fund_ids),
        list(amounts),
    )


async def follow_refund(gift_id: int) -> None:
    """A gift has gone back: what was added to it follows in proportion, as far as it is not used. Once."""
    async with unit_of_work():
        kept_fen = (await matching.facts([gift_id]))[0].kept_fen
        matches = await fetch(
            "select pool from foundation_pool_match where gift = $1 and amount_fen > 0", gift_id
        )
        locked = {pool.id: pool for pool in await pools.lock([row["pool"] for row in matches])}
        for match in await matching.matches_of(gift_id):
            await _take_back(locked[match.pool_id], match, kept_fen)


async def _take_back(pool: PoolView, match: matching.Matched, kept_fen: int) -> None:
    due = rules.to_return(match.amount_fen, match.base_fen, kept_fen) - match.returned_fen - match.kept_fen
    if due <= 0:
        return
    returned = await return_sponsored(match.added_id, due, source=await pool_account(pool.id))
    await current_unit().connection.execute(
        "update foundation_pool_match set returned_fen = returned_fen + $2, kept_fen = kept_fen + $3"
        " where id = $1",
        match.id,
        returned,
        due - returned,
    )
    await _count(pool.id, [match.fund_id], [-returned])
    if returned and pool.state == rules.SETTLED:
        await advance(POOLS, "foundation.pool_rest_came", pool.id, actor_id=None)
