"""Pools as pages and verbs see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Difference, ProjectLine, ProjectPart, Todo
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.pools import MoneyNotFound, PoolNotFound
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Terms

_PLACES = 5


@dataclass(frozen=True)
class PoolView:
    """A pool; `balance_fen` is what lies in it."""

    id: int
    organization_id: int
    organization: str
    title: str
    sponsor_name: str
    sponsor_person: int | None
    numerator: int
    denominator: int
    per_gift_fen: int | None
    per_donor_day_fen: int | None
    per_fund_fen: int | None
    whole_fen: int
    begins_on: date
    ends_on: date
    rest: str
    rest_fund_id: int | None
    rest_fund: str | None
    state: str
    matched_fen: int
    made_by: int
    opened_at: datetime | None
    rest_fen: int | None
    rest_payment_no: str
    rest_prepared_by: int | None
    balance_fen: int

    @property
    def foundation(self) -> Ref:
        """Where those who run it hold their roles."""
        return Ref("organization", self.organization_id)

    @property
    def terms(self) -> Terms:
        """As agreed."""
        return Terms(
            numerator=self.numerator,
            denominator=self.denominator,
            per_gift_fen=self.per_gift_fen,
            per_donor_day_fen=self.per_donor_day_fen,
            per_fund_fen=self.per_fund_fen,
        )

    @property
    def left_fen(self) -> int:
        """What can still be added: what lies there, within what was agreed."""
        return max(0, min(self.balance_fen, self.whole_fen - self.matched_fen))

    @property
    def is_dry(self) -> bool:
        """Open, and nothing can be added any more."""
        return self.state == rules.OPEN and self.left_fen == 0

    @property
    def matched_share(self) -> int:
        """Percent of what was agreed."""
        return rules.share(self.matched_fen, self.whole_fen)


_POOL = """
select p.id, p.organization as organization_id, o.name as organization, p.title, p.sponsor_name,
    p.sponsor_person, p.numerator, p.denominator, p.per_gift_fen, p.per_donor_day_fen, p.per_fund_fen,
    p.whole_fen, p.begins_on, p.ends_on, p.rest, p.rest_fund as rest_fund_id, r.name as rest_fund, p.state,
    p.matched_fen, p.made_by, p.opened_at, p.rest_fen, p.rest_payment_no, p.rest_prepared_by,
    coalesce((select b.balance from ledger_balance b where b.owner_kind = 'foundation.pool'
        and b.owner_id = p.id and b.kind = 'foundation.pool'), 0)::bigint as balance_fen
from foundation_pool p join organization o on o.id = p.organization left join fund r on r.id = p.rest_fund"""


async def pool(pool_id: int) -> PoolView:
    """The pool; raises PoolNotFound."""
    row = await fetch_row(f"{_POOL} where p.id = $1", pool_id)
    if row is None:
        raise PoolNotFound
    return PoolView(**dict(row))


async def lock(pool_ids: Sequence[int]) -> list[PoolView]:
    """These pools, locked until COMMIT in the order of their ids, as they are once locked."""
    ids = list(pool_ids)
    await fetch("select id from foundation_pool where id = any($1) order by id for no key update", ids)
    return [PoolView(**dict(row)) for row in await fetch(f"{_POOL} where p.id = any($1) order by p.id", ids)]


async def pool_for(pool_id: int, actor: Actor | None) -> PoolView:
    """The pool: for everybody once it was opened, before that for the foundation's own people."""
    found = await pool(pool_id)
    if found.opened_at is None and not (actor and works_there(found.organization_id, actor)):
        raise PoolNotFound
    return found


def works_there(organization_id: int, actor: Actor) -> bool:
    """Does the person run, record or confirm at the foundation?"""
    foundation = Ref("organization", organization_id)
    return any(
        actor.may(permission, foundation)
        for permission in (fund_states.RUN, fund_states.RECORD, fund_states.CONFIRM)
    )


