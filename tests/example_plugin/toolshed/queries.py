"""Reads of the tool shed."""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.database import fetch, fetch_value
from core.manifest import Difference
from core.parameters import queries as parameters
from core.reference import PLATFORM
from toolshed import rules
from toolshed.errors import ToolNotFound


@dataclass(frozen=True)
class ToolView:
    """A tool. While it is out, the one who has it and its owner see each other's name."""

    id: int
    name: str
    owner_id: int
    holder_id: int
    due_on: date | None
    neighbour: str | None


_TOOLS = """
select t.id, t.name, t.owner as owner_id, coalesce(l.borrower, t.owner) as holder_id, l.due_on,
    case $1::bigint when l.borrower then o.name when t.owner then b.name end as neighbour
from toolshed_tool t
join person o on o.id = t.owner
left join toolshed_loan l on l.tool = t.id and l.returned_on is null
left join person b on b.id = l.borrower
where $2::bigint is null or t.id = $2
order by t.id desc limit 200"""


async def tools(viewer_id: int, *, only: int | None = None) -> list[ToolView]:
    """The newest 200 tools."""
    return [ToolView(**row) for row in await fetch(_TOOLS, viewer_id, only)]


async def lock_tool(tool_id: int, *, viewer_id: int) -> ToolView:
    """The tool, its row locked until COMMIT; raises ToolNotFound."""
    if not await fetch("select from toolshed_tool where id = $1 for no key update", tool_id):
        raise ToolNotFound
    return (await tools(viewer_id, only=tool_id))[0]


async def terms() -> dict[str, int]:
    """The parameters as they hold today."""
    codes = [parameter.code for parameter in rules.PARAMETERS]
    return await parameters.effective(codes, [PLATFORM], clock.today())


async def points(person_id: int) -> int:
    """What a neighbour has; whoever is new has the first points as good as in hand."""
    account = "owner_kind = 'person' and owner_id = $1 and kind = 'toolshed.points'"
    found = await fetch_value(f"select balance from ledger_balance where {account}", person_id)
    return (await terms())[rules.WELCOME] if found is None else int(found)


async def is_welcomed(person_id: int) -> bool:
    """Have the first points been given?"""
    return bool(await fetch("select from ledger_transfer where key = $1", f"toolshed.welcome:{person_id}"))


async def differences() -> list[Difference]:
    """Loans for which other points were paid than they cost, or none."""
    rows = await fetch("""
        select 'toolshed.loan:' || l.id as subject, l.points::text as expected,
            coalesce(e.amount, 0)::text as found
        from toolshed_loan l
        left join ledger_transfer t on t.key = 'toolshed.lent:' || l.id
        left join ledger_entry e on e.transfer = t.id and e.amount > 0
        where l.points is distinct from e.amount order by l.id limit 100""")
    return [Difference(**row) for row in rows]
