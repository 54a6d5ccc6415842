"""Reads of the tool shed."""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.database import fetch
from core.manifest import Difference
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from toolshed import rules
from toolshed.errors import ToolNotFound


@dataclass(frozen=True)
class ToolView:
    """A tool: free, reserved or out. Who has it, only the borrower and the shed's keepers may see."""

    id: int
    name: str
    organization_id: int
    organization: str
    state: str
    due_on: date | None
    order_id: int | None
    deposit_fen: int | None
    borrower_id: int | None
    borrower: str | None


_TOOLS = """
select t.id, t.name, t.organization as organization_id, o.name as organization,
    coalesce(l.state, 'free') as state, l.due_on, l."order" as order_id, owed.total_fen as deposit_fen,
    p.id as borrower_id, p.name as borrower
from toolshed_tool t
join organization o on o.id = t.organization
left join toolshed_loan l on l.tool = t.id and l.state in ('reserved', 'out')
left join payment_order owed on owed.id = l."order"
left join person p on p.id = l.person
where $1::bigint is null or t.id = $1
order by t.id desc limit 200"""


async def tools() -> list[ToolView]:
    """The newest 200 tools."""
    return [ToolView(**row) for row in await fetch(_TOOLS, None)]


async def lock_tool(tool_id: int) -> ToolView:
    """The tool, its row locked until COMMIT; raises ToolNotFound."""
    if not await fetch("select from toolshed_tool where id = $1 for no key update", tool_id):
        raise ToolNotFound
    return ToolView(**(await fetch(_TOOLS, tool_id))[0])


async def terms(organization_id: int) -> dict[str, int]:
    """The parameters as they hold at an organization today."""
    scopes = await organizations.parameter_scopes(organization_id)
    codes = [parameter.code for parameter in rules.PARAMETERS]
    return await parameters.effective(codes, scopes, clock.today())


async def differences() -> list[Difference]:
    """Tools whose account holds another sum than the deposits that were paid and not given back."""
    rows = await fetch("""
        select 'toolshed.tool:' || t.id || ' deposit' as subject, t.owed::text as expected,
            coalesce(b.balance, 0)::text as found
        from (select l.tool as id, coalesce(sum(o.total_fen) filter (
                where o.state = 'paid' and l.state <> 'returned'), 0) as owed
            from toolshed_loan l join payment_order o on o.id = l."order" group by l.tool) t
        left join ledger_balance b
            on b.kind = 'toolshed.deposit' and b.owner_kind = 'toolshed.tool' and b.owner_id = t.id
        where t.owed <> coalesce(b.balance, 0) order by t.id limit 100""")
    return [Difference(**row) for row in rows]
