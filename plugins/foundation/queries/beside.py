"""What stands beside a foundation's money, and is never added to it: goods, and hours of volunteers."""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import ProjectLine, ProjectPart
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from plugins.foundation.rules import hours, years


@dataclass(frozen=True)
class GoodsFigures:
    """Worth of goods in fen; `unvalued`: slips of which nobody knows the worth."""

    received_fen: int
    handed_fen: int
    written_fen: int
    left_fen: int
    slips: int
    unvalued: int


# What a piece is worth is no whole number of fen: a move is worth the difference of two rounded sums, so
# that all moves of whole goods are worth the whole.
_FIGURES = """
with chosen as (
    select * from foundation_goods g where g.state = 'counted' and g.received_on <= $2 and {which}
), steps as (
    select m.goods, m.kind, m.quantity, m.happened_on,
        sum(m.quantity) over (partition by m.goods order by m.happened_on, m.id)::bigint as until
    from foundation_goods_move m join chosen g on g.id = m.goods
    where m.reversed_by is null and m.happened_on <= $2
), worths as (
    select s.kind, s.happened_on,
        g.value_fen * s.until / g.quantity - g.value_fen * (s.until - s.quantity) / g.quantity as fen
    from steps s join chosen g on g.id = s.goods
)
select coalesce(sum(g.value_fen) filter (where g.received_on >= $1), 0)::bigint as received_fen,
    (select coalesce(sum(fen) filter (where kind = 'handed' and happened_on >= $1), 0)::bigint from worths)
        as handed_fen,
    (select coalesce(sum(fen) filter (where kind = 'written' and happened_on >= $1), 0)::bigint from worths)
        as written_fen,
    coalesce(sum(g.value_fen), 0)::bigint - (select coalesce(sum(fen), 0)::bigint from worths) as left_fen,
    count(*) filter (where g.received_on >= $1) as slips,
    count(*) filter (where g.received_on >= $1 and g.valued = 'none') as unvalued
from chosen g"""
_EVER = date(2000, 1, 1)


async def year_figures(organization_id: int, year: int) -> GoodsFigures:
    """What a foundation received and handed out in a year, and what was left at its end."""
    return await _figures("g.organization = $3", date(year, 1, 1), date(year, 12, 31), organization_id)


async def campaign_figures(campaign_id: int) -> GoodsFigures:
    """What came by a campaign until now."""
    return await _figures("g.campaign = $3", _EVER, clock.today(), campaign_id)


async def fund_figures(fund_id: int) -> GoodsFigures:
    """What came for a fund until now."""
    return await _figures("g.fund = $3", _EVER, clock.today(), fund_id)


async def _figures(which: str, begins: date, ends: date, subject_id: int) -> GoodsFigures:
    row = await fetch_row(_FIGURES.format(which=which), begins, ends, subject_id)
    assert row is not None, "sums always have a row"
    return GoodsFigures(**dict(row))


@dataclass(frozen=True)
class HoursFigures:
    """Minutes by the ledger. `hour_fen` 0: nobody has set what an hour counts for, so nothing is valued."""

    minutes: int
    hour_fen: int
    since: date | None

    @property
    def worth_fen(self) -> int:
        """What they count for; no money."""
        return hours.worth(self.minutes, self.hour_fen)


@dataclass(frozen=True)
class FundHours:
    """Minutes on projects that a fund has paid for; without a fund: on none of them."""

    fund_id: int | None
    fund: str | None
    minutes: int


# Of the foundation's own activities and of projects that it has paid for; a project that two funds have paid
# for stands with the first.
_HOURS = """
select p.fund as fund_id, f.name as fund, sum(e.amount)::int as minutes
from volunteer_opportunity o
left join lateral (select r.fund from fund_request r where r.project = o.project and r.foundation = $1
    and r.paid_at is not null order by r.id limit 1) p on true
left join fund f on f.id = p.fund
join volunteer_shift h on h.opportunity = o.id
join volunteer_sign_up s on s.shift = h.id
join volunteer_service v on v.sign_up = s.id and v.state = 'confirmed'
join ledger_transfer t on t.key = 'volunteer_service:' || v.id
join ledger_entry e on e.transfer = t.id and e.amount > 0
where o.id in (select id from volunteer_opportunity where organization = $1
        union select q.id from volunteer_opportunity q
            join fund_request r on r.project = q.project and r.foundation = $1 and r.paid_at is not null)
    and v.begins_at >= $2 and v.begins_at < $3
    and not exists (select from ledger_transfer u where u.reverses = t.id)
group by p.fund, f.name order by 3 desc, p.fund limit 50"""


async def hours_by_fund(organization_id: int, year: int) -> list[FundHours]:
    """Confirmed minutes of a year by the ledger, most first."""
    rows = await fetch(_HOURS, organization_id, *years.span(year))
    return [FundHours(**dict(row)) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A year beside its money."""

    goods: GoodsFigures
    hours: HoursFigures
    funds: list[FundHours]


async def year_beside(organization_id: int, year: int) -> Beside:
    """Goods and hours of a foundation's year, an hour at the price in force on the year's last day."""
    funds, today = await hours_by_fund(organization_id, year), clock.today()
    day = today if year == today.year else date(year, 12, 31)
    scopes = await organizations.parameter_scopes(organization_id)
    rate = (await parameters.in_force([hours.HOUR_FEN], scopes, day))[hours.HOUR_FEN]
    return Beside(
        goods=await year_figures(organization_id, year),
        hours=HoursFigures(sum(one.minutes for one in funds), rate.value, rate.since),
        funds=funds,
    )


async def fund_part(fund_id: int) -> list[ProjectPart]:
    """Goods that came for a fund: no part of its balance."""
    found = await fund_figures(fund_id)
    if not found.slips:
        return []
    rows = (
        (mark("收到物资价值"), found.received_fen),
        (mark("已发放物资价值"), found.handed_fen),
        (mark("在库物资价值"), found.left_fen),
    )
    organization_id = await fetch_value("select organization from fund where id = $1", fund_id)
    lines = [
        ProjectLine(text=text, amount_fen=amount, path=f"/foundation/{organization_id}/goods")
        for text, amount in rows
    ]
    return [ProjectPart(title=mark("物资，不算在余额里"), order=25, lines=lines)]
