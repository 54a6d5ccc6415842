"""Reads of lists from platforms: one, those of a campaign, their rows, what waits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch, fetch_row, fetch_value
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Todo
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.platforms import PlatformListNotFound
from plugins.foundation.rules import platforms as rules


@dataclass(frozen=True)
class ListView:
    """A list, with the names of what it is for."""

    id: int
    campaign_id: int
    campaign: str
    organization_id: int
    fund_id: int
    fund: str
    purpose_id: int | None
    purpose: str | None
    platform: str
    name: str
    state: str
    reason: str
    rows: int
    bad: int
    gross_fen: int
    fee_fen: int
    uploaded_by: int
    uploaded_at: datetime
    payout_fen: int | None
    payout_no: str | None
    paid_out_on: date | None
    settled_by: int | None
    confirmed_by: int | None
    entry: int | None
    booked_at: datetime | None
    job: int | None

    @property
    def foundation(self) -> Ref:
        """Where who works on it holds the role."""
        return Ref(organizations.OWNER, self.organization_id)

    @property
    def net_fen(self) -> int:
        """What the platform has to pay out."""
        return self.gross_fen - self.fee_fen


@dataclass(frozen=True)
class RowView:
    """A row; `name` as it may be shown to those who keep the books."""

    id: int
    line: int
    order_no: str
    name: str
    amount_fen: int
    fee_fen: int
    paid_on: date | None
    reason: str
    gift_id: int | None
    trace_code: str | None


_LIST = """
select l.id, l.campaign as campaign_id, c.title as campaign, l.organization as organization_id,
    l.fund as fund_id, f.name as fund, l.purpose as purpose_id, p.title as purpose, l.platform, l.name,
    l.state, l.reason, l.rows, l.bad, l.gross_fen, l.fee_fen, l.uploaded_by, l.uploaded_at, l.payout_fen,
    l.payout_no, l.paid_out_on, l.settled_by, l.confirmed_by, l.entry, l.booked_at, l.job
from foundation_platform_list l join foundation_campaign c on c.id = l.campaign join fund f on f.id = l.fund
left join fund_purpose p on p.id = l.purpose"""
_ROW = """
select r.id, r.line, r.order_no, r.name, r.amount_fen, r.fee_fen, r.paid_on, r.reason, r.gift as gift_id,
    g.trace_code
from foundation_platform_row r left join fund_gift g on g.id = r.gift"""


async def platform_list(list_id: int, *, lock: bool = False) -> ListView:
    """The list, its row locked until COMMIT if asked; raises PlatformListNotFound."""
    row = await fetch_row(f"{_LIST} where l.id = $1" + (" for no key update of l" if lock else ""), list_id)
    if row is None:
        raise PlatformListNotFound
    return ListView(**dict(row))


def keeps_books(foundation: Ref, actor: Actor) -> bool:
    """Does this person record or confirm gifts there?"""
    return actor.may(fund_states.RECORD, foundation) or actor.may(fund_states.CONFIRM, foundation)


async def list_for(list_id: int, actor: Actor) -> ListView:
    """For who keeps its foundation's books; PlatformListNotFound for others."""
    found = await platform_list(list_id)
    if not keeps_books(found.foundation, actor):
        raise PlatformListNotFound
    return found


async def lists_of(campaign_id: int, *, before_id: int | None, limit: int) -> list[ListView]:
    """A campaign's lists, newest first."""
    rows = await fetch(
        f"{_LIST} where l.campaign = $1 and ($2::bigint is null or l.id < $2) order by l.id desc limit $3",
        campaign_id,
        before_id,
        limit,
    )
    return [ListView(**dict(row)) for row in rows]


async def rows_of(list_id: int, *, after: int, limit: int, only_bad: bool = False) -> list[RowView]:
    """Rows in the list's order, after a line."""
    rows = await fetch(
        f"{_ROW} where r.batch = $1 and r.line > $2 and (not $3 or r.reason <> '') order by r.line limit $4",
        list_id,
        after,
        only_bad,
        limit,
    )
    return [RowView(**dict(row)) for row in rows]


async def chosen_columns(organization_id: int, platform: str) -> dict[str, str]:
    """What the foundation chose for its last list from there whose columns were chosen by hand."""
    found: str | None = await fetch_value(
        "select columns from foundation_platform_list where organization = $1 and platform = $2"
        " and columns <> '{}' and state <> 'dropped' order by id desc limit 1",
        organization_id,
        platform,
    )
    return json.loads(found) if found else {}


async def booked(organization_id: int, platform: str, order_nos: Sequence[str]) -> set[str]:
    """Those of the orders that are booked."""
    rows = await fetch(
        "select order_no from foundation_platform_row"
        " where organization = $1 and platform = $2 and order_no = any($3) and is_booked",
        organization_id,
        platform,
        list(order_nos),
    )
    return {row["order_no"] for row in rows}


async def may_see_slip(actor: Actor, list_id: int) -> bool:
    """The payout's evidence is for who keeps the books."""
    try:
        return bool(await list_for(list_id, actor))
    except PlatformListNotFound:
        return False


async def todos(actor: Actor) -> list[Todo]:
    """Lists whose payout is to be recorded, or confirmed by a second person."""
    rows = await fetch(
        "select id, state from foundation_platform_list where (state = 'judged' and organization = any($1))"
        " or (state = 'waiting' and organization = any($2) and settled_by <> $3) order by id limit 5",
        [scope.id for scope in actor.scopes(fund_states.RECORD)],
        [scope.id for scope in actor.scopes(fund_states.CONFIRM)],
        actor.person_id,
    )
    titles = {
        rules.JUDGED: mark("有一份平台捐赠清单等登记到账"),
        rules.WAITING: mark("有一份平台捐赠清单等您确认到账"),
    }
    return [Todo(title=titles[row["state"]], path=f"/foundation/platforms/{row['id']}") for row in rows]