async def pools(
    organization_id: int, *, with_drafts: bool, before_id: int | None, limit: int
) -> list[PoolView]:
    """A foundation's pools, newest first."""
    rows = await fetch(
        f"{_POOL} where p.organization = $1 and ($2 or p.opened_at is not null)"
        " and ($3::bigint is null or p.id < $3) order by p.id desc limit $4",
        organization_id,
        with_drafts,
        before_id,
        limit,
    )
    return [PoolView(**dict(row)) for row in rows]


@dataclass(frozen=True)
class PoolFundLine:
    """A fund of a pool, and what was added to its gifts."""

    fund_id: int
    fund: str
    matched_fen: int


async def funds_of(pool_id: int) -> list[PoolFundLine]:
    """By name."""
    rows = await fetch(
        "select f.id as fund_id, f.name as fund, x.matched_fen from foundation_pool_fund x"
        " join fund f on f.id = x.fund where x.pool = $1 order by f.name",
        pool_id,
    )
    return [PoolFundLine(**dict(row)) for row in rows]


@dataclass(frozen=True)
class MoneyView:
    """Money of the sponsor that came."""

    id: int
    pool_id: int
    organization_id: int
    amount_fen: int
    receipt_no: str
    received_on: date
    state: str
    recorded_by: int


_MONEY = """
select id, pool as pool_id, organization as organization_id, amount_fen, receipt_no, received_on, state,
    recorded_by from foundation_pool_money"""


async def money_of(pool_id: int) -> list[MoneyView]:
    """What came into the pool, newest first; the last hundred."""
    rows = await fetch(f"{_MONEY} where pool = $1 order by id desc limit 100", pool_id)
    return [MoneyView(**dict(row)) for row in rows]


async def money(money_id: int, *, lock: bool = False) -> MoneyView:
    """One payment; raises MoneyNotFound."""
    row = await fetch_row(f"{_MONEY} where id = $1" + (" for no key update" if lock else ""), money_id)
    if row is None:
        raise MoneyNotFound
    return MoneyView(**dict(row))


async def may_see_slip(actor: Actor, money_id: int) -> bool:
    """Those of the foundation do."""
    return works_there((await money(money_id)).organization_id, actor)


async def known_fen(pool_id: int) -> int:
    """What has come, or waits for a second person."""
    row = await fetch_row(
        "select coalesce(sum(amount_fen), 0)::bigint as known from foundation_pool_money"
        " where pool = $1 and state <> 'dropped'",
        pool_id,
    )
    assert row is not None
    return int(row["known"])


@dataclass(frozen=True)
class MatchLine:
    """What was added to a gift; nobody is named."""

    id: int
    fund_id: int
    fund: str
    gift_fen: int
    amount_fen: int
    returned_fen: int
    limited_by: str
    matched_at: datetime


async def matches(pool_id: int, *, before_id: int | None, limit: int) -> list[MatchLine]:
    """The pool's history, newest first."""
    rows = await fetch(
        "select m.id, m.fund as fund_id, f.name as fund, g.amount_fen as gift_fen, m.amount_fen,"
        " m.returned_fen, m.limited_by, m.matched_at from foundation_pool_match m"
        " join fund f on f.id = m.fund join fund_gift g on g.id = m.gift"
        " where m.pool = $1 and ($2::bigint is null or m.id < $2) order by m.id desc limit $3",
        pool_id,
        before_id,
        limit,
    )
    return [MatchLine(**dict(row)) for row in rows]


async def gift_part(gift_id: int) -> list[ProjectPart]:
    """What was added to a gift, for whoever may see the gift."""
    rows = await fetch(
        "select p.id, p.title, m.amount_fen, m.returned_fen, m.kept_fen, m.limited_by"
        " from foundation_pool_match m join foundation_pool p on p.id = m.pool"
        " where m.gift = $1 order by p.id limit 20",
        gift_id,
    )
    return [ProjectPart(title=mark("配捐"), order=10, lines=[_said(row) for row in rows])] if rows else []


