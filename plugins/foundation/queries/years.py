"""A foundation's year: its books out of the ledger, measured by the table, and the years that are closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.manifest import Difference
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.reference import PLATFORM
from plugins.foundation.queries import entries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.queries.entries import OpeningView
from plugins.foundation.rules import ratios, years
from plugins.foundation.rules.forecasts import Forecast, forecast
from plugins.foundation.rules.ratios import Judged
from plugins.foundation.rules.years import Books


@dataclass(frozen=True)
class YearView:
    """A year as its page shows it. Without reviewed figures of its beginning nothing is `judged`.

    A `forecast` has only the year that is under way, after its first days.
    """

    organization_id: int
    name: str
    year: int
    books: Books
    reserved_fen: int
    opening: OpeningView | None
    judged: Judged | None
    forecast: Forecast | None
    closed_at: datetime | None


# Each figure from the ledger's own amounts; the rows that name the transfers are found by day. `r`: by hand;
# `b`: through a provider, less what did not arrive there, or back to the sponsor who had matched a gift.
_BOOKS = """
select y.organization, y.year, g.bound_fen, g.free_fen, e.other_fen,
    r.returned_fen + b.returned_fen as returned_fen, p.paid_fen - k.paid_back_fen as paid_fen,
    e.direct_fen, e.management_fen
from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::timestamptz[]) with ordinality
    y (organization, year, begins, ends, number)
cross join lateral (
    select coalesce(sum(l.amount) filter (where l.restriction <> ''), 0)::bigint as bound_fen,
        coalesce(sum(l.amount) filter (where l.restriction = ''), 0)::bigint as free_fen
    from fund_gift g join ledger_lot l on l.origin_kind = 'fund_gift' and l.origin_id = g.id
    join ledger_transfer t on t.id = l.transfer and t.reason = 'core.fund_gift'
    where g.organization = y.organization and g.counted_at >= y.begins and g.counted_at < y.ends) g
cross join lateral (
    select coalesce(sum(n.amount), 0)::bigint as returned_fen
    from fund_refund f join fund_gift g on g.id = f.gift and g.organization = y.organization
    join ledger_transfer t on t.cause_kind = 'fund_refund' and t.cause_id = f.id
        and t.reason = 'core.fund_refund'
    join ledger_entry n on n.transfer = t.id and n.amount > 0
    where f.signed_at >= y.begins and f.signed_at < y.ends) r
cross join lateral (
    select coalesce(sum(case when m.to_account is null then m.amount else -m.amount end), 0)::bigint
        as returned_fen
    from fund_gift g join ledger_lot l on l.origin_kind = 'fund_gift' and l.origin_id = g.id
    join ledger_lot_move m on m.lot = l.id and (m.to_account is null or m.from_account is null)
    join ledger_transfer t on t.id = m.transfer
        and (t.reason in ('core.payment_refund', 'core.payment_dispute')
            or t.reason = 'core.fund_refund' and t.cause_kind = 'fund_gift')
    where g.organization = y.organization and g.returned_at is not null
        and t.occurred_at >= y.begins and t.occurred_at < y.ends) b
cross join lateral (
    select coalesce(sum(n.amount), 0)::bigint as paid_fen
    from fund_request f join ledger_transfer t on t.cause_kind = 'fund_request' and t.cause_id = f.id
        and t.reason = 'core.fund_payment'
    join ledger_entry n on n.transfer = t.id and n.amount > 0
    where f.foundation = y.organization and f.paid_at >= y.begins and f.paid_at < y.ends) p
cross join lateral (
    select coalesce(sum(n.amount), 0)::bigint as paid_back_fen
    from fund_payback f join ledger_transfer t on t.key = 'fund_payback:' || f.id
    join ledger_entry n on n.transfer = t.id and n.amount > 0
    where f.foundation = y.organization and f.signed_at >= y.begins and f.signed_at < y.ends) k
cross join lateral (
    select coalesce(sum(n.amount) filter (where t.reason = 'foundation.income'), 0)::bigint as other_fen,
        coalesce(sum(n.amount) filter (where t.reason = 'foundation.programme'), 0)::bigint as direct_fen,
        coalesce(sum(n.amount) filter (where t.reason = 'foundation.management'), 0)::bigint
            as management_fen
    from foundation_entry f join ledger_transfer t on t.cause_kind = 'foundation.entry' and t.cause_id = f.id
    join ledger_entry n on n.transfer = t.id and n.amount > 0
    where f.organization = y.organization and f.state = 'counted'
        and f.occurred_on >= make_date(y.year, 1, 1) and f.occurred_on <= make_date(y.year, 12, 31)) e
