"""Pledges as pages and verbs see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core import clock
from core.database import fetch, fetch_row
from core.funds.rules import states as fund_states
from core.funds.rules.names import public_name
from core.language import mark
from core.manifest import ProjectLine, ProjectPart, Todo
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.pledges import PledgeNotFound
from plugins.foundation.queries.pools import works_there
from plugins.foundation.rules import pledges as rules
from plugins.foundation.rules.pledges import Due, Part

# What came of a gift and has not gone back.
_KEPT = """case g.state when 'counted' then g.amount_fen - g.returned_fen
    - coalesce((select sum(r.amount_fen) from fund_refund r where r.gift = g.id and r.state = 'refunded'), 0)
    else 0 end"""
_RECEIVED = f"""coalesce((select sum({_KEPT}) from foundation_pledge_gift x join fund_gift g on g.id = x.gift
    where x.pledge = p.id), 0)::bigint"""


@dataclass(frozen=True)
class PledgeView:
    """A pledge; `received_fen` has come by gifts and not gone back."""

    id: int
    organization_id: int
    organization: str
    fund_id: int
    fund: str
    purpose_id: int | None
    purpose: str | None
    donor_id: int | None
    donor_name: str
    nickname: str
    display: str
    is_binding: bool
    total_fen: int
    received_fen: int
    state: str
    promised_on: date
    ground: str
    reason: str
    by_minor: bool

    @property
    def foundation(self) -> Ref:
        """Where those who keep it hold their roles."""
        return Ref("organization", self.organization_id)

    @property
    def shown_as(self) -> str:
        """As the donor wishes; "" for anonymous."""
        return public_name(self.display, self.donor_name, self.nickname, by_minor=self.by_minor)


_PLEDGE = f"""
select p.id, p.organization as organization_id, o.name as organization, p.fund as fund_id, f.name as fund,
    p.purpose as purpose_id, u.title as purpose, p.donor as donor_id, p.donor_name, p.nickname, p.display,
    p.is_binding, p.total_fen, {_RECEIVED} as received_fen, p.state, p.promised_on, p.ground, p.reason,
    coalesce(d.born_on > p.promised_on - interval '18 years', false) as by_minor
from foundation_pledge p join organization o on o.id = p.organization join fund f on f.id = p.fund
left join fund_purpose u on u.id = p.purpose left join person d on d.id = p.donor"""


async def pledge(pledge_id: int, *, lock: bool = False) -> PledgeView:
    """The pledge, its row locked until COMMIT if asked; raises PledgeNotFound."""
    if lock:
        await fetch_row("select from foundation_pledge where id = $1 for no key update", pledge_id)
    row = await fetch_row(f"{_PLEDGE} where p.id = $1", pledge_id)
    if row is None:
        raise PledgeNotFound
    return PledgeView(**dict(row))


async def pledges_with(ids: Sequence[int]) -> list[PledgeView]:
    """Those of the ids that are there, the newest first."""
    rows = await fetch(f"{_PLEDGE} where p.id = any($1) order by p.id desc", list(ids))
    return [PledgeView(**dict(row)) for row in rows]


async def pledge_for(pledge_id: int, actor: Actor) -> PledgeView:
    """For its donor and the foundation's own people; PledgeNotFound for others."""
    found = await pledge(pledge_id)
    if found.donor_id != actor.person_id and not works_there(found.organization_id, actor):
        raise PledgeNotFound
    return found


async def pledges(organization_id: int, *, before_id: int | None, limit: int) -> list[PledgeView]:
    """A foundation's pledges, newest first."""
    rows = await fetch(
        f"{_PLEDGE} where p.organization = $1 and ($2::bigint is null or p.id < $2)"
        " order by p.id desc limit $3",
        organization_id,
        before_id,
        limit,
    )
    return [PledgeView(**dict(row)) for row in rows]


async def dues(found: Sequence[PledgeView]) -> dict[int, list[Due]]:
    """Pledge -> its instalments in order, and what of each has come."""
    rows = await fetch(
        "select pledge, due_on, amount_fen from foundation_pledge_part where pledge = any($1)"
        " order by due_on, id",
        [one.id for one in found],
    )
    parts: dict[int, list[Part]] = {}
    for row in rows:
        parts.setdefault(row["pledge"], []).append(Part(row["due_on"], row["amount_fen"]))
    return {one.id: rules.covered(parts.get(one.id, []), one.received_fen) for one in found}


@dataclass(frozen=True)
class LinkedGift:
    """A gift that keeps a pledge."""

    id: int
    receipt_no: str
    received_on: date
    amount_fen: int


