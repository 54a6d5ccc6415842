"""Foundations, their funds as sums, and what they have published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.funds.queries.sums import Sums, sums
from core.funds.rules.quarters import Quarter, quarter_of
from core.language import mark
from core.manifest import Difference, Publication, Todo
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from plugins.foundation.errors import FoundationNotFound
from plugins.foundation.rules import calendar as rules
from plugins.foundation.rules.calendar import Due


@dataclass(frozen=True)
class FoundationLine:
    """A foundation in a list; the balance includes what is set aside."""

    id: int
    name: str
    funds: int
    balance_fen: int


async def foundations(words: str, *, offset: int, limit: int) -> list[FoundationLine]:
    """Foundations by name, with how many funds they have and what is in them."""
    rows = await fetch(
        """
        select o.id, o.name, count(f.id) as funds,
            (coalesce(sum(b.balance), 0) + coalesce(sum(h.held), 0))::bigint as balance_fen
        from (select id, name from organization where kind = 'foundation' and strpos(name, $1) > 0
            order by name, id offset $2 limit $3) o
        left join fund f on f.organization = o.id
        left join ledger_balance b
            on b.owner_kind = 'fund' and b.owner_id = f.id and b.kind = 'core.fund'
        left join lateral (select sum(amount_fen) as held from fund_request r
            where r.fund = f.id and r.state in ('held', 'prepared')) h on true
        group by o.id, o.name order by o.name, o.id""",
        words,
        offset,
        limit,
    )
    return [FoundationLine(**dict(row)) for row in rows]


async def _is_foundation(organization_id: int) -> bool:
    return [one.kind for one in await organizations.organizations([organization_id])] == ["foundation"]


async def foundation(organization_id: int) -> organizations.OrganizationName:
    """The foundation; raises FoundationNotFound for any other organization."""
    found = await organizations.organizations([organization_id])
    if not found or found[0].kind != "foundation":
        raise FoundationNotFound
    return found[0]


async def year_sums(organization_id: int, today: date) -> Sums:
    """What came and went this year."""
    first = Quarter(today.year, 1)
    return (await sums(organization_id, [(first.begin, first.moved(4).begin)]))[0]


async def calendar(organization_id: int, today: date) -> list[Due]:
    """The last ended quarters since the first gift, the latest first, and whether they are published."""
    first = await first_gift(organization_id)
    quarters = [quarter for quarter in rules.ended_quarters(today) if rules.has_begun(quarter, first)]
    found = await sums(organization_id, [(q.begin, q.end) for q in quarters])
    published = {
        Quarter(row["year"], row["quarter"]): row["published_at"]
        for row in await fetch(
            "select year, quarter, published_at from foundation_publication where organization = $1"
            " order by year desc, quarter desc limit 20",
            organization_id,
        )
    }
    days = (await terms(organization_id))[rules.PUBLISH_DAYS]
    return [
        Due(
            quarter=quarter,
            opening_fen=one.opening_fen,
            income_fen=one.income_fen,
            uses_fen=one.uses_fen,
            due_on=rules.due_on(quarter, days),
            published_at=published.get(quarter),
        )
        for quarter, one in zip(quarters, found, strict=True)
    ]


async def publications(organization_id: int, quarter: Quarter, today: date) -> list[Publication]:
    """Of one quarter, for the pages of the foundation's funds; a committee owes none."""
    if quarter >= quarter_of(today) or not await _is_foundation(organization_id):
        return []
    published_at = await fetch_value(
        "select published_at from foundation_publication where organization = $1 and year = $2"
        " and quarter = $3",
        organization_id,
        quarter.year,
        quarter.number,
    )
    if published_at is None and not rules.has_begun(quarter, await first_gift(organization_id)):
        return []
    days = (await terms(organization_id))[rules.PUBLISH_DAYS]
    path = f"/foundation/{organization_id}"
    return [Publication(due_on=rules.due_on(quarter, days), published_at=published_at, path=path)]


async def first_gift(organization_id: int) -> datetime | None:
    """When the first gift to any of its funds was counted."""
    found: datetime | None = await fetch_value(
        "select min(counted_at) from fund_gift where organization = $1 and counted_at is not null",
        organization_id,
    )
    return found


async def terms(organization_id: int) -> dict[str, int]:
    """The numbers of the rules that hold at a foundation today."""
    scopes = await organizations.parameter_scopes(organization_id)
    return await parameters.effective([rules.PUBLISH_DAYS], scopes, clock.today())


async def lock_foundation(organization_id: int) -> None:
    """Let those who publish queue up behind each other, until COMMIT."""
    await fetch_row("select from organization where id = $1 for no key update", organization_id)


async def todos(organization_ids: Sequence[int], today: date) -> list[Todo]:
    """Quarters that wait to be published, at up to five foundations."""
    found = []
    for organization_id in organization_ids[:5]:
        waiting = [d for d in await calendar(organization_id, today) if not d.published_at]
        found += [
            Todo(
                title=mark("请公开 %(year)s 年第 %(n)s 季度的基金收支"),
                params={"year": due.quarter.year, "n": due.quarter.number},
                path=f"/foundation/{organization_id}",
                due_at=clock.end_of(due.due_on),
            )
            for due in reversed(waiting)
        ]
    return found


async def differences() -> list[Difference]:
    """Publications that say something else than the books say of that quarter now."""
    rows = await fetch(
        "select organization, year, quarter, opening_fen, income_fen, uses_fen from foundation_publication"
        " order by organization, year, quarter limit 1000"
    )
    by_foundation: dict[int, list[tuple[Quarter, Sums]]] = {}
    for row in rows:
        said = Sums(row["opening_fen"], row["income_fen"], row["uses_fen"])
        quarter = Quarter(row["year"], row["quarter"])
        by_foundation.setdefault(row["organization"], []).append((quarter, said))
    found: list[Difference] = []
    for organization_id, published in by_foundation.items():
        spans: list[tuple[datetime, datetime]] = [(q.begin, q.end) for q, _ in published]
        now = await sums(organization_id, spans)
        found += [
            Difference(
                subject=f"foundation {organization_id}: publication {quarter}",
                expected=str(is_),
                found=str(said),
            )
            for (quarter, said), is_ in zip(published, now, strict=True)
            if said != is_
        ]
    return found