def _said(row: "dict[str, object]") -> ProjectLine:
    path, title = f"/foundation/pools/{row['id']}", row["title"]
    if not row["amount_fen"]:
        return ProjectLine(
            text=mark("%(pool)s 没有配捐：%(why)s"),
            params={"pool": title, "why": rules.said_limit(str(row["limited_by"]))},
            path=path,
        )
    text = mark("%(pool)s 给您的捐赠加上")
    if row["kept_fen"]:
        text = mark("%(pool)s 加上的配捐，退回了没有用的部分；已经用掉的留在基金里")
    elif row["returned_fen"]:
        text = mark("%(pool)s 加上的配捐，随您的捐赠退回后还有")
    left = int(str(row["amount_fen"])) - int(str(row["returned_fen"]))
    return ProjectLine(text=text, params={"pool": title}, amount_fen=left, path=path)


async def fund_part(fund_id: int) -> list[ProjectPart]:
    """The pools that match gifts to a fund now."""
    rows = await fetch(
        f"{_POOL} where p.state = 'open' and p.ends_on >= $2"
        " and p.id in (select pool from foundation_pool_fund where fund = $1) order by p.id limit 10",
        fund_id,
        clock.today(),
    )
    lines = [
        ProjectLine(
            text=mark("%(sponsor)s：每捐 %(d)s 元，配 %(n)s 元。池里还有"),
            params={"sponsor": found.sponsor_name, "d": found.denominator, "n": found.numerator},
            amount_fen=found.left_fen,
            path=f"/foundation/pools/{found.id}",
        )
        for found in (PoolView(**dict(row)) for row in rows)
    ]
    return [ProjectPart(title=mark("配捐"), order=10, lines=lines)] if lines else []


_TODOS = (
    (fund_states.CONFIRM, "p.state = 'draft' and p.made_by <> $2", mark("有一个配捐池等您开放")),
    (
        fund_states.CONFIRM,
        "p.id in (select pool from foundation_pool_money where state = 'waiting' and recorded_by <> $2)",
        mark("有一笔配捐资金等您确认"),
    ),
    (
        fund_states.CONFIRM,
        "p.state = 'prepared' and p.rest_prepared_by <> $2",
        mark("有配捐池的余款等您付出"),
    ),
    (fund_states.RECORD, "p.state = 'ended'", mark("配捐池结束了，请处理余款")),
    (
        fund_states.RUN,
        "p.state = 'open' and (p.matched_fen = p.whole_fen or 0 = (select coalesce(sum(b.balance), 0)"
        " from ledger_balance b where b.owner_kind = 'foundation.pool' and b.owner_id = p.id"
        " and b.kind = 'foundation.pool'))",
        mark("配捐池用完了：续资，或者结束"),
    ),
)


async def todos(actor: Actor) -> list[Todo]:
    """What waits for the person at pools."""
    found = []
    for permission, condition, title in _TODOS:
        ids = [scope.id for scope in actor.scopes(permission) if scope.kind == "organization"]
        if not ids:
            continue
        # $2 is named in each, so that each takes the same two.
        rows = await fetch(
            f"select p.id from foundation_pool p where p.organization = any($1) and $2::bigint is not null"
            f" and {condition} order by p.id limit {_PLACES}",
            ids,
            actor.person_id,
        )
        found += [Todo(title=title, path=f"/foundation/pools/{row['id']}") for row in rows]
    return found


# Subject -> what pools say of it (expected) and what the ledger says (found).
_DIFFERENCES = {
    "foundation pool %s: what lies in it": """
        select p.id, coalesce((select sum(amount_fen) from foundation_pool_money m
                where m.pool = p.id and m.state = 'counted'), 0) - p.matched_fen
            - p.rest_paid_fen as expected,
            coalesce((select b.balance from ledger_balance b where b.owner_kind = 'foundation.pool'
                and b.owner_id = p.id and b.kind = 'foundation.pool'), 0) as found
        from foundation_pool p""",
    "foundation pool %s: what it has added": """
        select p.id, p.matched_fen as expected, coalesce((select sum(m.amount_fen - m.returned_fen)
            from foundation_pool_match m where m.pool = p.id), 0) as found
        from foundation_pool p""",
}


async def differences() -> list[Difference]:
    """Pools that the ledger contradicts."""
    return [
        Difference(subject=subject % row["id"], expected=str(row["expected"]), found=str(row["found"]))
        for subject, sql in _DIFFERENCES.items()
        for row in await fetch(f"select * from ({sql}) s where expected <> found order by id limit 100")
    ]