async def gifts_of(pledge_id: int) -> list[LinkedGift]:
    """Those that have come, in the order in which they were linked."""
    rows = await fetch(
        "select g.id, g.receipt_no, g.received_on, g.amount_fen from foundation_pledge_gift x"
        " join fund_gift g on g.id = x.gift where x.pledge = $1 and g.state = 'counted'"
        " order by x.id limit 100",
        pledge_id,
    )
    return [LinkedGift(**dict(row)) for row in rows]


async def locked_gifts(pledge_id: int) -> list[int]:
    """All that keep it or are to, locked until COMMIT."""
    rows = await fetch(
        "select id from fund_gift where id in (select gift from foundation_pledge_gift where pledge = $1)"
        " order by id for no key update",
        pledge_id,
    )
    return [row["id"] for row in rows]


async def on_its_way(pledge_id: int) -> str | None:
    """The page on which a gift that would keep the pledge waits to be paid."""
    row = await fetch_row(
        "select o.page from foundation_pledge_gift x join fund_gift g on g.id = x.gift"
        ' join payment_order o on o.id = g."order"'
        " where x.pledge = $1 and g.state = 'promised' and o.state = 'open' order by x.id desc limit 1",
        pledge_id,
    )
    return str(row["page"]) if row else None


async def kept_by(gift_ids: Sequence[int]) -> list[int]:
    """Open pledges that these gifts keep, by id."""
    rows = await fetch(
        "select distinct p.id from foundation_pledge_gift x join foundation_pledge p on p.id = x.pledge"
        " where x.gift = any($1) and p.state = 'open' order by p.id",
        list(gift_ids),
    )
    return [row["id"] for row in rows]


@dataclass(frozen=True)
class Promised:
    """What is promised and still to come, apart from all money: in fen."""

    promised_fen: int
    received_fen: int


async def sums(organization_id: int) -> Promised:
    """Of a foundation's open and kept pledges."""
    row = await fetch_row(
        f"select coalesce(sum(s.total_fen), 0)::bigint as promised_fen,"
        " coalesce(sum(s.received_fen), 0)::bigint as received_fen"
        f" from (select p.total_fen, least({_RECEIVED}, p.total_fen) as received_fen from foundation_pledge p"
        " where p.organization = $1 and p.state <> 'withdrawn') s",
        organization_id,
    )
    assert row is not None
    return Promised(**dict(row))


async def gift_by_receipt(fund_id: int, receipt_no: str) -> int | None:
    """A gift to the fund that counts, locked until COMMIT: it keeps one promise, in one place."""
    row = await fetch_row(
        "select id from fund_gift where fund = $1 and receipt_no = $2 and state = 'counted'"
        " for no key update",
        fund_id,
        receipt_no,
    )
    return int(row["id"]) if row else None


async def fund_part(fund_id: int) -> list[ProjectPart]:
    """What is promised to a fund and has not come: no part of its balance."""
    row = await fetch_row(
        f"select count(*) as count, coalesce(sum(greatest(p.total_fen - {_RECEIVED}, 0)), 0)::bigint"
        " as missing, min(p.organization) as organization"
        " from foundation_pledge p where p.fund = $1 and p.state = 'open'",
        fund_id,
    )
    assert row is not None
    if not row["missing"]:
        return []
    line = ProjectLine(
        text=mark("%(n)s 笔认捐，还没有到账，不算在余额里"),
        params={"n": row["count"]},
        amount_fen=row["missing"],
        path=f"/foundation/{row['organization']}/pledges",
    )
    return [ProjectPart(title=mark("认捐"), order=20, lines=[line])]


async def todos(actor: Actor) -> list[Todo]:
    """Instalments that are late or soon due: for who keeps the foundation's books, and for the donor."""
    ids = [scope.id for scope in actor.scopes(fund_states.RECORD) if scope.kind == "organization"]
    rows = await fetch(
        f"""
        select s.id, s.due_on, s.donor from (
            select p.id, p.donor, d.due_on, {_RECEIVED} as received,
                sum(d.amount_fen) over (partition by p.id order by d.due_on, d.id) as until
            from foundation_pledge p join foundation_pledge_part d on d.pledge = p.id
            where p.state = 'open' and (p.organization = any($1) or p.donor = $2)) s
        where s.until > s.received and s.due_on <= $3 order by s.due_on, s.id limit 10""",
        ids,
        actor.person_id,
        clock.today() + timedelta(days=rules.SOON_DAYS),
    )
    return [
        Todo(
            title=mark("您认捐的一期快到期了，或者已经过期")
            if row["donor"] == actor.person_id
            else mark("有一期认捐快到期或已过期，请联系捐赠人"),
            path=f"/foundation/pledges/{row['id']}",
            due_at=clock.end_of(row["due_on"]),
        )
        for row in rows
    ]
