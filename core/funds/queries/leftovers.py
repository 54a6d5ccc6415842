"""What is left of funds that end: where it is to go, and of which gifts it consists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row
from core.funds.errors import LeftoverNotFound
from core.funds.queries import funds
from core.funds.rules import FUND, leaving, states
from core.language import mark
from core.manifest import Todo
from core.people.rules import Actor
from core.reference import Ref

_TARGETS_MOST = 200


@dataclass(frozen=True)
class LeftoverView:
    """A proposal for the rest of a fund; `state` is voting, approved, moved or refused."""

    id: int
    fund_id: int
    fund: str
    foundation_id: int
    to_fund_id: int
    to_fund: str
    to_purpose_id: int | None
    to_purpose: str | None
    reason: str
    state: str
    approval_id: int | None
    proposed_by: int
    moved_fen: int | None
    moved_at: datetime | None

    @property
    def foundation(self) -> Ref:
        """Where those who propose and carry out hold their roles."""
        return Ref("organization", self.foundation_id)


@dataclass(frozen=True)
class Target:
    """Where leftovers can go: a purpose (None: free) of another open fund of the foundation."""

    fund_id: int
    fund: str
    purpose_id: int | None
    purpose: str | None


_LEFTOVER = """
select l.id, l.fund as fund_id, f.name as fund, l.foundation as foundation_id, l.to_fund as to_fund_id,
    t.name as to_fund, l.to_purpose as to_purpose_id, p.title as to_purpose, l.reason, l.state,
    l.approval as approval_id, l.proposed_by, l.moved_fen, l.moved_at
from fund_leftover l join fund f on f.id = l.fund join fund t on t.id = l.to_fund
left join fund_purpose p on p.id = l.to_purpose"""


async def leftover(leftover_id: int, *, lock: bool = False) -> LeftoverView:
    """The proposal, its row locked until COMMIT if asked; raises LeftoverNotFound."""
    row = await fetch_row(
        f"{_LEFTOVER} where l.id = $1" + (" for no key update of l" if lock else ""), leftover_id
    )
    if row is None:
        raise LeftoverNotFound
    return LeftoverView(**dict(row))


async def leftover_for(leftover_id: int, actor: Actor | None) -> LeftoverView:
    """The proposal: for everybody once the money has gone, before that for those who take part."""
    found = await leftover(leftover_id)
    if found.state != leaving.MOVED and not (actor and takes_part(found, actor)):
        raise LeftoverNotFound
    return found


def takes_part(found: LeftoverView, actor: Actor) -> bool:
    """Does the person propose, vote or carry out here?"""
    at_foundation = (states.RUN, states.RECORD, states.CONFIRM, states.CHECK)
    return any(actor.may(permission, found.foundation) for permission in at_foundation) or actor.may(
        states.VOTE, Ref(FUND, found.fund_id)
    )


def may_move(found: LeftoverView, actor: Actor) -> bool:
    """Can this person carry it out now? For a page; the verb asks again."""
    is_second = actor.person_id != found.proposed_by and actor.may(states.CONFIRM, found.foundation)
    return found.state == leaving.APPROVED and is_second


async def of_fund(fund_id: int) -> LeftoverView | None:
    """The newest proposal for the fund's rest."""
    row = await fetch_row(f"{_LEFTOVER} where l.fund = $1 order by l.id desc limit 1", fund_id)
    return LeftoverView(**dict(row)) if row else None


async def targets(fund: funds.FundView) -> list[Target]:
    """Where the fund's rest could go."""
    rows = await fetch(
        """
        select f.id as fund_id, f.name as fund, p.id as purpose_id, p.title as purpose
        from fund f cross join lateral (
            select null::bigint as id, null as title
            union all select id, title from fund_purpose where fund = f.id) p
        where f.organization = $1 and f.state = 'open' and f.id <> $2
        order by f.id, p.id nulls first limit $3""",
        fund.organization_id,
        fund.id,
        _TARGETS_MOST,
    )
    return [Target(**dict(row)) for row in rows]


async def is_target(fund: funds.FundView, to_fund_id: int) -> bool:
    """Is it another open fund of the same foundation?"""
    row = await fetch_row(
        "select from fund where id = $1 and id <> $2 and organization = $3 and state = 'open' for share",
        to_fund_id,
        fund.id,
        fund.organization_id,
    )
    return row is not None


async def gifts_left(fund_id: int) -> list[tuple[int, int]]:
    """(gift, what of it lies in the fund), oldest first."""
    rows = await fetch(
        "select l.origin_id as gift, sum(p.amount)::bigint as amount from ledger_account a"
        " join ledger_lot_part p on p.account = a.id join ledger_lot l on l.id = p.lot"
        " where a.owner_kind = 'fund' and a.owner_id = $1 and a.kind = 'core.fund'"
        " group by l.origin_id order by l.origin_id",
        fund_id,
    )
    return [(row["gift"], row["amount"]) for row in rows]


async def todos(organization_ids: Sequence[int], person_id: int) -> list[Todo]:
    """Approved proposals of these foundations that wait for a second person."""
    rows = await fetch(
        "select id from fund_leftover where foundation = any($1) and state = 'approved'"
        " and proposed_by <> $2 order by id limit 5",
        list(organization_ids),
        person_id,
    )
    return [
        Todo(title=mark("有一支基金的余款等您转出"), path=f"/funds/leftovers/{row['id']}") for row in rows
    ]
