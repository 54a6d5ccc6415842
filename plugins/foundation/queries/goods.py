"""Goods as pages and verbs see them: what came, what left, what is there. Never added to money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Difference, Todo
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from plugins.foundation.errors.goods import GoodsNotFound, MoveNotFound
from plugins.foundation.queries.pools import works_there
from plugins.foundation.rules import goods as rules
from plugins.foundation.rules.goods import GoodsDraft, MoveDraft

_LISTED = 200


@dataclass(frozen=True)
class GoodsView:
    """Goods of one slip; `handed` and `written` off count what was not reversed."""

    id: int
    organization_id: int
    organization: str
    fund_id: int | None
    fund: str | None
    campaign_id: int | None
    campaign: str | None
    donor_name: str
    is_anonymous: bool
    kind: str
    what: str
    quantity: int
    unit: str
    value_fen: int
    valued: str
    condition: str
    expires_on: date | None
    received_on: date
    slip_no: str
    trace_code: str
    state: str
    recorded_by: int
    counted_at: datetime | None
    reason: str
    handed: int
    written: int

    @property
    def foundation(self) -> Ref:
        """Where those who keep them hold their roles."""
        return Ref("organization", self.organization_id)

    @property
    def left(self) -> int:
        """How many are there; of what does not count, none."""
        return self.quantity - self.handed - self.written if self.state == rules.COUNTED else 0

    @property
    def draft(self) -> GoodsDraft:
        """As it was said."""
        return GoodsDraft(**{name: getattr(self, name) for name in GoodsDraft.__dataclass_fields__})


@dataclass(frozen=True)
class MoveView:
    """Handed out or written off; with a `reason` it was reversed."""

    id: int
    goods_id: int
    kind: str
    quantity: int
    receiver_id: int | None
    receiver: str
    receiver_name: str
    request_id: int | None
    request: str | None
    why: str
    happened_on: date
    slip_no: str
    recorded_by: int
    reason: str

    @property
    def draft(self) -> MoveDraft:
        """As it was said."""
        return MoveDraft(**{name: getattr(self, name) for name in MoveDraft.__dataclass_fields__})


# $1: a move that is not counted among what left, being written just now.
_GOODS = """
select g.id, g.organization as organization_id, o.name as organization, g.fund as fund_id, f.name as fund,
    g.campaign as campaign_id, c.title as campaign, g.donor_name, g.is_anonymous, g.kind, g.what, g.quantity,
    g.unit, g.value_fen, g.valued, g.condition, g.expires_on, g.received_on, g.slip_no, g.trace_code, g.state,
    g.recorded_by, g.counted_at, g.reason, m.handed, m.written
from foundation_goods g join organization o on o.id = g.organization left join fund f on f.id = g.fund
left join foundation_campaign c on c.id = g.campaign
cross join lateral (
    select coalesce(sum(quantity) filter (where kind = 'handed'), 0)::bigint as handed,
        coalesce(sum(quantity) filter (where kind = 'written'), 0)::bigint as written
    from foundation_goods_move where goods = g.id and reversed_by is null and id <> $1) m"""


async def goods(goods_id: int, *, lock: bool = False, without_move: int = 0) -> GoodsView:
    """The goods, their row locked until COMMIT if asked; raises GoodsNotFound."""
    if lock:
        await fetch_row("select from foundation_goods where id = $1 for no key update", goods_id)
    return _one(await fetch_row(f"{_GOODS} where g.id = $2", without_move, goods_id))


def _one(row: Mapping[str, Any] | None) -> GoodsView:
    if row is None:
        raise GoodsNotFound
    return GoodsView(**dict(row))


def is_staff(organization_id: int, actor: Actor | None) -> bool:
    """Does the person run, record or confirm at the foundation?"""
    return actor is not None and works_there(organization_id, actor)


async def visible_goods(goods_id: int, actor: Actor | None) -> GoodsView:
    """What counts is for everybody, the rest for the foundation's people; raises GoodsNotFound."""
    found = await goods(goods_id)
    if found.state != rules.COUNTED and not is_staff(found.organization_id, actor):
        raise GoodsNotFound
    return found