order by y.number"""


async def books(wanted: Sequence[tuple[int, int]]) -> list[Books]:
    """The books of these (foundation, year), in their order."""
    spans = [years.span(year) for _, year in wanted]
    rows = await fetch(
        _BOOKS,
        [organization_id for organization_id, _ in wanted],
        [year for _, year in wanted],
        [begins for begins, _ in spans],
        [ends for _, ends in spans],
    )
    return [_books(row) for row in rows]


_FIGURES = ("bound_fen", "free_fen", "other_fen", "returned_fen", "paid_fen", "direct_fen", "management_fen")


def _books(row: Mapping[str, Any]) -> Books:
    return Books(**{name: row[name] for name in _FIGURES})


async def year_of(organization_id: int, year: int) -> YearView:
    """The year, measured by the table as it held on its last day. Raises FoundationNotFound, YearUnknown."""
    found = await foundation(organization_id)
    today = clock.today()
    years.check_year(year, today)
    closed = await closing(organization_id, year)
    (now,), begun = await books([(organization_id, year)]), await entries.opening_of(organization_id, year)
    said = _books(closed) if closed else now
    is_present = year == today.year
    reserved = await _reserved(organization_id) if is_present else 0
    terms = await terms_on(organization_id, today if is_present else date(year, 12, 31))
    if closed:
        begun = await entries.opening(closed["opening"])
    return YearView(
        organization_id=organization_id,
        name=found.name,
        year=year,
        books=said,
        reserved_fen=reserved,
        opening=begun,
        judged=_judged(begun, terms, said, reserved),
        forecast=_forecast(begun, terms, said, reserved) if is_present else None,
        closed_at=closed["closed_at"] if closed else None,
    )


def _judged(
    opened: OpeningView | None, terms: Mapping[str, int], said: Books, reserved_fen: int
) -> Judged | None:
    if opened is None:
        return None
    return ratios.judge(
        opened.facts,
        terms,
        spent_fen=said.programme_fen,
        reserved_fen=reserved_fen,
        management_fen=said.management_fen,
    )


def _forecast(
    opened: OpeningView | None, terms: Mapping[str, int], said: Books, reserved_fen: int
) -> Forecast | None:
    facts = opened.facts if opened else None
    return forecast(said, facts, terms, reserved_fen=reserved_fen, today=clock.today())


async def _reserved(organization_id: int) -> int:
    return int(
        await fetch_value(
            "select coalesce(sum(amount_fen), 0)::bigint from fund_request"
            " where foundation = $1 and state in ('held', 'prepared')",
            organization_id,
        )
    )


async def terms_on(organization_id: int, day: date) -> dict[str, int]:
    """The table's numbers and the limit for one person, as they hold at the foundation on that day."""
    scopes = await organizations.parameter_scopes(organization_id)
    return await parameters.effective([*ratios.CODES, years.ALONE], scopes, day)


async def table(day: date) -> dict[str, parameters.InForce]:
    """The table's numbers as they hold everywhere on that day, each with since when."""
    return await parameters.in_force(ratios.CODES, [PLATFORM], day)


async def closing(organization_id: int, year: int) -> Mapping[str, Any] | None:
    """The figures of a year that is closed."""
    return await fetch_row(
        "select * from foundation_year where organization = $1 and year = $2", organization_id, year
    )


async def closed_years(organization_id: int) -> list[int]:
    """The years that are closed, the latest first."""
    rows = await fetch(
        "select year from foundation_year where organization = $1 order by year desc limit 30",
        organization_id,
    )
    return [row["year"] for row in rows]


async def differences() -> list[Difference]:
    """Closed years that say something else than the books say now."""
    rows = await fetch("select * from foundation_year order by organization, year limit 1000")
    now = await books([(row["organization"], row["year"]) for row in rows])
    return [
        Difference(
            subject=f"foundation {row['organization']}: year {row['year']}",
            expected=str(is_),
            found=str(_books(row)),
        )
        for row, is_ in zip(rows, now, strict=True)
        if _books(row) != is_
    ]
