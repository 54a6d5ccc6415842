"""Gifts: one, those of a fund or of a donor, those that wait for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch, fetch_row
from core.funds.errors import GiftNotFound
from core.funds.rules import ANONYMOUS, states
from core.funds.rules.names import public_name
from core.funds.rules.receipts import WELL_WISHER
from core.language import translate
from core.people.rules import Actor
from core.reference import Ref


@dataclass(frozen=True)
class GiftView:
    """A gift with everything that is on record; `shown_as` is what everybody may see."""

    id: int
    fund_id: int
    fund: str
    organization_id: int
    purpose_id: int | None
    purpose: str | None
    donor_id: int | None
    donor_name: str
    nickname: str
    display: str
    amount_fen: int
    method: str
    receipt_no: str
    received_on: date
    trace_code: str
    state: str
    recorded_by: int | None
    counted_at: datetime | None
    order_id: int | None
    returned_fen: int
    name_refused: bool
    by_minor: bool

    @property
    def shown_as(self) -> str:
        """Name or nickname, as the donor wishes, unless that is not published; "" for anonymous."""
        if self.name_refused and self.display != ANONYMOUS:
            return translate(WELL_WISHER)
        return public_name(self.display, self.donor_name, self.nickname, by_minor=self.by_minor)


@dataclass(frozen=True)
class Wanted:
    """Of one's own gifts those received in a year, or for a fund; None: all."""

    year: int | None = None
    fund_id: int | None = None


EVERYTHING = Wanted()
# $1 the donor, $2 and $3 as in Wanted.
OWN = """g.donor = $1 and g.state = 'counted' and ($3::bigint is null or g.fund = $3)
    and ($2::int is null
        or g.received_on >= make_date($2, 1, 1) and g.received_on < make_date($2 + 1, 1, 1))"""
_GIFT = """
select g.id, g.fund as fund_id, f.name as fund, g.organization as organization_id, g.purpose as purpose_id,
    p.title as purpose, g.donor as donor_id, g.donor_name, g.nickname, g.display, g.amount_fen, g.method,
    g.receipt_no, g.received_on, g.trace_code, g.state, g.recorded_by, g.counted_at,
    g."order" as order_id, g.returned_fen,
    exists(select from fund_name_refusal n where n.gift = g.id and n.lifted_at is null) as name_refused,
    coalesce(d.born_on > g.received_on - interval '18 years', false) as by_minor
from fund_gift g join fund f on f.id = g.fund left join fund_purpose p on p.id = g.purpose
left join person d on d.id = g.donor"""


async def gift(gift_id: int, *, lock: bool = False) -> GiftView:
    """The gift, its row locked until COMMIT if asked; raises GiftNotFound."""
    row = await fetch_row(f"{_GIFT} where g.id = $1" + (" for no key update of g" if lock else ""), gift_id)
    if row is None:
        raise GiftNotFound
    return GiftView(**dict(row))


async def gifts_with(gift_ids: Sequence[int]) -> list[GiftView]:
    """Those of the ids that are there, in their order."""
    rows = await fetch(f"{_GIFT} where g.id = any($1) order by g.id", list(gift_ids))
    return [GiftView(**dict(row)) for row in rows]


async def gift_for(gift_id: int, actor: Actor) -> GiftView:
    """The gift for its donor and for those who keep the foundation's books; GiftNotFound for others."""
    found = await gift(gift_id)
    foundation = Ref("organization", found.organization_id)
    keeps_books = actor.may(states.RECORD, foundation) or actor.may(states.CONFIRM, foundation)
    if found.donor_id != actor.person_id and not keeps_books:
        raise GiftNotFound
    return found


async def may_see_gift(gift_id: int, actor: Actor) -> bool:
    """Does `gift_for` show it?"""
    try:
        return bool(await gift_for(gift_id, actor))
    except GiftNotFound:
        return False


async def gift_by_code(code: str) -> GiftView:
    """The gift whose acknowledgement carries the code; raises GiftNotFound."""
    row = await fetch_row(f"{_GIFT} where g.trace_code = $1 and g.state = 'counted'", code)
    if row is None:
        raise GiftNotFound
    return GiftView(**dict(row))


async def online_gift(code: str) -> GiftView:
    """A gift that is paid online, promised or counted or dropped; raises GiftNotFound."""
    row = await fetch_row(f"{_GIFT} where g.trace_code = $1 and g.method = 'online'", code)
    if row is None:
        raise GiftNotFound
    return GiftView(**dict(row))


async def gifts_of_fund(
    fund_id: int, *, method: str | None = None, before_id: int | None, limit: int
) -> list[GiftView]:
    """What was given to the fund, newest first; by one method if asked."""
    args = [fund_id, before_id, limit, *([method] if method else [])]
    rows = await fetch(
        f"{_GIFT} where g.fund = $1 and g.state = 'counted' and ($2::bigint is null or g.id < $2)"
        f"{' and g.method = $4' if method else ''} order by g.id desc limit $3",
        *args,
    )
    return [GiftView(**dict(row)) for row in rows]


async def gifts_of_person(
    person_id: int, wanted: Wanted = EVERYTHING, *, before_id: int | None, limit: int
) -> list[GiftView]:
    """A person's own gifts, newest first."""
    rows = await fetch(
        f"{_GIFT} where {OWN} and ($4::bigint is null or g.id < $4) order by g.id desc limit $5",
        person_id,
        wanted.year,
        wanted.fund_id,
        before_id,
        limit,
    )
    return [GiftView(**dict(row)) for row in rows]


async def waiting_gifts(organization_ids: Sequence[int], *, limit: int) -> list[GiftView]:
    """Gifts of these foundations that wait for a second person, oldest first."""
    rows = await fetch(
        f"{_GIFT} where g.organization = any($1) and g.state = 'waiting' order by g.id limit $2",
        list(organization_ids),
        limit,
    )
    return [GiftView(**dict(row)) for row in rows]