async def goods_by_code(code: str) -> GoodsView:
    """What a donor's code stands for; raises GoodsNotFound."""
    return _one(await fetch_row(f"{_GOODS} where g.trace_code = $2 and g.state = 'counted'", 0, code))


async def goods_by_slip(organization_id: int, slip_no: str) -> GoodsView | None:
    """What was written down with this slip, and holds."""
    row = await fetch_row(
        f"{_GOODS} where g.organization = $2 and g.slip_no = $3 and g.state in ('waiting', 'counted')",
        0,
        organization_id,
        slip_no,
    )
    return GoodsView(**dict(row)) if row else None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which goods a list shows. `words`: of what, who or where from; `also_hidden`: for the staff."""

    words: str = ""
    kind: str = ""
    is_left: bool = False
    also_hidden: bool = False


async def list_goods(
    organization_id: int, wanted: Wanted, *, before_id: int | None = None, limit: int
) -> list[GoodsView]:
    """A foundation's goods, newest first."""
    rows = await fetch(
        f"""{_GOODS} where g.organization = $2 and ($3::bigint is null or g.id < $3)
        and ($4 = '' or position(lower($4) in lower(g.what || ' ' || g.donor_name || ' ' || g.slip_no)) > 0)
        and ($5 = '' or g.kind = $5) and ($6 or g.state = 'counted')
        and (not $7 or (g.state = 'counted' and g.quantity > m.handed + m.written))
        order by g.id desc limit $8""",
        0,
        organization_id,
        before_id,
        wanted.words,
        wanted.kind,
        wanted.also_hidden,
        wanted.is_left,
        limit,
    )
    return [GoodsView(**dict(row)) for row in rows]


_MOVE = """
select m.id, m.goods as goods_id, m.kind, m.quantity, m.receiver as receiver_id,
    coalesce(o.name, m.receiver_name) as receiver, m.receiver_name, m.request as request_id,
    r.title as request, m.why, m.happened_on, m.slip_no, m.recorded_by, m.reason
from foundation_goods_move m left join organization o on o.id = m.receiver
left join fund_request r on r.id = m.request"""


@dataclass(frozen=True)
class RequestBeside:
    """A request that goods may belong to."""

    id: int
    title: str
    organization: str


async def requests_beside(found: GoodsView, *, limit: int) -> list[RequestBeside]:
    """Requests to the goods' fund, or to its whole foundation if they are for none; newest first."""
    rows = await fetch(
        "select r.id, r.title, o.name as organization from fund_request r"
        " join organization o on o.id = r.organization"
        " where r.foundation = $1 and r.fund = coalesce($2::bigint, r.fund)"
        " and r.state not in ('refused', 'withdrawn') order by r.id desc limit $3",
        found.organization_id,
        found.fund_id,
        limit,
    )
    return [RequestBeside(**dict(row)) for row in rows]


async def move(move_id: int) -> MoveView:
    """A line of goods; raises MoveNotFound."""
    row = await fetch_row(f"{_MOVE} where m.id = $1", move_id)
    if row is None:
        raise MoveNotFound
    return MoveView(**dict(row))


async def move_by_slip(goods_id: int, slip_no: str) -> MoveView | None:
    """What left by this slip, and was not reversed."""
    row = await fetch_row(
        f"{_MOVE} where m.goods = $1 and m.slip_no = $2 and m.reversed_by is null", goods_id, slip_no
    )
    return MoveView(**dict(row)) if row else None


