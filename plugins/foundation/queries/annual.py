"""What the annual report asks of a foundation's year: line by line, each with the page it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.database import fetch
from core.language import mark
from plugins.foundation.queries.beside import year_beside
from plugins.foundation.queries.years import YearView, year_of
from plugins.foundation.rules import years as rules

_MOST = 50
INCOME, PROJECTS, PAYEES = mark("收入"), mark("项目支出"), mark("付给谁最多")
RELATED, VOLUNTEERS, RATIOS = mark("关联方和重大交易"), mark("志愿服务"), mark("比例")
BESIDE = mark("物资和志愿服务，不算在钱里")
_SOURCES = (
    (mark("限定用途的捐赠"), "bound_fen"),
    (mark("不限用途的捐赠"), "free_fen"),
    (mark("其他收入"), "other_fen"),
    (mark("退还捐赠人"), "returned_fen"),
)


@dataclass(frozen=True, kw_only=True)
class AnnualLine:
    """A figure: an amount, or minutes. `is_message`: the title is one of the catalogues, and no name."""

    section: str
    title: str
    path: str
    amount_fen: int | None = None
    minutes: int | None = None
    is_message: bool = False


async def annual(organization_id: int, year: int) -> tuple[YearView, list[AnnualLine]]:
    """The year, and what the report asks. Raises FoundationNotFound or YearUnknown."""
    found = await year_of(organization_id, year)
    return found, [
        *_income(found),
        *await _projects(organization_id, year),
        *await _payees(organization_id, year),
        *await _related(organization_id, year),
        *await _volunteers(organization_id, year),
        *await _beside(found),
        *_measured(found),
    ]


def _page(found: YearView) -> str:
    return f"/foundation/{found.organization_id}/years/{found.year}"


def _income(found: YearView) -> list[AnnualLine]:
    return [
        AnnualLine(
            section=INCOME,
            title=title,
            path=_page(found),
            amount_fen=getattr(found.books, name) * (-1 if name == "returned_fen" else 1),
            is_message=True,
        )
        for title, name in _SOURCES
    ]


async def _beside(found: YearView) -> list[AnnualLine]:
    """Goods and hours, which are in no sum of money."""
    beside = await year_beside(found.organization_id, found.year)
    figures = [
        (mark("收到物资价值"), beside.goods.received_fen),
        (mark("已发放物资价值"), beside.goods.handed_fen),
        (mark("年末在库物资价值"), beside.goods.left_fen),
    ]
    if beside.hours.hour_fen:
        figures.append((mark("志愿服务折算价值 (样例)"), beside.hours.worth_fen))
    return [
        AnnualLine(section=BESIDE, title=title, path=_page(found), amount_fen=amount, is_message=True)
        for title, amount in figures
    ]


def _measured(found: YearView) -> list[AnnualLine]:
    figures = [
        (mark("慈善活动支出"), found.books.programme_fen),
        (mark("管理费用"), found.books.management_fen),
    ]
    if found.judged is not None and found.judged.needed_fen is not None:
        figures.append((mark("按比例至少支出"), found.judged.needed_fen))
    return [
        AnnualLine(section=RATIOS, title=title, path=_page(found), amount_fen=amount, is_message=True)
        for title, amount in figures
    ]


async def _projects(organization_id: int, year: int) -> list[AnnualLine]:
    """What funds have paid, project by project, and own programmes."""
    rows = await fetch(
        """
        select coalesce(p.title, r.title) as title, coalesce('/projects/' || p.id, '/funds/requests/' || r.id)
            as path, sum(r.amount_fen)::bigint as amount_fen
        from fund_request r left join project p on p.id = r.project
        where r.foundation = $1 and r.paid_at >= $2 and r.paid_at < $3
        group by 1, 2
        union all
        select what, '/foundation/' || organization || '/years/' || $4::int, amount_fen
        from foundation_entry where organization = $1 and kind = 'programme' and state = 'counted'
            and occurred_on between make_date($4, 1, 1) and make_date($4, 12, 31)
        order by amount_fen desc, title limit 50""",
        organization_id,
        *rules.span(year),
        year,
    )
    return _lines(PROJECTS, [(row["title"], row["path"], row["amount_fen"]) for row in rows])


async def _payees(organization_id: int, year: int) -> list[AnnualLine]:
    rows = await fetch(
        "select o.id, o.name, sum(r.amount_fen)::bigint as amount_fen from fund_request r"
        " join organization o on o.id = r.organization"
        " where r.foundation = $1 and r.paid_at >= $2 and r.paid_at < $3"
        " group by o.id order by 3 desc, o.id limit 20",
        organization_id,
        *rules.span(year),
    )
    return _lines(PAYEES, [(row["name"], f"/organizations/{row['id']}", row["amount_fen"]) for row in rows])


def _lines(section: str, found: Sequence[tuple[str, str, int]]) -> list[AnnualLine]:
    return [
        AnnualLine(section=section, title=title, path=path, amount_fen=amount)
        for title, path, amount in found
    ]


async def _related(organization_id: int, year: int) -> list[AnnualLine]:
    rows = await fetch(
        "select title from foundation_duty where organization = $1"
        " and happened_on between make_date($2, 1, 1) and make_date($2, 12, 31)"
        " order by happened_on, id limit $3",
        organization_id,
        year,
        _MOST,
    )
    path = f"/foundation/{organization_id}/disclosures"
    return [AnnualLine(section=RELATED, title=row["title"], path=path) for row in rows]


async def _volunteers(organization_id: int, year: int) -> list[AnnualLine]:
    """Confirmed minutes on the projects that the foundation has ever paid for."""
    rows = await fetch(
        """
        select p.id, p.title, sum(v.minutes)::int as minutes
        from project p join volunteer_opportunity o on o.project = p.id
        join volunteer_shift h on h.opportunity = o.id
        join volunteer_sign_up s on s.shift = h.id
        join volunteer_service v on v.sign_up = s.id and v.state = 'confirmed'
        where p.id in (select project from fund_request where foundation = $1 and project is not null
            and paid_at is not null) and v.begins_at >= $2 and v.begins_at < $3
        group by p.id order by 3 desc, p.id limit 50""",
        organization_id,
        *rules.span(year),
    )
    return [
        AnnualLine(
            section=VOLUNTEERS, title=row["title"], path=f"/projects/{row['id']}", minutes=row["minutes"]
        )
        for row in rows
    ]