async def moves(goods_id: int, *, also_reversed: bool) -> list[MoveView]:
    """Where the goods went, in the order in which it was written down."""
    rows = await fetch(
        f"{_MOVE} where m.goods = $1 and ($2 or m.reversed_by is null) order by m.id limit {_LISTED}",
        goods_id,
        also_reversed,
    )
    return [MoveView(**dict(row)) for row in rows]


async def transfer_of(subject: Ref) -> int:
    """The transfer by which it was booked."""
    return int(await fetch_value("select id from ledger_transfer where key = $1", rules.key_of(subject)))


async def terms_on(organization_id: int, day: date) -> dict[str, int]:
    """The foundation's limit and days of warning, as they hold on that day."""
    scopes = await organizations.parameter_scopes(organization_id)
    return await parameters.effective([one.code for one in rules.PARAMETERS], scopes, day)


async def may_see_file(actor: Actor, kind: str, subject_id: int) -> bool:
    """Of a slip, or of a receipt: the foundation's people."""
    try:
        goods_id = subject_id if kind == rules.GOODS else (await move(subject_id)).goods_id
        return is_staff((await goods(goods_id)).organization_id, actor)
    except (GoodsNotFound, MoveNotFound):
        return False


async def todos(actor: Actor) -> list[Todo]:
    """Goods that wait for the person as the second one, and such as expire soon or have expired."""
    waiting = await fetch(
        "select id, what from foundation_goods where organization = any($1) and state = 'waiting'"
        " and recorded_by <> $2 order by id limit 5",
        _places(actor, fund_states.CONFIRM),
        actor.person_id,
    )
    return [
        *(_todo(_WAITS, row) for row in waiting),
        *(
            _todo(_EXPIRES, row, due_at=clock.end_of(row["expires_on"]))
            for row in await _expiring(_places(actor, fund_states.RECORD))
        ),
    ]


def _todo(title: str, row: Mapping[str, Any], *, due_at: datetime | None = None) -> Todo:
    path = f"/foundation/goods/{row['id']}"
    return Todo(title=title, params={"what": row["what"]}, path=path, due_at=due_at)


_WAITS = mark("等您确认收到的物资：%(what)s")
_EXPIRES = mark("物资快到期或已到期：%(what)s")


async def _expiring(organization_ids: Sequence[int]) -> list[Mapping[str, Any]]:
    soon = (await parameters.effective([rules.SOON_DAYS], [PLATFORM], clock.today()))[rules.SOON_DAYS]
    return await fetch(
        "select g.id, g.what, g.expires_on from foundation_goods g"
        " where g.organization = any($1) and g.state = 'counted' and g.expires_on <= $2"
        " and g.quantity > (select coalesce(sum(m.quantity), 0) from foundation_goods_move m"
        "   where m.goods = g.id and m.reversed_by is null)"
        " order by g.expires_on, g.id limit 10",
        organization_ids,
        clock.today() + timedelta(days=soon),
    )


def _places(actor: Actor, permission: str) -> list[int]:
    return [scope.id for scope in actor.scopes(permission) if scope.kind == "organization"]


async def differences() -> list[Difference]:
    """Goods of which the ledger has another number than their lines say."""
    rows = await fetch(
        """
        select g.id, case g.state when 'counted' then g.quantity - m.gone else 0 end as expected,
            coalesce(e.found, 0)::bigint as found
        from foundation_goods g
        cross join lateral (select coalesce(sum(quantity), 0)::bigint as gone from foundation_goods_move
            where goods = g.id and reversed_by is null) m
        left join ledger_account a on a.owner_kind = 'foundation.goods' and a.owner_id = g.id
            and a.kind = 'foundation.goods'
        left join lateral (select sum(amount) as found from ledger_entry where account = a.id) e on true
        where case g.state when 'counted' then g.quantity - m.gone else 0 end <> coalesce(e.found, 0)
        order by g.id limit 100"""
    )
    return [
        Difference(
            subject=f"foundation goods {row['id']}", expected=str(row["expected"]), found=str(row["found"])
        )
        for row in rows
    ]
